/* SPDX-License-Identifier: MIT */
/* eval.c - one run: the world, the script, and what waits for its end. */

#include "eval/eval_run.h"

#include <math.h>

#include "base/compiler.h"

#define MAX_JOBS      ((size_t)1 << 16)
#define MAX_FUNCTIONS ((size_t)1 << 20)
#define MAX_SPINE     ((size_t)1 << 26)

davy_status
dv_eval_new(struct dv_mem *mem, const davy_limits *limits,
            struct dv_eval **out)
{
    struct dv_eval *run = dv_mem_calloc(mem, 1, sizeof(*run));

    *out = NULL;
    if (run == NULL)
        return DAVY_NO_MEMORY;
    run->mem = mem;
    run->limits = limits;
    dv_vec_init(&run->jobs, mem, sizeof(struct dv_job), MAX_JOBS);
    dv_vec_init(&run->functions, mem, sizeof(struct dv_object *),
                MAX_FUNCTIONS);
    dv_vec_init(&run->handlers, mem, sizeof(struct dv_handler),
                MAX_FUNCTIONS);
    dv_vec_init(&run->spine, mem, sizeof(uint32_t), MAX_SPINE);
    dv_buf_init(&run->out, mem, limits->eval_bytes);
    if (dv_heap_init(&run->heap, mem) != DAVY_OK
        || !dv_eval_regexps_new(run)) {
        dv_eval_free(run);
        return DAVY_NO_MEMORY;
    }
    *out = run;
    return DAVY_OK;
}

static void
let_go(struct dv_eval *run)
{
    for (struct dv_unit *unit = run->units; unit != NULL; unit = unit->next)
        dv_js_tree_fini(&unit->own);
    run->units = NULL;
    if (run->regexps != NULL)
        dv_eval_regexps_clear(run);
}

void
dv_eval_free(struct dv_eval *run)
{
    if (run == NULL)
        return;
    let_go(run);
    dv_eval_regexps_free(run);
    dv_vec_fini(&run->jobs);
    dv_vec_fini(&run->functions);
    dv_vec_fini(&run->handlers);
    dv_vec_fini(&run->spine);
    dv_buf_fini(&run->out);
    dv_heap_fini(&run->heap);
    dv_mem_free(run->mem, run, sizeof(*run));
}

/* ---- The world ---- */

bool
dv_eval_put(struct dv_eval *run, struct dv_object *object,
            const struct dv_text *key, struct dv_value value)
{
    return dv_eval_has(run, key)
           && dv_eval_has(run,
                          dv_object_put(&run->heap, object, key, value,
                                        DV_PROP_PLAIN)
                              ? object
                              : NULL);
}

bool
dv_eval_add_natives(struct dv_eval *run, struct dv_object *object,
                    const struct dv_native_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct dv_object *function = dv_eval_native(run, rows[i].name,
                                                    rows[i].fn,
                                                    rows[i].length);

        if (function == NULL
            || !dv_object_put_cstr(&run->heap, object, rows[i].name,
                                   dv_value_object(function),
                                   DV_PROP_HIDDEN))
            return false;
    }
    return true;
}

/* What is called without new and may not be. */
static struct dv_value
needs_new(struct dv_eval *run, struct dv_value self,
          const struct dv_value *args, size_t count)
{
    (void)self;
    (void)args;
    (void)count;
    return dv_eval_throw_error(run, run->type_error_proto,
                               "Constructor requires 'new'");
}

struct dv_object *
dv_eval_add_class(struct dv_eval *run, const char *name, dv_native_fn *call,
                  dv_native_fn *construct, struct dv_object *proto)
{
    struct dv_object *class = dv_eval_native(run, name,
                                             call == NULL ? needs_new : call,
                                             1);

    if (class == NULL)
        return NULL;
    ((struct dv_native_data *)class->data)->construct = construct;
    if (!dv_object_put(&run->heap, class, run->key_prototype,
                       dv_value_object(proto), 0)
        || !dv_object_put(&run->heap, proto, run->key_constructor,
                          dv_value_object(class), DV_PROP_HIDDEN)
        || !dv_object_put_cstr(&run->heap, run->global, name,
                               dv_value_object(class), DV_PROP_HIDDEN))
        return NULL;
    return class;
}

bool
dv_eval_make_world(struct dv_eval *run)
{
    static const struct {
        const char *name;
        struct dv_value value;
    } constants[] = {
        { "undefined", { .tag = DV_V_UNDEFINED } },
        { "NaN", { .tag = DV_V_NUMBER, .number = NAN } },
        { "Infinity", { .tag = DV_V_NUMBER, .number = INFINITY } },
    };
    struct dv_heap *heap = &run->heap;

#define DV_KEY_ROW(name, text)                       \
    run->key_##name = dv_text_key_of_cstr(heap, text);
#include "eval/eval_key.def"
#undef DV_KEY_ROW
    run->object_proto = dv_object_new(heap, DV_C_OBJECT, NULL);
#define DV_PROTO_ROW(name)                                                \
    if (run->name == NULL)                                                \
        run->name = dv_object_new(heap, DV_C_OBJECT, run->object_proto);
#include "eval/eval_proto.def"
#undef DV_PROTO_ROW
    run->global = dv_object_new(heap, DV_C_OBJECT, run->object_proto);
    if (run->heap.over != DV_OVER_NOT)
        return false;
    run->global->is_open = true;
    run->global_env = dv_env_of_object(run, NULL, run->global);
    if (run->global_env == NULL)
        return false;
    run->global_env->is_captured = true;
    for (size_t i = 0; i < DV_COUNT_OF(constants); i++) {
        if (!dv_object_put_cstr(heap, run->global, constants[i].name,
                                constants[i].value, 0))
            return false;
    }
#define DV_WORLD_ROW(name)            \
    if (!dv_eval_world_##name(run))   \
        return false;
#include "eval/eval_world.def"
#undef DV_WORLD_ROW
    return run->flow == DV_FLOW_NORMAL;
}

/* ---- A run ---- */

static bool
begin(struct dv_eval *run, const struct dv_js_tree *tree,
      const struct dv_eval_events *events)
{
    struct dv_unit *unit;

    let_go(run);
    dv_vec_clear(&run->jobs);
    dv_vec_clear(&run->functions);
    dv_vec_clear(&run->handlers);
    dv_vec_clear(&run->spine);
    run->events = events;
    run->flow = DV_FLOW_NORMAL;
    run->next_job = run->effects = run->label_count = 0;
    run->node = run->place = run->depth = run->calls = run->unsure = 0;
    run->doubt = 0;
    run->asked_time = 0;
    run->limit = NULL;
    run->choice = 2463534242u;
    run->is_exploring = run->has_dynamic = run->is_short = run->was_cut = false;
    run->has_own_iterators = false;
    run->last = run->value = run->bound = dv_value_undefined();
    memset(run->spare, 0, sizeof(run->spare));
#define DV_PROTO_ROW(name) run->name = NULL;
#include "eval/eval_proto.def"
#undef DV_PROTO_ROW
    run->heap.max_bytes = SIZE_MAX;
    run->heap.max_steps = UINT64_MAX;
    run->heap.max_text = run->limits->eval_text;
    if (dv_heap_reset(&run->heap) != DAVY_OK || !dv_eval_make_world(run))
        return false;
    run->heap.steps = 0;
    run->heap.max_steps = run->events->max_steps;
    unit = dv_heap_alloc(&run->heap, sizeof(*unit));
    if (!dv_eval_has(run, unit))
        return false;
    dv_js_tree_init(&unit->own, run->mem);
    unit->tree = tree;
    run->units = run->unit = unit;
    if (!dv_unit_prepare(run, unit))
        return false;
    /* What is kept for each node is as large as the tree; the rest is not. */
    run->heap.max_bytes = run->heap.arena.used + run->limits->eval_bytes;
    return true;
}

/* Steps for one of those that are explored. */
#define MAX_EACH ((uint64_t)1000000)

/* None of those that are explored may use up what the others need.  False when
 * nothing is left. */
static bool
explore_one(struct dv_eval *run, struct dv_object *function,
            const struct dv_handler *handler)
{
    const uint64_t all = run->heap.max_steps;

    run->heap.max_steps = all - run->heap.steps < MAX_EACH
                              ? all
                              : run->heap.steps + MAX_EACH;
    run->unsure++;
    if (function != NULL)
        dv_eval_explore(run, function);
    else
        dv_eval_explore_handler(run, handler);
    if (run->flow == DV_FLOW_THROW)
        run->flow = DV_FLOW_NORMAL;
    dv_eval_run_jobs(run);
    run->unsure--;
    run->heap.max_steps = all;
    if (run->heap.over == DV_OVER_STEPS && run->heap.steps < all) {
        run->heap.over = DV_OVER_NOT;
        run->flow = DV_FLOW_NORMAL;
        run->was_cut = true;
        run->depth = run->calls = 0;
        run->spine.len = 0;
    }
    return run->flow != DV_FLOW_OVER;
}

static enum dv_worth
worth(const struct dv_eval *run, const struct dv_unit *unit, uint32_t node)
{
    return unit->is_nested ? DV_WORTH_MUCH
                           : run->events->worth(run->events->ctx, node);
}

/* One function of those that nobody called, if it is worth `least`. */
static bool
explore_function(struct dv_eval *run, size_t i, enum dv_worth least)
{
    struct dv_object *object
        = *(struct dv_object **)dv_vec_at(&run->functions, i);
    const struct dv_function *function = object->data;
    uint8_t *visits = &function->unit->visits[function->node];

    if ((*visits & 0x80)
        || worth(run, function->unit, function->node) < least)
        return true;
    *visits |= 0x80;
    return explore_one(run, object, NULL);
}

static bool
explore_kept_handler(struct dv_eval *run, size_t i, enum dv_worth least)
{
    const struct dv_handler handler
        = *(struct dv_handler *)dv_vec_at(&run->handlers, i);

    return worth(run, handler.unit, handler.node) < least
           || explore_one(run, NULL, &handler);
}

/* Functions that nobody called and handlers that did not run, in the order in
 * which they were met; what they make in turn comes behind them.  Those that
 * are worth much come first. */
static void
explore(struct dv_eval *run)
{
    run->is_exploring = true;
    if (run->heap.max_steps - run->heap.steps > run->events->explore_steps)
        run->heap.max_steps = run->heap.steps + run->events->explore_steps;
    for (enum dv_worth least = DV_WORTH_MUCH; least > DV_WORTH_NOTHING;
         least--) {
        size_t f = 0, h = 0;

        while (f < run->functions.len || h < run->handlers.len) {
            if (f < run->functions.len ? !explore_function(run, f++, least)
                                       : !explore_kept_handler(run, h++,
                                                               least))
                return;
        }
    }
}

static const char *
limit_of(const struct dv_eval *run)
{
    static const char *const texts[] = {
        [DV_OVER_NOT] = NULL,
#define DV_BUDGET_ROW(NAME, field, text) [DV_OVER_##NAME] = text,
#include "eval/eval_budget.def"
#undef DV_BUDGET_ROW
        [DV_OVER_MEMORY] = "memory",
    };

    return run->heap.over == DV_OVER_NOT && run->was_cut
               ? "steps of one loop or function"
               : texts[run->heap.over];
}

davy_status
dv_eval_script(struct dv_eval *run, const struct dv_js_tree *tree,
               const struct dv_eval_events *events)
{
    struct dv_frame frame = { .maybe = dv_value_empty() };

    if (!begin(run, tree, events))
        return DAVY_NO_MEMORY;
    frame.self = dv_value_object(run->global);
    frame.env = run->global_env;
    run->frame = &frame;
    (void)dv_eval_program(run, run->unit, run->global_env);
    if (run->flow == DV_FLOW_THROW)
        run->flow = DV_FLOW_NORMAL;
    dv_eval_run_jobs(run);
    run->main_steps = run->heap.steps;
    run->limit = limit_of(run);
    if (run->flow != DV_FLOW_OVER)
        explore(run);
    run->frame = NULL;
    if (run->heap.over == DV_OVER_MEMORY)
        return DAVY_NO_MEMORY;
    return run->limit == NULL ? DAVY_OK : DAVY_LIMIT;
}

const char *
dv_eval_limit(const struct dv_eval *run)
{
    return run->limit;
}

uint64_t
dv_eval_steps(const struct dv_eval *run)
{
    return run->heap.steps;
}

/* SPDX-License-Identifier: MIT */
/* eval_statement.c - statements (ECMA-262, 14).
 *
 * Where a test is unknown, both ways are gone, one after the other; a loop
 * whose end is unknown is gone around twice.  See docs/adr/0010. */

#include "eval/eval_run.h"

/* How often a loop is gone around when nobody knows when it ends. */
#define MAX_UNSURE 2u

/* What one way did to the flow. */
struct end {
    enum dv_flow flow;
    struct dv_value value;
    uint32_t label;
};

static struct end
take_end(struct dv_eval *run)
{
    const struct end end = { run->flow, run->value, run->label };

    if (run->flow != DV_FLOW_OVER)
        run->flow = DV_FLOW_NORMAL;
    return end;
}

static void
give_end(struct dv_eval *run, const struct end *end)
{
    if (run->flow == DV_FLOW_OVER)
        return;
    run->flow = end->flow;
    run->value = end->value;
    run->label = end->label;
}

/* One way returned, or may have. */
static void
note_return(struct dv_eval *run, const struct end *end)
{
    struct dv_frame *frame = run->frame;

    if (end->flow == DV_FLOW_NORMAL)
        return;
    run->doubt++;
    if (end->flow == DV_FLOW_RETURN)
        frame->maybe = frame->maybe.tag == DV_V_EMPTY
                           ? end->value
                           : dv_eval_either(run, frame->maybe, end->value);
}

/* Two ways behind each other: what ends only one of them does not end both. */
static void
join(struct dv_eval *run, const struct end *a, const struct end *b)
{
    const struct end *kept = a->flow == DV_FLOW_THROW ? b : a;

    if (run->flow == DV_FLOW_OVER)
        return;
    if (a->flow == DV_FLOW_NORMAL || b->flow == DV_FLOW_NORMAL) {
        note_return(run, a);
        note_return(run, b);
        return;
    }
    run->doubt++;
    if (a->flow == DV_FLOW_RETURN && b->flow == DV_FLOW_RETURN) {
        const struct end both = {
            DV_FLOW_RETURN, dv_eval_either(run, a->value, b->value), 0
        };

        give_end(run, &both);
        return;
    }
    note_return(run, kept == a ? b : a);
    give_end(run, kept);
}

static struct end
one_way(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    run->unsure++;
    if (id != 0)
        dv_eval_statement(run, id, env);
    run->unsure--;
    return take_end(run);
}

static void
if_statement(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct end a, b;

    for (;;) {
        const enum dv_truth test = dv_eval_truth(
            run, dv_eval_expression(run, node->a, env));

        if (run->flow != DV_FLOW_NORMAL)
            return;
        if (test == DV_UNSURE)
            break;
        if (test == DV_FALSE
            && dv_js_kind(run->unit->tree, node->c) == DV_JS_IF_STATEMENT) {
            id = node->c;
            node = dv_node(run, id);
            continue;
        }
        id = test == DV_TRUE ? node->b : node->c;
        if (id != 0)
            dv_eval_statement(run, id, env);
        return;
    }
    if (!dv_eval_may_explore(run, id)) {
        a = one_way(run, dv_eval_choose(run) ? node->b : node->c, env);
        note_return(run, &a);
        return;
    }
    a = one_way(run, node->b, env);
    if (run->flow == DV_FLOW_OVER)
        return;
    b = one_way(run, node->c, env);
    join(run, &a, &b);
}

/* ---- Declarations ---- */

static void
declaration(struct dv_eval *run, const struct dv_js_node *node,
            struct dv_env *env)
{
    for (uint32_t id = node->a; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next) {
        const struct dv_js_node *declarator = dv_node(run, id);
        const bool is_name = dv_js_kind(run->unit->tree, declarator->a)
                             == DV_JS_IDENTIFIER;
        struct dv_value v;

        if (declarator->b == 0 && node->op == DV_JS_T_VAR)
            continue;
        v = dv_eval_named(run, declarator->b, env,
                          is_name ? dv_unit_key(run, run->unit, declarator->a)
                                  : NULL);
        if (run->flow != DV_FLOW_NORMAL)
            return;
        if (is_name)
            dv_env_init(run, env, declarator->a, v);
        else
            dv_eval_bind(run, declarator->a, v, env, node->op);
    }
}

/* ---- Loops ---- */

struct loop {
    uint64_t doubt;
    uint64_t start, share;      /* of steps: the rest is for what follows */
    unsigned unsure;
    uint32_t labels[4];         /* what `continue` may say */
    size_t label_count;
};

/* A loop that never ends must not use up what others need. */
static void
begin_loop(struct dv_eval *run, struct loop *loop)
{
    const uint64_t left = run->heap.max_steps - run->heap.steps;

    *loop = (struct loop){ .doubt = run->doubt,
                           .start = run->heap.steps,
                           .share = left - left / 4 };
    for (; loop->label_count < run->label_count; loop->label_count++)
        loop->labels[loop->label_count] = run->labels[loop->label_count];
    run->label_count = 0;
}

/* Whether the loop goes around once more, after its body. */
static bool
goes_on(struct dv_eval *run, struct loop *loop)
{
    if (run->flow == DV_FLOW_CONTINUE || run->flow == DV_FLOW_BREAK) {
        const bool is_break = run->flow == DV_FLOW_BREAK;
        bool is_ours = run->label == 0;

        for (size_t i = 0; i < loop->label_count && !is_break; i++)
            is_ours = is_ours || run->label == loop->labels[i];
        if (!is_ours)
            return false;
        run->flow = DV_FLOW_NORMAL;
        if (is_break)
            return false;
    }
    if (run->flow != DV_FLOW_NORMAL)
        return false;
    if (run->heap.steps - loop->start > loop->share) {
        run->was_cut = true;
        return false;
    }
    if (run->doubt != loop->doubt) {
        loop->doubt = run->doubt;
        return ++loop->unsure < MAX_UNSURE * 4;
    }
    return true;
}

/* Whether the test lets the loop go around. */
static bool
passes(struct dv_eval *run, struct loop *loop, uint32_t test,
       struct dv_env *env)
{
    enum dv_truth is_true = DV_TRUE;

    if (test != 0)
        is_true = dv_eval_truth(run, dv_eval_expression(run, test, env));
    if (run->flow != DV_FLOW_NORMAL || !dv_eval_step(run, 1))
        return false;
    if (is_true != DV_UNSURE)
        return is_true == DV_TRUE;
    return loop->unsure++ < MAX_UNSURE;
}

/* The same names with the same values, for the next time around: closures of
 * the last time keep theirs (14.7.4.4). */
static struct dv_env *
next_env(struct dv_eval *run, struct dv_env *env)
{
    struct dv_env *next;

    if (!env->is_captured)
        return env;
    next = dv_env_new(run, env->parent, env->layout);
    for (uint32_t i = 0; next != NULL && i < env->layout->count; i++)
        next->slots[i] = env->slots[i];
    return next;
}

static void
for_statement(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_layout *layout = dv_unit_layout(run, run->unit, id);
    struct dv_env *inner = layout == NULL ? env : dv_env_new(run, env, layout);
    struct loop loop;

    begin_loop(run, &loop);
    if (inner == NULL)
        return;
    if (node->a != 0
        && dv_node(run, node->a)->kind == DV_JS_VARIABLE_DECLARATION)
        declaration(run, dv_node(run, node->a), inner);
    else if (node->a != 0)
        (void)dv_eval_expression(run, node->a, inner);
    while (run->flow == DV_FLOW_NORMAL
           && passes(run, &loop, node->b, inner)) {
        dv_eval_statement(run, node->d, inner);
        if (!goes_on(run, &loop))
            break;
        if (layout != NULL) {
            inner = next_env(run, inner);
            if (inner == NULL)
                return;
        }
        if (node->c != 0)
            (void)dv_eval_expression(run, node->c, inner);
    }
    if (layout != NULL)
        dv_env_release(run, inner);
}

static void
while_statement(struct dv_eval *run, const struct dv_js_node *node,
                struct dv_env *env)
{
    struct loop loop;

    begin_loop(run, &loop);
    while (passes(run, &loop, node->a, env)) {
        dv_eval_statement(run, node->b, env);
        if (!goes_on(run, &loop))
            break;
    }
}

static void
do_statement(struct dv_eval *run, const struct dv_js_node *node,
             struct dv_env *env)
{
    struct loop loop;

    begin_loop(run, &loop);
    do
        dv_eval_statement(run, node->a, env);
    while (goes_on(run, &loop) && passes(run, &loop, node->b, env));
}

struct each {
    uint32_t id;
    const struct dv_layout *layout;
    struct dv_env *env;
    struct loop loop;
};

static bool
each_item(struct dv_eval *run, struct dv_value item, void *ctx)
{
    struct each *each = ctx;
    const struct dv_js_node *node = dv_node(run, each->id);
    const struct dv_js_node *left = dv_node(run, node->a);
    struct dv_env *inner = each->layout == NULL
                               ? each->env
                               : dv_env_new(run, each->env, each->layout);

    if (inner == NULL)
        return false;
    if (left->kind == DV_JS_VARIABLE_DECLARATION)
        dv_eval_bind(run, dv_node(run, left->a)->a, item, inner, left->op);
    else
        dv_eval_bind(run, node->a, item, inner, 0);
    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_statement(run, node->c, inner);
    if (each->layout != NULL)
        dv_env_release(run, inner);
    return goes_on(run, &each->loop);
}

static void
for_each(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct each each = { .id = id, .env = env };
    struct dv_object *keys;
    struct dv_value v;

    begin_loop(run, &each.loop);
    each.layout = dv_unit_layout(run, run->unit, id);
    v = dv_eval_expression(run, node->b, env);
    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (node->kind == DV_JS_FOR_OF_STATEMENT) {
        dv_eval_iterate(run, v, each_item, &each);
        return;
    }
    if (dv_value_is_nullish(v))
        return;
    if (dv_is_unknown(v)) {
        (void)each_item(run, dv_unknown(), &each);
        return;
    }
    for (struct dv_object *o = dv_eval_to_object(run, v);
         o != NULL && run->flow == DV_FLOW_NORMAL; o = o->proto) {
        if (o->is_open)
            (void)each_item(run, dv_unknown(), &each);
        keys = dv_eval_keys(run, o, true, false);
        for (uint32_t i = 0; keys != NULL && i < keys->items_len; i++) {
            if (!each_item(run, keys->items[i], &each))
                return;
        }
    }
}

/* ---- switch ---- */

/* The statements of `from` and of what it falls through to. */
static void
run_cases(struct dv_eval *run, uint32_t from, struct dv_env *env)
{
    for (; from != 0 && run->flow == DV_FLOW_NORMAL;
         from = dv_node(run, from)->next)
        dv_eval_statements(run, dv_node(run, from)->b, env);
    if (run->flow == DV_FLOW_BREAK && run->label == 0)
        run->flow = DV_FLOW_NORMAL;
}

static void
run_all_cases(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next) {
        struct end end;

        run->unsure++;
        dv_eval_statements(run, dv_node(run, id)->b, env);
        run->unsure--;
        end = take_end(run);
        if (end.flow == DV_FLOW_BREAK && end.label == 0)
            continue;
        note_return(run, &end);
    }
}

static void
switch_statement(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_layout *layout = dv_unit_layout(run, run->unit, id);
    const struct dv_value v = dv_eval_expression(run, node->a, env);
    uint32_t otherwise = 0, found = 0;
    bool is_unsure = dv_is_unknown(v);

    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (layout != NULL) {
        env = dv_env_new(run, env, layout);
        if (env == NULL)
            return;
        dv_eval_hoist(run, layout, env);
    }
    for (uint32_t c = node->b; c != 0 && found == 0 && !is_unsure;
         c = dv_node(run, c)->next) {
        struct dv_value test;

        if (dv_node(run, c)->a == 0) {
            otherwise = c;
            continue;
        }
        test = dv_eval_expression(run, dv_node(run, c)->a, env);
        if (run->flow != DV_FLOW_NORMAL)
            return;
        dv_eval_tell_text(run, test);
        if (dv_is_unknown(test))
            is_unsure = true;
        else if (dv_value_strictly_equal(run, v, test))
            found = c;
    }
    if (is_unsure && found == 0)
        run_all_cases(run, node->b, env);
    else
        run_cases(run, found != 0 ? found : otherwise, env);
    if (layout != NULL)
        dv_env_release(run, env);
}

/* ---- try ---- */

static struct dv_env *
variable_env(struct dv_env *env)
{
    while (!env->is_function && env->object == NULL && env->parent != NULL)
        env = env->parent;
    return env;
}

static void
run_handler(struct dv_eval *run, uint32_t id, struct dv_value fault,
            struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_layout *layout = dv_unit_layout(run, run->unit, id);

    if (layout != NULL) {
        env = dv_env_new(run, env, layout);
        if (env == NULL)
            return;
        dv_eval_bind(run, node->a, fault, env, DV_JS_T_LET);
    }
    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_statement(run, node->b, env);
    if (layout != NULL)
        dv_env_release(run, env);
}

/* A handler that did not run here might run elsewhere: it is looked at in the
 * end, so that it cannot spoil what is known here. */
static void
keep_handler(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    struct dv_handler *kept;

    if (run->unit->visits[id] > 0)
        return;
    run->unit->visits[id] = 1;
    kept = dv_vec_push(&run->handlers);
    if (kept == NULL) {
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
        (void)dv_eval_has(run, NULL);
        return;
    }
    *kept = (struct dv_handler){ run->unit, id, env, run->frame->self,
                                 run->frame->home };
    dv_env_capture(env);
}

void
dv_eval_explore_handler(struct dv_eval *run, const struct dv_handler *kept)
{
    struct dv_unit *unit = run->unit;
    struct dv_frame frame = { .caller = run->frame,
                              .env = variable_env(kept->env),
                              .self = kept->self,
                              .home = kept->home,
                              .maybe = dv_value_empty() };

    run->unit = kept->unit;
    run->frame = &frame;
    run_handler(run, kept->node, dv_unknown(), kept->env);
    if (run->flow != DV_FLOW_OVER)
        run->flow = DV_FLOW_NORMAL;
    run->frame = frame.caller;
    run->unit = unit;
}

static void
try_statement(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct end end;

    dv_eval_statement(run, node->a, env);
    if (run->flow == DV_FLOW_THROW && node->b != 0) {
        run->flow = DV_FLOW_NORMAL;
        run->unit->visits[node->b] = 1;
        run_handler(run, node->b, run->value, env);
    } else if (run->flow != DV_FLOW_OVER && node->b != 0) {
        keep_handler(run, node->b, env);
    }
    if (node->c == 0 || run->flow == DV_FLOW_OVER)
        return;
    end = take_end(run);
    dv_eval_statement(run, node->c, env);
    if (run->flow == DV_FLOW_NORMAL)
        give_end(run, &end);
}

/* ---- The rest ---- */

static void
block(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_layout *layout = dv_unit_layout(run, run->unit, id);
    struct dv_env *inner = env;

    if (layout != NULL) {
        inner = dv_env_new(run, env, layout);
        if (inner == NULL)
            return;
        dv_eval_hoist(run, layout, inner);
    }
    dv_eval_statements(run, dv_node(run, id)->a, inner);
    if (layout != NULL)
        dv_env_release(run, inner);
}

static void
labelled(struct dv_eval *run, const struct dv_js_node *node,
         struct dv_env *env)
{
    const uint32_t label = dv_node(run, node->a)->a;

    if (run->label_count < sizeof(run->labels) / sizeof(run->labels[0]))
        run->labels[run->label_count++] = label;
    dv_eval_statement(run, node->b, env);
    run->label_count = 0;
    if (run->flow == DV_FLOW_BREAK && run->label == label)
        run->flow = DV_FLOW_NORMAL;
}

static void
with_statement(struct dv_eval *run, const struct dv_js_node *node,
               struct dv_env *env)
{
    const struct dv_value v = dv_eval_expression(run, node->a, env);
    struct dv_object *object;

    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (v.tag == DV_V_OBJECT || v.tag == DV_V_STRING) {
        object = dv_eval_to_object(run, v);
        run->has_dynamic = true;
        if (object != NULL)
            env = dv_env_of_object(run, env, object);
        if (env == NULL)
            return;
        dv_env_capture(env);
    }
    dv_eval_statement(run, node->b, env);
}

static void
jump(struct dv_eval *run, const struct dv_js_node *node, enum dv_flow flow)
{
    run->flow = flow;
    run->label = node->a == 0 ? 0 : dv_node(run, node->a)->a;
}

static void
leave(struct dv_eval *run, const struct dv_js_node *node, struct dv_env *env,
      enum dv_flow flow)
{
    const struct dv_value v = node->a == 0
                                  ? dv_value_undefined()
                                  : dv_eval_expression(run, node->a, env);

    if (run->flow != DV_FLOW_NORMAL)
        return;
    run->flow = flow;
    run->value = v;
}

static void
exported(struct dv_eval *run, const struct dv_js_node *node,
         struct dv_env *env)
{
    const unsigned kind = node->a == 0 ? DV_JS_NONE
                                       : dv_node(run, node->a)->kind;

    if (kind == DV_JS_VARIABLE_DECLARATION || kind == DV_JS_CLASS_DECLARATION)
        dv_eval_statement(run, node->a, env);
    else if (kind != DV_JS_NONE && kind != DV_JS_FUNCTION_DECLARATION)
        (void)dv_eval_expression(run, node->a, env);
}

static void
pieces(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next)
        (void)dv_eval_expression(run, id, env);
}

static void
evaluate(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct dv_value v;

    switch (node->kind) {
    case DV_JS_EXPRESSION_STATEMENT:
        v = dv_eval_expression(run, node->a, env);
        if (run->flow == DV_FLOW_NORMAL)
            run->last = v;
        break;
    case DV_JS_BLOCK_STATEMENT:
        block(run, id, env);
        break;
    case DV_JS_VARIABLE_DECLARATION:
        declaration(run, node, env);
        break;
    case DV_JS_CLASS_DECLARATION:
        v = dv_eval_class(run, id, env, NULL);
        if (run->flow == DV_FLOW_NORMAL && node->a != 0)
            dv_env_init(run, env, node->a, v);
        break;
    case DV_JS_IF_STATEMENT:
        if_statement(run, id, env);
        break;
    case DV_JS_FOR_STATEMENT:
        for_statement(run, id, env);
        break;
    case DV_JS_FOR_IN_STATEMENT:
    case DV_JS_FOR_OF_STATEMENT:
        for_each(run, id, env);
        break;
    case DV_JS_WHILE_STATEMENT:
        while_statement(run, node, env);
        break;
    case DV_JS_DO_WHILE_STATEMENT:
        do_statement(run, node, env);
        break;
    case DV_JS_SWITCH_STATEMENT:
        switch_statement(run, id, env);
        break;
    case DV_JS_TRY_STATEMENT:
        try_statement(run, id, env);
        break;
    case DV_JS_RETURN_STATEMENT:
        leave(run, node, env, DV_FLOW_RETURN);
        break;
    case DV_JS_THROW_STATEMENT:
        leave(run, node, env, DV_FLOW_THROW);
        break;
    case DV_JS_BREAK_STATEMENT:
        jump(run, node, DV_FLOW_BREAK);
        break;
    case DV_JS_CONTINUE_STATEMENT:
        jump(run, node, DV_FLOW_CONTINUE);
        break;
    case DV_JS_LABELED_STATEMENT:
        labelled(run, node, env);
        break;
    case DV_JS_WITH_STATEMENT:
        with_statement(run, node, env);
        break;
    case DV_JS_EXPORT_NAMED_DECLARATION:
    case DV_JS_EXPORT_DEFAULT_DECLARATION:
        exported(run, node, env);
        break;
    case DV_JS_ERROR_STATEMENT:
        pieces(run, node->a, env);
        break;
    default:
        break;
    }
}

void
dv_eval_statement(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const unsigned kind = dv_node(run, id)->kind;

    if (!dv_eval_step(run, 1) || run->depth >= run->limits->eval_depth)
        return;
    if (kind != DV_JS_LABELED_STATEMENT && kind != DV_JS_FOR_STATEMENT
        && kind != DV_JS_FOR_IN_STATEMENT && kind != DV_JS_FOR_OF_STATEMENT
        && kind != DV_JS_WHILE_STATEMENT && kind != DV_JS_DO_WHILE_STATEMENT)
        run->label_count = 0;
    if (!run->unit->is_nested)
        run->place = id;
    run->depth++;
    evaluate(run, id, env);
    run->depth--;
}

void
dv_eval_statements(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next)
        dv_eval_statement(run, id, env);
}

/* ---- Programs ---- */

/* var and functions of a Program go to the function, or the global object,
 * around it (19.2.1.3). */
static void
declare(struct dv_eval *run, const struct dv_layout *vars, struct dv_env *env,
        struct dv_env *inner)
{
    struct dv_env *target = variable_env(env);
    struct dv_object *object;
    uint32_t slot;

    if (target->object == NULL) {
        target->object = dv_object_new(&run->heap, DV_C_OBJECT, NULL);
        if (!dv_eval_has(run, target->object))
            return;
        run->has_dynamic = true;
    }
    object = target->object;
    for (uint32_t i = 0; i < vars->count; i++) {
        if (target->layout != NULL
            && dv_layout_find(target->layout, vars->names[i], &slot))
            continue;
        if (dv_object_find(object, vars->names[i]) == NULL
            && !dv_eval_put(run, object, vars->names[i],
                            dv_value_undefined()))
            return;
    }
    for (uint32_t i = 0; i < vars->function_count; i++) {
        const struct dv_declared *declared = &vars->functions[i];
        const struct dv_text *name = vars->names[declared->slot];
        struct dv_object *function = dv_eval_closure(run, declared->node,
                                                     inner, NULL, name);

        if (function == NULL)
            return;
        if (target->layout != NULL
            && dv_layout_find(target->layout, name, &slot))
            target->slots[slot] = dv_value_object(function);
        else if (!dv_eval_put(run, object, name, dv_value_object(function)))
            return;
    }
}

struct dv_value
dv_eval_program(struct dv_eval *run, struct dv_unit *unit, struct dv_env *env)
{
    struct dv_unit *outer = run->unit;
    const struct dv_value last = run->last;
    const struct dv_layout *vars, *layout;
    struct dv_env *inner;
    struct dv_value result;

    run->unit = unit;
    run->last = dv_value_undefined();
    vars = dv_unit_vars(run, unit);
    layout = dv_unit_layout(run, unit, unit->tree->root);
    inner = dv_env_new(run, env, layout);
    if (inner != NULL && vars != NULL)
        declare(run, vars, env, inner);
    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_statements(run, dv_js_at(unit->tree, unit->tree->root)->a,
                           inner);
    if (run->flow == DV_FLOW_RETURN || run->flow == DV_FLOW_BREAK
        || run->flow == DV_FLOW_CONTINUE)
        run->flow = DV_FLOW_NORMAL;
    result = run->last;
    run->last = last;
    run->unit = outer;
    return result;
}

struct dv_value
dv_eval_text_code(struct dv_eval *run, struct dv_text *text,
                  struct dv_env *env)
{
    const struct dv_value arg = dv_value_text(text);
    const uint32_t call = run->node;
    struct dv_unit *unit;
    struct dv_value result;

    dv_eval_tell(run, DV_EFFECT_CODE, dv_path_of_cstr(run, "eval"), NULL,
                 &arg, 1);
    if (run->calls >= run->limits->eval_calls)
        return dv_unknown();
    unit = dv_eval_unit(run, text, DV_JS_GOAL_SCRIPT);
    if (unit == NULL)
        return dv_value_undefined();
    run->calls++;
    run->node = 0;
    result = dv_eval_program(run, unit, env);
    run->node = call;
    run->calls--;
    return result;
}

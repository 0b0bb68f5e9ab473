/* SPDX-License-Identifier: MIT */
/* eval_iterate.c - iterables and generators (ECMA-262, 7.4, 27.5).
 *
 * A generator is run ahead, whole, when its first item is asked for: what it is
 * sent by next() is unknown to it. */

#include "eval/eval_run.h"

struct list_iterator {
    struct dv_object *list;
    uint32_t next;
};

struct generator {
    struct dv_object *function;
    struct dv_value self;
    struct dv_value *args;
    size_t count;
    struct dv_object *yields;   /* NULL before the first next() */
    struct dv_value result, fault;
    bool has_failed;
    uint32_t next;
};

static struct dv_value
step_of(struct dv_eval *run, struct dv_value value, bool is_done)
{
    struct dv_object *step = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);

    if (!dv_eval_has(run, step)
        || !dv_eval_put(run, step, run->key_value, value)
        || !dv_eval_put(run, step, run->key_done, dv_value_boolean(is_done)))
        return dv_value_undefined();
    return dv_value_object(step);
}

struct dv_value
dv_eval_list_iterator(struct dv_eval *run, struct dv_object *list)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_ITERATOR,
                                             run->iterator_proto);
    struct list_iterator *data = dv_heap_alloc(&run->heap, sizeof(*data));

    if (!dv_eval_has(run, object) || !dv_eval_has(run, data)
        || !dv_eval_has(run, list))
        return dv_value_undefined();
    data->list = list;
    object->data = data;
    return dv_value_object(object);
}

struct dv_value
dv_eval_iterator_next(struct dv_eval *run, struct dv_value self,
                      const struct dv_value *args, size_t count)
{
    struct list_iterator *data;
    uint32_t length;

    (void)args;
    (void)count;
    if (!dv_value_is_class(self, DV_C_ITERATOR))
        return dv_unknown();
    data = self.object->data;
    if (!dv_eval_length(run, dv_value_object(data->list), &length))
        return dv_unknown();
    if (data->next >= length)
        return step_of(run, dv_value_undefined(), true);
    return step_of(run,
                   dv_eval_get_index(run, dv_value_object(data->list),
                                     data->next++),
                   false);
}

/* ---- Generators ---- */

struct dv_value
dv_eval_generator(struct dv_eval *run, struct dv_object *function,
                  struct dv_value self, const struct dv_value *args,
                  size_t count)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_GENERATOR,
                                             run->generator_proto);
    struct generator *g = dv_heap_alloc(&run->heap, sizeof(*g));
    const struct dv_value proto = dv_eval_get(run, dv_value_object(function),
                                              run->key_prototype);

    if (!dv_eval_has(run, object) || !dv_eval_has(run, g))
        return dv_value_undefined();
    if (proto.tag == DV_V_OBJECT)
        object->proto = proto.object;
    g->function = function;
    g->self = self;
    g->count = count;
    g->args = dv_heap_grow(&run->heap, args, count, count + 1, sizeof(*args));
    if (!dv_eval_has(run, g->args))
        return dv_value_undefined();
    object->data = g;
    return dv_value_object(object);
}

static bool
run_ahead(struct dv_eval *run, struct generator *g)
{
    if (g->yields != NULL)
        return true;
    g->yields = dv_eval_array(run);
    if (g->yields == NULL)
        return false;
    if (run->calls >= run->limits->eval_calls)
        return true;
    g->result = dv_function_run(run, g->function, g->self, g->args, g->count,
                                dv_value_undefined(), g->yields);
    if (run->flow == DV_FLOW_THROW) {
        g->has_failed = true;
        g->fault = run->value;
        run->flow = DV_FLOW_NORMAL;
    }
    return run->flow == DV_FLOW_NORMAL;
}

struct dv_value
dv_eval_generator_next(struct dv_eval *run, struct dv_value self,
                       const struct dv_value *args, size_t count)
{
    struct generator *g;

    (void)args;
    (void)count;
    if (!dv_value_is_class(self, DV_C_GENERATOR))
        return dv_unknown();
    g = self.object->data;
    if (!run_ahead(run, g))
        return dv_value_undefined();
    if (g->next < g->yields->length)
        return step_of(run, dv_object_item(g->yields, g->next++), false);
    if (g->has_failed) {
        g->has_failed = false;
        return dv_eval_throw(run, g->fault);
    }
    return step_of(run, g->result, true);
}

struct dv_value
dv_eval_generator_return(struct dv_eval *run, struct dv_value self,
                         const struct dv_value *args, size_t count)
{
    if (dv_value_is_class(self, DV_C_GENERATOR)) {
        struct generator *g = self.object->data;

        if (g->yields == NULL)
            g->yields = dv_eval_array(run);
        if (g->yields != NULL)
            g->next = g->yields->length;
    }
    return step_of(run, dv_eval_arg(args, count, 0), true);
}

/* ---- Iterating ---- */

static void
iterate_list(struct dv_eval *run, const struct dv_object *list,
             dv_item_fn *fn, void *ctx)
{
    for (uint32_t i = 0; i < list->length && dv_eval_step(run, 1); i++) {
        struct dv_value item = dv_object_item(list, i);

        if (item.tag == DV_V_EMPTY)
            item = dv_eval_get_index(run,
                                     dv_value_object((struct dv_object *)list),
                                     i);
        if (run->flow != DV_FLOW_NORMAL || !fn(run, item, ctx))
            return;
    }
}

static void
iterate_text(struct dv_eval *run, struct dv_text *text, dv_item_fn *fn,
             void *ctx)
{
    uint32_t n;

    if (!dv_eval_has(run, dv_text_flat(&run->heap, text) ? text : NULL))
        return;
    for (uint32_t i = 0; i < text->length && dv_eval_step(run, 1); i += n) {
        const unsigned unit = dv_text_unit(text, i);

        n = unit >= 0xd800 && unit < 0xdc00 && i + 1 < text->length ? 2 : 1;
        if (!fn(run, dv_eval_text(run, dv_text_part(&run->heap, text, i,
                                                    i + n)),
                ctx))
            return;
    }
}

static void
iterate_by_protocol(struct dv_eval *run, struct dv_value iterator,
                    dv_item_fn *fn, void *ctx)
{
    const struct dv_value next = dv_eval_get(run, iterator, run->key_next);

    for (uint32_t i = 0; run->flow == DV_FLOW_NORMAL && dv_eval_step(run, 4)
                         && i < run->limits->eval_yields;
         i++) {
        const struct dv_value step = dv_eval_call(run, next, iterator, NULL,
                                                  0);
        enum dv_truth is_done;

        if (run->flow != DV_FLOW_NORMAL)
            return;
        is_done = dv_eval_truth(run, dv_eval_get(run, step, run->key_done));
        if (run->flow != DV_FLOW_NORMAL || is_done == DV_TRUE
            || !fn(run, dv_eval_get(run, step, run->key_value), ctx)
            || is_done == DV_UNSURE)
            return;
    }
}

static bool
is_plain_list(const struct dv_eval *run, struct dv_value v)
{
    return v.tag == DV_V_OBJECT
           && (v.object->class == DV_C_ARRAY
               || v.object->class == DV_C_ARGUMENTS)
           && !run->has_own_iterators;
}

void
dv_eval_iterate(struct dv_eval *run, struct dv_value v, dv_item_fn *fn,
                void *ctx)
{
    struct dv_value method, iterator;

    if (dv_is_unknown(v)) {
        (void)fn(run, dv_unknown(), ctx);
        return;
    }
    if (is_plain_list(run, v)) {
        iterate_list(run, v.object, fn, ctx);
        return;
    }
    if (v.tag == DV_V_STRING) {
        iterate_text(run, v.text, fn, ctx);
        return;
    }
    if (dv_value_is_class(v, DV_C_GENERATOR)) {
        iterate_by_protocol(run, v, fn, ctx);
        return;
    }
    method = dv_eval_get(run, v, run->symbol_iterator);
    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (dv_is_unknown(method)) {
        (void)fn(run, dv_unknown(), ctx);
        return;
    }
    if (!dv_value_is_callable(method)) {
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "value is not iterable");
        return;
    }
    iterator = dv_eval_call(run, method, v, NULL, 0);
    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (dv_is_unknown(iterator))
        (void)fn(run, dv_unknown(), ctx);
    else
        iterate_by_protocol(run, iterator, fn, ctx);
}

static bool
push_item(struct dv_eval *run, struct dv_value item, void *ctx)
{
    return dv_eval_has(run, dv_object_push(&run->heap, ctx, item) ? ctx
                                                                  : NULL);
}

bool
dv_eval_collect(struct dv_eval *run, struct dv_value iterable,
                struct dv_object *into)
{
    dv_eval_iterate(run, iterable, push_item, into);
    return run->flow == DV_FLOW_NORMAL;
}

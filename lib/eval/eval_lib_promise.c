/* SPDX-License-Identifier: MIT */
/* eval_lib_promise.c - Promise (ECMA-262, 27.2), and what waits for the end of
 * the script.  A promise that nobody settles is settled with an unknown value
 * when its reactions are explored. */

#include "eval/eval_lib.h"

enum state { PENDING, FULFILLED, REJECTED };

struct reaction {
    struct reaction *next;
    struct dv_value on_value, on_fault;
    struct dv_object *derived;
};

struct promise {
    enum state state;
    struct dv_value value;
    struct reaction *reactions, **end;
};

/* What starts itself again and again, and all together. */
#define MAX_LATER 3u
#define MAX_JOBS  20000u

/* Promises that lead to promises. */
#define MAX_CHAIN 64u

void
dv_eval_later(struct dv_eval *run, struct dv_value function,
              struct dv_value self, const struct dv_value *args, size_t count)
{
    struct dv_job *job;

    if (dv_value_is_class(function, DV_C_FUNCTION)
        && ((struct dv_function *)function.object->data)->later++
               >= MAX_LATER)
        return;
    if (run->jobs.len >= MAX_JOBS) {
        run->was_cut = true;
        return;
    }
    job = dv_vec_push(&run->jobs);
    if (job == NULL) {
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
        (void)dv_eval_has(run, NULL);
        return;
    }
    job->function = function;
    job->self = self;
    job->node = run->unit->is_nested ? 0 : run->node;
    for (; job->count < count && job->count < DV_COUNT_OF(job->args);
         job->count++)
        job->args[job->count] = args[job->count];
}

void
dv_eval_run_jobs(struct dv_eval *run)
{
    const uint32_t node = run->node;

    while (run->next_job < run->jobs.len && run->flow != DV_FLOW_OVER) {
        const struct dv_job job
            = *(struct dv_job *)dv_vec_at(&run->jobs, run->next_job++);

        if (job.node != 0)
            run->node = job.node;
        (void)dv_eval_call(run, job.function, job.self, job.args, job.count);
        if (run->flow == DV_FLOW_THROW)
            run->flow = DV_FLOW_NORMAL;
    }
    run->node = node;
}

static struct dv_object *
new_promise(struct dv_eval *run)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_PROMISE,
                                             run->promise_proto);
    struct promise *p = dv_heap_alloc(&run->heap, sizeof(*p));

    if (!dv_eval_has(run, object) || !dv_eval_has(run, p))
        return NULL;
    object->data = p;
    return object;
}

static void settle(struct dv_eval *run, struct dv_object *object,
                   struct dv_value value, enum state state, unsigned depth);

/* Run what a settled promise leads to; bound: the promise. */
static void
react(struct dv_eval *run, const struct promise *p,
      const struct reaction *reaction, unsigned depth)
{
    const struct dv_value handler = p->state == FULFILLED
                                        ? reaction->on_value
                                        : reaction->on_fault;
    struct dv_value result = p->value;
    enum state state = p->state;

    if (dv_value_is_callable(handler)) {
        result = dv_eval_call(run, handler, dv_value_undefined(), &p->value,
                              1);
        state = FULFILLED;
        if (run->flow == DV_FLOW_THROW) {
            run->flow = DV_FLOW_NORMAL;
            result = run->value;
            state = REJECTED;
        }
    }
    if (run->flow == DV_FLOW_NORMAL)
        settle(run, reaction->derived, result, state, depth + 1);
}

static struct dv_value run_reactions(struct dv_eval *run,
                                     struct dv_value self,
                                     const struct dv_value *args,
                                     size_t count);

static void
schedule(struct dv_eval *run, struct dv_object *object)
{
    const struct dv_value job = dv_eval_native_with(run, run_reactions,
                                                    dv_value_object(object));

    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_later(run, job, dv_value_undefined(), NULL, 0);
}

static void
add_reaction(struct dv_eval *run, struct dv_object *object,
             struct dv_value on_value, struct dv_value on_fault,
             struct dv_object *derived)
{
    struct promise *p = object->data;
    struct reaction *reaction = dv_heap_alloc(&run->heap, sizeof(*reaction));

    if (!dv_eval_has(run, reaction))
        return;
    reaction->on_value = on_value;
    reaction->on_fault = on_fault;
    reaction->derived = derived;
    if (p->reactions == NULL)
        p->end = &p->reactions;
    *p->end = reaction;
    p->end = &reaction->next;
    if (p->state != PENDING)
        schedule(run, object);
}

/* 27.2.1.3.2: a promise, or something with then(), is followed. */
static void
settle(struct dv_eval *run, struct dv_object *object, struct dv_value value,
       enum state state, unsigned depth)
{
    struct promise *p = object->data;

    if (p->state != PENDING || depth > MAX_CHAIN)
        return;
    if (state == FULFILLED && dv_value_is_class(value, DV_C_PROMISE)
        && value.object != object) {
        add_reaction(run, value.object, dv_value_undefined(),
                     dv_value_undefined(), object);
        return;
    }
    p->state = state;
    p->value = value;
    if (p->reactions != NULL)
        schedule(run, object);
}

FN(run_reactions)
{
    struct promise *p = run->bound.object->data;

    UNUSED_SELF;
    UNUSED_ARGS;
    while (p->reactions != NULL && run->flow == DV_FLOW_NORMAL) {
        const struct reaction *reaction = p->reactions;

        p->reactions = reaction->next;
        react(run, p, reaction, 0);
    }
    return dv_value_undefined();
}

FN(resolve_bound)
{
    UNUSED_SELF;
    settle(run, run->bound.object, ARG(0), FULFILLED, 0);
    return dv_value_undefined();
}

FN(reject_bound)
{
    UNUSED_SELF;
    settle(run, run->bound.object, ARG(0), REJECTED, 0);
    return dv_value_undefined();
}

FN(promise_construct)
{
    struct dv_object *object = new_promise(run);
    struct dv_value both[2];

    UNUSED_SELF;
    if (object == NULL)
        return dv_value_undefined();
    both[0] = dv_eval_native_with(run, resolve_bound,
                                  dv_value_object(object));
    both[1] = dv_eval_native_with(run, reject_bound, dv_value_object(object));
    if (run->flow == DV_FLOW_NORMAL)
        (void)dv_eval_call(run, ARG(0), dv_value_undefined(), both, 2);
    if (run->flow == DV_FLOW_THROW) {
        run->flow = DV_FLOW_NORMAL;
        settle(run, object, run->value, REJECTED, 0);
    }
    return dv_value_object(object);
}

struct dv_value
dv_eval_promise_of(struct dv_eval *run, struct dv_value value,
                   bool is_rejected)
{
    struct dv_object *object;

    if (!is_rejected && dv_value_is_class(value, DV_C_PROMISE))
        return value;
    object = new_promise(run);
    if (object != NULL)
        settle(run, object, value, is_rejected ? REJECTED : FULFILLED, 0);
    return dv_eval_object(run, object);
}

FN(promise_resolve)
{
    UNUSED_SELF;
    return dv_eval_promise_of(run, ARG(0), false);
}

FN(promise_reject)
{
    UNUSED_SELF;
    return dv_eval_promise_of(run, ARG(0), true);
}

FN(promise_then)
{
    struct dv_object *derived = new_promise(run);

    if (!dv_value_is_class(self, DV_C_PROMISE) || derived == NULL)
        return dv_unknown();
    add_reaction(run, self.object, ARG(0), ARG(1), derived);
    return dv_value_object(derived);
}

FN(promise_catch)
{
    const struct dv_value both[] = { dv_value_undefined(), ARG(0) };

    return promise_then(run, self, both, 2);
}

FN(promise_finally)
{
    const struct dv_value both[] = { ARG(0), ARG(0) };

    return promise_then(run, self, both, 2);
}

/* What is known of each, now; the rest is unknown. */
FN(promise_all)
{
    struct dv_object *list = dv_eval_array(run);

    UNUSED_SELF;
    if (list == NULL || dv_is_unknown(ARG(0))
        || !dv_eval_collect(run, ARG(0), list))
        return dv_eval_promise_of(run, dv_unknown(), false);
    for (uint32_t i = 0; i < list->items_len; i++) {
        const struct dv_value v = dv_eval_await(run, list->items[i]);

        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        list->items[i] = v;
    }
    return dv_eval_promise_of(run, dv_value_object(list), false);
}

FN(promise_race)
{
    UNUSED_SELF;
    return dv_eval_promise_of(run, dv_eval_get_index(run, ARG(0), 0), false);
}

struct dv_value
dv_eval_await(struct dv_eval *run, struct dv_value v)
{
    const struct promise *p;

    for (unsigned i = 0; i < MAX_CHAIN; i++) {
        if (!dv_value_is_class(v, DV_C_PROMISE))
            return v;
        p = v.object->data;
        if (p->state == PENDING && run->calls < run->limits->eval_calls) {
            run->calls++;
            dv_eval_run_jobs(run);
            run->calls--;
        }
        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (p->state == REJECTED)
            return dv_eval_throw(run, p->value);
        if (p->state == PENDING)
            return dv_unknown();
        v = p->value;
    }
    return dv_unknown();
}

bool
dv_eval_world_promise(struct dv_eval *run)
{
    static const struct dv_native_row rows[] = {
        { "resolve", promise_resolve, 1 }, { "reject", promise_reject, 1 },
        { "all", promise_all, 1 },         { "allSettled", promise_all, 1 },
        { "race", promise_race, 1 },       { "any", promise_race, 1 },
    };
    static const struct dv_native_row methods[] = {
        { "then", promise_then, 2 },
        { "catch", promise_catch, 1 },
        { "finally", promise_finally, 1 },
    };

    run->promise_class = dv_eval_add_class(run, "Promise", NULL,
                                           promise_construct,
                                           run->promise_proto);
    return run->promise_class != NULL
           && dv_eval_add_natives(run, run->promise_class, rows,
                                  DV_COUNT_OF(rows))
           && dv_eval_add_natives(run, run->promise_proto, methods,
                                  DV_COUNT_OF(methods));
}

/* SPDX-License-Identifier: MIT */
/* eval_env.c - environments: what names stand for (ECMA-262, 9.1). */

#include "base/compiler.h"
#include "eval/eval_run.h"

/* ---- Making ---- */

/* Environments that nobody holds any more are used again, by their room. */
static unsigned
class_of(uint32_t count)
{
    unsigned class = 0;

    while (class < 7 && count > 1u << class)
        class++;
    return class;
}

struct dv_env *
dv_env_new(struct dv_eval *run, struct dv_env *parent,
           const struct dv_layout *layout)
{
    const uint32_t count = layout == NULL ? 0 : layout->count;
    const unsigned class = class_of(count);
    struct dv_env *env = run->spare[class];

    if (env != NULL && env->cap >= count) {
        run->spare[class] = env->parent;
    } else {
        const uint32_t cap = count > 128 ? count : 1u << class;

        env = dv_heap_alloc(&run->heap,
                            sizeof(*env) + cap * sizeof(*env->slots));
        if (!dv_eval_has(run, env))
            return NULL;
        env->slots = (struct dv_value *)(env + 1);
        env->cap = cap;
    }
    env->parent = parent;
    env->layout = layout;
    env->object = NULL;
    env->is_captured = false;
    env->is_function = false;
    for (uint32_t i = 0; i < count; i++)
        env->slots[i] = layout->flags[i] & DV_NAME_LEXICAL
                            ? dv_value_empty()
                            : dv_value_undefined();
    return env;
}

struct dv_env *
dv_env_of_object(struct dv_eval *run, struct dv_env *parent,
                 struct dv_object *object)
{
    struct dv_env *env = dv_env_new(run, parent, NULL);

    if (env != NULL)
        env->object = object;
    return env;
}

void
dv_env_capture(struct dv_env *env)
{
    for (; env != NULL && !env->is_captured; env = env->parent)
        env->is_captured = true;
}

void
dv_env_release(struct dv_eval *run, struct dv_env *env)
{
    unsigned class;

    if (env == NULL || env->is_captured || env->cap > 128)
        return;
    class = class_of(env->cap);
    env->parent = run->spare[class];
    run->spare[class] = env;
}

/* ---- Finding ---- */

/* What a name was found as. */
struct place {
    struct dv_env *env;
    struct dv_value *slot;              /* NULL: a property of `env->object` */
    const struct dv_layout *layout;
    uint32_t number;
};

static bool
find(struct dv_eval *run, struct dv_env *env, uint32_t id, struct place *place)
{
    struct dv_found *found = &run->unit->found[id];
    const struct dv_text *name;
    unsigned hops = 0;

    if (!run->has_dynamic && found->layout != NULL) {
        for (unsigned i = 0; i < found->hops; i++)
            env = env->parent;
        *place = (struct place){ env, &env->slots[found->slot], env->layout,
                                 found->slot };
        return true;
    }
    name = dv_unit_key(run, run->unit, id);
    if (name == NULL)
        return false;
    for (; env != NULL; env = env->parent, hops++) {
        uint32_t slot;

        if (env->layout != NULL && dv_layout_find(env->layout, name, &slot)) {
            *place = (struct place){ env, &env->slots[slot], env->layout,
                                     slot };
            if (hops < UINT16_MAX && slot < UINT16_MAX)
                *found = (struct dv_found){ env->layout, (uint16_t)hops,
                                            (uint16_t)slot };
            return true;
        }
        if (env->object != NULL
            && dv_eval_has_property(run, env->object, name) == DV_TRUE) {
            *place = (struct place){ .env = env };
            return true;
        }
    }
    return false;
}

struct dv_value
dv_env_get(struct dv_eval *run, struct dv_env *env, uint32_t id)
{
    struct place place;

    if (find(run, env, id, &place)) {
        if (place.slot == NULL)
            return dv_eval_get(run, dv_value_object(place.env->object),
                               dv_unit_key(run, run->unit, id));
        return place.slot->tag == DV_V_EMPTY ? dv_unknown() : *place.slot;
    }
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    return dv_value_unknown(
        dv_path_of_key(run, dv_unit_key(run, run->unit, id)));
}

void
dv_env_set(struct dv_eval *run, struct dv_env *env, uint32_t id,
           struct dv_value value)
{
    struct place place;

    if (!find(run, env, id, &place)) {
        if (run->flow == DV_FLOW_NORMAL)
            dv_eval_set(run, dv_value_object(run->global),
                        dv_unit_key(run, run->unit, id), value);
        return;
    }
    if (place.slot == NULL)
        dv_eval_set(run, dv_value_object(place.env->object),
                    dv_unit_key(run, run->unit, id), value);
    else if (place.layout->flags[place.number] & DV_NAME_CONST)
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Assignment to constant variable.");
    else
        *place.slot = value;
}

void
dv_env_init(struct dv_eval *run, struct dv_env *env, uint32_t id,
  struct dv_value value)
{
    struct place place;

    if (!find(run, env, id, &place)) {
        if (run->flow == DV_FLOW_NORMAL)
            dv_eval_set(run, dv_value_object(run->global),
                        dv_unit_key(run, run->unit, id), value);
    } else if (place.slot == NULL) {
        dv_eval_set(run, dv_value_object(place.env->object),
                    dv_unit_key(run, run->unit, id), value);
    } else {
        *place.slot = value;
    }
}

void
dv_eval_hoist(struct dv_eval *run, const struct dv_layout *layout,
              struct dv_env *env)
{
    for (uint32_t i = 0; layout != NULL && i < layout->function_count; i++) {
        const struct dv_declared *declared = &layout->functions[i];
        const struct dv_text *name = layout->names[declared->slot];
        struct dv_object *function = dv_eval_closure(run, declared->node, env,
                                                     NULL, name);

        if (function == NULL)
            return;
        env->slots[declared->slot] = dv_value_object(function);
        if (layout->flags[declared->slot] & DV_NAME_OUTER) {
            struct dv_env *outer = env->parent;
            uint32_t slot;

            while (outer != NULL && !outer->is_function
                   && outer->object == NULL)
                outer = outer->parent;
            if (outer != NULL && outer->layout != NULL
                && dv_layout_find(outer->layout, name, &slot))
                outer->slots[slot] = dv_value_object(function);
            else if (outer != NULL && outer->object != NULL)
                dv_eval_set(run, dv_value_object(outer->object), name,
                            dv_value_object(function));
        }
    }
}

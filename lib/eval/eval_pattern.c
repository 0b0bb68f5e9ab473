/* SPDX-License-Identifier: MIT */
/* eval_pattern.c - destructuring (ECMA-262, 8.6.2, 13.15.5). */

#include "eval/eval_run.h"

static void
bind_default(struct dv_eval *run, const struct dv_js_node *node,
             struct dv_value v, struct dv_env *env, unsigned op)
{
    if (v.tag == DV_V_UNDEFINED)
        v = dv_eval_named(run, node->b, env,
                          dv_node(run, node->a)->kind == DV_JS_IDENTIFIER
                              ? dv_unit_key(run, run->unit, node->a)
                              : NULL);
    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_bind(run, node->a, v, env, op);
}

static void
bind_array(struct dv_eval *run, uint32_t head, struct dv_value v,
           struct dv_env *env, unsigned op)
{
    struct dv_object *list = dv_eval_array(run);
    const bool is_unknown = dv_is_unknown(v);
    uint32_t i = 0;

    if (list == NULL || (!is_unknown && !dv_eval_collect(run, v, list)))
        return;
    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next, i++) {
        const struct dv_js_node *node = dv_node(run, id);
        struct dv_value item = dv_object_item(list, i);

        if (node->kind == DV_JS_HOLE)
            continue;
        if (node->kind == DV_JS_REST_ELEMENT) {
            dv_eval_bind(run, node->a,
                         is_unknown ? dv_unknown()
                                    : dv_eval_rest(run, list->items,
                                                   list->items_len, i),
                         env, op);
            return;
        }
        if (is_unknown)
            item = dv_eval_unknown(run, v.path,
                                   dv_text_key_of_index(&run->heap, i));
        else if (item.tag == DV_V_EMPTY)
            item = dv_value_undefined();
        dv_eval_bind(run, id, item, env, op);
    }
}

/* What is left of an object when the keys of `taken` are gone. */
static struct dv_value
rest_of(struct dv_eval *run, struct dv_value v, const struct dv_object *taken)
{
    struct dv_object *rest = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);
    struct dv_object *keys;

    if (v.tag != DV_V_OBJECT || !dv_eval_has(run, rest))
        return dv_unknown();
    keys = dv_eval_keys(run, v.object, true, false);
    for (uint32_t i = 0; keys != NULL && i < keys->items_len; i++) {
        const struct dv_text *key = keys->items[i].text;

        if (dv_object_find(taken, key) == NULL
            && !dv_eval_put(run, rest, key, dv_eval_get(run, v, key)))
            return dv_value_undefined();
    }
    return dv_value_object(rest);
}

static void
bind_object(struct dv_eval *run, uint32_t head, struct dv_value v,
            struct dv_env *env, unsigned op)
{
    struct dv_object *taken = dv_object_new(&run->heap, DV_C_OBJECT, NULL);

    if (!dv_eval_has(run, taken))
        return;
    if (dv_value_is_nullish(v)) {
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Cannot destructure undefined");
        return;
    }
    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);
        const struct dv_text *key;

        if (node->kind == DV_JS_REST_ELEMENT) {
            dv_eval_bind(run, node->a, rest_of(run, v, taken), env, op);
            return;
        }
        key = dv_eval_property_key(run, node->a, node->flags & DV_JS_COMPUTED,
                                   env);
        if (run->flow != DV_FLOW_NORMAL)
            return;
        if (key == NULL) {
            dv_eval_bind(run, node->b, dv_unknown(), env, op);
            continue;
        }
        (void)dv_eval_put(run, taken, key, dv_value_undefined());
        dv_eval_bind(run, node->b, dv_eval_get(run, v, key), env, op);
    }
}

void
dv_eval_bind(struct dv_eval *run, uint32_t id, struct dv_value v,
             struct dv_env *env, unsigned op)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct dv_value object, key;

    if (id == 0 || run->flow != DV_FLOW_NORMAL || !dv_eval_step(run, 1))
        return;
    switch (node->kind) {
    case DV_JS_IDENTIFIER:
        if (op == 0)
            dv_env_set(run, env, id, v);
        else
            dv_env_init(run, env, id, v);
        break;
    case DV_JS_MEMBER_EXPRESSION:
        object = dv_eval_expression(run, node->a, env);
        if (run->flow != DV_FLOW_NORMAL)
            break;
        if (node->flags & DV_JS_COMPUTED) {
            key = dv_eval_expression(run, node->b, env);
            if (run->flow == DV_FLOW_NORMAL)
                dv_eval_set_value(run, object, key, v);
        } else {
            dv_eval_set(run, object,
                        dv_eval_property_key(run, node->b, false, env), v);
        }
        break;
    case DV_JS_ASSIGNMENT_PATTERN:
        bind_default(run, node, v, env, op);
        break;
    case DV_JS_ARRAY_PATTERN:
        bind_array(run, node->a, v, env, op);
        break;
    case DV_JS_OBJECT_PATTERN:
        bind_object(run, node->a, v, env, op);
        break;
    default:
        break;
    }
}

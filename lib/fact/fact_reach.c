/* SPDX-License-Identifier: MIT */
/* fact_reach.c - from sinks back to those who call. */

#include "fact/fact_reach.h"

#include <string.h>

#include "fact/fact_js_impl.h"

/* How often the callers of callers are looked for. */
#define MAX_ROUNDS 8u

/* A function, a class, or a handler of exceptions. */
struct place {
    uint32_t node;
    uint32_t outer;             /* place around it; 0: none */
    uint32_t binding, key;     /* by which it is called, or 0 */
    uint32_t follows;           /* a constructor: the place of its class */
    bool reaches;
};

/* A name in a place: of a binding, or of a property. */
struct use {
    uint32_t place;
    uint32_t binding, key;
};

struct looking {
    struct dv_reach *reach;
    struct dv_fact_js *js;
    bool found;                 /* something new in this round */
};

void
dv_reach_init(struct dv_reach *reach, struct dv_mem *mem)
{
    memset(reach, 0, sizeof(*reach));
    reach->mem = mem;
    dv_vec_init(&reach->places, mem, sizeof(struct place), UINT32_MAX);
    dv_vec_init(&reach->uses, mem, sizeof(struct use), UINT32_MAX);
    dv_vec_init(&reach->open, mem, sizeof(uint32_t), UINT32_MAX);
}

void
dv_reach_fini(struct dv_reach *reach)
{
    dv_mem_free(reach->mem, reach->bindings, reach->bindings_cap);
    dv_vec_fini(&reach->places);
    dv_vec_fini(&reach->uses);
    dv_vec_fini(&reach->open);
}

static bool
clear(struct dv_reach *reach, uint8_t **bits, size_t *cap, size_t count)
{
    if (*cap < count) {
        dv_mem_free(reach->mem, *bits, *cap);
        *cap = 0;
        *bits = dv_mem_alloc(reach->mem, count);
        if (*bits == NULL)
            return false;
        *cap = count;
    }
    memset(*bits, 0, count);
    return true;
}

/* A copy of `item` at the end; false without memory. */
static bool
push(struct dv_vec *vec, const void *item, size_t size)
{
    void *slot = dv_vec_push(vec);

    if (slot == NULL)
        return false;
    memcpy(slot, item, size);
    return true;
}

/* ---- What stands where ---- */

static struct place *
place_at(const struct looking *l, uint32_t i)
{
    return (struct place *)l->reach->places.at + i;
}

static void
mark(struct looking *l, uint32_t i, unsigned roles)
{
    for (; i != 0 && !place_at(l, i)->reaches; i = place_at(l, i)->outer) {
        struct place *place = place_at(l, i);

        place->reaches = true;
        l->found = true;
        l->js->roles[place->node] |= (uint8_t)roles;
        l->reach->bindings[place->binding] = 1;
        l->reach->keys[place->key] = 1;
    }
}

static uint32_t
binding_of(const struct looking *l, uint32_t id)
{
    return id != 0
                   && dv_js_kind(l->js->tree, id) == DV_JS_IDENTIFIER
               ? l->js->fold.scopes.of_node[id]
               : 0;
}

/* The first name of a.prototype.b. */
static uint32_t
root_of(const struct looking *l, uint32_t id)
{
    while (id != 0
           && dv_js_kind(l->js->tree, id) == DV_JS_MEMBER_EXPRESSION)
        id = dv_js_at(l->js->tree, id)->a;
    return binding_of(l, id);
}

/* A property's name, as a number below DV_REACH_KEYS; 0: not known.  Two names
 * may have one number: then more is explored than need be. */
static uint32_t
key_of(const struct looking *l, uint32_t owner)
{
    const struct dv_js_node *node = dv_js_at(l->js->tree, owner);
    const uint32_t key = node->kind == DV_JS_MEMBER_EXPRESSION ? node->b
                                                               : node->a;
    const struct dv_js_value *value = dv_js_fold_of(&l->js->fold, key);
    struct dv_span text = dv_span_of("", 0);
    uint32_t hash = 2166136261u;

    if (key != 0 && !(node->flags & DV_JS_COMPUTED)
        && dv_js_kind(l->js->tree, key) == DV_JS_IDENTIFIER)
        text = dv_js_name(l->js->tree, key);
    else if (value->type == DV_JS_STRING)
        text = value->text;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 16777619u;
    return text.len == 0 ? 0 : (hash ^ hash >> 16) % DV_REACH_KEYS | 1;
}

/* A function's parent, where that names it, is the node behind it. */
static void
name_by_parent(const struct looking *l, struct place *place)
{
    const uint32_t parent = place->node + 1;
    const struct dv_js_node *node = dv_js_at(l->js->tree, parent);

    if (parent >= l->js->tree->count || node->b != place->node)
        return;
    switch (node->kind) {
    case DV_JS_VARIABLE_DECLARATOR:
        place->binding = binding_of(l, node->a);
        break;
    case DV_JS_ASSIGNMENT_EXPRESSION:
        place->binding = root_of(l, node->a);
        if (node->a != 0
            && dv_js_kind(l->js->tree, node->a) == DV_JS_MEMBER_EXPRESSION)
            place->key = key_of(l, node->a);
        break;
    case DV_JS_PROPERTY:
    case DV_JS_PROPERTY_DEFINITION:
        place->key = key_of(l, parent);
        break;
    case DV_JS_METHOD_DEFINITION:
        place->key = key_of(l, parent);
        if (node->op == DV_JS_T_CONSTRUCTOR)
            place->follows = place->outer;
        break;
    default:
        break;
    }
}

static bool
is_place(unsigned kind)
{
    return kind == DV_JS_FUNCTION_DECLARATION
           || kind == DV_JS_FUNCTION_EXPRESSION
           || kind == DV_JS_ARROW_FUNCTION_EXPRESSION
           || kind == DV_JS_CLASS_DECLARATION
           || kind == DV_JS_CLASS_EXPRESSION || kind == DV_JS_CATCH_CLAUSE;
}

static uint32_t
innermost(const struct dv_reach *reach)
{
    return reach->open.len == 0
               ? 0
               : *(const uint32_t *)dv_vec_at(&reach->open,
                                              reach->open.len - 1);
}

static bool
open_place(struct looking *l, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(l->js->tree, id);
    struct place place = { .node = id, .outer = innermost(l->reach) };

    name_by_parent(l, &place);
    if (node->kind != DV_JS_ARROW_FUNCTION_EXPRESSION
        && node->kind != DV_JS_CATCH_CLAUSE && node->a != 0
        && place.binding == 0)
        place.binding = binding_of(l, node->a);
    return dv_vec_push_u32(&l->reach->open, (uint32_t)l->reach->places.len)
           && push(&l->reach->places, &place, sizeof(place));
}

static bool
note_use(struct looking *l, uint32_t id, bool is_name)
{
    const struct use use = { .place = innermost(l->reach),
                             .binding = is_name ? binding_of(l, id) : 0,
                             .key = is_name ? 0 : key_of(l, id) };

    return use.place == 0 || (use.binding == 0 && use.key == 0)
           || push(&l->reach->uses, &use, sizeof(use));
}

/* From the last node down: what is below a place comes behind it, and begins no
 * earlier (js_ast.h). */
static davy_status
look_through(struct looking *l)
{
    struct dv_reach *reach = l->reach;
    const struct dv_js_tree *tree = l->js->tree;

    for (uint32_t id = tree->count; --id > 0;) {
        const struct dv_js_node *node = dv_js_at(tree, id);
        const unsigned kind = node->kind;

        while (reach->open.len > 0
               && node->start
                      < dv_js_at(tree, place_at(l, innermost(reach))->node)
                            ->start)
            reach->open.len--;
        if ((is_place(kind) && !open_place(l, id))
            || ((kind == DV_JS_IDENTIFIER || kind == DV_JS_MEMBER_EXPRESSION)
                && !note_use(l, id, kind == DV_JS_IDENTIFIER)))
            return DAVY_NO_MEMORY;
        if (l->js->roles[id] & DV_ROLE_COMPUTED)
            mark(l, innermost(reach), DV_ROLE_REACHES | DV_ROLE_HOLDS);
    }
    return DAVY_OK;
}

/* ---- Who calls those ---- */

static void
look_for_callers(struct looking *l)
{
    struct dv_reach *reach = l->reach;

    for (uint32_t i = 1; i < reach->places.len; i++) {
        const struct place *place = place_at(l, i);

        if (!place->reaches
            && ((place->binding != 0 && reach->bindings[place->binding])
                || (place->follows != 0
                    && place_at(l, place->follows)->reaches)))
            mark(l, i, DV_ROLE_REACHES);
    }
    for (size_t i = 0; i < reach->uses.len; i++) {
        const struct use *use = dv_vec_at(&reach->uses, i);

        if ((use->binding != 0 && reach->bindings[use->binding])
            || (use->key != 0 && reach->keys[use->key]))
            mark(l, use->place, DV_ROLE_REACHES);
    }
}

davy_status
dv_reach_run(struct dv_reach *reach, struct dv_fact_js *js)
{
    const struct place none = { .node = 0 };
    struct looking l = { reach, js, true };
    davy_status st;

    dv_vec_clear(&reach->places);
    dv_vec_clear(&reach->uses);
    dv_vec_clear(&reach->open);
    if (!clear(reach, &reach->bindings, &reach->bindings_cap,
               js->fold.scopes.bindings.len + 1)
        || !push(&reach->places, &none, sizeof(none)))
        return DAVY_NO_MEMORY;
    memset(reach->keys, 0, sizeof(reach->keys));
    st = look_through(&l);
    for (unsigned round = 0; st == DAVY_OK && l.found && round < MAX_ROUNDS;
         round++) {
        l.found = false;
        look_for_callers(&l);
    }
    return st;
}

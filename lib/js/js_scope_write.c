/* SPDX-License-Identifier: MIT */
/* js_scope_write.c - what is written to names, and which lists and objects are
 * changed in place (ECMA-262, 13.15, 13.15.5, 23.1.3). */

#include "base/compiler.h"
#include "js/js_scope.h"

/* Names that lead to names while looking for a list's owner. */
#define MAX_ALIASES 8

/* Members of members: each name that stands for a chain looks through it. */
#define MAX_LINKS 64

static struct dv_js_binding *
binding_of(const struct dv_js_scopes *s, uint32_t id)
{
    return dv_vec_at(&s->bindings, s->of_node[id]);
}

static const struct dv_js_node *
node_at(const struct dv_js_scopes *s, uint32_t id)
{
    return dv_js_at(s->tree, id);
}

/* ---- Changes in place ---- */

/* What `id` is a member of, at the very beginning. */
static uint32_t
owner_of(const struct dv_js_scopes *s, uint32_t id)
{
    for (unsigned n = 0; n < MAX_LINKS
         && node_at(s, id)->kind == DV_JS_MEMBER_EXPRESSION; n++)
        id = node_at(s, id)->a;
    return id;
}

/* Whatever stands at the beginning of `id` may be changed in place, and what it
 * is another name of, too. */
static void
note_change(struct dv_js_scopes *s, uint32_t id)
{
    id = owner_of(s, id);
    for (unsigned n = 0; n < MAX_ALIASES && id != 0
         && node_at(s, id)->kind == DV_JS_IDENTIFIER && s->of_node[id] != 0;
         n++) {
        struct dv_js_binding *binding = binding_of(s, id);

        binding->is_changed = true;
        id = binding->writes == 1 ? binding->value : 0;
    }
}

static bool
changes_its_list(struct dv_span name)
{
    static const char *const names[] = { "copyWithin", "fill",  "pop",
                                         "push",       "reverse", "shift",
                                         "sort",       "splice",  "unshift" };

    for (size_t i = 0; i < DV_COUNT_OF(names); i++) {
        if (dv_span_equal_cstr(name, names[i]))
            return true;
    }
    return false;
}

/* The name of a member where it is plain to see; else an empty one. */
static struct dv_span
name_of_member(const struct dv_js_scopes *s, const struct dv_js_node *member)
{
    const unsigned kind = node_at(s, member->b)->kind;

    if (kind == DV_JS_IDENTIFIER && !(member->flags & DV_JS_COMPUTED))
        return dv_js_name(s->tree, member->b);
    return kind == DV_JS_STRING_LITERAL ? dv_js_string(s->tree, member->b)
                                        : dv_span_of(NULL, 0);
}

static void
note_arguments(struct dv_js_scopes *s, uint32_t head)
{
    for (uint32_t id = head; id != 0; id = node_at(s, id)->next) {
        if (node_at(s, id)->kind == DV_JS_IDENTIFIER)
            note_change(s, id);
    }
}

/* Whether this is code of the script: nobody knows what it does to a list that
 * it is given. */
static bool
is_own_function(const struct dv_js_scopes *s, uint32_t callee)
{
    const struct dv_js_node *node = node_at(s, callee);

    switch (node->kind) {
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_ARROW_FUNCTION_EXPRESSION:
        return true;
    case DV_JS_IDENTIFIER:
        return s->of_node[callee] != 0 && !binding_of(s, callee)->is_global;
    default:
        return false;
    }
}

/* `(function (list) { .. })(list)`, also with .call; `list.push(x)`;
 * `Object.assign(object, ..)`.  A list that is named nowhere but where it is
 * declared and changed has one value where it is read, the changed one. */
static void
note_call(struct dv_js_scopes *s, const struct dv_js_node *call)
{
    const struct dv_js_node *callee = node_at(s, call->a);
    const struct dv_js_node *object = node_at(s, callee->a);

    if (is_own_function(s, call->a)) {
        note_arguments(s, call->b);
        return;
    }
    if (callee->kind != DV_JS_MEMBER_EXPRESSION)
        return;
    if (is_own_function(s, callee->a)
        && object->kind != DV_JS_IDENTIFIER)
        note_arguments(s, call->b);
    else if (object->kind == DV_JS_IDENTIFIER && call->b != 0
             && dv_span_equal_cstr(dv_js_name(s->tree, callee->a), "Object"))
        note_change(s, call->b);
    else if (changes_its_list(name_of_member(s, callee))
             && !(object->kind == DV_JS_IDENTIFIER
                  && binding_of(s, callee->a)->uses == 2))
        note_change(s, callee->a);
}

/* ---- Writes ---- */

/* `window.name = ..` writes the global `name`. */
static uint32_t
global_member(const struct dv_js_scopes *s, const struct dv_js_node *node)
{
    if ((node->flags & DV_JS_COMPUTED)
        || node_at(s, node->a)->kind != DV_JS_IDENTIFIER
        || node_at(s, node->b)->kind != DV_JS_IDENTIFIER
        || s->of_node[node->a] == 0
        || !binding_of(s, node->a)->is_global_object)
        return 0;
    return s->of_atom[node_at(s, node->b)->a];
}

static void
write_member(struct dv_js_scopes *s, uint32_t target, uint32_t value)
{
    const uint32_t global = global_member(s, node_at(s, target));
    struct dv_js_binding *binding = dv_vec_at(&s->bindings, global);

    if (global == 0) {
        note_change(s, target);
        return;
    }
    binding->writes++;
    binding->value = value;
}

static void
write_name(struct dv_js_scopes *s, uint32_t id, uint32_t value,
           uint32_t part)
{
    struct dv_js_binding *binding = binding_of(s, id);

    if (s->of_node[id] == 0)
        return;
    binding->writes++;
    binding->value = value;
    binding->part = part;
}

/* A pattern and the part of the written value that it takes apart. */
static davy_status
push_pattern(struct dv_js_scopes *s, uint32_t id, uint32_t part)
{
    if (id == 0)
        return DAVY_OK;
    return dv_vec_push_u32(&s->patterns, id)
                   && dv_vec_push_u32(&s->patterns, part)
               ? DAVY_OK
               : DAVY_NO_MEMORY;
}

static uint32_t
pop_number(struct dv_js_scopes *s)
{
    const uint32_t number
        = *(uint32_t *)dv_vec_at(&s->patterns, s->patterns.len - 1);

    dv_vec_pop(&s->patterns);
    return number;
}

static davy_status
push_part(struct dv_js_scopes *s, uint32_t id, struct dv_js_part part)
{
    struct dv_js_part *slot;

    if (part.whole == 0 && part.node == 0)
        return push_pattern(s, id, 0);
    slot = dv_vec_push(&s->parts);
    if (slot == NULL)
        return DAVY_NO_MEMORY;
    *slot = part;
    return push_pattern(s, id, (uint32_t)s->parts.len - 1);
}

/* Part 0 is not known, and neither are its parts. */
static davy_status
push_elements(struct dv_js_scopes *s, uint32_t head, uint32_t whole)
{
    davy_status st = DAVY_OK;
    uint32_t index = 0;

    for (uint32_t id = head; id != 0 && st == DAVY_OK;
         id = node_at(s, id)->next, index++) {
        const struct dv_js_node *node = node_at(s, id);

        if (node->kind == DV_JS_PROPERTY)
            st = push_part(s, node->b, (struct dv_js_part){
                                           whole, whole == 0 ? 0 : id, 0 });
        else if (node->kind == DV_JS_REST_ELEMENT)
            st = push_pattern(s, node->a, 0);
        else
            st = push_part(s, id, (struct dv_js_part){ whole, 0, index });
    }
    return st;
}

/* Write to everything in a pattern, without recursion. */
static davy_status
write_pattern(struct dv_js_scopes *s, uint32_t pattern, uint32_t value)
{
    davy_status st;

    dv_vec_clear(&s->patterns);
    st = push_part(s, pattern, (struct dv_js_part){ 0, value, 0 });
    while (st == DAVY_OK && s->patterns.len > 0) {
        const uint32_t part = pop_number(s);
        const uint32_t id = pop_number(s);
        const struct dv_js_node *node = node_at(s, id);

        switch (node->kind) {
        case DV_JS_IDENTIFIER:
            write_name(s, id, 0, part);
            break;
        case DV_JS_MEMBER_EXPRESSION:
            write_member(s, id, 0);
            break;
        case DV_JS_ARRAY_PATTERN:
        case DV_JS_OBJECT_PATTERN:
            st = push_elements(s, node->a, part);
            break;
        case DV_JS_ASSIGNMENT_PATTERN:
            st = push_pattern(s, node->a, part);
            break;
        default:
            break;
        }
    }
    return st;
}

static davy_status
write_target(struct dv_js_scopes *s, uint32_t target, uint32_t value)
{
    switch (node_at(s, target)->kind) {
    case DV_JS_IDENTIFIER:
        write_name(s, target, value, 0);
        return DAVY_OK;
    case DV_JS_MEMBER_EXPRESSION:
        write_member(s, target, value);
        return DAVY_OK;
    default:
        return target == 0 ? DAVY_OK : write_pattern(s, target, value);
    }
}

/* What a loop writes in each round: a declaration's name or a target. */
static davy_status
write_by_loop(struct dv_js_scopes *s, uint32_t left)
{
    const struct dv_js_node *node = node_at(s, left);

    if (node->kind == DV_JS_VARIABLE_DECLARATION)
        left = node_at(s, node->a)->a;
    return write_target(s, left, 0);
}

bool
dv_js_scopes_may_write(const struct dv_js_node *node)
{
    switch (node->kind) {
    case DV_JS_VARIABLE_DECLARATOR:
    case DV_JS_ASSIGNMENT_EXPRESSION:
    case DV_JS_UPDATE_EXPRESSION:
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_CLASS_DECLARATION:
    case DV_JS_FOR_IN_STATEMENT:
    case DV_JS_FOR_OF_STATEMENT:
    case DV_JS_CALL_EXPRESSION:
        return true;
    case DV_JS_UNARY_EXPRESSION:
        return node->op == DV_JS_T_DELETE;
    default:
        return false;
    }
}

davy_status
dv_js_scopes_write(struct dv_js_scopes *s, uint32_t id)
{
    const struct dv_js_node *node = node_at(s, id);

    switch (node->kind) {
    case DV_JS_VARIABLE_DECLARATOR:
        return node->b == 0 ? DAVY_OK : write_target(s, node->a, node->b);
    case DV_JS_ASSIGNMENT_EXPRESSION:
        return write_target(s, node->a,
                            node->op == DV_JS_T_ASSIGN ? node->b : 0);
    case DV_JS_UPDATE_EXPRESSION:
        return write_target(s, node->a, 0);
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_CLASS_DECLARATION:
        return write_target(s, node->a, id);
    case DV_JS_FOR_IN_STATEMENT:
    case DV_JS_FOR_OF_STATEMENT:
        return write_by_loop(s, node->a);
    case DV_JS_CALL_EXPRESSION:
        note_call(s, node);
        return DAVY_OK;
    case DV_JS_UNARY_EXPRESSION:
        note_change(s, node->a);
        return DAVY_OK;
    default:
        return DAVY_OK;
    }
}

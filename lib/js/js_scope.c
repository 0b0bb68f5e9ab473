/* SPDX-License-Identifier: MIT */
/* js_scope.c - resolves names (ECMA-262, 9.1, 14.2 and 10.2.11, as far as it
 * matters to a reader: hoisting, blocks, functions, parameters).
 *
 * A node's number is larger than those of its children, and its range holds
 * theirs: so one loop from the last node down meets parents before children,
 * the last child first, and knows from the offsets when it leaves a scope.  It
 * gives every scope its declarations and notes, in its order, where scopes open
 * and close and where names are used.  Then these events are played back, and
 * each name is looked up in a table of what it means there. */

#include "js/js_scope.h"

#include "base/compiler.h"

#define MAX_ITEMS ((size_t)1 << 30)

/* Events: a node's number, times two, plus one where a scope opens; CLOSE where
 * one ends. */
#define CLOSE UINT32_MAX

/* In of_node until the node is met: the Identifier is no variable's name. */
#define OTHER_NAME UINT32_MAX

struct scope {
    uint32_t declared_from;             /* in `declared`, after sorting */
    uint32_t declared_count;
    uint32_t head;                      /* of a list while declaring, + 1 */
};

/* A declaration in a scope; a list while declaring. */
struct declared {
    uint32_t binding;
    uint32_t next;                      /* + 1 */
};

struct open_scope {
    uint32_t scope;
    uint32_t node;
    uint32_t function;                  /* index of the function's scope */
    uint32_t shadows_from;
};

struct shadow {
    uint32_t atom;
    uint32_t binding;
};

/* How the names of a pattern are taken. */
enum pattern_use {
    DECLARE_VAR,
    DECLARE_LEXICAL,
    DECLARE_PARAMETER
};

void
dv_js_scopes_init(struct dv_js_scopes *s, struct dv_mem *mem)
{
    *s = (struct dv_js_scopes){ .mem = mem };
    dv_vec_init(&s->bindings, mem, sizeof(struct dv_js_binding), MAX_ITEMS);
    dv_vec_init(&s->scopes, mem, sizeof(struct scope), MAX_ITEMS);
    dv_vec_init(&s->stack, mem, sizeof(struct open_scope), MAX_ITEMS);
    dv_vec_init(&s->shadows, mem, sizeof(struct shadow), MAX_ITEMS);
    dv_vec_init(&s->patterns, mem, sizeof(uint32_t), MAX_ITEMS);
    dv_vec_init(&s->declared, mem, sizeof(struct declared), MAX_ITEMS);
    dv_vec_init(&s->parts, mem, sizeof(struct dv_js_part), MAX_ITEMS);
    dv_vec_init(&s->writers, mem, sizeof(uint32_t), MAX_ITEMS);
    dv_vec_init(&s->events, mem, sizeof(uint32_t), MAX_ITEMS);
}

void
dv_js_scopes_fini(struct dv_js_scopes *s)
{
    dv_vec_fini(&s->bindings);
    dv_vec_fini(&s->scopes);
    dv_vec_fini(&s->stack);
    dv_vec_fini(&s->shadows);
    dv_vec_fini(&s->patterns);
    dv_vec_fini(&s->declared);
    dv_vec_fini(&s->parts);
    dv_vec_fini(&s->writers);
    dv_vec_fini(&s->events);
    dv_mem_free(s->mem, s->of_node, s->nodes_cap * sizeof(*s->of_node));
    dv_mem_free(s->mem, s->of_atom, s->atoms_cap * sizeof(*s->of_atom));
    dv_js_scopes_init(s, s->mem);
}

static bool
make_room(struct dv_mem *mem, uint32_t **at, size_t *cap, size_t count)
{
    if (*cap < count) {
        dv_mem_free(mem, *at, *cap * sizeof(**at));
        *cap = 0;
        *at = dv_mem_calloc(mem, count, sizeof(**at));
        if (*at == NULL)
            return false;
        *cap = count;
    }
    memset(*at, 0, count * sizeof(**at));
    return true;
}

static bool
is_global_object(struct dv_span name)
{
    static const char *const names[] = { "window", "self",   "globalThis",
                                         "top",    "parent", "frames",
                                         "unsafeWindow" };

    for (size_t i = 0; i < DV_COUNT_OF(names); i++) {
        if (dv_span_equal_cstr(name, names[i]))
            return true;
    }
    return false;
}

static struct dv_js_binding *
binding_at(const struct dv_js_scopes *s, uint32_t i)
{
    return dv_vec_at(&s->bindings, i);
}

static const struct dv_js_node *
node_at(const struct dv_js_scopes *s, uint32_t id)
{
    return dv_js_at(s->tree, id);
}

static struct open_scope *
innermost(const struct dv_js_scopes *s)
{
    return dv_vec_at(&s->stack, s->stack.len - 1);
}

static bool
is_function(unsigned kind)
{
    return kind == DV_JS_FUNCTION_DECLARATION
           || kind == DV_JS_FUNCTION_EXPRESSION
           || kind == DV_JS_ARROW_FUNCTION_EXPRESSION
           || kind == DV_JS_STATIC_BLOCK;
}

static bool
opens_scope(unsigned kind)
{
    switch (kind) {
    case DV_JS_PROGRAM:
    case DV_JS_BLOCK_STATEMENT:
    case DV_JS_FOR_STATEMENT:
    case DV_JS_FOR_IN_STATEMENT:
    case DV_JS_FOR_OF_STATEMENT:
    case DV_JS_SWITCH_STATEMENT:
    case DV_JS_CATCH_CLAUSE:
    case DV_JS_CLASS_EXPRESSION:
        return true;
    default:
        return is_function(kind);
    }
}

/* ---- The walk: declarations ---- */

static davy_status
open_declaring(struct dv_js_scopes *s, uint32_t id)
{
    const unsigned kind = node_at(s, id)->kind;
    const uint32_t scope = (uint32_t)s->scopes.len;
    struct open_scope *open;

    if (dv_vec_push(&s->scopes) == NULL)
        return DAVY_NO_MEMORY;
    open = dv_vec_push(&s->stack);
    if (open == NULL)
        return DAVY_NO_MEMORY;
    open->scope = scope;
    open->node = id;
    open->function = scope;
    if (s->stack.len > 1 && !is_function(kind))
        open->function = (open - 1)->function;
    return DAVY_OK;
}

static bool
declares(const struct dv_js_scopes *s, uint32_t scope, uint32_t atom)
{
    const uint32_t known = s->of_atom[atom];
    const struct shadow *mark;

    if (known == 0)
        return false;
    mark = dv_vec_at(&s->shadows, known - 1);
    return mark->binding == scope + 1;
}

/* While declaring, of_atom leads to the last scope that declared the name; a
 * second `var` of one name in a row is the first one again. */
static davy_status
declare(struct dv_js_scopes *s, uint32_t id, bool in_function,
        bool is_parameter)
{
    const struct open_scope *open = innermost(s);
    const uint32_t index = in_function ? open->function : open->scope;
    const uint32_t atom = node_at(s, id)->a;
    struct scope *scope = dv_vec_at(&s->scopes, index);
    struct dv_js_binding *binding;
    struct declared *declared;
    struct shadow *mark;

    if (declares(s, index, atom))
        return DAVY_OK;
    mark = dv_vec_push(&s->shadows);
    binding = dv_vec_push(&s->bindings);
    declared = dv_vec_push(&s->declared);
    if (mark == NULL || binding == NULL || declared == NULL)
        return DAVY_NO_MEMORY;
    *mark = (struct shadow){ atom, index + 1 };
    s->of_atom[atom] = (uint32_t)s->shadows.len;
    binding->atom = atom;
    binding->is_parameter = is_parameter;
    declared->binding = (uint32_t)s->bindings.len - 1;
    declared->next = scope->head;
    scope->head = (uint32_t)s->declared.len;
    scope->declared_count++;
    return DAVY_OK;
}

static davy_status
push_pattern(struct dv_js_scopes *s, uint32_t id)
{
    uint32_t *slot;

    if (id == 0)
        return DAVY_OK;
    slot = dv_vec_push(&s->patterns);
    if (slot == NULL)
        return DAVY_NO_MEMORY;
    *slot = id;
    return DAVY_OK;
}

static davy_status
push_list(struct dv_js_scopes *s, uint32_t head)
{
    davy_status st = DAVY_OK;

    for (uint32_t id = head; id != 0 && st == DAVY_OK;
         id = node_at(s, id)->next)
        st = push_pattern(s, id);
    return st;
}

/* `id` was declared as what is called `key` elsewhere: {key: id}. */
static void
keep_key(struct dv_js_scopes *s, uint32_t id, uint32_t owner)
{
    const uint32_t key = node_at(s, owner)->a;
    struct dv_js_binding *binding
        = dv_vec_at(&s->bindings, s->bindings.len - 1);

    if (key != 0 && node_at(s, key)->kind == DV_JS_IDENTIFIER
        && !(node_at(s, owner)->flags & DV_JS_COMPUTED)
        && node_at(s, key)->a != node_at(s, id)->a
        && binding->atom == node_at(s, id)->a)
        binding->key = owner;
}

/* {key: id} or {key: id = value} of a parameter. */
static davy_status
take_renamed(struct dv_js_scopes *s, uint32_t property, enum pattern_use use)
{
    uint32_t id = node_at(s, property)->b;
    davy_status st;

    if (id != 0 && node_at(s, id)->kind == DV_JS_ASSIGNMENT_PATTERN)
        id = node_at(s, id)->a;
    if (use != DECLARE_PARAMETER || id == 0
        || node_at(s, id)->kind != DV_JS_IDENTIFIER)
        return push_pattern(s, node_at(s, property)->b);
    st = declare(s, id, false, true);
    if (st == DAVY_OK)
        keep_key(s, id, property);
    return st;
}

/* Look into one pattern for names, without recursion. */
static davy_status
take_pattern(struct dv_js_scopes *s, uint32_t pattern, enum pattern_use use)
{
    davy_status st;

    dv_vec_clear(&s->patterns);
    st = push_pattern(s, pattern);
    while (st == DAVY_OK && s->patterns.len > 0) {
        const uint32_t id
            = *(uint32_t *)dv_vec_at(&s->patterns, s->patterns.len - 1);
        const struct dv_js_node *node = node_at(s, id);

        dv_vec_pop(&s->patterns);
        switch (node->kind) {
        case DV_JS_IDENTIFIER:
            st = declare(s, id, use == DECLARE_VAR,
                         use == DECLARE_PARAMETER);
            break;
        case DV_JS_ARRAY_PATTERN:
        case DV_JS_OBJECT_PATTERN:
            st = push_list(s, node->a);
            break;
        case DV_JS_PROPERTY:
            st = take_renamed(s, id, use);
            break;
        case DV_JS_ASSIGNMENT_PATTERN:
        case DV_JS_REST_ELEMENT:
            st = push_pattern(s, node->a);
            break;
        default:
            break;
        }
    }
    return st;
}

static davy_status
declare_variables(struct dv_js_scopes *s, const struct dv_js_node *node)
{
    const enum pattern_use use = node->op == DV_JS_T_VAR ? DECLARE_VAR
                                                         : DECLARE_LEXICAL;
    davy_status st = DAVY_OK;

    for (uint32_t id = node->a; id != 0 && st == DAVY_OK;
         id = node_at(s, id)->next)
        st = take_pattern(s, node_at(s, id)->a, use);
    return st;
}

static davy_status
declare_params(struct dv_js_scopes *s, const struct dv_js_node *node)
{
    davy_status st = DAVY_OK;

    for (uint32_t id = node->b; id != 0 && st == DAVY_OK;
         id = node_at(s, id)->next)
        st = take_pattern(s, id, DECLARE_PARAMETER);
    return st;
}

static davy_status
declare_import(struct dv_js_scopes *s, uint32_t specifier)
{
    const uint32_t local = node_at(s, specifier)->b;
    davy_status st = local == 0 ? DAVY_OK : declare(s, local, true, true);

    if (local != 0 && st == DAVY_OK)
        keep_key(s, local, specifier);
    return st;
}

/* On entering a node, before its own scope opens. */
static davy_status
declare_outside(struct dv_js_scopes *s, uint32_t id)
{
    const struct dv_js_node *node = node_at(s, id);

    switch (node->kind) {
    case DV_JS_VARIABLE_DECLARATION:
        return declare_variables(s, node);
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_CLASS_DECLARATION:
        return node->a == 0 ? DAVY_OK : declare(s, node->a, false, false);
    case DV_JS_IMPORT_SPECIFIER:
        return declare_import(s, id);
    case DV_JS_IMPORT_DEFAULT_SPECIFIER:
    case DV_JS_IMPORT_NAMESPACE_SPECIFIER:
        return node->a == 0 ? DAVY_OK : declare(s, node->a, true, true);
    default:
        return DAVY_OK;
    }
}

/* Names that live in the scope that `node` opens. */
static davy_status
declare_inside(struct dv_js_scopes *s, const struct dv_js_node *node)
{
    davy_status st = DAVY_OK;

    switch (node->kind) {
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_CLASS_EXPRESSION:
        if (node->a != 0)
            st = declare(s, node->a, false, false);
        break;
    case DV_JS_CATCH_CLAUSE:
        return take_pattern(s, node->a, DECLARE_PARAMETER);
    default:
        break;
    }
    if (st == DAVY_OK && node->kind != DV_JS_STATIC_BLOCK
        && is_function(node->kind))
        st = declare_params(s, node);
    return st;
}

/* The slots, as bits, in which an Identifier is no name of a variable. */
static unsigned
other_names(const struct dv_js_node *node)
{
    switch (node->kind) {
    case DV_JS_MEMBER_EXPRESSION:
        return node->flags & DV_JS_COMPUTED ? 0 : 1u << 1;
    case DV_JS_PROPERTY:
    case DV_JS_METHOD_DEFINITION:
    case DV_JS_PROPERTY_DEFINITION:
        return node->flags & DV_JS_COMPUTED ? 0 : 1u << 0;
    case DV_JS_LABELED_STATEMENT:
    case DV_JS_BREAK_STATEMENT:
    case DV_JS_CONTINUE_STATEMENT:
    case DV_JS_IMPORT_SPECIFIER:
        return 1u << 0;
    case DV_JS_EXPORT_SPECIFIER:
        return 1u << 1;
    case DV_JS_META_PROPERTY:
    case DV_JS_IMPORT_ATTRIBUTE:
    case DV_JS_EXPORT_ALL_DECLARATION:
        return 1u << 0 | 1u << 1;
    default:
        return 0;
    }
}

/* In { name } one node is the key and the variable. */
static void
mark_other_names(struct dv_js_scopes *s, const struct dv_js_node *node)
{
    const unsigned slots = other_names(node);

    if ((slots & 1u << 0) && node->a != node->b)
        s->of_node[node->a] = OTHER_NAME;
    if ((slots & 1u << 1) && node->a != node->b)
        s->of_node[node->b] = OTHER_NAME;
}

static davy_status
meet_name(struct dv_js_scopes *s, uint32_t id)
{
    const bool is_variable = s->of_node[id] != OTHER_NAME;

    s->of_node[id] = 0;
    if (is_variable && !dv_vec_push_u32(&s->events, id << 1))
        return DAVY_NO_MEMORY;
    return DAVY_OK;
}

static davy_status
meet_node(struct dv_js_scopes *s, uint32_t id, const struct dv_js_node *node)
{
    davy_status st = DAVY_OK;

    mark_other_names(s, node);
    if (dv_js_scopes_may_write(node)
        && !dv_vec_push_u32(&s->writers, id))
        return DAVY_NO_MEMORY;
    if (s->stack.len > 0)
        st = declare_outside(s, id);
    if (st == DAVY_OK && opens_scope(node->kind)) {
        if (!dv_vec_push_u32(&s->events, id << 1 | 1))
            return DAVY_NO_MEMORY;
        st = open_declaring(s, id);
        if (st == DAVY_OK)
            st = declare_inside(s, node);
    }
    return st;
}

static bool
close_declaring(struct dv_js_scopes *s)
{
    dv_vec_pop(&s->stack);
    return dv_vec_push_u32(&s->events, CLOSE);
}

static davy_status
walk_declarations(struct dv_js_scopes *s)
{
    davy_status st = DAVY_OK;

    dv_vec_clear(&s->writers);
    dv_vec_clear(&s->events);
    for (uint32_t id = s->tree->count; --id > 0 && st == DAVY_OK;) {
        const struct dv_js_node *node = node_at(s, id);

        while (s->stack.len > 1
               && node->start < node_at(s, innermost(s)->node)->start) {
            if (!close_declaring(s))
                return DAVY_NO_MEMORY;
        }
        st = node->kind == DV_JS_IDENTIFIER ? meet_name(s, id)
                                            : meet_node(s, id, node);
    }
    while (st == DAVY_OK && s->stack.len > 0) {
        if (!close_declaring(s))
            st = DAVY_NO_MEMORY;
    }
    s->of_node[0] = 0;
    return st;
}

/* ---- Playing the events back: uses ---- */

static davy_status
open_resolving(struct dv_js_scopes *s, uint32_t id, uint32_t scope)
{
    const struct scope *declared = dv_vec_at(&s->scopes, scope);
    struct open_scope *open = dv_vec_push(&s->stack);

    if (open == NULL)
        return DAVY_NO_MEMORY;
    *open = (struct open_scope){ scope, id, 0, (uint32_t)s->shadows.len };
    for (uint32_t next = declared->head; next != 0;) {
        const struct declared *d = dv_vec_at(&s->declared, next - 1);
        const uint32_t atom = binding_at(s, d->binding)->atom;
        struct shadow *shadow = dv_vec_push(&s->shadows);

        if (shadow == NULL)
            return DAVY_NO_MEMORY;
        *shadow = (struct shadow){ atom, s->of_atom[atom] };
        s->of_atom[atom] = d->binding;
        next = d->next;
    }
    return DAVY_OK;
}

/* The names of the program itself stay: a member of window may be one. */
static void
close_resolving(struct dv_js_scopes *s)
{
    const uint32_t from = innermost(s)->shadows_from;

    while (s->stack.len > 1 && s->shadows.len > from) {
        const struct shadow *shadow = dv_vec_at(&s->shadows,
                                                s->shadows.len - 1);

        s->of_atom[shadow->atom] = shadow->binding;
        dv_vec_pop(&s->shadows);
    }
    dv_vec_pop(&s->stack);
}

/* An undeclared name is a global: it gets a binding of its own. */
static davy_status
resolve_name(struct dv_js_scopes *s, uint32_t id)
{
    const uint32_t atom = node_at(s, id)->a;

    if (s->of_atom[atom] == 0) {
        struct dv_js_binding *global = dv_vec_push(&s->bindings);

        if (global == NULL)
            return DAVY_NO_MEMORY;
        global->atom = atom;
        global->is_global = true;
        global->is_global_object
            = is_global_object(dv_js_atom_text(s->tree, atom));
        s->of_atom[atom] = (uint32_t)s->bindings.len - 1;
    }
    s->of_node[id] = s->of_atom[atom];
    binding_at(s, s->of_node[id])->uses++;
    return DAVY_OK;
}

static davy_status
play_events(struct dv_js_scopes *s)
{
    const uint32_t *events = s->events.at;
    uint32_t scope = 0;
    davy_status st = DAVY_OK;

    for (size_t i = 0; i < s->events.len && st == DAVY_OK; i++) {
        if (events[i] == CLOSE)
            close_resolving(s);
        else if (events[i] & 1)
            st = open_resolving(s, events[i] >> 1, scope++);
        else
            st = resolve_name(s, events[i] >> 1);
    }
    return st;
}

static davy_status
note_writes(struct dv_js_scopes *s)
{
    const uint32_t *writers = s->writers.at;
    davy_status st = DAVY_OK;

    for (size_t i = s->writers.len; i-- > 0 && st == DAVY_OK;)
        st = dv_js_scopes_write(s, writers[i]);
    return st;
}

davy_status
dv_js_scopes_resolve(struct dv_js_scopes *s, const struct dv_js_tree *tree)
{
    davy_status st;

    s->tree = tree;
    dv_vec_clear(&s->bindings);
    dv_vec_clear(&s->scopes);
    dv_vec_clear(&s->stack);
    dv_vec_clear(&s->shadows);
    dv_vec_clear(&s->declared);
    dv_vec_clear(&s->parts);
    if (dv_vec_push(&s->bindings) == NULL || dv_vec_push(&s->parts) == NULL
        || !make_room(s->mem, &s->of_node, &s->nodes_cap, tree->count + 1u)
        || !make_room(s->mem, &s->of_atom, &s->atoms_cap,
                      tree->atoms.count + 1u))
        return DAVY_NO_MEMORY;
    st = walk_declarations(s);
    if (st != DAVY_OK)
        return st;
    memset(s->of_atom, 0, (tree->atoms.count + 1u) * sizeof(*s->of_atom));
    dv_vec_clear(&s->shadows);
    dv_vec_clear(&s->stack);
    st = play_events(s);
    return st == DAVY_OK ? note_writes(s) : st;
}

const struct dv_js_binding *
dv_js_scopes_of(const struct dv_js_scopes *s, uint32_t id)
{
    const uint32_t i = s->of_node[id];

    return i == 0 ? NULL : binding_at(s, i);
}

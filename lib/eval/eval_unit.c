/* SPDX-License-Identifier: MIT */
/* eval_unit.c - source texts, and the names that their scopes declare
 * (ECMA-262, 8.2). */

#include "base/compiler.h"
#include "eval/eval_run.h"
#include "js/js_walk.h"

/* More names than this are found by their hash. */
#define MAX_LINEAR 8u

struct dv_unit *
dv_eval_unit(struct dv_eval *run, struct dv_text *text, enum dv_js_goal goal)
{
    struct dv_unit *unit = dv_heap_alloc(&run->heap, sizeof(*unit));
    struct dv_span source, copy;
    davy_status st;

    if (!dv_eval_has(run, unit) || !dv_text_flat(&run->heap, text)
        || !dv_eval_step(run, text->length / 8 + 64))
        return NULL;
    source = dv_text_utf8(&run->heap, text);
    if (!dv_arena_copy(&run->heap.arena, source, &copy)) {
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
        (void)dv_eval_has(run, NULL);
        return NULL;
    }
    dv_js_tree_init(&unit->own, run->mem);
    unit->next = run->units;
    run->units = unit;                  /* its tree is let go with the run */
    unit->tree = &unit->own;
    unit->is_nested = true;
    unit->at = run->unit->at;
    unit->len = run->unit->len;
    if (!run->unit->is_nested)
        dv_eval_place(run, &unit->at, &unit->len);
    st = dv_js_parse(&unit->own, copy, goal, run->limits);
    if (st == DAVY_NO_MEMORY)
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
    if (st == DAVY_OK && unit->own.errors > 0) {
        (void)dv_eval_throw_error(run, run->syntax_error_proto,
                                  "Invalid or unexpected token");
        return NULL;
    }
    return st == DAVY_OK && dv_unit_prepare(run, unit) ? unit : NULL;
}

bool
dv_unit_prepare(struct dv_eval *run, struct dv_unit *unit)
{
    struct dv_heap *heap = &run->heap;

    unit->keys = dv_heap_alloc(heap, unit->tree->atoms.count
                                         * sizeof(*unit->keys));
    unit->made = dv_heap_alloc(heap, unit->tree->count
                                            * sizeof(*unit->made));
    unit->found = dv_heap_alloc(heap, unit->tree->count
                                          * sizeof(*unit->found));
    unit->visits = dv_heap_alloc(heap, unit->tree->count);
    unit->runs = dv_heap_alloc(heap, unit->tree->count);
    return dv_eval_has(run, unit->keys) && dv_eval_has(run, unit->made)
           && dv_eval_has(run, unit->found) && dv_eval_has(run, unit->visits)
           && dv_eval_has(run, unit->runs);
}

const struct dv_text *
dv_unit_key(struct dv_eval *run, struct dv_unit *unit, uint32_t identifier)
{
    const uint32_t atom = dv_js_at(unit->tree, identifier)->a;
    struct dv_text *text = unit->keys[atom];

    if (text != NULL)
        return text;
    text = dv_text_of_utf8(&run->heap, dv_js_atom_text(unit->tree, atom));
    if (text != NULL)
        text = dv_text_key(&run->heap, text);
    unit->keys[atom] = text;
    return dv_eval_has(run, text) ? text : NULL;
}

struct dv_value
dv_unit_string(struct dv_eval *run, struct dv_unit *unit, uint32_t id)
{
    struct dv_text **kept = (struct dv_text **)&unit->made[id];

    /* A literal is no scope: its place in the list is free. */
    if (*kept == NULL) {
        *kept = dv_text_of_utf8(&run->heap, dv_js_string(unit->tree, id));
        if (*kept != NULL && (*kept)->length < 64)
            *kept = dv_text_key(&run->heap, *kept);
    }
    return dv_eval_text(run, *kept);
}

/* ---- Layouts ---- */

static uint32_t
index_slot(const struct dv_layout *layout, const struct dv_text *name)
{
    const uint32_t mask = layout->index_cap - 1;
    uint32_t at = name->hash & mask;

    while (layout->index[at] != 0
           && layout->names[layout->index[at] - 1] != name)
        at = (at + 1) & mask;
    return at;
}

bool
dv_layout_find(const struct dv_layout *layout, const struct dv_text *name,
               uint32_t *slot)
{
    if (layout->index != NULL) {
        *slot = layout->index[index_slot(layout, name)];
        return (*slot)-- > 0;
    }
    for (*slot = 0; *slot < layout->count; (*slot)++) {
        if (layout->names[*slot] == name)
            return true;
    }
    return false;
}

static bool
grow(struct dv_eval *run, struct dv_layout *layout)
{
    const uint32_t cap = layout->cap == 0 ? 4 : layout->cap * 2;

    layout->names = dv_heap_grow(&run->heap, layout->names, layout->count,
                                 cap, sizeof(*layout->names));
    layout->flags = dv_heap_grow(&run->heap, layout->flags, layout->count,
                                 cap, sizeof(*layout->flags));
    layout->index = cap <= MAX_LINEAR
                        ? NULL
                        : dv_heap_alloc(&run->heap,
                                        cap * 2 * sizeof(*layout->index));
    if (!dv_eval_has(run, layout->names) || !dv_eval_has(run, layout->flags)
        || (cap > MAX_LINEAR && !dv_eval_has(run, layout->index)))
        return false;
    layout->cap = cap;
    layout->index_cap = layout->index == NULL ? 0 : cap * 2;
    for (uint32_t i = 0; layout->index != NULL && i < layout->count; i++)
        layout->index[index_slot(layout, layout->names[i])] = i + 1;
    return true;
}

/* The slot of a name, made when it is new; 0 when the run is over. */
static uint32_t
add_name(struct dv_eval *run, struct dv_layout *layout,
         const struct dv_text *name, unsigned flags)
{
    uint32_t slot;

    if (name == NULL || run->flow == DV_FLOW_OVER)
        return 0;
    if (dv_layout_find(layout, name, &slot)) {
        layout->flags[slot] |= (uint8_t)flags;
        return slot;
    }
    if (layout->count == layout->cap && !grow(run, layout))
        return 0;
    if (layout->index != NULL)
        layout->index[index_slot(layout, name)] = layout->count + 1;
    layout->names[layout->count] = name;
    layout->flags[layout->count] = (uint8_t)flags;
    return layout->count++;
}

static void
add_identifier(struct dv_eval *run, struct dv_unit *unit,
               struct dv_layout *layout, uint32_t id, unsigned flags)
{
    if (id != 0 && dv_js_kind(unit->tree, id) == DV_JS_IDENTIFIER)
        (void)add_name(run, layout, dv_unit_key(run, unit, id), flags);
}

static void
add_function(struct dv_eval *run, struct dv_unit *unit,
             struct dv_layout *layout, uint32_t id, unsigned flags)
{
    const uint32_t name = dv_js_at(unit->tree, id)->a;
    struct dv_declared *all = layout->functions;

    if (name == 0)
        return;
    if (layout->function_count == layout->function_cap) {
        const uint32_t cap = layout->function_cap * 2 + 2;

        all = dv_heap_grow(&run->heap, all, layout->function_count, cap,
                           sizeof(*all));
        if (!dv_eval_has(run, all))
            return;
        layout->functions = all;
        layout->function_cap = cap;
    }
    all[layout->function_count++] = (struct dv_declared){
        id, add_name(run, layout, dv_unit_key(run, unit, name), flags)
    };
}

/* The names that a pattern binds.  Patterns nest no deeper than the parser
 * allows (js_depth). */
static void
add_pattern(struct dv_eval *run, struct dv_unit *unit,
            struct dv_layout *layout, uint32_t id, unsigned flags)
{
    const struct dv_js_node *node = dv_js_at(unit->tree, id);

    if (id == 0)
        return;
    switch (node->kind) {
    case DV_JS_IDENTIFIER:
        add_identifier(run, unit, layout, id, flags);
        break;
    case DV_JS_ARRAY_PATTERN:
    case DV_JS_OBJECT_PATTERN:
        for (id = node->a; id != 0; id = dv_js_at(unit->tree, id)->next)
            add_pattern(run, unit, layout, id, flags);
        break;
    case DV_JS_PROPERTY:
        add_pattern(run, unit, layout, node->b, flags);
        break;
    case DV_JS_ASSIGNMENT_PATTERN:
    case DV_JS_REST_ELEMENT:
        add_pattern(run, unit, layout, node->a, flags);
        break;
    default:
        break;
    }
}

static void
add_declarators(struct dv_eval *run, struct dv_unit *unit,
                struct dv_layout *layout, const struct dv_js_node *node)
{
    const unsigned flags = node->op == DV_JS_T_VAR   ? 0
                           : node->op == DV_JS_T_LET ? DV_NAME_LEXICAL
                                                     : DV_NAME_LEXICAL
                                                           | DV_NAME_CONST;

    for (uint32_t id = node->a; id != 0; id = dv_js_at(unit->tree, id)->next)
        add_pattern(run, unit, layout, dv_js_at(unit->tree, id)->a, flags);
}

static bool
is_function(unsigned kind)
{
    return kind == DV_JS_FUNCTION_DECLARATION
           || kind == DV_JS_FUNCTION_EXPRESSION
           || kind == DV_JS_ARROW_FUNCTION_EXPRESSION;
}

/* What var declares anywhere below `root`, and functions in its blocks. */
static void
add_vars(struct dv_eval *run, struct dv_unit *unit, struct dv_layout *layout,
         uint32_t root)
{
    struct dv_js_walk walk;
    struct dv_js_visit visit;

    dv_js_walk_init(&walk, unit->tree);
    if (root == 0 || dv_js_walk_begin(&walk, root) != DAVY_OK) {
        dv_js_walk_fini(&walk);
        return;
    }
    while (dv_eval_step(run, 1) && dv_js_walk_next(&walk, &visit) == DAVY_OK) {
        const struct dv_js_node *node = dv_js_at(unit->tree, visit.id);

        if (visit.is_leaving)
            continue;
        if (node->kind == DV_JS_VARIABLE_DECLARATION
            && node->op == DV_JS_T_VAR)
            add_declarators(run, unit, layout, node);
        if (node->kind == DV_JS_FUNCTION_DECLARATION)
            add_identifier(run, unit, layout, node->a, 0);
        if ((is_function(node->kind) && visit.id != root)
            || node->kind == DV_JS_METHOD_DEFINITION
            || node->kind == DV_JS_PROPERTY_DEFINITION
            || node->kind == DV_JS_STATIC_BLOCK)
            dv_js_walk_skip(&walk);
    }
    dv_js_walk_fini(&walk);
}

/* Imported names are unknown, and there from the start. */
static void
add_imports(struct dv_eval *run, struct dv_unit *unit,
            struct dv_layout *layout, const struct dv_js_node *node)
{
    for (uint32_t id = node->a; id != 0; id = dv_js_at(unit->tree, id)->next) {
        const struct dv_js_node *specifier = dv_js_at(unit->tree, id);

        add_identifier(run, unit, layout,
                       specifier->kind == DV_JS_IMPORT_SPECIFIER
                           ? specifier->b
                           : specifier->a,
                       DV_NAME_LEXICAL);
    }
}

/* What a list of statements declares for itself. */
static void
add_lexicals(struct dv_eval *run, struct dv_unit *unit,
             struct dv_layout *layout, uint32_t head, unsigned function_flags)
{
    for (uint32_t id = head; id != 0; id = dv_js_at(unit->tree, id)->next) {
        const struct dv_js_node *node = dv_js_at(unit->tree, id);
        uint32_t inner = id;

        if ((node->kind == DV_JS_EXPORT_NAMED_DECLARATION
             || node->kind == DV_JS_EXPORT_DEFAULT_DECLARATION)
            && node->a != 0) {
            inner = node->a;
            node = dv_js_at(unit->tree, inner);
        }
        if (node->kind == DV_JS_FUNCTION_DECLARATION) {
            if (function_flags != DV_NAME_VAR)
                add_function(run, unit, layout, inner, function_flags);
        } else if (node->kind == DV_JS_CLASS_DECLARATION)
            add_identifier(run, unit, layout, node->a, DV_NAME_LEXICAL);
        else if (node->kind == DV_JS_VARIABLE_DECLARATION
                 && node->op != DV_JS_T_VAR)
            add_declarators(run, unit, layout, node);
        else if (node->kind == DV_JS_IMPORT_DECLARATION)
            add_imports(run, unit, layout, node);
    }
}

static void
fill_function(struct dv_eval *run, struct dv_unit *unit,
              struct dv_layout *layout, const struct dv_js_node *node)
{
    const struct dv_js_node *body = dv_js_at(unit->tree, node->c);

    for (uint32_t id = node->b; id != 0; id = dv_js_at(unit->tree, id)->next)
        add_pattern(run, unit, layout, id, 0);
    if (node->kind != DV_JS_ARROW_FUNCTION_EXPRESSION)
        (void)add_name(run, layout, run->key_arguments, 0);
    if (node->kind == DV_JS_FUNCTION_EXPRESSION
        && !(node->flags & DV_JS_FUNCTION_METHOD))
        add_identifier(run, unit, layout, node->a, 0);
    add_vars(run, unit, layout, node->c);
    if (node->c != 0 && body->kind == DV_JS_BLOCK_STATEMENT)
        add_lexicals(run, unit, layout, body->a, 0);
}

static void
fill(struct dv_eval *run, struct dv_unit *unit, struct dv_layout *layout,
     const struct dv_js_node *node)
{
    uint32_t head;

    switch (node->kind) {
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_ARROW_FUNCTION_EXPRESSION:
        fill_function(run, unit, layout, node);
        break;
    case DV_JS_STATIC_BLOCK:
        add_vars(run, unit, layout, node->a);
        add_lexicals(run, unit, layout, node->a, 0);
        break;
    case DV_JS_PROGRAM:
        add_lexicals(run, unit, layout, node->a, DV_NAME_VAR);
        break;
    case DV_JS_BLOCK_STATEMENT:
        add_lexicals(run, unit, layout, node->a, DV_NAME_OUTER);
        break;
    case DV_JS_SWITCH_STATEMENT:
        for (head = node->b; head != 0;
             head = dv_js_at(unit->tree, head)->next)
            add_lexicals(run, unit, layout, dv_js_at(unit->tree, head)->b,
                         DV_NAME_OUTER);
        break;
    case DV_JS_FOR_STATEMENT:
    case DV_JS_FOR_IN_STATEMENT:
    case DV_JS_FOR_OF_STATEMENT:
        if (dv_js_kind(unit->tree, node->a) == DV_JS_VARIABLE_DECLARATION
            && dv_js_at(unit->tree, node->a)->op != DV_JS_T_VAR)
            add_declarators(run, unit, layout,
                            dv_js_at(unit->tree, node->a));
        break;
    case DV_JS_CATCH_CLAUSE:
        add_pattern(run, unit, layout, node->a, 0);
        break;
    case DV_JS_CLASS_DECLARATION:
    case DV_JS_CLASS_EXPRESSION:
        add_identifier(run, unit, layout, node->a, DV_NAME_LEXICAL);
        break;
    default:
        break;
    }
}

/* A scope that declares nothing is known by this one. */
static const struct dv_layout nothing;

const struct dv_layout *
dv_unit_layout(struct dv_eval *run, struct dv_unit *unit, uint32_t id)
{
    struct dv_layout *layout = unit->made[id];

    if (layout != NULL)
        return layout == &nothing ? NULL : layout;
    layout = dv_heap_alloc(&run->heap, sizeof(*layout));
    if (!dv_eval_has(run, layout))
        return NULL;
    fill(run, unit, layout, dv_js_at(unit->tree, id));
    unit->made[id] = layout->count == 0 ? (void *)(uintptr_t)&nothing : layout;
    return layout->count == 0 ? NULL : layout;
}

const struct dv_layout *
dv_unit_vars(struct dv_eval *run, struct dv_unit *unit)
{
    struct dv_layout *layout = dv_heap_alloc(&run->heap, sizeof(*layout));
    const struct dv_js_node *root = dv_js_at(unit->tree, unit->tree->root);

    if (!dv_eval_has(run, layout))
        return NULL;
    for (uint32_t id = root->a; id != 0; id = dv_js_at(unit->tree, id)->next) {
        const struct dv_js_node *node = dv_js_at(unit->tree, id);
        const bool is_export = node->kind == DV_JS_EXPORT_NAMED_DECLARATION
                               || node->kind
                                      == DV_JS_EXPORT_DEFAULT_DECLARATION;
        const uint32_t inner = is_export && node->a != 0 ? node->a : id;

        if (dv_js_kind(unit->tree, inner) == DV_JS_FUNCTION_DECLARATION)
            add_function(run, unit, layout, inner, 0);
    }
    add_vars(run, unit, layout, unit->tree->root);
    return layout;
}

/* SPDX-License-Identifier: MIT */
/* js_ast.c - memory of trees, and the values of their nodes. */

#include "js/js_ast.h"

#define FIRST_NODES ((uint32_t)256)
#define FIRST_TEXTS ((uint32_t)16)

#define ONE(name)  { DV_JS_SLOT_ONE, #name }
#define LIST(name) { DV_JS_SLOT_LIST, #name }
#define BITS(name) { DV_JS_SLOT_BITS, #name }
#define NONE       { DV_JS_SLOT_NONE, NULL }

const struct dv_js_shape dv_js_shapes[DV_JS_KIND_COUNT] = {
    [DV_JS_NONE] = { "none", { NONE, NONE, NONE, NONE } },
#define DV_JS_NODE_ROW(NAME, text, a, b, c, d) \
    [DV_JS_##NAME] = { text, { a, b, c, d } },
#include "js/js_ast.def"
#undef DV_JS_NODE_ROW
};

const char *
dv_js_kind_text(unsigned kind)
{
    return kind < DV_JS_KIND_COUNT ? dv_js_shapes[kind].text : "";
}

void
dv_js_tree_init(struct dv_js_tree *tree, struct dv_mem *mem)
{
    *tree = (struct dv_js_tree){ .mem = mem };
    dv_arena_init(&tree->arena, mem);
    dv_js_atoms_init(&tree->atoms, mem);
}

void
dv_js_tree_reset(struct dv_js_tree *tree)
{
    tree->source = dv_span_of(NULL, 0);
    tree->count = 0;
    tree->root = 0;
    tree->is_module = false;
    tree->text_count = 0;
    tree->errors = 0;
    tree->first = (struct dv_js_error){ 0, NULL };
    tree->end = 0;
    dv_js_atoms_clear(&tree->atoms);
    dv_arena_reset(&tree->arena);
}

void
dv_js_tree_fini(struct dv_js_tree *tree)
{
    dv_mem_free(tree->mem, tree->nodes, tree->cap * sizeof(*tree->nodes));
    dv_mem_free(tree->mem, tree->texts,
                tree->text_cap * sizeof(*tree->texts));
    dv_js_atoms_fini(&tree->atoms);
    dv_arena_fini(&tree->arena);
    dv_js_tree_init(tree, tree->mem);
}

bool
dv_js_tree_grow(struct dv_js_tree *tree)
{
    const uint32_t cap = tree->cap == 0 ? FIRST_NODES : tree->cap * 2;
    void *moved;

    if (tree->cap > UINT32_MAX / 2)
        return false;
    moved = dv_mem_realloc(tree->mem, tree->nodes,
                           tree->cap * sizeof(*tree->nodes),
                           cap * sizeof(*tree->nodes));
    if (moved == NULL)
        return false;
    tree->nodes = moved;
    tree->cap = cap;
    return true;
}

bool
dv_js_tree_add_text(struct dv_js_tree *tree, struct dv_span text,
                    uint32_t *number)
{
    if (tree->text_count == tree->text_cap) {
        const uint32_t cap = tree->text_cap == 0 ? FIRST_TEXTS
                                                 : tree->text_cap * 2;
        void *moved = dv_mem_realloc(tree->mem, tree->texts,
                                     tree->text_cap * sizeof(*tree->texts),
                                     cap * sizeof(*tree->texts));

        if (moved == NULL)
            return false;
        tree->texts = moved;
        tree->text_cap = cap;
    }
    tree->texts[tree->text_count] = text;
    *number = tree->text_count++;
    return true;
}

struct dv_span
dv_js_source(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);

    return dv_span_slice(tree->source, node->start, node->end - node->start);
}

struct dv_span
dv_js_name(const struct dv_js_tree *tree, uint32_t id)
{
    return tree->atoms.text[dv_js_at(tree, id)->a];
}

/* The source of a node without `front` bytes before and `back` behind. */
static struct dv_span
inner(const struct dv_js_tree *tree, uint32_t id, size_t front, size_t back)
{
    const struct dv_span all = dv_js_source(tree, id);

    if (front + back > all.len)
        return dv_span_of(NULL, 0);
    return dv_span_slice(all, front, all.len - front - back);
}

/* A template's part ends in ` or in ${. */
static struct dv_span
template_part(const struct dv_js_tree *tree, uint32_t id)
{
    return inner(tree, id, 0, 0);
}

struct dv_span
dv_js_string(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);

    if (node->flags & DV_JS_COOKED)
        return tree->texts[node->a];
    switch (node->kind) {
    case DV_JS_STRING_LITERAL:
        return inner(tree, id, 1, 1);
    case DV_JS_BIGINT_LITERAL:
        return inner(tree, id, 0, 1);
    case DV_JS_TEMPLATE_ELEMENT:
        if (node->flags & DV_JS_INVALID)
            return dv_span_of(NULL, 0);
        return template_part(tree, id);
    default:
        return dv_span_of(NULL, 0);
    }
}

struct dv_span
dv_js_raw(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);

    if (node->flags & DV_JS_RAW)
        return tree->texts[node->b];
    return template_part(tree, id);
}

double
dv_js_number(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);
    const uint64_t bits = (uint64_t)node->b << 32 | node->a;
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

struct dv_span
dv_js_regexp_pattern(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);

    return dv_span_slice(tree->source, node->start + 1,
                         node->a - node->start - 1);
}

struct dv_span
dv_js_regexp_flags(const struct dv_js_tree *tree, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(tree, id);

    return dv_span_slice(tree->source, node->a + 1, node->end - node->a - 1);
}

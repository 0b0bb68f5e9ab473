/* SPDX-License-Identifier: MIT */
/* js_ast.h - the tree of a script: 32 bytes a node, linked by numbers.
 *
 * A node is known by its number, 1 to count - 1; 0 is no node.  Kinds, slots
 * and flags are listed in js_ast.def.  Promises to readers:
 *
 * - A node is made after everything below it: its number is larger than that
 *   of each child.  `for (id = 1; id < tree->count; id++)` meets children
 *   before parents and needs neither stack nor recursion; but it also meets
 *   pieces that a syntax error left outside the tree (those of an
 *   ErrorStatement hang in it).
 * - Depth is bounded by the parser's limit (js_depth), except along chains,
 *   which may have a million links and must be walked in a loop:
 *       to the left   Binary-, Logical-, Member-, CallExpression and
 *                     TaggedTemplateExpression through slot a
 *       to the right  IfStatement and ConditionalExpression through slot c
 *   dv_js_walk (js_walk.h) visits everything without recursion.
 * - start and end are offsets into the source; parentheses around an expression
 *   are outside of its range (flag PAREN). */

#ifndef DV_JS_AST_H
#define DV_JS_AST_H

#include "base/arena.h"
#include "js/js_atom.h"
#include "js/js_token.h"

enum dv_js_kind {
    DV_JS_NONE,
#define DV_JS_NODE_ROW(NAME, text, a, b, c, d) DV_JS_##NAME,
#include "js/js_ast.def"
#undef DV_JS_NODE_ROW
    DV_JS_KIND_COUNT
};

/* Bits of dv_js_node.flags; what a bit says depends on the kind. */
enum dv_js_flag {
    DV_JS_PAREN = 0x01,         /* expressions, patterns: in parentheses */

    DV_JS_MODULE = 0x02,        /* Program: parsed as a module */
    DV_JS_ASYNC = 0x02,         /* functions */
    DV_JS_GENERATOR = 0x04,     /* functions */
    DV_JS_STRICT = 0x08,        /* functions, Program: strict code */
    DV_JS_EXPRESSION = 0x10,    /* arrow function: the body is no block */
    DV_JS_SIMPLE = 0x20,        /* functions: parameters are plain names */
    DV_JS_FUNCTION_METHOD = 0x40, /* FunctionExpression: value of a method,
                                 * getter, setter or constructor */

    DV_JS_COMPUTED = 0x02,      /* member, property, class element: [key] */
    DV_JS_OPTIONAL = 0x04,      /* member, call: after ?. */
    DV_JS_STATIC = 0x08,        /* class elements */
    DV_JS_SHORTHAND = 0x10,     /* Property, Import-, ExportSpecifier */
    DV_JS_METHOD = 0x20,        /* Property */

    DV_JS_COOKED = 0x02,        /* literals: slot a is a text */
    DV_JS_RAW = 0x04,           /* TemplateElement: slot b is a text */
    DV_JS_INVALID = 0x08,       /* TemplateElement: undefined when cooked */
    DV_JS_ESCAPED = 0x10,       /* Identifier, string: written with escapes */

    DV_JS_DIRECTIVE = 0x02,     /* ExpressionStatement */
    DV_JS_PREFIX = 0x02,        /* UpdateExpression */
    DV_JS_DELEGATE = 0x02,      /* YieldExpression: yield* */
    DV_JS_INNER_SUM = 0x02,     /* BinaryExpression +: left operand of a + */
    DV_JS_AWAIT = 0x02,         /* ForOfStatement */

    DV_JS_COMMA_BEHIND = 0x80   /* SpreadElement: for the parser's own use */
};

struct dv_js_node {
    uint8_t kind;               /* enum dv_js_kind */
    uint8_t flags;              /* enum dv_js_flag */
    uint16_t op;                /* enum dv_js_token, where js_ast.def says so */
    uint32_t start, end;        /* source[start .. end) */
    uint32_t next;              /* the sibling in the same list, or 0 */
    union {
        struct {
            uint32_t a, b, c, d;
        };
        uint32_t slot[4];
    };
};

/* What a slot holds. */
enum dv_js_slot_type {
    DV_JS_SLOT_NONE,
    DV_JS_SLOT_ONE,
    DV_JS_SLOT_LIST,
    DV_JS_SLOT_BITS
};

struct dv_js_slot {
    uint8_t type;               /* enum dv_js_slot_type */
    const char *name;           /* "left", ...; NULL for NONE */
};

struct dv_js_shape {
    const char *text;           /* "BinaryExpression" */
    struct dv_js_slot slot[4];  /* a, b, c, d */
};

/* By kind. */
extern const struct dv_js_shape dv_js_shapes[DV_JS_KIND_COUNT];

struct dv_js_error {
    uint32_t offset;
    const char *message;        /* a constant; NULL without an error */
};

struct dv_js_tree {
    struct dv_mem *mem;
    struct dv_span source;      /* borrowed: must outlive the tree's use */
    struct dv_js_node *nodes;
    uint32_t count;             /* of nodes, with the unused node 0 */
    uint32_t cap;
    uint32_t root;              /* Program; 0 before the first parse */
    bool is_module;
    struct dv_js_atoms atoms;   /* names of Identifier, PrivateIdentifier */
    struct dv_span *texts;      /* cooked values */
    uint32_t text_count, text_cap;
    struct dv_arena arena;      /* bytes of cooked values and names */
    uint32_t errors;            /* how many syntax errors */
    struct dv_js_error first;   /* the first of them in the source */
    uint32_t end;               /* offset up to which the source was parsed;
                                 * less than its length after DAVY_LIMIT */
};

void dv_js_tree_init(struct dv_js_tree *tree, struct dv_mem *mem);

/* Forget the script, keep the memory for the next one. */
void dv_js_tree_reset(struct dv_js_tree *tree);
void dv_js_tree_fini(struct dv_js_tree *tree);

/* Node `id`, which is below count. */
static inline const struct dv_js_node *
dv_js_at(const struct dv_js_tree *tree, uint32_t id)
{
    return &tree->nodes[id];
}

/* The kind of node `id`; DV_JS_NONE for 0.  Needs a parsed tree (root set). */
static inline unsigned
dv_js_kind(const struct dv_js_tree *tree, uint32_t id)
{
    return tree->nodes[id].kind;
}

/* ESTree's name of a kind. */
const char *dv_js_kind_text(unsigned kind);

/* What stands in the source from the node's start to its end. */
struct dv_span dv_js_source(const struct dv_js_tree *tree, uint32_t id);

/* The name of an Identifier or PrivateIdentifier, escapes undone. */
struct dv_span dv_js_name(const struct dv_js_tree *tree, uint32_t id);

/* The value of a StringLiteral or TemplateElement (cooked; empty when INVALID)
 * in WTF-8: surrogate escapes that pair up are one code point, lone ones are
 * three bytes.  For a BigIntLiteral its digits with prefix, without separators
 * and the n: "0xff". */
struct dv_span dv_js_string(const struct dv_js_tree *tree, uint32_t id);

/* The raw value of a TemplateElement, line ends normalised to LF. */
struct dv_span dv_js_raw(const struct dv_js_tree *tree, uint32_t id);

/* The value of a NumericLiteral. */
double dv_js_number(const struct dv_js_tree *tree, uint32_t id);

/* Pattern and flags of a RegExpLiteral, as written. */
struct dv_span dv_js_regexp_pattern(const struct dv_js_tree *tree, uint32_t id);
struct dv_span dv_js_regexp_flags(const struct dv_js_tree *tree, uint32_t id);

/* The atom of `name`, made when absent; the bytes must live as long as the
 * tree's content.  0 when memory is refused. */
static inline uint32_t
dv_js_atom_put(struct dv_js_tree *tree, struct dv_span name)
{
    return dv_js_atoms_put(&tree->atoms, name);
}

/* The atom of `name`, or 0 when no name of the tree has it. */
static inline uint32_t
dv_js_atom_get(const struct dv_js_tree *tree, struct dv_span name)
{
    return dv_js_atoms_get(&tree->atoms, name);
}

/* The text of an atom below atoms.count. */
static inline struct dv_span
dv_js_atom_text(const struct dv_js_tree *tree, uint32_t atom)
{
    return tree->atoms.text[atom];
}

/* ---- For those who build trees ---------------------------------------- */

/* Double the room for nodes; false when memory is refused. */
bool dv_js_tree_grow(struct dv_js_tree *tree) DV_MUST_CHECK;

/* A fresh node; 0 when memory is refused.  May move all nodes. */
static inline uint32_t
dv_js_tree_add(struct dv_js_tree *tree, unsigned kind, uint32_t start,
               uint32_t end)
{
    if (DV_UNLIKELY(tree->count >= tree->cap) && !dv_js_tree_grow(tree))
        return 0;
    tree->nodes[tree->count] = (struct dv_js_node){ .kind = (uint8_t)kind,
                                                    .start = start,
                                                    .end = end };
    return tree->count++;
}

/* Keep a span as a text; false when memory is refused. */
bool dv_js_tree_add_text(struct dv_js_tree *tree, struct dv_span text,
                         uint32_t *number) DV_MUST_CHECK;

#endif

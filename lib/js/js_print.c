/* SPDX-License-Identifier: MIT */
/* js_print.c - a tree as text. */

#include "js/js_print.h"

#include <stdio.h>

#include "js/js_walk.h"

/* Deeper nodes are indented like this, or a chain of n links would take n * n
 * bytes. */
#define DEEPEST_INDENT 200

/* Names of the bits that a kind has; what a bit says depends on it. */
struct flag_name {
    uint8_t first, last;        /* kinds */
    uint8_t flag;
    const char *text;
};

static const struct flag_name flag_names[] = {
    { DV_JS_PROGRAM, DV_JS_PROGRAM, DV_JS_MODULE, "module" },
    { DV_JS_PROGRAM, DV_JS_PROGRAM, DV_JS_STRICT, "strict" },
    { DV_JS_EXPRESSION_STATEMENT, DV_JS_EXPRESSION_STATEMENT,
      DV_JS_DIRECTIVE, "directive" },
    { DV_JS_FOR_OF_STATEMENT, DV_JS_FOR_OF_STATEMENT, DV_JS_AWAIT, "await" },
    { DV_JS_FUNCTION_DECLARATION, DV_JS_ARROW_FUNCTION_EXPRESSION,
      DV_JS_ASYNC, "async" },
    { DV_JS_FUNCTION_DECLARATION, DV_JS_ARROW_FUNCTION_EXPRESSION,
      DV_JS_GENERATOR, "generator" },
    { DV_JS_FUNCTION_DECLARATION, DV_JS_ARROW_FUNCTION_EXPRESSION,
      DV_JS_STRICT, "strict" },
    { DV_JS_FUNCTION_DECLARATION, DV_JS_ARROW_FUNCTION_EXPRESSION,
      DV_JS_EXPRESSION, "expression" },
    { DV_JS_FUNCTION_DECLARATION, DV_JS_ARROW_FUNCTION_EXPRESSION,
      DV_JS_FUNCTION_METHOD, "method" },
    { DV_JS_METHOD_DEFINITION, DV_JS_PROPERTY_DEFINITION, DV_JS_COMPUTED,
      "computed" },
    { DV_JS_METHOD_DEFINITION, DV_JS_PROPERTY_DEFINITION, DV_JS_STATIC,
      "static" },
    { DV_JS_PROPERTY, DV_JS_PROPERTY, DV_JS_COMPUTED, "computed" },
    { DV_JS_PROPERTY, DV_JS_PROPERTY, DV_JS_SHORTHAND, "shorthand" },
    { DV_JS_PROPERTY, DV_JS_PROPERTY, DV_JS_METHOD, "method" },
    { DV_JS_UPDATE_EXPRESSION, DV_JS_UPDATE_EXPRESSION, DV_JS_PREFIX,
      "prefix" },
    { DV_JS_CALL_EXPRESSION, DV_JS_CALL_EXPRESSION, DV_JS_OPTIONAL,
      "optional" },
    { DV_JS_MEMBER_EXPRESSION, DV_JS_MEMBER_EXPRESSION, DV_JS_COMPUTED,
      "computed" },
    { DV_JS_MEMBER_EXPRESSION, DV_JS_MEMBER_EXPRESSION, DV_JS_OPTIONAL,
      "optional" },
    { DV_JS_YIELD_EXPRESSION, DV_JS_YIELD_EXPRESSION, DV_JS_DELEGATE,
      "delegate" },
    { DV_JS_TEMPLATE_ELEMENT, DV_JS_TEMPLATE_ELEMENT, DV_JS_INVALID,
      "invalid" }
};

/* Appends that stop at the first refusal. */
struct printer {
    const struct dv_js_tree *tree;
    struct dv_buf *out;
    davy_status st;
};

static void
put(struct printer *pr, struct dv_span text)
{
    if (pr->st == DAVY_OK)
        pr->st = dv_buf_append(pr->out, text);
}

static void
put_text(struct printer *pr, const char *text)
{
    put(pr, dv_span_cstr(text));
}

static void
put_byte(struct printer *pr, uint8_t byte)
{
    put(pr, dv_span_of(&byte, 1));
}

/* Between quotes; what would break the line or the quotes as \xNN. */
static void
put_quoted(struct printer *pr, struct dv_span text)
{
    char escape[8];

    put_byte(pr, '"');
    while (text.len > 0) {
        size_t n = 0;

        while (n < text.len && text.at[n] >= 0x20 && text.at[n] != '"'
               && text.at[n] != '\\' && text.at[n] != 0x7f)
            n++;
        put(pr, dv_span_slice(text, 0, n));
        dv_span_skip(&text, n);
        if (text.len == 0)
            break;
        snprintf(escape, sizeof(escape), "\\x%02x", text.at[0]);
        put_text(pr, escape);
        dv_span_skip(&text, 1);
    }
    put_byte(pr, '"');
}

/* Whole numbers by value; others as written, since printf asks the locale what
 * a decimal point is. */
static void
put_number(struct printer *pr, uint32_t id)
{
    const double value = dv_js_number(pr->tree, id);
    char text[40];

    put_byte(pr, ' ');
    if (value < 1e15 && value == (double)(uint64_t)value) {
        snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
        put_text(pr, text);
    } else {
        put(pr, dv_js_source(pr->tree, id));
    }
}

static void
put_value(struct printer *pr, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(pr->tree, id);

    switch (node->kind) {
    case DV_JS_IDENTIFIER:
    case DV_JS_PRIVATE_IDENTIFIER:
        put_byte(pr, ' ');
        put_quoted(pr, dv_js_name(pr->tree, id));
        break;
    case DV_JS_STRING_LITERAL:
    case DV_JS_BIGINT_LITERAL:
        put_byte(pr, ' ');
        put_quoted(pr, dv_js_string(pr->tree, id));
        break;
    case DV_JS_TEMPLATE_ELEMENT:
        put_byte(pr, ' ');
        put_quoted(pr, dv_js_string(pr->tree, id));
        if (node->flags & (DV_JS_COOKED | DV_JS_RAW | DV_JS_INVALID)) {
            put_text(pr, " raw ");
            put_quoted(pr, dv_js_raw(pr->tree, id));
        }
        break;
    case DV_JS_NUMERIC_LITERAL:
        put_number(pr, id);
        break;
    case DV_JS_REGEXP_LITERAL:
        put_byte(pr, ' ');
        put_quoted(pr, dv_js_regexp_pattern(pr->tree, id));
        put_byte(pr, ' ');
        put_quoted(pr, dv_js_regexp_flags(pr->tree, id));
        break;
    default:
        break;
    }
}

static void
put_flags(struct printer *pr, const struct dv_js_node *node)
{
    for (size_t i = 0; i < DV_COUNT_OF(flag_names); i++) {
        const struct flag_name *f = &flag_names[i];

        if (node->kind >= f->first && node->kind <= f->last
            && (node->flags & f->flag)) {
            put_byte(pr, ' ');
            put_text(pr, f->text);
        }
    }
    if (node->flags & DV_JS_PAREN)
        put_text(pr, " parenthesised");
}

/* slot: Kind op value flags start-end */
static void
put_node(struct printer *pr, const struct dv_js_visit *visit)
{
    const struct dv_js_node *node = dv_js_at(pr->tree, visit->id);
    char range[32];

    for (uint32_t i = 0; i < visit->depth && i < DEEPEST_INDENT; i++)
        put_text(pr, "  ");
    if (visit->parent != 0) {
        const unsigned above = dv_js_kind(pr->tree, visit->parent);

        put_text(pr, dv_js_shapes[above].slot[visit->slot].name);
        put_text(pr, ": ");
    }
    put_text(pr, dv_js_kind_text(node->kind));
    if (node->op != 0) {
        put_byte(pr, ' ');
        put_text(pr, dv_js_token_text(node->op));
    }
    put_value(pr, visit->id);
    put_flags(pr, node);
    snprintf(range, sizeof(range), " %u-%u\n", node->start, node->end);
    put_text(pr, range);
}

static void
put_error(struct printer *pr)
{
    char head[48];

    if (pr->tree->first.message == NULL)
        return;
    snprintf(head, sizeof(head), "error at %u: ", pr->tree->first.offset);
    put_text(pr, head);
    put_text(pr, pr->tree->first.message);
    put_byte(pr, '\n');
}

davy_status
dv_js_ast_print(const struct dv_js_tree *tree, struct dv_buf *out)
{
    struct printer pr = { tree, out, DAVY_OK };
    struct dv_js_visit visit;
    struct dv_js_walk walk;
    davy_status st;

    put_error(&pr);
    dv_js_walk_init(&walk, tree);
    st = dv_js_walk_begin(&walk, tree->root);
    while (st == DAVY_OK && pr.st == DAVY_OK) {
        st = dv_js_walk_next(&walk, &visit);
        if (st == DAVY_OK && !visit.is_leaving)
            put_node(&pr, &visit);
    }
    dv_js_walk_fini(&walk);
    if (pr.st != DAVY_OK)
        return pr.st;
    return st == DAVY_DECLINED ? DAVY_OK : st;
}

/* SPDX-License-Identifier: MIT */
/* js_parse_literal.c - literals and templates (ECMA-262, 12.9 and 13.2.8). */

#include "js/js_escape.h"
#include "js/js_parse_state.h"
#include "js/js_regexp_syntax.h"

/* Keep `text` as the cooked (slot a) or raw (slot b) value of a node. */
static void
keep_text(struct dv_js_parser *p, uint32_t id, unsigned slot, uint8_t flag,
          struct dv_span text)
{
    uint32_t number;

    if (id == 0)
        return;
    if (!dv_js_tree_add_text(p->tree, text, &number)) {
        dv_js_parse_no_memory(p);
        return;
    }
    node_of(p, id)->slot[slot] = number;
    node_of(p, id)->flags |= flag;
}

uint32_t
dv_js_parse_number(struct dv_js_parser *p)
{
    const double value = p->lex.number;
    uint64_t bits;
    uint32_t id;

    if ((p->lex.flags & DV_JS_TOKEN_OCTAL) && (p->context & C_STRICT))
        dv_js_parse_complain(p, p->lex.start, "octal number in strict code");
    memcpy(&bits, &value, sizeof(bits));
    id = make_token(p, DV_JS_NUMERIC_LITERAL, (uint32_t)bits);
    node_of(p, id)->b = (uint32_t)(bits >> 32);
    return id;
}

/* Digits without their underscores. */
static bool
strip_separators(struct dv_js_parser *p, struct dv_span from,
                 struct dv_span *digits)
{
    uint8_t *const at = dv_arena_bytes(&p->tree->arena, from.len);
    size_t len = 0;

    if (at == NULL)
        return false;
    for (size_t i = 0; i < from.len; i++) {
        if (from.at[i] != '_')
            at[len++] = from.at[i];
    }
    *digits = dv_span_of(at, len);
    return true;
}

uint32_t
dv_js_parse_bigint(struct dv_js_parser *p)
{
    struct dv_span digits = dv_js_lexer_text(&p->lex);
    const bool is_plain = !(p->lex.flags & DV_JS_TOKEN_SEPARATOR);
    const uint32_t id = make_token(p, DV_JS_BIGINT_LITERAL, 0);

    if (is_plain)
        return id;
    digits.len--;
    if (strip_separators(p, digits, &digits))
        keep_text(p, id, 0, DV_JS_COOKED, digits);
    else
        dv_js_parse_no_memory(p);
    return id;
}

uint32_t
dv_js_parse_string(struct dv_js_parser *p)
{
    struct dv_span text = dv_js_lexer_text(&p->lex);
    const uint8_t flags = p->lex.flags;
    const uint32_t offset = p->lex.start;
    const uint32_t id = make_token(p, DV_JS_STRING_LITERAL, 0);

    if (!(flags & DV_JS_TOKEN_ESCAPE))
        return id;
    if (flags & DV_JS_TOKEN_OCTAL) {
        p->last_octal = offset + 1;
        if (p->context & C_STRICT)
            dv_js_parse_complain(p, offset, "octal escape in strict code");
    }
    text = dv_span_slice(text, 1, text.len - 2);
    if (dv_js_escape_cook(&p->tree->arena, text, false, &text))
        keep_text(p, id, 0, DV_JS_COOKED | DV_JS_ESCAPED, text);
    else
        dv_js_parse_no_memory(p);
    return id;
}

uint32_t
dv_js_parse_regexp(struct dv_js_parser *p)
{
    struct dv_span pattern, flags;
    uint32_t start, slash;

    dv_js_lexer_regexp(&p->lex);
    if (!is_at(p, DV_JS_T_REGEXP)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    start = p->lex.start;
    slash = p->lex.slash;
    pattern = dv_span_slice(p->tree->source, start + 1, slash - start - 1);
    flags = dv_span_slice(p->tree->source, slash + 1, p->lex.stop - slash - 1);
    switch (dv_js_regexp_check(&p->regexp, pattern, flags)) {
    case DAVY_OK:
        break;
    case DAVY_NO_MEMORY:
        dv_js_parse_no_memory(p);
        return 0;
    default:
        dv_js_parse_complain(p,
                             start + 1 + (uint32_t)p->regexp.error.offset,
                             p->regexp.error.message);
        break;
    }
    return make_token(p, DV_JS_REGEXP_LITERAL, slash);
}

/* The current template token as a TemplateElement; passes it. */
static uint32_t
template_element(struct dv_js_parser *p, bool is_tagged)
{
    const uint8_t flags = p->lex.flags;
    const bool is_last = is_at(p, DV_JS_T_TEMPLATE_WHOLE)
                         || is_at(p, DV_JS_T_TEMPLATE_TAIL);
    struct dv_span text = dv_js_lexer_text(&p->lex);
    struct dv_span raw;
    uint32_t id;

    text = dv_span_slice(text, 1, text.len - (is_last ? 2 : 3));
    raw = text;
    id = make_token(p, DV_JS_TEMPLATE_ELEMENT, 0);
    if (id == 0)
        return 0;
    node_of(p, id)->start = (uint32_t)(text.at - p->lex.base);
    node_of(p, id)->end = node_of(p, id)->start + (uint32_t)text.len;
    if (flags & DV_JS_TOKEN_INVALID) {
        node_of(p, id)->flags |= DV_JS_INVALID;
        if (!is_tagged)
            dv_js_parse_complain(p, node_of(p, id)->start,
                                 "bad escape in a template");
    } else if (flags & (DV_JS_TOKEN_ESCAPE | DV_JS_TOKEN_RETURN)) {
        if (!dv_js_escape_cook(&p->tree->arena, text, true, &text))
            dv_js_parse_no_memory(p);
        keep_text(p, id, 0, DV_JS_COOKED, text);
    }
    if (flags & DV_JS_TOKEN_RETURN) {
        if (!dv_js_escape_raw(&p->tree->arena, raw, &raw))
            dv_js_parse_no_memory(p);
        keep_text(p, id, 1, DV_JS_RAW, raw);
    }
    return id;
}

uint32_t
dv_js_parse_template(struct dv_js_parser *p, bool is_tagged)
{
    const uint32_t start = p->lex.start;
    struct list parts = { 0, 0 };
    bool is_last;

    if (!enter(p))
        return 0;
    for (;;) {
        is_last = is_at(p, DV_JS_T_TEMPLATE_WHOLE)
                  || is_at(p, DV_JS_T_TEMPLATE_TAIL);
        append(p, &parts, template_element(p, is_tagged));
        if (is_last)
            break;
        append(p, &parts, dv_js_parse_expression_in(p));
        if (is_at(p, DV_JS_T_RBRACE))
            dv_js_lexer_template(&p->lex);
        if (!is_at(p, DV_JS_T_TEMPLATE_MIDDLE)
            && !is_at(p, DV_JS_T_TEMPLATE_TAIL)) {
            dv_js_parse_unexpected(p);
            break;
        }
    }
    leave(p);
    return make(p, DV_JS_TEMPLATE_LITERAL, start, parts.head, 0);
}

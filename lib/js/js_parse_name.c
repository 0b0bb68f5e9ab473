/* SPDX-License-Identifier: MIT */
/* js_parse_name.c - names, and which words may be one (ECMA-262, 13.1). */

#include "js/js_escape.h"
#include "js/js_parse_state.h"

uint32_t
dv_js_parse_atom(struct dv_js_parser *p)
{
    struct dv_span text = dv_js_lexer_text(&p->lex);
    uint32_t atom;

    if (is_at(p, DV_JS_T_PRIVATE_NAME)) {
        dv_span_skip(&text, 1);
    } else if (is_at(p, DV_JS_T_STRING)) {
        dv_span_skip(&text, 1);
        text.len--;
    }
    if ((p->lex.flags & DV_JS_TOKEN_ESCAPE)
        && !dv_js_escape_cook(&p->tree->arena, text, false, &text)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    atom = dv_js_atom_put(p->tree, text);
    if (atom == 0)
        dv_js_parse_no_memory(p);
    return atom;
}

/* The current token as a node of `kind` with its atom. */
static uint32_t
make_name(struct dv_js_parser *p, unsigned kind)
{
    const uint8_t escaped
        = p->lex.flags & DV_JS_TOKEN_ESCAPE ? DV_JS_ESCAPED : 0;
    const uint32_t atom = dv_js_parse_atom(p);
    const uint32_t id = make_token(p, kind, atom);

    if (escaped)
        node_of(p, id)->flags |= DV_JS_ESCAPED;
    return id;
}

uint32_t
dv_js_parse_word(struct dv_js_parser *p)
{
    if (!dv_js_token_is_word(kind_of(p))) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    return make_name(p, DV_JS_IDENTIFIER);
}

/* Words that are reserved here; NULL when `word` is a name like others. */
static const char *
why_reserved(const struct dv_js_parser *p, unsigned word)
{
    if (dv_js_token_is_reserved(word))
        return "reserved word used as a name";
    if (dv_js_token_is_strict_reserved(word)) {
        if (p->context & C_STRICT)
            return "reserved word of strict code used as a name";
        if (word == DV_JS_T_YIELD && (p->context & C_GENERATOR))
            return "yield used as a name in a generator";
    }
    if (word == DV_JS_T_AWAIT
        && (p->context & (C_ASYNC | C_MODULE | C_STATIC_BLOCK)))
        return "await used as a name";
    return NULL;
}

bool
dv_js_parse_is_name(const struct dv_js_parser *p)
{
    return dv_js_token_is_word(kind_of(p))
           && !dv_js_token_is_reserved(kind_of(p));
}

void
dv_js_parse_check_binding(struct dv_js_parser *p, unsigned word,
                          uint32_t offset)
{
    const char *const why = why_reserved(p, word);

    if (why != NULL)
        dv_js_parse_complain(p, offset, why);
    else if ((word == DV_JS_T_EVAL || word == DV_JS_T_ARGUMENTS)
             && (p->context & C_STRICT))
        dv_js_parse_complain(p, offset,
                             "eval or arguments bound in strict code");
}

void
dv_js_parse_check_reference(struct dv_js_parser *p, unsigned word,
                            uint32_t offset)
{
    const char *why;

    if (DV_LIKELY(word == DV_JS_T_NAME))
        return;
    why = why_reserved(p, word);
    if (why != NULL)
        dv_js_parse_complain(p, offset, why);
    if (word == DV_JS_T_AWAIT)
        p->last_await_name = offset + 1;
    if (word == DV_JS_T_ARGUMENTS && (p->context & C_NO_ARGUMENTS))
        dv_js_parse_complain(p, offset, "arguments in a class initializer");
}

uint32_t
dv_js_parse_reference(struct dv_js_parser *p)
{
    if (DV_UNLIKELY(!dv_js_parse_is_name(p))) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    dv_js_parse_check_reference(p, p->lex.word, p->lex.start);
    return make_name(p, DV_JS_IDENTIFIER);
}

uint32_t
dv_js_parse_binding_name(struct dv_js_parser *p)
{
    if (!dv_js_parse_is_name(p)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    dv_js_parse_check_binding(p, p->lex.word, p->lex.start);
    return make_name(p, DV_JS_IDENTIFIER);
}

uint32_t
dv_js_parse_private(struct dv_js_parser *p)
{
    const uint32_t offset = p->lex.start;
    const uint32_t id = make_name(p, DV_JS_PRIVATE_IDENTIFIER);

    if (id == 0)
        return 0;
    if (!dv_js_declare_in_class(&p->names))
        dv_js_parse_complain(p, offset, "private name outside of a class");
    else if (!dv_js_declare_use_private(&p->names, node_of(p, id)->a, offset))
        dv_js_parse_no_memory(p);
    return id;
}

/* SPDX-License-Identifier: MIT */
/* js_parse_error.c - what the parser does when the text is not what it should
 * be, and how it looks ahead. */

#include "js/js_parse_state.h"

void
dv_js_parse_complain(struct dv_js_parser *p, uint32_t offset,
                     const char *message)
{
    struct dv_js_tree *const tree = p->tree;

    if (p->failed)
        return;                         /* only follows from the failure */
    if (tree->errors == 0 || offset < tree->first.offset)
        tree->first = (struct dv_js_error){ offset, message };
    tree->errors++;
}

/* Make all further tokens END, at the end of the last good token. */
static void
unwind(struct dv_js_parser *p)
{
    if (p->failed)
        return;
    p->failed = true;
    p->resume = p->lex;
    p->lex.kind = DV_JS_T_END;
    p->lex.flags = 0;
    p->lex.start = p->lex.before;
    p->lex.stop = p->lex.before;
    p->lex.at = p->lex.base + p->lex.before;
    p->lex.end = p->lex.at;
}

void
dv_js_parse_fail(struct dv_js_parser *p, uint32_t offset, const char *message)
{
    dv_js_parse_complain(p, offset, message);
    unwind(p);
}

void
dv_js_parse_unexpected(struct dv_js_parser *p)
{
    switch (p->lex.kind) {
    case DV_JS_T_ERROR:
        dv_js_parse_fail(p, p->lex.wrong, p->lex.message);
        break;
    case DV_JS_T_END:
        dv_js_parse_fail(p, p->lex.start, "unexpected end");
        break;
    default:
        dv_js_parse_fail(p, p->lex.start, "unexpected token");
        break;
    }
}

void
dv_js_parse_no_memory(struct dv_js_parser *p)
{
    p->status = DAVY_NO_MEMORY;
    unwind(p);
}

void
dv_js_parse_give_up(struct dv_js_parser *p)
{
    p->status = DAVY_DECLINED;
    unwind(p);
}

void
dv_js_parse_too_deep(struct dv_js_parser *p)
{
    if (!p->failed)
        p->hit_limit = true;
    unwind(p);
}

struct peeked
dv_js_parse_peek(const struct dv_js_parser *p)
{
    struct dv_js_lexer ahead = p->lex;

    dv_js_lexer_next(&ahead);
    return (struct peeked){ ahead.kind, ahead.flags & DV_JS_TOKEN_NEWLINE };
}

void
dv_js_parse_semicolon(struct dv_js_parser *p)
{
    if (eat(p, DV_JS_T_SEMICOLON))
        return;
    if (!is_at(p, DV_JS_T_RBRACE) && !is_at(p, DV_JS_T_END)
        && !has_newline(p))
        dv_js_parse_unexpected(p);
}

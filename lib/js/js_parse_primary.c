/* SPDX-License-Identifier: MIT */
/* js_parse_primary.c - names, parentheses, arrays, super (ECMA-262, 13.2). */

#include "js/js_parse_state.h"

/* A word: a reference, or the only parameter of an arrow function. */
static uint32_t
name(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const bool may_be_arrow = p->arrow_at == start;
    const uint32_t id = dv_js_parse_reference(p);

    if (DV_UNLIKELY(is_at(p, DV_JS_T_ARROW)) && may_be_arrow
        && !has_newline(p))
        return dv_js_parse_arrow(p, id, start, false);
    return id;
}

/* `async of =>`, as opposed to the `async of` of for await (async of x). */
static bool
is_arrow_of(const struct dv_js_parser *p)
{
    struct dv_js_lexer ahead = p->lex;

    dv_js_lexer_next(&ahead);
    dv_js_lexer_next(&ahead);
    return ahead.kind == DV_JS_T_ARROW;
}

/* async function, async x => ..., or just a name. */
static DV_NOINLINE uint32_t
async_or_name(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const bool may_be_arrow = p->arrow_at == start;
    const struct peeked peeked = dv_js_parse_peek(p);
    uint32_t id;

    if (peeked.has_newline)
        return name(p);
    if (peeked.kind == DV_JS_T_FUNCTION) {
        next(p);
        return dv_js_parse_function_expression(p, start, true);
    }
    if (!may_be_arrow || !dv_js_token_is_word(peeked.kind)
        || dv_js_token_is_reserved(peeked.kind)
        || (peeked.kind == DV_JS_T_OF && !is_arrow_of(p)))
        return name(p);
    next(p);
    id = dv_js_parse_reference(p);
    if (!is_at(p, DV_JS_T_ARROW) || has_newline(p)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    return dv_js_parse_arrow(p, id, start, true);
}

/* What stands between parentheses, as a list. */
struct inside {
    struct list list;
    uint32_t start;             /* of the first expression */
    uint32_t end;               /* of the last */
    uint32_t only_params;       /* offset + 1 of what only parameters have */
};

static inline void
read_inside(struct dv_js_parser *p, struct inside *inside)
{
    inside->start = p->lex.start;
    if (is_at(p, DV_JS_T_RPAREN))
        inside->only_params = p->lex.start + 1;
    while (!is_at(p, DV_JS_T_RPAREN)) {
        const uint32_t start = p->lex.start;

        if (is_at(p, DV_JS_T_ELLIPSIS)) {
            uint32_t id;

            next(p);
            id = dv_js_parse_assign_cover(p);
            append(p, &inside->list,
                   make(p, DV_JS_SPREAD_ELEMENT, start, id, 0));
            inside->only_params = start + 1;
            return;
        }
        append(p, &inside->list, dv_js_parse_assign_cover(p));
        inside->end = p->lex.before;
        if (!is_at(p, DV_JS_T_COMMA))
            return;
        next(p);
        if (is_at(p, DV_JS_T_RPAREN))
            inside->only_params = p->lex.start + 1;
    }
}

/* ( expression ), or the parameters of an arrow function. */
static DV_NOINLINE uint32_t
parentheses(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const bool may_be_arrow = p->arrow_at == start;
    const uint32_t outer_cover = p->cover;
    const uint32_t context = p->context;
    struct inside inside = { .end = 0 };
    uint32_t id;

    p->cover = 0;
    p->context &= ~(uint32_t)C_NO_IN;
    next(p);
    read_inside(p, &inside);
    p->context = context;
    expect(p, DV_JS_T_RPAREN);
    if (is_at(p, DV_JS_T_ARROW) && may_be_arrow && !has_newline(p)) {
        p->cover = outer_cover;
        return dv_js_parse_arrow(p, inside.list.head, start, false);
    }
    if (inside.only_params != 0) {
        dv_js_parse_fail(p, inside.only_params - 1, "unexpected token");
        return 0;
    }
    dv_js_parse_resolve_cover(p);
    p->cover = outer_cover;
    id = inside.list.head;
    if (inside.list.head != inside.list.tail) {
        id = make(p, DV_JS_SEQUENCE_EXPRESSION, inside.start, id, 0);
        node_of(p, id)->end = inside.end;
    }
    node_of(p, id)->flags |= DV_JS_PAREN;
    return id;
}

/* One place of an array. */
static DV_NOINLINE uint32_t
element(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    switch (kind_of(p)) {
    case DV_JS_T_COMMA:
        id = make(p, DV_JS_HOLE, start, 0, 0);
        node_of(p, id)->end = start;
        return id;
    case DV_JS_T_ELLIPSIS:
        next(p);
        id = dv_js_parse_assign_cover(p);
        id = make(p, DV_JS_SPREAD_ELEMENT, start, id, 0);
        if (is_at(p, DV_JS_T_COMMA))
            node_of(p, id)->flags |= DV_JS_COMMA_BEHIND;
        return id;
    default:
        return dv_js_parse_assign_cover(p);
    }
}

uint32_t
dv_js_parse_array(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t context = p->context;
    struct list list = { 0, 0 };

    p->context &= ~(uint32_t)C_NO_IN;
    next(p);
    while (!is_at(p, DV_JS_T_RBRACKET)) {
        append(p, &list, element(p));
        if (is_at(p, DV_JS_T_RBRACKET))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    p->context = context;
    expect(p, DV_JS_T_RBRACKET);
    return make(p, DV_JS_ARRAY_EXPRESSION, start, list.head, 0);
}

/* super.x, super[x], super(...) (13.3.7) */
static DV_NOINLINE uint32_t
super(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t id = make_token(p, DV_JS_SUPER, 0);

    switch (kind_of(p)) {
    case DV_JS_T_LPAREN:
        if (!(p->context & C_SUPER_CALL))
            dv_js_parse_complain(p, start,
                                 "super() outside of a constructor");
        break;
    case DV_JS_T_DOT:
    case DV_JS_T_LBRACKET:
        if (!(p->context & C_SUPER_PROPERTY))
            dv_js_parse_complain(p, start, "super outside of a method");
        break;
    default:
        dv_js_parse_unexpected(p);
        break;
    }
    return id;
}

static DV_NOINLINE uint32_t
boolean(struct dv_js_parser *p)
{
    const unsigned value = kind_of(p);
    const uint32_t id = make_token(p, DV_JS_BOOLEAN_LITERAL, 0);

    node_of(p, id)->op = (uint16_t)value;
    return id;
}

static uint32_t
function(struct dv_js_parser *p)
{
    return dv_js_parse_function_expression(p, p->lex.start, false);
}

uint32_t
dv_js_parse_primary(struct dv_js_parser *p)
{
    switch (kind_of(p)) {
    case DV_JS_T_NAME:
        return name(p);
    case DV_JS_T_NUMBER:
        return dv_js_parse_number(p);
    case DV_JS_T_STRING:
        return dv_js_parse_string(p);
    case DV_JS_T_LPAREN:
        return parentheses(p);
    case DV_JS_T_THIS:
        return make_token(p, DV_JS_THIS_EXPRESSION, 0);
    case DV_JS_T_NULL:
        return make_token(p, DV_JS_NULL_LITERAL, 0);
    case DV_JS_T_TRUE:
    case DV_JS_T_FALSE:
        return boolean(p);
    case DV_JS_T_LBRACKET:
        return dv_js_parse_array(p);
    case DV_JS_T_LBRACE:
        return dv_js_parse_object(p);
    case DV_JS_T_FUNCTION:
        return function(p);
    case DV_JS_T_CLASS:
        return dv_js_parse_class(p, false, false);
    case DV_JS_T_NEW:
        return dv_js_parse_new(p);
    case DV_JS_T_DIV:
    case DV_JS_T_ASSIGN_DIV:
        return dv_js_parse_regexp(p);
    case DV_JS_T_TEMPLATE_WHOLE:
    case DV_JS_T_TEMPLATE_HEAD:
        return dv_js_parse_template(p, false);
    case DV_JS_T_BIGINT:
        return dv_js_parse_bigint(p);
    case DV_JS_T_SUPER:
        return super(p);
    case DV_JS_T_IMPORT:
        return dv_js_parse_import_expression(p);
    case DV_JS_T_ASYNC:
        return async_or_name(p);
    default:
        return name(p);                 /* or an error */
    }
}

/* SPDX-License-Identifier: MIT */
/* js_parse_postfix.c - members, calls, new, import() (ECMA-262, 13.3). */

#include "js/js_parse_state.h"

/* One argument or element: an expression that may be `...x`. */
static uint32_t
spreadable(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t argument;

    if (DV_LIKELY(!is_at(p, DV_JS_T_ELLIPSIS)))
        return dv_js_parse_assign_cover(p);
    next(p);
    argument = dv_js_parse_assign_cover(p);
    return make(p, DV_JS_SPREAD_ELEMENT, start, argument, 0);
}

/* Arguments that may still turn out to be parameters of an async arrow
 * function: p->cover stays as it comes. */
static void
arguments_cover(struct dv_js_parser *p, struct list *list)
{
    const uint32_t context = p->context;

    p->context &= ~(uint32_t)C_NO_IN;
    next(p);
    while (!is_at(p, DV_JS_T_RPAREN)) {
        uint32_t id = spreadable(p);

        append(p, list, id);
        if (is_at(p, DV_JS_T_RPAREN))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
        if (is_at(p, DV_JS_T_RPAREN)
            && kind_at(p, id) == DV_JS_SPREAD_ELEMENT)
            node_of(p, id)->flags |= DV_JS_COMMA_BEHIND;
    }
    p->context = context;
    expect(p, DV_JS_T_RPAREN);
}

void
dv_js_parse_arguments(struct dv_js_parser *p, struct list *list)
{
    const uint32_t outer_cover = p->cover;

    p->cover = 0;
    arguments_cover(p, list);
    dv_js_parse_resolve_cover(p);
    p->cover = outer_cover;
}

static DV_NOINLINE uint32_t
call(struct dv_js_parser *p, uint32_t callee, uint32_t start)
{
    struct list list = { 0, 0 };

    dv_js_parse_arguments(p, &list);
    return make(p, DV_JS_CALL_EXPRESSION, start, callee, list.head);
}

/* async(...), which may be the head of an arrow function. */
static DV_NOINLINE uint32_t
async_call(struct dv_js_parser *p, uint32_t callee, uint32_t start)
{
    const uint32_t outer_cover = p->cover;
    struct list list = { 0, 0 };
    uint32_t id;

    p->cover = 0;
    arguments_cover(p, &list);
    if (is_at(p, DV_JS_T_ARROW) && !has_newline(p)) {
        p->cover = outer_cover;
        return dv_js_parse_arrow(p, list.head, start, true);
    }
    dv_js_parse_resolve_cover(p);
    p->cover = outer_cover;
    id = make(p, DV_JS_CALL_EXPRESSION, start, callee, list.head);
    return id;
}

/* What follows a dot. */
static uint32_t
property_name(struct dv_js_parser *p, uint32_t object)
{
    if (!is_at(p, DV_JS_T_PRIVATE_NAME))
        return dv_js_parse_word(p);
    if (kind_at(p, object) == DV_JS_SUPER)
        dv_js_parse_complain(p, p->lex.start, "private member of super");
    return dv_js_parse_private(p);
}

static DV_NOINLINE uint32_t
computed_member(struct dv_js_parser *p, uint32_t object, uint32_t start)
{
    uint32_t property, id;

    next(p);
    property = dv_js_parse_expression_in(p);
    expect(p, DV_JS_T_RBRACKET);
    id = make(p, DV_JS_MEMBER_EXPRESSION, start, object, property);
    node_of(p, id)->flags |= DV_JS_COMPUTED;
    return id;
}

/* The current token is ?. */
static DV_NOINLINE uint32_t
optional_link(struct dv_js_parser *p, uint32_t object, uint32_t start)
{
    uint32_t id;

    next(p);
    switch (kind_of(p)) {
    case DV_JS_T_LPAREN:
        id = call(p, object, start);
        break;
    case DV_JS_T_LBRACKET:
        id = computed_member(p, object, start);
        break;
    case DV_JS_T_TEMPLATE_WHOLE:
    case DV_JS_T_TEMPLATE_HEAD:
        dv_js_parse_unexpected(p);
        return 0;
    default:
        id = property_name(p, object);
        id = make(p, DV_JS_MEMBER_EXPRESSION, start, object, id);
        break;
    }
    node_of(p, id)->flags |= DV_JS_OPTIONAL;
    return id;
}

static DV_NOINLINE uint32_t
tagged_template(struct dv_js_parser *p, uint32_t tag, uint32_t start,
                bool in_chain)
{
    uint32_t quasi;

    if (in_chain)
        dv_js_parse_complain(p, p->lex.start,
                             "template behind an optional chain");
    quasi = dv_js_parse_template(p, true);
    return make(p, DV_JS_TAGGED_TEMPLATE_EXPRESSION, start, tag, quasi);
}

static bool
is_async_head(const struct dv_js_parser *p, uint32_t id, uint32_t start)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    return node->kind == DV_JS_IDENTIFIER && node->end - node->start == 5
           && p->arrow_at == start && node->start == start
           && memcmp(p->lex.base + start, "async", 5) == 0
           && !has_newline(p);
}

/* One link of a chain, or 0 with `is_end` set when there is none. */
static inline uint32_t
link(struct dv_js_parser *p, uint32_t id, uint32_t start, bool *in_chain,
     bool *is_end)
{
    uint32_t name;

    switch (kind_of(p)) {
    case DV_JS_T_DOT:
        next(p);
        name = property_name(p, id);
        return make(p, DV_JS_MEMBER_EXPRESSION, start, id, name);
    case DV_JS_T_LBRACKET:
        return computed_member(p, id, start);
    case DV_JS_T_LPAREN:
        if (DV_LIKELY(!is_async_head(p, id, start)))
            return call(p, id, start);
        id = async_call(p, id, start);
        *is_end = kind_at(p, id) == DV_JS_ARROW_FUNCTION_EXPRESSION;
        return id;
    case DV_JS_T_OPTIONAL_CHAIN:
        *in_chain = true;
        return optional_link(p, id, start);
    case DV_JS_T_TEMPLATE_WHOLE:
    case DV_JS_T_TEMPLATE_HEAD:
        return tagged_template(p, id, start, *in_chain);
    default:
        *is_end = true;
        return id;
    }
}

/* Chains of any length are one loop. */
uint32_t
dv_js_parse_links(struct dv_js_parser *p, uint32_t id, uint32_t start,
                  bool is_new_callee)
{
    bool in_chain = false;
    bool is_end = false;

    if (kind_at(p, id) == DV_JS_ARROW_FUNCTION_EXPRESSION
        && !is_parenthesised(p, id))
        return id;
    if (!enter(p))
        return 0;
    while (!is_end && !(is_new_callee && is_at(p, DV_JS_T_LPAREN))) {
        if (is_new_callee && is_at(p, DV_JS_T_OPTIONAL_CHAIN))
            dv_js_parse_fail(p, p->lex.start, "optional chain behind new");
        id = link(p, id, start, &in_chain, &is_end);
    }
    leave(p);
    return in_chain ? make(p, DV_JS_CHAIN_EXPRESSION, start, id, 0) : id;
}

uint32_t
dv_js_parse_postfix(struct dv_js_parser *p, bool is_new_callee)
{
    const uint32_t start = p->lex.start;
    const uint32_t id = dv_js_parse_primary(p);

    if (!dv_js_parse_is_link(kind_of(p)))
        return id;
    return dv_js_parse_links(p, id, start, is_new_callee);
}

/* new.target (13.3.12) */
static uint32_t
new_target(struct dv_js_parser *p, uint32_t start, uint32_t meta)
{
    uint32_t property;

    next(p);
    if (!is_at(p, DV_JS_T_TARGET)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    if (!(p->context & C_NEW_TARGET))
        dv_js_parse_complain(p, start, "new.target outside of a function");
    property = dv_js_parse_word(p);
    return make(p, DV_JS_META_PROPERTY, start, meta, property);
}

uint32_t
dv_js_parse_new(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };
    uint32_t callee;

    if (p->lex.flags & DV_JS_TOKEN_ESCAPE) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    if (dv_js_parse_peek(p).kind == DV_JS_T_DOT)
        return new_target(p, start, dv_js_parse_word(p));
    if (!enter(p))
        return 0;
    next(p);
    if (is_at(p, DV_JS_T_IMPORT)
        && dv_js_parse_peek(p).kind == DV_JS_T_LPAREN)
        dv_js_parse_complain(p, p->lex.start, "new before import()");
    if (is_at(p, DV_JS_T_SUPER)
        && dv_js_parse_peek(p).kind == DV_JS_T_LPAREN)
        dv_js_parse_complain(p, p->lex.start, "new before super()");
    callee = dv_js_parse_postfix(p, true);
    leave(p);
    if (is_at(p, DV_JS_T_LPAREN))
        dv_js_parse_arguments(p, &list);
    return make(p, DV_JS_NEW_EXPRESSION, start, callee, list.head);
}

/* import.meta (13.3.12); a script that has it wants to be a module. */
static uint32_t
import_meta(struct dv_js_parser *p, uint32_t start, uint32_t meta)
{
    uint32_t property;

    next(p);
    if (!is_at(p, DV_JS_T_META)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    if (!(p->context & C_MODULE)) {
        p->wants_module = true;
        dv_js_parse_complain(p, start, "import.meta outside of a module");
    }
    property = dv_js_parse_word(p);
    return make(p, DV_JS_META_PROPERTY, start, meta, property);
}

/* import(source), import(source, options) (13.3.10), import.meta */
uint32_t
dv_js_parse_import_expression(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t source;
    uint32_t options = 0;

    if (dv_js_parse_peek(p).kind == DV_JS_T_DOT)
        return import_meta(p, start, dv_js_parse_word(p));
    next(p);
    expect(p, DV_JS_T_LPAREN);
    source = dv_js_parse_assign_in(p);
    if (eat(p, DV_JS_T_COMMA) && !is_at(p, DV_JS_T_RPAREN)) {
        options = dv_js_parse_assign_in(p);
        eat(p, DV_JS_T_COMMA);
    }
    expect(p, DV_JS_T_RPAREN);
    return make(p, DV_JS_IMPORT_EXPRESSION, start, source, options);
}

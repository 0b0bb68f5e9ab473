/* SPDX-License-Identifier: MIT */
/* js_parse_loop.c - do, while and the three kinds of for (ECMA-262, 14.7). */

#include "js/js_parse_state.h"

static uint32_t
loop_body(struct dv_js_parser *p)
{
    uint32_t id;

    p->loops++;
    p->breakables++;
    id = dv_js_parse_body(p);
    p->loops--;
    p->breakables--;
    return id;
}

uint32_t
dv_js_parse_do(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t body, test;

    next(p);
    body = loop_body(p);
    expect(p, DV_JS_T_WHILE);
    expect(p, DV_JS_T_LPAREN);
    test = dv_js_parse_expression(p);
    expect(p, DV_JS_T_RPAREN);
    eat(p, DV_JS_T_SEMICOLON);          /* always inserted (12.10.1) */
    return make(p, DV_JS_DO_WHILE_STATEMENT, start, body, test);
}

uint32_t
dv_js_parse_while(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t test, body;

    next(p);
    expect(p, DV_JS_T_LPAREN);
    test = dv_js_parse_expression(p);
    expect(p, DV_JS_T_RPAREN);
    body = loop_body(p);
    return make(p, DV_JS_WHILE_STATEMENT, start, test, body);
}

/* for (init; test; update) body, from the first semicolon on. */
static uint32_t
for_three(struct dv_js_parser *p, uint32_t start, uint32_t init)
{
    uint32_t test = 0;
    uint32_t update = 0;
    uint32_t body, id;

    expect(p, DV_JS_T_SEMICOLON);
    if (!is_at(p, DV_JS_T_SEMICOLON))
        test = dv_js_parse_expression(p);
    expect(p, DV_JS_T_SEMICOLON);
    if (!is_at(p, DV_JS_T_RPAREN))
        update = dv_js_parse_expression(p);
    expect(p, DV_JS_T_RPAREN);
    body = loop_body(p);
    id = make(p, DV_JS_FOR_STATEMENT, start, init, test);
    node_of(p, id)->c = update;
    node_of(p, id)->d = body;
    return id;
}

/* for (left in right) or for (left of right), from `in` or `of` on. */
static uint32_t
for_each(struct dv_js_parser *p, uint32_t start, uint32_t left, bool is_await)
{
    const bool is_of = is_at(p, DV_JS_T_OF);
    uint32_t right, body, id;

    if (is_await && !is_of)
        dv_js_parse_complain(p, p->lex.start, "for await without of");
    next(p);
    right = is_of ? dv_js_parse_assign(p) : dv_js_parse_expression(p);
    expect(p, DV_JS_T_RPAREN);
    body = loop_body(p);
    id = make(p, is_of ? DV_JS_FOR_OF_STATEMENT : DV_JS_FOR_IN_STATEMENT,
              start, left, right);
    node_of(p, id)->c = body;
    if (is_await)
        node_of(p, id)->flags |= DV_JS_AWAIT;
    return id;
}

/* One declarator without a value; annex B.3.5 lets sloppy code say
 * for (var x = 1 in y). */
static void
check_for_declaration(struct dv_js_parser *p, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);
    const struct dv_js_node *first = dv_js_at(p->tree, node->a);

    if (first->next != 0)
        dv_js_parse_complain(p, node->start, "two variables for one loop");
    if (first->b != 0
        && (!is_at(p, DV_JS_T_IN) || (p->context & C_STRICT)
            || node->op != DV_JS_T_VAR
            || kind_at(p, first->a) != DV_JS_IDENTIFIER))
        dv_js_parse_complain(p, node->start, "value for a loop's variable");
}

/* catch (x) { for (var x of ..) } is not what B.3.4 allows. */
static void
redeclare_of(struct dv_js_parser *p, uint32_t declaration)
{
    const struct dv_js_node *node = dv_js_at(p->tree, declaration);
    const struct dv_js_node *first = dv_js_at(p->tree, node->a);

    if (node->op == DV_JS_T_VAR && kind_at(p, first->a) == DV_JS_IDENTIFIER)
        dv_js_parse_declare(p, first->a, DV_JS_DECLARE_VAR_OF);
}

static uint32_t
for_declaration(struct dv_js_parser *p, uint32_t start, bool is_await)
{
    const uint32_t context = p->context;
    uint32_t left;

    p->context |= C_NO_IN;
    left = dv_js_parse_variables(p, true);
    p->context = context;
    if (is_at(p, DV_JS_T_OF) || is_at(p, DV_JS_T_IN)) {
        check_for_declaration(p, left);
        if (is_at(p, DV_JS_T_OF))
            redeclare_of(p, left);
        return for_each(p, start, left, is_await);
    }
    if (is_await)
        dv_js_parse_unexpected(p);
    return for_three(p, start, left);
}

static void
make_target(struct dv_js_parser *p, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    p->cover = 0;
    if ((node->kind == DV_JS_ARRAY_EXPRESSION
         || node->kind == DV_JS_OBJECT_EXPRESSION)
        && !(node->flags & DV_JS_PAREN))
        dv_js_parse_to_target(p, id);
    else
        dv_js_parse_check_simple_target(p, id);
}

/* An expression in the head, which may be the target of in or of. */
static uint32_t
for_expression(struct dv_js_parser *p, uint32_t start, bool is_await)
{
    const uint32_t context = p->context;
    const uint32_t outer_cover = p->cover;
    const uint32_t first = p->lex.start;
    const bool starts_with_let = is_at(p, DV_JS_T_LET);
    const bool is_async = is_at(p, DV_JS_T_ASYNC) && !is_await;
    struct list list = { 0, 0 };
    uint32_t left;

    p->context |= C_NO_IN;
    p->cover = 0;
    left = dv_js_parse_assign_cover(p);
    if (is_at(p, DV_JS_T_OF)
        && (starts_with_let
            || (is_async && p->lex.before - first == 5)))
        dv_js_parse_complain(p, first, "let or async at the start of for of");
    if (is_at(p, DV_JS_T_OF) || is_at(p, DV_JS_T_IN)) {
        p->context = context;
        make_target(p, left);
        p->cover = outer_cover;
        return for_each(p, start, left, is_await);
    }
    dv_js_parse_resolve_cover(p);
    append(p, &list, left);
    while (eat(p, DV_JS_T_COMMA))
        append(p, &list, dv_js_parse_assign(p));
    if (list.head != list.tail)
        left = make(p, DV_JS_SEQUENCE_EXPRESSION, first, list.head, 0);
    p->context = context;
    p->cover = outer_cover;
    if (is_await)
        dv_js_parse_unexpected(p);
    return for_three(p, start, left);
}

static uint32_t
for_head(struct dv_js_parser *p, uint32_t start, bool is_await)
{
    expect(p, DV_JS_T_LPAREN);
    switch (kind_of(p)) {
    case DV_JS_T_SEMICOLON:
        if (is_await)
            dv_js_parse_unexpected(p);
        return for_three(p, start, 0);
    case DV_JS_T_VAR:
    case DV_JS_T_CONST:
        return for_declaration(p, start, is_await);
    case DV_JS_T_LET:
        if (dv_js_parse_is_let(p))
            return for_declaration(p, start, is_await);
        return for_expression(p, start, is_await);
    default:
        return for_expression(p, start, is_await);
    }
}

uint32_t
dv_js_parse_for(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    bool is_await = false;
    uint32_t id;

    next(p);
    if (is_at(p, DV_JS_T_AWAIT)) {
        if (!(p->context & C_ASYNC))
            dv_js_parse_complain(p, p->lex.start,
                                 "for await outside of an async function");
        p->last_await = p->lex.start + 1;
        is_await = true;
        next(p);
    }
    if (!dv_js_declare_enter(&p->names, false)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    id = for_head(p, start, is_await);
    dv_js_declare_leave(&p->names);
    return id;
}

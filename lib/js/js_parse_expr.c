/* SPDX-License-Identifier: MIT */
/* js_parse_expr.c - operators: assignment, conditional, binary, unary
 * (ECMA-262, 13.4 to 13.16). */

#include "js/js_parse_state.h"

void
dv_js_parse_resolve_cover(struct dv_js_parser *p)
{
    if (DV_LIKELY(p->cover == 0))
        return;
    dv_js_parse_complain(p, p->cover - 1, p->cover_message);
    p->cover = 0;
}

static bool
push_pending(struct dv_js_parser *p, const struct pending *one)
{
    struct pending *top = dv_vec_push(&p->pending);

    if (top == NULL) {
        dv_js_parse_no_memory(p);
        return false;
    }
    *top = *one;
    return true;
}

static struct pending
pop_pending(struct dv_js_parser *p)
{
    const struct pending top
        = *(struct pending *)dv_vec_at(&p->pending, p->pending.len - 1);

    dv_vec_pop(&p->pending);
    return top;
}

static bool
is_bare_logical(const struct dv_js_parser *p, uint32_t id, bool is_nullish)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    return node->kind == DV_JS_LOGICAL_EXPRESSION
           && !(node->flags & DV_JS_PAREN)
           && (node->op == DV_JS_T_NULLISH) == is_nullish;
}

static uint32_t
make_binary(struct dv_js_parser *p, const struct pending *left, uint32_t right)
{
    const unsigned op = left->op;
    const bool is_logical = op - DV_JS_T_NULLISH <= DV_JS_T_AND
                                                        - DV_JS_T_NULLISH;
    const uint32_t id = make(p, is_logical ? DV_JS_LOGICAL_EXPRESSION
                                           : DV_JS_BINARY_EXPRESSION,
                             left->start, left->left, right);

    if (id == 0)
        return 0;
    node_of(p, id)->op = (uint16_t)op;
    if (op == DV_JS_T_ADD && node_of(p, left->left)->op == DV_JS_T_ADD
        && kind_at(p, left->left) == DV_JS_BINARY_EXPRESSION)
        node_of(p, left->left)->flags |= DV_JS_INNER_SUM;

    /* a ?? b || c needs parentheses (13.13). */
    if (is_logical
        && (is_bare_logical(p, left->left, op != DV_JS_T_NULLISH)
            || is_bare_logical(p, right, op != DV_JS_T_NULLISH)))
        dv_js_parse_complain(p, left->start,
                             "?? mixed with && or || without parentheses");
    return id;
}

/* `#name in object`: only to the left of an `in` that binds loosest here. */
static DV_NOINLINE uint32_t
private_operand(struct dv_js_parser *p, size_t base)
{
    const uint32_t offset = p->lex.start;
    const uint32_t id = dv_js_parse_private(p);
    const unsigned in = dv_js_token_precedence[DV_JS_T_IN];
    const struct pending *top;

    if (!is_at(p, DV_JS_T_IN) || (p->context & C_NO_IN)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    if (p->pending.len > base) {
        top = dv_vec_at(&p->pending, p->pending.len - 1);
        if (top->precedence >= in)
            dv_js_parse_fail(p, offset, "private name as an operand");
    }
    return id;
}

static uint32_t
operand(struct dv_js_parser *p, size_t base)
{
    if (DV_UNLIKELY(is_at(p, DV_JS_T_PRIVATE_NAME)))
        return private_operand(p, base);
    return dv_js_parse_unary(p);
}

/* The operators behind a first operand, by precedence, without recursion: a
 * chain of a million + is one loop. */
static DV_NOINLINE uint32_t
binary_rest(struct dv_js_parser *p, uint32_t left, uint32_t start)
{
    const size_t base = p->pending.len;
    unsigned precedence;

    while ((precedence = dv_js_token_precedence[kind_of(p)]) != 0) {
        const unsigned op = kind_of(p);
        struct pending one;

        if (op == DV_JS_T_IN && (p->context & C_NO_IN))
            break;
        while (p->pending.len > base) {
            one = *(struct pending *)dv_vec_at(&p->pending,
                                               p->pending.len - 1);
            if (one.precedence < precedence
                || (op == DV_JS_T_EXP && one.precedence == precedence))
                break;
            dv_vec_pop(&p->pending);
            left = make_binary(p, &one, left);
            start = one.start;
        }
        one = (struct pending){ .left = left, .start = start,
                                .op = (uint16_t)op,
                                .precedence = (uint16_t)precedence };
        if (!push_pending(p, &one))
            return 0;
        next(p);
        start = p->lex.start;
        left = operand(p, base);
    }
    while (p->pending.len > base) {
        const struct pending one = pop_pending(p);

        left = make_binary(p, &one, left);
    }
    return left;
}

/* Whether `id` ends the expression it begins: nothing may follow a bare arrow
 * function. */
static bool
is_bare_arrow(const struct dv_js_parser *p, uint32_t id)
{
    return kind_at(p, id) == DV_JS_ARROW_FUNCTION_EXPRESSION
           && !is_parenthesised(p, id);
}

static DV_NOINLINE uint32_t
yield(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t argument = 0;
    uint32_t id;
    bool is_delegate = false;

    if (p->context & C_PARAMS)
        dv_js_parse_complain(p, start, "yield in parameters");
    p->last_yield = start + 1;
    next(p);
    if (!has_newline(p)) {
        is_delegate = eat(p, DV_JS_T_MUL);
        switch (kind_of(p)) {
        case DV_JS_T_END:
        case DV_JS_T_SEMICOLON:
        case DV_JS_T_COMMA:
        case DV_JS_T_COLON:
        case DV_JS_T_RPAREN:
        case DV_JS_T_RBRACKET:
        case DV_JS_T_RBRACE:
        case DV_JS_T_IN:
            if (is_delegate)
                dv_js_parse_unexpected(p);
            break;
        default:
            argument = dv_js_parse_assign(p);
            break;
        }
    }
    id = make(p, DV_JS_YIELD_EXPRESSION, start, argument, 0);
    if (is_delegate)
        node_of(p, id)->flags |= DV_JS_DELEGATE;
    return id;
}

static bool
is_literal_pattern(const struct dv_js_parser *p, uint32_t id)
{
    return (kind_at(p, id) == DV_JS_ARRAY_EXPRESSION
            || kind_at(p, id) == DV_JS_OBJECT_EXPRESSION)
           && !is_parenthesised(p, id);
}

/* The current token is an assignment operator. */
static DV_NOINLINE uint32_t
assignment(struct dv_js_parser *p, uint32_t left, uint32_t start)
{
    const unsigned op = kind_of(p);
    uint32_t right, id;

    if (op == DV_JS_T_ASSIGN && is_literal_pattern(p, left)) {
        p->cover = 0;
        dv_js_parse_to_target(p, left);
    } else {
        dv_js_parse_check_simple_target(p, left);
    }
    next(p);
    right = dv_js_parse_assign(p);
    id = make(p, DV_JS_ASSIGNMENT_EXPRESSION, start, left, right);
    node_of(p, id)->op = (uint16_t)op;
    return id;
}

/* One arm of a conditional's chain: everything but ? : */
static inline uint32_t
arm(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    p->arrow_at = start;
    if (DV_UNLIKELY(is_at(p, DV_JS_T_YIELD)) && (p->context & C_GENERATOR))
        return yield(p);
    id = operand(p, p->pending.len);
    if (dv_js_token_precedence[kind_of(p)] == 0 || is_bare_arrow(p, id))
        return id;
    return binary_rest(p, id, start);
}

/* test ? consequent : test ? consequent : ... is one loop, as chains of it
 * stand for a switch in minified scripts. */
static DV_NOINLINE uint32_t
conditional(struct dv_js_parser *p, uint32_t test, uint32_t start)
{
    const size_t base = p->pending.len;

    do {
        struct pending one = { .left = test, .start = start };

        next(p);
        one.middle = dv_js_parse_assign_in(p);
        expect(p, DV_JS_T_COLON);
        if (!push_pending(p, &one))
            return 0;
        start = p->lex.start;
        test = arm(p);
    } while (is_at(p, DV_JS_T_QUESTION) && !is_bare_arrow(p, test)
             && kind_at(p, test) != DV_JS_YIELD_EXPRESSION);
    if (dv_js_token_is_assignment(kind_of(p)))
        test = assignment(p, test, start);
    while (p->pending.len > base) {
        const struct pending one = pop_pending(p);
        const uint32_t alternate = test;

        test = make(p, DV_JS_CONDITIONAL_EXPRESSION, one.start, one.left,
                    one.middle);
        node_of(p, test)->c = alternate;
    }
    return test;
}

/* Behind an arm: the rest of an AssignmentExpression, if there is any. */
static inline uint32_t
assign_rest(struct dv_js_parser *p, uint32_t id, uint32_t start)
{
    if (dv_js_token_is_assignment(kind_of(p)))
        return assignment(p, id, start);
    if (!is_at(p, DV_JS_T_QUESTION) || is_bare_arrow(p, id)
        || (kind_at(p, id) == DV_JS_YIELD_EXPRESSION
            && !is_parenthesised(p, id)))
        return id;
    return conditional(p, id, start);
}

uint32_t
dv_js_parse_assign_cover(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t outer_cover = p->cover;
    uint32_t id;

    if (!enter(p))
        return 0;
    p->cover = 0;
    id = arm(p);
    id = assign_rest(p, id, start);
    if (DV_UNLIKELY(p->cover != 0) && !is_literal_pattern(p, id))
        dv_js_parse_resolve_cover(p);
    if (outer_cover != 0)
        p->cover = outer_cover;
    leave(p);
    return id;
}

uint32_t
dv_js_parse_assign(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t outer_cover = p->cover;
    uint32_t id;

    if (!enter(p))
        return 0;
    p->cover = 0;
    id = arm(p);
    id = assign_rest(p, id, start);
    dv_js_parse_resolve_cover(p);
    p->cover = outer_cover;
    leave(p);
    return id;
}

uint32_t
dv_js_parse_assign_in(struct dv_js_parser *p)
{
    const uint32_t context = p->context;
    uint32_t id;

    p->context &= ~(uint32_t)C_NO_IN;
    id = dv_js_parse_assign(p);
    p->context = context;
    return id;
}

uint32_t
dv_js_parse_expression(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t first = dv_js_parse_assign(p);
    struct list list = { first, first };

    if (DV_LIKELY(!is_at(p, DV_JS_T_COMMA)))
        return first;
    while (eat(p, DV_JS_T_COMMA))
        append(p, &list, dv_js_parse_assign(p));
    return make(p, DV_JS_SEQUENCE_EXPRESSION, start, list.head, 0);
}

uint32_t
dv_js_parse_expression_in(struct dv_js_parser *p)
{
    const uint32_t context = p->context;
    uint32_t id;

    p->context &= ~(uint32_t)C_NO_IN;
    id = dv_js_parse_expression(p);
    p->context = context;
    return id;
}

/* delete may not name a variable in strict code, nor a private member (13.5.1).
 * Parentheses do not help. */
static void
check_delete(struct dv_js_parser *p, uint32_t argument)
{
    const struct dv_js_node *node = dv_js_at(p->tree, argument);

    if (node->kind == DV_JS_IDENTIFIER && (p->context & C_STRICT))
        dv_js_parse_complain(p, node->start, "delete of a name in strict code");
    if (node->kind == DV_JS_CHAIN_EXPRESSION)
        node = dv_js_at(p->tree, node->a);
    if (node->kind == DV_JS_MEMBER_EXPRESSION
        && kind_at(p, node->b) == DV_JS_PRIVATE_IDENTIFIER)
        dv_js_parse_complain(p, node->start, "delete of a private member");
}

static DV_NOINLINE uint32_t
prefix_operator(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const unsigned op = kind_of(p);
    const bool is_update = op == DV_JS_T_INCREMENT || op == DV_JS_T_DECREMENT;
    uint32_t argument, id;

    if (!enter(p))
        return 0;
    next(p);
    argument = dv_js_parse_unary(p);
    leave(p);
    id = make(p, is_update ? DV_JS_UPDATE_EXPRESSION : DV_JS_UNARY_EXPRESSION,
              start, argument, 0);
    node_of(p, id)->op = (uint16_t)op;
    if (is_update) {
        node_of(p, id)->flags |= DV_JS_PREFIX;
        dv_js_parse_check_simple_target(p, argument);
        return id;
    }
    if (op == DV_JS_T_DELETE)
        check_delete(p, argument);
    if (is_at(p, DV_JS_T_EXP))
        dv_js_parse_fail(p, start, "unary operator to the left of **");
    return id;
}

static DV_NOINLINE uint32_t
await(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t argument;

    if (p->context & C_PARAMS)
        dv_js_parse_complain(p, start, "await in parameters");
    p->last_await = start + 1;
    if (!enter(p))
        return 0;
    next(p);
    argument = dv_js_parse_unary(p);
    leave(p);
    if (is_at(p, DV_JS_T_EXP))
        dv_js_parse_fail(p, start, "unary operator to the left of **");
    return make(p, DV_JS_AWAIT_EXPRESSION, start, argument, 0);
}

static DV_NOINLINE uint32_t
postfix_update(struct dv_js_parser *p, uint32_t argument, uint32_t start)
{
    const unsigned op = kind_of(p);
    uint32_t id;

    dv_js_parse_check_simple_target(p, argument);
    next(p);
    id = make(p, DV_JS_UPDATE_EXPRESSION, start, argument, 0);
    node_of(p, id)->op = (uint16_t)op;
    return id;
}

uint32_t
dv_js_parse_unary(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    switch (kind_of(p)) {
    case DV_JS_T_NOT:
    case DV_JS_T_BIT_NOT:
    case DV_JS_T_ADD:
    case DV_JS_T_SUB:
    case DV_JS_T_TYPEOF:
    case DV_JS_T_VOID:
    case DV_JS_T_DELETE:
    case DV_JS_T_INCREMENT:
    case DV_JS_T_DECREMENT:
        return prefix_operator(p);
    case DV_JS_T_AWAIT:
        if (p->context & C_ASYNC)
            return await(p);
        break;
    default:
        break;
    }
    id = dv_js_parse_primary(p);
    if (dv_js_parse_is_link(kind_of(p)))
        id = dv_js_parse_links(p, id, start, false);
    if ((is_at(p, DV_JS_T_INCREMENT) || is_at(p, DV_JS_T_DECREMENT))
        && !has_newline(p) && !is_bare_arrow(p, id))
        return postfix_update(p, id, start);
    return id;
}

/* SPDX-License-Identifier: MIT */
/* js_parse_function.c - functions, arrows, methods (ECMA-262, 15.1 to 15.9). */

#include "js/js_parse_state.h"

/* What a function body must not disturb around it. */
struct outer {
    uint32_t context;
    uint32_t loops, breakables;
    uint32_t last_yield, last_await, last_await_name;
    uint32_t has_twin_params;
};

static bool
enter_function(struct dv_js_parser *p, struct outer *outer, uint32_t context)
{
    if (!enter(p))
        return false;
    if (!dv_js_declare_enter(&p->names, true)) {
        dv_js_parse_no_memory(p);
        leave(p);
        return false;
    }
    *outer = (struct outer){ p->context, p->loops, p->breakables,
                             p->last_yield, p->last_await, p->last_await_name,
                             p->has_twin_params };
    p->context = context;
    p->loops = 0;
    p->breakables = 0;
    p->has_twin_params = 0;
    return true;
}

static void
leave_function(struct dv_js_parser *p, const struct outer *outer)
{
    p->context = outer->context;
    p->loops = outer->loops;
    p->breakables = outer->breakables;
    p->last_yield = outer->last_yield;
    p->last_await = outer->last_await;
    p->last_await_name = outer->last_await_name;
    p->has_twin_params = outer->has_twin_params;
    dv_js_declare_leave(&p->names);
    leave(p);
}

/* The context inside of a function that is no arrow. */
static uint32_t
function_context(const struct dv_js_parser *p, unsigned flags)
{
    uint32_t context = p->context & (C_STRICT | C_MODULE);

    context |= C_RETURN | C_NEW_TARGET;
    if (flags & F_ASYNC)
        context |= C_ASYNC;
    if (flags & F_GENERATOR)
        context |= C_GENERATOR;
    if (flags & F_METHOD)
        context |= C_SUPER_PROPERTY;
    if (flags & F_CONSTRUCTOR)
        context |= C_SUPER_CALL;
    return context;
}

static uint32_t
rest_parameter(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    next(p);
    id = dv_js_parse_binding(p, DV_JS_DECLARE_PARAM);
    id = make(p, DV_JS_REST_ELEMENT, start, id, 0);
    if (!is_at(p, DV_JS_T_RPAREN))
        dv_js_parse_unexpected(p);
    return id;
}

/* ( parameters ); true when they are plain names. */
static bool
parameters(struct dv_js_parser *p, struct list *list)
{
    const uint32_t context = p->context;
    bool is_simple = true;

    p->context |= C_PARAMS;
    expect(p, DV_JS_T_LPAREN);
    while (!is_at(p, DV_JS_T_RPAREN)) {
        const uint32_t id
            = is_at(p, DV_JS_T_ELLIPSIS)
                  ? rest_parameter(p)
                  : dv_js_parse_binding_element(p, DV_JS_DECLARE_PARAM);

        if (kind_at(p, id) != DV_JS_IDENTIFIER)
            is_simple = false;
        append(p, list, id);
        if (is_at(p, DV_JS_T_RPAREN))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    p->context = context;
    expect(p, DV_JS_T_RPAREN);
    return is_simple;
}

/* Names that were read before "use strict" was: now strictly (15.2.1). */
static void
check_strict_names(struct dv_js_parser *p, uint32_t id, uint32_t params)
{
    if (id != 0)
        dv_js_parse_check_binding(
            p, dv_js_lexer_word_kind(dv_js_name(p->tree, id)),
            dv_js_at(p->tree, id)->start);
    for (; params != 0; params = dv_js_at(p->tree, params)->next) {
        if (kind_at(p, params) == DV_JS_IDENTIFIER)
            dv_js_parse_check_binding(
                p, dv_js_lexer_word_kind(dv_js_name(p->tree, params)),
                dv_js_at(p->tree, params)->start);
    }
}

/* { body } of a function whose parameters are known. */
static uint32_t
body(struct dv_js_parser *p, bool is_simple)
{
    const uint32_t start = p->lex.start;
    const uint32_t nest = p->lex.nest;
    struct list list = { 0, 0 };

    expect(p, DV_JS_T_LBRACE);
    dv_js_parse_directives(p, &list, DV_JS_T_RBRACE, nest, is_simple);
    dv_js_parse_statements(p, &list, DV_JS_T_RBRACE, nest);
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_BLOCK_STATEMENT, start, list.head, 0);
}

static void
check_accessor(struct dv_js_parser *p, unsigned flags, uint32_t params,
               uint32_t start)
{
    if ((flags & F_GETTER) && params != 0)
        dv_js_parse_complain(p, start, "getter with parameters");
    if ((flags & F_SETTER)
        && (params == 0 || dv_js_at(p->tree, params)->next != 0
            || kind_at(p, params) == DV_JS_REST_ELEMENT))
        dv_js_parse_complain(p, start, "setter without exactly one parameter");
}

static uint8_t
node_flags(const struct dv_js_parser *p, unsigned flags, bool is_simple)
{
    unsigned bits = 0;

    if (flags & F_ASYNC)
        bits |= DV_JS_ASYNC;
    if (flags & F_GENERATOR)
        bits |= DV_JS_GENERATOR;
    if (flags & F_METHOD)
        bits |= DV_JS_FUNCTION_METHOD;
    if (p->context & C_STRICT)
        bits |= DV_JS_STRICT;
    if (is_simple)
        bits |= DV_JS_SIMPLE;
    return (uint8_t)bits;
}

uint32_t
dv_js_parse_function_rest(struct dv_js_parser *p, unsigned kind, unsigned flags,
                          uint32_t start, uint32_t id)
{
    const uint32_t params_start = p->lex.start;
    const bool was_strict = p->context & C_STRICT;
    struct list params = { 0, 0 };
    struct outer outer;
    uint32_t node, block;
    uint8_t bits;
    bool is_simple;

    if (!enter_function(p, &outer, function_context(p, flags)))
        return 0;
    is_simple = parameters(p, &params);
    check_accessor(p, flags, params.head, params_start);
    block = body(p, is_simple);
    if (!was_strict && (p->context & C_STRICT))
        check_strict_names(p, id, params.head);
    if (p->has_twin_params != 0
        && ((p->context & C_STRICT) || !is_simple || (flags & F_METHOD)))
        dv_js_parse_complain(p, p->has_twin_params - 1,
                             "parameter declared twice");
    bits = node_flags(p, flags, is_simple);
    leave_function(p, &outer);
    node = make(p, kind, start, id, params.head);
    node_of(p, node)->c = block;
    node_of(p, node)->flags = bits;
    return node;
}

uint32_t
dv_js_parse_method(struct dv_js_parser *p, unsigned flags)
{
    return dv_js_parse_function_rest(p, DV_JS_FUNCTION_EXPRESSION, flags,
                                     p->lex.start, 0);
}

/* The current token is `function`.  The name of an expression is bound inside
 * of it, so yield and await in it are the function's own (15.2, 15.5, 15.8). */
uint32_t
dv_js_parse_function_expression(struct dv_js_parser *p, uint32_t start,
                                bool is_async)
{
    const uint32_t context = p->context;
    unsigned flags = is_async ? F_ASYNC : 0;
    uint32_t id = 0;

    next(p);
    if (eat(p, DV_JS_T_MUL))
        flags |= F_GENERATOR;
    if (!is_at(p, DV_JS_T_LPAREN)) {
        p->context = function_context(p, flags);
        id = dv_js_parse_binding_name(p);
        p->context = context;
    }
    return dv_js_parse_function_rest(p, DV_JS_FUNCTION_EXPRESSION, flags, start,
                                     id);
}

/* How the name of a declared function is declared: like a var at the top of
 * functions and scripts, else like a let; but sloppy code may declare a plain
 * function twice in a block (B.3.3.4). */
static unsigned
how_declared(const struct dv_js_parser *p, unsigned flags)
{
    if (dv_js_declare_is_top(&p->names)
        && !((p->context & C_MODULE) && p->names.scopes.len == 1))
        return DV_JS_DECLARE_FUNCTION;
    if (flags != 0 || (p->context & C_STRICT))
        return DV_JS_DECLARE_LET;
    return DV_JS_DECLARE_BLOCK_FUNCTION;
}

uint32_t
dv_js_parse_function_declaration(struct dv_js_parser *p, uint32_t start,
                                 bool is_async, bool is_default)
{
    unsigned flags = is_async ? F_ASYNC : 0;
    uint32_t id = 0;

    next(p);
    if (eat(p, DV_JS_T_MUL))
        flags |= F_GENERATOR;
    if (!is_default || !is_at(p, DV_JS_T_LPAREN)) {
        id = dv_js_parse_binding_name(p);
        dv_js_parse_declare(p, id, how_declared(p, flags));
    }
    return dv_js_parse_function_rest(p, DV_JS_FUNCTION_DECLARATION, flags,
                                     start, id);
}

/* yield and await may not stand in an arrow function's parameters, which were
 * read as expressions (15.3.1, 15.9.1). */
static void
check_arrow_head(struct dv_js_parser *p, uint32_t start, bool is_async)
{
    if (p->last_yield > start)
        dv_js_parse_complain(p, p->last_yield - 1, "yield in parameters");
    if (p->last_await > start)
        dv_js_parse_complain(p, p->last_await - 1, "await in parameters");
    if (is_async && p->last_await_name > start)
        dv_js_parse_complain(p, p->last_await_name - 1,
                             "await in parameters");
}

static uint32_t
arrow_body(struct dv_js_parser *p, bool is_simple)
{
    if (!is_at(p, DV_JS_T_LBRACE))
        return dv_js_parse_assign(p);
    p->context &= ~(uint32_t)C_NO_IN;
    return body(p, is_simple);
}

uint32_t
dv_js_parse_arrow(struct dv_js_parser *p, uint32_t params, uint32_t start,
                  bool is_async)
{
    const uint32_t kept = C_STRICT | C_MODULE | C_NO_IN | C_SUPER_CALL
                          | C_SUPER_PROPERTY | C_NEW_TARGET | C_NO_ARGUMENTS;
    struct outer outer;
    uint32_t id, block;
    uint8_t bits;
    bool is_simple, is_expression, was_strict;

    check_arrow_head(p, start, is_async);
    if (!enter_function(p, &outer, p->context))
        return 0;
    p->context = (p->context & (kept | C_STATIC_BLOCK))
                 | (is_async ? (uint32_t)C_ASYNC : 0);
    is_simple = dv_js_parse_to_params(p, params);
    if (p->has_twin_params != 0)
        dv_js_parse_complain(p, p->has_twin_params - 1,
                             "parameter declared twice");
    was_strict = p->context & C_STRICT;
    p->context = (p->context & (kept | C_ASYNC)) | C_RETURN;
    next(p);
    is_expression = !is_at(p, DV_JS_T_LBRACE);
    block = arrow_body(p, is_simple);
    if (!was_strict && (p->context & C_STRICT))
        check_strict_names(p, 0, params);
    bits = node_flags(p, is_async ? F_ASYNC : 0, is_simple);
    if (is_expression)
        bits |= DV_JS_EXPRESSION;
    leave_function(p, &outer);
    if (block == 0)
        return 0;
    id = make(p, DV_JS_ARROW_FUNCTION_EXPRESSION, start, 0, params);
    node_of(p, id)->c = block;
    node_of(p, id)->flags = bits;
    return id;
}

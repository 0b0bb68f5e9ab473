/* SPDX-License-Identifier: MIT */
/* js_parse_statement.c - statements but loops (ECMA-262, 14). */

#include "js/js_parse_state.h"

/* Whether a list of statements is over: at its closer, at END or at the next
 * case of a switch. */
static bool
is_list_end(const struct dv_js_parser *p, unsigned closer)
{
    const unsigned kind = kind_of(p);

    if (kind == closer || kind == DV_JS_T_END)
        return true;
    return closer == DV_JS_T_CASE
           && (kind == DV_JS_T_DEFAULT || kind == DV_JS_T_RBRACE);
}

/* One item of a list, or what is left of it after an error. */
static uint32_t
item(struct dv_js_parser *p, unsigned closer, uint32_t nest)
{
    const uint32_t start = p->lex.start;
    const uint32_t mark = p->tree->count;
    const uint32_t id = closer == DV_JS_T_END ? dv_js_parse_module_item(p)
                                              : dv_js_parse_statement_item(p);

    if (DV_LIKELY(!p->failed))
        return id;
    return dv_js_parse_recover(p, start, mark, nest);
}

void
dv_js_parse_statements(struct dv_js_parser *p, struct list *list,
                       unsigned closer, uint32_t nest)
{
    while (!is_list_end(p, closer))
        append(p, list, item(p, closer, nest));
}

/* "use strict", as it stands in the source. */
static bool
is_use_strict(const struct dv_js_parser *p, uint32_t literal)
{
    const struct dv_span text = dv_js_source(p->tree, literal);

    return dv_span_equal_cstr(text, "'use strict'")
           || dv_span_equal_cstr(text, "\"use strict\"");
}

static bool
is_directive(const struct dv_js_parser *p, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    return node->kind == DV_JS_EXPRESSION_STATEMENT
           && kind_at(p, node->a) == DV_JS_STRING_LITERAL
           && !is_parenthesised(p, node->a);
}

void
dv_js_parse_directives(struct dv_js_parser *p, struct list *list,
                       unsigned closer, uint32_t nest, bool is_simple)
{
    p->last_octal = 0;
    while (is_at(p, DV_JS_T_STRING)) {
        const uint32_t start = p->lex.start;
        const uint32_t id = item(p, closer, nest);

        append(p, list, id);
        if (!is_directive(p, id))
            return;
        node_of(p, id)->flags |= DV_JS_DIRECTIVE;
        if (!is_use_strict(p, node_of(p, id)->a))
            continue;
        if (!is_simple)
            dv_js_parse_complain(p, start,
                                 "\"use strict\" behind parameters that are "
                                 "no plain names");
        if (p->last_octal != 0)
            dv_js_parse_complain(p, p->last_octal - 1,
                                 "octal escape in strict code");
        p->context |= C_STRICT;
    }
}

uint32_t
dv_js_parse_block(struct dv_js_parser *p, bool has_scope)
{
    const uint32_t start = p->lex.start;
    const uint32_t nest = p->lex.nest;
    struct list list = { 0, 0 };

    if (!has_scope && !dv_js_declare_enter(&p->names, false)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    expect(p, DV_JS_T_LBRACE);
    dv_js_parse_statements(p, &list, DV_JS_T_RBRACE, nest);
    if (!has_scope)
        dv_js_declare_leave(&p->names);
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_BLOCK_STATEMENT, start, list.head, 0);
}

static DV_NOINLINE uint32_t
declarator(struct dv_js_parser *p, unsigned op, bool is_for)
{
    const uint32_t start = p->lex.start;
    const unsigned how = op == DV_JS_T_VAR ? DV_JS_DECLARE_VAR
                                           : DV_JS_DECLARE_LET;
    const uint32_t target = dv_js_parse_binding(p, how);
    const bool needs_value = op == DV_JS_T_CONST
                             || kind_at(p, target) != DV_JS_IDENTIFIER;
    uint32_t value = 0;

    if (eat(p, DV_JS_T_ASSIGN))
        value = dv_js_parse_assign(p);
    else if (needs_value
             && !(is_for && (is_at(p, DV_JS_T_OF) || is_at(p, DV_JS_T_IN))))
        dv_js_parse_complain(p, start, "declaration without a value");
    return make(p, DV_JS_VARIABLE_DECLARATOR, start, target, value);
}

uint32_t
dv_js_parse_variables(struct dv_js_parser *p, bool is_for)
{
    const uint32_t start = p->lex.start;
    const unsigned op = kind_of(p);
    struct list list = { 0, 0 };
    uint32_t id;

    next(p);
    do
        append(p, &list, declarator(p, op, is_for));
    while (eat(p, DV_JS_T_COMMA));
    id = make(p, DV_JS_VARIABLE_DECLARATION, start, list.head, 0);
    node_of(p, id)->op = (uint16_t)op;
    return id;
}

/* The end of a statement that ends in a semicolon. */
static uint32_t
with_semicolon(struct dv_js_parser *p, uint32_t id)
{
    dv_js_parse_semicolon(p);
    node_of(p, id)->end = p->lex.before;
    return id;
}

/* A `let` that begins a declaration is followed by a name, [ or { (14.3.1).
 * Where only a statement may stand, `let` line end `x` is two. */
bool
dv_js_parse_is_let(const struct dv_js_parser *p)
{
    const struct peeked peeked = dv_js_parse_peek(p);

    if (peeked.kind == DV_JS_T_LBRACKET || peeked.kind == DV_JS_T_LBRACE)
        return true;
    return dv_js_token_is_word(peeked.kind)
           && !dv_js_token_is_reserved(peeked.kind);
}

static DV_NOINLINE uint32_t
let_statement(struct dv_js_parser *p)
{
    return with_semicolon(p, dv_js_parse_variables(p, false));
}

/* A function as the body of if or of a label, in sloppy code (B.3.1, B.3.3):
 * as if it stood in a block. */
static DV_NOINLINE uint32_t
function_as_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    if (p->context & C_STRICT)
        dv_js_parse_complain(p, start, "function where a statement is wanted");
    if (dv_js_parse_peek(p).kind == DV_JS_T_MUL)
        dv_js_parse_complain(p, start, "generator where a statement is wanted");
    if (!dv_js_declare_enter(&p->names, false)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    id = dv_js_parse_function_declaration(p, start, false, false);
    dv_js_declare_leave(&p->names);
    return id;
}

static uint32_t
if_arm(struct dv_js_parser *p)
{
    if (is_at(p, DV_JS_T_FUNCTION))
        return function_as_statement(p);
    return dv_js_parse_body(p);
}

static DV_NOINLINE uint32_t
condition(struct dv_js_parser *p)
{
    uint32_t test;

    expect(p, DV_JS_T_LPAREN);
    test = dv_js_parse_expression(p);
    expect(p, DV_JS_T_RPAREN);
    return test;
}

/* if ... else if ... else if ... is one loop. */
static DV_NOINLINE uint32_t
if_statement(struct dv_js_parser *p)
{
    const size_t base = p->pending.len;
    uint32_t alternate = 0;

    while (is_at(p, DV_JS_T_IF)) {
        struct pending *arm = dv_vec_push(&p->pending);
        const uint32_t start = p->lex.start;
        const size_t place = p->pending.len - 1;
        uint32_t test, consequent;

        if (arm == NULL) {
            dv_js_parse_no_memory(p);
            return 0;
        }
        next(p);
        test = condition(p);
        consequent = if_arm(p);
        arm = dv_vec_at(&p->pending, place);
        *arm = (struct pending){ .left = test, .middle = consequent,
                                 .start = start };
        if (!eat(p, DV_JS_T_ELSE))
            break;
        if (!is_at(p, DV_JS_T_IF))
            alternate = if_arm(p);
    }
    while (p->pending.len > base) {
        const struct pending *arm
            = dv_vec_at(&p->pending, p->pending.len - 1);
        const uint32_t id = make(p, DV_JS_IF_STATEMENT, arm->start, arm->left,
                                 arm->middle);

        dv_vec_pop(&p->pending);
        node_of(p, id)->c = alternate;
        alternate = id;
    }
    return alternate;
}

static DV_NOINLINE uint32_t
switch_case(struct dv_js_parser *p, bool *has_default, uint32_t nest)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };
    uint32_t test = 0;

    if (eat(p, DV_JS_T_CASE)) {
        test = dv_js_parse_expression(p);
    } else {
        expect(p, DV_JS_T_DEFAULT);
        if (*has_default)
            dv_js_parse_complain(p, start, "second default in a switch");
        *has_default = true;
    }
    expect(p, DV_JS_T_COLON);
    dv_js_parse_statements(p, &list, DV_JS_T_CASE, nest);
    return make(p, DV_JS_SWITCH_CASE, start, test, list.head);
}

static DV_NOINLINE uint32_t
switch_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };
    bool has_default = false;
    uint32_t value, nest;

    if (!enter(p))
        return 0;
    next(p);
    value = condition(p);
    nest = p->lex.nest;
    expect(p, DV_JS_T_LBRACE);
    if (!dv_js_declare_enter(&p->names, false)) {
        dv_js_parse_no_memory(p);
        leave(p);
        return 0;
    }
    p->breakables++;
    while (!is_at(p, DV_JS_T_RBRACE) && !is_at(p, DV_JS_T_END))
        append(p, &list, switch_case(p, &has_default, nest));
    p->breakables--;
    dv_js_declare_leave(&p->names);
    leave(p);
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_SWITCH_STATEMENT, start, value, list.head);
}

static DV_NOINLINE uint32_t
catch_clause(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t param = 0;
    uint32_t block;

    next(p);
    if (!dv_js_declare_enter(&p->names, false)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    if (eat(p, DV_JS_T_LPAREN)) {
        param = dv_js_parse_binding(p, dv_js_parse_is_name(p)
                                           ? DV_JS_DECLARE_CATCH
                                           : DV_JS_DECLARE_LET);
        expect(p, DV_JS_T_RPAREN);
    }
    block = dv_js_parse_block(p, true);
    dv_js_declare_leave(&p->names);
    return make(p, DV_JS_CATCH_CLAUSE, start, param, block);
}

static DV_NOINLINE uint32_t
try_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t block, id;
    uint32_t handler = 0;
    uint32_t finalizer = 0;

    if (!enter(p))
        return 0;
    next(p);
    block = dv_js_parse_block(p, false);
    if (is_at(p, DV_JS_T_CATCH))
        handler = catch_clause(p);
    if (eat(p, DV_JS_T_FINALLY))
        finalizer = dv_js_parse_block(p, false);
    else if (handler == 0)
        dv_js_parse_unexpected(p);
    leave(p);
    id = make(p, DV_JS_TRY_STATEMENT, start, block, handler);
    node_of(p, id)->c = finalizer;
    return id;
}

static DV_NOINLINE uint32_t
throw_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t argument;

    next(p);
    if (has_newline(p))
        dv_js_parse_fail(p, p->lex.start, "line end behind throw");
    argument = dv_js_parse_expression(p);
    dv_js_parse_semicolon(p);
    return make(p, DV_JS_THROW_STATEMENT, start, argument, 0);
}

/* Whether a statement ends here, written or by 12.10. */
static bool
is_statement_end(const struct dv_js_parser *p)
{
    return is_at(p, DV_JS_T_SEMICOLON) || is_at(p, DV_JS_T_RBRACE)
           || is_at(p, DV_JS_T_END) || has_newline(p);
}

static DV_NOINLINE uint32_t
return_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t argument = 0;

    if (!(p->context & C_RETURN))
        dv_js_parse_complain(p, start, "return outside of a function");
    next(p);
    if (!is_statement_end(p))
        argument = dv_js_parse_expression(p);
    dv_js_parse_semicolon(p);
    return make(p, DV_JS_RETURN_STATEMENT, start, argument, 0);
}

static DV_NOINLINE uint32_t
jump(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const bool is_continue = is_at(p, DV_JS_T_CONTINUE);
    uint32_t label = 0;

    next(p);
    if (!is_statement_end(p)) {
        label = dv_js_parse_reference(p);
        if (!dv_js_declare_has_label(&p->names, node_of(p, label)->a,
                                     is_continue))
            dv_js_parse_complain(p, start, "jump to a label that is not here");
    } else if (is_continue ? p->loops == 0 : p->breakables == 0) {
        dv_js_parse_complain(p, start, "jump outside of a loop");
    }
    dv_js_parse_semicolon(p);
    return make(p, is_continue ? DV_JS_CONTINUE_STATEMENT
                               : DV_JS_BREAK_STATEMENT,
                start, label, 0);
}

static DV_NOINLINE uint32_t
with_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t object, body;

    if (p->context & C_STRICT)
        dv_js_parse_complain(p, start, "with in strict code");
    next(p);
    object = condition(p);
    body = dv_js_parse_body(p);
    return make(p, DV_JS_WITH_STATEMENT, start, object, body);
}

static bool
is_loop(unsigned kind)
{
    return kind == DV_JS_T_FOR || kind == DV_JS_T_WHILE || kind == DV_JS_T_DO;
}

/* The current token is the colon behind `label`. */
static DV_NOINLINE uint32_t
labelled(struct dv_js_parser *p, uint32_t label, uint32_t start)
{
    const uint32_t atom = node_of(p, label)->a;
    uint32_t body;

    next(p);
    switch (dv_js_declare_push_label(&p->names, atom, start, p->lex.start)) {
    case DAVY_OK:
        break;
    case DAVY_NO_MEMORY:
        dv_js_parse_no_memory(p);
        return 0;
    default:
        dv_js_parse_complain(p, start, "label inside of the same label");
        break;
    }
    if (is_loop(kind_of(p)))
        dv_js_declare_loop_label(&p->names, p->lex.start);
    if (is_at(p, DV_JS_T_FUNCTION)) {
        if ((p->context & C_STRICT)
            || dv_js_parse_peek(p).kind == DV_JS_T_MUL)
            dv_js_parse_complain(p, p->lex.start,
                                 "function where a statement is wanted");
        body = dv_js_parse_function_declaration(p, p->lex.start, false, false);
    } else {
        body = dv_js_parse_statement(p);
    }
    dv_js_declare_pop_label(&p->names);
    return make(p, DV_JS_LABELED_STATEMENT, start, label, body);
}

static uint32_t
expression_statement(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const bool is_word = dv_js_token_is_word(kind_of(p));
    const uint32_t id = dv_js_parse_expression(p);

    if (is_word && is_at(p, DV_JS_T_COLON)
        && kind_at(p, id) == DV_JS_IDENTIFIER && !is_parenthesised(p, id))
        return labelled(p, id, start);
    dv_js_parse_semicolon(p);
    return make(p, DV_JS_EXPRESSION_STATEMENT, start, id, 0);
}

static DV_NOINLINE uint32_t
debugger(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;

    next(p);
    dv_js_parse_semicolon(p);
    return make(p, DV_JS_DEBUGGER_STATEMENT, start, 0, 0);
}

/* `async function` where only a statement may stand. */
static bool
is_async_function(const struct dv_js_parser *p)
{
    const struct peeked peeked = dv_js_parse_peek(p);

    return peeked.kind == DV_JS_T_FUNCTION && !peeked.has_newline;
}

/* What only stands in lists of statements stands here all the same. */
static void
check_no_declaration(struct dv_js_parser *p)
{
    switch (kind_of(p)) {
    case DV_JS_T_CLASS:
    case DV_JS_T_CONST:
    case DV_JS_T_FUNCTION:
        dv_js_parse_fail(p, p->lex.start,
                         "declaration where a statement is wanted");
        break;
    case DV_JS_T_LET: {
        const struct peeked peeked = dv_js_parse_peek(p);

        if (peeked.kind == DV_JS_T_LBRACKET
            || (dv_js_parse_is_let(p) && !peeked.has_newline))
            dv_js_parse_fail(p, p->lex.start,
                             "declaration where a statement is wanted");
        break;
    }
    case DV_JS_T_ASYNC:
        if (is_async_function(p))
            dv_js_parse_fail(p, p->lex.start,
                             "declaration where a statement is wanted");
        break;
    default:
        break;
    }
}

/* Statements that begin with a word or sign of their own. */
static uint32_t
statement(struct dv_js_parser *p)
{
    switch (kind_of(p)) {
    case DV_JS_T_LBRACE:
        return dv_js_parse_block(p, false);
    case DV_JS_T_SEMICOLON:
        return make_token(p, DV_JS_EMPTY_STATEMENT, 0);
    case DV_JS_T_VAR:
        return let_statement(p);
    case DV_JS_T_IF:
        return if_statement(p);
    case DV_JS_T_FOR:
        return dv_js_parse_for(p);
    case DV_JS_T_WHILE:
        return dv_js_parse_while(p);
    case DV_JS_T_DO:
        return dv_js_parse_do(p);
    case DV_JS_T_RETURN:
        return return_statement(p);
    case DV_JS_T_BREAK:
    case DV_JS_T_CONTINUE:
        return jump(p);
    case DV_JS_T_SWITCH:
        return switch_statement(p);
    case DV_JS_T_THROW:
        return throw_statement(p);
    case DV_JS_T_TRY:
        return try_statement(p);
    case DV_JS_T_WITH:
        return with_statement(p);
    case DV_JS_T_DEBUGGER:
        return debugger(p);
    default:
        return expression_statement(p);
    }
}

uint32_t
dv_js_parse_statement(struct dv_js_parser *p)
{
    uint32_t id;

    if (!enter(p))
        return 0;
    check_no_declaration(p);
    id = statement(p);
    leave(p);
    return id;
}

uint32_t
dv_js_parse_body(struct dv_js_parser *p)
{
    const uint32_t body = dv_js_parse_statement(p);
    uint32_t id = body;

    while (kind_at(p, id) == DV_JS_LABELED_STATEMENT)
        id = node_of(p, id)->b;
    if (id != body && kind_at(p, id) == DV_JS_FUNCTION_DECLARATION)
        dv_js_parse_complain(p, node_of(p, id)->start,
                             "function where a statement is wanted");
    return body;
}

/* A declaration, or 0 when the token begins none. */
static uint32_t
declaration(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;

    switch (kind_of(p)) {
    case DV_JS_T_FUNCTION:
        return dv_js_parse_function_declaration(p, start, false, false);
    case DV_JS_T_CONST:
        return let_statement(p);
    case DV_JS_T_CLASS:
        return dv_js_parse_class(p, true, false);
    case DV_JS_T_LET:
        return dv_js_parse_is_let(p) ? let_statement(p) : 0;
    case DV_JS_T_ASYNC:
        if (!is_async_function(p))
            return 0;
        next(p);
        return dv_js_parse_function_declaration(p, start, true, false);
    default:
        return 0;
    }
}

uint32_t
dv_js_parse_statement_item(struct dv_js_parser *p)
{
    uint32_t id;

    if (!enter(p))
        return 0;
    id = declaration(p);
    if (id == 0 && !p->failed)
        id = statement(p);
    leave(p);
    return id;
}

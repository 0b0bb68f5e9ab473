/* SPDX-License-Identifier: MIT */
/* js_parse_state.h - what the files of the parser share, and nobody else.
 *
 * The parser is recursive descent with one token of look-ahead, after the
 * grammar of ECMA-262, 13 to 16.  Two kinds of errors:
 *
 *   soft   the text still has a shape (two `let a`): dv_js_parse_complain notes
 *          it and parsing goes on;
 *   hard   it has none: dv_js_parse_fail notes it, makes every further token
 *          END, so that all loops end and all functions return, and the
 *          innermost list of statements takes up again behind it
 *          (js_parse_recover.c).
 *
 * Node 0 stands for what could not be made; functions pass it on unseen.  While
 * failing, nodes that make sense without what is missing are still made, so
 * that a call which is cut off in its arguments is a call (js_parse_recover.c).
 * What may be an expression or a pattern (cover grammars, 13.2.5.1 and 13.15.5)
 * is parsed once, as an expression, and turned into a pattern in place. */

#ifndef DV_JS_PARSE_STATE_H
#define DV_JS_PARSE_STATE_H

#include "base/vec.h"
#include "js/js_declare.h"
#include "js/js_lexer.h"
#include "js/js_parse.h"
#include "js/js_regexp_syntax.h"

/* Where we are, as bits: what is allowed and what words mean there. */
enum context {
    C_STRICT = 1 << 0,
    C_MODULE = 1 << 1,          /* await is reserved */
    C_RETURN = 1 << 2,          /* return may stand here */
    C_ASYNC = 1 << 3,           /* await is an operator */
    C_GENERATOR = 1 << 4,       /* yield is an operator */
    C_NO_IN = 1 << 5,           /* head of a for: `in` ends the expression */
    C_SUPER_CALL = 1 << 6,
    C_SUPER_PROPERTY = 1 << 7,
    C_NEW_TARGET = 1 << 8,
    C_NO_ARGUMENTS = 1 << 9,    /* field or static block */
    C_STATIC_BLOCK = 1 << 10,   /* await is no name */
    C_PARAMS = 1 << 11          /* no yield, no await */
};

/* Why a function is parsed. */
enum function_flag {
    F_ASYNC = 1,
    F_GENERATOR = 2,
    F_METHOD = 4,               /* may use super.x */
    F_CONSTRUCTOR = 8,          /* of a derived class: may call super() */
    F_GETTER = 16,
    F_SETTER = 32
};

/* An operator or a conditional whose right side is not yet there. */
struct pending {
    uint32_t left, middle;      /* nodes */
    uint32_t start;             /* where the left side starts, with ( */
    uint16_t op;
    uint16_t precedence;
};

struct list {
    uint32_t head, tail;
};

struct dv_js_parser {
    struct dv_js_lexer lex;     /* with the current token */
    struct dv_js_tree *tree;
    uint32_t context;           /* enum context */
    uint32_t depth, depth_limit;
    uint32_t cover;             /* offset + 1 of `{a = 1}` or a second
                                 * __proto__ that only a pattern may have */
    const char *cover_message;
    uint32_t arrow_at;          /* an arrow function may start here */
    uint32_t last_yield;        /* offset + 1 of the last yield, await and */
    uint32_t last_await;        /* `await` as a name */
    uint32_t last_await_name;
    uint32_t last_octal;        /* of a string with an octal escape */
    uint32_t has_twin_params;   /* the same of the last twice used parameter */
    struct dv_vec pending;      /* struct pending */
    struct dv_js_declare names;
    struct dv_js_regexp regexp;
    uint32_t loops, breakables; /* around us, in this function */
    bool is_exporting;          /* declarations of the module are exports */
    bool failed;                /* unwinding */
    bool hit_limit;
    bool wants_module;          /* a script has import or export */
    bool may_be_module;         /* then it is given up, to start again as one */
    davy_status status;         /* else there is no taking up again */
    struct dv_js_lexer resume;  /* where it failed */
    uint64_t recover_spent;     /* nodes looked at in recoveries */
    uint32_t recover_again;     /* second tries of recoveries left */
    struct dv_vec marks;        /* uint8_t: room for recoveries */
    struct dv_vec exports;      /* uint32_t: Identifier nodes of export {a} */
};

/* ---- Errors (js_parse_error.c) ---------------------------------------- */

void dv_js_parse_complain(struct dv_js_parser *p, uint32_t offset,
                          const char *message);
void dv_js_parse_fail(struct dv_js_parser *p, uint32_t offset,
                      const char *message);
void dv_js_parse_unexpected(struct dv_js_parser *p);
void dv_js_parse_no_memory(struct dv_js_parser *p);

/* Stop for good: a DAVY_DECLINED that dv_js_parse turns into another start. */
void dv_js_parse_give_up(struct dv_js_parser *p);

/* Nesting got too deep. */
void dv_js_parse_too_deep(struct dv_js_parser *p);

/* ---- Tokens ----------------------------------------------------------- */

static inline unsigned
kind_of(const struct dv_js_parser *p)
{
    return p->lex.kind;
}

static inline void
next(struct dv_js_parser *p)
{
    dv_js_lexer_next(&p->lex);
}

static inline bool
is_at(const struct dv_js_parser *p, unsigned kind)
{
    return p->lex.kind == kind;
}

static inline bool
eat(struct dv_js_parser *p, unsigned kind)
{
    if (p->lex.kind != kind)
        return false;
    next(p);
    return true;
}

static inline void
expect(struct dv_js_parser *p, unsigned kind)
{
    if (DV_LIKELY(p->lex.kind == kind))
        next(p);
    else
        dv_js_parse_unexpected(p);
}

static inline bool
has_newline(const struct dv_js_parser *p)
{
    return p->lex.flags & DV_JS_TOKEN_NEWLINE;
}

/* The token after this one. */
struct peeked {
    uint8_t kind;
    bool has_newline;           /* before it */
};

struct peeked dv_js_parse_peek(const struct dv_js_parser *p);

/* A semicolon, written or inserted (12.10). */
void dv_js_parse_semicolon(struct dv_js_parser *p);

/* ---- Nodes ------------------------------------------------------------ */

static inline struct dv_js_node *
node_of(struct dv_js_parser *p, uint32_t id)
{
    return &p->tree->nodes[id];
}

static inline unsigned
kind_at(const struct dv_js_parser *p, uint32_t id)
{
    return p->tree->nodes[id].kind;
}

static inline bool
is_parenthesised(const struct dv_js_parser *p, uint32_t id)
{
    return p->tree->nodes[id].flags & DV_JS_PAREN;
}

/* Whether a node makes sense in a statement that broke off. */
bool dv_js_parse_keeps(const struct dv_js_parser *p, unsigned kind, uint32_t a,
                       uint32_t b);

/* A node from `start` to the end of the token before the current one; 0 while
 * failing, unless it is worth keeping. */
static inline uint32_t
make(struct dv_js_parser *p, unsigned kind, uint32_t start, uint32_t a,
     uint32_t b)
{
    struct dv_js_tree *const tree = p->tree;
    struct dv_js_node *node;

    if (DV_UNLIKELY(p->failed) && !dv_js_parse_keeps(p, kind, a, b))
        return 0;
    if (DV_UNLIKELY(tree->count >= tree->cap) && !dv_js_tree_grow(tree)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    node = &tree->nodes[tree->count];
    *node = (struct dv_js_node){ .kind = (uint8_t)kind,
                                 .start = start,
                                 .end = p->lex.before,
                                 .slot = { a, b, 0, 0 } };
    if (DV_UNLIKELY(p->lex.before < start))
        node->end = start;              /* nothing but what is missing */
    return tree->count++;
}

/* The same for the current token alone, which is then passed. */
static inline uint32_t
make_token(struct dv_js_parser *p, unsigned kind, uint32_t a)
{
    const uint32_t start = p->lex.start;

    next(p);
    return make(p, kind, start, a, 0);
}

static inline void
append(struct dv_js_parser *p, struct list *list, uint32_t id)
{
    if (id == 0)
        return;
    if (list->head == 0)
        list->head = id;
    else
        p->tree->nodes[list->tail].next = id;
    list->tail = id;
}

static inline bool
enter(struct dv_js_parser *p)
{
    if (DV_LIKELY(p->depth < p->depth_limit)) {
        p->depth++;
        return true;
    }
    dv_js_parse_too_deep(p);
    return false;
}

static inline void
leave(struct dv_js_parser *p)
{
    p->depth--;
}

/* ---- Names (js_parse_name.c) ------------------------------------------ */

/* The atom of the current word, private name (without #) or string; 0 while
 * failing. */
uint32_t dv_js_parse_atom(struct dv_js_parser *p);

/* The current word as a name that refers, or binds: an Identifier. */
uint32_t dv_js_parse_reference(struct dv_js_parser *p);
uint32_t dv_js_parse_binding_name(struct dv_js_parser *p);

/* The current word, whatever it is, as an Identifier. */
uint32_t dv_js_parse_word(struct dv_js_parser *p);

/* A word made to refer: complains where it is reserved. */
void dv_js_parse_check_reference(struct dv_js_parser *p, unsigned word,
                                 uint32_t offset);

/* A word made to bind: complains where `word` (enum dv_js_token) is reserved or
 * may not be bound in this context. */
void dv_js_parse_check_binding(struct dv_js_parser *p, unsigned word,
                               uint32_t offset);

/* Whether the current word may be a name here. */
bool dv_js_parse_is_name(const struct dv_js_parser *p);

/* A private name that refers: a PrivateIdentifier. */
uint32_t dv_js_parse_private(struct dv_js_parser *p);

/* ---- Literals (js_parse_literal.c) ------------------------------------ */

uint32_t dv_js_parse_number(struct dv_js_parser *p);
uint32_t dv_js_parse_bigint(struct dv_js_parser *p);
uint32_t dv_js_parse_string(struct dv_js_parser *p);
uint32_t dv_js_parse_regexp(struct dv_js_parser *p);
uint32_t dv_js_parse_template(struct dv_js_parser *p, bool is_tagged);

/* ---- Expressions ------------------------------------------------------ */

/* Expression with commas, and AssignmentExpression (13.15, 13.16). */
uint32_t dv_js_parse_expression(struct dv_js_parser *p);
uint32_t dv_js_parse_assign(struct dv_js_parser *p);

/* The same, with `in` as an operator again. */
uint32_t dv_js_parse_expression_in(struct dv_js_parser *p);
uint32_t dv_js_parse_assign_in(struct dv_js_parser *p);

/* An AssignmentExpression that may turn out to be a pattern: p->cover may stay
 * set, when the result is an object or array literal. */
uint32_t dv_js_parse_assign_cover(struct dv_js_parser *p);

/* Complain about what is only allowed in a pattern, if anything is. */
void dv_js_parse_resolve_cover(struct dv_js_parser *p);

/* UnaryExpression (13.5). */
uint32_t dv_js_parse_unary(struct dv_js_parser *p);

/* LeftHandSideExpression (13.3); `new` is followed by one without calls. */
uint32_t dv_js_parse_postfix(struct dv_js_parser *p, bool is_new_callee);

/* Whether a token goes on with an expression: . ( [ ?. ` */
static inline bool
dv_js_parse_is_link(unsigned kind)
{
    return kind == DV_JS_T_DOT || kind == DV_JS_T_LPAREN
           || kind == DV_JS_T_LBRACKET || kind == DV_JS_T_OPTIONAL_CHAIN
           || kind == DV_JS_T_TEMPLATE_WHOLE || kind == DV_JS_T_TEMPLATE_HEAD;
}

/* Everything behind a PrimaryExpression `id` that began at `start`. */
uint32_t dv_js_parse_links(struct dv_js_parser *p, uint32_t id, uint32_t start,
                           bool is_new_callee);

/* PrimaryExpression (13.2). */
uint32_t dv_js_parse_primary(struct dv_js_parser *p);
uint32_t dv_js_parse_array(struct dv_js_parser *p);
uint32_t dv_js_parse_object(struct dv_js_parser *p);
uint32_t dv_js_parse_new(struct dv_js_parser *p);
uint32_t dv_js_parse_import_expression(struct dv_js_parser *p);

/* Arguments in parentheses, as a list. */
void dv_js_parse_arguments(struct dv_js_parser *p, struct list *list);

/* ---- Patterns (js_parse_pattern.c) ------------------------------------ */

/* Turn an expression into what an assignment may assign to. */
void dv_js_parse_to_target(struct dv_js_parser *p, uint32_t id);

/* Turn expressions into the parameters of an arrow function; declares their
 * names.  False when they are no plain names. */
bool dv_js_parse_to_params(struct dv_js_parser *p, uint32_t head);

/* What ++, --, += and for (x in ..) may change: a name or a member. */
void dv_js_parse_check_simple_target(struct dv_js_parser *p, uint32_t id);

/* Declare the name of an Identifier; complains where it may not be. */
void dv_js_parse_declare(struct dv_js_parser *p, uint32_t id, unsigned how);

/* A name or pattern that binds (14.3.3); `how` is of enum dv_js_declared. */
uint32_t dv_js_parse_binding(struct dv_js_parser *p, unsigned how);

/* The same with an initializer, if there is one. */
uint32_t dv_js_parse_binding_element(struct dv_js_parser *p, unsigned how);

/* ---- Functions and classes -------------------------------------------- */

/* The rest of a function: parameters and body; makes a node of `kind`. */
uint32_t dv_js_parse_function_rest(struct dv_js_parser *p, unsigned kind,
                                   unsigned flags, uint32_t start,
                                   uint32_t id);
uint32_t dv_js_parse_function_expression(struct dv_js_parser *p,
                                         uint32_t start, bool is_async);
uint32_t dv_js_parse_function_declaration(struct dv_js_parser *p,
                                          uint32_t start, bool is_async,
                                          bool is_default);

/* The current token is =>; `params` are still expressions. */
uint32_t dv_js_parse_arrow(struct dv_js_parser *p, uint32_t params,
                           uint32_t start, bool is_async);

/* `is_default`: the name may be missing (export default). */
uint32_t dv_js_parse_class(struct dv_js_parser *p, bool is_declaration,
                           bool is_default);

/* A key of an object or class; `flags` gets COMPUTED. */
uint32_t dv_js_parse_key(struct dv_js_parser *p, uint8_t *flags);

/* The value of a method: a FunctionExpression. */
uint32_t dv_js_parse_method(struct dv_js_parser *p, unsigned flags);

/* ---- Statements ------------------------------------------------------- */

/* Statements up to `closer` (END: items of a script or module; CASE: of one
 * case), with recovery; `nest` is lex.nest inside of the list. */
void dv_js_parse_statements(struct dv_js_parser *p, struct list *list,
                            unsigned closer, uint32_t nest);

/* A Statement (no declaration), a StatementListItem, a ModuleItem. */
uint32_t dv_js_parse_statement(struct dv_js_parser *p);
uint32_t dv_js_parse_statement_item(struct dv_js_parser *p);
uint32_t dv_js_parse_module_item(struct dv_js_parser *p);

/* `{ ... }`; a scope of its own unless the caller has made one. */
uint32_t dv_js_parse_block(struct dv_js_parser *p, bool has_scope);

/* The directives that begin such a list; may set C_STRICT.  `is_simple` as of
 * the function's parameters. */
void dv_js_parse_directives(struct dv_js_parser *p, struct list *list,
                            unsigned closer, uint32_t nest, bool is_simple);

uint32_t dv_js_parse_do(struct dv_js_parser *p);
uint32_t dv_js_parse_while(struct dv_js_parser *p);
uint32_t dv_js_parse_for(struct dv_js_parser *p);

/* The Statement that is the body of if, with or a loop: it may not be a
 * labelled function. */
uint32_t dv_js_parse_body(struct dv_js_parser *p);

/* var, let or const and its declarators, without the semicolon. */
uint32_t dv_js_parse_variables(struct dv_js_parser *p, bool is_for);

/* Whether `let` here begins a declaration. */
bool dv_js_parse_is_let(const struct dv_js_parser *p);

uint32_t dv_js_parse_import(struct dv_js_parser *p);
uint32_t dv_js_parse_export(struct dv_js_parser *p);

/* The module exports something as `atom`; complains when it did already. */
void dv_js_parse_export_name(struct dv_js_parser *p, uint32_t atom,
                             uint32_t offset);

/* At the end: complain about exports of what the module does not declare. */
void dv_js_parse_check_exports(struct dv_js_parser *p);

/* Take up again after a failure in a statement that began with node `mark` at
 * `start`; gives an ErrorStatement. */
uint32_t dv_js_parse_recover(struct dv_js_parser *p, uint32_t start,
                             uint32_t mark, uint32_t nest);

#endif

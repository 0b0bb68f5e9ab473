/* SPDX-License-Identifier: MIT */
/* js_parse_class.c - classes (ECMA-262, 15.7). */

#include "js/js_parse_state.h"

/* A class element that is being read. */
struct element {
    uint32_t start;
    uint32_t key;
    uint16_t op;                /* GET, SET, CONSTRUCTOR, FUNCTION */
    uint8_t flags;              /* COMPUTED, STATIC */
    unsigned method;            /* function flags; 0 for a field or not known */
};

/* What is known of the class around. */
struct body {
    bool is_derived;
    bool has_constructor;
};

/* Whether what stands behind a word makes the word a key, not a modifier. */
static bool
makes_key(unsigned kind)
{
    return kind == DV_JS_T_LPAREN || kind == DV_JS_T_ASSIGN
           || kind == DV_JS_T_SEMICOLON || kind == DV_JS_T_RBRACE
           || kind == DV_JS_T_END;
}

/* Whether the current word (static, async, get, set) is a modifier here. */
static bool
is_modifier(const struct dv_js_parser *p)
{
    const struct peeked peeked = dv_js_parse_peek(p);

    if (makes_key(peeked.kind))
        return false;
    switch (kind_of(p)) {
    case DV_JS_T_STATIC:
        return true;
    case DV_JS_T_ASYNC:
        return !peeked.has_newline;
    default:                            /* `get` line end `*x() {}` */
        return peeked.kind != DV_JS_T_MUL;
    }
}

static void
read_modifiers(struct dv_js_parser *p, struct element *element)
{
    switch (kind_of(p)) {
    case DV_JS_T_ASYNC:
        if (!is_modifier(p))
            return;
        next(p);
        element->method = F_ASYNC | F_METHOD;
        break;
    case DV_JS_T_GET:
        if (!is_modifier(p))
            return;
        next(p);
        element->op = DV_JS_T_GET;
        element->method = F_GETTER | F_METHOD;
        return;
    case DV_JS_T_SET:
        if (!is_modifier(p))
            return;
        next(p);
        element->op = DV_JS_T_SET;
        element->method = F_SETTER | F_METHOD;
        return;
    default:
        break;
    }
    if (eat(p, DV_JS_T_MUL))
        element->method |= F_GENERATOR | F_METHOD;
}

/* Whether the key is the plain name `text`. */
static bool
is_key(const struct dv_js_parser *p, const struct element *element,
       const char *text)
{
    const uint32_t key = element->key;

    if (element->flags & DV_JS_COMPUTED)
        return false;
    switch (kind_at(p, key)) {
    case DV_JS_IDENTIFIER:
        return dv_span_equal_cstr(dv_js_name(p->tree, key), text);
    case DV_JS_STRING_LITERAL:
        return dv_span_equal_cstr(dv_js_string(p->tree, key), text);
    default:
        return false;
    }
}

static void
declare_private(struct dv_js_parser *p, const struct element *element)
{
    const struct dv_js_node *key = dv_js_at(p->tree, element->key);
    unsigned what = DV_JS_PRIVATE_OTHER;

    if (element->key == 0)
        return;
    if (element->op == DV_JS_T_GET)
        what = DV_JS_PRIVATE_GET;
    else if (element->op == DV_JS_T_SET)
        what = DV_JS_PRIVATE_SET;
    if (element->flags & DV_JS_STATIC)
        what |= DV_JS_PRIVATE_STATIC;
    if (dv_span_equal_cstr(dv_js_name(p->tree, element->key), "constructor"))
        dv_js_parse_complain(p, key->start, "private name #constructor");
    switch (dv_js_declare_private(&p->names, key->a, what)) {
    case DAVY_OK:
        break;
    case DAVY_NO_MEMORY:
        dv_js_parse_no_memory(p);
        break;
    default:
        dv_js_parse_complain(p, key->start, "private name declared twice");
        break;
    }
}

static void
read_key(struct dv_js_parser *p, struct element *element)
{
    uint32_t atom;

    if (!is_at(p, DV_JS_T_PRIVATE_NAME)) {
        element->key = dv_js_parse_key(p, &element->flags);
        return;
    }
    atom = dv_js_parse_atom(p);
    element->key = make_token(p, DV_JS_PRIVATE_IDENTIFIER, atom);
    declare_private(p, element);
}

static uint32_t
method(struct dv_js_parser *p, struct element *element, struct body *class)
{
    const bool is_static = element->flags & DV_JS_STATIC;
    const bool is_special = element->method != 0;
    uint32_t value, id;

    element->method |= F_METHOD;
    if (!is_static && is_key(p, element, "constructor")) {
        if (is_special)
            dv_js_parse_complain(p, element->start,
                                 "constructor that is no plain method");
        else if (class->has_constructor)
            dv_js_parse_complain(p, element->start, "second constructor");
        class->has_constructor = true;
        if (!is_special)
            element->op = DV_JS_T_CONSTRUCTOR;
        if (class->is_derived)
            element->method |= F_CONSTRUCTOR;
    }
    if (is_static && is_key(p, element, "prototype"))
        dv_js_parse_complain(p, element->start,
                             "static method named prototype");
    value = dv_js_parse_method(p, element->method);
    id = make(p, DV_JS_METHOD_DEFINITION, element->start, element->key, value);
    node_of(p, id)->op = element->op != 0 ? element->op
                                          : (uint16_t)DV_JS_T_FUNCTION;
    node_of(p, id)->flags = element->flags;
    return id;
}

/* The context of code that runs with the class or an instance as `this`. */
static uint32_t
initializer_context(const struct dv_js_parser *p)
{
    return (p->context & C_MODULE) | C_STRICT | C_SUPER_PROPERTY | C_NEW_TARGET
           | C_NO_ARGUMENTS;
}

static uint32_t
initializer(struct dv_js_parser *p)
{
    const uint32_t context = p->context;
    uint32_t value = 0;

    if (!dv_js_declare_enter(&p->names, true)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    p->context = initializer_context(p);
    next(p);
    value = dv_js_parse_assign(p);
    p->context = context;
    dv_js_declare_leave(&p->names);
    return value;
}

static uint32_t
field(struct dv_js_parser *p, const struct element *element)
{
    uint32_t value = 0;
    uint32_t id;

    if (is_key(p, element, "constructor")
        || ((element->flags & DV_JS_STATIC) && is_key(p, element, "prototype")))
        dv_js_parse_complain(p, element->start,
                             "field named constructor or prototype");
    if (is_at(p, DV_JS_T_ASSIGN))
        value = initializer(p);
    id = make(p, DV_JS_PROPERTY_DEFINITION, element->start, element->key,
              value);
    node_of(p, id)->flags = element->flags;
    dv_js_parse_semicolon(p);
    return id;
}

static uint32_t
static_block(struct dv_js_parser *p, uint32_t start)
{
    const uint32_t context = p->context;
    const uint32_t nest = p->lex.nest;
    const uint32_t loops = p->loops;
    const uint32_t breakables = p->breakables;
    struct list list = { 0, 0 };

    if (!dv_js_declare_enter(&p->names, true)) {
        dv_js_parse_no_memory(p);
        return 0;
    }
    p->context = initializer_context(p) | C_STATIC_BLOCK;
    p->loops = 0;
    p->breakables = 0;
    next(p);
    dv_js_parse_statements(p, &list, DV_JS_T_RBRACE, nest);
    p->context = context;
    p->loops = loops;
    p->breakables = breakables;
    dv_js_declare_leave(&p->names);
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_STATIC_BLOCK, start, list.head, 0);
}

static uint32_t
class_element(struct dv_js_parser *p, struct body *class)
{
    struct element element = { .start = p->lex.start };

    if (is_at(p, DV_JS_T_STATIC) && is_modifier(p)) {
        next(p);
        if (is_at(p, DV_JS_T_LBRACE))
            return static_block(p, element.start);
        element.flags |= DV_JS_STATIC;
    }
    read_modifiers(p, &element);
    read_key(p, &element);
    if (element.method != 0 || is_at(p, DV_JS_T_LPAREN))
        return method(p, &element, class);
    return field(p, &element);
}

static uint32_t
class_body(struct dv_js_parser *p, bool is_derived)
{
    const uint32_t start = p->lex.start;
    struct body class = { is_derived, false };
    struct list list = { 0, 0 };

    expect(p, DV_JS_T_LBRACE);
    while (!is_at(p, DV_JS_T_RBRACE) && !is_at(p, DV_JS_T_END)) {
        if (!eat(p, DV_JS_T_SEMICOLON))
            append(p, &list, class_element(p, &class));
    }
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_CLASS_BODY, start, list.head, 0);
}

/* All of a class is strict code. */
uint32_t
dv_js_parse_class(struct dv_js_parser *p, bool is_declaration, bool is_default)
{
    const uint32_t start = p->lex.start;
    const uint32_t context = p->context;
    uint32_t id = 0;
    uint32_t parent = 0;
    uint32_t block, node, wrong;

    if (!enter(p))
        return 0;
    next(p);
    p->context |= C_STRICT;
    p->context &= ~(uint32_t)C_NO_IN;
    if (dv_js_parse_is_name(p)) {
        id = dv_js_parse_binding_name(p);
        if (is_declaration)
            dv_js_parse_declare(p, id, DV_JS_DECLARE_LET);
    } else if (is_declaration && !is_default) {
        dv_js_parse_unexpected(p);
    }
    if (eat(p, DV_JS_T_EXTENDS))
        parent = dv_js_parse_postfix(p, false);
    if (!dv_js_declare_enter_class(&p->names)) {
        dv_js_parse_no_memory(p);
        leave(p);
        return 0;
    }
    block = class_body(p, parent != 0);
    wrong = dv_js_declare_leave_class(&p->names);
    if (wrong != 0)
        dv_js_parse_complain(p, wrong - 1, "private name that no class has");
    p->context = context;
    leave(p);
    node = make(p, is_declaration ? DV_JS_CLASS_DECLARATION
                                  : DV_JS_CLASS_EXPRESSION,
                start, id, parent);
    node_of(p, node)->c = block;
    return node;
}

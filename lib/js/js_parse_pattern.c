/* SPDX-License-Identifier: MIT */
/* js_parse_pattern.c - destructuring: patterns that bind, and expressions that
 * turn out to be patterns (ECMA-262, 13.15.5, 14.3.3, 15.3). */

#include "js/js_parse_state.h"

static unsigned
word_of(const struct dv_js_parser *p, uint32_t id)
{
    return dv_js_lexer_word_kind(dv_js_name(p->tree, id));
}

void
dv_js_parse_declare(struct dv_js_parser *p, uint32_t id, unsigned how)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    if (id == 0)
        return;
    if (p->is_exporting && p->names.scopes.len == 1)
        dv_js_parse_export_name(p, node->a, node->start);
    if (how == DV_JS_DECLARE_LET && word_of(p, id) == DV_JS_T_LET)
        dv_js_parse_complain(p, node->start, "let declared with let or const");
    switch (dv_js_declare_name(&p->names, node->a, how)) {
    case DAVY_OK:
        break;
    case DAVY_NO_MEMORY:
        dv_js_parse_no_memory(p);
        break;
    default:
        /* Two parameters of one name: only the caller knows if it matters. */
        if (how == DV_JS_DECLARE_PARAM)
            p->has_twin_params = node->start + 1;
        else
            dv_js_parse_complain(p, node->start, "name declared twice");
        break;
    }
}

/* ---- Expressions into patterns ---------------------------------------- */

void
dv_js_parse_check_simple_target(struct dv_js_parser *p, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);
    unsigned word;

    switch (node->kind) {
    case DV_JS_IDENTIFIER:
        word = word_of(p, id);
        if ((word == DV_JS_T_EVAL || word == DV_JS_T_ARGUMENTS)
            && (p->context & C_STRICT))
            dv_js_parse_complain(p, node->start,
                                 "eval or arguments changed in strict code");
        return;
    case DV_JS_MEMBER_EXPRESSION:
        return;
    default:
        dv_js_parse_complain(p, node->start, "nothing that can be assigned to");
        return;
    }
}

/* What an expression is being turned into. */
struct conversion {
    bool is_binding;            /* parameters: only names and patterns */
    bool is_simple;             /* so far only names */
};

static void convert(struct dv_js_parser *p, struct conversion *c, uint32_t id);

static void
convert_name(struct dv_js_parser *p, struct conversion *c, uint32_t id)
{
    const struct dv_js_node *node = dv_js_at(p->tree, id);

    if (!c->is_binding) {
        dv_js_parse_check_simple_target(p, id);
        return;
    }
    if (node->flags & DV_JS_PAREN)
        dv_js_parse_complain(p, node->start, "parameter in parentheses");
    dv_js_parse_check_binding(p, word_of(p, id), node->start);
    dv_js_parse_declare(p, id, DV_JS_DECLARE_PARAM);
}

/* a = 1 inside of a pattern. */
static void
convert_default(struct dv_js_parser *p, struct conversion *c, uint32_t id)
{
    struct dv_js_node *node = node_of(p, id);

    if (node->op != DV_JS_T_ASSIGN || (node->flags & DV_JS_PAREN)) {
        dv_js_parse_complain(p, node->start, "nothing that can be assigned to");
        return;
    }
    node->kind = DV_JS_ASSIGNMENT_PATTERN;
    node->op = 0;
    if (c->is_binding)
        convert(p, c, node->a);         /* as a target it was checked before */
}

static void
convert_rest(struct dv_js_parser *p, struct conversion *c, uint32_t id,
             bool in_object)
{
    struct dv_js_node *node = node_of(p, id);
    const unsigned kind = kind_at(p, node->a);

    if ((node->flags & DV_JS_COMMA_BEHIND) || node->next != 0)
        dv_js_parse_complain(p, node->start, "rest element is not the last");
    node->flags &= (uint8_t)~DV_JS_COMMA_BEHIND;
    node->kind = DV_JS_REST_ELEMENT;
    if (kind == DV_JS_ASSIGNMENT_EXPRESSION)
        dv_js_parse_complain(p, node->start, "rest element with initializer");
    if (in_object && kind != DV_JS_IDENTIFIER
        && (c->is_binding || kind != DV_JS_MEMBER_EXPRESSION))
        dv_js_parse_complain(p, node->start, "rest of an object is no name");
    convert(p, c, node->a);
}

static void
convert_list(struct dv_js_parser *p, struct conversion *c, uint32_t head)
{
    for (uint32_t id = head; id != 0; id = dv_js_at(p->tree, id)->next) {
        switch (kind_at(p, id)) {
        case DV_JS_HOLE:
            break;
        case DV_JS_SPREAD_ELEMENT:
            convert_rest(p, c, id, false);
            break;
        default:
            convert(p, c, id);
            break;
        }
    }
}

static void
convert_properties(struct dv_js_parser *p, struct conversion *c, uint32_t head)
{
    for (uint32_t id = head; id != 0; id = dv_js_at(p->tree, id)->next) {
        struct dv_js_node *node = node_of(p, id);

        if (node->kind == DV_JS_SPREAD_ELEMENT)
            convert_rest(p, c, id, true);
        else if (node->kind == DV_JS_REST_ELEMENT)
            convert(p, c, node->a);
        else if (node->op != 0 || (node->flags & DV_JS_METHOD))
            dv_js_parse_complain(p, node->start, "method in a pattern");
        else
            convert(p, c, node->b);
    }
}

/* Parentheses may stand around a name or member, not around a pattern. */
static void
convert(struct dv_js_parser *p, struct conversion *c, uint32_t id)
{
    struct dv_js_node *node = node_of(p, id);

    if (node->kind != DV_JS_IDENTIFIER)
        c->is_simple = false;
    if (!enter(p))
        return;
    switch (node->kind) {
    case DV_JS_IDENTIFIER:
        convert_name(p, c, id);
        break;
    case DV_JS_ARRAY_EXPRESSION:
    case DV_JS_ARRAY_PATTERN:
        node->kind = DV_JS_ARRAY_PATTERN;
        if (node->flags & DV_JS_PAREN)
            dv_js_parse_complain(p, node->start, "pattern in parentheses");
        convert_list(p, c, node->a);
        break;
    case DV_JS_OBJECT_EXPRESSION:
    case DV_JS_OBJECT_PATTERN:
        node->kind = DV_JS_OBJECT_PATTERN;
        if (node->flags & DV_JS_PAREN)
            dv_js_parse_complain(p, node->start, "pattern in parentheses");
        convert_properties(p, c, node->a);
        break;
    case DV_JS_ASSIGNMENT_EXPRESSION:
        convert_default(p, c, id);
        break;
    case DV_JS_ASSIGNMENT_PATTERN:      /* from {a = 1}, or made before */
    case DV_JS_REST_ELEMENT:
        convert(p, c, node->a);
        break;
    case DV_JS_MEMBER_EXPRESSION:
        if (!c->is_binding)
            break;
        dv_js_parse_complain(p, node->start, "member in parameters");
        break;
    case DV_JS_NONE:
        break;
    default:
        dv_js_parse_complain(p, node->start, "nothing that can be assigned to");
        break;
    }
    leave(p);
}

void
dv_js_parse_to_target(struct dv_js_parser *p, uint32_t id)
{
    struct conversion c = { false, true };

    convert(p, &c, id);
}

bool
dv_js_parse_to_params(struct dv_js_parser *p, uint32_t head)
{
    struct conversion c = { true, true };

    convert_list(p, &c, head);
    return c.is_simple;
}

/* ---- Patterns that bind ----------------------------------------------- */

static uint32_t
rest(struct dv_js_parser *p, unsigned how, unsigned closer)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    next(p);
    if (closer == DV_JS_T_RBRACE && !dv_js_parse_is_name(p)) {
        dv_js_parse_unexpected(p);
        return 0;
    }
    id = dv_js_parse_binding(p, how);
    id = make(p, DV_JS_REST_ELEMENT, start, id, 0);
    if (!is_at(p, closer))
        dv_js_parse_unexpected(p);
    return id;
}

static uint32_t
hole(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t id = make(p, DV_JS_HOLE, start, 0, 0);

    node_of(p, id)->end = start;
    return id;
}

static uint32_t
array_pattern(struct dv_js_parser *p, unsigned how)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };

    next(p);
    while (!is_at(p, DV_JS_T_RBRACKET)) {
        if (is_at(p, DV_JS_T_COMMA))
            append(p, &list, hole(p));
        else if (is_at(p, DV_JS_T_ELLIPSIS))
            append(p, &list, rest(p, how, DV_JS_T_RBRACKET));
        else
            append(p, &list, dv_js_parse_binding_element(p, how));
        if (is_at(p, DV_JS_T_RBRACKET))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    expect(p, DV_JS_T_RBRACKET);
    return make(p, DV_JS_ARRAY_PATTERN, start, list.head, 0);
}

static uint32_t
initializer(struct dv_js_parser *p, uint32_t target, uint32_t start)
{
    uint32_t value;

    if (!eat(p, DV_JS_T_ASSIGN))
        return target;
    value = dv_js_parse_assign_in(p);
    return make(p, DV_JS_ASSIGNMENT_PATTERN, start, target, value);
}

/* `a`, `a = 1`, `a: target`, `[key]: target` */
static uint32_t
property(struct dv_js_parser *p, unsigned how)
{
    const uint32_t start = p->lex.start;
    const unsigned word = p->lex.word;
    const bool is_word = dv_js_token_is_word(kind_of(p));
    uint8_t flags = 0;
    const uint32_t key = dv_js_parse_key(p, &flags);
    uint32_t value, id;

    if (is_word && !is_at(p, DV_JS_T_COLON)) {
        flags |= DV_JS_SHORTHAND;
        dv_js_parse_check_binding(p, word, start);
        value = make(p, DV_JS_IDENTIFIER, start, node_of(p, key)->a, 0);
        node_of(p, value)->flags = node_of(p, key)->flags;
        dv_js_parse_declare(p, value, how);
        value = initializer(p, value, start);
    } else {
        expect(p, DV_JS_T_COLON);
        value = dv_js_parse_binding_element(p, how);
    }
    id = make(p, DV_JS_PROPERTY, start, key, value);
    node_of(p, id)->flags |= flags;
    return id;
}

static uint32_t
object_pattern(struct dv_js_parser *p, unsigned how)
{
    const uint32_t start = p->lex.start;
    struct list list = { 0, 0 };

    next(p);
    while (!is_at(p, DV_JS_T_RBRACE)) {
        if (is_at(p, DV_JS_T_ELLIPSIS))
            append(p, &list, rest(p, how, DV_JS_T_RBRACE));
        else
            append(p, &list, property(p, how));
        if (is_at(p, DV_JS_T_RBRACE))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_OBJECT_PATTERN, start, list.head, 0);
}

uint32_t
dv_js_parse_binding(struct dv_js_parser *p, unsigned how)
{
    uint32_t id;

    switch (kind_of(p)) {
    case DV_JS_T_LBRACKET:
    case DV_JS_T_LBRACE:
        if (!enter(p))
            return 0;
        id = is_at(p, DV_JS_T_LBRACKET) ? array_pattern(p, how)
                                        : object_pattern(p, how);
        leave(p);
        return id;
    default:
        id = dv_js_parse_binding_name(p);
        dv_js_parse_declare(p, id, how);
        return id;
    }
}

uint32_t
dv_js_parse_binding_element(struct dv_js_parser *p, unsigned how)
{
    const uint32_t start = p->lex.start;

    return initializer(p, dv_js_parse_binding(p, how), start);
}

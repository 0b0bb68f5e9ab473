/* SPDX-License-Identifier: MIT */
/* js_parse_object.c - object literals (ECMA-262, 13.2.5). */

#include "js/js_parse_state.h"

uint32_t
dv_js_parse_key(struct dv_js_parser *p, uint8_t *flags)
{
    uint32_t id;

    switch (kind_of(p)) {
    case DV_JS_T_STRING:
        return dv_js_parse_string(p);
    case DV_JS_T_NUMBER:
        return dv_js_parse_number(p);
    case DV_JS_T_BIGINT:
        return dv_js_parse_bigint(p);
    case DV_JS_T_LBRACKET:
        next(p);
        id = dv_js_parse_assign_in(p);
        expect(p, DV_JS_T_RBRACKET);
        *flags |= DV_JS_COMPUTED;
        return id;
    default:
        return dv_js_parse_word(p);
    }
}

/* A property that is being read. */
struct property {
    uint32_t start;
    uint32_t key;
    uint32_t value;
    uint16_t op;                /* GET, SET or 0 */
    uint8_t flags;              /* of the node */
};

static bool
is_proto_key(const struct dv_js_parser *p, const struct property *property)
{
    const uint32_t key = property->key;

    if (property->flags & DV_JS_COMPUTED)
        return false;
    switch (kind_at(p, key)) {
    case DV_JS_IDENTIFIER:
        return dv_span_equal_cstr(dv_js_name(p->tree, key), "__proto__");
    case DV_JS_STRING_LITERAL:
        return dv_span_equal_cstr(dv_js_string(p->tree, key), "__proto__");
    default:
        return false;
    }
}

static void
set_cover(struct dv_js_parser *p, uint32_t offset, const char *message)
{
    if (p->cover != 0)
        return;
    p->cover = offset + 1;
    p->cover_message = message;
}

/* `{a}` or, in what may become a pattern, `{a = 1}`: the key has been read, and
 * becomes two nodes. */
static void
read_shorthand(struct dv_js_parser *p, struct property *property,
               unsigned word)
{
    const uint32_t key = property->key;
    uint32_t id;

    if (key == 0)
        return;
    dv_js_parse_check_reference(p, word, property->start);
    id = make(p, DV_JS_IDENTIFIER, property->start, node_of(p, key)->a, 0);
    node_of(p, id)->flags = node_of(p, key)->flags;
    property->flags |= DV_JS_SHORTHAND;
    if (is_at(p, DV_JS_T_ASSIGN)) {
        uint32_t value;

        set_cover(p, p->lex.start, "initializer in an object literal");
        next(p);
        value = dv_js_parse_assign(p);
        id = make(p, DV_JS_ASSIGNMENT_PATTERN, property->start, id, value);
    }
    property->value = id;
}

/* Modifiers in front of a key; sets the function flags of a method. */
static unsigned
read_modifiers(struct dv_js_parser *p, struct property *property)
{
    unsigned flags = 0;

    if (is_at(p, DV_JS_T_MUL)) {
        next(p);
        return F_GENERATOR | F_METHOD;
    }
    switch (kind_of(p)) {
    case DV_JS_T_ASYNC:
        next(p);
        flags = F_ASYNC | F_METHOD;
        if (has_newline(p))
            dv_js_parse_unexpected(p);
        if (eat(p, DV_JS_T_MUL))
            flags |= F_GENERATOR;
        break;
    case DV_JS_T_GET:
        next(p);
        property->op = DV_JS_T_GET;
        flags = F_GETTER | F_METHOD;
        break;
    case DV_JS_T_SET:
        next(p);
        property->op = DV_JS_T_SET;
        flags = F_SETTER | F_METHOD;
        break;
    default:
        break;
    }
    return flags;
}

/* Whether async, get or set, the current token, is a modifier here. */
static bool
is_modifier(const struct dv_js_parser *p)
{
    switch (dv_js_parse_peek(p).kind) {
    case DV_JS_T_COLON:
    case DV_JS_T_LPAREN:
    case DV_JS_T_COMMA:
    case DV_JS_T_RBRACE:
    case DV_JS_T_ASSIGN:
    case DV_JS_T_END:
        return false;
    default:
        return true;
    }
}

static uint32_t
finish_property(struct dv_js_parser *p, const struct property *property)
{
    const uint32_t id = make(p, DV_JS_PROPERTY, property->start, property->key,
                             property->value);

    node_of(p, id)->op = property->op;
    node_of(p, id)->flags |= property->flags;
    return id;
}

static bool
ends_shorthand(unsigned kind)
{
    return kind == DV_JS_T_COMMA || kind == DV_JS_T_RBRACE
           || kind == DV_JS_T_ASSIGN;
}

static uint32_t
property(struct dv_js_parser *p, bool *has_proto)
{
    struct property property = { .start = p->lex.start };
    unsigned method = 0;
    unsigned word;

    if (is_at(p, DV_JS_T_MUL)
        || ((is_at(p, DV_JS_T_ASYNC) || is_at(p, DV_JS_T_GET)
             || is_at(p, DV_JS_T_SET))
            && is_modifier(p)))
        method = read_modifiers(p, &property);
    word = dv_js_token_is_word(kind_of(p)) ? p->lex.word : DV_JS_T_END;
    property.key = dv_js_parse_key(p, &property.flags);
    if (method == 0 && word != DV_JS_T_END && ends_shorthand(kind_of(p))) {
        read_shorthand(p, &property, word);
        return finish_property(p, &property);
    }
    if (method != 0 || is_at(p, DV_JS_T_LPAREN)) {
        if (property.op == 0)
            property.flags |= DV_JS_METHOD;
        property.value = dv_js_parse_method(p, method | F_METHOD);
        return finish_property(p, &property);
    }
    expect(p, DV_JS_T_COLON);
    property.value = dv_js_parse_assign_cover(p);
    if (is_proto_key(p, &property)) {
        if (*has_proto)
            set_cover(p, property.start, "second __proto__ in an object");
        *has_proto = true;
    }
    return finish_property(p, &property);
}

static uint32_t
spread(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    uint32_t id;

    next(p);
    id = dv_js_parse_assign_cover(p);
    id = make(p, DV_JS_SPREAD_ELEMENT, start, id, 0);
    if (is_at(p, DV_JS_T_COMMA))
        node_of(p, id)->flags |= DV_JS_COMMA_BEHIND;
    return id;
}

uint32_t
dv_js_parse_object(struct dv_js_parser *p)
{
    const uint32_t start = p->lex.start;
    const uint32_t context = p->context;
    struct list list = { 0, 0 };
    bool has_proto = false;

    if (!enter(p))
        return 0;
    p->context &= ~(uint32_t)C_NO_IN;
    next(p);
    while (!is_at(p, DV_JS_T_RBRACE)) {
        append(p, &list,
               is_at(p, DV_JS_T_ELLIPSIS) ? spread(p)
                                          : property(p, &has_proto));
        if (is_at(p, DV_JS_T_RBRACE))
            break;
        expect(p, DV_JS_T_COMMA);
        if (p->failed)
            break;
    }
    p->context = context;
    leave(p);
    expect(p, DV_JS_T_RBRACE);
    return make(p, DV_JS_OBJECT_EXPRESSION, start, list.head, 0);
}

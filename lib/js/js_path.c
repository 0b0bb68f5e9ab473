/* SPDX-License-Identifier: MIT */
/* js_path.c - writes what an expression leads to: `CoinHive.Anonymous().start`
 * for `var C = window["Coin" + "Hive"], m = new C.Anonymous(k); m.start`. */

#include "base/compiler.h"
#include "js/js_fold.h"

/* Names that lead to names that lead to ...; and links of one chain. */
#define MAX_ALIASES 8
#define MAX_LINKS   32
#define MAX_PATH    ((size_t)200)

/* Wrappers around one another, parts of a list: a path is written wherever a
 * name is used, so that it must not cost more for a long expression. */
#define MAX_WRAPPERS 64

struct writer {
    const struct dv_js_fold *fold;
    struct dv_buf *out;
    size_t start;                       /* of the path in `out` */
    bool is_global;                     /* its first name is */
    davy_status status;
};

static void
put(struct writer *w, struct dv_span text)
{
    const size_t written = w->out->len - w->start;

    if (w->status == DAVY_OK)
        w->status = dv_buf_append(
            w->out, dv_span_slice(text, 0, MAX_PATH > written
                                               ? MAX_PATH - written
                                               : 0));
}

static void
put_segment(struct writer *w, struct dv_span text)
{
    if (w->out->len > w->start)
        put(w, DV_SPAN_LIT("."));
    put(w, text);
}

static uint32_t
last_of(const struct dv_js_tree *tree, uint32_t id)
{
    for (unsigned n = 0; id != 0 && dv_js_at(tree, id)->next != 0; n++)
        id = n < MAX_WRAPPERS ? dv_js_at(tree, id)->next : 0;
    return id;
}

/* The node behind wrappers that change nothing. */
static uint32_t
unwrap(const struct dv_js_tree *tree, uint32_t id)
{
    for (unsigned n = 0; n < MAX_WRAPPERS; n++) {
        const struct dv_js_node *node = dv_js_at(tree, id);

        switch (node->kind) {
        case DV_JS_CHAIN_EXPRESSION:
        case DV_JS_AWAIT_EXPRESSION:
            id = node->a;
            break;
        case DV_JS_ASSIGNMENT_EXPRESSION:
            id = node->op == DV_JS_T_ASSIGN ? node->b : 0;
            break;
        case DV_JS_LOGICAL_EXPRESSION:  /* window.X || {}, X && X.Y */
            id = node->op == DV_JS_T_AND ? node->b : node->a;
            break;
        case DV_JS_SEQUENCE_EXPRESSION:
            id = last_of(tree, node->a);
            break;
        default:
            return id;
        }
        if (id == 0)
            return 0;
    }
    return 0;
}

static bool
is_link(unsigned kind)
{
    return kind == DV_JS_MEMBER_EXPRESSION || kind == DV_JS_CALL_EXPRESSION
           || kind == DV_JS_NEW_EXPRESSION;
}

/* What a name was set to, when it was set once, to something with a path. */
static uint32_t
alias_of(const struct dv_js_fold *fold, uint32_t id)
{
    const struct dv_js_binding *binding = dv_js_scopes_of(&fold->scopes, id);
    uint32_t value;

    if (binding == NULL || binding->writes != 1 || binding->value == 0
        || binding->is_parameter)
        return 0;
    value = unwrap(fold->tree, binding->value);
    if (value == 0 || value == id)
        return 0;
    return is_link(dv_js_kind(fold->tree, value))
                   || dv_js_kind(fold->tree, value) == DV_JS_IDENTIFIER
               ? value
               : 0;
}

/* A member's name, with the flags of what it belongs to. */
static void
write_key(struct writer *w, uint32_t id, unsigned flags)
{
    const unsigned kind = dv_js_kind(w->fold->tree, id);
    const struct dv_js_value *key;
    char number[32];

    if (!(flags & DV_JS_COMPUTED)
        && (kind == DV_JS_IDENTIFIER || kind == DV_JS_PRIVATE_IDENTIFIER)) {
        put_segment(w, dv_js_name(w->fold->tree, id));
        return;
    }
    key = dv_js_fold_of(w->fold, id);
    if (key->type == DV_JS_STRING)
        put_segment(w, key->text);
    else if (key->type == DV_JS_NUMBER)
        put_segment(w, dv_span_of(number, dv_js_value_print_number(
                                              key->number, number)));
    else
        put_segment(w, DV_SPAN_LIT("?"));
}

/* The part of a value that a name was set to once, when the value has a path;
 * else 0. */
static uint32_t
part_of(const struct dv_js_fold *fold, const struct dv_js_binding *binding)
{
    const struct dv_js_part *part;
    uint32_t value;

    if (binding == NULL || binding->writes != 1 || binding->part == 0
        || binding->is_parameter)
        return 0;
    part = dv_js_scopes_part(&fold->scopes, binding->part);
    for (unsigned n = 0; part->whole != 0; n++) {
        if (n == MAX_ALIASES)
            return 0;
        part = dv_js_scopes_part(&fold->scopes, part->whole);
    }
    value = unwrap(fold->tree, part->node);
    return is_link(dv_js_kind(fold->tree, value))
                   || dv_js_kind(fold->tree, value) == DV_JS_IDENTIFIER
               ? binding->part
               : 0;
}

static void
write_path(struct writer *w, uint32_t id, unsigned aliases, bool is_prefix);

static void
write_part(struct writer *w, uint32_t number, unsigned aliases)
{
    const struct dv_js_part *part
        = dv_js_scopes_part(&w->fold->scopes, number);
    char text[32];

    if (part->whole == 0) {
        write_path(w, part->node, aliases, true);
        return;
    }
    write_part(w, part->whole, aliases);
    if (part->node != 0)
        write_key(w, dv_js_at(w->fold->tree, part->node)->a,
                  dv_js_at(w->fold->tree, part->node)->flags);
    else
        put_segment(w, dv_span_of(text, dv_js_value_print_number(part->index,
                                                                 text)));
}

/* ({start: s}) => s(): what is called is ?.start. */
static void
write_renamed(struct writer *w, uint32_t owner)
{
    const struct dv_js_node *node = dv_js_at(w->fold->tree, owner);

    put_segment(w, DV_SPAN_LIT("?"));
    write_key(w, node->a, node->flags);
}

static void
write_base(struct writer *w, uint32_t id, unsigned aliases, bool is_prefix)
{
    const struct dv_js_fold *fold = w->fold;
    const struct dv_js_binding *binding;
    uint32_t alias, part;

    switch (id == 0 ? DV_JS_NONE : dv_js_kind(fold->tree, id)) {
    case DV_JS_IDENTIFIER:
        alias = aliases < MAX_ALIASES ? alias_of(fold, id) : 0;
        binding = dv_js_scopes_of(&fold->scopes, id);
        w->is_global = binding != NULL && binding->is_global;
        part = aliases < MAX_ALIASES ? part_of(fold, binding) : 0;
        if (alias != 0)
            write_path(w, alias, aliases + 1, is_prefix);
        else if (part != 0)
            write_part(w, part, aliases + 1);
        else if (binding != NULL && binding->key != 0
                 && binding->writes == 0)
            write_renamed(w, binding->key);
        else if (!is_prefix || binding == NULL || !binding->is_global_object)
            put_segment(w, dv_js_name(fold->tree, id));
        break;
    case DV_JS_THIS_EXPRESSION:
        put_segment(w, DV_SPAN_LIT("this"));
        break;
    case DV_JS_SUPER:
        put_segment(w, DV_SPAN_LIT("super"));
        break;
    default:
        put_segment(w, DV_SPAN_LIT("?"));
        break;
    }
}

/* `is_prefix`: more segments will follow, so the global object is left out. */
static void
write_path(struct writer *w, uint32_t id, unsigned aliases, bool is_prefix)
{
    const struct dv_js_tree *tree = w->fold->tree;
    uint32_t links[MAX_LINKS];
    size_t count = 0;

    id = unwrap(tree, id);
    while (id != 0 && is_link(dv_js_kind(tree, id)) && count < MAX_LINKS) {
        links[count++] = id;
        id = unwrap(tree, dv_js_at(tree, id)->a);
    }
    if (count == MAX_LINKS)
        id = 0;
    write_base(w, id, aliases,
               is_prefix || (count > 0
                             && dv_js_kind(tree, links[count - 1])
                                    == DV_JS_MEMBER_EXPRESSION));
    while (count-- > 0 && w->status == DAVY_OK) {
        const struct dv_js_node *node = dv_js_at(tree, links[count]);

        if (node->kind == DV_JS_MEMBER_EXPRESSION)
            write_key(w, node->b, node->flags);
        else
            put(w, DV_SPAN_LIT("()"));
    }
}

davy_status
dv_js_fold_path(const struct dv_js_fold *fold, uint32_t id,
                struct dv_buf *out)
{
    struct writer w = { fold, out, out->len, false, DAVY_OK };

    write_path(&w, id, 0, false);
    return w.status == DAVY_LIMIT ? DAVY_OK : w.status;
}

davy_status
dv_js_fold_global_path(const struct dv_js_fold *fold, uint32_t id,
                       struct dv_buf *out)
{
    struct writer w = { fold, out, out->len, false, DAVY_OK };

    write_path(&w, id, 0, false);
    if (w.status == DAVY_OK && !w.is_global)
        return DAVY_DECLINED;
    return w.status == DAVY_LIMIT ? DAVY_OK : w.status;
}

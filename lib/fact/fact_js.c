/* SPDX-License-Identifier: MIT */
/* fact_js.c - turns a script's tree into facts.
 *
 * Two loops over the nodes: from the last down, parents say which of their
 * children are part of what they will say themselves; from the first up, every
 * node says what is left.  Nodes that a syntax error left outside the tree
 * speak too. */

#include "fact/fact_js.h"

#include "base/compiler.h"
#include "fact/fact_behaviour.h"
#include "fact/fact_js_impl.h"
#include "fact/fact_url.h"
#include "fact/fact_wallet.h"

#define MAX_PATH ((size_t)256)

davy_status
dv_fact_js_new(struct dv_mem *mem, const davy_limits *limits,
               struct dv_fact_js **out)
{
    struct dv_fact_js *js = dv_mem_calloc(mem, 1, sizeof(*js));

    if (js == NULL)
        return DAVY_NO_MEMORY;
    js->mem = mem;
    js->limits = limits;
    dv_fact_js_begin(js);
    dv_js_fold_init(&js->fold, mem);
    dv_reach_init(&js->reach, mem);
    dv_vec_init(&js->keys, mem, sizeof(struct dv_span), UINT32_MAX);
    dv_buf_init(&js->path, mem, MAX_PATH);
    dv_sinks_init(&js->sinks);
    *out = js;
    return DAVY_OK;
}

void
dv_fact_js_begin(struct dv_fact_js *js)
{
    js->eval_steps = js->limits->eval_steps;
}

void
dv_fact_js_free(struct dv_fact_js *js)
{
    if (js == NULL)
        return;
    dv_fact_eval_free(js);
    dv_js_fold_fini(&js->fold);
    dv_reach_fini(&js->reach);
    dv_vec_fini(&js->keys);
    dv_mem_free(js->mem, js->key_of, js->key_of_cap);
    dv_buf_fini(&js->path);
    dv_mem_free(js->mem, js->roles, js->roles_cap);
    dv_mem_free(js->mem, js, sizeof(*js));
}

static const struct dv_js_node *
node_at(const struct dv_fact_js *js, uint32_t id)
{
    return dv_js_at(js->tree, id);
}

static const struct dv_js_value *
value_of(const struct dv_fact_js *js, uint32_t id)
{
    return dv_js_fold_of(&js->fold, id);
}

static size_t
length_of(const struct dv_js_node *node)
{
    return node->end - node->start;
}

/* ---- First loop: roles ---- */

static void
give_role(struct dv_fact_js *js, uint32_t id, uint8_t role)
{
    js->roles[id] |= role;
}

static void
give_list(struct dv_fact_js *js, uint32_t head, uint8_t role)
{
    for (uint32_t id = head; id != 0; id = node_at(js, id)->next)
        give_role(js, id, role);
}

/* What a folded expression was made of is said by the whole. */
static void
absorb_operands(struct dv_fact_js *js, const struct dv_js_node *node)
{
    for (unsigned slot = 0; slot < 4; slot++) {
        const unsigned type = dv_js_shapes[node->kind].slot[slot].type;

        if (type == DV_JS_SLOT_ONE)
            give_role(js, node->slot[slot], DV_ROLE_SAID);
        else if (type == DV_JS_SLOT_LIST)
            give_list(js, node->slot[slot], DV_ROLE_SAID);
    }
}

static bool
is_folded(const struct dv_fact_js *js, uint32_t id)
{
    const unsigned type = value_of(js, id)->type;

    return type == DV_JS_STRING || type == DV_JS_NUMBER;
}

/* Operators whose folded value replaces what they were made of. */
static bool
absorbs(unsigned kind)
{
    return kind == DV_JS_BINARY_EXPRESSION || kind == DV_JS_TEMPLATE_LITERAL
           || kind == DV_JS_UNARY_EXPRESSION || kind == DV_JS_CALL_EXPRESSION
           || kind == DV_JS_MEMBER_EXPRESSION;
}

static void
give_roles_of_call(struct dv_fact_js *js, const struct dv_js_node *node)
{
    give_role(js, node->a, DV_ROLE_CALLEE);
    for (uint32_t id = node->b; id != 0; id = node_at(js, id)->next) {
        if (is_folded(js, id))
            give_role(js, id, DV_ROLE_SAID);
    }
}

/* Parts of what is said are said, but not behind a call or a member, whose
 * path speaks for itself. */
static bool
speaks_for_operands(const struct dv_fact_js *js, uint32_t id)
{
    const unsigned kind = node_at(js, id)->kind;

    if (!absorbs(kind))
        return false;
    return is_folded(js, id)
           || ((js->roles[id] & DV_ROLE_SAID)
               && kind != DV_JS_CALL_EXPRESSION
               && kind != DV_JS_MEMBER_EXPRESSION);
}

static void
give_roles(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);

    if (speaks_for_operands(js, id))
        absorb_operands(js, node);
    switch (node->kind) {
    case DV_JS_CALL_EXPRESSION:
    case DV_JS_NEW_EXPRESSION:
        give_roles_of_call(js, node);
        break;
    case DV_JS_MEMBER_EXPRESSION:
        give_role(js, node->a, DV_ROLE_PATH);
        if (is_folded(js, node->b))
            give_role(js, node->b, DV_ROLE_SAID);
        break;
    case DV_JS_ASSIGNMENT_EXPRESSION:
        give_role(js, node->a, DV_ROLE_TARGET);
        break;
    case DV_JS_PROPERTY:
    case DV_JS_METHOD_DEFINITION:
    case DV_JS_PROPERTY_DEFINITION:
        give_role(js, node->a, DV_ROLE_SAID);
        break;
    case DV_JS_IMPORT_DECLARATION:
    case DV_JS_EXPORT_ALL_DECLARATION:
        give_role(js, node->b, DV_ROLE_SAID);
        break;
    case DV_JS_EXPORT_NAMED_DECLARATION:
        give_role(js, node->c, DV_ROLE_SAID);
        break;
    case DV_JS_IMPORT_EXPRESSION:
        give_role(js, node->a, DV_ROLE_SAID);
        break;
    default:
        break;
    }
}

/* ---- Second loop: facts ---- */

static bool
write_path(struct dv_fact_js *js, uint32_t id)
{
    dv_buf_clear(&js->path);
    if (dv_js_fold_path(&js->fold, id, &js->path) == DAVY_OK)
        return js->path.len > 0;
    js->facts->status = DAVY_NO_MEMORY;
    return false;
}

bool
dv_fact_js_afford(struct dv_fact_js *js, struct dv_span text,
                  const struct dv_js_node *node)
{
    if (text.len <= length_of(node))
        return true;
    if (text.len > js->limits->fold_bytes - js->copied) {
        js->is_cut = true;
        return false;
    }
    js->copied += text.len;
    return true;
}

static void
add_wallets(struct dv_fact_js *js, struct dv_span text,
            const struct dv_js_node *node)
{
    dv_fact_wallet_add(js->facts, text, node->start, length_of(node));
}

/* A constant of a simple type as text; false for others. */
static bool
text_of(const struct dv_fact_js *js, uint32_t id, char room[32],
        struct dv_span *text)
{
    const struct dv_js_value *value = value_of(js, id);

    switch (value->type) {
    case DV_JS_STRING:
        *text = value->text;
        return true;
    case DV_JS_NUMBER:
        *text = dv_span_of(room,
                           dv_js_value_print_number(value->number, room));
        return true;
    case DV_JS_BOOLEAN:
        *text = dv_span_cstr(value->boolean ? "true" : "false");
        return true;
    case DV_JS_NULL:
        *text = DV_SPAN_LIT("null");
        return true;
    case DV_JS_UNDEFINED:
        *text = DV_SPAN_LIT("undefined");
        return true;
    default:
        return false;
    }
}

static void
add_argument_key(struct dv_fact_js *js, uint32_t call, uint32_t index,
                 uint32_t id)
{
    const struct dv_js_node *property = node_at(js, id);
    const struct dv_js_node *key;
    struct dv_facts *facts = js->facts;
    struct dv_span value;
    char room[32];

    if (property->kind != DV_JS_PROPERTY || property->a == 0)
        return;
    key = node_at(js, property->a);
    dv_facts_open(facts);
    if (!(property->flags & DV_JS_COMPUTED) && key->kind == DV_JS_IDENTIFIER)
        dv_facts_write(facts, dv_js_name(js->tree, property->a));
    else if (value_of(js, property->a)->type == DV_JS_STRING
             && dv_fact_js_afford(js, value_of(js, property->a)->text,
                                  property))
        dv_facts_write(facts, value_of(js, property->a)->text);
    else
        dv_facts_write(facts, DV_SPAN_LIT("?"));
    if (text_of(js, property->b, room, &value)
        && dv_fact_js_afford(js, value, property)) {
        dv_facts_write(facts, DV_SPAN_LIT("="));
        dv_facts_write(facts, value);
    }
    dv_facts_commit(facts, DV_FACT_ARG_KEY, call, index, property->start,
                    length_of(property));
}

static void
add_argument(struct dv_fact_js *js, uint32_t call, uint32_t index,
             uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);
    const struct dv_js_value *value = value_of(js, id);
    const unsigned type = value->type == DV_JS_STRING   ? DV_ARG_STRING
                          : value->type == DV_JS_NUMBER ? DV_ARG_NUMBER
                                                        : DV_ARG_OTHER;
    struct dv_span text;
    char room[32];

    if (node->kind == DV_JS_OBJECT_EXPRESSION) {
        for (uint32_t p = node->a; p != 0; p = node_at(js, p)->next)
            add_argument_key(js, call, index, p);
        return;
    }
    if (!text_of(js, id, room, &text)
        || !dv_fact_js_afford(js, text, node))
        return;
    dv_facts_add_to(js->facts, DV_FACT_ARG, call, index | type << 8, text,
                    node->start, length_of(node));
}

/* Arguments stand right behind their call; wallets and what the call loads
 * come after all of them. */
static void
add_call_of_path(struct dv_fact_js *js, enum dv_fact_kind kind,
                 const struct dv_js_node *node, uint32_t arguments)
{
    const uint32_t call = dv_facts_add(js->facts, kind,
                                       dv_buf_span(&js->path), node->start,
                                       length_of(node));
    uint32_t index = 0;

    for (uint32_t a = arguments; a != 0; a = node_at(js, a)->next)
        add_argument(js, call, index++, a);
}

/* Reflect.construct(C, [..]) is new C(..) (ECMA-262, 28.1.2). */
static void
add_reflected(struct dv_fact_js *js, const struct dv_js_node *node)
{
    const uint32_t list = node->b == 0 ? 0 : node_at(js, node->b)->next;

    if (list != 0 && dv_js_kind(js->tree, list) == DV_JS_ARRAY_EXPRESSION
        && write_path(js, node->b))
        add_call_of_path(js, DV_FACT_NEW, node, node_at(js, list)->a);
}

static void
note_computed(struct dv_fact_js *js, uint32_t id)
{
    js->roles[id] |= DV_ROLE_COMPUTED;
    js->computed++;
}

/* Whether somebody else hears of it, or something is started: who keeps all to
 * himself does not mine. */
static bool
is_talk(struct dv_span path)
{
    static const char *const words[] = { "postMessage", "send", "WebSocket",
                                         "emit", "submit", "start",
                                         "startMining", "EverythingIsLife",
                                         "PerfektStart",
                                         "EverythingIsBinary" };
    const struct dv_span word = dv_sink_last_segment(path);

    for (size_t i = 0; i < DV_COUNT_OF(words); i++) {
        if (dv_span_equal_cstr(word, words[i]))
            return true;
    }
    return false;
}

static void
add_call(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);
    const enum dv_fact_kind kind = node->kind == DV_JS_NEW_EXPRESSION
                                       ? DV_FACT_NEW
                                       : DV_FACT_CALL;

    if (node->a == 0 || !write_path(js, node->a))
        return;
    if (dv_fact_js_is_computed_call(js, node))
        note_computed(js, id);
    js->talks = js->talks || is_talk(dv_buf_span(&js->path));
    add_call_of_path(js, kind, node, node->b);
    for (uint32_t a = node->b; a != 0; a = node_at(js, a)->next) {
        if (value_of(js, a)->type == DV_JS_STRING) {
            add_wallets(js, value_of(js, a)->text, node_at(js, a));
            dv_fact_js_sink_string(js, value_of(js, a)->text,
                                   node_at(js, a));
        }
    }
    dv_fact_js_sink_call(js, id);
    if (dv_span_equal(dv_buf_span(&js->path),
                      DV_SPAN_LIT("Reflect.construct")))
        add_reflected(js, node);
}

static void
add_path(struct dv_fact_js *js, enum dv_fact_kind kind, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);

    if (write_path(js, id))
        dv_facts_add(js->facts, kind, dv_buf_span(&js->path), node->start,
                     length_of(node));
}

static void
add_string(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);
    const struct dv_span text = value_of(js, id)->text;

    if (text.len == 0 || !dv_fact_js_afford(js, text, node))
        return;
    dv_facts_add(js->facts, DV_FACT_STRING, text, node->start,
                 length_of(node));
    add_wallets(js, text, node);
    dv_fact_js_sink_string(js, text, node);
}

static void
add_name(struct dv_fact_js *js, enum dv_fact_kind kind, uint32_t id)
{
    const struct dv_js_node *node;

    if (id == 0 || dv_js_kind(js->tree, id) != DV_JS_IDENTIFIER)
        return;
    node = node_at(js, id);
    dv_facts_add(js->facts, kind, dv_js_name(js->tree, id), node->start,
                 length_of(node));
}

static void
add_key(struct dv_fact_js *js, const struct dv_js_node *property)
{
    const struct dv_js_node *key;

    if (property->a == 0)
        return;
    key = node_at(js, property->a);
    if (!(property->flags & DV_JS_COMPUTED)
        && (key->kind == DV_JS_IDENTIFIER
            || key->kind == DV_JS_PRIVATE_IDENTIFIER))
        dv_facts_add(js->facts, DV_FACT_KEY,
                     dv_js_name(js->tree, property->a), key->start,
                     length_of(key));
    else if (value_of(js, property->a)->type == DV_JS_STRING
             && dv_fact_js_afford(js, value_of(js, property->a)->text, key))
        dv_facts_add(js->facts, DV_FACT_KEY,
                     value_of(js, property->a)->text, key->start,
                     length_of(key));
}

static void
add_module(struct dv_fact_js *js, uint32_t source)
{
    const struct dv_js_node *node;

    if (source == 0 || value_of(js, source)->type != DV_JS_STRING)
        return;
    node = node_at(js, source);
    if (!dv_fact_js_afford(js, value_of(js, source)->text, node))
        return;
    dv_fact_url_add(js->facts, js->base, value_of(js, source)->text,
                    DAVY_KIND_MODULE, node->start, length_of(node));
}

static void
add_assignment(struct dv_fact_js *js, uint32_t id)
{
    const uint32_t target = node_at(js, id)->a;
    const unsigned kind = target == 0 ? DV_JS_NONE
                                      : dv_js_kind(js->tree, target);

    if (kind == DV_JS_IDENTIFIER) {
        add_name(js, DV_FACT_ASSIGN, target);
        dv_buf_clear(&js->path);
        if (dv_buf_append(&js->path, dv_js_name(js->tree, target)) != DAVY_OK)
            return;
    } else if (kind == DV_JS_MEMBER_EXPRESSION) {
        add_path(js, DV_FACT_ASSIGN, target);
        if (dv_fact_js_is_computed_assignment(js, node_at(js, id)))
            note_computed(js, id);
    } else {
        return;
    }
    dv_fact_js_sink_assign(js, id);
}

/* A constant that no parent speaks of. */
static bool
add_constant(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);
    const struct dv_js_value *value = value_of(js, id);

    if (js->roles[id] & DV_ROLE_SAID)
        return false;
    if (node->kind != DV_JS_STRING_LITERAL
        && node->kind != DV_JS_NUMERIC_LITERAL && !absorbs(node->kind))
        return false;
    if (value->type == DV_JS_STRING)
        add_string(js, id);
    else if (value->type == DV_JS_NUMBER)
        dv_facts_add_number(js->facts, value->number, node->start,
                            length_of(node));
    else
        return false;
    return true;
}

/* Pieces of templates that are not constant as a whole. */
static void
add_template(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);

    if (js->fold.of_node[id] != 0)
        return;
    for (uint32_t p = node->a; p != 0; p = node_at(js, p)->next) {
        const struct dv_js_node *part = node_at(js, p);

        if (part->kind == DV_JS_TEMPLATE_ELEMENT
            && dv_js_string(js->tree, p).len > 0)
            dv_facts_add(js->facts, DV_FACT_STRING,
                         dv_js_string(js->tree, p), part->start,
                         length_of(part));
    }
}

static void
speak(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node = node_at(js, id);

    (void)add_constant(js, id);
    switch (node->kind) {
    case DV_JS_CALL_EXPRESSION:
    case DV_JS_NEW_EXPRESSION:
        add_call(js, id);
        break;
    case DV_JS_MEMBER_EXPRESSION:
        if (!(js->roles[id]
              & (DV_ROLE_CALLEE | DV_ROLE_PATH | DV_ROLE_TARGET)))
            add_path(js, DV_FACT_MEMBER, id);
        break;
    case DV_JS_ASSIGNMENT_EXPRESSION:
        add_assignment(js, id);
        break;
    case DV_JS_PROPERTY:
    case DV_JS_METHOD_DEFINITION:
    case DV_JS_PROPERTY_DEFINITION:
        add_key(js, node);
        break;
    case DV_JS_FUNCTION_EXPRESSION:
        if (dv_fact_js_is_caller(js, node))
            note_computed(js, id);
        add_name(js, DV_FACT_DEFINE, node->a);
        break;
    case DV_JS_VARIABLE_DECLARATOR:
    case DV_JS_FUNCTION_DECLARATION:
    case DV_JS_CLASS_DECLARATION:
    case DV_JS_CLASS_EXPRESSION:
        add_name(js, DV_FACT_DEFINE, node->a);
        break;
    case DV_JS_TEMPLATE_LITERAL:
        add_template(js, id);
        break;
    case DV_JS_ARRAY_EXPRESSION:
        dv_fact_js_sink_bytes(js, id);
        break;
    case DV_JS_IMPORT_EXPRESSION:
        add_module(js, node->a);
        if (dv_fact_js_is_computed_import(js, node->a))
            note_computed(js, id);
        break;
    case DV_JS_IMPORT_DECLARATION:
    case DV_JS_EXPORT_ALL_DECLARATION:
        add_module(js, node->b);
        break;
    case DV_JS_EXPORT_NAMED_DECLARATION:
        add_module(js, node->c);
        break;
    default:
        break;
    }
}

static bool
make_roles(struct dv_fact_js *js, size_t count)
{
    if (js->roles_cap < count) {
        dv_mem_free(js->mem, js->roles, js->roles_cap);
        js->roles_cap = 0;
        js->roles = dv_mem_alloc(js->mem, count);
        if (js->roles == NULL)
            return false;
        js->roles_cap = count;
    }
    memset(js->roles, 0, count);
    return true;
}

davy_status
dv_fact_js(struct dv_fact_js *js, struct dv_facts *facts,
           const struct dv_url *base, const struct dv_js_tree *tree)
{
    const davy_status st = dv_js_fold_run(&js->fold, tree, js->limits);

    if (st == DAVY_NO_MEMORY || !make_roles(js, tree->count + 1u))
        return DAVY_NO_MEMORY;
    js->copied = 0;
    js->is_cut = false;
    js->computed = 0;
    js->talks = false;
    js->facts = facts;
    js->base = base;
    js->tree = tree;
    for (uint32_t id = tree->count; --id > 0;)
        give_roles(js, id);
    for (uint32_t id = 1;
         id < tree->count && facts->status == DAVY_OK; id++)
        speak(js, id);
    return js->is_cut ? DAVY_LIMIT : st;
}

void
dv_fact_js_watch(struct dv_fact_js *js, dv_effect_fn *told, void *ctx)
{
    js->told = told;
    js->told_ctx = ctx;
}

static bool
make_keys(struct dv_fact_js *js)
{
    const size_t size = (js->tree->count + 1u) * sizeof(*js->key_of);

    if (js->key_of_cap < size) {
        dv_mem_free(js->mem, js->key_of, js->key_of_cap);
        js->key_of_cap = 0;
        js->key_of = dv_mem_alloc(js->mem, size);
        if (js->key_of == NULL)
            return false;
        js->key_of_cap = size;
    }
    memset(js->key_of, 0, size);
    return true;
}

davy_status
dv_fact_js_finish(struct dv_fact_js *js, bool is_evaluated,
                  const char **limit)
{
    davy_status st = DAVY_OK;

    dv_vec_clear(&js->keys);
    if ((js->computed > 0 || js->told != NULL) && !is_evaluated) {
        st = make_keys(js) ? dv_reach_run(&js->reach, js)
                           : DAVY_NO_MEMORY;
        if (st == DAVY_OK)
            st = dv_fact_eval(js, limit);
    }
    if (st != DAVY_NO_MEMORY && js->facts->status == DAVY_OK
        && (js->talks || js->keys.len > 0))
        dv_fact_behaviour(js);
    return st;
}

struct dv_span
dv_fact_js_key(const struct dv_fact_js *js, uint32_t member)
{
    const struct dv_js_node *node = node_at(js, member);

    if (!(node->flags & DV_JS_COMPUTED))
        return dv_js_kind(js->tree, node->b) == DV_JS_IDENTIFIER
                   ? dv_js_name(js->tree, node->b)
                   : dv_span_of("", 0);
    if (value_of(js, node->b)->type == DV_JS_STRING)
        return value_of(js, node->b)->text;
    return js->keys.len == 0 || js->key_of[member] == 0
               ? dv_span_of("", 0)
               : *(const struct dv_span *)dv_vec_at(&js->keys,
                                                    js->key_of[member] - 1);
}

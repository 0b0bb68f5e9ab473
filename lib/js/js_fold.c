/* SPDX-License-Identifier: MIT */
/* js_fold.c - folds constant expressions (ECMA-262, 13).
 *
 * Children have smaller numbers than their parents, so one loop over all nodes
 * meets operands before operators.  When names are used above the place where
 * they are set to something constant, a second loop starts at the first of
 * these. */

#include "js/js_fold.h"

#include <math.h>

#include "base/compiler.h"
#include "js/js_builtin.h"

#define MAX_ITEMS ((size_t)1 << 28)

/* Patterns in patterns that are looked into. */
#define MAX_PARTS 8

/* Paths of functions that are looked up. */
#define MAX_PATH ((size_t)256)

void
dv_js_fold_init(struct dv_js_fold *f, struct dv_mem *mem)
{
    *f = (struct dv_js_fold){ .mem = mem };
    dv_js_scopes_init(&f->scopes, mem);
    dv_js_values_init(&f->values, mem);
    dv_buf_init(&f->path, mem, MAX_PATH);
    dv_vec_init(&f->args, mem, sizeof(uint32_t), MAX_ITEMS);
    dv_vec_init(&f->chain, mem, sizeof(uint32_t), MAX_ITEMS);
    dv_vec_init(&f->late, mem, sizeof(uint32_t), MAX_ITEMS);
}

void
dv_js_fold_fini(struct dv_js_fold *f)
{
    dv_js_scopes_fini(&f->scopes);
    dv_js_values_fini(&f->values);
    dv_buf_fini(&f->path);
    dv_vec_fini(&f->args);
    dv_vec_fini(&f->chain);
    dv_vec_fini(&f->late);
    dv_mem_free(f->mem, f->of_node, f->nodes_cap * sizeof(*f->of_node));
    f->of_node = NULL;
    f->nodes_cap = 0;
}

static const struct dv_js_node *
node_at(const struct dv_js_fold *f, uint32_t id)
{
    return dv_js_at(f->tree, id);
}

static bool
push_number(struct dv_js_fold *f, struct dv_vec *vec, uint32_t number)
{
    if (dv_vec_push_u32(vec, number))
        return true;
    f->values.status = DAVY_NO_MEMORY;
    return false;
}

/* ---- Operators ---- */

static uint32_t
fold_unary(struct dv_js_fold *f, const struct dv_js_node *node)
{
    struct dv_js_values *v = &f->values;
    const uint32_t operand = f->of_node[node->a];
    double number;
    bool boolean;

    switch (node->op) {
    case DV_JS_T_VOID:
        return dv_js_value_simple(v, DV_JS_UNDEFINED);
    case DV_JS_T_NOT:
        if (!dv_js_value_to_boolean(v, operand, &boolean))
            return 0;
        return dv_js_value_boolean(v, !boolean);
    case DV_JS_T_ADD:
    case DV_JS_T_SUB:
    case DV_JS_T_BIT_NOT:
        if (!dv_js_value_to_number(v, operand, &number))
            return 0;
        if (node->op == DV_JS_T_BIT_NOT)
            number = ~dv_js_value_int32(number);
        return dv_js_value_number(v, node->op == DV_JS_T_SUB ? -number
                                                             : number);
    default:
        return 0;
    }
}

static bool
calculate(unsigned op, double a, double b, double *result)
{
    const uint32_t shift = (uint32_t)dv_js_value_int32(b) & 31;
    const int32_t x = dv_js_value_int32(a);
    const int32_t y = dv_js_value_int32(b);

    switch (op) {
    case DV_JS_T_SUB:
        *result = a - b;
        return true;
    case DV_JS_T_MUL:
        *result = a * b;
        return true;
    case DV_JS_T_DIV:
        *result = a / b;
        return true;
    case DV_JS_T_MOD:
        *result = fmod(a, b);
        return true;
    case DV_JS_T_EXP:
        /* 6.1.6.1.3: unlike in C, 1 ** NaN and 1 ** Infinity are NaN. */
        *result = isnan(b) || (fabs(a) == 1 && isinf(b)) ? NAN : pow(a, b);
        return true;
    case DV_JS_T_BIT_OR:
        *result = x | y;
        return true;
    case DV_JS_T_BIT_XOR:
        *result = x ^ y;
        return true;
    case DV_JS_T_BIT_AND:
        *result = x & y;
        return true;
    case DV_JS_T_SHL:
        *result = (int32_t)((uint32_t)x << shift);
        return true;
    case DV_JS_T_SAR:
        *result = x >> shift;
        return true;
    case DV_JS_T_SHR:
        *result = (uint32_t)x >> shift;
        return true;
    default:
        return false;
    }
}

static uint32_t
compare(struct dv_js_fold *f, unsigned op, uint32_t a, uint32_t b)
{
    struct dv_js_values *v = &f->values;
    const struct dv_js_value x = *dv_js_value_at(v, a);
    const struct dv_js_value y = *dv_js_value_at(v, b);
    bool equal;

    if (x.type != y.type
        || (x.type != DV_JS_STRING && x.type != DV_JS_NUMBER))
        return 0;
    if (x.text.len == y.text.len && !dv_js_value_charge(v, x.text.len / 16))
        return 0;
    equal = x.type == DV_JS_STRING ? dv_span_equal(x.text, y.text)
                                   : x.number == y.number;
    if (op == DV_JS_T_EQ || op == DV_JS_T_EQ_STRICT)
        return dv_js_value_boolean(v, equal);
    if (op == DV_JS_T_NE || op == DV_JS_T_NE_STRICT)
        return dv_js_value_boolean(v, !equal);
    return 0;
}

static bool
is_sum(const struct dv_js_node *node)
{
    return node->kind == DV_JS_BINARY_EXPRESSION && node->op == DV_JS_T_ADD;
}

/* The operands of a sum, last to first, in f->chain, up to the first that is
 * not constant: those of the sum that is returned, `id` itself when all are. */
static uint32_t
collect_sum(struct dv_js_fold *f, uint32_t id)
{
    const struct dv_js_node *node = node_at(f, id);
    uint32_t sum = id;

    dv_vec_clear(&f->chain);
    for (; is_sum(node) && f->of_node[id] == 0; node = node_at(f, id)) {
        if (f->of_node[node->b] == 0) {
            dv_vec_clear(&f->chain);
            sum = node->a;
        } else if (!push_number(f, &f->chain, f->of_node[node->b])) {
            return 0;
        }
        id = node->a;
    }
    if (f->of_node[id] == 0 || !push_number(f, &f->chain, f->of_node[id]))
        return 0;
    return f->chain.len > 1 ? sum : 0;
}

static bool
is_text(const struct dv_js_value *value)
{
    return value->type == DV_JS_STRING || value->type == DV_JS_ARRAY
           || value->type == DV_JS_OBJECT || value->type == DV_JS_REGEXP;
}

/* 13.15.3: numbers are added until the first text comes. */
static uint32_t
add_up(struct dv_js_fold *f)
{
    struct dv_js_values *v = &f->values;
    const uint32_t *chain = f->chain.at;
    size_t i = f->chain.len - 1;
    uint32_t sum = chain[i];
    double a, b;

    while (i > 0 && !is_text(dv_js_value_at(v, sum))
           && !is_text(dv_js_value_at(v, chain[i - 1]))) {
        if (!dv_js_value_to_number(v, sum, &a)
            || !dv_js_value_to_number(v, chain[--i], &b))
            return 0;
        sum = dv_js_value_number(v, a + b);
    }
    if (i == 0)
        return sum;
    dv_js_value_build(v);
    if (!dv_js_value_add_string(v, sum))
        return 0;
    while (i-- > 0 && v->status == DAVY_OK) {
        if (!dv_js_value_add_string(v, chain[i]))
            return 0;
    }
    return dv_js_value_built(v);
}

/* The left operand of a sum has a value of its own only when the whole has
 * none: the sum is folded at its end, so that a long one is not built over and
 * over. */
static uint32_t
fold_sum(struct dv_js_fold *f, uint32_t id)
{
    uint32_t sum;

    if (node_at(f, id)->flags & DV_JS_INNER_SUM)
        return 0;
    sum = collect_sum(f, id);
    if (sum == 0 || sum == id)
        return sum == 0 ? 0 : add_up(f);
    f->of_node[sum] = add_up(f);
    return 0;
}

static uint32_t
fold_binary(struct dv_js_fold *f, uint32_t id)
{
    const struct dv_js_node *node = node_at(f, id);
    struct dv_js_values *v = &f->values;
    double a, b, result;

    if (node->op == DV_JS_T_ADD)
        return fold_sum(f, id);
    if (f->of_node[node->a] == 0 || f->of_node[node->b] == 0)
        return 0;
    if (dv_js_value_to_number(v, f->of_node[node->a], &a)
        && dv_js_value_to_number(v, f->of_node[node->b], &b)
        && calculate(node->op, a, b, &result))
        return dv_js_value_number(v, result);
    return compare(f, node->op, f->of_node[node->a], f->of_node[node->b]);
}

static uint32_t
fold_logical(struct dv_js_fold *f, const struct dv_js_node *node)
{
    const uint32_t left = f->of_node[node->a];
    bool boolean;

    if (node->op == DV_JS_T_NULLISH
        || !dv_js_value_to_boolean(&f->values, left, &boolean))
        return 0;
    return boolean == (node->op == DV_JS_T_OR) ? left : f->of_node[node->b];
}

static uint32_t
fold_conditional(struct dv_js_fold *f, const struct dv_js_node *node)
{
    bool boolean;

    if (!dv_js_value_to_boolean(&f->values, f->of_node[node->a], &boolean))
        return 0;
    return f->of_node[boolean ? node->b : node->c];
}

/* ---- Literals ---- */

static uint32_t
fold_template(struct dv_js_fold *f, const struct dv_js_node *node)
{
    struct dv_js_values *v = &f->values;

    dv_js_value_build(v);
    for (uint32_t id = node->a; id != 0; id = node_at(f, id)->next) {
        const struct dv_js_node *part = node_at(f, id);

        if (part->kind == DV_JS_TEMPLATE_ELEMENT)
            dv_js_value_add(v, dv_js_string(f->tree, id));
        else if (f->of_node[id] == 0
                 || !dv_js_value_add_string(v, f->of_node[id]))
            return 0;
    }
    return dv_js_value_built(v);
}

/* Elements of a list, spreads of constants unfolded; false when one cannot
 * be placed. */
static bool
push_elements(struct dv_js_fold *f, uint32_t head)
{
    struct dv_js_values *v = &f->values;

    dv_vec_clear(&f->args);
    for (uint32_t id = head; id != 0; id = node_at(f, id)->next) {
        const struct dv_js_node *node = node_at(f, id);
        struct dv_js_value spread;

        if (node->kind != DV_JS_SPREAD_ELEMENT) {
            if (!push_number(f, &f->args, f->of_node[id]))
                return false;
            continue;
        }
        spread = *dv_js_value_at(v, f->of_node[node->a]);
        if (spread.type != DV_JS_ARRAY
            || !dv_js_value_charge(v, spread.count))
            return false;
        for (size_t i = 0; i < spread.count; i++) {
            if (!push_number(f, &f->args, dv_js_value_item(v, &spread, i)))
                return false;
        }
    }
    return true;
}

static uint32_t
fold_array(struct dv_js_fold *f, const struct dv_js_node *node)
{
    struct dv_js_values *v = &f->values;
    const uint32_t first = (uint32_t)v->items.len;

    if (!push_elements(f, node->a))
        return 0;
    for (size_t i = 0; i < f->args.len; i++)
        dv_js_value_push(v, *(uint32_t *)dv_vec_at(&f->args, i));
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

/* The constant name of a property or member, as a value. */
static uint32_t
key_value(struct dv_js_fold *f, uint32_t key, bool is_computed)
{
    if (key == 0)
        return 0;
    if (!is_computed && dv_js_kind(f->tree, key) == DV_JS_IDENTIFIER)
        return dv_js_value_borrowed(&f->values, dv_js_name(f->tree, key));
    return f->of_node[key];
}

/* What is not known has the value 0: it hides what stands before it. */
static uint32_t
fold_object(struct dv_js_fold *f, const struct dv_js_node *node)
{
    struct dv_js_values *v = &f->values;
    const uint32_t first = (uint32_t)v->items.len;

    for (uint32_t id = node->a; id != 0; id = node_at(f, id)->next) {
        const struct dv_js_node *property = node_at(f, id);
        struct dv_span name;
        uint32_t key;

        if (property->kind != DV_JS_PROPERTY)
            return 0;
        key = key_value(f, property->a, property->flags & DV_JS_COMPUTED);
        if (dv_js_value_at(v, key)->type != DV_JS_STRING) {
            if (!dv_js_value_text(v, key, &name))
                return 0;
            key = dv_js_value_borrowed(v, name);
        }
        dv_js_value_push(v, key);
        dv_js_value_push(v, f->of_node[property->b]);
    }
    if (v->items.len == first)
        return 0;
    return dv_js_value_list(v, DV_JS_OBJECT, first);
}

/* ---- Names, members, calls ---- */

/* Whether a name that is set to this may lead on by its path (js_path.c). */
static bool
is_alias(unsigned kind)
{
    switch (kind) {
    case DV_JS_IDENTIFIER:
    case DV_JS_MEMBER_EXPRESSION:
    case DV_JS_CALL_EXPRESSION:
    case DV_JS_NEW_EXPRESSION:
    case DV_JS_LOGICAL_EXPRESSION:
    case DV_JS_ASSIGNMENT_EXPRESSION:
    case DV_JS_SEQUENCE_EXPRESSION:
    case DV_JS_CHAIN_EXPRESSION:
    case DV_JS_AWAIT_EXPRESSION:
        return true;
    default:
        return false;
    }
}

static bool
is_function(unsigned kind)
{
    return kind == DV_JS_FUNCTION_DECLARATION
           || kind == DV_JS_FUNCTION_EXPRESSION
           || kind == DV_JS_ARROW_FUNCTION_EXPRESSION
           || kind == DV_JS_CLASS_DECLARATION
           || kind == DV_JS_CLASS_EXPRESSION;
}

/* A name that is met before what it is set to. */
static void
note_late(struct dv_js_fold *f, uint32_t id, uint32_t value)
{
    if (!f->is_second && !is_function(dv_js_kind(f->tree, value)))
        (void)push_number(f, &f->late, id);
}

/* What a pattern has taken out of a constant. */
static uint32_t
part_value(struct dv_js_fold *f, uint32_t number, unsigned depth)
{
    const struct dv_js_part part = *dv_js_scopes_part(&f->scopes, number);
    const struct dv_js_node *property = node_at(f, part.node);
    struct dv_js_value whole;
    struct dv_span name;
    uint32_t of;

    if (part.whole == 0)
        return f->of_node[part.node];
    of = depth < MAX_PARTS ? part_value(f, part.whole, depth + 1) : 0;
    whole = *dv_js_value_at(&f->values, of);
    if (part.node == 0)
        return whole.type == DV_JS_ARRAY
                   ? dv_js_value_item(&f->values, &whole, part.index)
                   : 0;
    if (of == 0
        || !dv_js_value_text(&f->values,
                             key_value(f, property->a,
                                       property->flags & DV_JS_COMPUTED),
                             &name))
        return 0;
    return dv_js_builtin_property(&f->values, of, name);
}

static uint32_t
fold_identifier(struct dv_js_fold *f, uint32_t id)
{
    const struct dv_js_binding *binding = dv_js_scopes_of(&f->scopes, id);
    uint32_t value = 0;
    unsigned type;

    if (binding == NULL || binding->is_parameter)
        return 0;
    if (binding->is_global && binding->writes == 0
        && dv_span_equal_cstr(dv_js_name(f->tree, id), "undefined"))
        return dv_js_value_simple(&f->values, DV_JS_UNDEFINED);
    if (binding->writes == 1 && binding->value != 0) {
        if (binding->value > id)
            note_late(f, id, binding->value);
        value = f->of_node[binding->value];
    } else if (binding->writes == 1 && binding->part != 0) {
        value = part_value(f, binding->part, 0);
    }
    type = dv_js_value_at(&f->values, value)->type;
    if ((binding->is_changed && (type == DV_JS_ARRAY || type == DV_JS_OBJECT))
        || (binding->part != 0 && type == DV_JS_UNDEFINED))
        return 0;                       /* the latter: a preset may stand in */
    return value;
}

static bool
member_name(struct dv_js_fold *f, const struct dv_js_node *node,
            struct dv_span *name)
{
    const uint32_t key = key_value(f, node->b, node->flags & DV_JS_COMPUTED);

    return key != 0 && dv_js_value_text(&f->values, key, name);
}

static uint32_t
fold_member(struct dv_js_fold *f, const struct dv_js_node *node)
{
    struct dv_span name;

    if (f->of_node[node->a] == 0 || !member_name(f, node, &name))
        return 0;
    return dv_js_builtin_property(&f->values, f->of_node[node->a], name);
}

static uint32_t
fold_method(struct dv_js_fold *f, const struct dv_js_node *node)
{
    const struct dv_js_node *callee = node_at(f, node->a);
    const uint32_t self = f->of_node[callee->a];
    struct dv_span name;
    struct dv_js_call call;

    if (!member_name(f, callee, &name))
        return 0;
    if (dv_span_equal_cstr(name, "map"))
        return dv_js_fold_map(f, node, self);
    if (!push_elements(f, node->b))
        return 0;
    call = (struct dv_js_call){ &f->values, self, f->args.at, f->args.len };
    return dv_js_builtin_method(&call, name);
}

static uint32_t
fold_call(struct dv_js_fold *f, const struct dv_js_node *node)
{
    const struct dv_js_node *callee = node_at(f, node->a);
    struct dv_js_call call;

    if (node->a == 0)
        return 0;
    if (callee->kind == DV_JS_MEMBER_EXPRESSION && callee->a != 0
        && f->of_node[callee->a] != 0)
        return fold_method(f, node);
    if (node->b == 0 || !push_elements(f, node->b))
        return 0;
    call = (struct dv_js_call){ &f->values, 0, f->args.at, f->args.len };
    dv_buf_clear(&f->path);
    if (dv_js_fold_global_path(f, node->a, &f->path) != DAVY_OK)
        return 0;
    return dv_js_builtin_global(&call, dv_buf_span(&f->path));
}

static uint32_t
last_of(const struct dv_js_fold *f, uint32_t head)
{
    uint32_t last = head;

    while (last != 0 && node_at(f, last)->next != 0)
        last = node_at(f, last)->next;
    return last;
}

static uint32_t
fold_node(struct dv_js_fold *f, uint32_t id)
{
    const struct dv_js_node *node = node_at(f, id);
    struct dv_js_values *v = &f->values;

    switch (node->kind) {
    case DV_JS_STRING_LITERAL:
        return dv_js_value_borrowed(v, dv_js_string(f->tree, id));
    case DV_JS_NUMERIC_LITERAL:
        return dv_js_value_number(v, dv_js_number(f->tree, id));
    case DV_JS_BOOLEAN_LITERAL:
        return dv_js_value_boolean(v, node->op == DV_JS_T_TRUE);
    case DV_JS_NULL_LITERAL:
        return dv_js_value_simple(v, DV_JS_NULL);
    case DV_JS_REGEXP_LITERAL:
        return dv_js_value_regexp(v, dv_js_regexp_pattern(f->tree, id),
                                  dv_js_regexp_flags(f->tree, id));
    case DV_JS_TEMPLATE_LITERAL:
        return fold_template(f, node);
    case DV_JS_ARRAY_EXPRESSION:
        return fold_array(f, node);
    case DV_JS_OBJECT_EXPRESSION:
        return fold_object(f, node);
    case DV_JS_HOLE:
        return dv_js_value_simple(v, DV_JS_UNDEFINED);
    case DV_JS_IDENTIFIER:
        return fold_identifier(f, id);
    case DV_JS_UNARY_EXPRESSION:
        return fold_unary(f, node);
    case DV_JS_BINARY_EXPRESSION:
        return fold_binary(f, id);
    case DV_JS_LOGICAL_EXPRESSION:
        return fold_logical(f, node);
    case DV_JS_CONDITIONAL_EXPRESSION:
        return fold_conditional(f, node);
    case DV_JS_ASSIGNMENT_EXPRESSION:
        return node->op == DV_JS_T_ASSIGN ? f->of_node[node->b] : 0;
    case DV_JS_SEQUENCE_EXPRESSION:
        return f->of_node[last_of(f, node->a)];
    case DV_JS_CHAIN_EXPRESSION:
        return f->of_node[node->a];
    case DV_JS_MEMBER_EXPRESSION:
        return fold_member(f, node);
    case DV_JS_CALL_EXPRESSION:
        return fold_call(f, node);
    default:
        return 0;
    }
}

static void
fold_from(struct dv_js_fold *f, uint32_t id)
{
    for (; id < f->tree->count && f->values.status != DAVY_NO_MEMORY; id++) {
        if (f->of_node[id] == 0)
            f->of_node[id] = fold_node(f, id);
    }
}

/* The first name that a second loop would tell more about, or count. */
static uint32_t
first_late(const struct dv_js_fold *f)
{
    for (size_t i = 0; i < f->late.len; i++) {
        const uint32_t id = *(uint32_t *)dv_vec_at(&f->late, i);
        const uint32_t value = dv_js_scopes_of(&f->scopes, id)->value;

        if (f->of_node[value] != 0 || is_alias(dv_js_kind(f->tree, value)))
            return id;
    }
    return f->tree->count;
}

static bool
make_room(struct dv_js_fold *f, size_t count)
{
    if (f->nodes_cap < count) {
        dv_mem_free(f->mem, f->of_node, f->nodes_cap * sizeof(*f->of_node));
        f->nodes_cap = 0;
        f->of_node = dv_mem_calloc(f->mem, count, sizeof(*f->of_node));
        if (f->of_node == NULL)
            return false;
        f->nodes_cap = count;
    }
    memset(f->of_node, 0, count * sizeof(*f->of_node));
    return true;
}

davy_status
dv_js_fold_run(struct dv_js_fold *f, const struct dv_js_tree *tree,
               const davy_limits *limits)
{
    davy_status st;

    f->tree = tree;
    dv_js_values_clear(&f->values, limits->fold_bytes, limits->fold_steps);
    if (!make_room(f, tree->count + 1u))
        return DAVY_NO_MEMORY;
    st = dv_js_scopes_resolve(&f->scopes, tree);
    if (st != DAVY_OK)
        return st;
    dv_vec_clear(&f->late);
    f->is_second = false;
    fold_from(f, 1);
    f->is_second = true;
    fold_from(f, first_late(f));
    return f->values.status;
}

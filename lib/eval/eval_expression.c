/* SPDX-License-Identifier: MIT */
/* eval_expression.c - expressions (ECMA-262, 13). */

#include <math.h>

#include "base/compiler.h"
#include "eval/eval_run.h"
#include "js/js_value.h"

/* Arguments of a call that are kept off the heap. */
#define FEW 8u

/* Longer keys are no words. */
#define MAX_WORD 64u

/* ---- Two ways ---- */

bool
dv_eval_may_explore(struct dv_eval *run, uint32_t node)
{
    uint8_t *visits = &run->unit->visits[node];

    if ((*visits & 0x7f) >= 12)
        return false;
    (*visits)++;
    return true;
}

/* One of two ways, neither of them for ever: a xorshift (Marsaglia 2003). */
bool
dv_eval_choose(struct dv_eval *run)
{
    run->choice ^= run->choice << 13;
    run->choice ^= run->choice >> 17;
    run->choice ^= run->choice << 5;
    return run->choice & 1;
}

/* What is evaluated only if something unknown holds: a fault in it is not the
 * fault of the whole. */
static struct dv_value
maybe(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    struct dv_value v;

    run->unsure++;
    v = dv_eval_expression(run, id, env);
    run->unsure--;
    if (run->flow == DV_FLOW_THROW) {
        run->flow = DV_FLOW_NORMAL;
        run->doubt++;
        return dv_unknown();
    }
    return v;
}

static struct dv_value
conditional(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct dv_value a, b;

    for (;;) {
        const enum dv_truth test = dv_eval_truth(
            run, dv_eval_expression(run, node->a, env));

        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (test == DV_UNSURE)
            break;
        id = test == DV_TRUE ? node->b : node->c;
        if (dv_node(run, id)->kind != DV_JS_CONDITIONAL_EXPRESSION)
            return dv_eval_expression(run, id, env);
        node = dv_node(run, id);
    }
    if (!dv_eval_may_explore(run, id))
        return maybe(run, dv_eval_choose(run) ? node->b : node->c, env);
    a = maybe(run, node->b, env);
    b = run->flow == DV_FLOW_NORMAL ? maybe(run, node->c, env) : a;
    return dv_eval_either(run, a, b);
}

/* Whether the right side decides, given the left one. */
static enum dv_truth
goes_right(struct dv_eval *run, unsigned op, struct dv_value left)
{
    enum dv_truth is_true;

    if (op == DV_JS_T_NULLISH || op == DV_JS_T_ASSIGN_NULLISH)
        return dv_is_unknown(left)         ? DV_UNSURE
               : dv_value_is_nullish(left) ? DV_TRUE
                                           : DV_FALSE;
    is_true = dv_eval_truth(run, left);
    if (is_true == DV_UNSURE || op == DV_JS_T_AND
        || op == DV_JS_T_ASSIGN_AND)
        return is_true;
    return is_true == DV_TRUE ? DV_FALSE : DV_TRUE;
}

/* window.x || {}: more is known of window.x. */
static struct dv_value
join_logical(struct dv_eval *run, unsigned op, struct dv_value left,
             struct dv_value right)
{
    if (op == DV_JS_T_AND || op == DV_JS_T_ASSIGN_AND)
        return right;
    if (left.tag == DV_V_UNKNOWN && left.path != NULL
        && right.tag == DV_V_OBJECT && !right.object->is_callable)
        return left;
    return dv_eval_either(run, left, right);
}

static struct dv_value
logical(struct dv_eval *run, const struct dv_js_node *node,
        struct dv_value left, uint32_t id, struct dv_env *env)
{
    switch (goes_right(run, node->op, left)) {
    case DV_TRUE:
        return dv_eval_expression(run, node->b, env);
    case DV_FALSE:
        return left;
    default:
        (void)dv_eval_may_explore(run, id);
        return join_logical(run, node->op, left, maybe(run, node->b, env));
    }
}

/* ---- Operators ---- */

static struct dv_value
private_in(struct dv_eval *run, const struct dv_js_node *node,
           struct dv_env *env)
{
    const struct dv_value object = dv_eval_expression(run, node->b, env);

    if (run->flow != DV_FLOW_NORMAL || object.tag != DV_V_OBJECT)
        return dv_unknown();
    return dv_value_boolean(
        dv_eval_has_property(run, object.object,
                             dv_eval_private_key(run, node->a))
        == DV_TRUE);
}

static bool
is_arithmetic(unsigned op)
{
    return op == DV_JS_T_ADD || op == DV_JS_T_SUB || op == DV_JS_T_MUL
           || op == DV_JS_T_DIV || op == DV_JS_T_MOD;
}

/* Whether an expression, whatever it meets, is a number: of literals and
 * parseInt alone.  `depth` bounds the walk. */
static bool
is_surely_number(struct dv_eval *run, uint32_t id, struct dv_env *env,
                 unsigned depth)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct dv_value callee;

    if (depth == 0)
        return false;
    switch (node->kind) {
    case DV_JS_NUMERIC_LITERAL:
        return true;
    case DV_JS_UNARY_EXPRESSION:
        return node->op == DV_JS_T_SUB
               && is_surely_number(run, node->a, env, depth - 1);
    case DV_JS_BINARY_EXPRESSION:
        return is_arithmetic(node->op)
               && is_surely_number(run, node->a, env, depth - 1)
               && is_surely_number(run, node->b, env, depth - 1);
    case DV_JS_CALL_EXPRESSION:
        if (dv_node(run, node->a)->kind != DV_JS_IDENTIFIER)
            return false;
        callee = dv_env_get(run, env, node->a);
        return run->flow == DV_FLOW_NORMAL
               && dv_value_is_class(callee, DV_C_NATIVE)
               && ((const struct dv_native_data *)callee.object->data)->fn
                      == dv_eval_parse_int;
    default:
        return false;
    }
}

/* NaN stays NaN whatever number is added.  Not computing that number is what
 * makes string arrays cheap: they are turned until a sum of twelve decoded
 * numbers is right, and all but the last turns fail at the first of them. */
static bool
is_idle(struct dv_eval *run, const struct dv_js_node *node, struct dv_value v,
        struct dv_env *env)
{
    return v.tag == DV_V_NUMBER && isnan(v.number) && is_arithmetic(node->op)
           && is_surely_number(run, node->b, env, 16);
}

/* Sums may have a million terms: down to the first one, then up again. */
static struct dv_value
chain(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const size_t base = run->spine.len;
    struct dv_value v;

    while (dv_node(run, id)->kind == DV_JS_BINARY_EXPRESSION
           || dv_node(run, id)->kind == DV_JS_LOGICAL_EXPRESSION) {
        if (dv_node(run, dv_node(run, id)->a)->kind
            == DV_JS_PRIVATE_IDENTIFIER)
            break;
        if (!dv_vec_push_u32(&run->spine, id)) {
            (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
            return dv_eval_object(run, NULL);
        }
        id = dv_node(run, id)->a;
    }
    v = dv_node(run, id)->kind == DV_JS_BINARY_EXPRESSION
            ? private_in(run, dv_node(run, id), env)
            : dv_eval_expression(run, id, env);
    while (run->spine.len > base && run->flow == DV_FLOW_NORMAL) {
        const struct dv_js_node *node;
        struct dv_value right;

        id = ((const uint32_t *)run->spine.at)[--run->spine.len];
        node = dv_node(run, id);
        if (!dv_eval_step(run, 1))
            break;
        if (node->kind == DV_JS_LOGICAL_EXPRESSION) {
            v = logical(run, node, v, id, env);
            continue;
        }
        if (is_idle(run, node, v, env))
            continue;
        right = dv_eval_expression(run, node->b, env);
        if (run->flow == DV_FLOW_NORMAL)
            v = dv_eval_binary(run, node->op, v, right);
    }
    run->spine.len = base;
    return v;
}

static struct dv_value delete(struct dv_eval *run, uint32_t id,
                              struct dv_env *env);

static struct dv_value
unary(struct dv_eval *run, const struct dv_js_node *node, struct dv_env *env)
{
    struct dv_value v;

    if (node->op == DV_JS_T_DELETE)
        return delete(run, node->a, env);
    v = dv_eval_expression(run, node->a, env);
    return run->flow == DV_FLOW_NORMAL ? dv_eval_unary(run, node->op, v) : v;
}

/* ---- Constants ---- */

static const struct dv_value no_constant;

/* Whether an expression is made of numbers alone, not more than `depth` deep;
 * what is not is marked. */
static bool
is_constant(struct dv_eval *run, uint32_t id, unsigned depth)
{
    const struct dv_js_node *node = dv_node(run, id);
    bool is;

    switch (node->kind) {
    case DV_JS_NUMERIC_LITERAL:
        return true;
    case DV_JS_UNARY_EXPRESSION:
        is = (node->op == DV_JS_T_SUB || node->op == DV_JS_T_BIT_NOT)
             && depth > 0 && is_constant(run, node->a, depth - 1);
        break;
    case DV_JS_BINARY_EXPRESSION:
        is = is_arithmetic(node->op) && depth > 0
             && run->unit->made[node->a] != &no_constant
             && is_constant(run, node->a, depth - 1)
             && is_constant(run, node->b, depth - 1);
        break;
    default:
        return false;
    }
    if (!is)
        run->unit->made[id] = (void *)&no_constant;
    return is;
}

/* The value of 0x1e1*0xd+0x795, computed once; NULL when it is not constant. */
static const struct dv_value *
constant(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    struct dv_value *kept = run->unit->made[id];

    if (kept == &no_constant || (kept == NULL && !is_constant(run, id, 16)))
        return NULL;
    if (kept != NULL)
        return kept;
    kept = dv_heap_alloc(&run->heap, sizeof(*kept));
    if (kept == NULL)
        return NULL;
    *kept = dv_node(run, id)->kind == DV_JS_UNARY_EXPRESSION
                ? unary(run, dv_node(run, id), env)
                : chain(run, id, env);
    run->unit->made[id] = kept;
    return kept;
}

/* ---- Members ---- */

const struct dv_text *
dv_eval_private_key(struct dv_eval *run, uint32_t id)
{
    const struct dv_text *name = dv_unit_key(run, run->unit, id);
    struct dv_text *text = dv_text_of_cstr(&run->heap, "#");

    if (text == NULL || name == NULL)
        return NULL;
    text = dv_text_join(&run->heap, text, (struct dv_text *)name);
    return text == NULL ? NULL : dv_text_key(&run->heap, text);
}

/* The first word that a computed key of the script turns out to be. */
static void
tell_key(struct dv_eval *run, uint32_t member, struct dv_value key)
{
    void **told = &run->unit->made[member];

    if (key.tag != DV_V_STRING || *told != NULL || run->unit->is_nested
        || key.text->length == 0 || key.text->length > MAX_WORD)
        return;
    *told = key.text;
    run->events->key(run->events->ctx, member,
                     dv_text_utf8(&run->heap, key.text));
}

/* The key of a member, as a value; private ones as their text. */
static struct dv_value
member_key(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_text *key;
    struct dv_value v;

    if (node->flags & DV_JS_COMPUTED) {
        v = dv_eval_expression(run, node->b, env);
        if (dv_node(run, node->b)->kind != DV_JS_STRING_LITERAL)
            tell_key(run, id, v);
        return v;
    }
    key = dv_node(run, node->b)->kind == DV_JS_PRIVATE_IDENTIFIER
              ? dv_eval_private_key(run, node->b)
              : dv_unit_key(run, run->unit, node->b);
    return dv_eval_text(run, (struct dv_text *)key);
}

static struct dv_value
get_super(struct dv_eval *run, struct dv_value key)
{
    const struct dv_object *home = run->frame->home;
    const struct dv_property *property;
    const struct dv_text *name;

    if (home == NULL || home->proto == NULL || !dv_eval_key(run, key, &name))
        return dv_unknown();
    for (const struct dv_object *o = home->proto;
         o != NULL && dv_eval_step(run, 1); o = o->proto) {
        property = dv_object_find(o, name);
        if (property != NULL && (property->flags & DV_PROP_ACCESSOR))
            return property->accessor->get == NULL
                       ? dv_value_undefined()
                       : dv_eval_call(run,
                                      dv_value_object(property->accessor->get),
                                      run->frame->self, NULL, 0);
        if (property != NULL)
            return property->value;
    }
    return dv_eval_get(run, dv_value_object(home->proto), name);
}

/* The value of a member, and of what it is a member. */
static struct dv_value
member(struct dv_eval *run, uint32_t id, struct dv_env *env,
       struct dv_value *object)
{
    const struct dv_js_node *node = dv_node(run, id);
    struct dv_value key;

    if (dv_node(run, node->a)->kind == DV_JS_SUPER) {
        *object = run->frame->self;
        key = member_key(run, id, env);
        return run->flow == DV_FLOW_NORMAL ? get_super(run, key)
                                           : dv_value_undefined();
    }
    *object = dv_eval_expression(run, node->a, env);
    if (run->flow != DV_FLOW_NORMAL || run->is_short)
        return dv_value_undefined();
    if ((node->flags & DV_JS_OPTIONAL) && dv_value_is_nullish(*object)) {
        run->is_short = true;
        return dv_value_undefined();
    }
    key = member_key(run, id, env);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (key.tag == DV_V_STRING && key.text->is_key) {
        dv_eval_tell_text(run, key);
        return dv_eval_get(run, *object, key.text);
    }
    return dv_eval_get_value(run, *object, key);
}

static struct dv_value
whole_chain(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const bool outer = run->is_short;
    struct dv_value v;

    run->is_short = false;
    v = dv_eval_expression(run, id, env);
    run->is_short = outer;
    return v;
}

/* ---- Calls ---- */

struct args {
    struct dv_value few[FEW];
    struct dv_value *at;
    size_t count, cap;
};

static bool
push(struct dv_eval *run, struct args *args, struct dv_value v)
{
    if (args->count == args->cap) {
        args->at = dv_heap_grow(&run->heap, args->at, args->count,
                                args->cap * 2, sizeof(v));
        if (!dv_eval_has(run, args->at))
            return false;
        args->cap *= 2;
    }
    args->at[args->count++] = v;
    return true;
}

static bool
push_item(struct dv_eval *run, struct dv_value item, void *ctx)
{
    return push(run, ctx, item);
}

static bool
evaluate_args(struct dv_eval *run, uint32_t head, struct dv_env *env,
              struct args *args)
{
    args->at = args->few;
    args->count = 0;
    args->cap = FEW;
    for (uint32_t id = head; id != 0; id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);
        const bool is_spread = node->kind == DV_JS_SPREAD_ELEMENT;
        const struct dv_value v = dv_eval_expression(
            run, is_spread ? node->a : id, env);

        if (run->flow != DV_FLOW_NORMAL)
            return false;
        if (is_spread)
            dv_eval_iterate(run, v, push_item, args);
        else if (!push(run, args, v))
            return false;
    }
    return run->flow == DV_FLOW_NORMAL;
}

/* super(...): makes `this`. */
static struct dv_value
call_super(struct dv_eval *run, const struct args *args)
{
    struct dv_frame *frame = run->frame;
    const struct dv_function *f;
    struct dv_value self;

    while (frame != NULL && frame->function != NULL
           && ((f = frame->function->data)->class == NULL))
        frame = frame->caller;          /* of an arrow in a constructor */
    if (frame == NULL || frame->function == NULL)
        return dv_unknown();
    f = frame->function->data;
    self = dv_eval_construct(run, f->class->parent, args->at, args->count,
                             frame->new_target);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (self.tag != DV_V_OBJECT) {      /* of something unknown */
        struct dv_object *made = dv_object_new(&run->heap, DV_C_OBJECT,
                                               f->class->proto);

        if (!dv_eval_has(run, made))
            return dv_value_undefined();
        made->is_open = true;
        made->path = dv_is_unknown(self) ? self.path : NULL;
        self = dv_value_object(made);
    }
    frame->self = run->frame->self = self;
    dv_eval_fields(run, f->class, self);
    return self;
}

static bool
is_direct_eval(struct dv_eval *run, const struct dv_js_node *node,
               struct dv_value callee)
{
    return callee.tag == DV_V_OBJECT && callee.object == run->eval_function
           && dv_node(run, node->a)->kind == DV_JS_IDENTIFIER;
}

static struct dv_value
call(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const unsigned kind = dv_node(run, node->a)->kind;
    const uint32_t outer = run->node;
    struct dv_value self = dv_value_undefined(), callee = self, result;
    struct args args;

    if (kind == DV_JS_MEMBER_EXPRESSION)
        callee = member(run, node->a, env, &self);
    else if (kind != DV_JS_SUPER)
        callee = dv_eval_expression(run, node->a, env);
    if (run->flow != DV_FLOW_NORMAL || run->is_short)
        return dv_value_undefined();
    if ((node->flags & DV_JS_OPTIONAL) && dv_value_is_nullish(callee)) {
        run->is_short = true;
        return dv_value_undefined();
    }
    if (!evaluate_args(run, node->b, env, &args))
        return dv_value_undefined();
    run->node = id;
    if (kind == DV_JS_SUPER)
        result = call_super(run, &args);
    else if (is_direct_eval(run, node, callee))
        result = args.count > 0 && args.at[0].tag == DV_V_STRING
                     ? dv_eval_text_code(run, args.at[0].text, env)
                     : dv_eval_arg(args.at, args.count, 0);
    else
        result = dv_eval_call(run, callee, self, args.at, args.count);
    run->node = outer;
    return result;
}

static struct dv_value
construct(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const uint32_t outer = run->node;
    const struct dv_value callee = dv_eval_expression(run, node->a, env);
    struct dv_value result;
    struct args args;

    if (run->flow != DV_FLOW_NORMAL
        || !evaluate_args(run, node->b, env, &args))
        return dv_value_undefined();
    run->node = id;
    result = dv_eval_construct(run, callee, args.at, args.count, callee);
    run->node = outer;
    return result;
}

/* ---- Literals ---- */

static struct dv_value
array_literal(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    struct dv_object *array = dv_eval_array(run);

    for (uint32_t id = head; array != NULL && id != 0;
         id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);
        struct dv_value v;

        if (node->kind == DV_JS_HOLE) {
            array->length++;
            continue;
        }
        v = dv_eval_expression(
            run, node->kind == DV_JS_SPREAD_ELEMENT ? node->a : id, env);
        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (node->kind == DV_JS_SPREAD_ELEMENT)
            (void)dv_eval_collect(run, v, array);
        else
            (void)dv_eval_has(run, dv_object_push(&run->heap, array, v)
                                       ? array
                                       : NULL);
        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
    }
    return dv_eval_object(run, array);
}

static void
spread_object(struct dv_eval *run, struct dv_object *into, struct dv_value v)
{
    struct dv_object *keys;

    if (dv_is_unknown(v))
        into->is_open = true;
    if (v.tag != DV_V_OBJECT)
        return;
    keys = dv_eval_keys(run, v.object, true, false);
    for (uint32_t i = 0; keys != NULL && i < keys->items_len; i++) {
        const struct dv_text *key = keys->items[i].text;
        const struct dv_value item = dv_eval_get(run, v, key);

        if (run->flow != DV_FLOW_NORMAL
            || !dv_eval_put(run, into, key, item))
            return;
    }
}

/* The key of a property or class element; false when it is unknown. */
const struct dv_text *
dv_eval_property_key(struct dv_eval *run, uint32_t id, bool is_computed,
                     struct dv_env *env)
{
    const struct dv_text *key;
    struct dv_value v;

    if (!is_computed && dv_node(run, id)->kind == DV_JS_IDENTIFIER)
        return dv_unit_key(run, run->unit, id);
    if (!is_computed && dv_node(run, id)->kind == DV_JS_PRIVATE_IDENTIFIER)
        return dv_eval_private_key(run, id);
    v = dv_eval_expression(run, id, env);
    return run->flow == DV_FLOW_NORMAL && dv_eval_key(run, v, &key) ? key
                                                                    : NULL;
}

void
dv_eval_define_accessor(struct dv_eval *run, struct dv_object *object,
                        const struct dv_text *key, struct dv_object *function,
                        bool is_getter)
{
    struct dv_property *property = dv_object_make(&run->heap, object, key);

    if (!dv_eval_has(run, property))
        return;
    if (!(property->flags & DV_PROP_ACCESSOR)) {
        property->accessor = dv_eval_accessor(run, NULL, NULL);
        property->flags = DV_PROP_ACCESSOR | DV_PROP_ENUMERABLE
                          | DV_PROP_CONFIGURABLE;
        if (property->accessor == NULL)
            return;
    }
    if (is_getter)
        property->accessor->get = function;
    else
        property->accessor->set = function;
}

static bool
add_property(struct dv_eval *run, struct dv_object *object,
             const struct dv_js_node *node, struct dv_env *env)
{
    const struct dv_text *key = dv_eval_property_key(
        run, node->a, node->flags & DV_JS_COMPUTED, env);
    const bool is_method = (node->flags & DV_JS_METHOD) || node->op != 0;
    struct dv_object *function;
    struct dv_value v;

    if (run->flow != DV_FLOW_NORMAL)
        return false;
    if (is_method) {
        function = dv_eval_closure(run, node->b, env, object, key);
        if (function == NULL || key == NULL)
            return run->flow == DV_FLOW_NORMAL;
        if (node->op == DV_JS_T_GET || node->op == DV_JS_T_SET) {
            dv_eval_define_accessor(run, object, key, function,
                                    node->op == DV_JS_T_GET);
            return run->flow == DV_FLOW_NORMAL;
        }
        return dv_eval_put(run, object, key, dv_value_object(function));
    }
    v = dv_eval_named(run, node->b, env, key);
    if (run->flow != DV_FLOW_NORMAL)
        return false;
    dv_eval_tell_text(run, v);
    if (key != NULL && (node->flags & DV_JS_COMPUTED) && !key->is_symbol)
        dv_eval_tell_text(run, dv_value_text((struct dv_text *)key));
    if (key == NULL) {
        object->is_open = true;
        return true;
    }
    if (key == run->key_proto && !(node->flags & (DV_JS_COMPUTED
                                                  | DV_JS_SHORTHAND))) {
        if (v.tag == DV_V_OBJECT || v.tag == DV_V_NULL)
            object->proto = v.tag == DV_V_NULL ? NULL : v.object;
        return true;
    }
    if (v.tag == DV_V_OBJECT && v.object->class == DV_C_FUNCTION
        && ((struct dv_function *)v.object->data)->owner == NULL)
        ((struct dv_function *)v.object->data)->owner = object;
    return dv_eval_put(run, object, key, v);
}

static struct dv_value
object_literal(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_OBJECT,
                                             run->object_proto);

    for (uint32_t id = head; object != NULL && id != 0;
         id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);

        if (node->kind == DV_JS_SPREAD_ELEMENT)
            spread_object(run, object, dv_eval_expression(run, node->a, env));
        else if (node->kind == DV_JS_PROPERTY
                 && !add_property(run, object, node, env))
            return dv_value_undefined();
        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
    }
    return dv_eval_object(run, object);
}

static struct dv_value
template_literal(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    struct dv_text *all = run->heap.empty, *piece;
    bool is_known = true;

    for (uint32_t id = head; id != 0; id = dv_node(run, id)->next) {
        if (dv_node(run, id)->kind == DV_JS_TEMPLATE_ELEMENT) {
            piece = dv_text_of_utf8(&run->heap,
                                    dv_js_string(run->unit->tree, id));
        } else {
            const struct dv_value v = dv_eval_expression(run, id, env);

            if (run->flow != DV_FLOW_NORMAL)
                return dv_value_undefined();
            if (!dv_eval_to_text(run, v, &piece)) {
                if (run->flow != DV_FLOW_NORMAL)
                    return dv_value_undefined();
                is_known = false;
                continue;
            }
        }
        if (piece != NULL)
            all = dv_text_join(&run->heap, all, piece);
        if (piece == NULL || !dv_eval_has(run, all))
            return dv_eval_object(run, NULL);
    }
    return is_known ? dv_value_text(all) : dv_unknown();
}

static struct dv_value
tagged_template(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const uint32_t outer = run->node;
    struct dv_object *cooked = dv_eval_array(run), *raw = dv_eval_array(run);
    struct dv_value self = dv_value_undefined(), callee, result;
    struct args args = { .count = 1, .cap = FEW };

    callee = dv_node(run, node->a)->kind == DV_JS_MEMBER_EXPRESSION
                 ? member(run, node->a, env, &self)
                 : dv_eval_expression(run, node->a, env);
    if (run->flow != DV_FLOW_NORMAL || cooked == NULL || raw == NULL)
        return dv_value_undefined();
    args.at = args.few;
    args.at[0] = dv_value_object(cooked);
    for (uint32_t p = dv_node(run, node->b)->a; p != 0;
         p = dv_node(run, p)->next) {
        const struct dv_js_node *part = dv_node(run, p);
        struct dv_value v;

        if (part->kind != DV_JS_TEMPLATE_ELEMENT) {
            v = dv_eval_expression(run, p, env);
            if (run->flow != DV_FLOW_NORMAL || !push(run, &args, v))
                return dv_value_undefined();
            continue;
        }
        v = part->flags & DV_JS_INVALID
                ? dv_value_undefined()
                : dv_eval_text(run, dv_text_of_utf8(
                                        &run->heap,
                                        dv_js_string(run->unit->tree, p)));
        if (!dv_object_push(&run->heap, cooked, v)
            || !dv_object_push(&run->heap, raw,
                               dv_eval_text(run, dv_text_of_utf8(
                                                     &run->heap,
                                                     dv_js_raw(run->unit->tree,
                                                               p)))))
            return dv_eval_object(run, NULL);
    }
    (void)dv_eval_put(run, cooked, run->key_raw, dv_value_object(raw));
    run->node = id;
    result = dv_eval_call(run, callee, self, args.at, args.count);
    run->node = outer;
    return result;
}

static struct dv_value
bigint_literal(struct dv_eval *run, uint32_t id)
{
    const double number = dv_js_value_number_of_text(
        dv_js_string(run->unit->tree, id));

    return number < 9007199254740992.0 ? dv_value_bigint((int64_t)number)
                                       : dv_unknown();
}

/* ---- Assignment ---- */

static void
assign(struct dv_eval *run, uint32_t target, struct dv_env *env,
       struct dv_value v)
{
    const struct dv_js_node *node = dv_node(run, target);

    if (node->kind == DV_JS_IDENTIFIER)
        dv_env_set(run, env, target, v);
    else
        dv_eval_bind(run, target, v, env, 0);
}

/* A member as the target: its object and key are evaluated once, before the
 * value. */
struct reference {
    struct dv_value object, key;
};

static bool
refer(struct dv_eval *run, uint32_t id, struct dv_env *env,
      struct reference *r)
{
    const struct dv_js_node *node = dv_node(run, id);

    r->object = dv_node(run, node->a)->kind == DV_JS_SUPER
                    ? run->frame->self
                    : dv_eval_expression(run, node->a, env);
    if (run->flow != DV_FLOW_NORMAL)
        return false;
    r->key = member_key(run, id, env);
    return run->flow == DV_FLOW_NORMAL;
}

static bool
is_named_function(const struct dv_js_node *node)
{
    return node->kind == DV_JS_FUNCTION_EXPRESSION
           || node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION
           || node->kind == DV_JS_CLASS_EXPRESSION;
}

struct dv_value
dv_eval_named(struct dv_eval *run, uint32_t id, struct dv_env *env,
              const struct dv_text *name)
{
    const struct dv_js_node *node = dv_node(run, id);

    if (id == 0)
        return dv_value_undefined();
    if (!is_named_function(node)
        || (node->kind != DV_JS_ARROW_FUNCTION_EXPRESSION && node->a != 0))
        return dv_eval_expression(run, id, env);
    if (node->kind == DV_JS_CLASS_EXPRESSION)
        return dv_eval_class(run, id, env, name);
    return dv_eval_object(run, dv_eval_closure(run, id, env, NULL, name));
}

/* What op= does to the value before. */
static struct dv_value
combine(struct dv_eval *run, const struct dv_js_node *node, uint32_t id,
        struct dv_value before, struct dv_env *env, bool *is_set)
{
    static const uint8_t plain[] = {
        DV_JS_T_ADD, DV_JS_T_SUB,     DV_JS_T_MUL,    DV_JS_T_DIV,
        DV_JS_T_MOD, DV_JS_T_EXP,     DV_JS_T_SHL,    DV_JS_T_SAR,
        DV_JS_T_SHR, DV_JS_T_BIT_AND, DV_JS_T_BIT_OR, DV_JS_T_BIT_XOR
    };
    struct dv_value right;

    *is_set = true;
    if (node->op >= DV_JS_T_ASSIGN_AND) {
        switch (goes_right(run, node->op, before)) {
        case DV_FALSE:
            *is_set = false;
            return before;
        case DV_TRUE:
            return dv_eval_expression(run, node->b, env);
        default:
            (void)dv_eval_may_explore(run, id);
            return join_logical(run, node->op, before,
                                maybe(run, node->b, env));
        }
    }
    right = dv_eval_expression(run, node->b, env);
    return run->flow == DV_FLOW_NORMAL
               ? dv_eval_binary(run, plain[node->op - DV_JS_T_ASSIGN_ADD],
                                before, right)
               : right;
}

static struct dv_value
assignment(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const unsigned kind = dv_node(run, node->a)->kind;
    const uint32_t outer = run->node;
    struct reference r = { dv_value_undefined(), dv_value_undefined() };
    struct dv_value v = r.object;
    bool is_set = true;

    if (kind == DV_JS_MEMBER_EXPRESSION && !refer(run, node->a, env, &r))
        return dv_value_undefined();
    if (node->op == DV_JS_T_ASSIGN) {
        v = dv_eval_named(run, node->b, env,
                          kind == DV_JS_IDENTIFIER
                              ? dv_unit_key(run, run->unit, node->a)
                              : NULL);
    } else {
        v = kind == DV_JS_MEMBER_EXPRESSION
                ? dv_eval_get_value(run, r.object, r.key)
                : dv_eval_expression(run, node->a, env);
        if (run->flow == DV_FLOW_NORMAL)
            v = combine(run, node, id, v, env, &is_set);
    }
    if (run->flow != DV_FLOW_NORMAL || !is_set)
        return v;
    run->node = id;
    if (kind == DV_JS_MEMBER_EXPRESSION)
        dv_eval_set_value(run, r.object, r.key, v);
    else
        assign(run, node->a, env, v);
    run->node = outer;
    return v;
}

static struct dv_value
update(struct dv_eval *run, const struct dv_js_node *node, struct dv_env *env)
{
    const double step = node->op == DV_JS_T_INCREMENT ? 1 : -1;
    const bool is_member = dv_node(run, node->a)->kind
                           == DV_JS_MEMBER_EXPRESSION;
    struct reference r;
    struct dv_value before, after;
    double number;

    if (is_member && !refer(run, node->a, env, &r))
        return dv_value_undefined();
    before = is_member ? dv_eval_get_value(run, r.object, r.key)
                       : dv_eval_expression(run, node->a, env);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (before.tag == DV_V_BIGINT) {
        after = dv_eval_binary(run, DV_JS_T_ADD, before,
                               dv_value_bigint((int64_t)step));
    } else if (dv_eval_number(run, before, &number)) {
        before = dv_value_number(number);
        after = dv_value_number(number + step);
    } else {
        before = after = dv_unknown();
    }
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (is_member)
        dv_eval_set_value(run, r.object, r.key, after);
    else
        assign(run, node->a, env, after);
    return node->flags & DV_JS_PREFIX ? after : before;
}

/* ---- The rest ---- */

static struct dv_value
delete(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_text *key;
    struct reference r;

    if (dv_node(run, id)->kind == DV_JS_CHAIN_EXPRESSION)
        id = dv_node(run, id)->a;
    if (dv_node(run, id)->kind != DV_JS_MEMBER_EXPRESSION) {
        (void)dv_eval_expression(run, id, env);
        return dv_value_boolean(true);
    }
    if (!refer(run, id, env, &r) || dv_is_unknown(r.key)
        || !dv_eval_key(run, r.key, &key))
        return dv_value_boolean(true);
    return dv_value_boolean(dv_eval_delete(run, r.object, key));
}

static struct dv_value
sequence(struct dv_eval *run, uint32_t head, struct dv_env *env)
{
    struct dv_value v = dv_value_undefined();

    for (uint32_t id = head; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next)
        v = dv_eval_expression(run, id, env);
    return v;
}

static struct dv_value
yield(struct dv_eval *run, const struct dv_js_node *node, struct dv_env *env)
{
    struct dv_object *yields = run->frame->yields;
    struct dv_value v = node->a == 0 ? dv_value_undefined()
                                     : dv_eval_expression(run, node->a, env);

    if (run->flow != DV_FLOW_NORMAL || yields == NULL)
        return dv_unknown();
    if (yields->length >= run->limits->eval_yields) {
        run->flow = DV_FLOW_RETURN;     /* the rest is unknown */
        run->value = dv_unknown();
        return run->value;
    }
    if (node->flags & DV_JS_DELEGATE) {
        (void)dv_eval_collect(run, v, yields);
        return dv_unknown();
    }
    if (!dv_eval_has(run, dv_object_push(&run->heap, yields, v) ? yields
                                                                : NULL))
        return v;
    return v.tag == DV_V_OBJECT && v.object->class == DV_C_PROMISE
               ? dv_eval_await(run, v)
               : dv_unknown();
}

static struct dv_value
import(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const uint32_t outer = run->node;
    const struct dv_value v = dv_eval_expression(run, dv_node(run, id)->a,
                                                 env);
    const struct dv_path *path;

    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    run->node = id;
    path = dv_path_of_cstr(run, "import");
    dv_eval_tell(run, DV_EFFECT_CALL, path, NULL, &v, 1);
    run->node = outer;
    return dv_eval_unknown_call(run, path);
}

static struct dv_value
meta(struct dv_eval *run, const struct dv_js_node *node)
{
    if (dv_span_equal_cstr(dv_js_name(run->unit->tree, node->a), "new"))
        return run->frame->new_target;
    return dv_value_unknown(dv_path_of_cstr(run, "import.meta"));
}

static struct dv_value
evaluate(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_js_tree *tree = run->unit->tree;
    const struct dv_value *kept;
    struct dv_value object;

    switch (node->kind) {
    case DV_JS_STRING_LITERAL:
        return dv_unit_string(run, run->unit, id);
    case DV_JS_BOOLEAN_LITERAL:
        return dv_value_boolean(node->op == DV_JS_T_TRUE);
    case DV_JS_NULL_LITERAL:
        return dv_value_null();
    case DV_JS_BIGINT_LITERAL:
        return bigint_literal(run, id);
    case DV_JS_REGEXP_LITERAL:
        return dv_eval_regexp(run,
                              dv_text_of_utf8(&run->heap,
                                              dv_js_regexp_pattern(tree, id)),
                              dv_text_of_utf8(&run->heap,
                                              dv_js_regexp_flags(tree, id)));
    case DV_JS_TEMPLATE_LITERAL:
        return template_literal(run, node->a, env);
    case DV_JS_TAGGED_TEMPLATE_EXPRESSION:
        return tagged_template(run, id, env);
    case DV_JS_THIS_EXPRESSION:
        return run->frame->self.tag == DV_V_EMPTY ? dv_unknown()
                                                  : run->frame->self;
    case DV_JS_ARRAY_EXPRESSION:
        return array_literal(run, node->a, env);
    case DV_JS_OBJECT_EXPRESSION:
        return object_literal(run, node->a, env);
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_ARROW_FUNCTION_EXPRESSION:
        return dv_eval_object(
            run, dv_eval_closure(run, id, env, NULL,
                                 node->kind == DV_JS_FUNCTION_EXPRESSION
                                         && node->a != 0
                                     ? dv_unit_key(run, run->unit, node->a)
                                     : NULL));
    case DV_JS_CLASS_EXPRESSION:
        return dv_eval_class(run, id, env, NULL);
    case DV_JS_UNARY_EXPRESSION:
        kept = constant(run, id, env);
        return kept == NULL ? unary(run, node, env) : *kept;
    case DV_JS_UPDATE_EXPRESSION:
        return update(run, node, env);
    case DV_JS_BINARY_EXPRESSION:
        kept = constant(run, id, env);
        return kept == NULL ? chain(run, id, env) : *kept;
    case DV_JS_LOGICAL_EXPRESSION:
        return chain(run, id, env);
    case DV_JS_ASSIGNMENT_EXPRESSION:
        return assignment(run, id, env);
    case DV_JS_CONDITIONAL_EXPRESSION:
        return conditional(run, id, env);
    case DV_JS_CALL_EXPRESSION:
        return call(run, id, env);
    case DV_JS_NEW_EXPRESSION:
        return construct(run, id, env);
    case DV_JS_MEMBER_EXPRESSION:
        return member(run, id, env, &object);
    case DV_JS_CHAIN_EXPRESSION:
        return whole_chain(run, node->a, env);
    case DV_JS_SEQUENCE_EXPRESSION:
        return sequence(run, node->a, env);
    case DV_JS_YIELD_EXPRESSION:
        return yield(run, node, env);
    case DV_JS_AWAIT_EXPRESSION:
        object = dv_eval_expression(run, node->a, env);
        return run->flow == DV_FLOW_NORMAL ? dv_eval_await(run, object)
                                           : object;
    case DV_JS_IMPORT_EXPRESSION:
        return import(run, id, env);
    case DV_JS_META_PROPERTY:
        return meta(run, node);
    default:
        return dv_unknown();
    }
}

struct dv_value
dv_eval_expression(struct dv_eval *run, uint32_t id, struct dv_env *env)
{
    struct dv_value v;

    if (id == 0 || !dv_eval_step(run, 1))
        return dv_value_undefined();
    if (dv_node(run, id)->kind == DV_JS_IDENTIFIER)
        return dv_env_get(run, env, id);
    if (dv_node(run, id)->kind == DV_JS_NUMERIC_LITERAL)
        return dv_value_number(dv_js_number(run->unit->tree, id));
    if (run->depth >= run->limits->eval_depth)
        return dv_unknown();
    run->depth++;
    v = evaluate(run, id, env);
    run->depth--;
    return v;
}

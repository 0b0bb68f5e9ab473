/* SPDX-License-Identifier: MIT */
/* eval_operator.c - operators on values (ECMA-262, 13.5 to 13.12, 7.2). */

#include <math.h>

#include "eval/eval_run.h"

/* ---- Equality ---- */

bool
dv_value_strictly_equal(struct dv_eval *run, struct dv_value a,
                        struct dv_value b)
{
    if (a.tag != b.tag)
        return false;
    switch (a.tag) {
    case DV_V_BOOLEAN:
        return a.boolean == b.boolean;
    case DV_V_NUMBER:
        return a.number == b.number;
    case DV_V_BIGINT:
        return a.bigint == b.bigint;
    case DV_V_STRING:
        return dv_text_equal(&run->heap, a.text, b.text);
    case DV_V_SYMBOL:
        return a.text == b.text;
    case DV_V_OBJECT:
        return a.object == b.object;
    case DV_V_UNKNOWN:
        return false;
    default:
        return true;
    }
}

bool
dv_value_same(struct dv_eval *run, struct dv_value a, struct dv_value b)
{
    if (a.tag == DV_V_NUMBER && b.tag == DV_V_NUMBER)
        return a.number == b.number || (isnan(a.number) && isnan(b.number));
    return dv_value_strictly_equal(run, a, b);
}

static bool
is_unsure(struct dv_value v)
{
    return v.tag == DV_V_UNKNOWN || v.tag == DV_V_EMPTY;
}

static bool
is_numeric(struct dv_value v)
{
    return v.tag == DV_V_NUMBER || v.tag == DV_V_BIGINT
           || v.tag == DV_V_BOOLEAN;
}

static enum dv_truth
truth(bool is_true)
{
    return is_true ? DV_TRUE : DV_FALSE;
}

/* An unknown is neither null nor undefined as long as it has a path: scripts
 * ask whether there is a browser. */
enum dv_truth
dv_eval_loosely_equal(struct dv_eval *run, struct dv_value a,
                      struct dv_value b)
{
    double x, y;

    if (is_unsure(a) || is_unsure(b))
        return DV_UNSURE;
    if (dv_value_is_nullish(a) || dv_value_is_nullish(b))
        return truth(dv_value_is_nullish(a) && dv_value_is_nullish(b));
    if (a.tag == b.tag)
        return truth(dv_value_strictly_equal(run, a, b));
    if (a.tag == DV_V_OBJECT || b.tag == DV_V_OBJECT) {
        a = dv_eval_primitive(run, a, false);
        b = run->flow == DV_FLOW_NORMAL ? dv_eval_primitive(run, b, false)
                                        : b;
        if (run->flow != DV_FLOW_NORMAL || a.tag == DV_V_OBJECT
            || b.tag == DV_V_OBJECT)
            return DV_UNSURE;
        return dv_eval_loosely_equal(run, a, b);
    }
    if (!is_numeric(a) && !is_numeric(b))
        return DV_FALSE;
    if (!dv_eval_number(run, a, &x) || !dv_eval_number(run, b, &y))
        return DV_UNSURE;
    return truth(x == y);
}

/* ---- Sums ---- */

struct dv_value
dv_eval_add(struct dv_eval *run, struct dv_value a, struct dv_value b)
{
    struct dv_text *x, *y;
    double m, n;

    if (a.tag == DV_V_NUMBER && b.tag == DV_V_NUMBER)
        return dv_value_number(a.number + b.number);
    a = dv_eval_primitive(run, a, false);
    if (run->flow == DV_FLOW_NORMAL)
        b = dv_eval_primitive(run, b, false);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (is_unsure(a) || is_unsure(b))
        return dv_unknown();
    if (a.tag == DV_V_STRING || b.tag == DV_V_STRING) {
        if (!dv_eval_to_text(run, a, &x) || !dv_eval_to_text(run, b, &y))
            return dv_value_undefined();
        return dv_eval_text(run, dv_text_join(&run->heap, x, y));
    }
    if (a.tag == DV_V_BIGINT && b.tag == DV_V_BIGINT)
        return dv_eval_binary(run, DV_JS_T_ADD, a, b);
    if (!dv_eval_number(run, a, &m) || !dv_eval_number(run, b, &n))
        return dv_unknown();
    return dv_value_number(m + n);
}

/* ---- Numbers ---- */

static double
power(double x, double y)
{
    if (isnan(y) || (fabs(x) == 1 && isinf(y)))
        return NAN;
    return pow(x, y);
}

static struct dv_value
on_numbers(unsigned op, double x, double y)
{
    const int32_t i = dv_eval_int32(x), k = dv_eval_int32(y);

    switch (op) {
    case DV_JS_T_ADD:
        return dv_value_number(x + y);
    case DV_JS_T_SUB:
        return dv_value_number(x - y);
    case DV_JS_T_MUL:
        return dv_value_number(x * y);
    case DV_JS_T_DIV:
        return dv_value_number(x / y);
    case DV_JS_T_MOD:
        return dv_value_number(fmod(x, y));
    case DV_JS_T_EXP:
        return dv_value_number(power(x, y));
    case DV_JS_T_BIT_AND:
        return dv_value_number(i & k);
    case DV_JS_T_BIT_OR:
        return dv_value_number(i | k);
    case DV_JS_T_BIT_XOR:
        return dv_value_number(i ^ k);
    case DV_JS_T_SHL:
        return dv_value_number((int32_t)((uint32_t)i << (k & 31)));
    case DV_JS_T_SAR:
        return dv_value_number(i >> (k & 31));
    default:                            /* SHR */
        return dv_value_number((uint32_t)i >> (k & 31));
    }
}

/* In 64 bits; what does not fit is unknown. */
static struct dv_value
on_bigints(struct dv_eval *run, unsigned op, int64_t x, int64_t y)
{
    int64_t z = 0;
    bool is_good = true;

    switch (op) {
    case DV_JS_T_ADD:
        is_good = !__builtin_add_overflow(x, y, &z);
        break;
    case DV_JS_T_SUB:
        is_good = !__builtin_sub_overflow(x, y, &z);
        break;
    case DV_JS_T_MUL:
        is_good = !__builtin_mul_overflow(x, y, &z);
        break;
    case DV_JS_T_DIV:
    case DV_JS_T_MOD:
        if (y == 0)
            return dv_eval_throw_error(run, run->range_error_proto,
                                       "Division by zero");
        is_good = y != -1 || x != INT64_MIN;
        if (is_good)
            z = op == DV_JS_T_DIV ? x / y : x % y;
        break;
    case DV_JS_T_EXP:
        is_good = y >= 0 && y < 64;
        for (z = 1; is_good && y > 0; y--)
            is_good = !__builtin_mul_overflow(z, x, &z);
        break;
    case DV_JS_T_BIT_AND:
        z = x & y;
        break;
    case DV_JS_T_BIT_OR:
        z = x | y;
        break;
    case DV_JS_T_BIT_XOR:
        z = x ^ y;
        break;
    case DV_JS_T_SHL:
        is_good = y >= 0 && y < 63 && x < INT64_MAX >> y && x > INT64_MIN >> y;
        if (is_good)
            z = x * ((int64_t)1 << y);
        break;
    case DV_JS_T_SAR:
        is_good = y >= 0;
        z = is_good ? x >> (y > 63 ? 63 : y) : 0;
        break;
    default:
        is_good = false;
        break;
    }
    return is_good ? dv_value_bigint(z) : dv_unknown();
}

/* ---- Order ---- */

static struct dv_value
compare(struct dv_eval *run, unsigned op, struct dv_value a, struct dv_value b)
{
    double x, y;

    a = dv_eval_primitive(run, a, false);
    if (run->flow == DV_FLOW_NORMAL)
        b = dv_eval_primitive(run, b, false);
    if (run->flow != DV_FLOW_NORMAL || is_unsure(a) || is_unsure(b))
        return dv_unknown();
    if (a.tag == DV_V_STRING && b.tag == DV_V_STRING) {
        struct dv_text *s, *t;

        if (!dv_eval_flat(run, a, &s) || !dv_eval_flat(run, b, &t))
            return dv_unknown();
        x = dv_text_compare(s, t);
        y = 0;
    } else if (!dv_eval_number(run, a, &x) || !dv_eval_number(run, b, &y)) {
        return dv_unknown();
    }
    switch (op) {
    case DV_JS_T_LT:
        return dv_value_boolean(x < y);
    case DV_JS_T_GT:
        return dv_value_boolean(x > y);
    case DV_JS_T_LE:
        return dv_value_boolean(x <= y);
    default:
        return dv_value_boolean(x >= y);
    }
}

/* ---- Objects ---- */

static struct dv_value
instance_of(struct dv_eval *run, struct dv_value v, struct dv_value class)
{
    struct dv_value proto;

    if (dv_is_unknown(v) || dv_is_unknown(class))
        return dv_unknown();
    if (!dv_value_is_callable(class))
        return class.tag == DV_V_OBJECT && class.object->is_open
                   ? dv_unknown()
                   : dv_eval_throw_error(run, run->type_error_proto,
                                         "Right-hand side of 'instanceof' "
                                         "is not callable");
    if (v.tag != DV_V_OBJECT)
        return dv_value_boolean(false);
    if (class.object->class == DV_C_BOUND)
        return instance_of(run, v,
                           ((struct dv_bound *)class.object->data)->target);
    proto = dv_eval_get(run, class, run->key_prototype);
    if (run->flow != DV_FLOW_NORMAL || proto.tag != DV_V_OBJECT)
        return dv_unknown();
    for (const struct dv_object *o = v.object->proto;
         o != NULL && dv_eval_step(run, 1); o = o->proto) {
        if (o == proto.object)
            return dv_value_boolean(true);
    }
    return v.object->class == DV_C_HOST ? dv_unknown()
                                        : dv_value_boolean(false);
}

static struct dv_value
is_in(struct dv_eval *run, struct dv_value key, struct dv_value object)
{
    const struct dv_text *name;
    enum dv_truth has;

    if (dv_is_unknown(key) || dv_is_unknown(object))
        return dv_unknown();
    if (object.tag != DV_V_OBJECT)
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "Cannot use 'in' operator");
    if (!dv_eval_key(run, key, &name))
        return dv_unknown();
    has = dv_eval_has_property(run, object.object, name);
    return has == DV_UNSURE ? dv_unknown() : dv_value_boolean(has == DV_TRUE);
}

static struct dv_value
of_truth(enum dv_truth is_true, bool wanted)
{
    return is_true == DV_UNSURE
               ? dv_unknown()
               : dv_value_boolean((is_true == DV_TRUE) == wanted);
}

/* What something unknown is compared with. */
static void
tell_both(struct dv_eval *run, struct dv_value a, struct dv_value b)
{
    if (dv_is_unknown(a))
        dv_eval_tell_text(run, b);
    else if (dv_is_unknown(b))
        dv_eval_tell_text(run, a);
}

struct dv_value
dv_eval_binary(struct dv_eval *run, unsigned op, struct dv_value a,
               struct dv_value b)
{
    double x, y;

    switch (op) {
    case DV_JS_T_ADD:
        if (a.tag != DV_V_BIGINT || b.tag != DV_V_BIGINT)
            return dv_eval_add(run, a, b);
        break;
    case DV_JS_T_EQ_STRICT:
    case DV_JS_T_NE_STRICT:
        tell_both(run, a, b);
        if (is_unsure(a) || is_unsure(b))
            return dv_unknown();
        return dv_value_boolean(dv_value_strictly_equal(run, a, b)
                                == (op == DV_JS_T_EQ_STRICT));
    case DV_JS_T_EQ:
    case DV_JS_T_NE:
        tell_both(run, a, b);
        return of_truth(dv_eval_loosely_equal(run, a, b), op == DV_JS_T_EQ);
    case DV_JS_T_LT:
    case DV_JS_T_GT:
    case DV_JS_T_LE:
    case DV_JS_T_GE:
        if (a.tag != DV_V_NUMBER || b.tag != DV_V_NUMBER)
            return compare(run, op, a, b);
        return dv_value_boolean(op == DV_JS_T_LT    ? a.number < b.number
                                : op == DV_JS_T_GT  ? a.number > b.number
                                : op == DV_JS_T_LE ? a.number <= b.number
                                                    : a.number >= b.number);
    case DV_JS_T_INSTANCEOF:
        return instance_of(run, a, b);
    case DV_JS_T_IN:
        return is_in(run, a, b);
    default:
        break;
    }
    if (a.tag == DV_V_NUMBER && b.tag == DV_V_NUMBER)
        return on_numbers(op, a.number, b.number);
    a = dv_eval_primitive(run, a, false);
    if (run->flow == DV_FLOW_NORMAL)
        b = dv_eval_primitive(run, b, false);
    if (run->flow != DV_FLOW_NORMAL || is_unsure(a) || is_unsure(b))
        return dv_unknown();
    if (a.tag == DV_V_BIGINT && b.tag == DV_V_BIGINT)
        return on_bigints(run, op, a.bigint, b.bigint);
    if (!dv_eval_number(run, a, &x) || !dv_eval_number(run, b, &y))
        return dv_unknown();
    return on_numbers(op, x, y);
}

struct dv_value
dv_eval_unary(struct dv_eval *run, unsigned op, struct dv_value v)
{
    enum dv_truth is_true;
    const char *type;
    double x;

    switch (op) {
    case DV_JS_T_NOT:
        is_true = dv_eval_truth(run, v);
        return of_truth(is_true, false);
    case DV_JS_T_TYPEOF:
        type = dv_eval_typeof(v);
        return type == NULL
                   ? dv_unknown()
                   : dv_eval_text(run, dv_text_key_of_cstr(&run->heap, type));
    case DV_JS_T_VOID:
        return dv_value_undefined();
    default:
        break;
    }
    v = dv_eval_primitive(run, v, false);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (v.tag == DV_V_BIGINT && op == DV_JS_T_SUB)
        return v.bigint == INT64_MIN ? dv_unknown()
                                     : dv_value_bigint(-v.bigint);
    if (v.tag == DV_V_BIGINT && op == DV_JS_T_BIT_NOT)
        return dv_value_bigint(~v.bigint);
    if (!dv_eval_number(run, v, &x))
        return dv_unknown();
    switch (op) {
    case DV_JS_T_SUB:
        return dv_value_number(-x);
    case DV_JS_T_BIT_NOT:
        return dv_value_number(~dv_eval_int32(x));
    default:
        return dv_value_number(x);
    }
}

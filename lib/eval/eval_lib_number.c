/* SPDX-License-Identifier: MIT */
/* eval_lib_number.c - Number, Boolean, BigInt, Math and the numbers of the
 * global object (ECMA-262, 19.2, 21). */

#include <math.h>
#include <stdio.h>

#include "eval/eval_lib.h"
#include "js/js_number.h"
#include "js/js_value.h"

/* The value behind `this`. */
static struct dv_value
this_value(struct dv_value self)
{
    return self.tag == DV_V_OBJECT && self.object->class == DV_C_WRAPPER
               ? *(struct dv_value *)self.object->data
               : self;
}

static struct dv_value
wrapped(struct dv_eval *run, struct dv_value v)
{
    return dv_is_unknown(v) || run->flow != DV_FLOW_NORMAL
               ? v
               : dv_eval_object(run, dv_eval_to_object(run, v));
}

FN(number_call)
{
    double number = 0;

    UNUSED_SELF;
    if (count > 0 && !dv_eval_number(run, args[0], &number))
        return dv_unknown();
    return dv_value_number(number);
}

FN(number_construct)
{
    return wrapped(run, number_call(run, self, args, count));
}

FN(boolean_call)
{
    const enum dv_truth is_true = dv_eval_truth(run, ARG(0));

    UNUSED_SELF;
    return is_true == DV_UNSURE ? dv_unknown()
                                : dv_value_boolean(is_true == DV_TRUE);
}

FN(boolean_construct)
{
    return wrapped(run, boolean_call(run, self, args, count));
}

FN(bigint_call)
{
    double number;

    UNUSED_SELF;
    if (!dv_eval_number(run, ARG(0), &number)
        || fabs(number) > 9007199254740992.0 || number != floor(number))
        return dv_unknown();
    return dv_value_bigint((int64_t)number);
}

/* Digits in any base; fractions to 52 digits. */
static struct dv_value
in_base(struct dv_eval *run, double number, unsigned base)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char room[1200];
    size_t at = 1100, end = at;
    const bool is_negative = number < 0;
    double whole, fraction;

    number = fabs(number);
    whole = floor(number);
    fraction = number - whole;
    do {
        room[--at] = digits[(unsigned)fmod(whole, base)];
        whole = floor(whole / base);
    } while (whole > 0 && at > 1);
    if (is_negative)
        room[--at] = '-';
    if (fraction > 0) {
        double left = ldexp(1, -53) * (number < 1 ? 1 : number);

        room[end++] = '.';
        while (fraction > left && end < sizeof(room)) {
            fraction *= base;
            left *= base;
            room[end++] = digits[(unsigned)fraction];
            fraction -= floor(fraction);
        }
    }
    return dv_eval_text(run, dv_text_of_latin(&run->heap,
                                              (const uint8_t *)room + at,
                                              end - at));
}

FN(number_to_string)
{
    const struct dv_value v = this_value(self);
    struct dv_text *text;
    double base, number;

    if (dv_is_unknown(v) || !dv_eval_integer(run, ARG(0), 10, &base))
        return dv_unknown();
    if (base < 2 || base > 36)
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "toString() radix must be between 2 and "
                                   "36");
    if (base != 10 && dv_eval_number(run, v, &number) && isfinite(number))
        return in_base(run, number, (unsigned)base);
    return dv_eval_to_text(run, v, &text) ? dv_value_text(text)
                                          : dv_unknown();
}

FN(number_to_fixed)
{
    double number, digits;
    char room[512];

    if (!dv_eval_number(run, this_value(self), &number)
        || !dv_eval_integer(run, ARG(0), 0, &digits))
        return dv_unknown();
    if (digits < 0 || digits > 100 || !(fabs(number) < 1e21))
        return dv_unknown();
    (void)snprintf(room, sizeof(room), "%.*f", (int)digits, number);
    for (char *c = room; *c != '\0'; c++) {
        if (*c == ',')                  /* a locale's point */
            *c = '.';
    }
    return dv_eval_text(run, dv_text_of_cstr(&run->heap, room));
}

FN(number_value_of)
{
    UNUSED_ARGS;
    return this_value(self);
}

static struct dv_value
test_number(struct dv_value v, int what)
{
    if (dv_is_unknown(v))
        return dv_unknown();
    if (v.tag != DV_V_NUMBER)
        return dv_value_boolean(false);
    switch (what) {
    case 'n':
        return dv_value_boolean(isnan(v.number));
    case 'f':
        return dv_value_boolean(isfinite(v.number));
    case 's':
        return dv_value_boolean(isfinite(v.number)
                                && v.number == floor(v.number)
                                && fabs(v.number) <= 9007199254740991.0);
    default:
        return dv_value_boolean(isfinite(v.number)
                                && v.number == floor(v.number));
    }
}

#define TEST(name, WHAT)                   \
    FN(name)                               \
    {                                      \
        UNUSED_SELF;                       \
        (void)run;                         \
        return test_number(ARG(0), WHAT); \
    }
TEST(number_is_nan, 'n')
TEST(number_is_finite, 'f')
TEST(number_is_integer, 'i')
TEST(number_is_safe, 's')
#undef TEST

FN(global_is_nan)
{
    double number;

    UNUSED_SELF;
    return dv_eval_number(run, ARG(0), &number)
               ? dv_value_boolean(isnan(number))
               : dv_unknown();
}

FN(global_is_finite)
{
    double number;

    UNUSED_SELF;
    return dv_eval_number(run, ARG(0), &number)
               ? dv_value_boolean(isfinite(number))
               : dv_unknown();
}

static int
digit_of(unsigned c)
{
    if (c >= '0' && c <= '9')
        return (int)c - '0';
    if (c >= 'a' && c <= 'z')
        return (int)c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return (int)c - 'A' + 10;
    return 99;
}

/* 19.2.5 */
struct dv_value
dv_eval_parse_int(struct dv_eval *run, struct dv_value self,
                  const struct dv_value *args, size_t count)
{
    struct dv_text *text;
    double base, sign = 1, number = 0;
    uint32_t i = 0, start;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)) || !dv_eval_flat(run, ARG(0), &text)
        || !dv_eval_integer(run, ARG(1), 0, &base))
        return dv_unknown();
    while (i < text->length && (dv_text_unit(text, i) <= ' '
                                || dv_text_unit(text, i) == 0xa0))
        i++;
    if (i < text->length
        && (dv_text_unit(text, i) == '-' || dv_text_unit(text, i) == '+'))
        sign = dv_text_unit(text, i++) == '-' ? -1 : 1;
    base = dv_eval_int32(base);
    if ((base == 0 || base == 16) && i + 1 < text->length
        && dv_text_unit(text, i) == '0'
        && (dv_text_unit(text, i + 1) | 0x20) == 'x') {
        i += 2;
        base = 16;
    }
    if (base == 0)
        base = 10;
    if (base < 2 || base > 36)
        return dv_value_number(NAN);
    for (start = i; i < text->length
                    && digit_of(dv_text_unit(text, i)) < base;
         i++)
        number = number * base + digit_of(dv_text_unit(text, i));
    return dv_value_number(i == start ? NAN : sign * number);
}

/* 19.2.4 */
FN(global_parse_float)
{
    struct dv_text *text;
    struct dv_span rest;
    double sign = 1;
    size_t n = 0;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)) || !dv_eval_to_text(run, ARG(0), &text))
        return dv_unknown();
    rest = dv_js_value_trim_start(dv_text_utf8(&run->heap, text));
    if (rest.len > 0 && (rest.at[0] == '-' || rest.at[0] == '+')) {
        sign = rest.at[0] == '-' ? -1 : 1;
        dv_span_skip(&rest, 1);
    }
    if (dv_span_starts_with(rest, DV_SPAN_LIT("Infinity")))
        return dv_value_number(sign * INFINITY);
    if (rest.len > 0 && rest.at[0] == '.')
        n = 1;
    if (n >= rest.len || rest.at[n] < '0' || rest.at[n] > '9')
        return dv_value_number(NAN);
    return dv_value_number(sign * dv_js_number_decimal(rest));
}

static const struct dv_native_row number_rows[] = {
    { "isNaN", number_is_nan, 1 },
    { "isFinite", number_is_finite, 1 },
    { "isInteger", number_is_integer, 1 },
    { "isSafeInteger", number_is_safe, 1 },
    { "parseInt", dv_eval_parse_int, 2 },
    { "parseFloat", global_parse_float, 1 },
};

static const struct dv_native_row methods[] = {
    { "toString", number_to_string, 1 },
    { "toLocaleString", number_to_string, 0 },
    { "toFixed", number_to_fixed, 1 },
    { "valueOf", number_value_of, 0 },
};

static const struct dv_native_row globals[] = {
    { "isNaN", global_is_nan, 1 },
    { "isFinite", global_is_finite, 1 },
    { "parseInt", dv_eval_parse_int, 2 },
    { "parseFloat", global_parse_float, 1 },
};

bool
dv_eval_world_number(struct dv_eval *run)
{
    static const struct {
        const char *name;
        double number;
    } constants[] = {
        { "MAX_SAFE_INTEGER", 9007199254740991.0 },
        { "MIN_SAFE_INTEGER", -9007199254740991.0 },
        { "MAX_VALUE", 1.7976931348623157e308 },
        { "MIN_VALUE", 5e-324 },
        { "EPSILON", 2.220446049250313e-16 },
        { "POSITIVE_INFINITY", INFINITY },
        { "NEGATIVE_INFINITY", -INFINITY },
        { "NaN", NAN },
    };
    struct dv_object *class = dv_eval_add_class(run, "Number", number_call,
                                                number_construct,
                                                run->number_proto);

    if (class == NULL
        || dv_eval_add_class(run, "Boolean", boolean_call, boolean_construct,
                             run->boolean_proto)
               == NULL
        || dv_eval_add_class(run, "BigInt", bigint_call, NULL,
                             run->bigint_proto)
               == NULL)
        return false;
    for (size_t i = 0; i < DV_COUNT_OF(constants); i++) {
        if (!dv_object_put_cstr(&run->heap, class, constants[i].name,
                                dv_value_number(constants[i].number), 0))
            return false;
    }
    return dv_eval_add_natives(run, class, number_rows,
                               DV_COUNT_OF(number_rows))
           && dv_eval_add_natives(run, run->number_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->boolean_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->bigint_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->global, globals,
                                  DV_COUNT_OF(globals));
}

/* ---- Math ---- */

#define ONE(name, expression)                   \
    FN(math_##name)                             \
    {                                           \
        double x;                               \
                                                \
        UNUSED_SELF;                            \
        if (!dv_eval_number(run, ARG(0), &x))   \
            return dv_unknown();                \
        return dv_value_number(expression);     \
    }
ONE(abs, fabs(x))
ONE(floor, floor(x))
ONE(ceil, ceil(x))
ONE(round, floor(x + 0.5))
ONE(trunc, trunc(x))
ONE(sign, isnan(x) ? x : x > 0 ? 1 : x < 0 ? -1 : x)
ONE(sqrt, sqrt(x))
ONE(cbrt, cbrt(x))
ONE(exp, exp(x))
ONE(expm1, expm1(x))
ONE(log, log(x))
ONE(log2, log2(x))
ONE(log10, log10(x))
ONE(log1p, log1p(x))
ONE(sin, sin(x))
ONE(cos, cos(x))
ONE(tan, tan(x))
ONE(asin, asin(x))
ONE(acos, acos(x))
ONE(atan, atan(x))
ONE(sinh, sinh(x))
ONE(cosh, cosh(x))
ONE(tanh, tanh(x))
ONE(fround, (double)(float)x)
ONE(clz32, dv_eval_int32(x) == 0
               ? 32
               : __builtin_clz((unsigned)dv_eval_int32(x)))
#undef ONE

#define TWO(name, expression)                   \
    FN(math_##name)                             \
    {                                           \
        double x, y;                            \
                                                \
        UNUSED_SELF;                            \
        if (!dv_eval_number(run, ARG(0), &x)    \
            || !dv_eval_number(run, ARG(1), &y)) \
            return dv_unknown();                \
        return dv_value_number(expression);     \
    }
TWO(pow, isnan(y) ? y : pow(x, y))
TWO(atan2, atan2(x, y))
TWO(imul, (int32_t)((uint32_t)dv_eval_int32(x) * (uint32_t)dv_eval_int32(y)))
#undef TWO

static struct dv_value
extreme(struct dv_eval *run, const struct dv_value *args, size_t count,
        double worst, bool is_max)
{
    double best = worst, x;

    for (size_t i = 0; i < count; i++) {
        if (!dv_eval_number(run, args[i], &x))
            return dv_unknown();
        if (isnan(x) || (is_max ? x > best : x < best))
            best = x;
    }
    return dv_value_number(best);
}

FN(math_max)
{
    UNUSED_SELF;
    return extreme(run, args, count, -INFINITY, true);
}

FN(math_min)
{
    UNUSED_SELF;
    return extreme(run, args, count, INFINITY, false);
}

FN(math_hypot)
{
    double sum = 0, x;

    UNUSED_SELF;
    for (size_t i = 0; i < count; i++) {
        if (!dv_eval_number(run, args[i], &x))
            return dv_unknown();
        sum += x * x;
    }
    return dv_value_number(sqrt(sum));
}

FN(math_random)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_unknown();
}

static const struct dv_native_row math_rows[] = {
#define MATH(name, length) { #name, math_##name, length },
    MATH(abs, 1) MATH(floor, 1) MATH(ceil, 1) MATH(round, 1) MATH(trunc, 1)
    MATH(sign, 1) MATH(sqrt, 1) MATH(cbrt, 1) MATH(exp, 1) MATH(expm1, 1)
    MATH(log, 1) MATH(log2, 1) MATH(log10, 1) MATH(log1p, 1) MATH(sin, 1)
    MATH(cos, 1) MATH(tan, 1) MATH(asin, 1) MATH(acos, 1) MATH(atan, 1)
    MATH(sinh, 1) MATH(cosh, 1) MATH(tanh, 1) MATH(fround, 1) MATH(clz32, 1)
    MATH(pow, 2) MATH(atan2, 2) MATH(imul, 2) MATH(max, 2) MATH(min, 2)
    MATH(hypot, 2) MATH(random, 0)
#undef MATH
};

bool
dv_eval_world_math(struct dv_eval *run)
{
    static const struct {
        const char *name;
        double number;
    } constants[] = {
        { "PI", 3.141592653589793 },      { "E", 2.718281828459045 },
        { "LN2", 0.6931471805599453 },    { "LN10", 2.302585092994046 },
        { "LOG2E", 1.4426950408889634 },  { "LOG10E", 0.4342944819032518 },
        { "SQRT2", 1.4142135623730951 },  { "SQRT1_2", 0.7071067811865476 },
    };
    struct dv_object *math = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);

    if (math == NULL)
        return false;
    for (size_t i = 0; i < DV_COUNT_OF(constants); i++) {
        if (!dv_object_put_cstr(&run->heap, math, constants[i].name,
                                dv_value_number(constants[i].number), 0))
            return false;
    }
    return dv_eval_add_natives(run, math, math_rows, DV_COUNT_OF(math_rows))
           && dv_object_put_cstr(&run->heap, run->global, "Math",
                                 dv_value_object(math), DV_PROP_HIDDEN);
}

/* SPDX-License-Identifier: MIT */
/* js_builtin_string.c - methods of strings (ECMA-262, 22.1.3). */

#include <math.h>

#include "base/ascii.h"
#include "base/compiler.h"
#include "js/js_builtin.h"

static struct dv_span
self_text(const struct dv_js_call *call)
{
    return dv_js_value_at(call->values, call->self)->text;
}

static double
clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static uint32_t
char_at(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    double i;
    uint32_t unit;

    if (!dv_js_arg_integer(call, 0, 0, &i)
        || !dv_js_value_charge(call->values, text.len / 16))
        return 0;
    dv_js_value_build(call->values);
    if (i >= 0 && i < (double)text.len
        && dv_js_value_unit(text, (size_t)i, &unit))
        dv_js_value_add_unit(call->values, unit);
    return dv_js_value_built(call->values);
}

/* Beyond the ends it is undefined, and negative places count from the end. */
static uint32_t
at_(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    double i;
    uint32_t unit;

    if (!dv_js_arg_integer(call, 0, 0, &i)
        || !dv_js_value_charge(call->values, text.len / 8))
        return 0;
    if (i < 0)
        i += (double)dv_js_value_units(text);
    if (i < 0 || i >= (double)text.len
        || !dv_js_value_unit(text, (size_t)i, &unit))
        return dv_js_value_simple(call->values, DV_JS_UNDEFINED);
    dv_js_value_build(call->values);
    dv_js_value_add_unit(call->values, unit);
    return dv_js_value_built(call->values);
}

static uint32_t
char_code_at(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    double i;
    uint32_t unit;

    if (!dv_js_arg_integer(call, 0, 0, &i)
        || !dv_js_value_charge(call->values, text.len / 16))
        return 0;
    if (i < 0 || i >= (double)text.len
        || !dv_js_value_unit(text, (size_t)i, &unit))
        return dv_js_value_number(call->values, NAN);
    return dv_js_value_number(call->values, unit);
}

static uint32_t
code_point_at(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    uint32_t unit, low;
    double i;

    if (!dv_js_arg_integer(call, 0, 0, &i)
        || !dv_js_value_charge(call->values, text.len / 8))
        return 0;
    if (i < 0 || i >= (double)text.len
        || !dv_js_value_unit(text, (size_t)i, &unit))
        return dv_js_value_simple(call->values, DV_JS_UNDEFINED);
    if (unit >= 0xd800 && unit <= 0xdbff
        && dv_js_value_unit(text, (size_t)i + 1, &low) && low >= 0xdc00
        && low <= 0xdfff)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    return dv_js_value_number(call->values, unit);
}

static uint32_t
part(const struct dv_js_call *call, double from, double to)
{
    struct dv_span text;

    if (!dv_js_value_slice(self_text(call), (size_t)from, (size_t)to, &text))
        return 0;
    return dv_js_value_borrowed(call->values, text);
}

static bool
units(const struct dv_js_call *call, double *count)
{
    const struct dv_span text = self_text(call);

    if (!dv_js_value_charge(call->values, text.len / 16))
        return false;
    *count = (double)dv_js_value_units(text);
    return true;
}

static uint32_t
slice(const struct dv_js_call *call)
{
    double count, from, to;

    if (!units(call, &count) || !dv_js_arg_integer(call, 0, 0, &from)
        || !dv_js_arg_integer(call, 1, count, &to))
        return 0;
    from = from < 0 ? clamp(count + from, 0, count) : clamp(from, 0, count);
    to = to < 0 ? clamp(count + to, 0, count) : clamp(to, 0, count);
    return part(call, from, to);
}

static uint32_t
substring(const struct dv_js_call *call)
{
    double count, from, to;

    if (!units(call, &count) || !dv_js_arg_integer(call, 0, 0, &from)
        || !dv_js_arg_integer(call, 1, count, &to))
        return 0;
    from = clamp(from, 0, count);
    to = clamp(to, 0, count);
    return from < to ? part(call, from, to) : part(call, to, from);
}

static uint32_t
substr(const struct dv_js_call *call)
{
    double count, from, length;

    if (!units(call, &count) || !dv_js_arg_integer(call, 0, 0, &from)
        || !dv_js_arg_integer(call, 1, count, &length))
        return 0;
    from = from < 0 ? clamp(count + from, 0, count) : clamp(from, 0, count);
    return part(call, from, clamp(from + length, from, count));
}

static uint32_t
change_case(const struct dv_js_call *call, uint8_t first, uint8_t last)
{
    const struct dv_span text = self_text(call);

    dv_js_value_build(call->values);
    dv_js_value_add(call->values, text);
    if (call->values->status != DAVY_OK)
        return 0;
    for (size_t i = 0; i < call->values->scratch.len; i++) {
        uint8_t *c = &call->values->scratch.at[i];

        if (*c >= 0x80)
            return 0;                   /* Unicode's tables are not here */
        if (*c >= first && *c <= last)
            *c ^= 0x20;
    }
    return dv_js_value_built(call->values);
}

static uint32_t
to_lower(const struct dv_js_call *call)
{
    return change_case(call, 'A', 'Z');
}

static uint32_t
to_upper(const struct dv_js_call *call)
{
    return change_case(call, 'a', 'z');
}

static uint32_t
trim(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);

    if (!dv_js_value_charge(call->values, text.len / 16))
        return 0;
    return dv_js_value_borrowed(
        call->values, dv_js_value_trim_end(dv_js_value_trim_start(text)));
}

static uint32_t
repeat(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    double times;

    if (!dv_js_arg_integer(call, 0, 0, &times) || times < 0
        || isinf(times))
        return 0;
    dv_js_value_build(call->values);
    for (double i = 0; i < times && text.len > 0
         && call->values->status == DAVY_OK; i++)
        dv_js_value_add(call->values, text);
    return dv_js_value_built(call->values);
}

static uint32_t
concat(const struct dv_js_call *call)
{
    dv_js_value_build(call->values);
    dv_js_value_add(call->values, self_text(call));
    for (size_t i = 0; i < call->count; i++) {
        if (!dv_js_value_add_string(call->values, call->args[i]))
            return 0;
    }
    return dv_js_value_built(call->values);
}

static uint32_t
to_string(const struct dv_js_call *call)
{
    return call->self;
}

/* ---- Splitting and replacing ---- */

/* A regular expression that is nothing but text, or one class of characters:
 * all that decoders of the simple kind use. */
struct simple {
    struct dv_span text;                /* of plain characters */
    bool is_regexp;
    bool is_class;                      /* any one of them */
    bool is_negated;
    bool is_global;
    bool repeats;                       /* a `+` behind it */
};

static bool
has_only(struct dv_span text, const char *refused)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == 0 || strchr(refused, text.at[i]) != NULL)
            return false;
    }
    return true;
}

/* Whether bytes are code units: what is found by bytes is found by units. */
static bool
is_ascii(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 0x80)
            return false;
    }
    return true;
}

/* Whether half of a pair stands at an end: in a text with whole pairs it would
 * have to be found in the middle of one. */
static bool
has_loose_half(struct dv_span text)
{
    return (text.len >= 3 && text.at[0] == 0xed && text.at[1] >= 0xb0)
           || (text.len >= 3 && text.at[text.len - 3] == 0xed
               && text.at[text.len - 2] >= 0xa0
               && text.at[text.len - 2] <= 0xaf);
}

static bool
simplify(const struct dv_js_call *call, struct simple *simple)
{
    const struct dv_js_value *pattern = dv_js_value_at(call->values,
                                                       call->args[0]);
    struct dv_span text = pattern->text;

    *simple = (struct simple){ .text = text };
    if (!dv_js_value_charge(call->values, text.len / 16))
        return false;
    if (pattern->type == DV_JS_STRING)
        return !has_loose_half(text);
    if (pattern->type != DV_JS_REGEXP || !has_only(pattern->flags, "iuvys")
        || !is_ascii(text))
        return false;
    simple->is_regexp = true;
    simple->is_global = dv_span_find_byte(pattern->flags, 'g')
                        < pattern->flags.len;
    if (text.len > 1 && text.at[text.len - 1] == '+'
        && !(text.len == 2 && text.at[0] == '\\')) {
        simple->repeats = true;
        text.len--;
    }
    if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']') {
        simple->is_class = true;
        text = dv_span_slice(text, 1, text.len - 2);
        if (text.at[0] == '^') {
            simple->is_negated = true;
            dv_span_skip(&text, 1);
        }
        simple->text = text;
        return text.len > 0 && has_only(text, "\\[]-")
               && (!simple->is_negated
                   || is_ascii(self_text(call)));
    }
    if (text.len == 2 && text.at[0] == '\\'
        && strchr("|.$^*+?()[]{}/\\-_", text.at[1]) != NULL)
        dv_span_skip(&text, 1);
    else if (!has_only(text, "\\^$.*+?()[]{}|"))
        return false;
    simple->text = text;
    return text.len > 0 && (!simple->repeats || text.len == 1);
}

static bool
in_class(const struct simple *simple, uint8_t c)
{
    return (dv_span_find_byte(simple->text, c) < simple->text.len)
           != simple->is_negated;
}

/* Find the pattern from `at` on; gives its length. */
static size_t
find(const struct simple *simple, struct dv_span text, size_t at,
     size_t *length)
{
    const struct dv_span rest = dv_span_slice(text, at, text.len);
    size_t found = 0;

    *length = simple->text.len;
    if (!simple->is_class) {
        found = dv_span_find(rest, simple->text);
    } else {
        while (found < rest.len && !in_class(simple, rest.at[found]))
            found++;
        *length = 1;
    }
    if (found == rest.len && *length != 0)
        return text.len + 1;            /* nowhere */
    while (simple->repeats && found + *length < rest.len
           && (simple->is_class
                   ? in_class(simple, rest.at[found + *length])
                   : rest.at[found + *length] == simple->text.at[0]))
        *length += 1;
    return at + found;
}

static uint32_t
replace_with(const struct dv_js_call *call, bool is_all)
{
    struct dv_js_values *v = call->values;
    const struct dv_span text = self_text(call);
    struct dv_span replacement;
    struct simple simple;
    size_t at = 0;

    if (call->count < 2 || !dv_js_arg_text(call, 1, &replacement)
        || dv_js_value_at(v, call->args[1])->type != DV_JS_STRING
        || !dv_js_value_charge(v, (replacement.len + text.len) / 16)
        || !has_only(replacement, "$") || !simplify(call, &simple)
        || simple.text.len == 0
        || (is_all && simple.is_regexp && !simple.is_global))
        return 0;
    dv_js_value_build(v);
    for (;;) {
        size_t length;
        const size_t found = find(&simple, text, at, &length);

        if (found > text.len || v->status != DAVY_OK)
            break;
        dv_js_value_add(v, dv_span_slice(text, at, found - at));
        dv_js_value_add(v, replacement);
        at = found + length;
        if (!is_all && !simple.is_global)
            break;
    }
    dv_js_value_add(v, dv_span_slice(text, at, text.len));
    return dv_js_value_built(v);
}

static uint32_t
replace(const struct dv_js_call *call)
{
    return replace_with(call, false);
}

static uint32_t
replace_all(const struct dv_js_call *call)
{
    return replace_with(call, true);
}

static uint32_t
split_units(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_span text = self_text(call);
    const uint32_t first = (uint32_t)v->items.len;

    for (size_t at = 0; at < text.len && v->status == DAVY_OK;) {
        size_t n = 1;

        while (at + n < text.len && (text.at[at + n] & 0xc0) == 0x80)
            n++;
        if (n == 4)
            return 0;                   /* a pair would have to be split */
        dv_js_value_push(v, dv_js_value_borrowed(
                                v, dv_span_slice(text, at, n)));
        at += n;
    }
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

static uint32_t
split(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_span text = self_text(call);
    struct simple simple;
    uint32_t first;
    size_t at = 0;

    if (call->count != 1 || !dv_js_value_charge(v, text.len / 16)
        || !simplify(call, &simple))
        return 0;
    if (simple.text.len == 0)
        return split_units(call);
    first = (uint32_t)v->items.len;
    for (;;) {
        size_t length = 0;
        const size_t found = find(&simple, text, at, &length);

        if (found > text.len || v->status != DAVY_OK)
            break;
        dv_js_value_push(v, dv_js_value_borrowed(
                                v, dv_span_slice(text, at, found - at)));
        at = found + length;
    }
    dv_js_value_push(v, dv_js_value_borrowed(
                            v, dv_span_slice(text, at, text.len)));
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

static uint32_t
index_of(const struct dv_js_call *call)
{
    const struct dv_span text = self_text(call);
    struct dv_span wanted;
    size_t at;

    if (call->count != 1 || !dv_js_arg_text(call, 0, &wanted)
        || !dv_js_value_charge(call->values, text.len / 16)
        || has_loose_half(wanted))
        return 0;
    at = dv_span_find(text, wanted);
    if (at == text.len && wanted.len != 0)
        return dv_js_value_number(call->values, -1);
    return dv_js_value_number(
        call->values,
        (double)dv_js_value_units(dv_span_slice(text, 0, at)));
}

uint32_t
dv_js_builtin_string(const struct dv_js_call *call, struct dv_span name)
{
    static const struct dv_js_builtin_row rows[] = {
        { "at", at_ },
        { "charAt", char_at },
        { "charCodeAt", char_code_at },
        { "codePointAt", code_point_at },
        { "concat", concat },
        { "indexOf", index_of },
        { "repeat", repeat },
        { "replace", replace },
        { "replaceAll", replace_all },
        { "slice", slice },
        { "split", split },
        { "substr", substr },
        { "substring", substring },
        { "toLocaleLowerCase", to_lower },
        { "toLocaleUpperCase", to_upper },
        { "toLowerCase", to_lower },
        { "toString", to_string },
        { "toUpperCase", to_upper },
        { "trim", trim },
        { "valueOf", to_string },
    };

    return dv_js_builtin_find(rows, DV_COUNT_OF(rows), call, name);
}

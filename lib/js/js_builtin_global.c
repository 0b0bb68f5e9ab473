/* SPDX-License-Identifier: MIT */
/* js_builtin_global.c - global functions, constructors called as functions and
 * numbers (ECMA-262, 19.2, 21.1, 22.1.2, B.2.1; HTML 8.3 for atob). */

#include <math.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/compiler.h"
#include "decode/decode_base64.h"
#include "decode/decode_percent.h"
#include "js/js_builtin.h"
#include "js/js_number.h"

/* JavaScript takes 36; nothing beyond is asked for. */
#define MAX_RADIX 36

/* Whole numbers from here on may not be what their digits say: 2^53. */
#define MAX_EXACT 9007199254740992.0

uint32_t
dv_js_builtin_find(const struct dv_js_builtin_row *rows, size_t count,
                   const struct dv_js_call *call, struct dv_span name)
{
    for (size_t i = 0; i < count && call->values->status == DAVY_OK; i++) {
        if (dv_span_equal_cstr(name, rows[i].name))
            return rows[i].function(call);
    }
    return 0;
}

bool
dv_js_arg_text(const struct dv_js_call *call, size_t i, struct dv_span *text)
{
    return i < call->count
           && dv_js_value_text(call->values, call->args[i], text);
}

bool
dv_js_arg_integer(const struct dv_js_call *call, size_t i, double preset,
                  double *number)
{
    *number = preset;
    if (i >= call->count
        || dv_js_value_at(call->values, call->args[i])->type
               == DV_JS_UNDEFINED)
        return true;
    if (!dv_js_value_to_number(call->values, call->args[i], number))
        return false;
    *number = isnan(*number) ? 0 : trunc(*number);
    return true;
}

/* ---- Coded texts ---- */

/* Decode the first argument into scratch; the result as a value. */
static uint32_t
recode(const struct dv_js_call *call,
       davy_status (*function)(struct dv_span, struct dv_buf *))
{
    struct dv_js_values *v = call->values;
    struct dv_span text;
    davy_status st;

    if (!dv_js_arg_text(call, 0, &text)
        || !dv_js_value_charge(v, text.len / 4)
        || text.len > (v->max_bytes - v->bytes) / 6)
        return 0;
    dv_js_value_build(v);
    st = function(text, &v->scratch);
    if (st == DAVY_NO_MEMORY)
        v->status = st;
    return st == DAVY_OK ? dv_js_value_built(v) : 0;
}

/* The bytes of atob are code points 0 to 255. */
static uint32_t
atob_(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const uint32_t raw = recode(call, dv_decode_atob);
    struct dv_span bytes;

    if (raw == 0)
        return 0;
    bytes = dv_js_value_at(v, raw)->text;
    dv_js_value_build(v);
    for (size_t i = 0; i < bytes.len && v->status == DAVY_OK;) {
        size_t n = 0;

        while (i + n < bytes.len && bytes.at[i + n] < 0x80)
            n++;
        dv_js_value_add(v, dv_span_slice(bytes, i, n));
        i += n;
        if (i < bytes.len)
            dv_js_value_add_unit(v, bytes.at[i++]);
    }
    return dv_js_value_built(v);
}

static uint32_t
btoa_(const struct dv_js_call *call)
{
    struct dv_span text;

    if (!dv_js_arg_text(call, 0, &text)
        || !dv_js_value_charge(call->values, text.len / 16))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 0x80)
            return 0;
    }
    return recode(call, dv_encode_base64);
}

static uint32_t
unescape_(const struct dv_js_call *call)
{
    return recode(call, dv_decode_unescape);
}

static uint32_t
escape_(const struct dv_js_call *call)
{
    return recode(call, dv_encode_escape);
}

static uint32_t
decode_component(const struct dv_js_call *call)
{
    return recode(call, dv_decode_uri_component);
}

static uint32_t
decode_uri(const struct dv_js_call *call)
{
    return recode(call, dv_decode_uri);
}

static uint32_t
encode_component(const struct dv_js_call *call)
{
    return recode(call, dv_encode_uri_component);
}

static uint32_t
encode_uri(const struct dv_js_call *call)
{
    return recode(call, dv_encode_uri);
}

/* ---- Characters ---- */

static bool
add_code(struct dv_js_values *v, uint32_t i, bool is_unit)
{
    double number;

    if (!dv_js_value_to_number(v, i, &number))
        return false;
    if (is_unit)
        dv_js_value_add_unit(v, (uint32_t)dv_js_value_int32(number) & 0xffff);
    else if (number >= 0 && number <= 0x10ffff && number == floor(number))
        dv_js_value_add_unit(v, (uint32_t)number);
    else
        return false;
    return v->status == DAVY_OK;
}

static uint32_t
from_codes(const struct dv_js_call *call, bool are_units)
{
    struct dv_js_values *v = call->values;

    dv_js_value_build(v);
    for (size_t i = 0; i < call->count; i++) {
        if (!add_code(v, call->args[i], are_units))
            return 0;
    }
    return dv_js_value_built(v);
}

static uint32_t
from_char_code(const struct dv_js_call *call)
{
    return from_codes(call, true);
}

static uint32_t
from_code_point(const struct dv_js_call *call)
{
    return from_codes(call, false);
}

/* String.fromCharCode.apply(null, [..]) */
static uint32_t
apply_char_code(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    struct dv_js_value list;

    if (call->count < 2)
        return 0;
    list = *dv_js_value_at(v, call->args[1]);
    if (list.type != DV_JS_ARRAY)
        return 0;
    dv_js_value_build(v);
    for (size_t i = 0; i < list.count; i++) {
        if (!add_code(v, dv_js_value_item(v, &list, i), true))
            return 0;
    }
    return dv_js_value_built(v);
}

/* ---- Conversions ---- */

static uint32_t
string_(const struct dv_js_call *call)
{
    struct dv_span text;

    if (call->count == 0)
        return dv_js_value_borrowed(call->values, DV_SPAN_LIT(""));
    if (!dv_js_arg_text(call, 0, &text))
        return 0;
    return dv_js_value_borrowed(call->values, text);
}

static uint32_t
number_(const struct dv_js_call *call)
{
    double number;

    if (call->count == 0)
        return dv_js_value_number(call->values, 0);
    if (!dv_js_value_to_number(call->values, call->args[0], &number))
        return 0;
    return dv_js_value_number(call->values, number);
}

static unsigned
digit_of(uint8_t c)
{
    if (dv_ascii_is_digit(c))
        return (unsigned)(c - '0');
    return dv_ascii_is_alpha(c) ? (unsigned)((c | 0x20) - 'a') + 10 : 99;
}

static uint32_t
parse_int(const struct dv_js_call *call)
{
    struct dv_span text;
    double radix, value = 0;
    bool is_negative;
    size_t n = 0;

    if (!dv_js_arg_text(call, 0, &text)
        || !dv_js_value_charge(call->values, text.len / 16)
        || !dv_js_arg_integer(call, 1, 0, &radix))
        return 0;
    radix = dv_js_value_int32(radix);
    text = dv_js_value_trim_start(text);
    is_negative = text.len > 0 && text.at[0] == '-';
    if (text.len > 0 && (is_negative || text.at[0] == '+'))
        dv_span_skip(&text, 1);
    if ((radix == 0 || radix == 16)
        && dv_span_starts_with_nocase(text, DV_SPAN_LIT("0x"))) {
        dv_span_skip(&text, 2);
        radix = 16;
    }
    if (radix == 0)
        radix = 10;
    for (; n < text.len && digit_of(text.at[n]) < radix; n++)
        value = value * radix + digit_of(text.at[n]);
    if (n == 0 || radix < 2 || radix > MAX_RADIX)
        value = NAN;
    else if (value >= MAX_EXACT && radix == 10)
        value = dv_js_number_decimal(dv_span_slice(text, 0, n));
    else if (value >= MAX_EXACT)
        return 0;
    return dv_js_value_number(call->values, is_negative ? -value : value);
}

static uint32_t
number_to_string(const struct dv_js_call *call)
{
    const double number = dv_js_value_at(call->values, call->self)->number;
    char text[64];
    size_t at = sizeof(text);
    double radix, rest = fabs(number);

    if (!dv_js_arg_integer(call, 0, 10, &radix) || radix < 2
        || radix > MAX_RADIX)
        return 0;
    dv_js_value_build(call->values);
    if (radix == 10) {
        (void)dv_js_value_add_string(call->values, call->self);
        return dv_js_value_built(call->values);
    }
    if (rest >= MAX_EXACT || rest != floor(rest))
        return 0;
    do {
        text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[
            (size_t)fmod(rest, radix)];
        rest = floor(rest / radix);
    } while (rest > 0);
    if (number < 0)
        text[--at] = '-';
    dv_js_value_add(call->values, dv_span_of(text + at, sizeof(text) - at));
    return dv_js_value_built(call->values);
}

uint32_t
dv_js_builtin_global(const struct dv_js_call *call, struct dv_span path)
{
    static const struct dv_js_builtin_row rows[] = {
        { "Number", number_ },
        { "Number.parseInt", parse_int },
        { "String", string_ },
        { "String.fromCharCode", from_char_code },
        { "String.fromCharCode.apply", apply_char_code },
        { "String.fromCodePoint", from_code_point },
        { "atob", atob_ },
        { "btoa", btoa_ },
        { "decodeURI", decode_uri },
        { "decodeURIComponent", decode_component },
        { "encodeURI", encode_uri },
        { "encodeURIComponent", encode_component },
        { "escape", escape_ },
        { "parseInt", parse_int },
        { "unescape", unescape_ },
    };

    return dv_js_builtin_find(rows, DV_COUNT_OF(rows), call, path);
}

uint32_t
dv_js_builtin_method(const struct dv_js_call *call, struct dv_span name)
{
    switch (dv_js_value_at(call->values, call->self)->type) {
    case DV_JS_STRING:
        return dv_js_builtin_string(call, name);
    case DV_JS_ARRAY:
        return dv_js_builtin_array(call, name);
    case DV_JS_NUMBER:
        return dv_span_equal_cstr(name, "toString") ? number_to_string(call)
                                                    : 0;
    default:
        return 0;
    }
}

/* An index as properties are written: digits without leading zeros. */
static bool
index_of_name(struct dv_span name, size_t *index)
{
    if (name.len == 0 || name.len > 9 || (name.at[0] == '0' && name.len > 1))
        return false;
    *index = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (!dv_ascii_is_digit(name.at[i]))
            return false;
        *index = *index * 10 + (size_t)(name.at[i] - '0');
    }
    return true;
}

uint32_t
dv_js_builtin_property(struct dv_js_values *v, uint32_t self,
                       struct dv_span name)
{
    const struct dv_js_value value = *dv_js_value_at(v, self);
    size_t i;
    uint32_t unit;

    if (value.type == DV_JS_OBJECT)
        return dv_js_value_charge(v, value.count / 8 + name.len / 16)
                   ? dv_js_value_property(v, &value, name)
                   : 0;
    if (value.type == DV_JS_ARRAY) {
        if (index_of_name(name, &i))
            return dv_js_value_item(v, &value, i);
        return dv_span_equal_cstr(name, "length")
                   ? dv_js_value_number(v, value.count)
                   : 0;
    }
    if (value.type != DV_JS_STRING
        || !dv_js_value_charge(v, value.text.len / 16))
        return 0;
    if (dv_span_equal_cstr(name, "length"))
        return dv_js_value_number(v, (double)dv_js_value_units(value.text));
    if (!index_of_name(name, &i) || !dv_js_value_unit(value.text, i, &unit))
        return 0;
    dv_js_value_build(v);
    dv_js_value_add_unit(v, unit);
    return dv_js_value_built(v);
}

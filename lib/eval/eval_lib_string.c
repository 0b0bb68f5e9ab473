/* SPDX-License-Identifier: MIT */
/* eval_lib_string.c - String (ECMA-262, 22.1); what takes regular expressions
 * is in eval_lib_regexp.c. */

#include <math.h>

#include "eval/eval_lib.h"

/* `this` as a flat text. */
static bool
this_text(struct dv_eval *run, struct dv_value self, struct dv_text **text)
{
    return !dv_is_unknown(self) && dv_eval_flat(run, self, text);
}

static bool
clamp(struct dv_eval *run, struct dv_value v, double otherwise, size_t length,
      bool is_relative, size_t *at)
{
    double number;

    if (!dv_eval_integer(run, v, otherwise, &number))
        return false;
    if (is_relative && number < 0)
        number += (double)length;
    *at = number < 0 ? 0
          : number > (double)length ? length
                                    : (size_t)number;
    return true;
}

static struct dv_value
part(struct dv_eval *run, struct dv_text *text, size_t from, size_t to)
{
    return dv_eval_text(run, dv_text_part(&run->heap, text, from, to));
}

FN(string_call)
{
    struct dv_text *text = run->heap.empty;

    UNUSED_SELF;
    if (count > 0 && args[0].tag == DV_V_SYMBOL)
        return dv_eval_text(run, dv_text_of_cstr(&run->heap, "Symbol()"));
    if (count > 0 && !dv_eval_to_text(run, args[0], &text))
        return dv_unknown();
    return dv_value_text(text);
}

FN(string_construct)
{
    const struct dv_value v = string_call(run, self, args, count);

    return run->flow != DV_FLOW_NORMAL || dv_is_unknown(v)
               ? v
               : dv_eval_object(run, dv_eval_to_object(run, v));
}

FN(string_from_char_code)
{
    uint16_t *units = dv_heap_alloc(&run->heap, (count + 1) * sizeof(*units));

    UNUSED_SELF;
    if (!dv_eval_has(run, units) || !dv_eval_step(run, count / 4))
        return dv_value_undefined();
    for (size_t i = 0; i < count; i++) {
        double number;

        if (!dv_eval_number(run, args[i], &number))
            return dv_unknown();
        units[i] = (uint16_t)dv_eval_int32(number);
    }
    return dv_eval_text(run, dv_text_of_units(&run->heap, units, count));
}

FN(string_from_code_point)
{
    uint16_t *units = dv_heap_alloc(&run->heap,
                                    (2 * count + 1) * sizeof(*units));
    size_t n = 0;

    UNUSED_SELF;
    if (!dv_eval_has(run, units))
        return dv_value_undefined();
    for (size_t i = 0; i < count; i++) {
        double number;
        uint32_t point;

        if (!dv_eval_number(run, args[i], &number))
            return dv_unknown();
        if (!(number >= 0) || number > 0x10ffff)
            return dv_eval_throw_error(run, run->range_error_proto,
                                       "Invalid code point");
        point = (uint32_t)number;
        if (point > 0xffff) {
            units[n++] = (uint16_t)(0xd800 + ((point - 0x10000) >> 10));
            units[n++] = (uint16_t)(0xdc00 + ((point - 0x10000) & 0x3ff));
        } else {
            units[n++] = (uint16_t)point;
        }
    }
    return dv_eval_text(run, dv_text_of_units(&run->heap, units, n));
}

FN(string_char_at)
{
    struct dv_text *text;
    double i;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &i))
        return dv_unknown();
    if (i < 0 || i >= text->length)
        return dv_value_text(run->heap.empty);
    return part(run, text, (size_t)i, (size_t)i + 1);
}

FN(string_at)
{
    struct dv_text *text;
    double i;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &i))
        return dv_unknown();
    if (i < 0)
        i += text->length;
    if (i < 0 || i >= text->length)
        return dv_value_undefined();
    return part(run, text, (size_t)i, (size_t)i + 1);
}

FN(string_char_code_at)
{
    struct dv_text *text;
    double i;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &i))
        return dv_unknown();
    return dv_value_number(i < 0 || i >= text->length
                               ? NAN
                               : (double)dv_text_unit(text, (size_t)i));
}

FN(string_code_point_at)
{
    struct dv_text *text;
    double number;
    unsigned high, low;
    size_t i;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &number))
        return dv_unknown();
    if (number < 0 || number >= text->length)
        return dv_value_undefined();
    i = (size_t)number;
    high = dv_text_unit(text, i);
    low = i + 1 < text->length ? dv_text_unit(text, i + 1) : 0;
    if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000)
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    return dv_value_number(high);
}

static struct dv_value
search(struct dv_eval *run, struct dv_value self, const struct dv_value *args,
       size_t count, bool is_last, bool is_includes)
{
    struct dv_text *text, *wanted;
    size_t from, at;

    if (!this_text(run, self, &text) || !dv_eval_flat(run, ARG(0), &wanted)
        || !clamp(run, ARG(1), is_last ? INFINITY : 0, text->length, false,
                  &from))
        return dv_unknown();
    at = is_last ? dv_text_find_last(&run->heap, text, wanted, from)
                 : dv_text_find(&run->heap, text, wanted, from);
    if (!dv_eval_step(run, 0))
        return dv_value_undefined();
    if (is_includes)
        return dv_value_boolean(at != SIZE_MAX);
    return dv_value_number(at == SIZE_MAX ? -1 : (double)at);
}

FN(string_index_of)
{
    return search(run, self, args, count, false, false);
}

FN(string_last_index_of)
{
    return search(run, self, args, count, true, false);
}

FN(string_includes)
{
    return search(run, self, args, count, false, true);
}

static struct dv_value
touches(struct dv_eval *run, struct dv_value self,
        const struct dv_value *args, size_t count, bool at_end)
{
    struct dv_text *text, *wanted;
    size_t at;

    if (!this_text(run, self, &text) || !dv_eval_flat(run, ARG(0), &wanted)
        || !clamp(run, ARG(1), at_end ? INFINITY : 0, text->length, false,
                  &at))
        return dv_unknown();
    if (at_end)
        at = at < wanted->length ? SIZE_MAX : at - wanted->length;
    for (uint32_t i = 0; i < wanted->length; i++) {
        if (at >= text->length || at + i >= text->length
            || dv_text_unit(text, at + i) != dv_text_unit(wanted, i))
            return dv_value_boolean(false);
    }
    return dv_value_boolean(at != SIZE_MAX);
}

FN(string_starts_with)
{
    return touches(run, self, args, count, false);
}

FN(string_ends_with)
{
    return touches(run, self, args, count, true);
}

FN(string_slice)
{
    struct dv_text *text;
    size_t from, to;

    if (!this_text(run, self, &text)
        || !clamp(run, ARG(0), 0, text->length, true, &from)
        || !clamp(run, ARG(1), INFINITY, text->length, true, &to))
        return dv_unknown();
    return part(run, text, from, to);
}

FN(string_substring)
{
    struct dv_text *text;
    size_t from, to;

    if (!this_text(run, self, &text)
        || !clamp(run, ARG(0), 0, text->length, false, &from)
        || !clamp(run, ARG(1), INFINITY, text->length, false, &to))
        return dv_unknown();
    return part(run, text, from < to ? from : to, from < to ? to : from);
}

FN(string_substr)
{
    struct dv_text *text;
    size_t from;
    double length;

    if (!this_text(run, self, &text)
        || !clamp(run, ARG(0), 0, text->length, true, &from)
        || !dv_eval_integer(run, ARG(1), INFINITY, &length))
        return dv_unknown();
    if (length > (double)(text->length - from))
        length = (double)(text->length - from);
    return part(run, text, from, from + (length > 0 ? (size_t)length : 0));
}

/* ASCII and Latin-1 letters; others stay as they are. */
static unsigned
change_case(unsigned c, bool is_upper)
{
    if (is_upper && ((c >= 'a' && c <= 'z')
                     || (c >= 0xe0 && c <= 0xfe && c != 0xf7)))
        return c - 32;
    if (!is_upper && ((c >= 'A' && c <= 'Z')
                      || (c >= 0xc0 && c <= 0xde && c != 0xd7)))
        return c + 32;
    return c;
}

static struct dv_value
cased(struct dv_eval *run, struct dv_value self, bool is_upper)
{
    struct dv_text *text;
    uint16_t *units;

    if (!this_text(run, self, &text) || !dv_eval_step(run, text->length / 16))
        return dv_unknown();
    units = dv_heap_alloc(&run->heap, (text->length + 1) * sizeof(*units));
    if (!dv_eval_has(run, units))
        return dv_value_undefined();
    for (uint32_t i = 0; i < text->length; i++)
        units[i] = (uint16_t)change_case(dv_text_unit(text, i), is_upper);
    return dv_eval_text(run, dv_text_of_units(&run->heap, units,
                                              text->length));
}

FN(string_upper)
{
    UNUSED_ARGS;
    return cased(run, self, true);
}

FN(string_lower)
{
    UNUSED_ARGS;
    return cased(run, self, false);
}

static bool
is_space(unsigned c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0xfeff
           || c == 0x2028 || c == 0x2029 || c == 0x3000
           || (c >= 0x2000 && c <= 0x200a);
}

static struct dv_value
trimmed(struct dv_eval *run, struct dv_value self, bool at_start, bool at_end)
{
    struct dv_text *text;
    size_t from = 0, to;

    if (!this_text(run, self, &text) || !dv_eval_step(run, text->length / 64))
        return dv_unknown();
    to = text->length;
    while (at_start && from < to && is_space(dv_text_unit(text, from)))
        from++;
    while (at_end && to > from && is_space(dv_text_unit(text, to - 1)))
        to--;
    return part(run, text, from, to);
}

FN(string_trim)
{
    UNUSED_ARGS;
    return trimmed(run, self, true, true);
}

FN(string_trim_start)
{
    UNUSED_ARGS;
    return trimmed(run, self, true, false);
}

FN(string_trim_end)
{
    UNUSED_ARGS;
    return trimmed(run, self, false, true);
}

/* `text` as often as it says. */
static struct dv_text *
repeated(struct dv_eval *run, struct dv_text *text, double times)
{
    struct dv_text *all = run->heap.empty;

    while (times >= 1 && all != NULL && text != NULL) {
        if (fmod(floor(times), 2) == 1)
            all = dv_text_join(&run->heap, all, text);
        times = floor(times / 2);
        if (times >= 1)
            text = dv_text_join(&run->heap, text, text);
    }
    return text == NULL ? NULL : all;
}

FN(string_repeat)
{
    struct dv_text *text;
    double times;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &times))
        return dv_unknown();
    if (times < 0 || isinf(times))
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "Invalid count value");
    return text->length == 0 ? dv_value_text(text)
                             : dv_eval_text(run, repeated(run, text, times));
}

static struct dv_value
padded(struct dv_eval *run, struct dv_value self, const struct dv_value *args,
       size_t count, bool at_end)
{
    struct dv_text *text, *fill = run->heap.latin[' '];
    double length;

    if (!this_text(run, self, &text)
        || !dv_eval_integer(run, ARG(0), 0, &length)
        || (ARG(1).tag != DV_V_UNDEFINED
            && !dv_eval_flat(run, ARG(1), &fill)))
        return dv_unknown();
    if (length <= text->length || fill->length == 0)
        return dv_value_text(text);
    length -= text->length;
    fill = repeated(run, fill, floor(length / fill->length) + 1);
    if (!dv_eval_has(run, fill)
        || !dv_eval_has(run, dv_text_flat(&run->heap, fill) ? fill : NULL))
        return dv_value_undefined();
    fill = dv_text_part(&run->heap, fill, 0, (size_t)length);
    if (!dv_eval_has(run, fill))
        return dv_value_undefined();
    return dv_eval_text(run, at_end ? dv_text_join(&run->heap, text, fill)
                                    : dv_text_join(&run->heap, fill, text));
}

FN(string_pad_start)
{
    return padded(run, self, args, count, false);
}

FN(string_pad_end)
{
    return padded(run, self, args, count, true);
}

FN(string_concat)
{
    struct dv_text *text, *word;

    if (dv_is_unknown(self) || !dv_eval_to_text(run, self, &text))
        return dv_unknown();
    for (size_t i = 0; i < count; i++) {
        if (!dv_eval_to_text(run, args[i], &word))
            return dv_unknown();
        text = dv_text_join(&run->heap, text, word);
        if (!dv_eval_has(run, text))
            return dv_value_undefined();
    }
    return dv_value_text(text);
}

FN(string_value)
{
    UNUSED_ARGS;
    if (self.tag == DV_V_OBJECT && self.object->class == DV_C_WRAPPER)
        return *(struct dv_value *)self.object->data;
    (void)run;
    return self.tag == DV_V_STRING ? self : dv_unknown();
}

FN(string_locale_compare)
{
    struct dv_text *a, *b;

    if (!this_text(run, self, &a) || !dv_eval_flat(run, ARG(0), &b))
        return dv_unknown();
    return dv_value_number(dv_text_compare(a, b) < 0
                               ? -1
                               : dv_text_compare(a, b) > 0);
}

FN(string_normalize)
{
    UNUSED_ARGS;
    return self;
}

FN(string_iterator)
{
    struct dv_object *list = dv_eval_array(run);

    UNUSED_ARGS;
    if (list == NULL || !dv_eval_collect(run, self, list))
        return dv_unknown();
    return dv_eval_list_iterator(run, list);
}

FN(string_raw)
{
    const struct dv_value raw = dv_eval_get(run, ARG(0), run->key_raw);
    struct dv_text *all = run->heap.empty, *text;
    uint32_t length;

    UNUSED_SELF;
    if (run->flow != DV_FLOW_NORMAL || !dv_eval_length(run, raw, &length))
        return dv_unknown();
    for (uint32_t i = 0; i < length; i++) {
        if (!dv_eval_to_text(run, dv_eval_get_index(run, raw, i), &text))
            return dv_unknown();
        all = dv_text_join(&run->heap, all, text);
        if (all != NULL && i + 1 < length && i + 1 < count) {
            if (!dv_eval_to_text(run, args[i + 1], &text))
                return dv_unknown();
            all = dv_text_join(&run->heap, all, text);
        }
        if (!dv_eval_has(run, all))
            return dv_value_undefined();
    }
    return dv_value_text(all);
}

static const struct dv_native_row rows[] = {
    { "fromCharCode", string_from_char_code, 1 },
    { "fromCodePoint", string_from_code_point, 1 },
    { "raw", string_raw, 1 },
};

static const struct dv_native_row methods[] = {
    { "charAt", string_char_at, 1 },
    { "at", string_at, 1 },
    { "charCodeAt", string_char_code_at, 1 },
    { "codePointAt", string_code_point_at, 1 },
    { "indexOf", string_index_of, 1 },
    { "lastIndexOf", string_last_index_of, 1 },
    { "includes", string_includes, 1 },
    { "startsWith", string_starts_with, 1 },
    { "endsWith", string_ends_with, 1 },
    { "slice", string_slice, 2 },
    { "substring", string_substring, 2 },
    { "substr", string_substr, 2 },
    { "toUpperCase", string_upper, 0 },
    { "toLowerCase", string_lower, 0 },
    { "toLocaleUpperCase", string_upper, 0 },
    { "toLocaleLowerCase", string_lower, 0 },
    { "trim", string_trim, 0 },
    { "trimStart", string_trim_start, 0 },
    { "trimLeft", string_trim_start, 0 },
    { "trimEnd", string_trim_end, 0 },
    { "trimRight", string_trim_end, 0 },
    { "repeat", string_repeat, 1 },
    { "padStart", string_pad_start, 2 },
    { "padEnd", string_pad_end, 2 },
    { "concat", string_concat, 1 },
    { "toString", string_value, 0 },
    { "valueOf", string_value, 0 },
    { "localeCompare", string_locale_compare, 1 },
    { "normalize", string_normalize, 0 },
};

/* "text".italics() and the like (B.2.2): JSFuck gets its letters there. */
static struct dv_value
in_tag(struct dv_eval *run, struct dv_value self, const char *open,
       const char *close, struct dv_value attribute, bool has_attribute)
{
    struct dv_text *text, *all = dv_text_of_cstr(&run->heap, open), *value;

    if (dv_is_unknown(self) || !dv_eval_to_text(run, self, &text)
        || !dv_eval_has(run, all))
        return dv_unknown();
    if (has_attribute) {
        if (!dv_eval_to_text(run, attribute, &value))
            return dv_unknown();
        all = dv_text_join(&run->heap, all, value);
        all = all == NULL ? NULL
                          : dv_text_join(&run->heap, all,
                                         dv_text_of_cstr(&run->heap, "\">"));
    }
    all = all == NULL ? NULL : dv_text_join(&run->heap, all, text);
    return dv_eval_text(run, all == NULL
                                 ? NULL
                                 : dv_text_join(&run->heap, all,
                                                dv_text_of_cstr(&run->heap,
                                                                close)));
}

#define TAG(name, open, close)                                        \
    FN(name)                                                          \
    {                                                                 \
        UNUSED_ARGS;                                                  \
        return in_tag(run, self, open, close, dv_value_undefined(), false); \
    }
#define TAG_WITH(name, open, close)                         \
    FN(name)                                                \
    {                                                       \
        return in_tag(run, self, open, close, ARG(0), true); \
    }
TAG(string_bold, "<b>", "</b>")
TAG(string_italics, "<i>", "</i>")
TAG(string_fixed, "<tt>", "</tt>")
TAG(string_strike, "<strike>", "</strike>")
TAG(string_sub, "<sub>", "</sub>")
TAG(string_sup, "<sup>", "</sup>")
TAG(string_big, "<big>", "</big>")
TAG(string_small, "<small>", "</small>")
TAG(string_blink, "<blink>", "</blink>")
TAG_WITH(string_font_color, "<font color=\"", "</font>")
TAG_WITH(string_font_size, "<font size=\"", "</font>")
TAG_WITH(string_link, "<a href=\"", "</a>")
TAG_WITH(string_anchor, "<a name=\"", "</a>")
#undef TAG
#undef TAG_WITH

static const struct dv_native_row tags[] = {
    { "bold", string_bold, 0 },
    { "italics", string_italics, 0 },
    { "fixed", string_fixed, 0 },
    { "strike", string_strike, 0 },
    { "sub", string_sub, 0 },
    { "sup", string_sup, 0 },
    { "big", string_big, 0 },
    { "small", string_small, 0 },
    { "blink", string_blink, 0 },
    { "fontcolor", string_font_color, 1 },
    { "fontsize", string_font_size, 1 },
    { "link", string_link, 1 },
    { "anchor", string_anchor, 1 },
};

bool
dv_eval_world_string(struct dv_eval *run)
{
    struct dv_object *class = dv_eval_add_class(run, "String", string_call,
                                                string_construct,
                                                run->string_proto);
    struct dv_object *iterator = dv_eval_native(run, "[Symbol.iterator]",
                                                string_iterator, 0);

    return class != NULL && iterator != NULL
           && dv_eval_add_natives(run, class, rows, DV_COUNT_OF(rows))
           && dv_eval_add_natives(run, run->string_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->string_proto, tags,
                                  DV_COUNT_OF(tags))
           && dv_object_put(&run->heap, run->string_proto,
                            run->symbol_iterator, dv_value_object(iterator),
                            DV_PROP_HIDDEN);
}

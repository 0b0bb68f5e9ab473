/* SPDX-License-Identifier: MIT */
/* js_value.c - constant values and their conversions (ECMA-262, 7.1). */

#include "js/js_value.h"

#include <math.h>

#include "base/utf8.h"
#include "decode/decode_wtf8.h"

#define MAX_VALUES ((size_t)1 << 30)

/* Nested arrays beyond this are not turned into text. */
#define MAX_JOIN_DEPTH 8

void
dv_js_values_init(struct dv_js_values *v, struct dv_mem *mem)
{
    *v = (struct dv_js_values){ .status = DAVY_OK };
    dv_arena_init(&v->arena, mem);
    dv_vec_init(&v->all, mem, sizeof(struct dv_js_value), MAX_VALUES);
    dv_vec_init(&v->items, mem, sizeof(uint32_t), MAX_VALUES);
    dv_buf_init(&v->scratch, mem, SIZE_MAX / 2);
}

void
dv_js_values_fini(struct dv_js_values *v)
{
    dv_arena_fini(&v->arena);
    dv_vec_fini(&v->all);
    dv_vec_fini(&v->items);
    dv_buf_fini(&v->scratch);
}

void
dv_js_values_clear(struct dv_js_values *v, size_t max_bytes, size_t max_steps)
{
    dv_arena_reset(&v->arena);
    dv_vec_clear(&v->all);
    dv_vec_clear(&v->items);
    v->bytes = 0;
    v->steps = 0;
    v->max_bytes = max_bytes;
    v->max_steps = max_steps;
    v->status = DAVY_OK;
    if (dv_vec_push(&v->all) == NULL)   /* number 0 is unknown */
        v->status = DAVY_NO_MEMORY;
}

static void
refuse(struct dv_js_values *v, davy_status st)
{
    if (v->status != DAVY_NO_MEMORY)
        v->status = st;
}

bool
dv_js_value_charge(struct dv_js_values *v, size_t steps)
{
    if (v->status != DAVY_OK)
        return false;
    if (steps > v->max_steps - v->steps) {
        refuse(v, DAVY_LIMIT);
        return false;
    }
    v->steps += steps;
    return true;
}

static uint32_t
make(struct dv_js_values *v, const struct dv_js_value *value)
{
    struct dv_js_value *slot;

    if (v->status == DAVY_NO_MEMORY)
        return 0;
    slot = dv_vec_push(&v->all);
    if (slot == NULL) {
        refuse(v, DAVY_NO_MEMORY);
        return 0;
    }
    *slot = *value;
    return (uint32_t)(v->all.len - 1);
}

uint32_t
dv_js_value_simple(struct dv_js_values *v, enum dv_js_type type)
{
    return make(v, &(struct dv_js_value){ .type = (uint8_t)type });
}

uint32_t
dv_js_value_boolean(struct dv_js_values *v, bool boolean)
{
    return make(v, &(struct dv_js_value){ .type = DV_JS_BOOLEAN,
                                          .boolean = boolean });
}

uint32_t
dv_js_value_number(struct dv_js_values *v, double number)
{
    return make(v, &(struct dv_js_value){ .type = DV_JS_NUMBER,
                                          .number = number });
}

uint32_t
dv_js_value_borrowed(struct dv_js_values *v, struct dv_span text)
{
    return make(v, &(struct dv_js_value){ .type = DV_JS_STRING,
                                          .text = text });
}

uint32_t
dv_js_value_regexp(struct dv_js_values *v, struct dv_span pattern,
                   struct dv_span flags)
{
    return make(v, &(struct dv_js_value){ .type = DV_JS_REGEXP,
                                          .text = pattern,
                                          .flags = flags });
}

void
dv_js_value_push(struct dv_js_values *v, uint32_t item)
{
    uint32_t *slot;

    if (!dv_js_value_charge(v, 1))
        return;
    slot = dv_vec_push(&v->items);
    if (slot == NULL)
        refuse(v, DAVY_NO_MEMORY);
    else
        *slot = item;
}

uint32_t
dv_js_value_list(struct dv_js_values *v, enum dv_js_type type, uint32_t first)
{
    if (v->status != DAVY_OK)
        return 0;
    return make(v, &(struct dv_js_value){
                       .type = (uint8_t)type,
                       .first = first,
                       .count = (uint32_t)v->items.len - first });
}

uint32_t
dv_js_value_item(const struct dv_js_values *v, const struct dv_js_value *list,
                 size_t i)
{
    if (i >= list->count)
        return 0;
    return *(const uint32_t *)dv_vec_at(&v->items, list->first + i);
}

uint32_t
dv_js_value_property(const struct dv_js_values *v,
                     const struct dv_js_value *object, struct dv_span key)
{
    for (size_t i = object->count; i >= 2; i -= 2) {
        const uint32_t name = dv_js_value_item(v, object, i - 2);

        if (dv_span_equal(dv_js_value_at(v, name)->text, key))
            return dv_js_value_item(v, object, i - 1);
    }
    return 0;
}

/* ---- Building texts ---- */

void
dv_js_value_build(struct dv_js_values *v)
{
    dv_buf_clear(&v->scratch);
}

static void
append(struct dv_js_values *v, struct dv_span piece)
{
    if (!dv_js_value_charge(v, piece.len / 16 + 1))
        return;
    if (piece.len > v->max_bytes - v->bytes
        || v->scratch.len + piece.len > v->max_bytes - v->bytes)
        refuse(v, DAVY_LIMIT);
    else if (dv_buf_append(&v->scratch, piece) != DAVY_OK)
        refuse(v, DAVY_NO_MEMORY);
}

/* The surrogate in the three bytes at the front, or 0. */
static uint32_t
surrogate_of(struct dv_span text)
{
    uint32_t c;

    if (text.len < 3 || text.at[0] != 0xed)
        return 0;
    (void)dv_wtf8_read(text, &c);
    return dv_wtf8_is_surrogate(c) ? c : 0;
}

/* A low surrogate behind a high one makes one code point of both. */
void
dv_js_value_add_unit(struct dv_js_values *v, uint32_t unit)
{
    uint8_t bytes[DV_UTF8_MAX];
    uint32_t high = 0;

    if (unit >= 0xdc00 && unit <= 0xdfff && v->scratch.len >= 3)
        high = surrogate_of(dv_span_of(v->scratch.at + v->scratch.len - 3,
                                       3));
    if (high != 0 && high < 0xdc00) {
        unit = 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
        v->scratch.len -= 3;
    }
    append(v, dv_span_of(bytes, dv_utf8_write(unit, bytes)));
}

void
dv_js_value_add(struct dv_js_values *v, struct dv_span piece)
{
    const uint32_t first = surrogate_of(piece);

    if (first >= 0xdc00) {
        dv_js_value_add_unit(v, first);
        dv_span_skip(&piece, 3);
    }
    append(v, piece);
}

uint32_t
dv_js_value_built(struct dv_js_values *v)
{
    struct dv_span copy;

    if (v->status != DAVY_OK)
        return 0;
    v->bytes += v->scratch.len;
    if (!dv_arena_copy(&v->arena, dv_buf_span(&v->scratch), &copy)) {
        refuse(v, DAVY_NO_MEMORY);
        return 0;
    }
    return dv_js_value_borrowed(v, copy);
}

/* ---- Conversions ---- */

static bool
add_joined(struct dv_js_values *v, const struct dv_js_value *array,
           struct dv_span separator, unsigned depth);

/* Whether an object says nothing about its conversion to text. */
static bool
is_plain(struct dv_js_values *v, const struct dv_js_value *object)
{
    if (!dv_js_value_charge(v, object->count / 8))
        return false;
    for (size_t i = 0; i < object->count; i += 2) {
        const struct dv_span key
            = dv_js_value_at(v, dv_js_value_item(v, object, i))->text;

        if (dv_span_equal_cstr(key, "toString")
            || dv_span_equal_cstr(key, "valueOf")
            || dv_span_equal_cstr(key, "__proto__"))
            return false;
    }
    return true;
}

static bool
add_string(struct dv_js_values *v, uint32_t i, unsigned depth)
{
    const struct dv_js_value value = *dv_js_value_at(v, i);
    char number[32];

    switch (value.type) {
    case DV_JS_STRING:
        dv_js_value_add(v, value.text);
        return true;
    case DV_JS_NUMBER:
        (void)dv_js_value_charge(v, 4);
        dv_js_value_add(v, dv_span_of(number, dv_js_value_print_number(
                                                  value.number, number)));
        return true;
    case DV_JS_BOOLEAN:
        dv_js_value_add(v, dv_span_cstr(value.boolean ? "true" : "false"));
        return true;
    case DV_JS_NULL:
        dv_js_value_add(v, DV_SPAN_LIT("null"));
        return true;
    case DV_JS_UNDEFINED:
        dv_js_value_add(v, DV_SPAN_LIT("undefined"));
        return true;
    case DV_JS_ARRAY:
        return add_joined(v, &value, DV_SPAN_LIT(","), depth);
    case DV_JS_OBJECT:
        dv_js_value_add(v, DV_SPAN_LIT("[object Object]"));
        return is_plain(v, &value);
    default:
        return false;
    }
}

static bool
add_joined(struct dv_js_values *v, const struct dv_js_value *array,
           struct dv_span separator, unsigned depth)
{
    if (depth >= MAX_JOIN_DEPTH)
        return false;
    for (size_t i = 0; i < array->count && v->status == DAVY_OK; i++) {
        const uint32_t item = dv_js_value_item(v, array, i);
        const uint8_t type = dv_js_value_at(v, item)->type;

        if (i != 0)
            dv_js_value_add(v, separator);
        if (type == DV_JS_NULL || type == DV_JS_UNDEFINED)
            continue;
        if (!add_string(v, item, depth + 1))
            return false;
    }
    return true;
}

bool
dv_js_value_add_string(struct dv_js_values *v, uint32_t i)
{
    return add_string(v, i, 0);
}

bool
dv_js_value_text(struct dv_js_values *v, uint32_t i, struct dv_span *text)
{
    uint32_t made;

    if (dv_js_value_at(v, i)->type == DV_JS_STRING) {
        *text = dv_js_value_at(v, i)->text;
        return true;
    }
    dv_js_value_build(v);
    if (!dv_js_value_add_string(v, i))
        return false;
    made = dv_js_value_built(v);
    *text = dv_js_value_at(v, made)->text;
    return made != 0;
}

bool
dv_js_value_to_number(struct dv_js_values *v, uint32_t i, double *number)
{
    const struct dv_js_value *value = dv_js_value_at(v, i);

    switch (value->type) {
    case DV_JS_NUMBER:
        *number = value->number;
        return true;
    case DV_JS_STRING:
        if (!dv_js_value_charge(v, value->text.len / 16))
            return false;
        *number = dv_js_value_number_of_text(value->text);
        return true;
    case DV_JS_BOOLEAN:
        *number = value->boolean ? 1 : 0;
        return true;
    case DV_JS_NULL:
        *number = 0;
        return true;
    case DV_JS_UNDEFINED:
        *number = NAN;
        return true;
    case DV_JS_ARRAY:                   /* [] is 0, [x] is x */
        if (value->count == 0) {
            *number = 0;
            return true;
        }
        return false;
    default:
        return false;
    }
}

bool
dv_js_value_to_boolean(const struct dv_js_values *v, uint32_t i,
                       bool *boolean)
{
    const struct dv_js_value *value = dv_js_value_at(v, i);

    switch (value->type) {
    case DV_JS_UNKNOWN:
        return false;
    case DV_JS_BOOLEAN:
        *boolean = value->boolean;
        return true;
    case DV_JS_NUMBER:
        *boolean = value->number != 0 && !isnan(value->number);
        return true;
    case DV_JS_STRING:
        *boolean = value->text.len != 0;
        return true;
    case DV_JS_NULL:
    case DV_JS_UNDEFINED:
        *boolean = false;
        return true;
    default:
        *boolean = true;
        return true;
    }
}

/* ---- Code units ---- */

static size_t
units_of(uint32_t c)
{
    return c >= 0x10000 ? 2 : 1;
}

size_t
dv_js_value_units(struct dv_span text)
{
    size_t units = 0;

    while (text.len > 0) {
        uint32_t c = text.at[0];
        const size_t n = c < 0x80 ? 1 : dv_wtf8_read(text, &c);

        units += units_of(c);
        dv_span_skip(&text, n);
    }
    return units;
}

/* Byte offset of code unit `unit`, at most text.len; false in a pair. */
static bool
offset_of(struct dv_span text, size_t unit, size_t *offset)
{
    size_t at = 0;

    while (unit > 0 && at < text.len) {
        uint32_t c = text.at[at];
        size_t n = 1;

        if (c >= 0x80)
            n = dv_wtf8_read(dv_span_slice(text, at, 4), &c);
        if (unit < units_of(c))
            return false;
        at += n;
        unit -= units_of(c);
    }
    *offset = at;
    return true;
}

bool
dv_js_value_slice(struct dv_span text, size_t from, size_t to,
                  struct dv_span *part)
{
    size_t start, length;

    *part = dv_span_of(text.at, 0);
    if (to <= from)
        return true;
    if (!offset_of(text, from, &start))
        return false;
    text = dv_span_slice(text, start, text.len);
    if (!offset_of(text, to - from, &length))
        return false;
    *part = dv_span_slice(text, 0, length);
    return true;
}

bool
dv_js_value_unit(struct dv_span text, size_t i, uint32_t *unit)
{
    size_t at = 0;

    while (at < text.len) {
        uint32_t c;
        const size_t n = dv_wtf8_read(dv_span_slice(text, at, 4), &c);

        if (i < units_of(c)) {
            *unit = c < 0x10000 ? c
                    : i == 0    ? 0xd800 + ((c - 0x10000) >> 10)
                                : 0xdc00 + ((c - 0x10000) & 0x3ff);
            return true;
        }
        i -= units_of(c);
        at += n;
    }
    return false;
}

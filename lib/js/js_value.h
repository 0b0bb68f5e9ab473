/* SPDX-License-Identifier: MIT */
/* js_value.h - constant values of expressions (ECMA-262, 6.1 and 7.1). */

#ifndef DV_JS_VALUE_H
#define DV_JS_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum dv_js_type {
    DV_JS_UNKNOWN,
    DV_JS_UNDEFINED,
    DV_JS_NULL,
    DV_JS_BOOLEAN,
    DV_JS_NUMBER,
    DV_JS_STRING,
    DV_JS_ARRAY,
    DV_JS_OBJECT,                       /* pairs of key and value */
    DV_JS_REGEXP                        /* text: pattern; flags in `flags` */
};

struct dv_js_value {
    uint8_t type;                       /* enum dv_js_type */
    bool boolean;
    double number;
    struct dv_span text;                /* STRING, REGEXP; WTF-8 */
    struct dv_span flags;               /* REGEXP */
    uint32_t first, count;              /* ARRAY, OBJECT: in items */
};

/* Where values live.  Values are known by number; 0 is unknown. */
struct dv_js_values {
    struct dv_arena arena;              /* texts that were built */
    struct dv_vec all;                  /* struct dv_js_value */
    struct dv_vec items;                /* uint32_t, numbers of values */
    struct dv_buf scratch;              /* for building one text */
    size_t bytes, max_bytes;            /* built, and how many may be */
    size_t steps, max_steps;            /* bytes and items touched */
    davy_status status;                 /* OK, LIMIT or NO_MEMORY */
};

void dv_js_values_init(struct dv_js_values *values, struct dv_mem *mem);
void dv_js_values_fini(struct dv_js_values *values);
void dv_js_values_clear(struct dv_js_values *values, size_t max_bytes,
                        size_t max_steps);

static inline const struct dv_js_value *
dv_js_value_at(const struct dv_js_values *values, uint32_t i)
{
    return (const struct dv_js_value *)values->all.at + i;
}

/* Item `i` of an ARRAY; 0 beyond its end. */
uint32_t dv_js_value_item(const struct dv_js_values *values,
                          const struct dv_js_value *list, size_t i);

/* The value under `key` of an OBJECT, or 0. */
uint32_t dv_js_value_property(const struct dv_js_values *values,
                              const struct dv_js_value *object,
                              struct dv_span key);

/* Make values.  All answer 0, unknown, when memory is used up; those that are
 * built or lists also when a budget is.  What a literal says is always
 * known. */
uint32_t dv_js_value_simple(struct dv_js_values *values,
                            enum dv_js_type type);
uint32_t dv_js_value_boolean(struct dv_js_values *values, bool boolean);
uint32_t dv_js_value_number(struct dv_js_values *values, double number);

/* A text that lives as long as the tree, or in the values' arena. */
uint32_t dv_js_value_borrowed(struct dv_js_values *values,
                              struct dv_span text);
/* What stands in `scratch`, copied. */
uint32_t dv_js_value_built(struct dv_js_values *values);
uint32_t dv_js_value_regexp(struct dv_js_values *values,
                            struct dv_span pattern, struct dv_span flags);
/* An ARRAY or OBJECT of the last `count` items pushed. */
uint32_t dv_js_value_list(struct dv_js_values *values, enum dv_js_type type,
                          uint32_t first);
void dv_js_value_push(struct dv_js_values *values, uint32_t item);

/* Charge work to the budget; false when it is used up. */
bool dv_js_value_charge(struct dv_js_values *values, size_t steps);

/* Start to build a text; then add to it. */
void dv_js_value_build(struct dv_js_values *values);
void dv_js_value_add(struct dv_js_values *values, struct dv_span piece);
void dv_js_value_add_unit(struct dv_js_values *values, uint32_t code_unit);

/* 7.1.17 ToString into scratch; false for what has no constant text. */
bool dv_js_value_add_string(struct dv_js_values *values, uint32_t i);
/* ToString as a text that lives as long as the values. */
bool dv_js_value_text(struct dv_js_values *values, uint32_t i,
                      struct dv_span *text);
/* 7.1.4 ToNumber; false when not constant. */
bool dv_js_value_to_number(struct dv_js_values *values, uint32_t i,
                           double *number);
/* 7.1.4.1.1 StringToNumber. */
double dv_js_value_number_of_text(struct dv_span text);
/* 7.1.2 ToBoolean; false when not constant. */
bool dv_js_value_to_boolean(const struct dv_js_values *values, uint32_t i,
                            bool *boolean);
/* 7.1.6 ToInt32. */
int32_t dv_js_value_int32(double number);

/* 6.1.6.1.20 Number::toString with radix 10; returns the length. */
size_t dv_js_value_print_number(double number, char out[32]);

/* Without white space and line ends (22.1.3.32.1 TrimString) at the start, at
 * the end. */
struct dv_span dv_js_value_trim_start(struct dv_span text);
struct dv_span dv_js_value_trim_end(struct dv_span text);

/* Strings are counted in UTF-16 code units.  Their number; and the part of
 * `text` from unit `from` to `to`, false when it would begin or end in a
 * pair. */
size_t dv_js_value_units(struct dv_span text);
bool dv_js_value_slice(struct dv_span text, size_t from, size_t to,
                       struct dv_span *part);
/* The code unit at `i`; false beyond the end. */
bool dv_js_value_unit(struct dv_span text, size_t i, uint32_t *unit);

#endif

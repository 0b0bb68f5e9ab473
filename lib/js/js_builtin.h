/* SPDX-License-Identifier: MIT */
/* js_builtin.h - functions of the language over constant values. */

#ifndef DV_JS_BUILTIN_H
#define DV_JS_BUILTIN_H

#include "js/js_value.h"

struct dv_js_call {
    struct dv_js_values *values;
    uint32_t self;                      /* what the method is called on */
    const uint32_t *args;
    size_t count;
};

/* Method `name` of the value call->self.  The number of the result, 0 when it
 * is not known. */
uint32_t dv_js_builtin_method(const struct dv_js_call *call,
                              struct dv_span name);

/* The global function with this path: "atob", "String.fromCharCode". */
uint32_t dv_js_builtin_global(const struct dv_js_call *call,
                              struct dv_span path);

/* Property `name` of a constant: length, an index. */
uint32_t dv_js_builtin_property(struct dv_js_values *values, uint32_t self,
                                struct dv_span name);

/* ---- Between the files of builtins ---- */

typedef uint32_t (*dv_js_builtin)(const struct dv_js_call *call);

struct dv_js_builtin_row {
    const char *name;
    dv_js_builtin function;
};

uint32_t dv_js_builtin_find(const struct dv_js_builtin_row *rows,
                            size_t count, const struct dv_js_call *call,
                            struct dv_span name);
uint32_t dv_js_builtin_string(const struct dv_js_call *call,
                              struct dv_span name);
uint32_t dv_js_builtin_array(const struct dv_js_call *call,
                             struct dv_span name);

/* Argument `i` as a text or a whole number; false when not constant. */
bool dv_js_arg_text(const struct dv_js_call *call, size_t i,
                    struct dv_span *text);
bool dv_js_arg_integer(const struct dv_js_call *call, size_t i,
                       double preset, double *number);

#endif

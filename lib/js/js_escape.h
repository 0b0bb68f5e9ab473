/* SPDX-License-Identifier: MIT */
/* js_escape.h - undoes backslash escapes in strings, templates and names. */

#ifndef DV_JS_ESCAPE_H
#define DV_JS_ESCAPE_H

#include "base/arena.h"

enum dv_js_escape {
    DV_JS_ESCAPE_CODE,          /* one code point */
    DV_JS_ESCAPE_NOTHING,       /* a line continuation */
    DV_JS_ESCAPE_OCTAL,         /* a legacy one: \1 to \377, \00, \8, \9 */
    DV_JS_ESCAPE_BAD            /* the cursor stands where it went wrong */
};

/* Read one escape (ECMA-262, 12.9.4); `text` starts behind the backslash and
 * ends up behind the escape.  Surrogates come out one by one. */
enum dv_js_escape dv_js_escape_read(struct dv_span *text, uint32_t *code);

/* As above for \uXXXX and \u{X}; `text` starts behind the backslash. */
bool dv_js_escape_read_unicode(struct dv_span *text, uint32_t *code);

/* Undo all escapes of a string's or template's inside and, for templates,
 * turn CR and CR LF into LF.  False when memory is refused. */
bool dv_js_escape_cook(struct dv_arena *arena, struct dv_span inside,
                       bool is_template, struct dv_span *cooked) DV_MUST_CHECK;

/* Only turn CR and CR LF into LF: a template's raw value. */
bool dv_js_escape_raw(struct dv_arena *arena, struct dv_span inside,
                      struct dv_span *raw) DV_MUST_CHECK;

#endif

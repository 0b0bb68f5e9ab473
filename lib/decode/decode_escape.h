/* SPDX-License-Identifier: MIT */
/* decode_escape.h - backslash escapes of JavaScript strings. */

#ifndef DV_DECODE_ESCAPE_H
#define DV_DECODE_ESCAPE_H

#include "base/buf.h"

/* Append `in` with its escapes undone (ECMA-262 12.9.4 and B.1.2): \n and the
 * like, \xNN, \uNNNN, \u{N}, octal \NNN, escaped line ends.  Halves of pairs
 * are joined; the result is text as in decode_wtf8.h.  What no escape is
 * stays, with its backslash when it begins like \x or \u.  DAVY_OK;
 * DAVY_LIMIT or DAVY_NO_MEMORY with `out` as it was. */
davy_status dv_decode_escape(struct dv_span in,
                             struct dv_buf *out) DV_MUST_CHECK;

#endif

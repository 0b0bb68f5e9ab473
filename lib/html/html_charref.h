/* SPDX-License-Identifier: MIT */
/* html_charref.h - character references to code points. */

#ifndef DV_HTML_CHARREF_H
#define DV_HTML_CHARREF_H

#include "base/arena.h"
#include "base/span.h"

/* Where a reference stands: in an attribute's value `&copy=1` and `&copyright`
 * are no references, because addresses are full of them (13.2.5.73). */
enum dv_html_charref_place { DV_HTML_IN_TEXT, DV_HTML_IN_ATTRIBUTE };

/* Read the reference at the front of `text`, which begins with `&`.  Returns
 * the bytes it takes and its one or two code points (the second is 0 when
 * there is one), or 0 when it is none. */
size_t dv_html_charref_read(struct dv_span text,
                            enum dv_html_charref_place place,
                            uint32_t points[2]);

/* Point `decoded` at `raw` with its references replaced and each NUL turned
 * into U+FFFD, as the tokenizer does.  It is `raw` itself when there is
 * nothing to replace, else a copy in `arena`.  False when memory is
 * refused. */
bool dv_html_charref_decode(struct dv_span raw,
                            enum dv_html_charref_place place,
                            struct dv_arena *arena,
                            struct dv_span *decoded) DV_MUST_CHECK;

#endif

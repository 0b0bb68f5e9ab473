/* SPDX-License-Identifier: MIT */
/* utf8.h - code points to bytes and back (RFC 3629). */

#ifndef DV_UTF8_H
#define DV_UTF8_H

#include "base/span.h"

#define DV_UTF8_REPLACEMENT UINT32_C(0xFFFD)
#define DV_UTF8_MAX         4

/* Read the code point at the front.  Returns the number of bytes it takes,
 * 0 at the end of input.  A malformed sequence yields U+FFFD and takes its
 * maximal subpart, as browsers do (WHATWG Encoding, UTF-8 decoder). */
size_t dv_utf8_read(struct dv_span text, uint32_t *code_point);

/* As dv_utf8_read, but false for a malformed sequence. */
bool dv_utf8_read_strict(struct dv_span text, uint32_t *code_point,
                         size_t *taken);

/* Write one code point; returns the number of bytes, 1-4.  Surrogates are
 * written as three bytes (WTF-8), because scripts contain lone ones. */
size_t dv_utf8_write(uint32_t code_point, uint8_t out[DV_UTF8_MAX]);

/* Whether all of `text` is well-formed. */
bool dv_utf8_is_valid(struct dv_span text);

#endif

/* SPDX-License-Identifier: MIT */
/* decode_wtf8.h - text of scripts: UTF-8 in which a surrogate may stand alone.
 *
 * JavaScript strings are sequences of 16-bit units.  A pair of surrogates is
 * one code point of four bytes; a lone one is written as three bytes (WTF-8,
 * Sapin 2014), and joins with its other half as soon as that comes. */

#ifndef DV_DECODE_WTF8_H
#define DV_DECODE_WTF8_H

#include "base/buf.h"

/* Writes into room that the caller has reserved. */
struct dv_wtf8_writer {
    uint8_t *start;                     /* nothing before it is joined */
    uint8_t *to;
};

static inline bool
dv_wtf8_is_surrogate(uint32_t code_point)
{
    return code_point - 0xd800 < 0x800;
}

/* Read the code point at the front, lone surrogates included.  Returns the
 * number of bytes it takes, 0 at the end; malformed bytes are U+FFFD. */
size_t dv_wtf8_read(struct dv_span text, uint32_t *code_point);

/* Write one code point or one half of a pair: at most as many bytes more as
 * dv_utf8_write would write. */
void dv_wtf8_put(struct dv_wtf8_writer *writer, uint32_t code_point);

/* Write `text` as it is, joining its first half of a pair to the last. */
void dv_wtf8_put_text(struct dv_wtf8_writer *writer, struct dv_span text);

/* Make room for `most` bytes at the end of `out` and begin to write there;
 * dv_wtf8_end makes them part of `out`.  Answers as dv_buf_reserve. */
davy_status dv_wtf8_begin(struct dv_wtf8_writer *writer, struct dv_buf *out,
                          size_t most) DV_MUST_CHECK;
void dv_wtf8_end(const struct dv_wtf8_writer *writer, struct dv_buf *out);

/* Bytes to text: byte n is U+00n, as in the strings of atob().  Answers as
 * dv_buf_reserve. */
davy_status dv_wtf8_from_bytes(struct dv_span bytes,
                               struct dv_buf *out) DV_MUST_CHECK;

/* Text to bytes, as btoa() takes it: appends to `out`.  DAVY_MALFORMED when a
 * code point is above U+00FF; `out` is then as it was. */
davy_status dv_wtf8_to_bytes(struct dv_span text,
                             struct dv_buf *out) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* decode_convert.h - one step of converting text to UTF-8: as much as fits. */

#ifndef DV_DECODE_CONVERT_H
#define DV_DECODE_CONVERT_H

#include "base/utf8.h"
#include "decode/decode_encoding.h"

/* What is still to be read, and where there is room.  Converters take a
 * character only when all of it fits, and stop when one does not. */
struct dv_convert {
    struct dv_span in;
    uint8_t *to;
    size_t room;
};

/* Copy the ASCII at the front; false when nothing is left to be read or there
 * is no room. */
bool dv_convert_ascii(struct dv_convert *io);

/* Write one code point for the first `n` bytes; false when it does not fit. */
bool dv_convert_put(struct dv_convert *io, size_t n, uint32_t code_point);

/* Convert an encoding of kind DV_ENCODING_TABLE. */
void dv_convert_table(struct dv_convert *io, enum dv_encoding encoding);

/* Convert UTF-16; lone surrogates and an odd byte are U+FFFD. */
void dv_convert_utf16(struct dv_convert *io, bool is_big_endian);

#endif

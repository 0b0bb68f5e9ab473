/* SPDX-License-Identifier: MIT */
/* decode_hex.h - bytes written as hexadecimal digits. */

#ifndef DV_DECODE_HEX_H
#define DV_DECODE_HEX_H

#include "base/buf.h"

/* Append the bytes that `in` spells: digits in pairs, with or without
 * separators (white space , : ; - _ . |) and prefixes (0x, \x).  Behind a
 * prefix or between separators one digit is a byte too, as in 0x0,0x61.
 * DAVY_OK; DAVY_MALFORMED for anything else; DAVY_LIMIT; DAVY_NO_MEMORY.  On
 * all but DAVY_OK `out` is as it was. */
davy_status dv_decode_hex(struct dv_span in, struct dv_buf *out) DV_MUST_CHECK;

#endif

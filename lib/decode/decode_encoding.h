/* SPDX-License-Identifier: MIT */
/* decode_encoding.h - the encodings of the web and their names. */

#ifndef DV_DECODE_ENCODING_H
#define DV_DECODE_ENCODING_H

#include "base/span.h"

enum dv_encoding {
    DV_ENCODING_NONE,                   /* not known */
#define DV_ENCODING_ROW(NAME, name, kind, converter) DV_ENCODING_##NAME,
#include "decode/decode_encoding.def"
#undef DV_ENCODING_ROW
    DV_ENCODINGS
};

/* How an encoding is read. */
enum dv_encoding_kind {
    DV_ENCODING_UTF8,
    DV_ENCODING_TABLE,                  /* each byte is a character */
    DV_ENCODING_DOUBLE,                 /* ASCII and longer sequences */
    DV_ENCODING_JIS,                    /* shifts between tables */
    DV_ENCODING_UTF16LE,
    DV_ENCODING_UTF16BE,
    DV_ENCODING_NOTHING                 /* so dangerous that none of it is */
};

/* The encoding that `label` means, in any case and between white space;
 * DV_ENCODING_NONE for none (WHATWG Encoding, 4.2, "get an encoding"). */
enum dv_encoding dv_encoding_find(struct dv_span label);

/* The standard's name; "" for DV_ENCODING_NONE. */
const char *dv_encoding_name(enum dv_encoding encoding);

enum dv_encoding_kind dv_encoding_kind(enum dv_encoding encoding);

/* The name for iconv_open, or NULL. */
const char *dv_encoding_converter(enum dv_encoding encoding);

#endif

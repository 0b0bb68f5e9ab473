/* SPDX-License-Identifier: MIT */
/* decode_base64.h - base64 as the standards and as the wild write it. */

#ifndef DV_DECODE_BASE64_H
#define DV_DECODE_BASE64_H

#include "base/buf.h"

/* The alphabet of string arrays made by javascript-obfuscator: small letters
 * stand first. */
#define DV_BASE64_SWAPPED \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"

/* All functions append to `out`.  DAVY_OK; DAVY_MALFORMED as each one says;
 * DAVY_LIMIT when `out` has no room for three quarters of `in`;
 * DAVY_NO_MEMORY.  On all but DAVY_OK `out` is as it was. */

/* Decode leniently: both alphabets of RFC 4648 (sections 4 and 5), also mixed;
 * white space anywhere; padding missing, superfluous, or between pieces that
 * were joined.  Few foreign bytes (one in 16) are skipped, as the decoders of
 * loaders do.  DAVY_MALFORMED when there are more, or a single letter only. */
davy_status dv_decode_base64(struct dv_span in,
                             struct dv_buf *out) DV_MUST_CHECK;

/* As above with an alphabet of 64 different bytes. */
davy_status dv_decode_base64_with(struct dv_span in, const char *alphabet,
                                  struct dv_buf *out) DV_MUST_CHECK;

/* Decode as atob() of browsers: WHATWG Infra, forgiving-base64 decode.
 * DAVY_MALFORMED where atob() throws.  The bytes are the code points of the
 * string that atob() returns. */
davy_status dv_decode_atob(struct dv_span in,
                           struct dv_buf *out) DV_MUST_CHECK;

/* Encode with the standard alphabet and padding, as btoa() does. */
davy_status dv_encode_base64(struct dv_span in,
                             struct dv_buf *out) DV_MUST_CHECK;

/* Whether decoding is worth a try: at least 8 letters of more than one kind,
 * in a number that base64 can have.  Looks at 128 bytes at most; may be wrong
 * by claiming too much. */
bool dv_decode_base64_looks_like(struct dv_span in);

#endif

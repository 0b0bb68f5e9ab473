/* SPDX-License-Identifier: MIT */
/* decode_percent.h - %XX and %uXXXX: addresses, decodeURI, unescape, and the
 * ways back.
 *
 * Text is UTF-8 with lone surrogates as in decode_wtf8.h.  All functions append
 * to `out`.  DAVY_OK; DAVY_MALFORMED where the JavaScript function throws a
 * URIError; DAVY_LIMIT, DAVY_NO_MEMORY.  On all but DAVY_OK `out` is as it
 * was. */

#ifndef DV_DECODE_PERCENT_H
#define DV_DECODE_PERCENT_H

#include "base/buf.h"

/* Bytes of an address (WHATWG URL, percent-decode): %XX is a byte, everything
 * else stays.  Never DAVY_MALFORMED. */
davy_status dv_decode_percent(struct dv_span in,
                              struct dv_buf *out) DV_MUST_CHECK;

/* decodeURIComponent and decodeURI (ECMA-262, 19.2.6). */
davy_status dv_decode_uri_component(struct dv_span in,
                                    struct dv_buf *out) DV_MUST_CHECK;
davy_status dv_decode_uri(struct dv_span in,
                          struct dv_buf *out) DV_MUST_CHECK;

/* encodeURIComponent and encodeURI (ECMA-262, 19.2.6); a lone surrogate is
 * malformed. */
davy_status dv_encode_uri_component(struct dv_span in,
                                    struct dv_buf *out) DV_MUST_CHECK;
davy_status dv_encode_uri(struct dv_span in,
                          struct dv_buf *out) DV_MUST_CHECK;

/* unescape and escape (ECMA-262, B.2.1).  Never DAVY_MALFORMED. */
davy_status dv_decode_unescape(struct dv_span in,
                               struct dv_buf *out) DV_MUST_CHECK;
davy_status dv_encode_escape(struct dv_span in,
                             struct dv_buf *out) DV_MUST_CHECK;

#endif

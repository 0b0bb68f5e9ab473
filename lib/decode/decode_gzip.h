/* SPDX-License-Identifier: MIT */
/* decode_gzip.h - gzip, zlib and raw deflate to bytes. */

#ifndef DV_DECODE_GZIP_H
#define DV_DECODE_GZIP_H

#include "decode/decode_sink.h"

/* Both append to `out`.  DAVY_OK; DAVY_LIMIT when the bounds (or the maximum
 * of `out`) are reached, DAVY_MALFORMED when the stream is cut off or corrupt,
 * both with everything decoded until then kept, as browsers render it;
 * DAVY_NO_MEMORY. */

/* gzip (RFC 1952): all members; what follows them and is no member is
 * ignored. */
davy_status dv_decode_gzip(struct dv_span in,
                           const struct dv_decode_bounds *bounds,
                           struct dv_buf *out) DV_MUST_CHECK;

/* The content coding "deflate": zlib (RFC 1950), or, since servers send that
 * too and browsers take it, raw deflate (RFC 1951). */
davy_status dv_decode_deflate(struct dv_span in,
                              const struct dv_decode_bounds *bounds,
                              struct dv_buf *out) DV_MUST_CHECK;

#endif

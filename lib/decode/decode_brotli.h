/* SPDX-License-Identifier: MIT */
/* decode_brotli.h - brotli to bytes. */

#ifndef DV_DECODE_BROTLI_H
#define DV_DECODE_BROTLI_H

#include "decode/decode_sink.h"

/* Append one brotli stream (RFC 7932); what follows it is ignored.  Answers as
 * dv_decode_gzip. */
davy_status dv_decode_brotli(struct dv_span in,
                             const struct dv_decode_bounds *bounds,
                             struct dv_buf *out) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* decode_zstd.h - zstd to bytes. */

#ifndef DV_DECODE_ZSTD_H
#define DV_DECODE_ZSTD_H

#include "decode/decode_sink.h"

/* Append all zstd frames (RFC 8878); what follows them and is no frame is
 * ignored.  Answers as dv_decode_gzip; DAVY_LIMIT also when a frame asks for a
 * window above the 8 MiB that RFC 9659 allows in HTTP. */
davy_status dv_decode_zstd(struct dv_span in,
                           const struct dv_decode_bounds *bounds,
                           struct dv_buf *out) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* decode_sink.h - where decompressors write: bounded, growing, accounted. */

#ifndef DV_DECODE_SINK_H
#define DV_DECODE_SINK_H

#include "base/buf.h"

/* How much one layer may yield: the lesser of `max_bytes` and `max_ratio`
 * times the coded bytes plus DV_DECODE_GRACE. */
struct dv_decode_bounds {
    size_t max_bytes;
    size_t max_ratio;
};

/* Small inputs may grow more: a page of 60 KB of white space is no attack. */
#define DV_DECODE_GRACE ((size_t)64 << 10)

struct dv_sink {
    struct dv_buf *out;
    size_t left;                        /* bytes that may still come */
    uint8_t spill;                      /* takes the byte beyond the bound */
    bool is_spilling;
};

/* Begin to append to `out` what is decoded from `coded` bytes. */
void dv_sink_init(struct dv_sink *sink, struct dv_buf *out, size_t coded,
                  const struct dv_decode_bounds *bounds);

/* Room for the next bytes: at least one.  When the bound is reached it is room
 * for a byte that is one too many, so that a stream which ends exactly there
 * is told from one that goes on.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_sink_room(struct dv_sink *sink, uint8_t **at,
                         size_t *n) DV_MUST_CHECK;

/* `n` bytes of the room were written.  DAVY_OK, or DAVY_LIMIT when they are
 * beyond the bound. */
davy_status dv_sink_take(struct dv_sink *sink, size_t n) DV_MUST_CHECK;

/* Allocators for libraries that free without saying a size; `mem` is a struct
 * dv_mem. */
void *dv_sink_alloc(void *mem, size_t n) DV_MUST_CHECK;
void dv_sink_free(void *mem, void *at);

#endif

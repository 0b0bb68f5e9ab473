/* SPDX-License-Identifier: MIT */
/* native_inflate.h - undoes deflate and gzip (RFC 1951, 1952) as they stream,
 * in constant memory. */

#ifndef DV_NATIVE_INFLATE_H
#define DV_NATIVE_INFLATE_H

#include "base/mem.h"
#include "base/span.h"

struct dv_native_inflate {
    struct dv_mem *mem;
    void *stream;                       /* z_stream; NULL until it is used */
    uint8_t *room;                      /* what came out last */
    bool is_gzip;
};

void dv_native_inflate_init(struct dv_native_inflate *inflate,
                            struct dv_mem *mem);
void dv_native_inflate_fini(struct dv_native_inflate *inflate);

/* Begin a stream; the memory of the last one is used again.  DAVY_OK,
 * DAVY_NO_MEMORY. */
davy_status dv_native_inflate_begin(struct dv_native_inflate *inflate,
                                    bool is_gzip) DV_MUST_CHECK;

/* Take from the front of `in` and give the next piece of output, which is good
 * until the next call.  DAVY_OK when the stream ended behind it; DAVY_MORE when
 * it goes on: with more input when `out` is empty; DAVY_MALFORMED,
 * DAVY_NO_MEMORY. */
davy_status dv_native_inflate_next(struct dv_native_inflate *inflate,
                                   struct dv_span *in,
                                   struct dv_span *out) DV_MUST_CHECK;

/* The first bytes that `gzip` holds, as far as its own first bytes tell.
 * DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_native_inflate_head(struct dv_mem *mem, struct dv_span gzip,
                                   uint8_t *room, size_t size,
                                   struct dv_span *head) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* ws_inflate.h - undoes permessage-deflate for one direction (RFC 7692, 7.2.2),
 * in any chunking and little memory. */

#ifndef DV_WS_INFLATE_H
#define DV_WS_INFLATE_H

#include "base/mem.h"
#include "base/span.h"

/* How much larger than what came in may be what comes out. */
struct dv_ws_growth {
    size_t ratio;
    size_t grace;                       /* bytes that are free */
};

struct dv_ws_inflate {
    struct dv_mem *mem;
    void *stream;                       /* z_stream; NULL until needed */
    struct dv_ws_growth growth;
    bool forgets;                       /* no context takeover */
    uint64_t in;                        /* bytes so far */
    uint64_t out;
};

/* Takes a piece of text; anything but DAVY_OK stops. */
typedef davy_status (*dv_ws_text)(void *ctx, struct dv_span piece);

void dv_ws_inflate_init(struct dv_ws_inflate *inflate, struct dv_mem *mem,
                        bool forgets, struct dv_ws_growth growth);
void dv_ws_inflate_fini(struct dv_ws_inflate *inflate);

/* Inflate a piece of a message.  DAVY_OK, DAVY_MALFORMED, DAVY_NO_MEMORY; what
 * the sink answers; DAVY_LIMIT when it grows too much. */
davy_status dv_ws_inflate_feed(struct dv_ws_inflate *inflate,
                               struct dv_span in, dv_ws_text sink,
                               void *ctx) DV_MUST_CHECK;

/* The message ends.  Answers as above. */
davy_status dv_ws_inflate_end(struct dv_ws_inflate *inflate, dv_ws_text sink,
                              void *ctx) DV_MUST_CHECK;

#endif

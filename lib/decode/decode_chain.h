/* SPDX-License-Identifier: MIT */
/* decode_chain.h - undoes content codings that lie on top of each other. */

#ifndef DV_DECODE_CHAIN_H
#define DV_DECODE_CHAIN_H

#include "decode/decode_sink.h"

struct dv_chain_input {
    struct dv_span bytes;
    struct dv_span header;              /* value of Content-Encoding, or none */
    bool is_sniffed;                    /* also undo what magic bytes claim */
    size_t max_depth;                   /* codings, limits.decode_depth */
    struct dv_decode_bounds bounds;     /* max_bytes is for all together */
};

struct dv_chain_output {
    struct dv_span bytes;               /* the input, or inside `a` or `b` */
    struct dv_span unknown;             /* DAVY_DECLINED: the token */
    size_t depth;                       /* codings that were undone */
    size_t decoded;                     /* bytes they yielded, all together */
};

/* Undo the codings of `in->header` from the last to the first, then those that
 * magic bytes show.  `a` and `b` are cleared and take turns; `out->bytes` lives
 * as long as the input and both of them.  Whatever comes back, except with
 * DAVY_NO_MEMORY, `out` is filled and its bytes are the best there is to judge:
 *
 *   DAVY_OK         everything was undone
 *   DAVY_DECLINED   the header names an unknown coding: nothing of the header
 *                   was undone, as browsers do
 *   DAVY_LIMIT      a bound or the depth was reached; what was decoded until
 *                   then was handed on
 *   DAVY_MALFORMED  a layer is cut off, corrupt or not coded at all; a layer
 *                   that yields nothing is taken as it is */
davy_status dv_decode_chain(const struct dv_chain_input *in, struct dv_buf *a,
                            struct dv_buf *b,
                            struct dv_chain_output *out) DV_MUST_CHECK;

#endif

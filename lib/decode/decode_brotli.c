/* SPDX-License-Identifier: MIT */
/* decode_brotli.c - undoes brotli (RFC 7932). */

#include "decode/decode_brotli.h"

#include <brotli/decode.h>

static bool
is_out_of_memory(const BrotliDecoderState *state)
{
    const BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state);

    return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES
           && code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

static davy_status
run(BrotliDecoderState *state, struct dv_span in, struct dv_sink *sink)
{
    for (;;) {
        uint8_t *at, *to;
        size_t room;
        BrotliDecoderResult answer;
        davy_status st = dv_sink_room(sink, &at, &room);

        if (st != DAVY_OK)
            return st;
        to = at;
        answer = BrotliDecoderDecompressStream(state, &in.len, &in.at, &room,
                                               &to, NULL);
        st = dv_sink_take(sink, (size_t)(to - at));
        if (st != DAVY_OK)
            return st;
        if (answer == BROTLI_DECODER_RESULT_SUCCESS)
            return DAVY_OK;
        if (answer != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            return is_out_of_memory(state) ? DAVY_NO_MEMORY : DAVY_MALFORMED;
    }
}

davy_status
dv_decode_brotli(struct dv_span in, const struct dv_decode_bounds *bounds,
                 struct dv_buf *out)
{
    BrotliDecoderState *const state
        = BrotliDecoderCreateInstance(dv_sink_alloc, dv_sink_free, out->mem);
    struct dv_sink sink;
    davy_status st;

    if (state == NULL)
        return DAVY_NO_MEMORY;
    dv_sink_init(&sink, out, in.len, bounds);
    st = run(state, in, &sink);
    BrotliDecoderDestroyInstance(state);
    return st;
}

/* SPDX-License-Identifier: MIT */
/* decode_zstd.c - undoes zstd (RFC 8878). */

/* For ZSTD_createDCtx_advanced: a window is 8 MiB, which must be accounted. */
#define ZSTD_STATIC_LINKING_ONLY

#include "decode/decode_zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

/* RFC 9659, 3: decoders of HTTP content take windows up to 8 MiB. */
#define WINDOW_LOG_MAX 23

/* RFC 8878, 3.1.1 and 3.1.2: a frame, or a frame to skip. */
static bool
is_frame(struct dv_span in)
{
    static const uint8_t frame[4] = { 0x28, 0xb5, 0x2f, 0xfd };
    static const uint8_t skip[3] = { 0x2a, 0x4d, 0x18 };

    if (in.len < 4)
        return false;
    return memcmp(in.at, frame, 4) == 0
           || (in.at[0] >> 4 == 5 && memcmp(in.at + 1, skip, 3) == 0);
}

static davy_status
status_of(size_t answer)
{
    switch (ZSTD_getErrorCode(answer)) {
    case ZSTD_error_memory_allocation:
        return DAVY_NO_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge:
        return DAVY_LIMIT;
    default:
        return DAVY_MALFORMED;
    }
}

/* Decode one frame and stand behind it. */
static davy_status
decode_frame(ZSTD_DCtx *zstd, struct dv_span *in, struct dv_sink *sink)
{
    for (;;) {
        ZSTD_inBuffer from = { in->at, in->len, 0 };
        ZSTD_outBuffer to = { NULL, 0, 0 };
        uint8_t *at;
        size_t answer;
        davy_status st = dv_sink_room(sink, &at, &to.size);

        if (st != DAVY_OK)
            return st;
        to.dst = at;
        answer = ZSTD_decompressStream(zstd, &to, &from);
        dv_span_skip(in, from.pos);
        st = dv_sink_take(sink, to.pos);
        if (st != DAVY_OK)
            return st;
        if (ZSTD_isError(answer))
            return status_of(answer);
        if (answer == 0)
            return DAVY_OK;
        if (in->len == 0 && to.pos < to.size)
            return DAVY_MALFORMED;      /* nothing more to read or flush */
    }
}

davy_status
dv_decode_zstd(struct dv_span in, const struct dv_decode_bounds *bounds,
               struct dv_buf *out)
{
    const ZSTD_customMem hooks = { dv_sink_alloc, dv_sink_free, out->mem };
    ZSTD_DCtx *const zstd = ZSTD_createDCtx_advanced(hooks);
    struct dv_sink sink;
    davy_status st = DAVY_MALFORMED;

    if (zstd == NULL)
        return DAVY_NO_MEMORY;
    dv_sink_init(&sink, out, in.len, bounds);
    if (ZSTD_isError(ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax,
                                            WINDOW_LOG_MAX)))
        goto done;
    do
        st = decode_frame(zstd, &in, &sink);
    while (st == DAVY_OK && is_frame(in));
done:
    ZSTD_freeDCtx(zstd);
    return st;
}

/* SPDX-License-Identifier: MIT */
/* decode_gzip.c - undoes gzip (RFC 1952), zlib (RFC 1950) and raw deflate
 * (RFC 1951). */

#include "decode/decode_gzip.h"

#include <limits.h>
#include <zlib.h>

/* windowBits of inflateInit2: the largest window, and the wrapper. */
enum wrapper { GZIP = 15 + 16, ZLIB = 15, RAW = -15 };

static void *
zlib_alloc(void *mem, unsigned items, unsigned size)
{
    size_t n;

    return dv_mem_mul(items, size, &n) ? dv_sink_alloc(mem, n) : NULL;
}

/* Give the stream its next input and room; both counters are 32 bits wide. */
static davy_status
refill(z_stream *z, struct dv_span in, struct dv_sink *sink, uint8_t **at)
{
    size_t room;
    const davy_status st = dv_sink_room(sink, at, &room);

    if (st != DAVY_OK)
        return st;
    /* zlib does not write through next_in; its type is older than const. */
    z->next_in = (Bytef *)(uintptr_t)in.at;
    z->avail_in = in.len > UINT_MAX ? UINT_MAX : (uInt)in.len;
    z->next_out = *at;
    z->avail_out = room > UINT_MAX ? UINT_MAX : (uInt)room;
    return DAVY_OK;
}

/* Decode one stream and stand behind it. */
static davy_status
inflate_stream(z_stream *z, struct dv_span *in, struct dv_sink *sink)
{
    for (;;) {
        uint8_t *at;
        davy_status st = refill(z, *in, sink, &at);
        int answer;

        if (st != DAVY_OK)
            return st;
        answer = inflate(z, Z_NO_FLUSH);
        dv_span_skip(in, (size_t)(z->next_in - in->at));
        st = dv_sink_take(sink, (size_t)(z->next_out - at));
        if (st != DAVY_OK)
            return st;
        if (answer == Z_STREAM_END)
            return DAVY_OK;
        if (answer == Z_MEM_ERROR)
            return DAVY_NO_MEMORY;
        if (answer != Z_OK)
            return DAVY_MALFORMED;      /* Z_BUF_ERROR: input is cut off */
    }
}

static bool
is_gzip(struct dv_span in)
{
    return in.len >= 2 && in.at[0] == 0x1f && in.at[1] == 0x8b;
}

static davy_status
decode(struct dv_span in, enum wrapper wrapper,
       const struct dv_decode_bounds *bounds, struct dv_buf *out)
{
    z_stream z = { .zalloc = zlib_alloc,
                   .zfree = dv_sink_free,
                   .opaque = out->mem };
    struct dv_sink sink;
    davy_status st;

    dv_sink_init(&sink, out, in.len, bounds);
    if (inflateInit2(&z, wrapper) != Z_OK)
        return DAVY_NO_MEMORY;
    st = inflate_stream(&z, &in, &sink);
    while (st == DAVY_OK && wrapper == GZIP && is_gzip(in)) {
        if (inflateReset(&z) != Z_OK)
            break;
        st = inflate_stream(&z, &in, &sink);
    }
    inflateEnd(&z);
    return st;
}

davy_status
dv_decode_gzip(struct dv_span in, const struct dv_decode_bounds *bounds,
               struct dv_buf *out)
{
    return decode(in, GZIP, bounds, out);
}

/* RFC 1950, 2.2: deflate, a window of at most 32 KB, no dictionary, and a
 * check sum of the first two bytes. */
static bool
is_zlib(struct dv_span in)
{
    return in.len >= 2 && (in.at[0] & 0x0f) == 8 && in.at[0] >> 4 <= 7
           && (in.at[0] << 8 | in.at[1]) % 31 == 0;
}

davy_status
dv_decode_deflate(struct dv_span in, const struct dv_decode_bounds *bounds,
                  struct dv_buf *out)
{
    const size_t before = out->len;
    size_t between;
    davy_status as_zlib, as_raw;

    if (!is_zlib(in))
        return decode(in, RAW, bounds, out);
    as_zlib = decode(in, ZLIB, bounds, out);
    if (as_zlib != DAVY_MALFORMED)
        return as_zlib;

    /* Two bytes are a weak sign: read broken zlib as raw too, and keep what
     * has more to it. */
    between = out->len;
    as_raw = decode(in, RAW, bounds, out);
    if (as_raw == DAVY_NO_MEMORY)
        return as_raw;
    if (as_raw == DAVY_MALFORMED && out->len - between <= between - before) {
        out->len = between;
        return as_zlib;
    }
    if (out->len != between)
        memmove(out->at + before, out->at + between, out->len - between);
    out->len -= between - before;
    return as_raw;
}

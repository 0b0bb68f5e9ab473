/* SPDX-License-Identifier: MIT */
/* ws_inflate.c - raw deflate (RFC 1951) over the messages of a direction. */

#include "frame/ws_inflate.h"

#include <zlib.h>

#include "decode/decode_sink.h"

/* Text that is handed on at once. */
#define ROOM 4096

/* The largest window; a peer that agreed on less uses less. */
#define WINDOW_BITS (-15)
#define WINDOW      ((uInt)32768)

static void *
zlib_alloc(void *mem, unsigned items, unsigned size)
{
    size_t n;

    return dv_mem_mul(items, size, &n) ? dv_sink_alloc(mem, n) : NULL;
}

void
dv_ws_inflate_init(struct dv_ws_inflate *w, struct dv_mem *mem,
                   bool forgets, struct dv_ws_growth growth)
{
    *w = (struct dv_ws_inflate){ .mem = mem, .forgets = forgets,
                                       .growth = growth };
}

void
dv_ws_inflate_fini(struct dv_ws_inflate *w)
{
    z_stream *z = w->stream;

    if (z == NULL)
        return;
    (void)inflateEnd(z);
    dv_mem_free(w->mem, z, sizeof(*z));
    w->stream = NULL;
}

static davy_status
start(struct dv_ws_inflate *w)
{
    z_stream *z;

    if (w->stream != NULL)
        return DAVY_OK;
    z = dv_mem_calloc(w->mem, 1, sizeof(*z));
    if (z == NULL)
        return DAVY_NO_MEMORY;
    z->zalloc = zlib_alloc;
    z->zfree = dv_sink_free;
    z->opaque = w->mem;
    if (inflateInit2(z, WINDOW_BITS) != Z_OK) {
        dv_mem_free(w->mem, z, sizeof(*z));
        return DAVY_NO_MEMORY;
    }
    w->stream = z;
    return DAVY_OK;
}

/* Count what came out; the ratio is over all messages of the direction. */
static davy_status
grow(struct dv_ws_inflate *w, size_t bytes)
{
    w->out += bytes;
    return w->out > w->growth.grace + w->in * w->growth.ratio
               ? DAVY_LIMIT : DAVY_OK;
}

/* A final block may stand in a message (7.2.3.5), and the window goes on
 * behind it; zlib forgets it.  Copying the window is work that two bytes can
 * ask for, so it counts as text. */
static davy_status
go_on(struct dv_ws_inflate *w)
{
    z_stream *z = w->stream;
    uint8_t *window = dv_mem_alloc(w->mem, WINDOW);
    uInt length = WINDOW;
    davy_status st = DAVY_NO_MEMORY;

    if (window == NULL)
        return st;
    if (inflateGetDictionary(z, window, &length) == Z_OK
        && inflateReset(z) == Z_OK
        && inflateSetDictionary(z, window, length) == Z_OK)
        st = grow(w, WINDOW);
    dv_mem_free(w->mem, window, WINDOW);
    return st;
}

/* Inflate what stands in z->next_in. */
static davy_status
run(struct dv_ws_inflate *w, dv_ws_text sink, void *ctx)
{
    z_stream *z = w->stream;

    for (;;) {
        const uInt left = z->avail_in;
        uint8_t room[ROOM];
        davy_status st;
        int answer;

        z->next_out = room;
        z->avail_out = ROOM;
        answer = inflate(z, Z_SYNC_FLUSH);
        w->in += left - z->avail_in;
        if (answer == Z_MEM_ERROR)
            return DAVY_NO_MEMORY;
        st = grow(w, ROOM - z->avail_out);
        if (st == DAVY_OK && z->avail_out < ROOM)
            st = sink(ctx, dv_span_of(room, ROOM - z->avail_out));
        /* What came before the fault was said all the same. */
        if (st == DAVY_OK && answer != Z_OK && answer != Z_STREAM_END
            && answer != Z_BUF_ERROR)
            st = DAVY_MALFORMED;
        if (st == DAVY_OK && answer == Z_STREAM_END)
            st = go_on(w);
        else if (st == DAVY_OK && z->avail_out > 0)
            return DAVY_OK;             /* it wants more input */
        if (st != DAVY_OK)
            return st;
    }
}

static davy_status
feed(struct dv_ws_inflate *w, struct dv_span in, dv_ws_text sink,
     void *ctx)
{
    davy_status st = start(w);
    z_stream *z = w->stream;

    if (st != DAVY_OK)
        return st;
    /* zlib does not write through next_in; its type is older than const. */
    z->next_in = (Bytef *)(uintptr_t)in.at;
    z->avail_in = (uInt)in.len;
    return run(w, sink, ctx);
}

davy_status
dv_ws_inflate_feed(struct dv_ws_inflate *w, struct dv_span in,
                   dv_ws_text sink, void *ctx)
{
    while (in.len > 0) {
        const struct dv_span piece = dv_span_slice(in, 0, (size_t)1 << 30);
        davy_status st;

        st = feed(w, piece, sink, ctx);
        if (st != DAVY_OK)
            return st;
        dv_span_skip(&in, piece.len);
    }
    return DAVY_OK;
}

davy_status
dv_ws_inflate_end(struct dv_ws_inflate *w, dv_ws_text sink, void *ctx)
{
    /* The end of an empty block, which senders leave away (7.2.1). */
    static const uint8_t tail[] = { 0x00, 0x00, 0xff, 0xff };
    const davy_status st = feed(w, dv_span_of(tail, sizeof(tail)), sink,
                                ctx);

    if (w->forgets)
        dv_ws_inflate_fini(w);
    return st;
}

/* SPDX-License-Identifier: MIT */
/* native_inflate.c - undoes deflate and gzip as they stream. */

#include "native/native_inflate.h"

#include <limits.h>
#include <zlib.h>

#include "decode/decode_sink.h"

/* Output that is handed on at once. */
#define ROOM ((size_t)32 << 10)

/* windowBits of inflateReset2: the largest window, and the wrapper. */
#define GZIP_BITS (15 + 16)
#define RAW_BITS  (-15)

static void *
zlib_alloc(void *mem, unsigned items, unsigned size)
{
    size_t n;

    return dv_mem_mul(items, size, &n) ? dv_sink_alloc(mem, n) : NULL;
}

void
dv_native_inflate_init(struct dv_native_inflate *w, struct dv_mem *mem)
{
    *w = (struct dv_native_inflate){ .mem = mem };
}

void
dv_native_inflate_fini(struct dv_native_inflate *w)
{
    z_stream *z = w->stream;

    if (z != NULL) {
        (void)inflateEnd(z);
        dv_mem_free(w->mem, z, sizeof(*z));
    }
    dv_mem_free(w->mem, w->room, ROOM);
    w->stream = NULL;
    w->room = NULL;
}

static davy_status
make(struct dv_native_inflate *w)
{
    z_stream *z;

    w->room = dv_mem_alloc(w->mem, ROOM);
    z = dv_mem_calloc(w->mem, 1, sizeof(*z));
    if (w->room != NULL && z != NULL) {
        z->zalloc = zlib_alloc;
        z->zfree = dv_sink_free;
        z->opaque = w->mem;
        if (inflateInit2(z, RAW_BITS) == Z_OK) {
            w->stream = z;
            return DAVY_OK;
        }
    }
    dv_mem_free(w->mem, z, sizeof(*z));
    dv_mem_free(w->mem, w->room, ROOM);
    w->room = NULL;
    return DAVY_NO_MEMORY;
}

davy_status
dv_native_inflate_begin(struct dv_native_inflate *w, bool is_gzip)
{
    if (w->stream == NULL) {
        const davy_status st = make(w);

        if (st != DAVY_OK)
            return st;
    }
    w->is_gzip = is_gzip;
    return inflateReset2(w->stream, is_gzip ? GZIP_BITS : RAW_BITS)
                   == Z_OK
               ? DAVY_OK : DAVY_NO_MEMORY;
}

davy_status
dv_native_inflate_next(struct dv_native_inflate *w, struct dv_span *in,
                       struct dv_span *out)
{
    z_stream *z = w->stream;
    int answer;

    /* zlib does not write through next_in; its type is older than const. */
    z->next_in = (Bytef *)(uintptr_t)in->at;
    z->avail_in = in->len > UINT_MAX ? UINT_MAX : (uInt)in->len;
    z->next_out = w->room;
    z->avail_out = (uInt)ROOM;
    answer = inflate(z, Z_NO_FLUSH);
    if (in->len > 0)
        dv_span_skip(in, (size_t)(z->next_in - in->at));
    *out = dv_span_of(w->room, ROOM - z->avail_out);
    switch (answer) {
    case Z_STREAM_END:
        return DAVY_OK;
    case Z_OK:
    case Z_BUF_ERROR:
        return DAVY_MORE;
    case Z_MEM_ERROR:
        return DAVY_NO_MEMORY;
    default:
        return DAVY_MALFORMED;
    }
}

davy_status
dv_native_inflate_head(struct dv_mem *mem, struct dv_span gzip, uint8_t *room,
                       size_t size, struct dv_span *head)
{
    struct dv_native_inflate inflate;
    struct dv_span out = { NULL, 0 };
    davy_status st;
    size_t n = 0;

    dv_native_inflate_init(&inflate, mem);
    st = dv_native_inflate_begin(&inflate, true);
    while (st == DAVY_OK || st == DAVY_MORE) {
        st = dv_native_inflate_next(&inflate, &gzip, &out);
        out = dv_span_slice(out, 0, size - n);
        if (st != DAVY_NO_MEMORY && out.len > 0)
            memcpy(room + n, out.at, out.len);
        n += out.len;
        if (st == DAVY_OK || n == size || out.len == 0)
            break;
    }
    dv_native_inflate_fini(&inflate);
    *head = dv_span_of(room, n);
    return st == DAVY_NO_MEMORY ? st : DAVY_OK;
}

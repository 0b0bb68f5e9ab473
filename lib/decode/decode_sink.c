/* SPDX-License-Identifier: MIT */
/* decode_sink.c - gives decompressors room as long as their bound allows. */

#include "decode/decode_sink.h"

#include <stdalign.h>

/* Room that is asked for at once; buffers double anyway. */
#define STEP ((size_t)16 << 10)

/* What stands before each block: its size, padded so that the block behind it
 * is aligned for any object. */
union head {
    size_t size;
    max_align_t align;
};

void
dv_sink_init(struct dv_sink *sink, struct dv_buf *out, size_t coded,
             const struct dv_decode_bounds *bounds)
{
    size_t most;

    if (!dv_mem_mul(coded, bounds->max_ratio, &most)
        || !dv_mem_add(most, DV_DECODE_GRACE, &most)
        || most > bounds->max_bytes)
        most = bounds->max_bytes;
    if (most > out->max - out->len)
        most = out->max - out->len;
    *sink = (struct dv_sink){ .out = out, .left = most };
}

davy_status
dv_sink_room(struct dv_sink *sink, uint8_t **at, size_t *n)
{
    struct dv_buf *const out = sink->out;
    davy_status st;

    sink->is_spilling = sink->left == 0;
    if (sink->is_spilling) {
        *at = &sink->spill;
        *n = 1;
        return DAVY_OK;
    }
    st = dv_buf_reserve(out, sink->left < STEP ? sink->left : STEP);
    if (st != DAVY_OK)
        return st;
    *at = out->at + out->len;
    *n = out->cap - out->len;
    if (*n > sink->left)
        *n = sink->left;
    return DAVY_OK;
}

davy_status
dv_sink_take(struct dv_sink *sink, size_t n)
{
    if (sink->is_spilling)
        return n == 0 ? DAVY_OK : DAVY_LIMIT;
    sink->out->len += n;
    sink->left -= n;
    return DAVY_OK;
}

void *
dv_sink_alloc(void *mem, size_t n)
{
    union head *head;
    size_t size;

    if (!dv_mem_add(n, sizeof(*head), &size))
        return NULL;
    head = dv_mem_alloc(mem, size);
    if (head == NULL)
        return NULL;
    head->size = size;
    return head + 1;
}

void
dv_sink_free(void *mem, void *at)
{
    union head *head = at;

    if (at == NULL)
        return;
    head--;
    dv_mem_free(mem, head, head->size);
}

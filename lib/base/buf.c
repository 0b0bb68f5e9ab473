/* SPDX-License-Identifier: MIT */
/* buf.c - growing a byte buffer, never past its maximum. */

#include "base/buf.h"

#define FIRST_CAPACITY ((size_t)256)

void
dv_buf_init(struct dv_buf *buf, struct dv_mem *mem, size_t max)
{
    *buf = (struct dv_buf){ .mem = mem, .max = max };
}

void
dv_buf_fini(struct dv_buf *buf)
{
    dv_mem_free(buf->mem, buf->at, buf->cap);
    dv_buf_init(buf, buf->mem, buf->max);
}

void
dv_buf_clear(struct dv_buf *buf)
{
    buf->len = 0;
}

static size_t
grown_capacity(const struct dv_buf *buf, size_t needed)
{
    size_t cap = buf->cap == 0 ? FIRST_CAPACITY : buf->cap;

    while (cap < needed)
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    return cap > buf->max ? buf->max : cap;
}

davy_status
dv_buf_reserve(struct dv_buf *buf, size_t n)
{
    size_t cap;
    uint8_t *moved;

    if (n <= buf->cap - buf->len)
        return DAVY_OK;
    if (n > buf->max - buf->len)
        return DAVY_LIMIT;
    cap = grown_capacity(buf, buf->len + n);
    moved = dv_mem_realloc(buf->mem, buf->at, buf->cap, cap);
    if (moved == NULL)
        return DAVY_NO_MEMORY;
    buf->at = moved;
    buf->cap = cap;
    return DAVY_OK;
}

davy_status
dv_buf_append_byte(struct dv_buf *buf, uint8_t byte)
{
    return dv_buf_append(buf, dv_span_of(&byte, 1));
}

davy_status
dv_buf_append_cstr(struct dv_buf *buf, const char *text)
{
    return dv_buf_append(buf, dv_span_cstr(text));
}

/* SPDX-License-Identifier: MIT */
/* buf.h - owned bytes that grow up to a maximum. */

#ifndef DV_BUF_H
#define DV_BUF_H

#include "base/mem.h"
#include "base/span.h"

/* A buffer cannot exist without its maximum. */
struct dv_buf {
    struct dv_mem *mem;
    uint8_t *at;
    size_t len;
    size_t cap;
    size_t max;
};

void dv_buf_init(struct dv_buf *buf, struct dv_mem *mem, size_t max);
void dv_buf_fini(struct dv_buf *buf);

/* Forget the bytes, keep the room. */
void dv_buf_clear(struct dv_buf *buf);

/* Make room for `n` more bytes.  DAVY_LIMIT beyond max, DAVY_NO_MEMORY when
 * refused; the content stays in both cases. */
davy_status dv_buf_reserve(struct dv_buf *buf, size_t n) DV_MUST_CHECK;

/* Same answers as dv_buf_reserve; all of the bytes or none. */
DV_MUST_CHECK static inline davy_status
dv_buf_append(struct dv_buf *buf, struct dv_span bytes)
{
    if (DV_UNLIKELY(bytes.len > buf->cap - buf->len)) {
        const davy_status st = dv_buf_reserve(buf, bytes.len);

        if (st != DAVY_OK)
            return st;
    }
    if (bytes.len > 0)
        memcpy(buf->at + buf->len, bytes.at, bytes.len);
    buf->len += bytes.len;
    return DAVY_OK;
}

davy_status dv_buf_append_byte(struct dv_buf *buf, uint8_t byte)
    DV_MUST_CHECK;
davy_status dv_buf_append_cstr(struct dv_buf *buf, const char *text)
    DV_MUST_CHECK;

/* The content; valid until the next append or fini. */
static inline struct dv_span
dv_buf_span(const struct dv_buf *buf)
{
    return dv_span_of(buf->at, buf->len);
}

#endif

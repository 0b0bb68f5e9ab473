/* SPDX-License-Identifier: MIT */
/* decode_wtf8.c - writes text in which halves of pairs find each other. */

#include "decode/decode_wtf8.h"

#include "base/utf8.h"

static bool
is_surrogate_at(const uint8_t *at, size_t n)
{
    return n >= 3 && at[0] == 0xed && at[1] >= 0xa0 && at[1] <= 0xbf
           && at[2] >= 0x80 && at[2] <= 0xbf;
}

static uint32_t
surrogate_at(const uint8_t *at)
{
    return 0xd000u | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
}

size_t
dv_wtf8_read(struct dv_span text, uint32_t *code_point)
{
    if (!is_surrogate_at(text.at, text.len))
        return dv_utf8_read(text, code_point);
    *code_point = surrogate_at(text.at);
    return 3;
}

void
dv_wtf8_put(struct dv_wtf8_writer *w, uint32_t c)
{
    if (c >= 0xdc00 && c <= 0xdfff && w->to - w->start >= 3
        && is_surrogate_at(w->to - 3, 3)) {
        const uint32_t high = surrogate_at(w->to - 3);

        if (high < 0xdc00) {
            w->to -= 3;
            c = 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00);
        }
    }
    w->to += dv_utf8_write(c, w->to);
}

void
dv_wtf8_put_text(struct dv_wtf8_writer *w, struct dv_span text)
{
    if (is_surrogate_at(text.at, text.len)) {
        dv_wtf8_put(w, surrogate_at(text.at));
        dv_span_skip(&text, 3);
    }
    if (text.len != 0)
        memcpy(w->to, text.at, text.len);
    w->to += text.len;
}

davy_status
dv_wtf8_begin(struct dv_wtf8_writer *w, struct dv_buf *out, size_t most)
{
    /* One more byte, so that `at` is never NULL. */
    const davy_status st = dv_buf_reserve(out, most == 0 ? 1 : most);

    if (st == DAVY_OK)
        w->start = w->to = out->at + out->len;
    return st;
}

void
dv_wtf8_end(const struct dv_wtf8_writer *w, struct dv_buf *out)
{
    out->len = (size_t)(w->to - out->at);
}

davy_status
dv_wtf8_from_bytes(struct dv_span bytes, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    size_t most = bytes.len;
    davy_status st;

    for (size_t i = 0; i < bytes.len; i++)
        most += bytes.at[i] >> 7;
    st = dv_wtf8_begin(&w, out, most);
    if (st != DAVY_OK)
        return st;
    for (size_t i = 0; i < bytes.len; i++)
        w.to += dv_utf8_write(bytes.at[i], w.to);
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

davy_status
dv_wtf8_to_bytes(struct dv_span text, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    const davy_status st = dv_wtf8_begin(&w, out, text.len);

    if (st != DAVY_OK)
        return st;
    while (text.len > 0) {
        uint32_t c;

        dv_span_skip(&text, dv_wtf8_read(text, &c));
        if (c > 0xff)
            return DAVY_MALFORMED;
        *w.to++ = (uint8_t)c;
    }
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

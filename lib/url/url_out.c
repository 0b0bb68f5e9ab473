/* SPDX-License-Identifier: MIT */
/* url_out.c - a growing text in an arena; percent-encode sets (URL Standard,
 * 1.3) as one table of bits. */

#include "url/url_out.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* Made from the lists of the standard, each of which adds to the one before:
 * C0 (1), fragment (2: space " < > `), query (4: space " # < >), special query
 * (8: and '), path (16: query and ? ^ ` { }), userinfo (32: path and
 * / : ; = @ [ \ ] |). */
const uint8_t dv_url_out_sets[256] = {
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 62, 0, 62, 60, 0, 0, 0,
    8, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 32, 62, 32,
    62, 48, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 32, 32, 32, 48, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 48, 32, 48, 0, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63
};

static const char hex_digits[] = "0123456789ABCDEF";

void
dv_url_out_init(struct dv_url_out *out, struct dv_arena *arena)
{
    out->arena = arena;
    out->at = out->small;
    out->len = 0;
    out->cap = sizeof(out->small);
    out->has_failed = false;
}

/* Room for `n` more bytes.  Doubling leaves at most as much again behind in
 * the arena. */
static bool
reserve(struct dv_url_out *out, size_t n)
{
    size_t needed;
    uint8_t *moved;

    if (DV_LIKELY(n <= out->cap - out->len))
        return true;
    if (out->has_failed || !dv_mem_add(out->len, n, &needed)
        || !dv_mem_mul(needed, 2, &needed)
        || (moved = dv_arena_bytes(out->arena, needed)) == NULL) {
        out->has_failed = true;
        return false;
    }
    memcpy(moved, out->at, out->len);
    out->at = moved;
    out->cap = needed;
    return true;
}

void
dv_url_out_put(struct dv_url_out *out, struct dv_span bytes)
{
    if (bytes.len == 0 || !reserve(out, bytes.len))
        return;
    memcpy(out->at + out->len, bytes.at, bytes.len);
    out->len += bytes.len;
}

void
dv_url_out_byte(struct dv_url_out *out, uint8_t byte)
{
    if (reserve(out, 1))
        out->at[out->len++] = byte;
}

static void
put_encoded(struct dv_url_out *out, uint8_t byte)
{
    const uint8_t text[3] = { '%', (uint8_t)hex_digits[byte >> 4],
                              (uint8_t)hex_digits[byte & 15] };

    dv_url_out_put(out, dv_span_of(text, sizeof(text)));
}

/* Encode the code point at the front; returns the bytes it took. */
static size_t
encode_code_point(struct dv_url_out *out, struct dv_span bytes)
{
    uint8_t utf8[DV_UTF8_MAX];
    uint32_t c;
    const size_t taken = dv_utf8_read(bytes, &c);
    const size_t n = dv_utf8_write(c, utf8);

    for (size_t i = 0; i < n; i++)
        put_encoded(out, utf8[i]);
    return taken;
}

void
dv_url_out_encode(struct dv_url_out *out, struct dv_span bytes,
                  enum dv_url_set set)
{
    while (bytes.len != 0 && !out->has_failed) {
        size_t plain = 0;

        while (plain < bytes.len
               && dv_url_out_is_plain(bytes.at[plain], set))
            plain++;
        dv_url_out_put(out, dv_span_of(bytes.at, plain));
        dv_span_skip(&bytes, plain);
        if (bytes.len != 0)
            dv_span_skip(&bytes, encode_code_point(out, bytes));
    }
}

void
dv_url_out_insert(struct dv_url_out *out, size_t at, struct dv_span bytes)
{
    if (!reserve(out, bytes.len))
        return;
    memmove(out->at + at + bytes.len, out->at + at, out->len - at);
    memcpy(out->at + at, bytes.at, bytes.len);
    out->len += bytes.len;
}

bool
dv_url_out_finish(struct dv_url_out *out, struct dv_span *text)
{
    if (out->has_failed)
        return false;
    *text = dv_span_of(out->at, out->len);
    if (out->at != out->small)
        return true;
    return dv_arena_copy(out->arena, *text, text);
}

bool
dv_url_percent_decode(struct dv_arena *arena, struct dv_span bytes,
                      struct dv_span *decoded)
{
    uint8_t *to = dv_arena_bytes(arena, bytes.len);
    size_t n = 0;

    if (to == NULL)
        return false;
    for (size_t i = 0; i < bytes.len; i++) {
        to[n] = bytes.at[i];
        if (bytes.at[i] == '%' && bytes.len - i > 2) {
            const int high = dv_ascii_hex(bytes.at[i + 1]);
            const int low = dv_ascii_hex(bytes.at[i + 2]);

            if (high >= 0 && low >= 0) {
                to[n] = (uint8_t)(high << 4 | low);
                i += 2;
            }
        }
        n++;
    }
    *decoded = dv_span_of(to, n);
    return true;
}

/* SPDX-License-Identifier: MIT */
/* decode_percent.c - %XX and %uXXXX to text and back (WHATWG URL 1.3; ECMA-262
 * 19.2.6 and B.2.1). */

#include "decode/decode_percent.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "decode/decode_wtf8.h"

static const char digits[] = "0123456789ABCDEF";

/* Sets of bytes that a function leaves alone (ECMA-262, 19.2.6.1-5, B.2.1.1);
 * letters and digits are in each. */
static const char uri_marks[] = "-_.!~*'()";
static const char uri_reserved[] = ";/?:@&=+$,#";
static const char escape_marks[] = "@*_+-./";

/* The number in `n` hexadecimal digits at the front, or -1. */
static int32_t
hex_number(struct dv_span text, size_t n)
{
    int32_t value = 0;

    if (text.len < n)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const int digit = dv_ascii_hex(text.at[i]);

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The byte of a %XX at the front, or -1. */
static int32_t
percent_byte(struct dv_span text)
{
    if (text.len < 3 || text.at[0] != '%')
        return -1;
    return hex_number(dv_span_slice(text, 1, 2), 2);
}

static bool
is_in(const char *set, uint32_t c)
{
    return c != 0 && c < 0x80 && strchr(set, (int)c) != NULL;
}

/* Write everything up to the next '%' and stand before it. */
static void
put_plain(struct dv_wtf8_writer *w, struct dv_span *in)
{
    const size_t n = dv_span_find_byte(*in, '%');

    if (n != 0)
        dv_wtf8_put_text(w, dv_span_slice(*in, 0, n));
    dv_span_skip(in, n);
}

davy_status
dv_decode_percent(struct dv_span in, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    const davy_status st = dv_wtf8_begin(&w, out, in.len);

    if (st != DAVY_OK)
        return st;
    while (in.len > 0) {
        const int32_t byte = percent_byte(in);
        size_t n = 3;

        if (byte >= 0) {
            *w.to++ = (uint8_t)byte;
        } else {
            /* These are bytes, not text: nothing is joined. */
            n = 1 + dv_span_find_byte(dv_span_slice(in, 1, in.len), '%');
            memcpy(w.to, in.at, n);
            w.to += n;
        }
        dv_span_skip(&in, n);
    }
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

/* Read the bytes of one code point, all of them as %XX (ECMA-262 19.2.6.6,
 * step 4.b).  Returns how much of `in` they take, 0 when malformed. */
static size_t
read_escaped(struct dv_span in, uint32_t *code_point)
{
    uint8_t bytes[DV_UTF8_MAX];
    size_t n = 0;
    size_t taken;

    while (n < DV_UTF8_MAX) {
        const int32_t byte = percent_byte(dv_span_slice(in, 3 * n, 3));

        if (byte < 0)
            break;
        bytes[n++] = (uint8_t)byte;
        if (dv_utf8_read_strict(dv_span_of(bytes, n), code_point, &taken))
            return 3 * n;
    }
    return 0;
}

static davy_status
decode_uri(struct dv_span in, const char *preserved, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    const davy_status st = dv_wtf8_begin(&w, out, in.len);

    if (st != DAVY_OK)
        return st;
    for (put_plain(&w, &in); in.len > 0; put_plain(&w, &in)) {
        uint32_t c;
        const size_t n = read_escaped(in, &c);

        if (n == 0)
            return DAVY_MALFORMED;
        if (is_in(preserved, c))
            dv_wtf8_put_text(&w, dv_span_slice(in, 0, n));
        else
            dv_wtf8_put(&w, c);
        dv_span_skip(&in, n);
    }
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

davy_status
dv_decode_uri_component(struct dv_span in, struct dv_buf *out)
{
    return decode_uri(in, "", out);
}

davy_status
dv_decode_uri(struct dv_span in, struct dv_buf *out)
{
    return decode_uri(in, uri_reserved, out);
}

davy_status
dv_decode_unescape(struct dv_span in, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    const davy_status st = dv_wtf8_begin(&w, out, in.len);

    if (st != DAVY_OK)
        return st;
    for (put_plain(&w, &in); in.len > 0; put_plain(&w, &in)) {
        const bool is_wide = in.len >= 6 && in.at[1] == 'u';
        size_t n = is_wide ? 6 : 3;
        const int32_t unit = is_wide ? hex_number(dv_span_slice(in, 2, 4), 4)
                                     : percent_byte(in);

        if (unit >= 0) {
            dv_wtf8_put(&w, (uint32_t)unit);
        } else {
            *w.to++ = '%';
            n = 1;
        }
        dv_span_skip(&in, n);
    }
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

static davy_status
put_escaped_byte(struct dv_buf *out, uint8_t byte)
{
    const uint8_t text[3] = { '%', (uint8_t)digits[byte >> 4],
                              (uint8_t)digits[byte & 15] };

    return dv_buf_append(out, dv_span_of(text, sizeof(text)));
}

static davy_status
put_escaped_unit(struct dv_buf *out, uint32_t unit)
{
    const uint8_t text[6] = { '%', 'u', (uint8_t)digits[unit >> 12],
                              (uint8_t)digits[unit >> 8 & 15],
                              (uint8_t)digits[unit >> 4 & 15],
                              (uint8_t)digits[unit & 15] };

    return dv_buf_append(out, dv_span_of(text, sizeof(text)));
}

static davy_status
put_uri_escaped(struct dv_buf *out, uint32_t c)
{
    uint8_t bytes[DV_UTF8_MAX];
    const size_t n = dv_utf8_write(c, bytes);
    davy_status st = DAVY_OK;

    if (dv_wtf8_is_surrogate(c))
        return DAVY_MALFORMED;
    for (size_t i = 0; i < n && st == DAVY_OK; i++)
        st = put_escaped_byte(out, bytes[i]);
    return st;
}

static davy_status
put_escaped(struct dv_buf *out, uint32_t c)
{
    davy_status st;

    if (c < 0x100)
        return put_escaped_byte(out, (uint8_t)c);
    if (c < 0x10000)
        return put_escaped_unit(out, c);
    st = put_escaped_unit(out, 0xd800 + ((c - 0x10000) >> 10));
    if (st == DAVY_OK)
        st = put_escaped_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
    return st;
}

/* Copy what is plain, hand everything else to `put`. */
static davy_status
encode(struct dv_span in, const char *marks, const char *more_marks,
       davy_status (*put)(struct dv_buf *, uint32_t), struct dv_buf *out)
{
    const size_t before = out->len;
    davy_status st = DAVY_OK;

    while (in.len > 0 && st == DAVY_OK) {
        uint32_t c;
        const size_t n = dv_wtf8_read(in, &c);

        if (dv_ascii_is_alnum(c) || is_in(marks, c) || is_in(more_marks, c))
            st = dv_buf_append_byte(out, (uint8_t)c);
        else
            st = put(out, c);
        dv_span_skip(&in, n);
    }
    if (st != DAVY_OK)
        out->len = before;
    return st;
}

davy_status
dv_encode_uri_component(struct dv_span in, struct dv_buf *out)
{
    return encode(in, uri_marks, "", put_uri_escaped, out);
}

davy_status
dv_encode_uri(struct dv_span in, struct dv_buf *out)
{
    return encode(in, uri_marks, uri_reserved, put_uri_escaped, out);
}

davy_status
dv_encode_escape(struct dv_span in, struct dv_buf *out)
{
    return encode(in, escape_marks, "", put_escaped, out);
}

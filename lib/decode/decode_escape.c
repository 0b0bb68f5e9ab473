/* SPDX-License-Identifier: MIT */
/* decode_escape.c - undoes the backslash escapes of JavaScript strings
 * (ECMA-262 12.9.4, B.1.2). */

#include "decode/decode_escape.h"

#include "base/ascii.h"
#include "decode/decode_wtf8.h"

/* What an escape means. */
struct escape {
    size_t len;                         /* with its backslash */
    uint32_t code_point;
    bool is_nothing;                    /* an escaped line end */
};

/* \xNN and \uNNNN: exactly `n` digits from `from`. */
static bool
read_hex(struct dv_span in, size_t from, size_t n, struct escape *e)
{
    uint32_t value = 0;

    if (in.len < from + n)
        return false;
    for (size_t i = from; i < from + n; i++) {
        const int digit = dv_ascii_hex(in.at[i]);

        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *e = (struct escape){ .len = from + n, .code_point = value };
    return true;
}

/* \u{N}: any number of digits that stays within Unicode. */
static bool
read_braced(struct dv_span in, struct escape *e)
{
    uint32_t value = 0;
    size_t i = 3;

    for (; i < in.len && dv_ascii_hex(in.at[i]) >= 0; i++) {
        value = value << 4 | (uint32_t)dv_ascii_hex(in.at[i]);
        if (value > 0x10ffff)
            return false;
    }
    if (i == 3 || i == in.len || in.at[i] != '}')
        return false;
    *e = (struct escape){ .len = i + 1, .code_point = value };
    return true;
}

/* \NNN: up to three octal digits that stay below 256. */
static void
read_octal(struct dv_span in, struct escape *e)
{
    *e = (struct escape){ .len = 1 };
    for (; e->len < in.len && e->len < 4; e->len++) {
        const uint32_t digit = (uint32_t)in.at[e->len] - '0';

        if (digit > 7 || e->code_point * 8 + digit > 255)
            return;
        e->code_point = e->code_point * 8 + digit;
    }
}

/* An escaped line end is nothing: LF, CR, CR LF, U+2028, U+2029. */
static bool
read_line_end(struct dv_span in, struct escape *e)
{
    size_t len = 2;

    if (in.len >= 3 && in.at[1] == '\r' && in.at[2] == '\n')
        len = 3;
    else if (in.len >= 4 && in.at[1] == 0xe2 && in.at[2] == 0x80
             && (in.at[3] == 0xa8 || in.at[3] == 0xa9))
        len = 4;
    else if (in.at[1] != '\n' && in.at[1] != '\r')
        return false;
    *e = (struct escape){ .len = len, .is_nothing = true };
    return true;
}

/* Read the escape at the front: a backslash and at least one byte.  False
 * when it is none. */
static bool
read_escape(struct dv_span in, struct escape *e)
{
    static const char names[] = "bfnrtv";
    static const char values[] = "\b\f\n\r\t\v";
    const uint8_t c = in.at[1];
    const char *name;

    if (c == 'x')
        return read_hex(in, 2, 2, e);
    if (c == 'u' && in.len > 2 && in.at[2] == '{')
        return read_braced(in, e);
    if (c == 'u')
        return read_hex(in, 2, 4, e);
    if (c >= '0' && c <= '7') {
        read_octal(in, e);
        return true;
    }
    if (read_line_end(in, e))
        return true;
    name = c == 0 ? NULL : strchr(names, c);
    if (name == NULL)
        return false;
    *e = (struct escape){ .len = 2,
                          .code_point = (uint8_t)values[name - names] };
    return true;
}

/* A backslash before something else: \\ is one, \q is q, and a broken \x or
 * \u or a last backslash stays as it is. */
static void
put_no_escape(struct dv_wtf8_writer *w, struct dv_span *in)
{
    const uint8_t c = in->len == 1 ? '\\' : in->at[1];

    if (c == '\\' || c == 'x' || c == 'u')
        dv_wtf8_put(w, '\\');
    dv_span_skip(in, in->len > 1 && c == '\\' ? 2 : 1);
}

davy_status
dv_decode_escape(struct dv_span in, struct dv_buf *out)
{
    struct dv_wtf8_writer w;
    const davy_status st = dv_wtf8_begin(&w, out, in.len);

    if (st != DAVY_OK)
        return st;
    while (in.len > 0) {
        size_t n = dv_span_find_byte(in, '\\');
        struct escape e;

        if (n != 0)
            dv_wtf8_put_text(&w, dv_span_slice(in, 0, n));
        dv_span_skip(&in, n);
        if (in.len >= 2 && read_escape(in, &e)) {
            if (!e.is_nothing)
                dv_wtf8_put(&w, e.code_point);
            dv_span_skip(&in, e.len);
        } else if (in.len != 0) {
            put_no_escape(&w, &in);
        }
    }
    dv_wtf8_end(&w, out);
    return DAVY_OK;
}

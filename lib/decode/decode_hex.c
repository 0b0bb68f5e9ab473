/* SPDX-License-Identifier: MIT */
/* decode_hex.c - hexadecimal digits to bytes, as dumps and scripts write
 * them. */

#include "decode/decode_hex.h"

#include "base/ascii.h"

static bool
is_separator(uint8_t c)
{
    return dv_ascii_is_space(c) || c == '\v' || c == ',' || c == ':'
           || c == ';' || c == '-' || c == '_' || c == '.' || c == '|';
}

/* Whether one digit may be a byte here: nothing could make it half of a pair
 * before it, and nothing does behind it. */
static bool
is_alone(struct dv_span rest, bool is_marked, bool is_start)
{
    if (rest.len == 0)
        return is_marked;
    if (is_separator(rest.at[0]))
        return is_marked || is_start;
    return is_marked && rest.at[0] == '\\';
}

/* Skip separators and one prefix; whether there were any. */
static bool
skip_marks(struct dv_span *in)
{
    bool is_marked = false;

    while (in->len > 0 && is_separator(in->at[0])) {
        dv_span_skip(in, 1);
        is_marked = true;
    }
    if (in->len >= 3 && (in->at[0] == '0' || in->at[0] == '\\')
        && (in->at[1] | 0x20) == 'x' && dv_ascii_hex(in->at[2]) >= 0) {
        dv_span_skip(in, 2);
        is_marked = true;
    }
    return is_marked;
}

davy_status
dv_decode_hex(struct dv_span in, struct dv_buf *out)
{
    const size_t before = out->len;
    davy_status st = dv_buf_reserve(out, in.len / 2 + 1);
    bool is_start = true;

    while (st == DAVY_OK) {
        const bool is_marked = skip_marks(&in);
        int high, low;

        if (in.len == 0)
            break;
        high = dv_ascii_hex(in.at[0]);
        low = in.len > 1 ? dv_ascii_hex(in.at[1]) : -1;
        dv_span_skip(&in, 1);
        if (high < 0 || (low < 0 && !is_alone(in, is_marked, is_start))) {
            st = DAVY_MALFORMED;
        } else if (low < 0) {
            st = dv_buf_append_byte(out, (uint8_t)high);
        } else {
            dv_span_skip(&in, 1);
            st = dv_buf_append_byte(out, (uint8_t)(high << 4 | low));
        }
        is_start = false;
    }
    if (st != DAVY_OK)
        out->len = before;
    return st;
}

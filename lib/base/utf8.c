/* SPDX-License-Identifier: MIT */
/* utf8.c - code points to bytes and back (RFC 3629). */

#include "base/utf8.h"

#include "base/ascii.h"

/* What the lead byte says: how many bytes follow, and between which bounds
 * the first of them must lie (Unicode 15, table 3-7). */
struct lead {
    unsigned follow;
    uint8_t low, high;
    uint32_t bits;
};

static bool
classify_lead(uint8_t b, struct lead *lead)
{
    *lead = (struct lead){ 0, 0x80, 0xbf, 0 };
    if (b >= 0xc2 && b <= 0xdf) {
        lead->follow = 1;
        lead->bits = b & 0x1fu;
    } else if (b >= 0xe0 && b <= 0xef) {
        lead->follow = 2;
        lead->bits = b & 0x0fu;
        if (b == 0xe0)
            lead->low = 0xa0;
        if (b == 0xed)
            lead->high = 0x9f;
    } else if (b >= 0xf0 && b <= 0xf4) {
        lead->follow = 3;
        lead->bits = b & 0x07u;
        if (b == 0xf0)
            lead->low = 0x90;
        if (b == 0xf4)
            lead->high = 0x8f;
    } else {
        return false;
    }
    return true;
}

bool
dv_utf8_read_strict(struct dv_span text, uint32_t *code_point, size_t *taken)
{
    struct lead lead;
    uint32_t value;

    *taken = 0;
    *code_point = DV_UTF8_REPLACEMENT;
    if (text.len == 0)
        return false;
    *taken = 1;
    if (text.at[0] < 0x80) {
        *code_point = text.at[0];
        return true;
    }
    if (!classify_lead(text.at[0], &lead))
        return false;
    value = lead.bits;
    for (unsigned i = 0; i < lead.follow; i++) {
        const uint8_t low = i == 0 ? lead.low : 0x80;
        const uint8_t high = i == 0 ? lead.high : 0xbf;

        if (*taken >= text.len || text.at[*taken] < low
            || text.at[*taken] > high)
            return false;
        value = value << 6 | (text.at[*taken] & 0x3fu);
        *taken += 1;
    }
    *code_point = value;
    return true;
}

size_t
dv_utf8_read(struct dv_span text, uint32_t *code_point)
{
    size_t taken;

    (void)dv_utf8_read_strict(text, code_point, &taken);
    return taken;
}

size_t
dv_utf8_write(uint32_t c, uint8_t out[DV_UTF8_MAX])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    if (c > 0x10ffff)
        return dv_utf8_write(DV_UTF8_REPLACEMENT, out);
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

bool
dv_utf8_is_valid(struct dv_span text)
{
    uint32_t c;
    size_t taken;

    while (text.len > 0) {
        if (text.at[0] < 0x80)
            taken = dv_ascii_run(text.at, text.len);
        else if (!dv_utf8_read_strict(text, &c, &taken))
            return false;
        dv_span_skip(&text, taken);
    }
    return true;
}

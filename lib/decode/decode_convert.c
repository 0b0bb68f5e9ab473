/* SPDX-License-Identifier: MIT */
/* decode_convert.c - converts single bytes and UTF-16 to UTF-8 (WHATWG
 * Encoding, 9 and 14). */

#include "decode/decode_convert.h"

#include "base/ascii.h"

static const uint16_t tables[][128] = {
#define DV_TABLE_ROW(NAME, ...) [DV_ENCODING_##NAME] = { __VA_ARGS__ },
#include "decode/decode_table.def"
#undef DV_TABLE_ROW
};

bool
dv_convert_ascii(struct dv_convert *io)
{
    const size_t most = io->in.len < io->room ? io->in.len : io->room;
    const size_t n = dv_ascii_run(io->in.at, most);

    if (n != 0) {
        memcpy(io->to, io->in.at, n);
        dv_span_skip(&io->in, n);
        io->to += n;
        io->room -= n;
    }
    return io->in.len != 0 && io->room != 0;
}

bool
dv_convert_put(struct dv_convert *io, size_t n, uint32_t code_point)
{
    uint8_t bytes[DV_UTF8_MAX];
    const size_t size = dv_utf8_write(code_point, bytes);

    if (size > io->room)
        return false;
    memcpy(io->to, bytes, size);
    io->to += size;
    io->room -= size;
    dv_span_skip(&io->in, n);
    return true;
}

void
dv_convert_table(struct dv_convert *io, enum dv_encoding encoding)
{
    const uint16_t *const table = tables[encoding];

    while (dv_convert_ascii(io)) {
        while (io->in.len > 0 && io->in.at[0] >= 0x80) {
            if (!dv_convert_put(io, 1, table[io->in.at[0] - 0x80]))
                return;
        }
    }
}

static uint32_t
unit_at(struct dv_span in, bool is_big_endian)
{
    return is_big_endian ? (uint32_t)in.at[0] << 8 | in.at[1]
                         : (uint32_t)in.at[1] << 8 | in.at[0];
}

void
dv_convert_utf16(struct dv_convert *io, bool is_big_endian)
{
    while (io->in.len > 0) {
        size_t n = io->in.len < 2 ? 1 : 2;
        uint32_t c = DV_UTF8_REPLACEMENT;

        if (n == 2)
            c = unit_at(io->in, is_big_endian);
        if (c >= 0xd800 && c <= 0xdfff) {
            uint32_t low = 0;

            if (c < 0xdc00 && io->in.len >= 4)
                low = unit_at(dv_span_slice(io->in, 2, 2), is_big_endian);
            if (low >= 0xdc00 && low <= 0xdfff) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                n = 4;
            } else {
                c = DV_UTF8_REPLACEMENT;
                /* A high surrogate and half a unit: one error for both. */
                if (io->in.len == 3 && unit_at(io->in, is_big_endian) < 0xdc00)
                    n = 3;
            }
        }
        if (!dv_convert_put(io, n, c))
            return;
    }
}

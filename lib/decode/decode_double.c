/* SPDX-License-Identifier: MIT */
/* decode_double.c - converts the encodings with long characters to UTF-8
 * (WHATWG Encoding, 10 to 13).
 *
 * Where a character ends is decided here, by the standard, and only what it is
 * comes from tables of the system.  For ASCII is markup and code: a lead byte
 * that swallowed the "<" behind it would hide from us what a browser runs. */

#include "decode/decode_double.h"

#include "base/compiler.h"

/* A character that was read: how long it is, what it is. */
struct character {
    size_t len;
    uint32_t code_point;
};

#define PAIR_KEY(encoding, pair) ((uint32_t)(encoding) << 16 | (pair))

/* Sorted by key. */
static const struct {
    uint32_t key;
    uint32_t code_point;
} exceptions[] = {
#define DV_PAIR_ROW(NAME, pair, code_point) \
    { PAIR_KEY(DV_ENCODING_##NAME, pair), code_point },
#include "decode/decode_pair.def"
#undef DV_PAIR_ROW
};

/* Big5 has four characters that are two code points (WHATWG Encoding, 11.1.1).
 * The second one is the same for two of them. */
static const struct {
    uint16_t pair;
    uint16_t code_points[2];
} big5_twins[] = { { 0x8862, { 0x00ca, 0x0304 } },
                   { 0x8864, { 0x00ca, 0x030c } },
                   { 0x88a3, { 0x00ea, 0x0304 } },
                   { 0x88a5, { 0x00ea, 0x030c } } };

static bool
is_between(uint8_t c, uint8_t low, uint8_t high)
{
    return c >= low && c <= high;
}

static uint32_t
look_up_exception(enum dv_encoding encoding, uint16_t pair)
{
    size_t low = 0, high = DV_COUNT_OF(exceptions);
    uint32_t key;

    if (encoding == DV_ENCODING_GBK)
        encoding = DV_ENCODING_GB18030;
    key = PAIR_KEY(encoding, pair);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (exceptions[mid].key == key)
            return exceptions[mid].code_point;
        if (exceptions[mid].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    return DV_UTF8_REPLACEMENT;
}

/* The code point of a pair of bytes, remembered for the next time. */
static uint32_t
look_up_pair(struct dv_double *d, uint8_t lead, uint8_t trail)
{
    const uint16_t pair = (uint16_t)(lead << 8 | trail);
    const uint8_t bytes[2] = { lead, trail };
    struct dv_double_cell *cell;

    /* An odd factor maps the 15 bits that differ one to one; its upper bits
     * spread best when there are fewer cells. */
    cell = &d->cells[(pair * 40503u & 0x7fff)
                     >> (DV_DOUBLE_CELLS_LOG_MAX - d->cells_log)];
    if (cell->pair != pair) {
        cell->pair = pair;
        cell->code_point = look_up_exception(d->encoding, pair);
        if (cell->code_point == DV_UTF8_REPLACEMENT)
            cell->code_point = d->look_up(d->ctx, bytes, 2);
    }
    return cell->code_point;
}

/* The code point in row and cell 0 to 93 of JIS X 0208, through Shift_JIS. */
static uint32_t
look_up_jis0208(struct dv_double *d, unsigned row, unsigned cell)
{
    const unsigned pointer = row * 94 + cell;
    const unsigned lead = pointer / 188;
    const unsigned trail = pointer % 188;

    return look_up_pair(d, (uint8_t)(lead + (lead < 0x1f ? 0x81 : 0xc1)),
                        (uint8_t)(trail + (trail < 0x3f ? 0x40 : 0x41)));
}

/* A malformed sequence of `n` bytes; when its last one is ASCII, that is a
 * character of its own. */
static struct character
malformed(struct dv_span in, size_t n)
{
    if (n > in.len)
        n = in.len;
    if (n > 1 && in.at[n - 1] < 0x80)
        n--;
    return (struct character){ n, DV_UTF8_REPLACEMENT };
}

/* A lead byte and whatever follows it. */
static struct character
read_pair(struct dv_double *d, struct dv_span in)
{
    uint32_t c;

    /* No trail is below 0x40; and at the end there is none. */
    if (in.len < 2 || in.at[1] < 0x40)
        return malformed(in, 2);
    c = look_up_pair(d, in.at[0], in.at[1]);
    if (c == DV_UTF8_REPLACEMENT)
        return malformed(in, 2);
    return (struct character){ 2, c };
}

/* gb18030 decoder (10.2.1): two bytes, or four whose second and fourth are
 * digits. */
static struct character
read_gb18030(struct dv_double *d, struct dv_span in)
{
    if (in.at[0] == 0x80)
        return (struct character){ 1, 0x20ac };
    if (in.at[0] == 0xff)
        return malformed(in, 1);
    if (in.len < 2 || !is_between(in.at[1], '0', '9'))
        return read_pair(d, in);
    if (in.len >= 3 && !is_between(in.at[2], 0x81, 0xfe))
        return malformed(in, 1);
    if (in.len < 4)
        return (struct character){ in.len, DV_UTF8_REPLACEMENT };
    if (!is_between(in.at[3], '0', '9'))
        return malformed(in, 1);
    return (struct character){ 4, d->look_up(d->ctx, in.at, 4) };
}

/* Shift_JIS decoder (12.3.1). */
static struct character
read_shift_jis(struct dv_double *d, struct dv_span in)
{
    const uint8_t lead = in.at[0];

    if (lead == 0x80)
        return (struct character){ 1, 0x80 };
    if (is_between(lead, 0xa1, 0xdf))
        return (struct character){ 1, 0xff61u - 0xa1 + lead };
    if (is_between(lead, 0x81, 0x9f) || is_between(lead, 0xe0, 0xfc))
        return read_pair(d, in);
    return malformed(in, 1);
}

/* EUC-JP decoder (12.1.1). */
static struct character
read_euc_jp(struct dv_double *d, struct dv_span in)
{
    const uint8_t lead = in.at[0];
    const uint8_t trail = in.len < 2 ? 0 : in.at[1];
    struct character c = { 2, DV_UTF8_REPLACEMENT };

    if (lead == 0x8e && is_between(trail, 0xa1, 0xdf))
        return (struct character){ 2, 0xff61u - 0xa1 + trail };
    if (lead == 0x8f && is_between(trail, 0xa1, 0xfe)) {
        c.len = 3;
        if (in.len >= 3 && is_between(in.at[2], 0xa1, 0xfe))
            c.code_point = d->look_up(d->ctx, in.at, 3);
    } else if (is_between(lead, 0xa1, 0xfe)) {
        if (is_between(trail, 0xa1, 0xfe))
            c.code_point = look_up_jis0208(d, lead - 0xa1u, trail - 0xa1u);
    } else if (!is_between(lead, 0x8e, 0x8f)) {
        return malformed(in, 1);
    }
    return c.code_point == DV_UTF8_REPLACEMENT ? malformed(in, c.len) : c;
}

static struct character
read_character(struct dv_double *d, struct dv_span in)
{
    switch (d->encoding) {
    case DV_ENCODING_GBK:
    case DV_ENCODING_GB18030:
        return read_gb18030(d, in);
    case DV_ENCODING_SHIFT_JIS:
        return read_shift_jis(d, in);
    case DV_ENCODING_EUC_JP:
        return read_euc_jp(d, in);
    default:                            /* Big5 and EUC-KR */
        return is_between(in.at[0], 0x81, 0xfe) ? read_pair(d, in)
                                                : malformed(in, 1);
    }
}

/* Write one of Big5's twins; whether it is one.  `fits` tells whether there
 * was room. */
static bool
put_twin(struct dv_convert *io, bool *fits)
{
    for (size_t i = 0; i < DV_COUNT_OF(big5_twins); i++) {
        if (io->in.len < 2 || io->in.at[0] != big5_twins[i].pair >> 8
            || io->in.at[1] != (big5_twins[i].pair & 0xff))
            continue;
        *fits = io->room >= 2 * 2       /* each takes two bytes */
                && dv_convert_put(io, 0, big5_twins[i].code_points[0])
                && dv_convert_put(io, 2, big5_twins[i].code_points[1]);
        return true;
    }
    return false;
}

void
dv_double_convert(struct dv_double *d, struct dv_convert *io)
{
    while (dv_convert_ascii(io)) {
        while (io->in.len > 0 && io->in.at[0] >= 0x80) {
            struct character c;
            bool fits;

            if (io->in.at[0] == 0x88 && d->encoding == DV_ENCODING_BIG5
                && put_twin(io, &fits)) {
                if (!fits)
                    return;
                continue;
            }
            c = read_character(d, io->in);
            if (!dv_convert_put(io, c.len, c.code_point))
                return;
        }
    }
}

/* ---- ISO-2022-JP ------------------------------------------------------ */

/* The shift that an escape at the front asks for (12.2.1, "escape"); false
 * when it is none. */
static bool
read_shift(struct dv_span in, enum dv_double_shift *shift)
{
    static const struct {
        char text[3];
        enum dv_double_shift shift;
    } rows[] = { { { '\x1b', '(', 'B' }, DV_SHIFT_ASCII },
                 { { '\x1b', '(', 'J' }, DV_SHIFT_ROMAN },
                 { { '\x1b', '(', 'I' }, DV_SHIFT_KATAKANA },
                 { { '\x1b', '$', '@' }, DV_SHIFT_PAIRS },
                 { { '\x1b', '$', 'B' }, DV_SHIFT_PAIRS } };

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (in.len >= 3 && memcmp(in.at, rows[i].text, 3) == 0) {
            *shift = rows[i].shift;
            return true;
        }
    }
    return false;
}

static struct character
read_shifted_pair(struct dv_double *d, struct dv_span in)
{
    struct character c = { 1, DV_UTF8_REPLACEMENT };

    if (!is_between(in.at[0], 0x21, 0x7e) || in.len == 1 || in.at[1] == 0x1b)
        return c;                       /* an escape counts by itself */
    c.len = 2;
    if (is_between(in.at[1], 0x21, 0x7e))
        c.code_point = look_up_jis0208(d, in.at[0] - 0x21u, in.at[1] - 0x21u);
    return c;
}

/* The code point of a byte outside of pairs. */
static uint32_t
read_shifted_byte(enum dv_double_shift shift, uint8_t b)
{
    if (shift == DV_SHIFT_KATAKANA)
        return is_between(b, 0x21, 0x5f) ? 0xff61u - 0x21 + b
                                         : DV_UTF8_REPLACEMENT;
    if (b >= 0x80 || b == 0x0e || b == 0x0f)
        return DV_UTF8_REPLACEMENT;
    if (shift == DV_SHIFT_ROMAN && b == 0x5c)
        return 0xa5;
    if (shift == DV_SHIFT_ROMAN && b == 0x7e)
        return 0x203e;
    return b;
}

void
dv_double_convert_jis(struct dv_double *d, struct dv_convert *io)
{
    while (io->in.len > 0) {
        struct character c = { 1, DV_UTF8_REPLACEMENT };
        enum dv_double_shift shift;

        if (read_shift(io->in, &shift)) {
            /* Two shifts without text between them are an error, so that
             * nobody hides text in them. */
            if (d->is_fresh && !dv_convert_put(io, 0, DV_UTF8_REPLACEMENT))
                return;
            dv_span_skip(&io->in, 3);
            d->shift = shift;
            d->is_fresh = true;
            continue;
        }
        if (io->in.at[0] != 0x1b && d->shift == DV_SHIFT_PAIRS)
            c = read_shifted_pair(d, io->in);
        else if (io->in.at[0] != 0x1b)
            c.code_point = read_shifted_byte(d->shift, io->in.at[0]);
        if (!dv_convert_put(io, c.len, c.code_point))
            return;
        d->is_fresh = false;
    }
}

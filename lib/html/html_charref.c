/* SPDX-License-Identifier: MIT */
/* html_charref.c - decodes character references (HTML Standard, 13.2.5.72-80
 * and 13.5). */

#include "html/html_charref.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* All names lie behind each other as the members of one struct, and the table
 * holds offsets into it: 2,231 pointers would be as many relocations at each
 * start of a program. */
#define JOIN_NOW(a, b) a##b
#define JOIN(a, b)     JOIN_NOW(a, b)

struct names {
#define DV_CHARREF_ROW(name, first, second) \
    char JOIN(n, __LINE__)[sizeof(name)];
#include "html/html_charref.def"
#undef DV_CHARREF_ROW
};

static const struct names names = {
#define DV_CHARREF_ROW(name, first, second) name,
#include "html/html_charref.def"
#undef DV_CHARREF_ROW
};

static const struct {
    uint16_t name;                      /* offset in `names` */
    uint16_t second;
    uint32_t first;
} rows[] = {
#define DV_CHARREF_ROW(name, first, second) \
    { (uint16_t)offsetof(struct names, JOIN(n, __LINE__)), second, first },
#include "html/html_charref.def"
#undef DV_CHARREF_ROW
};

static const char *
name_of(size_t row)
{
    return (const char *)&names + rows[row].name;
}

/* The first row in [lo, hi) whose byte `i` is at least `c`; the rows agree in
 * the bytes before. */
static size_t
first_at_least(size_t lo, size_t hi, size_t i, unsigned c)
{
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;

        if ((uint8_t)name_of(mid)[i] < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The longest name that `text` begins with; returns its length, 0 for
 * none. */
static size_t
find_name(struct dv_span text, size_t *row)
{
    size_t lo = 0;
    size_t hi = DV_COUNT_OF(rows);
    size_t found = 0;

    for (size_t i = 0; i < text.len; i++) {
        lo = first_at_least(lo, hi, i, text.at[i]);
        hi = first_at_least(lo, hi, i, text.at[i] + 1u);
        if (lo == hi || text.at[i] == 0)
            break;
        if (name_of(lo)[i + 1] == 0) {
            *row = lo;
            found = i + 1;
        }
    }
    return found;
}

static size_t
read_named(struct dv_span text, enum dv_html_charref_place place,
           uint32_t points[2])
{
    size_t row = 0;
    const size_t len = find_name(text, &row);

    if (len == 0)
        return 0;
    if (place == DV_HTML_IN_ATTRIBUTE && text.at[len - 1] != ';'
        && len < text.len
        && (text.at[len] == '=' || dv_ascii_is_alnum(text.at[len])))
        return 0;
    points[0] = rows[row].first;
    points[1] = rows[row].second;
    return len + 1;
}

/* Numbers that pages mean as Windows-1252 (13.2.5.80); 0 keeps the number. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static uint32_t
code_point_of(uint32_t number)
{
    if (number == 0 || number > 0x10ffff
        || (number >= 0xd800 && number < 0xe000))
        return DV_UTF8_REPLACEMENT;
    if (number >= 0x80 && number < 0xa0 && windows_1252[number - 0x80] != 0)
        return windows_1252[number - 0x80];
    return number;
}

/* `text` begins behind the `#`. */
static size_t
read_number(struct dv_span text, uint32_t points[2])
{
    const bool is_hex = text.len > 0 && (text.at[0] | 0x20) == 'x';
    const uint32_t base = is_hex ? 16 : 10;
    uint32_t number = 0;
    size_t i = is_hex ? 1 : 0;
    const size_t first = i;

    for (; i < text.len; i++) {
        const int digit = is_hex || dv_ascii_is_digit(text.at[i])
                              ? dv_ascii_hex(text.at[i]) : -1;

        if (digit < 0)
            break;
        if (number <= 0x10ffff)         /* beyond, it only has to stay so */
            number = number * base + (uint32_t)digit;
    }
    if (i == first)
        return 0;
    if (i < text.len && text.at[i] == ';')
        i++;
    points[0] = code_point_of(number);
    points[1] = 0;
    return i + 2;
}

size_t
dv_html_charref_read(struct dv_span text, enum dv_html_charref_place place,
                     uint32_t points[2])
{
    const struct dv_span rest = dv_span_slice(text, 1, text.len);

    if (rest.len == 0)
        return 0;
    if (rest.at[0] == '#')
        return read_number(dv_span_slice(rest, 1, rest.len), points);
    return read_named(rest, place, points);
}

/* What the reference or NUL at raw.at[i] becomes, and how much it takes. */
static size_t
read_piece(struct dv_span raw, size_t i, enum dv_html_charref_place place,
           uint8_t out[2 * DV_UTF8_MAX], size_t *taken)
{
    uint32_t points[2] = { DV_UTF8_REPLACEMENT, 0 };
    size_t n;

    *taken = 1;
    if (raw.at[i] == '&')
        *taken = dv_html_charref_read(dv_span_slice(raw, i, raw.len), place,
                                      points);
    if (*taken == 0) {
        *taken = 1;
        out[0] = raw.at[i];
        return 1;
    }
    n = dv_utf8_write(points[0], out);
    if (points[1] != 0)
        n += dv_utf8_write(points[1], out + n);
    return n;
}

/* How many bytes from raw.at[from] stay as they are. */
static size_t
plain_run(struct dv_span raw, size_t from)
{
    size_t i = from;

    while (i < raw.len && raw.at[i] != '&' && raw.at[i] != 0)
        i++;
    return i - from;
}

/* Decode all of `raw`; `out` may be NULL to learn the length only. */
static size_t
decode_into(struct dv_span raw, enum dv_html_charref_place place,
            uint8_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < raw.len;) {
        uint8_t piece[2 * DV_UTF8_MAX];
        const size_t run = plain_run(raw, i);
        size_t len;
        size_t taken;

        if (out != NULL)
            memcpy(out + n, raw.at + i, run);
        n += run;
        i += run;
        if (i == raw.len)
            break;
        len = read_piece(raw, i, place, piece, &taken);
        if (out != NULL)
            memcpy(out + n, piece, len);
        n += len;
        i += taken;
    }
    return n;
}

bool
dv_html_charref_decode(struct dv_span raw, enum dv_html_charref_place place,
                       struct dv_arena *arena, struct dv_span *decoded)
{
    uint8_t *out;

    *decoded = raw;
    if (raw.len == 0 || (memchr(raw.at, '&', raw.len) == NULL
                         && memchr(raw.at, 0, raw.len) == NULL))
        return true;
    out = dv_arena_bytes(arena, decode_into(raw, place, NULL));
    if (out == NULL)
        return false;
    *decoded = dv_span_of(out, decode_into(raw, place, out));
    return true;
}

/* SPDX-License-Identifier: MIT */
/* url_ip.c - IPv4 and IPv6 parsers and serialisers (URL Standard, 3.5). */

#include "url/url_ip.h"

#include <stdio.h>

#include "base/ascii.h"

/* Read one number of an IPv4 address: decimal, 0octal or 0xhex.  Values above
 * 32 bits saturate; the caller refuses them. */
static bool
read_number(struct dv_span text, uint64_t *number)
{
    unsigned radix = 10;
    uint64_t value = 0;

    if (text.len == 0)
        return false;
    if (text.len >= 2 && text.at[0] == '0') {
        radix = (text.at[1] | 0x20) == 'x' ? 16 : 8;
        dv_span_skip(&text, radix == 16 ? 2 : 1);
    }
    for (size_t i = 0; i < text.len; i++) {
        const int digit = dv_ascii_hex(text.at[i]);

        if (digit < 0 || (unsigned)digit >= radix)
            return false;
        value = value * radix + (unsigned)digit;
        if (value > UINT32_MAX)
            value = (uint64_t)UINT32_MAX + 1;
    }
    *number = value;
    return true;
}

static bool
is_all_digits(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!dv_ascii_is_digit(text.at[i]))
            return false;
    }
    return text.len != 0;
}

static struct dv_span
without_final_dot(struct dv_span host)
{
    if (host.len != 0 && host.at[host.len - 1] == '.')
        host.len--;
    return host;
}

bool
dv_url_ip_ends_in_number(struct dv_span host)
{
    struct dv_span last = without_final_dot(host);
    uint64_t ignored;

    for (size_t i = last.len; i > 0; i--) {
        if (last.at[i - 1] == '.') {
            dv_span_skip(&last, i);
            break;
        }
    }
    return is_all_digits(last) || read_number(last, &ignored);
}

size_t
dv_url_ip_v4(struct dv_span host, char text[DV_URL_IP_TEXT])
{
    struct dv_span left = without_final_dot(host);
    uint64_t address = 0;
    uint64_t number = 0;
    unsigned parts = 0;

    for (;;) {
        const size_t dot = dv_span_find_byte(left, '.');

        if (parts == 4 || !read_number(dv_span_of(left.at, dot), &number))
            return 0;
        parts++;
        if (dot == left.len)
            break;
        if (number > 255)
            return 0;
        address |= number << (8 * (4 - parts));
        dv_span_skip(&left, dot + 1);
    }
    if (number >= (uint64_t)1 << (8 * (5 - parts)))
        return 0;
    address |= number;
    return (size_t)snprintf(text, DV_URL_IP_TEXT, "%u.%u.%u.%u",
                            (unsigned)(address >> 24 & 255),
                            (unsigned)(address >> 16 & 255),
                            (unsigned)(address >> 8 & 255),
                            (unsigned)(address & 255));
}

/* Four strict decimal numbers at the end of an IPv6 address. */
static bool
read_embedded_v4(struct dv_span text, uint16_t pieces[2])
{
    uint32_t address = 0;

    for (int i = 0; i < 4; i++) {
        unsigned number = 0;
        size_t n = 0;

        if (i > 0) {
            if (text.len == 0 || text.at[0] != '.')
                return false;
            dv_span_skip(&text, 1);
        }
        while (n < text.len && n < 3 && dv_ascii_is_digit(text.at[n])) {
            if (n > 0 && number == 0)
                return false;
            number = number * 10 + (text.at[n++] - '0');
        }
        if (n == 0 || number > 255)
            return false;
        address = address << 8 | number;
        dv_span_skip(&text, n);
    }
    pieces[0] = (uint16_t)(address >> 16);
    pieces[1] = (uint16_t)(address & 0xffff);
    return text.len == 0;
}

/* What an IPv6 parser has got so far. */
struct v6 {
    uint16_t piece[8];
    int count;
    int gap;                            /* index of "::", or -1 */
};

/* Read up to four hexadecimal digits; the number of them. */
static size_t
read_piece(struct dv_span left, unsigned *value)
{
    size_t n = 0;

    *value = 0;
    for (; n < left.len && n < 4; n++) {
        const int digit = dv_ascii_hex(left.at[n]);

        if (digit < 0)
            break;
        *value = *value << 4 | (unsigned)digit;
    }
    return n;
}

/* Read the pieces behind a leading "::", if any. */
static bool
read_pieces(struct v6 *v6, struct dv_span left)
{
    while (left.len != 0) {
        unsigned value;
        size_t n;

        if (v6->count + (v6->gap >= 0) == 8)
            return false;               /* "::" stands for one at least */
        if (left.at[0] == ':') {
            if (v6->gap >= 0)
                return false;
            v6->gap = v6->count;
            dv_span_skip(&left, 1);
            continue;
        }
        n = read_piece(left, &value);
        if (n < left.len && left.at[n] == '.') {
            v6->count += 2;
            return n != 0 && v6->count + (v6->gap >= 0) <= 8
                   && read_embedded_v4(left, &v6->piece[v6->count - 2]);
        }
        v6->piece[v6->count++] = (uint16_t)value;
        dv_span_skip(&left, n);
        if (left.len == 0)
            break;
        if (left.at[0] != ':' || left.len == 1)
            return false;
        dv_span_skip(&left, 1);
    }
    return true;
}

static bool
parse_v6(struct v6 *v6, struct dv_span text)
{
    int missing;

    *v6 = (struct v6){ .gap = -1 };
    if (text.len != 0 && text.at[0] == ':') {
        if (text.len < 2 || text.at[1] != ':')
            return false;
        v6->gap = 0;
        dv_span_skip(&text, 2);
    }
    if (!read_pieces(v6, text))
        return false;
    missing = 8 - v6->count;
    if (v6->gap < 0)
        return missing == 0;
    memmove(&v6->piece[v6->gap + missing], &v6->piece[v6->gap],
            (size_t)(v6->count - v6->gap) * sizeof(v6->piece[0]));
    memset(&v6->piece[v6->gap], 0, (size_t)missing * sizeof(v6->piece[0]));
    return true;
}

/* The longest run of two or more zero pieces, the first of equals; its
 * length, 0 for none. */
static int
longest_zeros(const uint16_t piece[8], int *start)
{
    int best = 1;

    *start = -1;
    for (int i = 0; i < 8; i++) {
        int n = 0;

        while (i + n < 8 && piece[i + n] == 0)
            n++;
        if (n > best) {
            best = n;
            *start = i;
        }
    }
    return *start < 0 ? 0 : best;
}

size_t
dv_url_ip_v6(struct dv_span host, char text[DV_URL_IP_TEXT])
{
    struct v6 v6;
    size_t n = 0;
    int zeros;
    int start;

    if (!parse_v6(&v6, host))
        return 0;
    zeros = longest_zeros(v6.piece, &start);
    text[n++] = '[';
    for (int i = 0; i < 8; i++) {
        if (i == start) {
            text[n++] = ':';
            if (i == 0)
                text[n++] = ':';
            i += zeros - 1;
            continue;
        }
        n += (size_t)snprintf(text + n, DV_URL_IP_TEXT - n, "%x",
                              (unsigned)v6.piece[i]);
        if (i < 7)
            text[n++] = ':';
    }
    text[n++] = ']';
    return n;
}

/* SPDX-License-Identifier: MIT */
/* text.c - text that is safe to show, and words taken literally. */

#include "common/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

/* Longest form of one byte or code point: \u{10ffff}. */
#define MAX_SHOWN 16

size_t
text_read_utf8(const char *text, size_t left, unsigned long *out)
{
    const unsigned char *at = (const unsigned char *)text;
    static const unsigned long lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char c = at[0];
    const size_t n = c < 0x80   ? 1
                     : c < 0xc2 ? 0
                     : c < 0xe0 ? 2
                     : c < 0xf0 ? 3
                     : c < 0xf5 ? 4
                                : 0;
    unsigned long value = n < 2 ? c : c & (0x7fU >> n);

    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3f);
    }
    if (value < lowest[n] || value > 0x10ffff
        || (value >= 0xd800 && value < 0xe000))
        return 0;
    *out = value;
    return n;
}

/* Controls of C0 and C1, and what Unicode (UAX 9, UAX 14) lets act unseen. */
static bool
is_control(unsigned long c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c
           || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
           || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff
           || (c >= 0xe0000 && c <= 0xe0fff);
}

/* Write what stands for the next bytes to `shown`; how many bytes it took. */
static size_t
show_one(const char *at, size_t left, char shown[MAX_SHOWN])
{
    unsigned long c = 0;
    const size_t n = text_read_utf8(at, left, &c);

    if (n == 0 || (n == 1 && is_control(c))) {
        snprintf(shown, MAX_SHOWN, "\\x%02x", (unsigned char)at[0]);
        return 1;
    }
    if (is_control(c)) {
        snprintf(shown, MAX_SHOWN, "\\u{%lx}", c);
    } else {
        memcpy(shown, at, n);
        shown[n] = '\0';
    }
    return n;
}

char *
text_clean(const char *text)
{
    const size_t length = strlen(text);
    char *out = fatal_alloc(length * 4 + MAX_SHOWN);
    size_t used = 0;

    for (size_t i = 0; i < length;) {
        char shown[MAX_SHOWN];

        i += show_one(text + i, length - i, shown);
        memcpy(out + used, shown, strlen(shown));
        used += strlen(shown);
    }
    out[used] = '\0';
    return out;
}

bool
text_write_clean(FILE *out, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;

    for (size_t i = 0; i < length;) {
        char shown[MAX_SHOWN] = { text[i], '\0' };

        if (at[i] == '\n' || at[i] == '\t'
            || (at[i] >= 0x20 && at[i] < 0x7f))
            i++;
        else
            i += show_one(text + i, length - i, shown);
        if (fputs(shown, out) < 0)
            return false;
    }
    return !ferror(out);
}

size_t
text_width(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* Bytes of `text` that fit into `columns`: up to a space, or in the middle of
 * a word that is longer than a line. */
static size_t
find_break(const char *text, size_t columns)
{
    size_t space = 0;
    size_t used = 0;
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        if (((unsigned char)text[i] & 0xc0) == 0x80)
            continue;
        if (text[i] == ' ')
            space = i;
        if (used++ == columns)
            return space > 0 ? space : i;
    }
    return i;
}

void
text_write_wrapped(FILE *out, const char *text, unsigned indent,
                   unsigned width)
{
    const size_t columns = width > indent + 20 ? width - indent : 20;

    for (;;) {
        const size_t n = find_break(text, columns);

        fwrite(text, 1, n, out);
        fputc('\n', out);
        text += n;
        while (*text == ' ')
            text++;
        if (*text == '\0')
            return;
        fprintf(out, "%*s", (int)indent, "");
    }
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_starts_nocase(const char *text, const char *start)
{
    for (; *start != '\0'; text++, start++) {
        if (lower(*text) != lower(*start))
            return false;
    }
    return true;
}

bool
text_is_equal_nocase(const char *a, const char *b)
{
    return strlen(a) == strlen(b) && text_starts_nocase(a, b);
}

static unsigned
unit_shift(const char *text)
{
    static const char units[] = "KMG";
    const char unit = (char)(lower(text[0]) - 'a' + 'A');
    const char *found = text[0] == '\0' || text[1] != '\0'
                            ? NULL
                            : strchr(units, unit);

    return found == NULL ? 0 : (unsigned)(found - units + 1) * 10;
}

bool
text_read_number(const char *text, bool has_unit, unsigned long long *number)
{
    unsigned long long value = 0;
    unsigned shift = 0;
    const char *c = text;

    for (; *c >= '0' && *c <= '9'; c++) {
        const unsigned digit = (unsigned)(*c - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (c == text)
        return false;
    if (*c != '\0') {
        shift = has_unit ? unit_shift(c) : 0;
        if (shift == 0 || value > UINT64_MAX >> shift)
            return false;
    }
    *number = value << shift;
    return true;
}

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned
text_distance(const char *a, const char *b)
{
    const size_t n = strlen(a);
    const size_t m = strlen(b);
    unsigned rows[33][33];

    if (n > 31 || m > 31)
        return 32;
    for (unsigned i = 0; i <= n; i++) {
        for (unsigned k = 0; k <= m; k++) {
            unsigned edits = i + k;

            if (i > 0 && k > 0) {
                edits = least(rows[i - 1][k], rows[i][k - 1]) + 1;
                edits = least(edits, rows[i - 1][k - 1]
                                         + (a[i - 1] != b[k - 1]));
            }
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2]
                && a[i - 2] == b[k - 1])
                edits = least(edits, rows[i - 2][k - 2] + 1);
            rows[i][k] = edits;
        }
    }
    return rows[n][m];
}

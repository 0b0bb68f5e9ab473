/* SPDX-License-Identifier: MIT */
/* ascii.h - character classes that no locale can change. */

#ifndef DV_ASCII_H
#define DV_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool
dv_ascii_is_digit(uint32_t c)
{
    return c - '0' < 10;
}

static inline bool
dv_ascii_is_upper(uint32_t c)
{
    return c - 'A' < 26;
}

static inline bool
dv_ascii_is_lower(uint32_t c)
{
    return c - 'a' < 26;
}

static inline bool
dv_ascii_is_alpha(uint32_t c)
{
    return (c | 0x20) - 'a' < 26;
}

static inline bool
dv_ascii_is_alnum(uint32_t c)
{
    return dv_ascii_is_alpha(c) || dv_ascii_is_digit(c);
}

/* HTML's ASCII white space: space, \t, \n, \f, \r. */
static inline bool
dv_ascii_is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static inline uint8_t
dv_ascii_lower(uint8_t c)
{
    return dv_ascii_is_upper(c) ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* 0-15, or -1 when `c` is no hexadecimal digit. */
static inline int
dv_ascii_hex(uint32_t c)
{
    if (dv_ascii_is_digit(c))
        return (int)(c - '0');
    if ((c | 0x20) - 'a' < 6)
        return (int)((c | 0x20) - 'a') + 10;
    return -1;
}

/* How many of the `n` bytes at `at` come before the first that is not ASCII;
 * eight at a time. */
static inline size_t
dv_ascii_run(const uint8_t *at, size_t n)
{
    size_t i = 0;

    for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t word;

        memcpy(&word, at + i, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (i < n && at[i] < 0x80)
        i++;
    return i;
}

#endif

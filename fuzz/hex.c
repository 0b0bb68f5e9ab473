/* SPDX-License-Identifier: MIT */
/* hex.c - reads hex digits. */

#include "fuzz/hex.h"

#include <string.h>

static int
digit(uint8_t c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c == 0 ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

size_t
fuzz_read_hex(const uint8_t *text, size_t size, uint8_t *out)
{
    size_t length = 0;
    int high = -1;

    for (size_t i = 0; i < size; i++) {
        const int d = digit(text[i]);

        if (text[i] == '#') {
            while (i + 1 < size && text[i + 1] != '\n')
                i++;
        } else if (d < 0) {
            high = -1;
        } else if (high < 0) {
            high = d;
        } else {
            out[length++] = (uint8_t)(high << 4 | d);
            high = -1;
        }
    }
    return length;
}

/* SPDX-License-Identifier: MIT */
/* url_gram.c - chooses the rarest four bytes by the letters in them. */

#include "url/url_gram.h"

/* How often a byte stands in addresses, roughly. */
static unsigned
weight(uint8_t byte)
{
    switch (byte) {
    case '/':
    case ':':
    case '.':
        return 6;
    case 'e':
    case 't':
    case 's':
    case 'a':
    case 'o':
    case 'i':
    case 'p':
        return 4;
    case 'c':
    case 'm':
    case 'w':
    case 'h':
    case 'n':
    case 'r':
        return 3;
    default:
        return 1;
    }
}

bool
dv_url_gram_choose(struct dv_span pattern, uint32_t *gram, size_t *at)
{
    unsigned lowest = 0;
    size_t run = 0;
    uint32_t here = 0;

    for (size_t i = 0; i < pattern.len; i++) {
        unsigned sum = 0;

        run = pattern.at[i] == '*' || pattern.at[i] == '^' ? 0 : run + 1;
        here = dv_url_gram_next(here, pattern.at[i]);
        if (run < DV_URL_GRAM)
            continue;
        for (size_t j = 0; j < DV_URL_GRAM; j++)
            sum += weight(dv_url_token_lower[pattern.at[i - j]]);
        if (lowest == 0 || sum < lowest) {
            lowest = sum;
            *gram = here;
            *at = i + 1 - DV_URL_GRAM;
        }
    }
    return lowest != 0;
}

/* SPDX-License-Identifier: MIT */
/* url_gram.h - four bytes in a row, for patterns that hold no whole token. */

#ifndef DV_URL_GRAM_H
#define DV_URL_GRAM_H

#include "base/span.h"
#include "url/url_token.h"

#define DV_URL_GRAM 4

/* The hash of the four bytes at `at`, without regard to case. */
static inline uint32_t
dv_url_gram_hash(const uint8_t *at)
{
    uint32_t gram;

    memcpy(&gram, at, DV_URL_GRAM);
    return (gram | UINT32_C(0x20202020)) * UINT32_C(0x9e3779b1);
}

/* Choose four bytes of a pattern without `*` and `^` that few addresses
 * hold, and tell where they stand; false when there are none. */
bool dv_url_gram_choose(struct dv_span pattern, size_t *at);

/* The same for a regular expression: four bytes that every match holds. */
bool dv_url_gram_choose_regex(struct dv_span regex,
                              uint8_t gram[DV_URL_GRAM]);

#endif

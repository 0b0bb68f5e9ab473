/* SPDX-License-Identifier: MIT */
/* url_gram.h - four bytes in a row, for patterns that hold no whole token. */

#ifndef DV_URL_GRAM_H
#define DV_URL_GRAM_H

#include "base/span.h"
#include "url/url_token.h"

#define DV_URL_GRAM 4

/* The gram that ends with `byte`, when `gram` ended before it. */
static inline uint32_t
dv_url_gram_next(uint32_t gram, uint8_t byte)
{
    return gram << 8 | dv_url_token_lower[byte];
}

static inline uint32_t
dv_url_gram_hash(uint32_t gram)
{
    return (gram ^ gram >> 15) * UINT32_C(0x85ebca6b);
}

/* Choose four bytes of a pattern without `*` and `^` that few addresses
 * hold; false when there are none. */
bool dv_url_gram_choose(struct dv_span pattern, uint32_t *gram, size_t *at);

#endif

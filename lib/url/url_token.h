/* SPDX-License-Identifier: MIT */
/* url_token.h - the words that addresses and filters are found by.
 *
 * A token is a longest run of letters, digits and `%`, in lower case.  A
 * filter whose pattern holds a whole token can only match addresses that hold
 * the same whole token (the idea is uBlock Origin's). */

#ifndef DV_URL_TOKEN_H
#define DV_URL_TOKEN_H

#include "base/span.h"

/* A byte in lower case; ASCII only. */
extern const uint8_t dv_url_token_lower[256];

/* As above for the bytes of tokens, 0 for all others. */
extern const uint8_t dv_url_token_byte[256];

/* 1 for what `^` in a filter stands for: anything but letters, digits and
 * `_ - . %` (Adblock Plus, "separator characters"). */
extern const uint8_t dv_url_token_separator[256];

/* FNV-1a, which is cheap byte by byte. */
#define DV_URL_HASH_SEED UINT32_C(2166136261)

static inline uint32_t
dv_url_hash_step(uint32_t hash, uint8_t byte)
{
    return (hash ^ byte) * UINT32_C(16777619);
}

/* A token of a pattern. */
struct dv_url_token {
    uint32_t hash;
    uint32_t at;                        /* offset of its first byte */
};

/* The next token at or behind `*from` that is whole wherever the pattern
 * matches: not cut by `*` or by an end that is not anchored.  False when
 * there is none; else `*from` moves behind it. */
bool dv_url_token_next(struct dv_span pattern, bool has_start, bool has_end,
                       size_t *from, struct dv_url_token *token);

/* How common a token is in any address: 0 for most, more for "com", "js" ... */
unsigned dv_url_token_commonness(uint32_t hash);

#endif

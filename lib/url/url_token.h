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

/* The hash of a token or a gram: of its length and of eight bytes at either
 * end, without regard to case.  What lies between is compared later. */
static inline uint32_t
dv_url_token_hash(const uint8_t *at, size_t len)
{
    const uint64_t fold = UINT64_C(0x2020202020202020);
    uint64_t head = 0;
    uint64_t tail = 0;

    if (len >= 8) {
        memcpy(&head, at, 8);
        memcpy(&tail, at + len - 8, 8);
    } else if (len >= 4) {
        uint32_t half;

        memcpy(&half, at, 4);
        head = half;
        memcpy(&half, at + len - 4, 4);
        tail = half;
    } else if (len > 0) {
        head = (uint64_t)at[0] << 16 | (uint64_t)at[len / 2] << 8
               | at[len - 1];
    }
    head = ((head | fold) ^ len) * UINT64_C(0x9e3779b97f4a7c15);
    head ^= (tail | fold) * UINT64_C(0xc2b2ae3d27d4eb4f);
    return (uint32_t)(head >> 32);
}

/* What filters are filed under beside a hash: their number, and in the upper
 * eight bits what stands in front of and behind the token.  Most filters of a
 * bucket are told apart by it without being looked at. */
#define DV_URL_TOKEN_NUMBER UINT32_C(0xffffff)

/* Four bits for a neighbour, never 0; 0 stands for "not known". */
static inline uint32_t
dv_url_token_code(uint8_t byte)
{
    const uint32_t folded = byte | 0x20u;
    const uint32_t code = (folded ^ folded >> 4) & 15;

    return code == 0 ? 15 : code;
}

static inline uint32_t
dv_url_token_tag(uint32_t before, uint32_t behind)
{
    return before << 28 | behind << 24;
}

/* The tag of what begins at `at` in an address and ends before `end`. */
static inline uint32_t
dv_url_token_tag_at(struct dv_span url, size_t at, size_t end)
{
    return dv_url_token_tag(at == 0 ? 0 : dv_url_token_code(url.at[at - 1]),
                            end >= url.len ? 0
                                           : dv_url_token_code(url.at[end]));
}

/* Whether a filed tag allows the tag of a place in an address. */
static inline bool
dv_url_token_tag_fits(uint32_t filed, uint32_t place)
{
    const uint32_t differs = filed ^ place;

    return (filed >> 28 == 0 || differs >> 28 == 0)
           && ((filed >> 24 & 15) == 0 || (differs >> 24 & 15) == 0);
}

/* A token of a pattern. */
struct dv_url_token {
    uint32_t hash;
    uint32_t at;                        /* offset of its first byte */
    uint32_t tag;
};

/* The tag of a part of a pattern. */
uint32_t dv_url_token_tag_in(struct dv_span pattern, size_t at, size_t end);

/* The next token at or behind `*from` that is whole wherever the pattern
 * matches: not cut by `*` or by an end that is not anchored.  False when
 * there is none; else `*from` moves behind it. */
bool dv_url_token_next(struct dv_span pattern, bool has_start, bool has_end,
                       size_t *from, struct dv_url_token *token);

/* How common a token is in any address: 0 for most, more for "com", "js" ... */
unsigned dv_url_token_commonness(uint32_t hash);

#endif

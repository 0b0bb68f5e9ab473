/* SPDX-License-Identifier: MIT */
/* url_index.h - a frozen map from hashes to lists of numbers.
 *
 * Different keys may share a hash: whoever looks up checks what was found.
 * One bit array, small enough for a near cache, answers most lookups. */

#ifndef DV_URL_INDEX_H
#define DV_URL_INDEX_H

#include "base/vec.h"

struct dv_url_index_slot {
    uint32_t hash;
    uint32_t first;                     /* in items */
    uint32_t count;                     /* 0: the slot is free */
};

/* The bit array; loops copy it, so that it stays in registers. */
struct dv_url_index_sieve {
    uint64_t *bits;
    size_t mask;                        /* words - 1; words: a power of two */
};

struct dv_url_index {
    struct dv_mem *mem;
    struct dv_vec pairs;                /* while building */
    struct dv_url_index_sieve sieve;
    struct dv_url_index_slot *slots;
    uint32_t *items;
    size_t slots_len;                   /* a power of two */
    size_t items_len;
};

void dv_url_index_init(struct dv_url_index *index, struct dv_mem *mem);
void dv_url_index_fini(struct dv_url_index *index);

/* Put `item` under `hash`.  DAVY_OK, DAVY_NO_MEMORY, DAVY_LIMIT. */
davy_status dv_url_index_add(struct dv_url_index *index, uint32_t hash,
                             uint32_t item);

/* No more items; lookups work from here on, in any thread.  The items of one
 * hash keep the order in which they were added.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_url_index_freeze(struct dv_url_index *index);

/* Fold the upper bits, which multiplication has mixed best, onto the lower
 * ones, which choose the place. */
static inline size_t
dv_url_index_mix(uint32_t hash)
{
    return hash ^ hash >> 15;
}

/* False when nothing can be under `hash`. */
static inline bool
dv_url_index_may_have(struct dv_url_index_sieve sieve, uint32_t hash)
{
    const size_t mixed = dv_url_index_mix(hash);

    return sieve.bits[(mixed >> 6) & sieve.mask] >> (mixed & 63) & 1;
}

/* The items under `hash`; their number. */
size_t dv_url_index_find(const struct dv_url_index *index, uint32_t hash,
                         const uint32_t **items);

static inline bool
dv_url_index_is_empty(const struct dv_url_index *index)
{
    return index->items_len == 0;
}

#endif

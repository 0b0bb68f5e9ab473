/* SPDX-License-Identifier: MIT */
/* url_index.c - builds the map in three passes: count, place, fill. */

#include "url/url_index.h"

/* More than all public lists together hold. */
#define MAX_PAIRS ((size_t)1 << 26)

/* Words of the smallest sieve: 2 KiB, which stays in the nearest cache. */
#define MIN_SIEVE ((size_t)256)

struct pair {
    uint32_t hash;
    uint32_t item;
};

void
dv_url_index_init(struct dv_url_index *index, struct dv_mem *mem)
{
    *index = (struct dv_url_index){ .mem = mem };
    dv_vec_init(&index->pairs, mem, sizeof(struct pair), MAX_PAIRS);
}

void
dv_url_index_fini(struct dv_url_index *index)
{
    dv_vec_fini(&index->pairs);
    dv_mem_free(index->mem, index->slots,
                index->slots_len * sizeof(*index->slots));
    dv_mem_free(index->mem, index->sieve.bits,
                (index->sieve.mask + 1) * sizeof(*index->sieve.bits));
    dv_mem_free(index->mem, index->items,
                index->items_len * sizeof(*index->items));
    dv_url_index_init(index, index->mem);
}

davy_status
dv_url_index_add(struct dv_url_index *index, uint32_t hash, uint32_t item)
{
    struct pair *pair = dv_vec_push(&index->pairs);

    if (pair == NULL)
        return dv_vec_is_full(&index->pairs) ? DAVY_LIMIT : DAVY_NO_MEMORY;
    pair->hash = hash;
    pair->item = item;
    return DAVY_OK;
}

static struct dv_url_index_slot *
find_slot(const struct dv_url_index *index, uint32_t hash)
{
    const size_t mask = index->slots_len - 1;
    size_t i = dv_url_index_mix(hash) & mask;

    while (index->slots[i].count != 0 && index->slots[i].hash != hash)
        i = (i + 1) & mask;
    return &index->slots[i];
}

/* At least half of the slots stay free, so searches are short; sixteen bits
 * and more for each pair let the sieve hold back nearly all that is absent. */
static bool
allocate(struct dv_url_index *index)
{
    size_t slots = 16;
    size_t words;

    while (slots < index->pairs.len * 2)
        slots *= 2;
    words = slots / 8 < MIN_SIEVE ? MIN_SIEVE : slots / 8;
    index->slots = dv_mem_calloc(index->mem, slots, sizeof(*index->slots));
    if (index->slots == NULL)
        return false;
    index->slots_len = slots;
    index->sieve.bits = dv_mem_calloc(index->mem, words,
                                      sizeof(*index->sieve.bits));
    if (index->sieve.bits == NULL)
        return false;
    index->sieve.mask = words - 1;
    if (index->pairs.len == 0)
        return true;
    index->items = dv_mem_calloc(index->mem, index->pairs.len,
                                 sizeof(*index->items));
    if (index->items == NULL)
        return false;
    index->items_len = index->pairs.len;
    return true;
}

davy_status
dv_url_index_freeze(struct dv_url_index *index)
{
    const struct pair *pairs = index->pairs.at;
    uint32_t next = 0;

    if (!allocate(index))
        return DAVY_NO_MEMORY;
    for (size_t i = 0; i < index->pairs.len; i++) {
        struct dv_url_index_slot *slot = find_slot(index, pairs[i].hash);
        const size_t mixed = dv_url_index_mix(pairs[i].hash);

        slot->hash = pairs[i].hash;
        slot->count++;
        index->sieve.bits[(mixed >> 6) & index->sieve.mask]
            |= UINT64_C(1) << (mixed & 63);
    }
    for (size_t i = 0; i < index->slots_len; i++) {
        next += index->slots[i].count;
        index->slots[i].first = next;
    }
    for (size_t i = index->pairs.len; i > 0; i--) {
        struct dv_url_index_slot *slot = find_slot(index, pairs[i - 1].hash);

        index->items[--slot->first] = pairs[i - 1].item;
    }
    dv_vec_fini(&index->pairs);
    return DAVY_OK;
}

size_t
dv_url_index_find(const struct dv_url_index *index, uint32_t hash,
                  const uint32_t **items)
{
    const struct dv_url_index_slot *slot = find_slot(index, hash);

    *items = index->items + slot->first;
    return slot->count;
}

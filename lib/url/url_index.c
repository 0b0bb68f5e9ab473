/* SPDX-License-Identifier: MIT */
/* url_index.c - builds the map in three passes: count, place, fill. */

#include "url/url_index.h"

/* More than all public lists together hold. */
#define MAX_PAIRS ((size_t)1 << 26)

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
    dv_mem_free(index->mem, index->bits,
                index->bits_len * sizeof(*index->bits));
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

/* Half of the slots stay free, so searches are short; eight bits for each
 * pair let the bit array refuse nine in ten of the absent. */
static bool
allocate(struct dv_url_index *index)
{
    size_t slots = 16;

    while (slots < index->pairs.len * 2)
        slots *= 2;
    index->slots = dv_mem_calloc(index->mem, slots, sizeof(*index->slots));
    if (index->slots == NULL)
        return false;
    index->slots_len = slots;
    index->bits = dv_mem_calloc(index->mem, slots / 16, sizeof(*index->bits));
    if (index->bits == NULL)
        return false;
    index->bits_len = slots / 16;
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
        index->bits[(mixed >> 6) & (index->bits_len - 1)]
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

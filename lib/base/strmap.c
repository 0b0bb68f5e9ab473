/* SPDX-License-Identifier: MIT */
/* strmap.c - hash map over byte strings; SipHash (Aumasson, Bernstein 2012)
 * with 1 compression and 3 finalisation rounds. */

#include "base/strmap.h"

#define FIRST_CAPACITY ((size_t)16)

struct siphash {
    uint64_t v0, v1, v2, v3;
};

static uint64_t
rotl(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static void
sip_round(struct siphash *s)
{
    s->v0 += s->v1;
    s->v1 = rotl(s->v1, 13) ^ s->v0;
    s->v0 = rotl(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotl(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotl(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotl(s->v1, 17) ^ s->v2;
    s->v2 = rotl(s->v2, 32);
}

static uint64_t
load_tail(const uint8_t *at, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

static void
sip_word(struct siphash *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

static uint32_t
hash_of(const struct dv_strmap *map, struct dv_span key)
{
    struct siphash s = { map->secret[0] ^ UINT64_C(0x736f6d6570736575),
                         map->secret[1] ^ UINT64_C(0x646f72616e646f6d),
                         map->secret[0] ^ UINT64_C(0x6c7967656e657261),
                         map->secret[1] ^ UINT64_C(0x7465646279746573) };
    const uint64_t length = (uint64_t)key.len << 56;
    uint64_t mixed;

    for (; key.len >= 8; dv_span_skip(&key, 8)) {
        uint64_t word;

        memcpy(&word, key.at, 8);
        sip_word(&s, word);
    }
    sip_word(&s, length | load_tail(key.at, key.len));
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    mixed = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return (uint32_t)(mixed ^ mixed >> 32);
}

void
dv_strmap_init(struct dv_strmap *map, struct dv_mem *mem)
{
    *map = (struct dv_strmap){ .mem = mem };

    /* Addresses are random per process, which is all the secrecy we need. */
    map->secret[0] = (uint64_t)(uintptr_t)map * UINT64_C(0x9e3779b97f4a7c15);
    map->secret[1] = (uint64_t)(uintptr_t)mem ^ UINT64_C(0xbf58476d1ce4e5b9);
}

void
dv_strmap_fini(struct dv_strmap *map)
{
    dv_mem_free(map->mem, map->slots, map->cap * sizeof(*map->slots));
    dv_strmap_init(map, map->mem);
}

void
dv_strmap_clear(struct dv_strmap *map)
{
    if (map->slots != NULL)
        memset(map->slots, 0, map->cap * sizeof(*map->slots));
    map->len = 0;
}

/* The slot that holds `key`, or the free one where it belongs. */
static struct dv_strmap_slot *
find_slot(const struct dv_strmap *map, struct dv_span key, uint32_t hash)
{
    const size_t mask = map->cap - 1;
    size_t i = hash & mask;

    for (;; i = (i + 1) & mask) {
        struct dv_strmap_slot *slot = &map->slots[i];

        if (slot->key.at == NULL)
            return slot;
        if (slot->hash == hash && dv_span_equal(slot->key, key))
            return slot;
    }
}

uint32_t *
dv_strmap_get(const struct dv_strmap *map, struct dv_span key)
{
    struct dv_strmap_slot *slot;

    if (map->len == 0)
        return NULL;
    slot = find_slot(map, key, hash_of(map, key));
    return slot->key.at == NULL ? NULL : &slot->value;
}

static bool
grow(struct dv_strmap *map)
{
    const struct dv_strmap old = *map;
    const size_t cap = old.cap == 0 ? FIRST_CAPACITY : old.cap * 2;

    map->slots = dv_mem_calloc(map->mem, cap, sizeof(*map->slots));
    if (map->slots == NULL) {
        map->slots = old.slots;
        return false;
    }
    map->cap = cap;
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].key.at != NULL)
            *find_slot(map, old.slots[i].key, old.slots[i].hash)
                = old.slots[i];
    }
    dv_mem_free(map->mem, old.slots, old.cap * sizeof(*old.slots));
    return true;
}

uint32_t *
dv_strmap_put(struct dv_strmap *map, struct dv_span key, uint32_t fresh)
{
    static const uint8_t empty[1];
    const uint32_t hash = hash_of(map, key);
    struct dv_strmap_slot *slot;

    if (map->len >= map->cap - map->cap / 4 && !grow(map))
        return NULL;
    slot = find_slot(map, key, hash);
    if (slot->key.at != NULL)
        return &slot->value;
    slot->key = key.at == NULL ? dv_span_of(empty, 0) : key;
    slot->hash = hash;
    slot->value = fresh;
    map->len++;
    return &slot->value;
}

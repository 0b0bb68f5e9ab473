/* SPDX-License-Identifier: MIT */
/* strmap.h - a map from byte strings to numbers. */

#ifndef DV_STRMAP_H
#define DV_STRMAP_H

#include "base/mem.h"
#include "base/span.h"

struct dv_strmap_slot {
    struct dv_span key;
    uint32_t hash;
    uint32_t value;
};

/* Open addressing over borrowed keys: the caller keeps the bytes alive.  The
 * hash is SipHash-1-3 under a key that an attacker cannot know, so chosen keys
 * cannot make it slow; nothing depends on the order of slots. */
struct dv_strmap {
    struct dv_mem *mem;
    struct dv_strmap_slot *slots;
    size_t cap;                         /* a power of two, or 0 */
    size_t len;
    uint64_t secret[2];
};

void dv_strmap_init(struct dv_strmap *map, struct dv_mem *mem);
void dv_strmap_fini(struct dv_strmap *map);

/* Forget the keys, keep the room. */
void dv_strmap_clear(struct dv_strmap *map);

/* The value under `key`, or NULL; good until the next put. */
uint32_t *dv_strmap_get(const struct dv_strmap *map, struct dv_span key);

/* The value under `key`, made (as `fresh`) when absent.  NULL when refused. */
uint32_t *dv_strmap_put(struct dv_strmap *map, struct dv_span key,
                        uint32_t fresh) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* hostset.c - one lookup for each suffix of a host, hashed from its end. */

#include "url/hostset.h"

#include "url/url_token.h"

#define MAX_HOSTS ((size_t)1 << 26)
#define MAX_TEXT  ((size_t)UINT32_MAX)

struct host {
    uint32_t text;                      /* offset */
    uint32_t len;
    uint32_t value;
};

void
dv_hostset_init(struct dv_hostset *set, struct dv_mem *mem)
{
    dv_url_index_init(&set->index, mem);
    dv_vec_init(&set->hosts, mem, sizeof(struct host), MAX_HOSTS);
    dv_buf_init(&set->text, mem, MAX_TEXT);
}

void
dv_hostset_fini(struct dv_hostset *set)
{
    dv_url_index_fini(&set->index);
    dv_vec_fini(&set->hosts);
    dv_buf_fini(&set->text);
}

static uint32_t
hash_from_end(struct dv_span host)
{
    uint32_t hash = DV_URL_HASH_SEED;

    for (size_t i = host.len; i > 0; i--)
        hash = dv_url_hash_step(hash, host.at[i - 1]);
    return hash;
}

davy_status
dv_hostset_add(struct dv_hostset *set, struct dv_span host, uint32_t value)
{
    const struct host fresh = { (uint32_t)set->text.len, (uint32_t)host.len,
                                value };
    davy_status st = dv_buf_append(&set->text, host);
    struct host *kept;

    if (st != DAVY_OK)
        return st;
    kept = dv_vec_push(&set->hosts);
    if (kept == NULL)
        return dv_vec_is_full(&set->hosts) ? DAVY_LIMIT : DAVY_NO_MEMORY;
    *kept = fresh;
    return dv_url_index_add(&set->index, hash_from_end(host),
                            (uint32_t)(set->hosts.len - 1));
}

davy_status
dv_hostset_freeze(struct dv_hostset *set)
{
    return dv_url_index_freeze(&set->index);
}

void
dv_hostset_begin(struct dv_hostset_walk *walk, const struct dv_hostset *set,
                 struct dv_span host)
{
    *walk = (struct dv_hostset_walk){ .set = set, .host = host,
                                      .left = host.len,
                                      .hash = DV_URL_HASH_SEED };
}

/* Move to the next longer suffix that may be in the set. */
static bool
find_suffix(struct dv_hostset_walk *walk)
{
    const uint8_t *at = walk->host.at;

    while (walk->left > 0) {
        if (walk->has_begun)            /* the dot in front of the last */
            walk->hash = dv_url_hash_step(walk->hash, at[--walk->left]);
        walk->has_begun = true;
        while (walk->left > 0 && at[walk->left - 1] != '.')
            walk->hash = dv_url_hash_step(walk->hash, at[--walk->left]);
        if (!dv_url_index_may_have(walk->set->index.sieve, walk->hash))
            continue;
        walk->items_left = dv_url_index_find(&walk->set->index, walk->hash,
                                             &walk->items);
        if (walk->items_left != 0)
            return true;
    }
    return false;
}

bool
dv_hostset_next(struct dv_hostset_walk *walk, uint32_t *value)
{
    for (;;) {
        while (walk->items_left != 0) {
            const struct host *host = dv_vec_at(&walk->set->hosts,
                                                *walk->items++);
            const struct dv_span text
                = dv_span_of(walk->set->text.at + host->text, host->len);

            walk->items_left--;
            if (dv_span_equal(text, dv_span_slice(walk->host, walk->left,
                                                  walk->host.len))) {
                *value = host->value;
                return true;
            }
        }
        if (!find_suffix(walk))
            return false;
    }
}

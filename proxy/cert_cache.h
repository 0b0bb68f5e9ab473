/* SPDX-License-Identifier: MIT */
/* cert_cache.h - a worker's certificates by name; asks for each but once. */

#ifndef CERT_CACHE_H
#define CERT_CACHE_H

#include <stdint.h>

#include "proxy/cert_leaf.h"
#include "proxy/mint.h"

struct cert_cache;

struct cert_cache_settings {
    unsigned max_entries;
    unsigned renew_before;              /* seconds before the end */
    uint64_t refused_for;               /* how long "none" holds; as `now` */
};

/* 2048 names, renewed three days early, two seconds in milliseconds. */
extern const struct cert_cache_settings cert_cache_defaults;

struct cert_cache_counts {
    unsigned long long hits;
    unsigned long long asked;           /* questions to the mint */
    unsigned long long joined;          /* waited for another's question */
    unsigned long long none;
};

/* The leaf lives during the call, unless it is referenced; NULL for none. */
typedef void cert_cache_fn(void *ctx, struct cert_leaf *leaf);

/* Somebody who waits; lives in its owner, all zero but fn and ctx. */
struct cert_cache_waiter {
    cert_cache_fn *fn;
    void *ctx;
    struct cert_cache_waiter *previous, *next;  /* NULL: does not wait */
};

/* `client` must be freed before the cache. */
struct cert_cache *cert_cache_new(struct mint_client *client,
                                  const struct cert_cache_settings *settings);
void cert_cache_free(struct cert_cache *cache);

/* Hand out no certificate of before; who waits for one gets a new one. */
void cert_cache_clear(struct cert_cache *cache);

enum cert_cache_answer {
    CERT_CACHE_READY,
    CERT_CACHE_WAIT,                    /* the waiter will be called, once */
    CERT_CACHE_NONE                     /* not now */
};

/* The certificate for `name`.  `now` is of a clock that never goes back, the
 * same as that of mint_request.  READY sets *leaf, which lives until the next
 * call unless it is referenced. */
enum cert_cache_answer cert_cache_get(struct cert_cache *cache,
                                      const struct leaf_name *name,
                                      uint64_t now,
                                      struct cert_cache_waiter *waiter,
                                      struct cert_leaf **leaf);

/* Wait no more; fine for one that does not wait. */
void cert_cache_cancel(struct cert_cache_waiter *waiter);

const struct cert_cache_counts *cert_cache_count(
    const struct cert_cache *cache);

#endif

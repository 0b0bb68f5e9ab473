/* SPDX-License-Identifier: MIT */
/* cert_cache.c - a worker's certificates by name; asks for each but once.
 *
 * Entries lie in a hash table of chains, and in a list from the one used last
 * to the one that goes first.  One that is asked for stays until the answer. */

#include "proxy/cert_cache.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

/* A certificate that ends in less is not handed out, in seconds. */
#define LAST_MOMENT 60

const struct cert_cache_settings cert_cache_defaults
    = { 2048, 3 * 86400, 2000 };

struct entry {
    struct cert_cache *cache;
    struct entry *chain;
    struct entry *newer, *older;
    struct cert_leaf *leaf;             /* or NULL */
    bool is_asked;
    bool is_calling;                    /* its waiters, just now */
    uint64_t asked_at;
    uint64_t none_until;
    struct cert_cache_waiter waiters;   /* head of a ring */
    char name[];
};

struct cert_cache {
    struct mint_client *client;
    struct cert_cache_settings settings;
    struct entry **buckets;
    size_t bucket_mask;
    uint64_t seed;
    struct entry *newest, *oldest;
    unsigned count;
    struct cert_cache_counts counts;
};

/* ---- Waiters ---- */

static void
ring_init(struct cert_cache_waiter *head)
{
    head->previous = head->next = head;
}

static void
ring_add(struct cert_cache_waiter *head, struct cert_cache_waiter *waiter)
{
    waiter->previous = head->previous;
    waiter->next = head;
    head->previous->next = waiter;
    head->previous = waiter;
}

void
cert_cache_cancel(struct cert_cache_waiter *waiter)
{
    if (waiter->next == NULL)
        return;
    waiter->previous->next = waiter->next;
    waiter->next->previous = waiter->previous;
    waiter->previous = waiter->next = NULL;
}

/* Move all of `from` to the empty ring `to`. */
static void
ring_move(struct cert_cache_waiter *to, struct cert_cache_waiter *from)
{
    ring_init(to);
    if (from->next == from)
        return;
    *to = *from;
    to->next->previous = to->previous->next = to;
    ring_init(from);
}

/* ---- Entries ---- */

/* FNV-1a from a secret start.  Who still finds names that collide makes chains
 * no longer than the cache. */
static struct entry **
find_bucket(struct cert_cache *cache, const char *name)
{
    uint64_t hash = cache->seed;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3U;
    return &cache->buckets[(hash ^ hash >> 32) & cache->bucket_mask];
}

static void
unlink_age(struct cert_cache *cache, struct entry *e)
{
    if (e->newer != NULL)
        e->newer->older = e->older;
    else
        cache->newest = e->older;
    if (e->older != NULL)
        e->older->newer = e->newer;
    else
        cache->oldest = e->newer;
    e->newer = e->older = NULL;
}

static void
link_newest(struct cert_cache *cache, struct entry *e)
{
    e->older = cache->newest;
    if (e->older != NULL)
        e->older->newer = e;
    else
        cache->oldest = e;
    cache->newest = e;
}

static void
drop(struct cert_cache *cache, struct entry *e)
{
    struct entry **at = find_bucket(cache, e->name);

    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_age(cache, e);
    cache->count--;
    cert_leaf_unref(e->leaf);
    free(e);
}

/* Make room; those that are waited for stay, of which the mint has a bound. */
static void
drop_oldest(struct cert_cache *cache)
{
    struct entry *next;

    for (struct entry *e = cache->oldest;
         e != NULL && cache->count >= cache->settings.max_entries; e = next) {
        next = e->newer;
        if (!e->is_asked && !e->is_calling)
            drop(cache, e);
    }
}

static struct entry *
find(struct cert_cache *cache, const char *name)
{
    struct entry *e = *find_bucket(cache, name);

    while (e != NULL && strcmp(e->name, name) != 0)
        e = e->chain;
    return e;
}

static struct entry *
add(struct cert_cache *cache, const char *name)
{
    const size_t length = strlen(name) + 1;
    struct entry **bucket = find_bucket(cache, name);
    struct entry *e;

    drop_oldest(cache);
    e = fatal_alloc(sizeof(*e) + length);
    e->cache = cache;
    memcpy(e->name, name, length);
    ring_init(&e->waiters);
    e->chain = *bucket;
    *bucket = e;
    link_newest(cache, e);
    cache->count++;
    return e;
}

/* ---- Questions and answers ---- */

static bool
is_nothing(const struct entry *e)
{
    return e->leaf == NULL && !e->is_asked && e->none_until == 0;
}

static void
call_waiters(struct entry *e)
{
    struct cert_cache_waiter called;
    struct cert_leaf *leaf = e->leaf == NULL ? NULL : cert_leaf_ref(e->leaf);

    /* Who is called may ask again, and would wait in the entry's own ring. */
    ring_move(&called, &e->waiters);
    e->is_calling = true;
    while (called.next != &called) {
        struct cert_cache_waiter *waiter = called.next;

        cert_cache_cancel(waiter);
        waiter->fn(waiter->ctx, leaf);
    }
    e->is_calling = false;
    cert_leaf_unref(leaf);
}

static void
on_answer(void *ctx, enum mint_result result, const struct mint_leaf *made)
{
    struct entry *e = ctx;
    struct cert_cache *cache = e->cache;
    struct cert_leaf *leaf = result == MINT_OK
                                 ? cert_leaf_new(&made->der, made->not_after)
                                 : NULL;

    e->is_asked = false;
    if (leaf != NULL) {
        cert_leaf_unref(e->leaf);
        e->leaf = leaf;
        e->none_until = 0;
    } else if (result != MINT_LOST) {
        e->none_until = e->asked_at + cache->settings.refused_for;
    }
    call_waiters(e);
    if (is_nothing(e))
        drop(cache, e);
}

static bool
ask(struct cert_cache *cache, struct entry *e, const struct leaf_name *name,
    uint64_t now)
{
    if (!mint_request(cache->client, name, now, on_answer, e))
        return false;
    e->is_asked = true;
    e->asked_at = now;
    cache->counts.asked++;
    return true;
}

static bool
is_good_for(const struct entry *e, time_t seconds)
{
    return e->leaf != NULL && e->leaf->not_after - time(NULL) >= seconds;
}

static enum cert_cache_answer
answer_ready(struct cert_cache *cache, struct entry *e,
             const struct leaf_name *name, uint64_t now,
             struct cert_leaf **leaf)
{
    if (!e->is_asked && now >= e->none_until
        && !is_good_for(e, (time_t)cache->settings.renew_before))
        (void)ask(cache, e, name, now);         /* and use the old one */
    cache->counts.hits++;
    *leaf = e->leaf;
    return CERT_CACHE_READY;
}

static enum cert_cache_answer
answer_none(struct cert_cache *cache, struct entry *e)
{
    cache->counts.none++;
    if (is_nothing(e) && !e->is_calling)
        drop(cache, e);
    return CERT_CACHE_NONE;
}

enum cert_cache_answer
cert_cache_get(struct cert_cache *cache, const struct leaf_name *name,
               uint64_t now, struct cert_cache_waiter *waiter,
               struct cert_leaf **leaf)
{
    struct entry *e = find(cache, name->text);

    if (e == NULL) {
        e = add(cache, name->text);
    } else {
        unlink_age(cache, e);
        link_newest(cache, e);
    }
    if (is_good_for(e, LAST_MOMENT))
        return answer_ready(cache, e, name, now, leaf);
    if (e->is_asked) {
        cache->counts.joined++;
    } else {
        if (now < e->none_until)
            return answer_none(cache, e);
        e->none_until = 0;
        if (!ask(cache, e, name, now))
            return answer_none(cache, e);
    }
    ring_add(&e->waiters, waiter);
    return CERT_CACHE_WAIT;
}

/* ---- The cache ---- */

struct cert_cache *
cert_cache_new(struct mint_client *client,
               const struct cert_cache_settings *settings)
{
    struct cert_cache *cache = fatal_alloc(sizeof(*cache));
    size_t buckets = 16;

    while (buckets < settings->max_entries && buckets < (size_t)1 << 24)
        buckets *= 2;
    cache->client = client;
    cache->settings = *settings;
    cache->buckets = fatal_alloc(buckets * sizeof(*cache->buckets));
    cache->bucket_mask = buckets - 1;
    if (gnutls_rnd(GNUTLS_RND_NONCE, &cache->seed, sizeof(cache->seed)) < 0)
        fatal("no random numbers");
    return cache;
}

void
cert_cache_clear(struct cert_cache *cache)
{
    struct entry *next;

    for (struct entry *e = cache->newest; e != NULL; e = next) {
        next = e->older;
        cert_leaf_unref(e->leaf);
        e->leaf = NULL;
        e->none_until = 0;
        if (!e->is_asked && !e->is_calling)
            drop(cache, e);
    }
}

void
cert_cache_free(struct cert_cache *cache)
{
    if (cache == NULL)
        return;
    while (cache->newest != NULL) {
        struct entry *e = cache->newest;

        while (e->waiters.next != &e->waiters)
            cert_cache_cancel(e->waiters.next);
        drop(cache, e);
    }
    free(cache->buckets);
    free(cache);
}

const struct cert_cache_counts *
cert_cache_count(const struct cert_cache *cache)
{
    return &cache->counts;
}

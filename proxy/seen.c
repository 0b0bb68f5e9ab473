/* SPDX-License-Identifier: MIT */
/* seen.c - a table of keys in which new ones push old ones out. */

#include "proxy/seen.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/fatal.h"

#define ROWS 8192
#define WAYS 4

struct seen {
    uint8_t secret[32];
    uint8_t next[ROWS];
    uint64_t keys[ROWS][WAYS];
};

struct seen *
seen_new(void)
{
    struct seen *seen = fatal_alloc(sizeof(*seen));

    if (getrandom(seen->secret, sizeof(seen->secret), 0)
        != (ssize_t)sizeof(seen->secret))
        fatal("no random numbers");
    return seen;
}

void
seen_free(struct seen *seen)
{
    free(seen);
}

uint64_t
seen_key(const struct seen *seen, const struct http_text *parts,
         size_t count)
{
    uint8_t digest[32];
    gnutls_hash_hd_t hash;
    uint64_t key;

    if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) != 0)
        fatal("GnuTLS has no SHA-256");
    gnutls_hash(hash, seen->secret, sizeof(seen->secret));
    for (size_t i = 0; i < count; i++) {
        const uint64_t length = parts[i].length;

        gnutls_hash(hash, &length, sizeof(length));
        gnutls_hash(hash, parts[i].at, parts[i].length);
    }
    gnutls_hash_deinit(hash, digest);
    memcpy(&key, digest, sizeof(key));
    return key | 1;                     /* 0 stands for nothing */
}

void
seen_add(struct seen *seen, uint64_t key)
{
    const size_t row = key % ROWS;

    if (!seen_has(seen, key))
        seen->keys[row][seen->next[row]++ % WAYS] = key;
}

bool
seen_has(const struct seen *seen, uint64_t key)
{
    for (size_t i = 0; i < WAYS; i++) {
        if (seen->keys[key % ROWS][i] == key)
            return true;
    }
    return false;
}

void
seen_clear(struct seen *seen)
{
    memset(seen->keys, 0, sizeof(seen->keys));
}

/* SPDX-License-Identifier: MIT */
/* seen.c - a table of keys in which new ones push old ones out. */

#include "proxy/seen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/fatal.h"

#define ROWS 8192
#define WAYS 4

struct seen {
    uint64_t secret[2];
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

/* The mixing step of MurmurHash3's finaliser (Appleby, public domain), keyed:
 * an origin cannot choose what shares a row. */
static uint64_t
mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    h ^= h >> 33;
    return h;
}

static uint64_t
add_text(const struct seen *seen, uint64_t h, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = 0;

        memcpy(&word, text + i, length - i < 8 ? length - i : 8);
        h = mix(h ^ word) + seen->secret[1];
    }
    return mix(h ^ length);
}

uint64_t
seen_key(const struct seen *seen, const char *address, const char *validator,
         size_t validator_length)
{
    uint64_t h = add_text(seen, seen->secret[0], address, strlen(address));

    h = add_text(seen, h, validator, validator_length);
    return h == 0 ? 1 : h;
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

/* SPDX-License-Identifier: MIT */
/* seen.h - what was judged and found clean: bodies, so that they are not
 * judged again, and answers by address and validator, so that "304 Not
 * Modified" can be believed. */

#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/http_head.h"

struct seen;

struct seen *seen_new(void);
void seen_free(struct seen *seen);

/* A key of `count` texts: SHA-256 behind a secret, cut to 64 bits, so that
 * nobody can make two bodies of one key. */
uint64_t seen_key(const struct seen *seen, const struct http_text *parts,
                  size_t count);

void seen_add(struct seen *seen, uint64_t key);
bool seen_has(const struct seen *seen, uint64_t key);

/* All is forgotten: the rules have changed. */
void seen_clear(struct seen *seen);

#endif

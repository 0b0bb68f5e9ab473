/* SPDX-License-Identifier: MIT */
/* seen.h - which answers were judged and found clean, by address and validator,
 * so that "304 Not Modified" can be believed. */

#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen;

struct seen *seen_new(void);
void seen_free(struct seen *seen);

/* A key of two texts; keys of different pairs are different but for chance. */
uint64_t seen_key(const struct seen *seen, const char *address,
                  const char *validator, size_t validator_length);

void seen_add(struct seen *seen, uint64_t key);
bool seen_has(const struct seen *seen, uint64_t key);

/* All is forgotten: the rules have changed. */
void seen_clear(struct seen *seen);

#endif

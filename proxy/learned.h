/* SPDX-License-Identifier: MIT */
/* learned.h - hosts whose clients did not trust our certificates. */

#ifndef LEARNED_H
#define LEARNED_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/leaf_name.h"

/* Shared by all workers; any thread. */
struct learned;

struct learned *learned_new(void);
void learned_free(struct learned *learned);

/* Leave `name` alone until then; times in milliseconds. */
void learned_add(struct learned *learned, const struct leaf_name *name,
                 uint64_t until);
bool learned_has(struct learned *learned, const struct leaf_name *name,
                 uint64_t now);

#endif

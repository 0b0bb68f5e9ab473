/* SPDX-License-Identifier: MIT */
/* arena.h - memory that is given out piece by piece and taken back whole. */

#ifndef DV_ARENA_H
#define DV_ARENA_H

#include "base/mem.h"
#include "base/span.h"

struct dv_arena_block;

/* Pieces stay where they are until reset or fini; there is no single free. */
struct dv_arena {
    struct dv_mem *mem;
    struct dv_arena_block *head;        /* newest first */
    uint8_t *at;                        /* free room in the newest block */
    size_t left;
    size_t used;                        /* bytes given out since reset */
};

void dv_arena_init(struct dv_arena *arena, struct dv_mem *mem);

/* NULL when refused; aligned for any object; not zeroed. */
void *dv_arena_alloc(struct dv_arena *arena, size_t n) DV_MUST_CHECK;

/* As above for `count` things of `size` bytes, zeroed. */
void *dv_arena_calloc(struct dv_arena *arena, size_t count,
                      size_t size) DV_MUST_CHECK;

/* Unaligned bytes, for text. */
uint8_t *dv_arena_bytes(struct dv_arena *arena, size_t n) DV_MUST_CHECK;

/* Copy `from` and point `copy` at it; false when refused. */
bool dv_arena_copy(struct dv_arena *arena, struct dv_span from,
                   struct dv_span *copy) DV_MUST_CHECK;

/* Take every piece back; the largest block is kept for the next round. */
void dv_arena_reset(struct dv_arena *arena);

/* Give everything back to the account. */
void dv_arena_fini(struct dv_arena *arena);

#endif

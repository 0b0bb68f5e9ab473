/* SPDX-License-Identifier: MIT */
/* arena.c - bump allocation in growing blocks. */

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

/* Blocks double from 4 KiB (one script's facts) to 1 MiB, so that small scans
 * stay small and large ones make few calls. */
#define FIRST_BLOCK ((size_t)4096)
#define LAST_BLOCK  ((size_t)1 << 20)

struct dv_arena_block {
    struct dv_arena_block *next;
    size_t size;                        /* with this head */
    alignas(max_align_t) uint8_t bytes[];
};

void
dv_arena_init(struct dv_arena *arena, struct dv_mem *mem)
{
    *arena = (struct dv_arena){ .mem = mem };
}

static bool
add_block(struct dv_arena *arena, size_t n)
{
    struct dv_arena_block *block;
    size_t size = FIRST_BLOCK;
    size_t needed;

    if (!dv_mem_add(n, sizeof(*block), &needed))
        return false;
    if (arena->head != NULL)
        size = arena->head->size < LAST_BLOCK ? arena->head->size * 2
                                              : LAST_BLOCK;
    if (size < needed)
        size = needed;
    block = dv_mem_alloc(arena->mem, size);
    if (block == NULL)
        return false;
    block->next = arena->head;
    block->size = size;
    arena->head = block;
    arena->at = block->bytes;
    arena->left = size - sizeof(*block);
    return true;
}

uint8_t *
dv_arena_bytes(struct dv_arena *arena, size_t n)
{
    uint8_t *piece;

    if (n > arena->left || arena->head == NULL) {
        if (!add_block(arena, n))
            return NULL;
    }
    piece = arena->at;
    arena->at += n;
    arena->left -= n;
    arena->used += n;
    return piece;
}

void *
dv_arena_alloc(struct dv_arena *arena, size_t n)
{
    const size_t align = alignof(max_align_t);
    const size_t pad = (align - (uintptr_t)arena->at % align) % align;

    if (pad < arena->left) {
        arena->at += pad;
        arena->left -= pad;
    } else {
        arena->left = 0;                /* a fresh block is aligned */
    }
    if (arena->left == 0 && !add_block(arena, n))
        return NULL;
    return dv_arena_bytes(arena, n);
}

void *
dv_arena_calloc(struct dv_arena *arena, size_t count, size_t size)
{
    size_t n;
    void *piece;

    if (!dv_mem_mul(count, size, &n))
        return NULL;
    piece = dv_arena_alloc(arena, n);
    if (piece != NULL)
        memset(piece, 0, n);
    return piece;
}

bool
dv_arena_copy(struct dv_arena *arena, struct dv_span from,
              struct dv_span *copy)
{
    uint8_t *bytes = dv_arena_bytes(arena, from.len);

    if (bytes == NULL)
        return false;
    if (from.len != 0)
        memcpy(bytes, from.at, from.len);
    *copy = dv_span_of(bytes, from.len);
    return true;
}

static struct dv_arena_block *
largest_block(struct dv_arena *arena)
{
    struct dv_arena_block *best = arena->head;

    for (struct dv_arena_block *b = arena->head; b != NULL; b = b->next) {
        if (b->size > best->size)
            best = b;
    }
    return best;
}

static void
free_blocks_except(struct dv_arena *arena, struct dv_arena_block *kept)
{
    struct dv_arena_block *next;

    for (struct dv_arena_block *b = arena->head; b != NULL; b = next) {
        next = b->next;
        if (b != kept)
            dv_mem_free(arena->mem, b, b->size);
    }
}

void
dv_arena_reset(struct dv_arena *arena)
{
    struct dv_arena_block *kept = largest_block(arena);

    /* One giant page must not make every later scan hold its memory. */
    if (kept != NULL && kept->size > LAST_BLOCK)
        kept = NULL;
    free_blocks_except(arena, kept);
    dv_arena_init(arena, arena->mem);
    if (kept == NULL)
        return;
    kept->next = NULL;
    arena->head = kept;
    arena->at = kept->bytes;
    arena->left = kept->size - sizeof(*kept);
}

void
dv_arena_fini(struct dv_arena *arena)
{
    free_blocks_except(arena, NULL);
    dv_arena_init(arena, arena->mem);
}

/* SPDX-License-Identifier: MIT */
/* vec.c - growing an array, never past its maximum. */

#include "base/vec.h"

#define FIRST_CAPACITY ((size_t)16)

void
dv_vec_init(struct dv_vec *vec, struct dv_mem *mem, size_t item, size_t max)
{
    *vec = (struct dv_vec){ .mem = mem, .item = item, .max = max };
}

void
dv_vec_fini(struct dv_vec *vec)
{
    dv_mem_free(vec->mem, vec->at, vec->cap * vec->item);
    dv_vec_init(vec, vec->mem, vec->item, vec->max);
}

void
dv_vec_clear(struct dv_vec *vec)
{
    vec->len = 0;
}

bool
dv_vec_grow(struct dv_vec *vec)
{
    size_t cap = vec->cap == 0 ? FIRST_CAPACITY : vec->cap;
    size_t bytes;
    void *moved;

    if (dv_vec_is_full(vec))
        return false;
    if (vec->cap != 0)
        cap = cap > vec->max / 2 ? vec->max : cap * 2;
    if (cap > vec->max)
        cap = vec->max;
    if (!dv_mem_mul(cap, vec->item, &bytes))
        return false;
    moved = dv_mem_realloc(vec->mem, vec->at, vec->cap * vec->item, bytes);
    if (moved == NULL)
        return false;
    vec->at = moved;
    vec->cap = cap;
    return true;
}

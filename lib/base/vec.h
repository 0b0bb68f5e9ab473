/* SPDX-License-Identifier: MIT */
/* vec.h - a growing array of one kind of thing. */

#ifndef DV_VEC_H
#define DV_VEC_H

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

struct dv_vec {
    struct dv_mem *mem;
    void *at;
    size_t len;                         /* items */
    size_t cap;                         /* items */
    size_t max;                         /* items */
    size_t item;                        /* bytes of one */
};

void dv_vec_init(struct dv_vec *vec, struct dv_mem *mem, size_t item,
                 size_t max);
void dv_vec_fini(struct dv_vec *vec);

/* Forget the items, keep the room. */
void dv_vec_clear(struct dv_vec *vec);

/* Room for at least one more item; false when the memory is refused or the
 * maximum is reached (dv_vec_is_full tells which). */
bool dv_vec_grow(struct dv_vec *vec) DV_MUST_CHECK;

/* Room for one more item at the end, zeroed; NULL as when dv_vec_grow answers
 * false.  The pointer is good until the next push. */
DV_MUST_CHECK static inline void *
dv_vec_push(struct dv_vec *vec)
{
    if (DV_UNLIKELY(vec->len == vec->cap) && !dv_vec_grow(vec))
        return NULL;
    return memset((char *)vec->at + vec->len++ * vec->item, 0, vec->item);
}

/* Append to a vector of uint32_t; false as when dv_vec_push answers NULL. */
static inline bool
dv_vec_push_u32(struct dv_vec *vec, uint32_t number)
{
    if (DV_UNLIKELY(vec->len == vec->cap) && !dv_vec_grow(vec))
        return false;
    ((uint32_t *)vec->at)[vec->len++] = number;
    return true;
}

static inline bool
dv_vec_is_full(const struct dv_vec *vec)
{
    return vec->len >= vec->max;
}

/* Drop the last item; there must be one. */
static inline void
dv_vec_pop(struct dv_vec *vec)
{
    vec->len--;
}

/* Item `i`, which must exist. */
static inline void *
dv_vec_at(const struct dv_vec *vec, size_t i)
{
    return (char *)vec->at + i * vec->item;
}

#endif

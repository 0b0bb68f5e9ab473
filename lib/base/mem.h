/* SPDX-License-Identifier: MIT */
/* mem.h - an account that every allocation is drawn from. */

#ifndef DV_MEM_H
#define DV_MEM_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* An account: who gives the memory, how much is out, how much may be.  An
 * account belongs to one thread at a time.  A refused request changes
 * nothing; callers answer DAVY_NO_MEMORY. */
struct dv_mem {
    davy_allocator hooks;
    size_t used;                /* bytes out now */
    size_t peak;                /* the most that was ever out */
    size_t limit;               /* bytes; SIZE_MAX for none */
};

/* `hooks` may be NULL for malloc and free; it is copied. */
void dv_mem_init(struct dv_mem *mem, const davy_allocator *hooks,
                 size_t limit);

/* NULL when refused.  A request for 0 bytes gets a valid pointer. */
void *dv_mem_alloc(struct dv_mem *mem, size_t n) DV_MUST_CHECK;

/* `count` things of `size` bytes each, zeroed; overflow is a refusal. */
void *dv_mem_calloc(struct dv_mem *mem, size_t count,
                    size_t size) DV_MUST_CHECK;

/* Grow or shrink; on refusal the old block stays as it was. */
void *dv_mem_realloc(struct dv_mem *mem, void *at, size_t old_n,
                     size_t n) DV_MUST_CHECK;

/* `n` is the size that was asked for.  NULL is welcome. */
void dv_mem_free(struct dv_mem *mem, void *at, size_t n);

/* Whether a * b fits; stores the product when it does. */
bool dv_mem_mul(size_t a, size_t b, size_t *product);

/* Whether a + b fits; stores the sum when it does. */
bool dv_mem_add(size_t a, size_t b, size_t *sum);

#endif

/* SPDX-License-Identifier: MIT */
/* mem.c - accounts for memory: hooks, a limit, checked sizes. */

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *
system_alloc(void *ctx, size_t n)
{
    (void)ctx;
    return malloc(n);
}

static void *
system_realloc(void *ctx, void *at, size_t n)
{
    (void)ctx;
    return realloc(at, n);
}

static void
system_free(void *ctx, void *at)
{
    (void)ctx;
    free(at);
}

void
dv_mem_init(struct dv_mem *mem, const davy_allocator *hooks, size_t limit)
{
    memset(mem, 0, sizeof(*mem));
    mem->limit = limit;
    if (hooks != NULL) {
        mem->hooks = *hooks;
        return;
    }
    mem->hooks.alloc = system_alloc;
    mem->hooks.realloc = system_realloc;
    mem->hooks.free = system_free;
}

bool
dv_mem_mul(size_t a, size_t b, size_t *product)
{
    if (a != 0 && b > SIZE_MAX / a)
        return false;
    *product = a * b;
    return true;
}

bool
dv_mem_add(size_t a, size_t b, size_t *sum)
{
    if (b > SIZE_MAX - a)
        return false;
    *sum = a + b;
    return true;
}

static void
count_out(struct dv_mem *mem, size_t n)
{
    mem->used += n;
    if (mem->used > mem->peak)
        mem->peak = mem->used;
}

void *
dv_mem_alloc(struct dv_mem *mem, size_t n)
{
    void *at;

    if (n > mem->limit - mem->used)
        return NULL;
    at = mem->hooks.alloc(mem->hooks.ctx, n == 0 ? 1 : n);
    if (at != NULL)
        count_out(mem, n);
    return at;
}

void *
dv_mem_calloc(struct dv_mem *mem, size_t count, size_t size)
{
    size_t n;
    void *at;

    if (!dv_mem_mul(count, size, &n))
        return NULL;
    at = dv_mem_alloc(mem, n);
    if (at != NULL)
        memset(at, 0, n);
    return at;
}

void *
dv_mem_realloc(struct dv_mem *mem, void *at, size_t old_n, size_t n)
{
    void *moved;

    if (at == NULL)
        return dv_mem_alloc(mem, n);
    if (n > old_n && n - old_n > mem->limit - mem->used)
        return NULL;
    moved = mem->hooks.realloc(mem->hooks.ctx, at, n == 0 ? 1 : n);
    if (moved == NULL)
        return NULL;
    mem->used -= old_n;
    count_out(mem, n);
    return moved;
}

void
dv_mem_free(struct dv_mem *mem, void *at, size_t n)
{
    if (at == NULL)
        return;
    mem->used -= n;
    mem->hooks.free(mem->hooks.ctx, at);
}

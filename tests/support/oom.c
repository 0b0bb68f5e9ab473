/* SPDX-License-Identifier: MIT */
/* oom.c - fails the n-th allocation, for every n. */

#include "support/oom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static bool
must_fail(struct oom *oom)
{
    oom->requests++;
    if (oom->fail_at == 0)
        return false;
    return oom->requests == oom->fail_at
           || (oom->keeps_failing && oom->requests > oom->fail_at);
}

static void *
oom_alloc(void *ctx, size_t n)
{
    struct oom *oom = ctx;
    void *at;

    if (must_fail(oom))
        return NULL;
    at = malloc(n);
    if (at != NULL)
        oom->blocks++;
    return at;
}

static void *
oom_realloc(void *ctx, void *at, size_t n)
{
    return must_fail(ctx) ? NULL : realloc(at, n);
}

static void
oom_free(void *ctx, void *at)
{
    struct oom *oom = ctx;

    oom->blocks--;
    free(at);
}

void
oom_init(struct oom *oom, unsigned long fail_at)
{
    *oom = (struct oom){ .fail_at = fail_at };
    oom->hooks = (davy_allocator){ sizeof(davy_allocator), oom_alloc,
                                   oom_realloc, oom_free, oom };
}

static unsigned long
run_once(davy_status (*action)(const davy_allocator *, void *), void *ctx,
         unsigned long fail_at, bool keeps_failing)
{
    struct oom oom;
    davy_status st;

    oom_init(&oom, fail_at);
    oom.keeps_failing = keeps_failing;
    st = action(&oom.hooks, ctx);
    if (st != DAVY_OK && st != DAVY_NO_MEMORY)
        fail_msg("allocation %lu failing: status %d", fail_at, (int)st);
    if (oom.blocks != 0)
        fail_msg("allocation %lu failing: %ld blocks leak", fail_at,
                 oom.blocks);
    return oom.requests;
}

void
oom_sweep(davy_status (*action)(const davy_allocator *hooks, void *ctx),
          void *ctx, unsigned long most)
{
    const unsigned long total = run_once(action, ctx, 0, false);
    const unsigned long step = total > most ? total / most : 1;

    for (unsigned long n = 1; n <= total; n += step) {
        run_once(action, ctx, n, false);
        run_once(action, ctx, n, true);
    }
}

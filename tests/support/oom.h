/* SPDX-License-Identifier: MIT */
/* oom.h - an allocator whose n-th request fails, and leaks are counted. */

#ifndef TEST_OOM_H
#define TEST_OOM_H

#include <davy/davy.h>
#include <stdbool.h>

struct oom {
    davy_allocator hooks;
    unsigned long requests;             /* made so far */
    unsigned long fail_at;              /* the request that fails; 0: none */
    bool keeps_failing;                 /* and all behind it */
    long blocks;                        /* out now */
};

/* `oom` must not move while its hooks are in use. */
void oom_init(struct oom *oom, unsigned long fail_at);

/* Run `action` with the 1st, 2nd, ... request failing until a run makes no
 * failing request any more; at most `most` runs, evenly spread when there are
 * more requests.  `action` gets the hooks and answers a status.  Fails the
 * cmocka test when a run leaks, or answers neither DAVY_OK nor
 * DAVY_NO_MEMORY. */
void oom_sweep(davy_status (*action)(const davy_allocator *hooks, void *ctx),
               void *ctx, unsigned long most);

#endif

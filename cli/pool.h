/* SPDX-License-Identifier: MIT */
/* pool.h - many targets at a time, answers in the order of targets. */

#ifndef POOL_H
#define POOL_H

#include "cli/judge.h"

struct pool_job {
    struct target target;
    struct outcomes outcomes;
};

/* Judge every target with `threads` threads, each with its own judge.  `emit`
 * gets each job in the order of targets, in the calling thread; `idle` is
 * called there a few times a second.  At most a few jobs for each thread wait
 * in memory. */
void pool_run(struct targets *targets, const struct judge_options *options,
              unsigned threads, void (*emit)(void *ctx, struct pool_job *job),
              void (*idle)(void *ctx), void *ctx);

#endif

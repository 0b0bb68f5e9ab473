/* SPDX-License-Identifier: MIT */
/* job.h - judges one target of the command line, with all it loads. */

#ifndef JOB_H
#define JOB_H

#include "cli/fetch.h"
#include "cli/outcome.h"
#include "cli/targets.h"

struct job_options {
    struct fetch_options fetch;
    struct outcome_style style;
    unsigned long max_resources;        /* fetched for one page */
};

/* What one thread works with. */
struct job;

/* NULL when memory is refused. */
struct job *job_new(davy_ruleset *ruleset, const struct job_options *options);
void job_free(struct job *job);

/* Judge `target`; `outcome` is filled, its texts are malloc'ed. */
void job_run(struct job *job, const struct target *target,
             struct outcome *outcome);

#endif

/* SPDX-License-Identifier: MIT */
/* judge.h - looks at one target of any type, with all it loads. */

#ifndef JUDGE_H
#define JUDGE_H

#include <davy/davy.h>

#include "cli/exclude.h"
#include "cli/fetch.h"
#include "cli/outcome.h"
#include "cli/targets.h"

struct judge_options {
    davy_ruleset *ruleset;
    struct outcome_style style;
    struct fetch_options fetch;
    size_t max_filesize;                /* bytes of one target */
    size_t max_resources;               /* fetched for one page */
    const struct exclude *exclude;
};

/* What one thread works with: scanners and connections, made when first
 * needed. */
struct judge {
    const struct judge_options *options;
    davy_scanner *scanner;
    davy_scanner *page_scanner;         /* also lists what pages load */
    struct fetcher *fetcher;
    char *chunk;
};

void judge_init(struct judge *judge, const struct judge_options *options);
void judge_fini(struct judge *judge);

/* Look at `target`; `outcomes` must be empty. */
void judge_target(struct judge *judge, const struct target *target,
                  struct outcomes *outcomes);

/* The scanner for files, or for what is fetched; NULL without memory. */
davy_scanner *judge_scanner(struct judge *judge, bool is_fetched);

/* Scanners keep their memory; let it go after a large target. */
void judge_trim(struct judge *judge, uint64_t bytes);

/* Microseconds of a clock that only runs forward. */
uint64_t judge_now(void);

#endif

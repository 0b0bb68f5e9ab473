/* SPDX-License-Identifier: MIT */
/* progress.h - a bar on standard error while much is scanned. */

#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    bool is_wanted;
    bool is_shown;
    size_t total;
    double started;                     /* seconds */
    double drawn;
};

/* Wanted on a terminal, not in CI or with TERM=dumb. */
void progress_begin(struct progress *progress, size_t total, bool is_allowed);

/* `done` of the total are done.  Draws at most ten times a second, and not in
 * the first half second. */
void progress_step(struct progress *progress, size_t done);

/* Take the bar away, before other output and at the end. */
void progress_clear(struct progress *progress);

#endif

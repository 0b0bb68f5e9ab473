/* SPDX-License-Identifier: MIT */
/* progress.h - a bar on standard error while the work is long. */

#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far the work is. */
struct progress {
    size_t targets;
    uint64_t bytes;
    double share;                       /* 0 to 1 */
};

/* Show a bar from now on, when standard error is a terminal on which that is
 * welcome.  One thread. */
void progress_begin(bool is_allowed);

/* Say how far the work is; draws a few times a second, and not in the first
 * half second. */
void progress_update(const struct progress *progress);

/* Take the bar away: before anything else is written to the terminal. */
void progress_hide(void);

#endif

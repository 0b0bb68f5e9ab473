/* SPDX-License-Identifier: MIT */
/* tally.h - what came of all targets together. */

#ifndef TALLY_H
#define TALLY_H

#include "cli/outcome.h"

/* Names kept for the summary, of each kind; the others are counted. */
#define TALLY_NAMES 20

/* "name" or "name (loaded by page)". */
struct tally_names {
    char *names[TALLY_NAMES];
    size_t count;                       /* also of those not kept */
};

struct tally {
    size_t targets;                     /* judged: of the command line and
                                         * folders */
    size_t loaded;                      /* judged: by pages, besides */
    size_t clean;
    size_t errors;                      /* not judged */
    size_t passed_over;                 /* pipes, sockets, devices */
    uint64_t bytes;
    double seconds;
    int severity;                       /* gravest finding, or -1 */
    davy_verdict verdict;               /* worst */
    bool has_flagged_loaded;            /* a page loads what is not clean */
    struct tally_names miners, suspicious, partial;
};

void tally_init(struct tally *tally);
void tally_fini(struct tally *tally);
void tally_add(struct tally *tally, const struct outcomes *outcomes);

#endif

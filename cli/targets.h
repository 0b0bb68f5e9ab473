/* SPDX-License-Identifier: MIT */
/* targets.h - what is to be scanned, one after the other: words of the command
 * line, lines of lists, and everything below folders.
 *
 * The order is fixed: words, then lists; in a folder by the bytes of names.  A
 * folder is entered once for each word that leads to it, so links that lead
 * back end. */

#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/exclude.h"

enum target_type {
    TARGET_FILE,
    TARGET_STDIN,
    TARGET_ADDRESS,                     /* http:// or https:// */
    TARGET_ERROR                        /* cannot be looked at */
};

struct target {
    enum target_type type;
    char *name;                         /* path or address as given */
    char *error;                        /* why not, or NULL */
    double share;                       /* of all the work, when this target is
                                         * done: 0 to 1 */
};

void target_fini(struct target *target);

struct targets;

/* Words and `exclude` are borrowed. */
struct targets *targets_new(const struct exclude *exclude);
void targets_free(struct targets *targets);
void targets_add_word(struct targets *targets, const char *word);

/* Add a list of targets; `-` is standard input.  False after a message. */
bool targets_add_list(struct targets *targets, const char *path,
                      bool ends_with_nul);

/* The next target, or false at the end.  Not from two threads at a time. */
bool targets_next(struct targets *targets, struct target *target);

/* Pipes, sockets and devices below folders, passed over so far. */
size_t targets_passed_over(const struct targets *targets);

#endif

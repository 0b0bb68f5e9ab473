/* SPDX-License-Identifier: MIT */
/* targets.h - what is to be scanned: files of folders, lists, addresses. */

#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>

enum target_type {
    TARGET_FILE,
    TARGET_STDIN,
    TARGET_ADDRESS,
    TARGET_ERROR                        /* cannot be looked at; why in
                                         * `error` */
};

struct target {
    enum target_type type;
    char *name;                         /* path or address, as given */
    char *error;
};

struct targets {
    struct target *items;
    size_t count, room;
    const char **excludes;              /* globs */
    size_t excludes_count;
    struct folder_id *seen;             /* folders that were entered */
    size_t seen_count;
    bool has_stdin;
};

void targets_init(struct targets *targets);
void targets_free(struct targets *targets);
void targets_exclude(struct targets *targets, const char *glob);

/* Add what a word of the command line names; folders are walked, in the order
 * of names, each at most once even when links lead back to it. */
void targets_add(struct targets *targets, const char *word);

/* Add the lines of a file; false after a message. */
bool targets_add_from(struct targets *targets, const char *path,
                      bool nul_ends);

#endif

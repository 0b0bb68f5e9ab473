/* SPDX-License-Identifier: MIT */
/* exclude.h - what --exclude says not to look at. */

#ifndef EXCLUDE_H
#define EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>

struct exclude {
    const char **globs;                 /* borrowed texts */
    size_t count;
};

void exclude_add(struct exclude *exclude, const char *glob);
void exclude_fini(struct exclude *exclude);

/* By the whole path or address, by what is left of it without its first
 * `top` bytes (the folder that was given), and by its last name.  A glob that
 * ends with a slash means the folder.  Any number of threads. */
bool exclude_matches(const struct exclude *exclude, const char *path,
                     size_t top);

#endif

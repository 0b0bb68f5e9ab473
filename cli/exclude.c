/* SPDX-License-Identifier: MIT */
/* exclude.c - what --exclude says not to look at. */

#include "cli/exclude.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

void
exclude_add(struct exclude *exclude, const char *glob)
{
    exclude->globs = fatal_grow(exclude->globs, exclude->count,
                                sizeof(*exclude->globs));
    exclude->globs[exclude->count++] = glob;
}

void
exclude_fini(struct exclude *exclude)
{
    free(exclude->globs);
    memset(exclude, 0, sizeof(*exclude));
}

static bool
matches(const char *glob, const char *path, const char *below,
        const char *base)
{
    return fnmatch(glob, path, 0) == 0 || fnmatch(glob, below, 0) == 0
           || fnmatch(glob, base, 0) == 0;
}

bool
exclude_matches(const struct exclude *exclude, const char *path, size_t top)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL || slash[1] == '\0' ? path : slash + 1;
    const char *below = top < strlen(path) ? path + top : path;
    bool is_hit = false;

    while (*below == '/' && below[1] != '\0')
        below++;
    /* "./" is nothing that a glob such as .* is meant for. */
    while (path[0] == '.' && path[1] == '/' && path[2] != '\0')
        path += 2;
    for (size_t i = 0; i < exclude->count && !is_hit; i++) {
        const char *glob = exclude->globs[i];
        const size_t n = strlen(glob);

        if (n > 1 && glob[n - 1] == '/') {
            char *folder = fatal_strdup(glob);

            folder[n - 1] = '\0';
            is_hit = matches(folder, path, below, base);
            free(folder);
        } else {
            is_hit = matches(glob, path, below, base);
        }
    }
    return is_hit;
}

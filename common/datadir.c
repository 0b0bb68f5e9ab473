/* SPDX-License-Identifier: MIT */
/* datadir.c - where the pack is. */

#include "common/datadir.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"

char *
datadir_pack(const char *wanted)
{
    static const char tail[] = "/patterns";
    const char *base = getenv("DAVY_DATADIR");
    char *path;

    if (wanted != NULL)
        return log_strdup(wanted);
    if (base == NULL || base[0] == '\0')
        base = DAVY_DATADIR;
    path = log_alloc(strlen(base) + sizeof(tail));
    memcpy(path, base, strlen(base));
    memcpy(path + strlen(base), tail, sizeof(tail));
    return path;
}

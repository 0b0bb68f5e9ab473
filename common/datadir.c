/* SPDX-License-Identifier: MIT */
/* datadir.c - where the pack is. */

#include "common/datadir.h"

#include <stdlib.h>

#include "common/fatal.h"

char *
datadir_pack(const char *wanted)
{
    const char *base = getenv("DAVY_DATADIR");

    if (wanted != NULL)
        return fatal_strdup(wanted);
    if (base == NULL || base[0] == '\0')
        base = DAVY_DATADIR;
    return fatal_format("%s/patterns", base);
}

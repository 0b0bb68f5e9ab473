/* SPDX-License-Identifier: MIT */
/* api.c - the exported functions: argument checks, nothing else. */

#include <davy/davy.h>

const char *
davy_version(void)
{
    return DAVY_VERSION;
}

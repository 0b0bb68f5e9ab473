/* SPDX-License-Identifier: MIT */
/* datadir.h - where the pack is. */

#ifndef DATADIR_H
#define DATADIR_H

/* The folder of the pack: `wanted` (--pack) when given, else
 * $DAVY_DATADIR/patterns, else the one that was installed.  malloc'ed. */
char *datadir_pack(const char *wanted);

#endif

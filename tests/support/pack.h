/* SPDX-License-Identifier: MIT */
/* pack.h - the real pack, scanned with through the public interface. */

#ifndef TEST_PACK_H
#define TEST_PACK_H

#include <davy/davy.h>

/* The folder of the sources: $top_srcdir, or "." when run by hand. */
const char *pack_top(void);

/* patterns/ as a ruleset; fails the test program when it does not load. */
davy_ruleset *pack_load(void);

/* The report as JSON without its time, in a malloc'ed string. */
char *pack_json(const davy_report *report);

/* Scan `bytes` fed in pieces of `piece` bytes and give the JSON. */
char *pack_scan(davy_scanner *scanner, const davy_target *target,
                const char *bytes, size_t length, size_t piece);

#endif

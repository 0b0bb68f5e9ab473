/* SPDX-License-Identifier: MIT */
/* limit.h - the limits of a scan by name. */

#ifndef DV_LIMIT_H
#define DV_LIMIT_H

#include <davy/davy.h>

enum dv_limit {
#define DAVY_LIMIT_ROW(field, preset, text) DV_LIMIT_##field,
#include <davy/limits.def>
#undef DAVY_LIMIT_ROW
    DV_LIMITS
};

/* The text that reports name it by. */
const char *dv_limit_text(enum dv_limit limit);

/* Fill `limits` from `wanted` (may be NULL), defaults where it says 0. */
void dv_limit_fill(davy_limits *limits, const davy_limits *wanted);

#endif

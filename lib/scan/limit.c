/* SPDX-License-Identifier: MIT */
/* limit.c - the limits of a scan: names and defaults. */

#include "scan/limit.h"

static const char *const texts[DV_LIMITS] = {
#define DAVY_LIMIT_ROW(field, preset, text) text,
#include <davy/limits.def>
#undef DAVY_LIMIT_ROW
};

const char *
dv_limit_text(enum dv_limit limit)
{
    return texts[limit];
}

void
dv_limit_fill(davy_limits *limits, const davy_limits *wanted)
{
    *limits = (davy_limits){ .struct_size = sizeof(*limits) };
#define DAVY_LIMIT_ROW(field, preset, text) \
    limits->field = wanted != NULL && wanted->field != 0 ? wanted->field \
                                                         : (preset);
#include <davy/limits.def>
#undef DAVY_LIMIT_ROW
}

/* SPDX-License-Identifier: MIT */
/* standin.h - harmless scripts that take the place of blocked ones. */

#ifndef DV_STANDIN_H
#define DV_STANDIN_H

#include "rule/ruleset.h"

/* Stand-ins of one ruleset, and bytes of one. */
#define DV_STANDINS ((size_t)256)
#define DV_STANDIN_BYTES ((size_t)64 << 10)

/* A script for requests of one kind. */
struct dv_standin {
    davy_kind kind;
    const char *const *families;        /* whose interface it has; none: any */
    size_t families_count;
    struct dv_span bytes;
};

/* Add one; texts and bytes are the caller's, and live as long as the set.
 * DAVY_OK, DAVY_NO_MEMORY; DAVY_LIMIT when there are too many. */
davy_status dv_standin_add(struct dv_ruleset *set,
                           const struct dv_standin *standin);

/* The bytes for `kind` and `family`, as davy_ruleset_standin says. */
davy_status dv_standin_find(const struct dv_ruleset *set, const char *family,
                            davy_kind kind, struct dv_span *bytes);

#endif

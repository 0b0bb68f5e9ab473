/* SPDX-License-Identifier: MIT */
/* fact_reach.h - which functions of a script may give a sink something that
 * only an evaluation can tell.
 *
 * A function does when such a call stands in it, or when it names a function
 * that does.  Those that nobody calls are explored only then. */

#ifndef DV_FACT_REACH_H
#define DV_FACT_REACH_H

#include "base/vec.h"
struct dv_fact_js;

#define DV_REACH_KEYS 16384u

struct dv_reach {
    struct dv_mem *mem;
    struct dv_vec places;               /* functions, classes, handlers */
    struct dv_vec uses;                 /* names that stand in them */
    struct dv_vec open;                 /* uint32_t, places around a node */
    uint8_t *bindings;                  /* by number: one that reaches a sink */
    size_t bindings_cap;
    uint8_t keys[DV_REACH_KEYS];        /* the same for names of properties */
};

void dv_reach_init(struct dv_reach *reach, struct dv_mem *mem);
void dv_reach_fini(struct dv_reach *reach);

/* Look through js->tree, whose names are resolved; js->roles has
 * DV_ROLE_COMPUTED by node, and gets DV_ROLE_REACHES and DV_ROLE_HOLDS.
 * Linear.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_reach_run(struct dv_reach *reach, struct dv_fact_js *js);

#endif

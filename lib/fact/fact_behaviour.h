/* SPDX-License-Identifier: MIT */
/* fact_behaviour.h - adds BEHAVIOUR facts: what a script does, told by the
 * shape of its loops and handlers alone. */

#ifndef DV_FACT_BEHAVIOUR_H
#define DV_FACT_BEHAVIOUR_H

struct dv_fact_js;

/* Look through js->tree, whose names are resolved.  The work is bounded by
 * some times the number of its nodes. */
void dv_fact_behaviour(struct dv_fact_js *js);

#endif

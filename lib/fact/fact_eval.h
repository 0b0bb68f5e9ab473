/* SPDX-License-Identifier: MIT */
/* fact_eval.h - turns what a script does, when it is evaluated, into facts. */

#ifndef DV_FACT_EVAL_H
#define DV_FACT_EVAL_H

#include <davy/davy.h>

struct dv_fact_js;
struct dv_fact_eval;

/* NULL is let go as well. */
void dv_fact_eval_free(struct dv_fact_js *js);

/* Evaluate js->tree and add what folding did not see: calls with the arguments
 * that they get, addresses, texts that are run.  DAVY_OK; DAVY_LIMIT with
 * *limit, the budget that was used up; DAVY_NO_MEMORY. */
davy_status dv_fact_eval(struct dv_fact_js *js, const char **limit);

#endif

/* SPDX-License-Identifier: MIT */
/* fact_js.h - turns a script's tree into facts. */

#ifndef DV_FACT_JS_H
#define DV_FACT_JS_H

#include <davy/davy.h>

#include "fact/fact.h"
#include "js/js_ast.h"
#include "url/url.h"

/* What is used again for every script: scopes, values. */
struct dv_fact_js;

/* `limits` must outlive it.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_fact_js_new(struct dv_mem *mem, const davy_limits *limits,
                           struct dv_fact_js **js);
void dv_fact_js_free(struct dv_fact_js *js);

/* Another target: its scripts have limits->eval_steps together. */
void dv_fact_js_begin(struct dv_fact_js *js);

/* Add the facts of `tree`: calls and constructions with constant arguments,
 * paths, keys, strings and numbers that code uses, addresses that it loads, and
 * the artifacts that it makes: evaluated text, written markup, workers.  `base`
 * resolves addresses and may be NULL.  DAVY_OK; DAVY_LIMIT when folding used up
 * its budget (facts are there, folded in part); DAVY_NO_MEMORY.  facts->status
 * tells about the facts. */
davy_status dv_fact_js(struct dv_fact_js *js, struct dv_facts *facts,
                       const struct dv_url *base,
                       const struct dv_js_tree *tree);

/* From now on every script is evaluated, and each effect is told as a line;
 * NULL ends that.  `told` answers DAVY_OK, or why it cannot go on. */
typedef davy_status dv_effect_fn(void *ctx, struct dv_span line);
void dv_fact_js_watch(struct dv_fact_js *js, dv_effect_fn *told, void *ctx);

/* After dv_fact_js, before the tree goes: evaluate the script, when something
 * that it computes reaches what runs, loads or writes, unless that happened as
 * a part of another (`is_evaluated`); and add what it does then, and what it
 * does by its shape.  DAVY_OK; DAVY_LIMIT with *limit, the budget that was used
 * up; DAVY_NO_MEMORY. */
davy_status dv_fact_js_finish(struct dv_fact_js *js, bool is_evaluated,
                              const char **limit);

#endif

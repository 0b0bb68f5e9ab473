/* SPDX-License-Identifier: MIT */
/* js_fold.h - the constant values of a script's expressions, and what its
 * names and members lead to. */

#ifndef DV_JS_FOLD_H
#define DV_JS_FOLD_H

#include <davy/davy.h>

#include "js/js_scope.h"
#include "js/js_value.h"

struct dv_js_fold {
    struct dv_mem *mem;
    const struct dv_js_tree *tree;
    struct dv_js_scopes scopes;
    struct dv_js_values values;
    struct dv_buf path;                 /* while one is written */
    struct dv_vec args;                 /* uint32_t, of one call */
    struct dv_vec chain;                /* uint32_t, of one sum */
    struct dv_vec late;                 /* uint32_t, names set further down */
    bool is_second;                     /* loop over the nodes */
    uint32_t *of_node;                  /* value of each node, 0: unknown */
    size_t nodes_cap;
};

void dv_js_fold_init(struct dv_js_fold *fold, struct dv_mem *mem);
void dv_js_fold_fini(struct dv_js_fold *fold);

/* Resolve names and fold what is constant in `tree`, within
 * limits->fold_steps and limits->fold_bytes.  The parts of a sum have no values
 * of their own when the whole sum has one.  DAVY_OK; DAVY_LIMIT when a budget
 * is used up: what was folded stays; DAVY_NO_MEMORY. */
davy_status dv_js_fold_run(struct dv_js_fold *fold,
                           const struct dv_js_tree *tree,
                           const davy_limits *limits);

/* The value of node `id`; of type UNKNOWN when it is not constant. */
static inline const struct dv_js_value *
dv_js_fold_of(const struct dv_js_fold *fold, uint32_t id)
{
    return dv_js_value_at(&fold->values, fold->of_node[id]);
}

/* Append the path that expression `id` stands for, as lib/fact/fact.def
 * describes it for calls: names are followed to what they were set to once, the
 * global object is left out, calls are `()`, unknown parts `?`.  Cut at 200
 * bytes.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_js_fold_path(const struct dv_js_fold *fold, uint32_t id,
                            struct dv_buf *out);

/* As above; DAVY_DECLINED when the path begins at something that the script
 * declares, so that `atob` may be any function. */
davy_status dv_js_fold_global_path(const struct dv_js_fold *fold, uint32_t id,
                                   struct dv_buf *out);

/* ---- Between the files of fold ---- */

/* The value of the call [..].map(f) on the list `self`, or 0. */
uint32_t dv_js_fold_map(struct dv_js_fold *fold,
                        const struct dv_js_node *call, uint32_t self);

#endif

/* SPDX-License-Identifier: MIT */
/* js_walk.h - visits a tree in source order, without recursion. */

#ifndef DV_JS_WALK_H
#define DV_JS_WALK_H

#include "base/vec.h"
#include "js/js_ast.h"

struct dv_js_walk {
    const struct dv_js_tree *tree;
    struct dv_vec stack;
};

/* What dv_js_walk_next found.  `depth` counts the nodes above; `slot` is the
 * one of the parent (0 above the root) that holds the node. */
struct dv_js_visit {
    uint32_t id;
    uint32_t parent;
    uint32_t depth;
    uint8_t slot;
    bool is_leaving;            /* all below it have been visited */
};

void dv_js_walk_init(struct dv_js_walk *walk, const struct dv_js_tree *tree);
void dv_js_walk_fini(struct dv_js_walk *walk);

/* Start at node `root`.  DAVY_OK or DAVY_NO_MEMORY. */
davy_status dv_js_walk_begin(struct dv_js_walk *walk, uint32_t root);

/* DAVY_OK with a visit: each node once when entered and once when left;
 * DAVY_DECLINED at the end; DAVY_NO_MEMORY. */
davy_status dv_js_walk_next(struct dv_js_walk *walk,
                            struct dv_js_visit *visit);

/* Do not go below the node just entered; it is not left either. */
void dv_js_walk_skip(struct dv_js_walk *walk);

#endif

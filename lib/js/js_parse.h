/* SPDX-License-Identifier: MIT */
/* js_parse.h - source text of JavaScript into a tree (ECMA-262, 2024). */

#ifndef DV_JS_PARSE_H
#define DV_JS_PARSE_H

#include "js/js_ast.h"

enum dv_js_goal {
    DV_JS_GOAL_SCRIPT,
    DV_JS_GOAL_MODULE,
    DV_JS_GOAL_FUNCTION_BODY,   /* event handlers: return is allowed */
    DV_JS_GOAL_SCRIPT_OR_MODULE /* a script, unless only a module fits */
};

/* Parse `source`, which is borrowed for the life of the tree's content, and
 * replace what the tree held.  DAVY_OK also for a source with errors: see
 * tree->errors and tree->first; what is around an error is in the tree.
 * DAVY_LIMIT when nesting is deeper than limits->js_depth or the source is
 * larger than 2 GiB: what stands before that place is in the tree.
 * DAVY_NO_MEMORY: the tree is empty (root 0). */
davy_status dv_js_parse(struct dv_js_tree *tree, struct dv_span source,
                        enum dv_js_goal goal, const davy_limits *limits);

#endif

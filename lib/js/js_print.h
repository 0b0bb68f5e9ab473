/* SPDX-License-Identifier: MIT */
/* js_print.h - a tree as text, one node a line, for people and tests. */

#ifndef DV_JS_PRINT_H
#define DV_JS_PRINT_H

#include "base/buf.h"
#include "js/js_ast.h"

/* Append the tree below its root to `out`, indented by two spaces a level:
 *
 *     BinaryExpression + 4-9
 *       left: Identifier "a" 4-5
 *
 * A syntax error is the first line.  DAVY_OK; DAVY_LIMIT beyond out->max;
 * DAVY_NO_MEMORY. */
davy_status dv_js_ast_print(const struct dv_js_tree *tree, struct dv_buf *out);

#endif

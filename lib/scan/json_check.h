/* SPDX-License-Identifier: MIT */
/* json_check.h - tells JSON from code. */

#ifndef DV_JSON_CHECK_H
#define DV_JSON_CHECK_H

#include "base/span.h"

/* Whether `text` is one JSON value, or several with white space between them
 * (JSON Lines), starting with an object or array.  A text that is cut off in
 * the middle of a value also counts.  Linear, no recursion. */
bool dv_json_check(struct dv_span text);

#endif

/* SPDX-License-Identifier: MIT */
/* js_number_exact.h - compares long decimal numbers with doubles, exactly. */

#ifndef DV_JS_NUMBER_EXACT_H
#define DV_JS_NUMBER_EXACT_H

#include "base/span.h"

/* Whether the decimal number at the front of `text` rounds to the double above
 * `low` rather than to `low`: it is larger than the middle of the two, or just
 * the middle and `low` is odd.  `low` is finite and not negative, and the
 * number lies between it and its upper neighbour. */
bool dv_js_number_is_above_middle(struct dv_span text, double low);

#endif

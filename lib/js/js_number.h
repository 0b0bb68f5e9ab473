/* SPDX-License-Identifier: MIT */
/* js_number.h - digits into doubles, exactly and in every locale. */

#ifndef DV_JS_NUMBER_H
#define DV_JS_NUMBER_H

#include "base/span.h"

/* The double nearest to a decimal number, ties to even (ECMA-262, 12.9.3 and
 * 6.1.6.1): digits with at most one point and an exponent, such as "12", ".5",
 * "1.e3", "1_000" (underscores are passed over).  What follows is ignored. */
double dv_js_number_decimal(struct dv_span text);

/* The double nearest to a whole number in base 2, 4, 8, 16 or 32; 1 to 5 bits
 * a digit; underscores are passed over. */
double dv_js_number_binary(struct dv_span digits, unsigned bits);

#endif

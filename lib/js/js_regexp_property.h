/* SPDX-License-Identifier: MIT */
/* js_regexp_property.h - names of Unicode properties in regular expressions. */

#ifndef DV_JS_REGEXP_PROPERTY_H
#define DV_JS_REGEXP_PROPERTY_H

#include "base/span.h"

/* Whether `\p{text}` exists (ECMA-262, 22.2.1.1); `of_strings` is set when it
 * may match more than one character, which only the flag v allows. */
bool dv_js_regexp_is_property(struct dv_span text, bool *of_strings);

#endif

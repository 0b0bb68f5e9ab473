/* SPDX-License-Identifier: MIT */
/* js_unicode.h - which code points are names, space and line ends. */

#ifndef DV_JS_UNICODE_H
#define DV_JS_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* IdentifierStartChar and IdentifierPartChar (ECMA-262, 12.7). */
bool dv_js_unicode_is_start(uint32_t c);
bool dv_js_unicode_is_part(uint32_t c);

/* WhiteSpace (12.2): with the byte order mark and category Zs. */
bool dv_js_unicode_is_space(uint32_t c);

/* LineTerminator (12.3): LF, CR, U+2028, U+2029. */
static inline bool
dv_js_unicode_is_line_end(uint32_t c)
{
    return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

#endif

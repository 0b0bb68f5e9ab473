/* SPDX-License-Identifier: MIT */
/* js_unicode.c - looks code points up in sorted ranges. */

#include "js/js_unicode.h"

#include <stddef.h>

#include "base/ascii.h"
#include "base/compiler.h"

struct range {
    uint32_t first, last;
};

static const struct range starts[] = {
#define S(first, last) { first, last },
#define C(first, last)
#include "js/js_unicode.def"
#undef S
#undef C
};

static const struct range parts[] = {
#define S(first, last)
#define C(first, last) { first, last },
#include "js/js_unicode.def"
#undef S
#undef C
};

static bool
is_inside(const struct range *ranges, size_t count, uint32_t c)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (c > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= ranges[low].first;
}

bool
dv_js_unicode_is_start(uint32_t c)
{
    if (c < 0x80)
        return dv_ascii_is_alpha(c) || c == '$' || c == '_';
    return is_inside(starts, DV_COUNT_OF(starts), c);
}

bool
dv_js_unicode_is_part(uint32_t c)
{
    if (c < 0x80)
        return dv_ascii_is_alnum(c) || c == '$' || c == '_';
    return is_inside(starts, DV_COUNT_OF(starts), c)
           || is_inside(parts, DV_COUNT_OF(parts), c);
}

bool
dv_js_unicode_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || c == '\t' || c == 0x0b || c == 0x0c;
    return c == 0xa0 || c == 0x1680 || c - 0x2000 <= 0x0a || c == 0x202f
           || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

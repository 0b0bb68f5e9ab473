/* SPDX-License-Identifier: MIT */
/* js_regexp_property.c - looks property names up in sorted lists. */

#include "js/js_regexp_property.h"

#include "base/compiler.h"

#define CATEGORY(name)
#define SCRIPT(name)
#define BINARY(name)
#define STRINGS(name)

static const char *const categories[] = {
#undef CATEGORY
#define CATEGORY(name) name,
#include "js/js_regexp_property.def"
#undef CATEGORY
#define CATEGORY(name)
};

static const char *const scripts[] = {
#undef SCRIPT
#define SCRIPT(name) name,
#include "js/js_regexp_property.def"
#undef SCRIPT
#define SCRIPT(name)
};

static const char *const binaries[] = {
#undef BINARY
#define BINARY(name) name,
#include "js/js_regexp_property.def"
#undef BINARY
#define BINARY(name)
};

static const char *const strings[] = {
#undef STRINGS
#define STRINGS(name) name,
#include "js/js_regexp_property.def"
};

static bool
is_among(const char *const *names, size_t count, struct dv_span text)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = dv_span_compare(text, dv_span_cstr(names[middle]));

        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool
dv_js_regexp_is_property(struct dv_span text, bool *of_strings)
{
    const size_t equals = dv_span_find_byte(text, '=');
    const struct dv_span name = dv_span_slice(text, 0, equals);
    const struct dv_span value = dv_span_slice(text, equals + 1, text.len);

    *of_strings = false;
    if (equals == text.len) {
        if (is_among(categories, DV_COUNT_OF(categories), text)
            || is_among(binaries, DV_COUNT_OF(binaries), text))
            return true;
        *of_strings = is_among(strings, DV_COUNT_OF(strings), text);
        return *of_strings;
    }
    if (dv_span_equal_cstr(name, "General_Category")
        || dv_span_equal_cstr(name, "gc"))
        return is_among(categories, DV_COUNT_OF(categories), value);
    if (dv_span_equal_cstr(name, "Script") || dv_span_equal_cstr(name, "sc")
        || dv_span_equal_cstr(name, "Script_Extensions")
        || dv_span_equal_cstr(name, "scx"))
        return is_among(scripts, DV_COUNT_OF(scripts), value);
    return false;
}

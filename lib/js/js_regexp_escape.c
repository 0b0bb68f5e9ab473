/* SPDX-License-Identifier: MIT */
/* js_regexp_escape.c - escapes in regular expressions (ECMA-262, 22.2.1,
 * CharacterEscape; B.1.2 for patterns without the flags u and v). */

#include "base/ascii.h"
#include "base/utf8.h"
#include "js/js_regexp_property.h"
#include "js/js_regexp_syntax.h"

/* Exactly `count` hexadecimal digits; false and no move when they are not. */
static bool
read_hex(struct dv_js_regexp *re, size_t count, uint32_t *code)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++) {
        const int digit = dv_ascii_hex(dv_js_regexp_peek(re, i));

        if (i >= re->rest.len || digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    dv_span_skip(&re->rest, count);
    *code = value;
    return true;
}

/* The X} of \u{X}. */
static bool
read_braced(struct dv_js_regexp *re, uint32_t *code)
{
    uint32_t value = 0;
    bool has_digit = false;

    while (!dv_js_regexp_eat(re, '}')) {
        const int digit = dv_ascii_hex(dv_js_regexp_peek(re, 0));

        if (re->rest.len == 0 || digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
        if (value > 0x10ffff)
            return false;
        has_digit = true;
        dv_span_skip(&re->rest, 1);
    }
    *code = value;
    return has_digit;
}

bool
dv_js_regexp_unicode(struct dv_js_regexp *re, bool with_braces, uint32_t *code)
{
    const struct dv_span before = re->rest;
    struct dv_span behind_high;
    uint32_t low;

    if (!dv_js_regexp_eat(re, 'u'))
        return false;
    if (with_braces && dv_js_regexp_eat(re, '{')) {
        if (read_braced(re, code))
            return true;
        re->rest = before;
        return false;
    }
    if (!read_hex(re, 4, code)) {
        re->rest = before;
        return false;
    }
    if (!with_braces || *code - 0xd800 >= 0x400)
        return true;
    behind_high = re->rest;
    if (dv_js_regexp_eat(re, '\\') && dv_js_regexp_eat(re, 'u')
        && read_hex(re, 4, &low) && low - 0xdc00 < 0x400)
        *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
    else
        re->rest = behind_high;
    return true;
}

/* \p{...} and \P{...}, from the brace on. */
static enum dv_js_regexp_escape
read_property(struct dv_js_regexp *re, bool is_negated)
{
    bool of_strings = false;
    size_t len;

    if (!dv_js_regexp_eat(re, '{')) {
        dv_js_regexp_fail(re, "bad property");
        return DV_JS_REGEXP_SET;
    }
    len = dv_span_find_byte(re->rest, '}');
    if (len == re->rest.len
        || !dv_js_regexp_is_property(dv_span_slice(re->rest, 0, len),
                                     &of_strings)
        || (of_strings && (is_negated || !re->has_sets))) {
        dv_js_regexp_fail(re, "bad property");
        return DV_JS_REGEXP_SET;
    }
    dv_span_skip(&re->rest, len + 1);
    return of_strings ? DV_JS_REGEXP_STRINGS : DV_JS_REGEXP_SET;
}

/* \cX; a \c that is none stands for its backslash (B.1.2). */
static void
read_control(struct dv_js_regexp *re, bool in_class, uint32_t *code)
{
    const uint8_t letter = dv_js_regexp_peek(re, 1);

    if (dv_ascii_is_alpha(letter)
        || (in_class && !re->is_unicode
            && (dv_ascii_is_digit(letter) || letter == '_'))) {
        *code = letter % 32u;
        dv_span_skip(&re->rest, 2);
        return;
    }
    if (re->is_unicode)
        dv_js_regexp_fail(re, "bad escape");
    *code = '\\';
}

/* \0, and octal escapes up to \377 where there are any. */
static void
read_octal(struct dv_js_regexp *re, uint32_t *code)
{
    const uint8_t first = re->rest.at[0];
    uint32_t value = 0;

    if (re->is_unicode
        && (first != '0' || dv_ascii_is_digit(dv_js_regexp_peek(re, 1)))) {
        dv_js_regexp_fail(re, "bad escape");
        return;
    }
    if (first >= '8') {
        *code = first;
        dv_span_skip(&re->rest, 1);
        return;
    }
    for (unsigned n = 0; n < 3; n++) {
        const uint8_t c = dv_js_regexp_peek(re, 0);

        if (re->rest.len == 0 || (c & 0xf8) != '0' || value * 8 > 0377)
            break;
        value = value * 8 + (c & 7u);
        dv_span_skip(&re->rest, 1);
    }
    *code = value;
}

/* An escape that stands for its own character. */
static void
read_identity(struct dv_js_regexp *re, bool in_class, uint32_t *code)
{
    const uint8_t c = re->rest.at[0];

    dv_span_skip(&re->rest, dv_utf8_read(re->rest, code));
    if (!re->is_unicode) {
        if (c == 'k' && re->has_names)
            dv_js_regexp_fail(re, "bad escape");
        return;
    }
    if (c != 0 && strchr("^$\\.*+?()[]{}|/", c) != NULL)
        return;
    if (!(in_class && c == '-'))
        dv_js_regexp_fail(re, "bad escape");
}

enum dv_js_regexp_escape
dv_js_regexp_escape(struct dv_js_regexp *re, bool in_class, uint32_t *code)
{
    const uint8_t c = dv_js_regexp_peek(re, 0);

    *code = c;
    if (re->rest.len == 0) {
        dv_js_regexp_fail(re, "backslash at the end");
        return DV_JS_REGEXP_CHARACTER;
    }
    if (c != 0 && strchr("dDsSwW", c) != NULL) {
        dv_span_skip(&re->rest, 1);
        return DV_JS_REGEXP_SET;
    }
    if ((c == 'p' || c == 'P') && re->is_unicode) {
        dv_span_skip(&re->rest, 1);
        return read_property(re, c == 'P');
    }
    if ((c != 0 && strchr("tnvfr", c) != NULL) || (c == 'b' && in_class)) {
        /* What they stand for lies below every printable character. */
        static const uint8_t values[] = { ['t'] = 9, ['n'] = 10, ['v'] = 11,
                                          ['f'] = 12, ['r'] = 13, ['b'] = 8 };

        *code = values[c];
        dv_span_skip(&re->rest, 1);
    } else if (c == 'c') {
        read_control(re, in_class, code);
    } else if (dv_ascii_is_digit(c)) {
        read_octal(re, code);
    } else if (c == 'x') {
        const struct dv_span before = re->rest;

        dv_span_skip(&re->rest, 1);
        if (!read_hex(re, 2, code)) {
            re->rest = before;
            read_identity(re, in_class, code);
        }
    } else if (c != 'u'
               || !dv_js_regexp_unicode(re, re->is_unicode, code)) {
        read_identity(re, in_class, code);
    }
    return DV_JS_REGEXP_CHARACTER;
}

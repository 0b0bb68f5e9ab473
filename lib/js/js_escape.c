/* SPDX-License-Identifier: MIT */
/* js_escape.c - undoes backslash escapes (ECMA-262, 12.9.4). */

#include "js/js_escape.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "js/js_unicode.h"

/* The value of exactly `count` hexadecimal digits. */
static bool
read_hex(struct dv_span *text, unsigned count, uint32_t *code)
{
    uint32_t value = 0;

    for (; count > 0; count--) {
        const int digit = text->len > 0 ? dv_ascii_hex(text->at[0]) : -1;

        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
        dv_span_skip(text, 1);
    }
    *code = value;
    return true;
}

/* The inside of \u{...}: any number of digits, at most 0x10ffff. */
static bool
read_braced(struct dv_span *text, uint32_t *code)
{
    uint32_t value = 0;
    bool has_digit = false;

    while (text->len > 0 && text->at[0] != '}') {
        const int digit = dv_ascii_hex(text->at[0]);

        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
        if (value > 0x10ffff)
            return false;
        has_digit = true;
        dv_span_skip(text, 1);
    }
    if (text->len == 0 || !has_digit)
        return false;
    dv_span_skip(text, 1);
    *code = value;
    return true;
}

bool
dv_js_escape_read_unicode(struct dv_span *text, uint32_t *code)
{
    if (text->len == 0 || text->at[0] != 'u')
        return false;
    dv_span_skip(text, 1);
    if (text->len == 0 || text->at[0] != '{')
        return read_hex(text, 4, code);
    dv_span_skip(text, 1);
    return read_braced(text, code);
}

/* \0 to \377 (annex B.1.2 of older editions, now 12.9.4). */
static enum dv_js_escape
read_octal(struct dv_span *text, uint32_t *code)
{
    const uint8_t first = text->at[0];
    const unsigned most = first <= '3' ? 3 : 2;
    uint32_t value = 0;
    unsigned n = 0;

    if (first >= '8') {
        dv_span_skip(text, 1);
        *code = first;
        return DV_JS_ESCAPE_OCTAL;
    }
    while (n < most && text->len > 0 && (text->at[0] & 0xf8) == '0') {
        value = value * 8 + (text->at[0] & 7u);
        dv_span_skip(text, 1);
        n++;
    }
    *code = value;
    if (n == 1 && first == '0'
        && !(text->len > 0 && dv_ascii_is_digit(text->at[0])))
        return DV_JS_ESCAPE_CODE;
    return DV_JS_ESCAPE_OCTAL;
}

static int
single_escape(uint8_t c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    default:
        return -1;
    }
}

enum dv_js_escape
dv_js_escape_read(struct dv_span *text, uint32_t *code)
{
    const uint8_t c = text->len > 0 ? text->at[0] : 0;
    const int single = single_escape(c);

    if (text->len == 0)
        return DV_JS_ESCAPE_BAD;
    if (dv_ascii_is_digit(c))
        return read_octal(text, code);
    if (c == 'u')
        return dv_js_escape_read_unicode(text, code) ? DV_JS_ESCAPE_CODE
                                                     : DV_JS_ESCAPE_BAD;
    if (c == 'x') {
        dv_span_skip(text, 1);
        return read_hex(text, 2, code) ? DV_JS_ESCAPE_CODE : DV_JS_ESCAPE_BAD;
    }
    if (single >= 0) {
        dv_span_skip(text, 1);
        *code = (uint32_t)single;
        return DV_JS_ESCAPE_CODE;
    }
    dv_span_skip(text, dv_utf8_read(*text, code));
    if (!dv_js_unicode_is_line_end(*code))
        return DV_JS_ESCAPE_CODE;
    if (c == '\r' && text->len > 0 && text->at[0] == '\n')
        dv_span_skip(text, 1);
    return DV_JS_ESCAPE_NOTHING;
}

static bool
is_surrogate(uint32_t c, uint32_t first)
{
    return c - first < 0x400;
}

/* Bytes being written; `high` is a high surrogate that waits for its low. */
struct cook {
    uint8_t *at;
    uint32_t high;
};

static void
flush_high(struct cook *cook)
{
    if (cook->high != 0)
        cook->at += dv_utf8_write(cook->high, cook->at);
    cook->high = 0;
}

static void
cook_code(struct cook *cook, uint32_t code)
{
    if (cook->high != 0 && is_surrogate(code, 0xdc00)) {
        code = 0x10000 + ((cook->high - 0xd800) << 10) + (code - 0xdc00);
        cook->high = 0;
    }
    flush_high(cook);
    if (is_surrogate(code, 0xd800))
        cook->high = code;
    else
        cook->at += dv_utf8_write(code, cook->at);
}

static void
cook_line_end(struct cook *cook, struct dv_span *rest)
{
    dv_span_skip(rest, rest->len > 1 && rest->at[1] == '\n' ? 2 : 1);
    *cook->at++ = '\n';
}

/* No escape is shorter than what it stands for, so the result fits into as
 * many bytes as the source has. */
bool
dv_js_escape_cook(struct dv_arena *arena, struct dv_span inside,
                  bool is_template, struct dv_span *cooked)
{
    uint8_t *start = dv_arena_bytes(arena, inside.len + DV_UTF8_MAX);
    struct cook cook = { start, 0 };
    uint32_t code = 0;

    if (start == NULL)
        return false;
    while (inside.len > 0) {
        if (inside.at[0] == '\\') {
            dv_span_skip(&inside, 1);
            switch (dv_js_escape_read(&inside, &code)) {
            case DV_JS_ESCAPE_CODE:
            case DV_JS_ESCAPE_OCTAL:
                cook_code(&cook, code);
                break;
            case DV_JS_ESCAPE_NOTHING:
            case DV_JS_ESCAPE_BAD:
                break;
            }
            continue;
        }
        flush_high(&cook);
        if (is_template && inside.at[0] == '\r') {
            cook_line_end(&cook, &inside);
            continue;
        }
        *cook.at++ = inside.at[0];
        dv_span_skip(&inside, 1);
    }
    flush_high(&cook);
    *cooked = dv_span_of(start, (size_t)(cook.at - start));
    return true;
}

bool
dv_js_escape_raw(struct dv_arena *arena, struct dv_span inside,
                 struct dv_span *raw)
{
    uint8_t *start = dv_arena_bytes(arena, inside.len);
    struct cook cook = { start, 0 };

    if (start == NULL)
        return false;
    while (inside.len > 0) {
        if (inside.at[0] == '\r') {
            cook_line_end(&cook, &inside);
            continue;
        }
        *cook.at++ = inside.at[0];
        dv_span_skip(&inside, 1);
    }
    *raw = dv_span_of(start, (size_t)(cook.at - start));
    return true;
}

/* SPDX-License-Identifier: MIT */
/* js_lexer_number.c - numeric literals (ECMA-262, 12.9.3). */

#include "base/ascii.h"
#include "base/utf8.h"
#include "js/js_lexer.h"
#include "js/js_number.h"
#include "js/js_unicode.h"

/* Whole numbers up to this many digits are exact in a double. */
#define EXACT_DIGITS 15

static bool
is_digit_of(uint8_t c, unsigned bits)
{
    const int value = dv_ascii_hex(c);

    return value >= 0 && value < 1 << bits;
}

/* Digits of a base with single underscores between them.  False and a message
 * when an underscore stands elsewhere. */
static bool
skip_digits(struct dv_js_lexer *lex, unsigned bits, bool is_decimal)
{
    bool after_digit = false;

    for (;; lex->at++) {
        const uint8_t c = dv_js_lexer_peek(lex, 0);

        if (is_decimal ? dv_ascii_is_digit(c) : is_digit_of(c, bits)) {
            after_digit = true;
            continue;
        }
        if (c != '_')
            break;
        lex->flags |= DV_JS_TOKEN_SEPARATOR;
        if (!after_digit)
            break;
        after_digit = false;
    }
    if (after_digit)
        return true;
    dv_js_lexer_fail(lex, "digit expected in a number");
    return false;
}

/* What follows a number must not look like a part of it. */
static void
end_number(struct dv_js_lexer *lex, unsigned kind)
{
    uint32_t c;

    lex->kind = (uint8_t)kind;
    if (lex->at == lex->end)
        return;
    if (!dv_js_lexer_is_part[*lex->at] && *lex->at != '\\'
        && *lex->at < 0x80)
        return;
    if (dv_utf8_read(dv_js_lexer_rest(lex), &c) > 0
        && (dv_js_unicode_is_start(c) || dv_ascii_is_digit(c) || c == '\\'))
        dv_js_lexer_fail(lex, "name directly after a number");
}

static void
read_prefixed(struct dv_js_lexer *lex, unsigned bits)
{
    const uint8_t *digits;

    lex->at += 2;
    digits = lex->at;
    if (!skip_digits(lex, bits, false))
        return;
    if (dv_js_lexer_peek(lex, 0) == 'n') {
        lex->at++;
        end_number(lex, DV_JS_T_BIGINT);
        return;
    }
    lex->number = dv_js_number_binary(
        dv_span_of(digits, (size_t)(lex->at - digits)), bits);
    end_number(lex, DV_JS_T_NUMBER);
}

/* 017, and decimal after all when an 8 or 9 occurs: 018, 08.5. */
static bool
read_legacy(struct dv_js_lexer *lex)
{
    const uint8_t *const start = lex->at;
    bool is_octal = true;

    while (dv_ascii_is_digit(dv_js_lexer_peek(lex, 0))) {
        if (*lex->at >= '8')
            is_octal = false;
        lex->at++;
    }
    lex->flags |= DV_JS_TOKEN_OCTAL;
    if (!is_octal) {
        lex->at = start;
        return false;
    }
    lex->number = dv_js_number_binary(
        dv_span_of(start, (size_t)(lex->at - start)), 3);
    end_number(lex, DV_JS_T_NUMBER);
    return true;
}

/* Fraction and exponent; false when the exponent has no digits. */
static bool
skip_fraction(struct dv_js_lexer *lex)
{
    uint8_t c;

    if (dv_js_lexer_peek(lex, 0) == '.') {
        lex->at++;
        c = dv_js_lexer_peek(lex, 0);
        if ((dv_ascii_is_digit(c) || c == '_') && !skip_digits(lex, 0, true))
            return false;
    }
    if ((dv_js_lexer_peek(lex, 0) | 0x20) == 'e') {
        lex->at++;
        c = dv_js_lexer_peek(lex, 0);
        if (c == '+' || c == '-')
            lex->at++;
        return skip_digits(lex, 0, true);
    }
    return true;
}

static void
read_decimal(struct dv_js_lexer *lex)
{
    const uint8_t *const start = lex->at;
    const uint8_t first = *start;
    const bool is_zero = first == '0' && dv_js_lexer_peek(lex, 1) == '_';

    if (first != '.' && !skip_digits(lex, 0, true))
        return;
    if (is_zero || ((lex->flags & DV_JS_TOKEN_OCTAL)
                    && (lex->flags & DV_JS_TOKEN_SEPARATOR))) {
        dv_js_lexer_fail(lex, "separator after a leading zero");
        return;
    }
    if (dv_js_lexer_peek(lex, 0) == 'n' && first != '.'
        && !(lex->flags & DV_JS_TOKEN_OCTAL)) {
        lex->at++;
        end_number(lex, DV_JS_T_BIGINT);
        return;
    }
    if (!skip_fraction(lex))
        return;
    lex->number = dv_js_number_decimal(
        dv_span_of(start, (size_t)(lex->at - start)));
    end_number(lex, DV_JS_T_NUMBER);
}

/* Most numbers: few digits and nothing else.  False when it is another. */
static bool
read_short(struct dv_js_lexer *lex)
{
    const uint8_t *p = lex->at;
    uint64_t value = 0;

    while (p < lex->end && dv_ascii_is_digit(*p)) {
        value = value * 10 + (*p - '0');
        if (++p - lex->at > EXACT_DIGITS)
            return false;
    }
    if (p < lex->end
        && (*p == '.' || *p >= 0x80 || *p == '\\' || dv_js_lexer_is_part[*p]))
        return false;
    if (*lex->at == '0' && p - lex->at > 1)
        return false;
    lex->at = p;
    lex->number = (double)value;
    lex->kind = DV_JS_T_NUMBER;
    return true;
}

void
dv_js_lexer_number(struct dv_js_lexer *lex)
{
    if (*lex->at != '.' && read_short(lex))
        return;
    if (*lex->at == '0') {
        switch (dv_js_lexer_peek(lex, 1) | 0x20) {
        case 'x':
            read_prefixed(lex, 4);
            return;
        case 'o':
            read_prefixed(lex, 3);
            return;
        case 'b':
            read_prefixed(lex, 1);
            return;
        default:
            break;
        }
        if (dv_ascii_is_digit(dv_js_lexer_peek(lex, 1)) && read_legacy(lex))
            return;
    }
    read_decimal(lex);
}

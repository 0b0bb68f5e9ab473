/* SPDX-License-Identifier: MIT */
/* js_value_number.c - numbers to text and back (ECMA-262, 6.1.6.1.20, 7.1.4.1
 * and 7.1.6). */

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "decode/decode_wtf8.h"
#include "js/js_number.h"
#include "js/js_unicode.h"
#include "js/js_value.h"

/* ---- Numbers to text ---- */

/* The next larger number of as many digits; false for 9.99. */
static bool
increment(char *text)
{
    for (size_t i = strcspn(text, "e"); i-- > 0;) {
        if (text[i] >= '0' && text[i] < '9') {
            text[i]++;
            return true;
        }
        if (text[i] == '9')
            text[i] = '0';
    }
    return false;
}

/* Digits and exponent of the shortest text that reads back as `number`.  The
 * locale's point stands in both directions, and only digits are taken.  A
 * number of 15 digits is always the shortest, with zeros behind it.  A power of
 * two has twice the room above it that it has below it, so the number above
 * may do where the nearest does not. */
static void
shortest(double number, char digits[24], int *exponent)
{
    int precision = number < DBL_MIN ? 0 : 14, base;
    const bool is_power = frexp(number, &base) == 0.5;
    char text[40];
    const char *e;
    size_t n = 0;

    for (; precision < 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, number);
        if (strtod(text, NULL) == number)
            break;
        if (is_power && precision > 14 && increment(text)
            && strtod(text, NULL) == number)
            break;
    }
    e = strchr(text, 'e');
    *exponent = (int)strtol(e + 1, NULL, 10);
    for (const char *c = text; c < e; c++) {
        if (dv_ascii_is_digit((uint8_t)*c))
            digits[n++] = *c;
    }
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
}

static size_t
print_digits(const char *digits, int exponent, char out[64])
{
    const int k = (int)strlen(digits);
    const int n = exponent + 1;         /* the standard's n: point position */

    if (k <= n && n <= 21)
        return (size_t)snprintf(out, 64, "%s%.*s", digits, n - k,
                                "000000000000000000000");
    if (0 < n && n <= 21)
        return (size_t)snprintf(out, 64, "%.*s.%s", n, digits, digits + n);
    if (-6 < n && n <= 0)
        return (size_t)snprintf(out, 64, "0.%.*s%s", -n, "000000", digits);
    return (size_t)snprintf(out, 64, "%.1s%s%se%c%d", digits,
                            k > 1 ? "." : "", digits + 1,
                            n > 0 ? '+' : '-', n > 0 ? n - 1 : 1 - n);
}

size_t
dv_js_value_print_number(double number, char out[32])
{
    char digits[24];
    int exponent;
    const char *sign = number < 0 ? "-" : "";
    char positive[64];

    if (isnan(number))
        return (size_t)snprintf(out, 32, "NaN");
    if (isinf(number))
        return (size_t)snprintf(out, 32, "%sInfinity", sign);
    if (number == 0)
        return (size_t)snprintf(out, 32, "0");
    if (fabs(number) < 1e15 && number == floor(number))
        return (size_t)snprintf(out, 32, "%lld", (long long)number);
    shortest(fabs(number), digits, &exponent);
    print_digits(digits, exponent, positive);
    return (size_t)snprintf(out, 32, "%s%.30s", sign, positive);
}

/* ---- Text to numbers ---- */

struct dv_span
dv_js_value_trim_start(struct dv_span text)
{
    while (text.len > 0) {
        uint32_t c;
        const size_t n = dv_wtf8_read(text, &c);

        if (!dv_js_unicode_is_space(c) && !dv_js_unicode_is_line_end(c))
            break;
        dv_span_skip(&text, n);
    }
    return text;
}

struct dv_span
dv_js_value_trim_end(struct dv_span text)
{
    while (text.len > 0) {
        size_t n = 1;
        uint32_t c;

        while (n < 4 && n < text.len
               && (text.at[text.len - n] & 0xc0) == 0x80)
            n++;
        if (dv_wtf8_read(dv_span_slice(text, text.len - n, n), &c) != n
            || (!dv_js_unicode_is_space(c) && !dv_js_unicode_is_line_end(c)))
            break;
        text.len -= n;
    }
    return text;
}

static size_t
skip_digits(struct dv_span *text)
{
    const size_t before = text->len;

    while (text->len > 0 && dv_ascii_is_digit(text->at[0]))
        dv_span_skip(text, 1);
    return before - text->len;
}

/* StrUnsignedDecimalLiteral, without Infinity. */
static bool
is_decimal(struct dv_span text)
{
    size_t digits = skip_digits(&text);

    if (text.len > 0 && text.at[0] == '.') {
        dv_span_skip(&text, 1);
        digits += skip_digits(&text);
    }
    if (digits == 0)
        return false;
    if (text.len > 0 && (text.at[0] | 0x20) == 'e') {
        dv_span_skip(&text, 1);
        if (text.len > 0 && (text.at[0] == '+' || text.at[0] == '-'))
            dv_span_skip(&text, 1);
        if (skip_digits(&text) == 0)
            return false;
    }
    return text.len == 0;
}

static double
number_of_digits(struct dv_span digits, unsigned bits)
{
    for (size_t i = 0; i < digits.len; i++) {
        const int digit = dv_ascii_hex(digits.at[i]);

        if (digit < 0 || digit >= 1 << bits)
            return NAN;
    }
    return digits.len == 0 ? NAN : dv_js_number_binary(digits, bits);
}

double
dv_js_value_number_of_text(struct dv_span text)
{
    double sign = 1, value = NAN;

    text = dv_js_value_trim_end(dv_js_value_trim_start(text));
    if (text.len == 0)
        return 0;
    if (text.len > 1 && text.at[0] == '0' && dv_ascii_is_alpha(text.at[1])) {
        const uint8_t letter = text.at[1] | 0x20;
        const unsigned bits = letter == 'x'   ? 4
                              : letter == 'o' ? 3
                              : letter == 'b' ? 1
                                              : 0;

        if (bits != 0)
            return number_of_digits(dv_span_slice(text, 2, text.len), bits);
    }
    if (text.at[0] == '-' || text.at[0] == '+') {
        sign = text.at[0] == '-' ? -1 : 1;
        dv_span_skip(&text, 1);
    }
    if (dv_span_equal_cstr(text, "Infinity"))
        value = INFINITY;
    else if (is_decimal(text))
        value = dv_js_number_decimal(text);
    return sign * value;
}

int32_t
dv_js_value_int32(double number)
{
    double modulo;

    if (!isfinite(number))
        return 0;
    modulo = fmod(trunc(number), 4294967296.0);
    if (modulo < 0)
        modulo += 4294967296.0;
    return (int32_t)(uint32_t)modulo;
}

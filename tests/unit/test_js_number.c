/* SPDX-License-Identifier: MIT */
/* test_js_number.c - digits into doubles. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "js/js_number.h"
#include "support/guard.h"

struct number {
    const char *text;
    double value;
};

/* The compiler's own conversion is exact too: it is the judge. */
#define SAME(number) { #number, number }

static const struct number numbers[] = {
    SAME(0.0),
    SAME(1.0),
    SAME(.5),
    SAME(5.),
    SAME(0.1),
    SAME(3.14159265358979323846),
    SAME(1e22),
    SAME(1e23),
    SAME(123456789012345678.0),
    SAME(9007199254740993.0),
    SAME(9007199254740992.99999999999999999999),
    SAME(9007199254740993.00000000000000000001),
    SAME(1.7976931348623157e308),
    SAME(1.7976931348623158e308),
    SAME(2.2250738585072014e-308),
    SAME(2.2250738585072011e-308),
    SAME(2.225073858507201136057409796709131975934819546351645e-308),
    SAME(4.9406564584124654e-324),
    SAME(2.4703282292062328e-324),
    { "2.4703282292062327e-324", 0 },
    SAME(7.2057594037927933e16),
    SAME(0.000000000000000000000000000000000000000000000000000000000001),
    SAME(8.98846567431157953864652595394512366808988489471e307),
    SAME(6631236846766476e-316),
    SAME(3.0540412e5),
    { "1e-400", 0 },
    SAME(17.02985689),
    { "1e400", (double)INFINITY },
    { "1.8e308", (double)INFINITY },
    { "1_000.000_5", 1000.0005 },
    { "1e+5;", 1e5 },
    { "1E-5x", 1e-5 },
    { "1e99999999999999999999", (double)INFINITY },
    { "1e-99999999999999999999", 0 },
    { "0e99999999999999999999", 0 }
};

static void
decimal_numbers_are_rounded_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(numbers); i++) {
        struct guard guard;
        double value;

        guard_init(&guard, numbers[i].text, strlen(numbers[i].text));
        value = dv_js_number_decimal(guard.bytes);
        if (memcmp(&value, &numbers[i].value, sizeof(value)) != 0)
            fail_msg("%s: %a instead of %a", numbers[i].text, value,
                     numbers[i].value);
        guard_fini(&guard);
    }
}

/* 2**-1074 / 2 has 752 digits behind 323 zeros: 5**1075.  Above it the number
 * is 2**-1074, up to it 0. */
static void
every_one_of_many_digits_counts(void **state)
{
    unsigned digits[752] = { 1 };
    char text[2000] = "0.";
    const size_t end = 2 + 323 + DV_COUNT_OF(digits);

    (void)state;
    for (int power = 0; power < 1075; power++) {
        unsigned carry = 0;

        for (size_t i = 0; i < DV_COUNT_OF(digits); i++) {
            carry += digits[i] * 5;
            digits[i] = carry % 10;
            carry /= 10;
        }
    }
    memset(text + 2, '0', sizeof(text) - 2);
    for (size_t i = 0; i < DV_COUNT_OF(digits); i++)
        text[end - 1 - i] = (char)('0' + digits[i]);
    assert_true(dv_js_number_decimal(dv_span_of(text, 1900)) == 0);
    text[1899] = '1';
    assert_true(dv_js_number_decimal(dv_span_of(text, 1899)) == 0);
    assert_true(dv_js_number_decimal(dv_span_of(text, 1900)) == 0x1p-1074);
    text[end - 1]--;
    assert_true(dv_js_number_decimal(dv_span_of(text, 1900)) == 0);

    memset(text, '9', sizeof(text));
    text[308] = '.';
    assert_true(dv_js_number_decimal(dv_span_of(text, 1900)) == 1e308);
}

static void
digits_of_other_bases_are_rounded_to_even(void **state)
{
    (void)state;
    assert_true(dv_js_number_binary(DV_SPAN_LIT("ff"), 4) == 255);
    assert_true(dv_js_number_binary(DV_SPAN_LIT("7_7"), 3) == 63);
    assert_true(dv_js_number_binary(DV_SPAN_LIT("20000000000001"), 4)
                == 0x1p53);
    assert_true(dv_js_number_binary(DV_SPAN_LIT("20000000000003"), 4)
                == 0x1p53 + 4);
    assert_true(dv_js_number_binary(DV_SPAN_LIT("200000000000010000000001"), 4)
                == 0x20000000000002p40);
    assert_true(dv_js_number_binary(DV_SPAN_LIT(""), 1) == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_numbers_are_rounded_exactly),
        cmocka_unit_test(every_one_of_many_digits_counts),
        cmocka_unit_test(digits_of_other_bases_are_rounded_to_even),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_decode_escape.c - backslash escapes and hexadecimal digits. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_escape.h"
#include "decode/decode_hex.h"
#include "support/transform.h"

#define HIGH "\xed\xa0\xbd"
#define LOW  "\xed\xb8\x80"
#define PAIR "\xf0\x9f\x98\x80"

static void
escapes_mean_what_javascript_says(void **state)
{
    static const struct transform_row rows[] = {
        { "", "" },                       { "plain", "plain" },
        { "\\x41\\u0042\\u{43}", "ABC" }, { "\\u{0000044}", "D" },
        { "\\b\\f\\n\\r\\t\\v", "\b\f\n\r\t\v" },
        { "\\a\\q\\'\\\"\\/", "aq'\"/" }, { "\\\\x41", "\\x41" },
        { "\\101\\60\\7x", "A0\7x" },     { "\\377\\400", "\xc3\xbf" " 0" },
        { "\\8\\9", "89" },               { "\\1013", "A3" },
        { "\\xe9", "\xc3\xa9" },          { "\\u{1F600}", PAIR },
        { "\\uD83D\\uDE00", PAIR },       { "\\uD83D" LOW, PAIR },
        { HIGH "\\uDE00", PAIR },         { HIGH "\\" LOW, PAIR },
        { "\\uD83D", HIGH },              { "\\uDE00\\uD83D", LOW HIGH },
        { "\\u{D83D}\\u{DE00}", PAIR },
        { "a\\\nb\\\r\nc\\\rd", "abcd" }, { "a\\\xe2\x80\xa8" "b", "ab" },
        { "\\\xe2\x80\xaa", "\xe2\x80\xaa" },
        { "\\", "\\" },                   { "a\\", "a\\" },
        { "\\x4", "\\x4" },               { "\\xzz", "\\xzz" },
        { "\\u12", "\\u12" },             { "\\u{}", "\\u{}" },
        { "\\u{110000}", "\\u{110000}" }, { "\\u{41", "\\u{41" },
        { "\\x\\x41", "\\xA" },
    };

    (void)state;
    transform_holds(dv_decode_escape, rows, DV_COUNT_OF(rows));
    transform_gives(dv_decode_escape, DV_SPAN_LIT("\\0"), dv_span_of("", 1));
    transform_gives(dv_decode_escape, DV_SPAN_LIT("\\\0"), dv_span_of("", 1));
    transform_gives(dv_decode_escape, DV_SPAN_LIT("\\x00asm"),
                    dv_span_of("\0asm", 4));
}

static void
hexadecimal_digits_are_read_as_dumps_write_them(void **state)
{
    static const struct transform_row rows[] = {
        { "", "" },                       { "61736D", "asm" },
        { "61 73\n6d", "asm" },           { "61:73:6d", "asm" },
        { "0x61,0x73,0x6d", "asm" },      { "0x61736d", "asm" },
        { "\\x61\\x73\\x6d", "asm" },     { "0x610x730X6d", "asm" },
        { "0x61, 9, 0xA", "a\t\n" },      { "9,61", "\ta" },
        { "\\x9\\x61", "\ta" },           { " 61 ", "a" },
        { "6", NULL },                    { "616", NULL },
        { "616,61", NULL },               { "6g", NULL },
        { "0x", NULL },                   { "0xg", NULL },
        { "hello", NULL },                { "0x0x61", NULL },
        { "61 <", NULL },
    };

    (void)state;
    transform_holds(dv_decode_hex, rows, DV_COUNT_OF(rows));
    transform_gives(dv_decode_hex, DV_SPAN_LIT("0x0,0x61,0x73,0x6d,0x1"),
                    dv_span_of("\0asm\1", 5));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_mean_what_javascript_says),
        cmocka_unit_test(hexadecimal_digits_are_read_as_dumps_write_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

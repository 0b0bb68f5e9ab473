/* SPDX-License-Identifier: MIT */
/* test_decode_percent.c - %XX and %uXXXX, and text that holds surrogates. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_percent.h"
#include "decode/decode_wtf8.h"
#include "support/transform.h"

#define HIGH "\xed\xa0\xbd"             /* U+D83D alone */
#define LOW  "\xed\xb8\x80"             /* U+DE00 alone */
#define PAIR "\xf0\x9f\x98\x80"         /* U+1F600 */

static void
addresses_decode_to_bytes(void **state)
{
    static const struct transform_row rows[] = {
        { "", "" },          { "abc", "abc" },       { "%41%62", "Ab" },
        { "%", "%" },        { "%4", "%4" },         { "%4x%41", "%4xA" },
        { "%%41", "%A" },    { "a+b", "a+b" },       { "%ff%C3", "\xff\xc3" },
        { "%25%34%31", "%41" }, { "x%zz%", "x%zz%" },
        { "%ED%A0%BD" LOW, HIGH LOW },
    };

    (void)state;
    transform_holds(dv_decode_percent, rows, DV_COUNT_OF(rows));
}

static void
decode_uri_component_throws_where_the_standard_does(void **state)
{
    static const struct transform_row rows[] = {
        { "", "" },                       { "a%20b", "a b" },
        { "%D0%B0\xd0\xb1", "\xd0\xb0\xd0\xb1" },
        { "%F0%9F%98%80", PAIR },         { "%3B%2f%23", ";/#" },
        { "%e2%82%ac", "\xe2\x82\xac" },  { HIGH, HIGH },
        { "%", NULL },                    { "%4", NULL },
        { "%zz", NULL },                  { "%80", NULL },
        { "%C3", NULL },                  { "%C3%", NULL },
        { "%C3%41", NULL },               { "%C3A9", NULL },
        { "%C0%80", NULL },               { "%E0%80%80", NULL },
        { "%ED%A0%BD", NULL },            { "%F4%90%80%80", NULL },
        { "%F8%88%80%80%80", NULL },      { "%FF", NULL },
        { "ok%20%F0%9F%98", NULL },       { "100%", NULL },
    };

    (void)state;
    transform_holds(dv_decode_uri_component, rows, DV_COUNT_OF(rows));
    transform_gives(dv_decode_uri_component, DV_SPAN_LIT("%00"),
                    dv_span_of("", 1));
}

static void
decode_uri_keeps_what_is_reserved(void **state)
{
    static const struct transform_row rows[] = {
        { "%3B%2f%3F%3a%40%26%3D%2B%24%2C%23",
          "%3B%2f%3F%3a%40%26%3D%2B%24%2C%23" },
        { "%41%25%2A", "A%*" },
        { "%zz", NULL },
    };

    (void)state;
    transform_holds(dv_decode_uri, rows, DV_COUNT_OF(rows));
}

static void
encode_uri_component_escapes_all_but_marks(void **state)
{
    static const struct transform_row rows[] = {
        { "aZ09-_.!~*'()", "aZ09-_.!~*'()" },
        { ";/?:@&=+$,#", "%3B%2F%3F%3A%40%26%3D%2B%24%2C%23" },
        { "\xc3\xa9 %", "%C3%A9%20%25" },
        { PAIR, "%F0%9F%98%80" },
        { HIGH, NULL },
        { LOW HIGH, NULL },
    };

    (void)state;
    transform_holds(dv_encode_uri_component, rows, DV_COUNT_OF(rows));
}

static void
encode_uri_keeps_what_is_reserved(void **state)
{
    static const struct transform_row rows[] = {
        { "https://a.example/b?c=d&e#f", "https://a.example/b?c=d&e#f" },
        { "[\"]%", "%5B%22%5D%25" },
        { LOW, NULL },
    };

    (void)state;
    transform_holds(dv_encode_uri, rows, DV_COUNT_OF(rows));
}

static void
unescape_reads_bytes_and_units_and_joins_pairs(void **state)
{
    static const struct transform_row rows[] = {
        { "%u0041%42", "AB" },            { "%E9", "\xc3\xa9" },
        { "%uD83D%uDE00", PAIR },         { "%uD83D" LOW, PAIR },
        { HIGH "%uDE00", PAIR },          { "%uD83D", HIGH },
        { "%uDE00%uD83D", LOW HIGH },     { "%uD83Dx%uDE00", HIGH "x" LOW },
        { "%uD83D%uD83D%uDE00", HIGH PAIR },
        { "%", "%" },                     { "%u", "%u" },
        { "%u004", "%u004" },             { "%u00zz", "%u00zz" },
        { "%4", "%4" },                   { "%4g%41", "%4gA" },
        { "%U0041", "%U0041" },           { "%3Cscript%3e", "<script>" },
        { "%u003cscript%u003e", "<script>" },
    };

    (void)state;
    transform_holds(dv_decode_unescape, rows, DV_COUNT_OF(rows));
}

static void
escape_writes_what_unescape_reads(void **state)
{
    static const struct transform_row rows[] = {
        { "aZ09@*_+-./", "aZ09@*_+-./" }, { " ", "%20" },
        { "\xc3\xa9", "%E9" },            { "\xd0\xb0", "%u0430" },
        { PAIR, "%uD83D%uDE00" },         { HIGH, "%uD83D" },
        { "<'\">", "%3C%27%22%3E" },
    };

    (void)state;
    transform_holds(dv_encode_escape, rows, DV_COUNT_OF(rows));
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        transform_gives(dv_decode_unescape, dv_span_cstr(rows[i].want),
                        dv_span_cstr(rows[i].in));
}

static void
bytes_become_latin_1_text_and_come_back(void **state)
{
    uint8_t bytes[256];
    struct dv_mem mem;
    struct dv_buf text;

    (void)state;
    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&text, &mem, SIZE_MAX);
    assert_int_equal(dv_wtf8_from_bytes(dv_span_of(bytes, 256), &text),
                     DAVY_OK);
    assert_int_equal(text.len, 384);
    transform_gives(dv_wtf8_to_bytes, dv_buf_span(&text),
                    dv_span_of(bytes, 256));
    transform_survives(dv_wtf8_to_bytes, dv_buf_span(&text));
    transform_survives(dv_wtf8_from_bytes, dv_span_of(bytes, 256));
    transform_refuses(dv_wtf8_to_bytes, DV_SPAN_LIT("a\xc4\x80"));
    transform_refuses(dv_wtf8_to_bytes, DV_SPAN_LIT(HIGH));
    dv_buf_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_decode_to_bytes),
        cmocka_unit_test(decode_uri_component_throws_where_the_standard_does),
        cmocka_unit_test(decode_uri_keeps_what_is_reserved),
        cmocka_unit_test(encode_uri_component_escapes_all_but_marks),
        cmocka_unit_test(encode_uri_keeps_what_is_reserved),
        cmocka_unit_test(unescape_reads_bytes_and_units_and_joins_pairs),
        cmocka_unit_test(escape_writes_what_unescape_reads),
        cmocka_unit_test(bytes_become_latin_1_text_and_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

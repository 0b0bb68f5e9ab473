/* SPDX-License-Identifier: MIT */
/* test_html_charref.c - character references in texts and values. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "html/html_charref.h"
#include "support/guard.h"

static void
assert_decodes(const char *raw, enum dv_html_charref_place place,
               const char *expected)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct guard guard;
    struct dv_span decoded;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    guard_init(&guard, raw, strlen(raw));
    assert_true(dv_html_charref_decode(guard.bytes, place, &arena, &decoded));
    if (!dv_span_equal_cstr(decoded, expected))
        fail_msg("%s becomes %.*s, not %s", raw, (int)decoded.len,
                 (const char *)decoded.at, expected);
    guard_fini(&guard);
    dv_arena_fini(&arena);
}

static const struct {
    const char *raw;
    const char *text;
    const char *attribute;              /* NULL: the same */
} rows[] = {
    { "plain", "plain", NULL },
    { "", "", NULL },
    { "&amp;&lt;&gt;&quot;&apos;", "&<>\"'", NULL },
    { "&ampx", "&x", "&ampx" },
    { "&amp=", "&=", "&amp=" },
    { "&amp-", "&-", NULL },
    { "&amp", "&", NULL },
    { "&notit;", "\xc2\xacit;", "&notit;" },
    { "&notin;", "\xe2\x88\x89", NULL },
    { "&CounterClockwiseContourIntegral;", "\xe2\x88\xb3", NULL },
    { "&CounterClockwiseContourIntegra;", "&CounterClockwiseContourIntegra;",
      NULL },
    { "&NotEqualTilde;", "\xe2\x89\x82\xcc\xb8", NULL },
    { "&nLt;", "\xe2\x89\xaa\xe2\x83\x92", NULL },
    { "&zwnj;&AElig", "\xe2\x80\x8c\xc3\x86", NULL },
    { "&zzz; & &; &#; &#x; &#xg;", "&zzz; & &; &#; &#x; &#xg;", NULL },
    { "&#65;&#x41;&#X41&#65", "AAAA", NULL },
    { "&#65a", "Aa", NULL },
    { "&#x6A;avascript", "javascript", NULL },
    { "&#128;&#x9f;&#x81;", "\xe2\x82\xac\xc5\xb8\xc2\x81", NULL },
    { "&#0;&#xd800;&#x110000;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", NULL },
    { "&#99999999999999999999;", "\xef\xbf\xbd", NULL },
    { "&#x10ffff;", "\xf4\x8f\xbf\xbf", NULL },
    { "&#000000000000000000065;", "A", NULL },
    { "&&amp;&", "&&&", NULL },
};

static void
references_are_read_as_the_standard_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        assert_decodes(rows[i].raw, DV_HTML_IN_TEXT, rows[i].text);
        assert_decodes(rows[i].raw, DV_HTML_IN_ATTRIBUTE,
                       rows[i].attribute == NULL ? rows[i].text
                                                 : rows[i].attribute);
    }
}

static const struct {
    const char *name;
    uint32_t first;
    uint32_t second;
} names[] = {
#define DV_CHARREF_ROW(name, first, second) { name, first, second },
#include "html/html_charref.def"
#undef DV_CHARREF_ROW
};

static void
every_name_of_the_table_is_found(void **state)
{
    (void)state;
    assert_int_equal(DV_COUNT_OF(names), 2231);
    for (size_t i = 0; i < DV_COUNT_OF(names); i++) {
        char text[40] = "&";
        uint32_t points[2];

        memcpy(text + 1, names[i].name, strlen(names[i].name) + 1);
        assert_int_equal(dv_html_charref_read(dv_span_cstr(text),
                                              DV_HTML_IN_TEXT, points),
                         strlen(text));
        assert_int_equal(points[0], names[i].first);
        assert_int_equal(points[1], names[i].second);
        assert_true(i == 0 || strcmp(names[i - 1].name, names[i].name) < 0);
    }
}

static void
a_nul_becomes_the_replacement_character(void **state)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_span decoded;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    assert_true(dv_html_charref_decode(dv_span_of("a\0b", 3),
                                       DV_HTML_IN_ATTRIBUTE, &arena,
                                       &decoded));
    assert_true(dv_span_equal_cstr(decoded, "a\xef\xbf\xbd" "b"));
    dv_arena_fini(&arena);
}

static void
a_value_without_references_is_not_copied(void **state)
{
    struct dv_mem mem;
    struct dv_arena arena;
    const struct dv_span raw = DV_SPAN_LIT("plain");
    struct dv_span decoded;

    (void)state;
    dv_mem_init(&mem, NULL, 0);
    dv_arena_init(&arena, &mem);
    assert_true(dv_html_charref_decode(raw, DV_HTML_IN_TEXT, &arena,
                                       &decoded));
    assert_ptr_equal(decoded.at, raw.at);
    assert_false(dv_html_charref_decode(DV_SPAN_LIT("&lt;"), DV_HTML_IN_TEXT,
                                        &arena, &decoded));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_read_as_the_standard_says),
        cmocka_unit_test(every_name_of_the_table_is_found),
        cmocka_unit_test(a_nul_becomes_the_replacement_character),
        cmocka_unit_test(a_value_without_references_is_not_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

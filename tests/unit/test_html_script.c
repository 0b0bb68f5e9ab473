/* SPDX-License-Identifier: MIT */
/* test_html_script.c - where scripts end, and the text of SVG scripts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "html/html_json.h"
#include "html/html_script.h"
#include "support/guard.h"

/* `|` marks the end of the script in each row. */
static const char *const ends[] = {
    "a|</script>b",
    "a</scriptx></script|",
    "a</scriptx>|</script>",
    "a< /script>|</SCRIPT\n>",
    "a|</script/>",
    "a</script|",
    "<!-- a |</script>",
    "<!-- <script> </script> |</script>",
    "<!-- <script </script> |</script>",
    "<!-- <scriptx> |</script> </script>",
    "<!-- <script> --> |</script> </script>",
    "<!-- <script> </script> --> <script> |</script>",
    "<!-- <script> <script> </script> |</script>",
    "<!--> <script> |</script>",
    "<!---> <script> |</script>",
    "<!---- <script> </script> |</script>",
    "<!-- -- > <script> </script> |</script>",
    "<!- <script> |</script>",
    "<!-- <script>|",
    "<!-- <script> </script>|",
    "<!--<script>--</script>-->|</script>",
    "<!-- --><!-- <script> </script> |</script>",
    "<!--<!--<script></script>|</script>",
    "|",
};

static void
html_scripts_end_where_the_states_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(ends); i++) {
        char page[100];
        const size_t bar = strcspn(ends[i], "|");
        struct guard guard;

        memcpy(page, ends[i], bar);
        memcpy(page + bar, ends[i] + bar + 1, strlen(ends[i] + bar + 1));
        guard_init(&guard, page, strlen(ends[i]) - 1);
        if (dv_html_script_end(guard.bytes, 0, NULL) != bar)
            fail_msg("%s", ends[i]);
        guard_fini(&guard);
    }
}

static void
the_first_end_tag_of_all_is_told_too(void **state)
{
    size_t first = 0;

    (void)state;
    (void)dv_html_script_end(DV_SPAN_LIT("<!-- <script> </script> "), 0,
                             &first);
    assert_int_equal(first, 14);
    (void)dv_html_script_end(DV_SPAN_LIT("a</script>"), 0, &first);
    assert_int_equal(first, 1);
}

static const struct {
    const char *page;
    const char *text;
    size_t end;
    bool is_verbatim;
    bool has_tags;
} foreign_rows[] = {
    { "a()</script>", "a()", 3, true, false },
    { "a &lt; b</script>", "a < b", 8, false, false },
    { "a < b && c</script>", "a < b && c", 10, true, false },
    { "a<!-- </script> -->b</script>", "ab", 20, false, false },
    { "a<!-->b<!--->c<!----!>d<!--!>-->e</script>", "abcde", 33, false,
      false },
    { "a<![CDATA[ <b> &lt; ]] ]]>c</script>", "a <b> &lt; ]] c", 27, false,
      false },
    { "a<![CDATA[b", "ab", 11, false, false },
    { "a<b c='>'>d</b>e</script>", "ade", 16, false, true },
    { "a<?b>c<!d>e</>f</script>", "acef", 15, false, false },
    { "a<!--", "a", 5, false, false },
    { "a<", "a<", 2, true, false },
    { "", "", 0, true, false },
};

static void
svg_scripts_are_markup(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(foreign_rows); i++) {
        struct dv_mem mem;
        struct dv_arena arena;
        struct dv_html_foreign foreign;
        struct guard guard;

        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_arena_init(&arena, &mem);
        guard_init(&guard, foreign_rows[i].page, strlen(foreign_rows[i].page));
        assert_true(dv_html_script_foreign(guard.bytes, 0, &arena, &foreign));
        if (!dv_span_equal_cstr(foreign.text, foreign_rows[i].text))
            fail_msg("%s: %.*s", foreign_rows[i].page, (int)foreign.text.len,
                     (const char *)foreign.text.at);
        assert_int_equal(foreign.end, foreign_rows[i].end);
        assert_int_equal(foreign.is_verbatim, foreign_rows[i].is_verbatim);
        assert_int_equal(foreign.has_tags, foreign_rows[i].has_tags);
        guard_fini(&guard);
        dv_arena_fini(&arena);
    }
}

static void
assert_strings(enum dv_html_json_kind kind, const char *text,
               const char *expected)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_html_json json;
    struct dv_span raw;
    struct dv_span value;
    struct guard guard;
    char got[200] = "";

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    guard_init(&guard, text, strlen(text));
    dv_html_json_init(&json, guard.bytes, kind, &arena);
    while (dv_html_json_next(&json, &raw, &value) == DAVY_OK) {
        memcpy(got + strlen(got), value.at, value.len);
        memcpy(got + strlen(got), " ", 2);
    }
    assert_string_equal(got, expected);
    guard_fini(&guard);
    dv_arena_fini(&arena);
}

static void
json_blocks_give_their_addresses(void **state)
{
    (void)state;
    assert_strings(DV_HTML_JSON_IMPORTMAP,
                   "{\"imports\":{\"a\":\"1\",\"b\" : \"2\"},"
                   "\"integrity\":{\"c\":\"no\"},"
                   "\"sc\\u006fpes\":{\"d\":{\"e\":\"3\"}}}", "1 2 3 ");
    assert_strings(DV_HTML_JSON_SPECULATION,
                   "{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"1\",\"2\"],"
                   "\"eagerness\":\"no\"}],\"prerender\":[{\"urls\":[\"3\"]}]}",
                   "1 2 3 ");
    assert_strings(DV_HTML_JSON_IMPORTMAP,
                   "{\"imports\":{\"a\":\"\\u00e4\\\"\\/\\n\\ud83d\\ude00\"}}",
                   "\xc3\xa4\"/\n\xf0\x9f\x98\x80 ");
    assert_strings(DV_HTML_JSON_IMPORTMAP,
                   "{\"imports\":{\"a\":\"\\ud83dx\\u12\\", "\xed\xa0\xbdxu12\\ ");
    assert_strings(DV_HTML_JSON_IMPORTMAP, "\"imports\":\"", " ");
    assert_strings(DV_HTML_JSON_IMPORTMAP, "}}]\"imports\":\"a\"\"b", "a b ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_scripts_end_where_the_states_say),
        cmocka_unit_test(the_first_end_tag_of_all_is_told_too),
        cmocka_unit_test(svg_scripts_are_markup),
        cmocka_unit_test(json_blocks_give_their_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

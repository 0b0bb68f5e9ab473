/* SPDX-License-Identifier: MIT */
/* test_sniff.c - what a target is, and what is JSON. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "scan/json_check.h"
#include "scan/sniff.h"
#include "support/guard.h"

#define H DV_SNIFF_HTML
#define S DV_SNIFF_SCRIPT
#define M DV_SNIFF_MAYBE_SCRIPT
#define O DV_SNIFF_OTHER
#define B DV_SNIFF_BINARY

struct row {
    const char *bytes;
    const char *essence;
    const char *name;
    davy_kind kind;
    enum dv_sniff_type type;
};

static const struct row rows[] = {
    { "<!DOCTYPE html><p>x", "", "", DAVY_KIND_ANY, H },
    { "\xef\xbb\xbf \n <HTML>", "", "", DAVY_KIND_ANY, H },
    { "<?php echo 1 ?><script>", "", "footer.php", DAVY_KIND_ANY, H },
    { "<body>", "", "page.txt", DAVY_KIND_ANY, H },
    { "<abbreviation", "", "", DAVY_KIND_ANY, M },
    { "a < b", "", "", DAVY_KIND_ANY, M },
    { "var a = '<html>'", "", "a.js", DAVY_KIND_ANY, S },
    { "var a", "", "noname", DAVY_KIND_ANY, M },
    { "# Title", "", "README.md", DAVY_KIND_ANY, O },
    { "{\"a\": [1, \"<script>\"]}", "", "", DAVY_KIND_ANY, O },
    { "{\"a\":1}\n{\"a\":2}\n", "", "log.jsonl", DAVY_KIND_ANY, O },
    { "var a", "text/html", "", DAVY_KIND_ANY, H },
    { "<p>", "application/javascript", "", DAVY_KIND_ANY, S },
    { "<p>", "text/plain", "", DAVY_KIND_ANY, O },
    { "var a", "text/plain", "", DAVY_KIND_SCRIPT, S },
    { "var a\x01", "image/png", "", DAVY_KIND_SCRIPT, B },
    { "x", "", "", DAVY_KIND_FRAME, H },
    { "GIF89a\x01\x02", "", "", DAVY_KIND_ANY, B },
    { "<html>\x01\x02", "", "", DAVY_KIND_ANY, H },
};

static void
the_table_of_types_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const struct dv_sniff_hint hint = { dv_span_cstr(rows[i].essence),
                                            dv_span_cstr(rows[i].name),
                                            rows[i].kind };
        struct guard guard;
        enum dv_sniff_type type;

        guard_init(&guard, rows[i].bytes, strlen(rows[i].bytes));
        type = dv_sniff(guard.bytes, &hint);
        if (type != rows[i].type)
            fail_msg("row %zu: %s", i, dv_sniff_type_text(type));
        guard_fini(&guard);
    }
}

static void
wasm_is_known_by_its_magic(void **state)
{
    const struct dv_sniff_hint hint = { DV_SPAN_LIT("text/html"),
                                        DV_SPAN_LIT("x.js"), DAVY_KIND_ANY };

    (void)state;
    assert_int_equal(dv_sniff(dv_span_of("\0asm\1\0\0\0", 8), &hint),
                     DV_SNIFF_WASM);
}

static void
an_active_tag_is_found_anywhere(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } cases[] = {
        { "", 0 },          { "abc", 3 },      { "a<b<script>", 3 },
        { "<scripts>", 9 }, { "<", 1 },        { "x;<IFRAME src", 2 },
        { "<script", 0 },   { "<<script", 1 },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(cases); i++)
        assert_int_equal(dv_sniff_find_active_tag(dv_span_cstr(cases[i].text)),
                         cases[i].at);
}

static void
json_is_told_from_code(void **state)
{
    static const struct {
        const char *text;
        bool is_json;
    } cases[] = {
        { "{}", true },
        { " [1, -2.5e3, \"a\\\"b\", true, false, null, {\"k\": []}] ", true },
        { "{\"a\":1}{\"b\":2}", true },
        { "{\"cut off\": [1, \"two", true },
        { "", false },
        { "1", false },
        { "\"text\"", false },
        { "{a: 1}", false },
        { "[1,]", false },
        { "{\"a\":1,}", false },
        { "[1] + 2", false },
        { "[f()]", false },
        { "{ var a = 1 }", false },
        { "[\"a\nb\"]", false },
        { "[}", false },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(cases); i++) {
        struct guard guard;

        guard_init(&guard, cases[i].text, strlen(cases[i].text));
        if (dv_json_check(guard.bytes) != cases[i].is_json)
            fail_msg("%s", cases[i].text);
        guard_fini(&guard);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_types_holds),
        cmocka_unit_test(wasm_is_known_by_its_magic),
        cmocka_unit_test(an_active_tag_is_found_anywhere),
        cmocka_unit_test(json_is_told_from_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

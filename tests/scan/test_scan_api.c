/* SPDX-License-Identifier: MIT */
/* test_scan_api.c - the public interface as its header promises it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/oom.h"
#include "support/pack.h"

static const char miner[]
    = "<!doctype html><title>x</title><body><p>hello</p>\n"
      "<script src=\"https://coinhive.com/lib/coinhive.min.js\"></script>\n"
      "<script>var m = new CoinHive.Anonymous("
      "'0123456789abcdef0123456789ABCDEF', {throttle: 0.3});"
      " m.start();</script></body>";

static int
setup(void **state)
{
    *state = pack_load();
    return 0;
}

static int
teardown(void **state)
{
    davy_ruleset_unref(*state);
    return 0;
}

static davy_verdict
verdict_of(davy_scanner *scanner, const char *bytes)
{
    const davy_report *report = NULL;

    assert_int_equal(davy_scan_buffer(scanner, NULL, bytes, strlen(bytes),
                                      &report), DAVY_OK);
    return davy_report_verdict(report);
}

static void
a_miner_in_a_script_is_a_miner(void **state)
{
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    const davy_finding *finding;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_int_equal(davy_scan_buffer(scanner, NULL, miner, strlen(miner),
                                      &report), DAVY_OK);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_string_equal(davy_report_type(report), "html");
    assert_string_equal(davy_report_family(report, 0), "coinhive");
    assert_int_equal(strlen(davy_report_sha256(report)), 64);
    assert_int_equal(davy_report_bytes(report), strlen(miner));
    assert_true(davy_report_findings_count(report) >= 2);
    finding = davy_report_finding(report, 0);
    assert_true(finding->line == 2 || finding->line == 3);
    assert_true(finding->offset < strlen(miner));
    assert_true(strlen(finding->evidence) <= 80);
    assert_true(strlen(finding->fix) > 0);
    assert_null(davy_report_finding(report, 1000));
    davy_scanner_free(scanner);
}

/* The issue's own list: the same text where no browser runs it. */
static void
the_same_text_where_nobody_runs_it_is_clean(void **state)
{
    static const char *const pages[] = {
        "<!doctype html><pre>new CoinHive.Anonymous('K').start()</pre>",
        "<!doctype html><pre>&lt;script>new CoinHive.Anonymous('K').start()"
        "&lt;/script></pre>",
        "<!doctype html><textarea><script>new CoinHive.Anonymous("
        "'0123456789abcdef0123456789ABCDEF').start()</script></textarea>",
        "<!doctype html><!-- <script>new CoinHive.Anonymous("
        "'0123456789abcdef0123456789ABCDEF').start()</script> --><p>x",
        "<!doctype html><article>Sites put <code>new CoinHive.Anonymous('K')"
        "</code> and coinhive.com/lib/coinhive.min.js in pages.</article>",
        "{\"snippet\": \"<script>new CoinHive.Anonymous('K').start()"
        "</script>\"}",
        "<!doctype html><script type=\"application/json\">"
        "{\"s\": \"new CoinHive.Anonymous('K').start()\"}</script>",
        "[Adblock Plus 2.0]\n||coinhive.com^$third-party\n"
        "/lib/coinhive.min.js$script\n",
        "var signatures = [/new CoinHive\\.Anonymous\\(/, 'coinhive.min.js'];"
        "function isMiner(text) { return signatures.some(function (s) {"
        " return s.test ? s.test(text) : text.indexOf(s) >= 0; }); }",
        "// new CoinHive.Anonymous('0123456789abcdef0123456789ABCDEF')"
        ".start()\nvar a = 1;",
    };
    davy_scanner *scanner = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (verdict_of(scanner, pages[i]) != DAVY_VERDICT_CLEAN)
            fail_msg("%s", pages[i]);
    }
    davy_scanner_free(scanner);
}

static void
an_address_is_judged_before_any_byte(void **state)
{
    const davy_target listed = {
        .struct_size = sizeof(listed),
        .address = "https://coinhive.com/lib/coinhive.min.js",
        .document = "https://site.example/", .kind = DAVY_KIND_SCRIPT
    };
    const davy_target unlisted = {
        .struct_size = sizeof(unlisted),
        .address = "https://site.example/app.js",
        .document = "https://site.example/", .kind = DAVY_KIND_SCRIPT
    };
    const davy_target relative = { .struct_size = sizeof(relative),
                                   .address = "app.js" };
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_int_equal(davy_scan_address(scanner, &listed, &report), DAVY_OK);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_int_equal(davy_scan_address(scanner, &unlisted, &report), DAVY_OK);
    assert_int_equal(davy_report_findings_count(report), 0);
    assert_int_equal(davy_scan_address(scanner, &relative, &report),
                     DAVY_MALFORMED);
    assert_int_equal(davy_scan_address(scanner, NULL, &report), DAVY_MISUSE);
    davy_scanner_free(scanner);
}

static void
calls_out_of_order_are_misuse(void **state)
{
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    const davy_target wrong_size = { .struct_size = 1 };

    assert_int_equal(davy_scanner_new(NULL, NULL, &scanner), DAVY_MISUSE);
    assert_int_equal(davy_scanner_new(*state, NULL, NULL), DAVY_MISUSE);
    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, "x", 1), DAVY_MISUSE);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_MISUSE);
    assert_int_equal(davy_scanner_begin(scanner, &wrong_size), DAVY_MISUSE);
    assert_int_equal(davy_scanner_begin(scanner, NULL), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, NULL, 1), DAVY_MISUSE);
    assert_int_equal(davy_scanner_feed(scanner, NULL, 0), DAVY_OK);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_OK);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_MISUSE);
    davy_scanner_reset(scanner);
    assert_int_equal(davy_scanner_feed(scanner, "x", 1), DAVY_MISUSE);
    davy_scanner_free(scanner);
    davy_scanner_free(NULL);
    davy_ruleset_unref(NULL);
    davy_builder_free(NULL);
    davy_slot_free(NULL);
}

static void
a_used_scanner_answers_like_a_new_one(void **state)
{
    davy_scanner *scanner = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(verdict_of(scanner, miner), DAVY_VERDICT_MINER);
        assert_int_equal(verdict_of(scanner, "<p>nothing"),
                         DAVY_VERDICT_CLEAN);
    }
    davy_scanner_free(scanner);
}

static davy_status
scan_with(const davy_allocator *hooks, void *ctx)
{
    const davy_scanner_options options = { sizeof(options), hooks, NULL, 0 };
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    davy_status st = davy_scanner_new(ctx, &options, &scanner);

    if (st == DAVY_OK)
        st = davy_scan_buffer(scanner, NULL, miner, strlen(miner), &report);
    if (st == DAVY_OK)
        assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    davy_scanner_free(scanner);
    return st;
}

static void
every_failing_allocation_of_a_scan_is_survived(void **state)
{
    oom_sweep(scan_with, *state, 400);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_miner_in_a_script_is_a_miner),
        cmocka_unit_test(the_same_text_where_nobody_runs_it_is_clean),
        cmocka_unit_test(an_address_is_judged_before_any_byte),
        cmocka_unit_test(calls_out_of_order_are_misuse),
        cmocka_unit_test(a_used_scanner_answers_like_a_new_one),
        cmocka_unit_test(every_failing_allocation_of_a_scan_is_survived),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

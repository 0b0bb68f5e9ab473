/* SPDX-License-Identifier: MIT */
/* test_scan_limits.c - hostile targets cost bounded time and memory, and every
 * limit that is hit stands in the report. */

#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <zlib.h>

#include "support/pack.h"

/* Seconds that no target of these tests may take, also with sanitizers; the
 * linear ones need hundredths of it. */
#define PATIENCE 20.0

struct text {
    char *at;
    size_t len;
};

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

static struct text
repeat(const char *head, const char *unit, size_t times, const char *tail)
{
    const size_t n = strlen(unit);
    struct text text = { NULL, strlen(head) + n * times + strlen(tail) };
    char *at;

    text.at = malloc(text.len + 1);
    assert_non_null(text.at);
    at = text.at;
    memcpy(at, head, strlen(head));
    at += strlen(head);
    for (size_t i = 0; i < times; i++, at += n)
        memcpy(at, unit, n);
    memcpy(at, tail, strlen(tail) + 1);
    return text;
}

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const davy_report *
scan(davy_scanner *scanner, const char *bytes, size_t length)
{
    const davy_report *report = NULL;
    const double start = seconds();
    const davy_status st = davy_scan_buffer(scanner, NULL, bytes, length,
                                            &report);

    assert_int_equal(st, DAVY_OK);
    if (seconds() - start > PATIENCE)
        fail_msg("%.60s...: %.1f seconds", bytes, seconds() - start);
    return report;
}

static int
has_limit(const davy_report *report, const char *text)
{
    for (size_t i = 0; i < davy_report_limits_count(report); i++) {
        if (strstr(davy_report_limit(report, i), text) != NULL)
            return 1;
    }
    return 0;
}

/* head, unit, times, tail: each is judged in bounded time. */
static const struct {
    const char *head, *unit;
    size_t times;
    const char *tail;
} hostile[] = {
    { "", "<div>", 100000, "" },
    { "<script>new CoinHive.Anonymous('"
      "0123456789abcdef0123456789ABCDEF').start()</script>",
      "<div>", 100000, "" },
    { "", "<a <a <a ", 100000, "" },
    { "", "<a \"<a '", 100000, "" },
    { "", "<b><i><font>", 30000, "" },
    { "", "<table><tr><td>", 20000, "" },
    { "<p ", "a", 1000000, "" },
    { "<p ", "a=1 ", 200000, ">" },
    { "", "<!--", 200000, "" },
    { "", "<script>", 100000, "" },
    { "", "<iframe srcdoc=\"", 50000, "" },
    { "<script>", "(", 200000, "</script>" },
    { "<script>", "[", 200000, "</script>" },
    { "<script>", "{", 200000, "</script>" },
    { "<script>x=", "a+", 300000, "a</script>" },
    { "<script>x=", "'a'+", 200000, "'a'</script>" },
    { "<script>x", ".a", 300000, "</script>" },
    { "<script>x", "()", 200000, "</script>" },
    { "<script>x=", "!", 200000, "a</script>" },
    { "<script>", "a=>", 100000, "a</script>" },
    { "<script>", "async(", 100000, "</script>" },
    { "<script>", "`${", 100000, "</script>" },
    { "<script>x=", "a?b:", 100000, "c</script>" },
    { "<script>", "if(a)b;else ", 100000, "c</script>" },
    { "<script>var a='x';", "a=a+a;", 10000, "f(a)</script>" },
    { "<script>f('x'", ".repeat(9)", 10000, ")</script>" },
    { "<script>eval(", "unescape('%65%76'+", 2000, "</script>" },
    { "var a=[", "'x',", 300000, "];f(a.join(''))" },
    { "", "\xff\xc0\x80\xed", 300000, "" },
    { "", "{\"a\":", 100000, "" },
    { "", "/*", 200000, "" },
    { "", "x ", 2000000, "" },
};

static void
no_hostile_target_takes_long(void **state)
{
    davy_scanner *scanner = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        struct text text = repeat(hostile[i].head, hostile[i].unit,
                                  hostile[i].times, hostile[i].tail);

        (void)scan(scanner, text.at, text.len);
        free(text.at);
    }
    davy_scanner_free(scanner);
}

static void
ten_thousand_nested_elements_are_judged_with_a_limit(void **state)
{
    struct text text = repeat("<script>new CoinHive.Anonymous('"
                              "0123456789abcdef0123456789ABCDEF',"
                              "{throttle:0.1}).start()</script>",
                              "<div>", 10000, "");
    davy_scanner *scanner = NULL;
    const davy_report *report;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    report = scan(scanner, text.at, text.len);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_true(has_limit(report, "second look"));
    free(text.at);
    davy_scanner_free(scanner);
}

static void
deep_scripts_are_a_limit(void **state)
{
    struct text text = repeat("f();", "(", 100000, "");
    const davy_target target = { .struct_size = sizeof(target),
                                 .kind = DAVY_KIND_SCRIPT };
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_int_equal(davy_scan_buffer(scanner, &target, text.at, text.len,
                                      &report), DAVY_OK);
    assert_true(has_limit(report, "nested JavaScript"));
    free(text.at);
    davy_scanner_free(scanner);
}

static void
bytes_beyond_the_limit_are_counted_and_said(void **state)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .bytes = 1000 };
    const davy_scanner_options options = { sizeof(options), NULL, &limits,
                                           0 };
    struct text text = repeat("", "hello ", 1000, "");
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;

    assert_int_equal(davy_scanner_new(*state, &options, &scanner), DAVY_OK);
    assert_int_equal(davy_scanner_begin(scanner, NULL), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, text.at, text.len),
                     DAVY_LIMIT);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_OK);
    assert_int_equal(davy_report_bytes(report), 6000);
    assert_true(has_limit(report, "bytes of one target"));
    free(text.at);
    davy_scanner_free(scanner);
}

static struct text
gzip(const char *bytes, size_t length)
{
    z_stream z = { 0 };
    struct text out = { malloc(length / 2 + 1000), length / 2 + 1000 };

    assert_non_null(out.at);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 9,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)length;
    z.next_out = (Bytef *)out.at;
    z.avail_out = (uInt)out.len;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.len = z.total_out;
    deflateEnd(&z);
    return out;
}

static void
a_gzip_bomb_is_a_limit(void **state)
{
    struct text zeros = repeat("", "0000000000", 8000000, "");
    struct text bomb = gzip(zeros.at, zeros.len);
    davy_scanner *scanner = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_true(has_limit(scan(scanner, bomb.at, bomb.len),
                          "growth of one decoded layer"));
    free(bomb.at);
    free(zeros.at);
    davy_scanner_free(scanner);
}

static void
a_gzipped_miner_is_a_miner(void **state)
{
    static const char miner[]
        = "<!doctype html><script>new CoinHive.Anonymous('"
          "0123456789abcdef0123456789ABCDEF',{throttle:0.1}).start()"
          "</script>";
    struct text packed = gzip(miner, strlen(miner));
    davy_scanner *scanner = NULL;

    assert_int_equal(davy_scanner_new(*state, NULL, &scanner), DAVY_OK);
    assert_int_equal(davy_report_verdict(scan(scanner, packed.at,
                                              packed.len)),
                     DAVY_VERDICT_MINER);
    free(packed.at);
    davy_scanner_free(scanner);
}

static void
a_small_memory_limit_is_no_memory(void **state)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .memory = 300000 };
    const davy_scanner_options options = { sizeof(options), NULL, &limits,
                                           0 };
    struct text text = repeat("", "hello ", 200000, "");
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    davy_status st = davy_scanner_new(*state, &options, &scanner);

    if (st == DAVY_OK)
        st = davy_scan_buffer(scanner, NULL, text.at, text.len, &report);
    assert_int_equal(st, DAVY_NO_MEMORY);
    free(text.at);
    davy_scanner_free(scanner);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_hostile_target_takes_long),
        cmocka_unit_test(ten_thousand_nested_elements_are_judged_with_a_limit),
        cmocka_unit_test(deep_scripts_are_a_limit),
        cmocka_unit_test(bytes_beyond_the_limit_are_counted_and_said),
        cmocka_unit_test(a_gzip_bomb_is_a_limit),
        cmocka_unit_test(a_gzipped_miner_is_a_miner),
        cmocka_unit_test(a_small_memory_limit_is_no_memory),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

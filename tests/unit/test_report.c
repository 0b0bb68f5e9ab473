/* SPDX-License-Identifier: MIT */
/* test_report.c - excerpts and JSON. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "action/report.h"
#include "action/report_json.h"
#include "base/buf.h"
#include "support/oom.h"

#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
an_excerpt_is_short_and_printable(void **state)
{
    static const struct {
        const char *source, *excerpt;
    } rows[] = {
        { "", "" },
        { "plain", "plain" },
        { "  two \r\n\t lines  ", "two lines" },
        { "esc\x1b[31mred", "esc?[31mred" },
        { "bad\xff\xfe", "bad??" },
        { "r\xe2\x80\xaetl", "r?tl" },
        { "caf\xc3\xa9", "caf\xc3\xa9" },
        { A60 "bbbbbbbbbbbbbbbbbbbb", A60 "bbbbbbbbbbbbbbbbbbbb" },
        { A60 "bbbbbbbbbbbbbbbbbbbbb",
          A60 "bbbbbbbbbbbbbbbbb\xe2\x80\xa6" },
    };
    struct dv_mem mem;
    struct dv_arena arena;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_string_equal(dv_report_excerpt(&arena,
                                              dv_span_cstr(rows[i].source),
                                              0, SIZE_MAX),
                            rows[i].excerpt);
    dv_arena_fini(&arena);
}

static int
to_buf(void *ctx, const char *bytes, size_t length)
{
    return dv_buf_append(ctx, dv_span_of(bytes, length)) != DAVY_OK;
}

static int
to_nowhere(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    (void)bytes;
    (void)length;
    return 1;
}

static davy_status
fill(struct davy_report *report)
{
    const davy_finding heavy = {
        .rule = "DAVY-1", .title = "T \"q\"", .severity = "high",
        .confidence = "high", .family = "f", .layer = "api",
        .path = "a > b", .offset = 7, .length = 3, .line = 2, .column = 4,
        .evidence = "\\e", .fix = "remove", .score = 60
    };
    davy_finding light = heavy;
    davy_status st = DAVY_OK;

    light.rule = "DAVY-2";
    light.score = 10;
    light.family = NULL;
    if (st == DAVY_OK)
        st = dv_report_add_finding(report, &light);
    if (st == DAVY_OK)
        st = dv_report_add_finding(report, &heavy);
    if (st == DAVY_OK)
        st = dv_report_add_family(report, "f");
    if (st == DAVY_OK)
        st = dv_report_add_limit(report, "some limit");
    if (st == DAVY_OK)
        st = dv_report_add_limit(report, "some limit");
    dv_report_sort(report);
    report->score = 69;
    report->verdict = DAVY_VERDICT_SUSPICIOUS;
    return st;
}

static void
json_is_the_object_of_schema_1(void **state)
{
    static const char expected[]
        = "{\"schema\":1,\"target\":\"x\\u0001\\ufffd\",\"type\":\"other\","
          "\"sha256\":\"\",\"verdict\":\"suspicious\",\"score\":69,"
          "\"families\":[\"f\"],\"findings\":["
          "{\"rule\":\"DAVY-1\",\"title\":\"T \\\"q\\\"\","
          "\"severity\":\"high\",\"confidence\":\"high\",\"family\":\"f\","
          "\"path\":\"a > b\",\"offset\":7,\"length\":3,\"line\":2,"
          "\"column\":4,\"evidence\":\"\\\\e\",\"fix\":\"remove\"},"
          "{\"rule\":\"DAVY-2\",\"title\":\"T \\\"q\\\"\","
          "\"severity\":\"high\",\"confidence\":\"high\",\"family\":\"\","
          "\"path\":\"a > b\",\"offset\":7,\"length\":3,\"line\":2,"
          "\"column\":4,\"evidence\":\"\\\\e\",\"fix\":\"remove\"}],"
          "\"limits\":[\"some limit\"],\"bytes\":0,\"micros\":12}";
    davy_json_options options = { sizeof(options), "x\x01\xff", 12, NULL };
    struct dv_mem mem;
    struct davy_report report;
    struct dv_buf out;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, 10000);
    dv_report_init(&report, &mem, 10);
    assert_int_equal(fill(&report), DAVY_OK);
    assert_int_equal(dv_report_json_write(&report, &options, to_buf, &out),
                     DAVY_OK);
    assert_int_equal(dv_buf_append_byte(&out, 0), DAVY_OK);
    assert_string_equal((const char *)out.at, expected);
    assert_int_equal(dv_report_json_write(&report, &options, to_nowhere,
                                          NULL), DAVY_IO);
    dv_report_fini(&report);
    dv_buf_fini(&out);
    assert_int_equal(mem.used, 0);
}

static void
json_leaves_out_findings_below_a_severity(void **state)
{
    davy_json_options options = { sizeof(options), "x", 12, "critical" };
    struct dv_mem mem;
    struct davy_report report;
    struct dv_buf out;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, 10000);
    dv_report_init(&report, &mem, 10);
    assert_int_equal(fill(&report), DAVY_OK);
    assert_int_equal(dv_report_json_write(&report, &options, to_buf, &out),
                     DAVY_OK);
    assert_int_equal(dv_buf_append_byte(&out, 0), DAVY_OK);
    assert_non_null(strstr((const char *)out.at, "\"findings\":[],"));
    options.severity = "dreadful";
    assert_int_equal(dv_report_json_write(&report, &options, to_buf, &out),
                     DAVY_MISUSE);
    dv_report_fini(&report);
    dv_buf_fini(&out);
}

static void
a_full_report_says_so(void **state)
{
    const davy_finding finding = { .rule = "DAVY-1" };
    struct dv_mem mem;
    struct davy_report report;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_report_init(&report, &mem, 2);
    assert_int_equal(dv_report_add_finding(&report, &finding), DAVY_OK);
    assert_int_equal(dv_report_add_finding(&report, &finding), DAVY_OK);
    assert_int_equal(dv_report_add_finding(&report, &finding), DAVY_LIMIT);
    dv_report_fini(&report);
}

static davy_status
make_report(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct davy_report report;
    davy_status st;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_report_init(&report, &mem, 10);
    st = fill(&report);
    dv_report_fini(&report);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    (void)state;
    oom_sweep(make_report, NULL, 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_excerpt_is_short_and_printable),
        cmocka_unit_test(json_is_the_object_of_schema_1),
        cmocka_unit_test(json_leaves_out_findings_below_a_severity),
        cmocka_unit_test(a_full_report_says_so),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

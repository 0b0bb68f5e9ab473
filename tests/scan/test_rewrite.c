/* SPDX-License-Identifier: MIT */
/* test_rewrite.c - what is cut out of pages, and the law: what is left is clean
 * and otherwise the same. */

#define _GNU_SOURCE                     /* memmem */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "action/report.h"
#include "base/buf.h"
#include "support/corpus.h"
#include "support/oom.h"
#include "support/pack.h"

#define KEY "0123456789abcdef0123456789ABCDEF"
#define START "new CoinHive.Anonymous('" KEY "').start()"
#define LIB "https://coinhive.com/lib/coinhive.min.js"

struct bench {
    davy_ruleset *rules;
    davy_scanner *scanner;
    davy_scanner *checker;
    struct dv_mem mem;
    struct dv_buf out;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    if (b == NULL)
        return 1;
    b->rules = pack_load();
    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_buf_init(&b->out, &b->mem, SIZE_MAX);
    *state = b;
    return davy_scanner_new(b->rules, NULL, &b->scanner) != DAVY_OK
           || davy_scanner_new(b->rules, NULL, &b->checker) != DAVY_OK;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;

    davy_scanner_free(b->scanner);
    davy_scanner_free(b->checker);
    davy_ruleset_unref(b->rules);
    dv_buf_fini(&b->out);
    free(b);
    return 0;
}

static int
to_buf(void *ctx, const char *bytes, size_t length)
{
    return dv_buf_append(ctx, dv_span_of(bytes, length)) != DAVY_OK;
}

static const davy_report *
scan(davy_scanner *scanner, const davy_target *target, struct dv_span bytes)
{
    const davy_report *report = NULL;

    assert_int_equal(davy_scan_buffer(scanner, target, bytes.at, bytes.len,
                                      &report), DAVY_OK);
    return report;
}

/* Scan and edit once. */
static davy_status
edit(struct bench *b, const davy_target *target, struct dv_span bytes,
     const davy_rewrite_options *options)
{
    const davy_report *report = scan(b->scanner, target, bytes);

    dv_buf_clear(&b->out);
    return davy_rewrite(report, bytes.at, bytes.len, options, to_buf,
                        &b->out);
}

static void
assert_out(struct bench *b, const char *expected)
{
    if (!dv_span_equal_cstr(dv_buf_span(&b->out), expected))
        fail_msg("is %.*s\nnot %s", (int)b->out.len, (char *)b->out.at,
                 expected);
}

/* ---- Spans ---- */

static const struct {
    const char *before, *after;
} pages[] = {
    { "<!doctype html><p>news</p><script>" START "</script><p>more",
      "<!doctype html><p>news</p><script></script><p>more" },
    { "<!doctype html><script async src=\"" LIB "\" id=a></script>x",
      "<!doctype html><script async src=\"data:text/javascript,\" id=a>"
      "</script>x" },
    { "<!doctype html><script src=" LIB "></script>x",
      "<!doctype html><script src=\"data:text/javascript,\"></script>x" },
    { "<!doctype html><script src=' " LIB " ' integrity=\"sha256-x\" a=b>"
      "</script>",
      "<!doctype html><script src='data:text/javascript,' integrity=\"\" a=b>"
      "</script>" },
    { "<!doctype html><body class=k onload=\"" START "\">text",
      "<!doctype html><body class=k onload=\"\">text" },
    { "<!doctype html><svg/onload=new&#32;CoinHive.Anonymous('" KEY
      "').start()><g/></svg>",
      "<!doctype html><svg/onload=\"\"><g/></svg>" },
    { "<!doctype html><iframe srcdoc=\"<script>" START "</script>\" id=f>"
      "</iframe>",
      "<!doctype html><iframe srcdoc=\"\" id=f></iframe>" },
    { "<!doctype html><iframe src='https://authedmine.com/media/miner.html?"
      "key=" KEY "'></iframe>",
      "<!doctype html><iframe src=''></iframe>" },
    { "<!doctype html><link rel=preload as=script href=\"" LIB "\"><p>",
      "<!doctype html><link rel=preload as=script href=\"\"><p>" },
    { "<!doctype html><div class=\"coinhive-miner\" data-key=\"" KEY "\" "
      "data-autostart=true>wait</div>",
      "<!doctype html><div  >wait</div>" },
    /* Two of the same kind: the second is no finding of its own. */
    { "<!doctype html><script src=\"" LIB "\"></script><hr>"
      "<script src=\"" LIB "?2\"></script>",
      "<!doctype html><script src=\"data:text/javascript,\"></script><hr>"
      "<script src=\"data:text/javascript,\"></script>" },
    /* Comments and text areas are not touched. */
    { "<!doctype html><!-- <script>" START "</script> --><script>" START
      "</script><textarea><script>" START "</script></textarea>",
      "<!doctype html><!-- <script>" START "</script> --><script>"
      "</script><textarea><script>" START "</script></textarea>" },
    /* Deeper things take with them what holds them. */
    { "<!doctype html><script>eval(atob('bmV3IENvaW5IaXZlLkFub255bW91cygi"
      "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERUYiKS5zdGFydCgp'))</script>y",
      "<!doctype html><script></script>y" },
    /* An import map stays one. */
    { "<!doctype html><script type=importmap>{\"imports\":{\"a\":\"/a.js\","
      "\"b\":\"" LIB "\"}}</script>",
      "<!doctype html><script type=importmap>{\"imports\":{\"a\":\"/a.js\","
      "\"b\":\"data:text/javascript,\"}}</script>" },
    { "<!doctype html><meta http-equiv=refresh content=\"0;url=data:"
      "text/html,<script>" START "</script>\">",
      "<!doctype html><meta http-equiv=refresh content=\"\">" },
    { "<!doctype html><a href=\"javascript:" START "\">x</a>",
      "<!doctype html><a href=\"\">x</a>" },
    /* What would become a script if the inner one went with its tags. */
    { "<!doctype html><<script>" START "</script>script src=" LIB ">",
      "<!doctype html><<script></script>script src=" LIB ">" },
    /* windows-1252: what is before the cut is of other lengths in UTF-8. */
    { "<!doctype html><meta charset=latin1><p>caf\xe9 \x80</p><script>" START
      "</script>\xe9",
      "<!doctype html><meta charset=latin1><p>caf\xe9 \x80</p><script>"
      "</script>\xe9" },
    /* GBK: two bytes are one character, the second may be ASCII. */
    { "<!doctype html><meta charset=gbk><p>\xc4\xe3\x81\x5c</p><script>" START
      "</script>\xba\xc3",
      "<!doctype html><meta charset=gbk><p>\xc4\xe3\x81\x5c</p><script>"
      "</script>\xba\xc3" },
    { "\xef\xbb\xbf<!doctype html><p>\xc3\xa9<script>" START "</script>",
      "\xef\xbb\xbf<!doctype html><p>\xc3\xa9<script></script>" },
};

static void
only_the_miner_is_cut(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < DV_COUNT_OF(pages); i++) {
        assert_int_equal(edit(b, NULL, dv_span_cstr(pages[i].before), NULL),
                         DAVY_OK);
        assert_out(b, pages[i].after);
        assert_int_equal(davy_report_verdict(scan(b->checker, NULL,
                                                  dv_buf_span(&b->out))),
                         DAVY_VERDICT_CLEAN);
    }
}

static void
a_finding_says_what_is_cut(void **state)
{
    static const char page[]
        = "<!doctype html><p>a</p><script>" START "</script>";
    struct bench *b = *state;
    const davy_report *report = scan(b->scanner, NULL, dv_span_cstr(page));
    const davy_finding *finding = davy_report_finding(report, 0);

    assert_int_equal(finding->cut_kind, DAVY_CUT_SCRIPT);
    assert_int_equal(finding->cut_offset, strstr(page, "new Coin") - page);
    assert_int_equal(finding->cut_length, strlen(START));
}

static void
a_script_is_replaced_by_the_standin(void **state)
{
    static const char page[]
        = "<!doctype html><script src=\"" LIB "\"></script>";
    const davy_rewrite_options options = {
        .struct_size = sizeof(options),
        .standin_address = "http://davy.proxy/s?a='\"&b",
        .standin = "0;", .standin_length = 2
    };
    const davy_target target = { .struct_size = sizeof(target),
                                 .content_type = "text/javascript" };
    struct bench *b = *state;

    assert_int_equal(edit(b, NULL, dv_span_cstr(page), &options), DAVY_OK);
    assert_out(b, "<!doctype html><script src=\"http://davy.proxy/s?a=&#39;"
                  "&quot;&amp;b\"></script>");
    assert_int_equal(edit(b, &target, DV_SPAN_LIT(START), &options), DAVY_OK);
    assert_out(b, "0;");
    assert_int_equal(edit(b, &target, DV_SPAN_LIT(START), NULL), DAVY_OK);
    assert_out(b, "");
}

static int
to_nowhere(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    (void)bytes;
    (void)length;
    return 1;
}

static void
options_say_what_goes(void **state)
{
    static const char page[] = "<!doctype html><script>" START "</script>";
    davy_rewrite_options options = { .struct_size = sizeof(options),
                                     .severity = "critical" };
    struct bench *b = *state;
    const davy_report *report = scan(b->scanner, NULL, dv_span_cstr(page));

    assert_int_equal(edit(b, NULL, dv_span_cstr(page), &options), DAVY_OK);
    assert_out(b, "<!doctype html><script></script>");
    options.severity = "terrible";
    assert_int_equal(edit(b, NULL, dv_span_cstr(page), &options), DAVY_MISUSE);
    options.severity = NULL;
    options.struct_size = 1;
    assert_int_equal(edit(b, NULL, dv_span_cstr(page), &options), DAVY_MISUSE);
    assert_int_equal(davy_rewrite(report, page, strlen(page), NULL, to_nowhere,
                                  NULL), DAVY_IO);
    assert_int_equal(davy_rewrite(NULL, page, strlen(page), NULL, to_nowhere,
                                  NULL), DAVY_MISUSE);
}

/* Reports made by hand: cuts as pages give them that no two parsers read
 * alike. */
static void
cuts_that_overlap_are_one(void **state)
{
    static const struct {
        struct dv_report_cut cuts[3];
        const char *out;
    } rows[] = {
        { { { DAVY_CUT_SCRIPT, 0, 2, 3 }, { DAVY_CUT_VALUE, 0, 3, 1 } },
          "0156789" },
        { { { DAVY_CUT_SCRIPT, 0, 2, 3 }, { DAVY_CUT_TAG, 0, 4, 3 } },
          "01789" },
        { { { DAVY_CUT_TAG, 0, 2, 2 }, { DAVY_CUT_TAG, 0, 4, 2 } },
          "01<!----><!---->6789" },
        { { { DAVY_CUT_VALUE, 0, 0, 1 }, { DAVY_CUT_VALUE, 0, 9, 1 } },
          "\"\"12345678\"\"" },
        { { { DAVY_CUT_TARGET, 0, 0, 10 }, { DAVY_CUT_TAG, 0, 4, 2 } }, "" },
    };
    struct bench *b = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct davy_report report;

        dv_report_init(&report, &b->mem, 10);
        report.verdict = DAVY_VERDICT_MINER;
        report.is_editable = true;
        report.text_bytes = 10;
        for (int k = 0; k < 2; k++)
            assert_int_equal(dv_report_add_cut(&report, &rows[i].cuts[k]),
                             DAVY_OK);
        dv_report_sort(&report);
        dv_buf_clear(&b->out);
        assert_int_equal(davy_rewrite(&report, "0123456789", 10, NULL, to_buf,
                                      &b->out), DAVY_OK);
        assert_out(b, rows[i].out);
        dv_report_fini(&report);
    }
}

static void
what_cannot_be_edited_is_said_to_be_so(void **state)
{
    static const char page[] = "<script>" START "</script>";
    char utf16[2 * sizeof(page)] = { '\xff', '\xfe' };
    const davy_target own = { .struct_size = sizeof(own), .address =
                              "https://coinhive.com/media/miner.html" };
    const davy_rewrite_options options = { .struct_size = sizeof(options) };
    struct bench *b = *state;
    const davy_report *report;

    for (size_t i = 0; i + 1 < sizeof(page); i++)
        utf16[2 + 2 * i] = page[i];
    report = scan(b->scanner, NULL, dv_span_of(utf16, sizeof(utf16)));
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_int_equal(davy_rewrite(report, utf16, sizeof(utf16), &options,
                                  to_buf, &b->out), DAVY_UNSUPPORTED);
    assert_int_equal(edit(b, &own, DV_SPAN_LIT("<!doctype html><p>hello"),
                          NULL),
                     DAVY_UNSUPPORTED);
    assert_int_equal(b->out.len, 0);
    report = scan(b->scanner, NULL,
                  DV_SPAN_LIT("<!doctype html><script>" START "</script>"));
    assert_int_equal(davy_rewrite(report, "x", 1, NULL, to_buf, &b->out),
                     DAVY_MISUSE);
}

/* ---- The law ---- */

/* Whether `out` is `in` but for the cuts of `report`. */
static bool
is_cut_of(const davy_report *report, struct dv_span in, struct dv_span out)
{
    size_t done = 0;

    for (size_t i = 0; i <= report->cuts.len; i++) {
        const struct dv_report_cut *cut
            = i < report->cuts.len ? dv_vec_at(&report->cuts, i) : NULL;
        const size_t at = cut == NULL ? in.len : (size_t)cut->offset;
        struct dv_span kept;
        const uint8_t *found;

        if (at < done)
            continue;
        kept = dv_span_slice(in, done, at - done);
        found = kept.len == 0 ? out.at
                              : memmem(out.at, out.len, kept.at, kept.len);
        /* What was put between is short. */
        if (found == NULL || found - out.at > 32)
            return false;
        dv_span_skip(&out, (size_t)(found - out.at) + kept.len);
        if (cut != NULL)
            done = at + (size_t)cut->length;
    }
    return out.len <= 32;
}

static void
obeys_the_law(void *ctx, const char *path, const char *bytes, size_t length)
{
    struct bench *b = ctx;
    const char *slash = strrchr(path, '/');
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = slash == NULL ? path : slash + 1 };
    const struct dv_span in = dv_span_of(bytes, length);
    const davy_report *report = scan(b->scanner, &target, in);
    const bool is_clean = davy_report_verdict(report) == DAVY_VERDICT_CLEAN;
    struct dv_buf twice;

    dv_buf_clear(&b->out);
    if (davy_rewrite(report, bytes, length, NULL, to_buf, &b->out) != DAVY_OK)
        fail_msg("%s cannot be edited", path);
    if (is_clean && !dv_span_equal(dv_buf_span(&b->out), in))
        fail_msg("%s is clean and was changed", path);
    if (!is_clean && !is_cut_of(report, in, dv_buf_span(&b->out)))
        fail_msg("%s was changed outside of the cuts", path);
    report = scan(b->checker, &target, dv_buf_span(&b->out));
    if (davy_report_verdict(report) != DAVY_VERDICT_CLEAN)
        fail_msg("%s is not clean: %s", path, pack_json(report));
    dv_buf_init(&twice, &b->mem, SIZE_MAX);
    assert_int_equal(davy_rewrite(report, b->out.at, b->out.len, NULL, to_buf,
                                  &twice), DAVY_OK);
    assert_true(dv_span_equal(dv_buf_span(&twice), dv_buf_span(&b->out)));
    dv_buf_fini(&twice);
}

static void
what_is_left_is_clean_and_the_same(void **state)
{
    static const char *const folders[] = { "tests/files", "examples/site" };
    char path[4096];

    for (size_t i = 0; i < DV_COUNT_OF(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", pack_top(), folders[i]);
        assert_true(corpus_visit(path, "", obeys_the_law, *state) > 0);
    }
}

/* ---- Until it is clean ---- */

static void
a_page_of_many_miners_is_clean_in_the_end(void **state)
{
    struct bench *b = *state;
    struct dv_buf page;
    davy_status st;

    dv_buf_init(&page, &b->mem, SIZE_MAX);
    assert_int_equal(dv_buf_append_cstr(&page, "<!doctype html>"), DAVY_OK);
    for (int i = 0; i < 600; i++) {
        char piece[256];

        snprintf(piece, sizeof(piece),
                 "<script>/*%d*/" START "</script><script src='" LIB
                 "?%d'></script>", i, i);
        assert_int_equal(dv_buf_append_cstr(&page, piece), DAVY_OK);
    }
    dv_buf_clear(&b->out);
    st = davy_rewrite_checked(scan(b->scanner, NULL, dv_buf_span(&page)),
                              page.at, page.len, NULL, b->checker, NULL,
                              to_buf, &b->out);
    assert_int_equal(st, DAVY_OK);
    assert_int_equal(davy_report_verdict(scan(b->checker, NULL,
                                              dv_buf_span(&b->out))),
                     DAVY_VERDICT_CLEAN);
    dv_buf_fini(&page);
}

static void
the_owner_of_a_report_cannot_check_it(void **state)
{
    struct bench *b = *state;
    const davy_report *report = scan(b->scanner, NULL, DV_SPAN_LIT("x"));

    assert_int_equal(davy_rewrite_checked(report, "x", 1, NULL, b->scanner,
                                          NULL, to_buf, &b->out),
                     DAVY_MISUSE);
}

static davy_status
check_page(const davy_allocator *hooks, void *ctx)
{
    static const char page[]
        = "<!doctype html><script>" START "</script><script src=" LIB
          "></script><p onclick=\"" START "\">text";
    const davy_scanner_options options = { .struct_size = sizeof(options),
                                           .allocator = hooks };
    struct bench *b = ctx;
    davy_scanner *checker = NULL;
    davy_status st = davy_scanner_new(b->rules, &options, &checker);

    dv_buf_clear(&b->out);
    if (st == DAVY_OK)
        st = davy_rewrite_checked(scan(b->scanner, NULL, dv_span_cstr(page)),
                                  page, strlen(page), NULL, checker, NULL,
                                  to_buf, &b->out);
    davy_scanner_free(checker);
    if (st != DAVY_OK)
        assert_int_equal(b->out.len, 0);
    return st;
}

static void
memory_may_be_refused_at_any_time(void **state)
{
    oom_sweep(check_page, *state, 300);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_miner_is_cut),
        cmocka_unit_test(a_finding_says_what_is_cut),
        cmocka_unit_test(a_script_is_replaced_by_the_standin),
        cmocka_unit_test(options_say_what_goes),
        cmocka_unit_test(cuts_that_overlap_are_one),
        cmocka_unit_test(what_cannot_be_edited_is_said_to_be_so),
        cmocka_unit_test(what_is_left_is_clean_and_the_same),
        cmocka_unit_test(a_page_of_many_miners_is_clean_in_the_end),
        cmocka_unit_test(memory_may_be_refused_at_any_time),
        cmocka_unit_test(the_owner_of_a_report_cannot_check_it),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

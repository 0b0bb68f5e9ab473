/* SPDX-License-Identifier: MIT */
/* fuzz_rewrite.c - any page, some small rules, and the law of rewriting: what
 * is left is clean, and one pass changes nothing outside of its cuts. */

#include <stdio.h>
#include <stdlib.h>

#include "action/report.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD(id) \
    "- id: " id "\n  title: t\n  layer: api\n  severity: high\n" \
    "  confidence: conclusive\n  status: experimental\n  since: 1.0.0\n" \
    "  fix: f\n  match:\n"

static const char rules_text[]
    = "rules:\n"
      HEAD("T-1") "    call: 'evil'\n"
      HEAD("T-2") "    url: {contains: 'evil.example'}\n"
      HEAD("T-3") "    element: 'div'\n    attrs: ['class=evil']\n"
      HEAD("T-4") "    attr: {starts: 'data-evil='}\n"
      HEAD("T-5") "    element: 'evil-miner'\n"
      HEAD("T-6") "    all: [{string: 'first'}, {string: 'second'}]\n";

static davy_ruleset *rules;

static void
require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void
load_rules(void)
{
    davy_builder *builder = NULL;

    require(davy_builder_new(NULL, &builder) == DAVY_OK, "no builder");
    require(davy_builder_add_rules_buffer(builder, "rules", rules_text,
                                          sizeof(rules_text) - 1) == DAVY_OK,
            "the rules are wrong");
    require(davy_builder_build(builder, &rules) == DAVY_OK, "no ruleset");
    davy_builder_free(builder);
}

static int
to_buf(void *ctx, const char *bytes, size_t length)
{
    return dv_buf_append(ctx, dv_span_of(bytes, length)) != DAVY_OK;
}

/* Bytes in front of the first cut and behind the last one are the same. */
static void
check_ends(const davy_report *report, struct dv_span in, struct dv_span out)
{
    const struct dv_report_cut *cut;
    uint64_t last = 0;
    size_t tail;

    if (report->cuts.len == 0)
        return;
    cut = dv_vec_at(&report->cuts, 0);
    require(cut->offset <= in.len
                && dv_span_starts_with(out, dv_span_slice(
                                                in, 0, (size_t)cut->offset)),
            "changed in front of the first cut");
    for (size_t i = 0; i < report->cuts.len; i++) {
        cut = dv_vec_at(&report->cuts, i);
        require(cut->offset <= in.len && cut->length <= in.len - cut->offset,
                "a cut outside of the page");
        if (cut->offset + cut->length > last)
            last = cut->offset + cut->length;
    }
    tail = in.len - (size_t)last;
    require(dv_span_ends_with(out, dv_span_slice(in, (size_t)last, tail)),
            "changed behind the last cut");
}

static void
check_page(davy_scanner *scanner, davy_scanner *checker,
           struct dv_span page, struct dv_buf *out)
{
    static const davy_target target = { .struct_size = sizeof(target),
                                        .content_type = "text/html" };
    const davy_report *report = NULL;
    davy_status st = davy_scan_buffer(scanner, &target, page.at, page.len,
                                      &report);

    require(st == DAVY_OK, "no report");
    st = davy_rewrite(report, page.at, page.len, NULL, to_buf, out);
    require(st == DAVY_OK || (st == DAVY_UNSUPPORTED && out->len == 0),
            "an odd answer");
    if (st == DAVY_OK && report->verdict != DAVY_VERDICT_CLEAN)
        check_ends(report, page, dv_buf_span(out));
    dv_buf_clear(out);
    st = davy_rewrite_checked(report, page.at, page.len, NULL, checker,
                              &target, to_buf, out);
    require(st == DAVY_OK || out->len == 0, "written and not clean");
    if (st != DAVY_OK)
        return;
    st = davy_scan_buffer(scanner, &target, out->at, out->len, &report);
    require(st == DAVY_OK && report->verdict == DAVY_VERDICT_CLEAN,
            "something is left");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    davy_scanner *scanner = NULL;
    davy_scanner *checker = NULL;
    struct dv_mem mem;
    struct dv_buf out;

    if (rules == NULL)
        load_rules();
    if (size == 0)
        data = (const uint8_t *)"";     /* NULL cannot be counted on from */
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    require(davy_scanner_new(rules, NULL, &scanner) == DAVY_OK
                && davy_scanner_new(rules, NULL, &checker) == DAVY_OK,
            "no scanner");
    check_page(scanner, checker, dv_span_of(data, size), &out);
    davy_scanner_free(scanner);
    davy_scanner_free(checker);
    dv_buf_fini(&out);
    require(mem.used == 0, "a leak");
    return 0;
}

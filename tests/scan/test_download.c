/* SPDX-License-Identifier: MIT */
/* test_download.c - programs, scripts and archives through the public
 * interface, with the real pack. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/archive.h"
#include "support/oom.h"
#include "support/pack.h"

/* What a miner says; written for this test. */
static const char *const miner[] = {
    "XMRig 6.99.0",
    "donate.v2.xmrig.com",
    "      --donate-over-proxy=N     control donate over a proxy",
    "      --randomx-1gb-pages       use 1GB hugepages for RandomX dataset",
    "stratum+tcp://", "rx/0", "cn/r",
    NULL
};

static const char *const tool[] = {
    "usage: tool [OPTION...]", "mining.notify", "a tool about xmrig",
    "stratum+tcp://pool.example.org:3333", "RandomX", NULL
};

struct bench {
    davy_ruleset *rules;
    davy_scanner *scanner;
    struct dv_mem mem;
    struct dv_buf made, inner;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    if (b == NULL)
        return 1;
    b->rules = pack_load();
    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_buf_init(&b->made, &b->mem, SIZE_MAX);
    dv_buf_init(&b->inner, &b->mem, SIZE_MAX);
    *state = b;
    return davy_scanner_new(b->rules, NULL, &b->scanner) != DAVY_OK;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;

    davy_scanner_free(b->scanner);
    davy_ruleset_unref(b->rules);
    dv_buf_fini(&b->made);
    dv_buf_fini(&b->inner);
    free(b);
    return 0;
}

static const davy_report *
scan_as(struct bench *b, const char *name, const char *type,
        const char *coding)
{
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = name, .content_type = type,
                                 .content_encoding = coding };
    const davy_report *report = NULL;

    assert_int_equal(davy_scan_buffer(b->scanner, &target, b->made.at,
                                      b->made.len, &report),
                     DAVY_OK);
    return report;
}

static bool
has_rule(const davy_report *report, const char *id)
{
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        if (strcmp(davy_report_finding(report, i)->rule, id) == 0)
            return true;
    }
    return false;
}

/* ---- Verdicts ---- */

static void
a_miner_is_one_in_every_format(void **state)
{
    struct bench *b = *state;
    const davy_report *report;

    archive_elf(&b->made, miner, 0);
    report = scan_as(b, "a", NULL, NULL);
    assert_string_equal(davy_report_type(report), "elf");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_string_equal(davy_report_family(report, 0), "xmrig");
    dv_buf_clear(&b->made);
    archive_pe(&b->made, miner, true);
    report = scan_as(b, "a.exe", NULL, NULL);
    assert_string_equal(davy_report_type(report), "pe");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    memcpy(b->made.at, "\xcf\xfa\xed\xfe", 4);
    report = scan_as(b, "a", NULL, NULL);
    assert_string_equal(davy_report_type(report), "macho");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
}

static void
a_finding_says_where_in_the_archive_it_stands(void **state)
{
    struct bench *b = *state;
    struct archive_member member = { "bin/run.exe", { NULL, 0 } };
    const davy_report *report;
    const davy_finding *finding;

    archive_pe(&b->inner, miner, false);
    member.bytes = dv_buf_span(&b->inner);
    archive_zip(&b->made, &member, 1, false);
    report = scan_as(b, "dir/setup.zip", "application/zip", NULL);
    assert_string_equal(davy_report_type(report), "archive");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    finding = davy_report_finding(report, 0);
    assert_string_equal(finding->rule, "DAVY-1511");
    assert_string_equal(finding->path, "setup.zip > bin/run.exe");
    assert_int_equal(finding->offset, 30 + 11 + 152 + 13);
    assert_string_equal(finding->evidence, "donate.v2.xmrig.com");
    assert_int_equal(finding->cut_kind, DAVY_CUT_TARGET);
    assert_int_equal(finding->cut_length, b->made.len);
}

static void
a_tool_that_knows_miners_is_none(void **state)
{
    struct bench *b = *state;

    archive_elf(&b->made, tool, 0);
    assert_int_equal(davy_report_verdict(scan_as(b, "a", NULL, NULL)),
                     DAVY_VERDICT_CLEAN);
}

static void
a_packed_program_with_a_miners_name_is_suspicious_at_most(void **state)
{
    static const char *const packed[] = {
        "UPX!", "$Info: This file is packed with the UPX executable packer "
                "http://upx.sf.net $", NULL
    };
    struct bench *b = *state;
    struct archive_member members[2] = { { "xmrig.exe", { NULL, 0 } } };
    const davy_report *report;

    archive_elf(&b->inner, packed, 0);
    members[0].bytes = dv_buf_span(&b->inner);
    archive_zip(&b->made, members, 1, true);
    report = scan_as(b, "a.zip", NULL, NULL);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_SUSPICIOUS);
    assert_true(has_rule(report, "DAVY-1521"));
    assert_true(has_rule(report, "DAVY-1522"));

    /* With the configuration of a miner beside it, it is one. */
    members[1].path = "config.json";
    members[1].bytes = DV_SPAN_LIT(
        "{\"randomx\": {\"1gb-pages\": false},\n\"donate-level\": 1,\n"
        "\"pools\": [{\"algo\": \"rx/0\",\n\"url\": \"a.example:3333\"}]}\n");
    dv_buf_clear(&b->made);
    archive_zip(&b->made, members, 2, true);
    report = scan_as(b, "a.zip", NULL, NULL);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
}

static const struct {
    const char *text;
    davy_verdict verdict;
} scripts[] = {
    { "#!/bin/sh\ncd /tmp\n./xmrig -o pool.example.org:3333 -u me -p x\n",
      DAVY_VERDICT_MINER },
    { "@echo off\r\nstart miner.exe -a kawpow -o "
      "stratum+tcp://pool.example.org:3333 -u w.rig -p x\r\n",
      DAVY_VERDICT_MINER },
    { "$ErrorActionPreference = 'Stop'\n"
      "Invoke-WebRequest https://github.com/xmrig/xmrig/releases/download/"
      "v6/xmrig-6-msvc-win64.zip -OutFile x.zip\n",
      DAVY_VERDICT_SUSPICIOUS },
    { "#!/bin/sh\n# ends miners: xmrig, kinsing, minerd\n"
      "for name in xmrig kinsing minerd watchbog ddgs; do\n"
      "    pkill -f \"$name\"\ndone\n",
      DAVY_VERDICT_CLEAN },
    { "#!/usr/bin/python3\nimport hashlib\n"
      "print(hashlib.sha256(b'stratum').hexdigest())\n",
      DAVY_VERDICT_CLEAN },
};

static void
scripts_are_judged_by_what_they_do(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < DV_COUNT_OF(scripts); i++) {
        const davy_report *report;

        dv_buf_clear(&b->made);
        assert_int_equal(dv_buf_append_cstr(&b->made, scripts[i].text),
                         DAVY_OK);
        report = scan_as(b, "", "text/plain", NULL);
        assert_string_equal(davy_report_type(report), "script");
        if (davy_report_verdict(report) != scripts[i].verdict)
            fail_msg("script %zu: %s", i,
                     davy_verdict_text(davy_report_verdict(report)));
    }
}

/* ---- What a target is ---- */

static void
what_is_said_of_a_program_does_not_save_it(void **state)
{
    struct bench *b = *state;
    const davy_report *report;

    archive_elf(&b->made, miner, 0);
    report = scan_as(b, "a.jpg", "image/jpeg", NULL);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    report = scan_as(b, "a.html", "text/html", NULL);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_string_equal(davy_report_type(report), "elf");
    dv_buf_clear(&b->inner);
    archive_gzip(&b->inner, dv_buf_span(&b->made));
    dv_buf_clear(&b->made);
    assert_int_equal(dv_buf_append(&b->made, dv_buf_span(&b->inner)),
                     DAVY_OK);
    report = scan_as(b, "a", "application/octet-stream", "gzip");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
}

static void
a_page_stays_a_page_whatever_it_begins_with(void **state)
{
    static const char page[]
        = "PK\3\4<!doctype html><script>new CoinHive.Anonymous("
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').start()</script>";
    struct bench *b = *state;
    const davy_report *report;

    assert_int_equal(dv_buf_append(&b->made,
                                   dv_span_of(page, sizeof(page) - 1)),
                     DAVY_OK);
    report = scan_as(b, "a", "text/html", NULL);
    assert_string_equal(davy_report_type(report), "html");
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
}

static const struct {
    const char *bytes;
    size_t length;
    const char *type, *coding;
    davy_kind kind;
    int is_native;
} sniffs[] = {
#define SNIFF(bytes, type, coding, kind, is_native) \
    { bytes, sizeof(bytes) - 1, type, coding, DAVY_KIND_##kind, is_native }
    SNIFF("\x7f" "ELF\2\1\1", NULL, NULL, ANY, 1),
    SNIFF("\x7f" "ELF\2\1\1", "application/octet-stream", NULL, ANY, 1),
    SNIFF("\x7f" "ELF\2\1\1", "image/png", "identity", ANY, 1),
    SNIFF("\x7f" "ELF\2\1\1", "text/html; charset=utf-8", NULL, ANY, 0),
    SNIFF("\x7f" "ELF\2\1\1", "application/x", "br", ANY, 0),
    SNIFF("\x7f" "ELF\2\1\1", NULL, NULL, SCRIPT, 0),
    SNIFF("PK\3\4", "application/zip", NULL, ANY, 1),
    SNIFF("#!/bin/bash\n", "text/plain", NULL, ANY, 1),
    SNIFF("#!/bin/bash\n", "text/javascript", NULL, ANY, 0),
    SNIFF("\x89PNG\r\n\x1a\n", "image/png", NULL, ANY, 0),
    SNIFF("\0\0\0\x20" "ftypisom", "video/mp4", NULL, ANY, 0),
    SNIFF("%PDF-1.7", "application/pdf", NULL, ANY, 0),
    SNIFF("\x1f\x8b\x08\0", "application/gzip", NULL, ANY, 0),
    SNIFF("", NULL, NULL, ANY, 0),
#undef SNIFF
};

static void
sniffing_tells_what_to_feed(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(sniffs); i++) {
        const davy_target target = { .struct_size = sizeof(target),
                                     .content_type = sniffs[i].type,
                                     .content_encoding = sniffs[i].coding,
                                     .kind = sniffs[i].kind };

        if (davy_sniff_native(&target, sniffs[i].bytes, sniffs[i].length)
            != sniffs[i].is_native)
            fail_msg("row %zu", i);
    }
    assert_int_equal(davy_sniff_native(NULL, "\x7f" "ELF", 4), 1);
    assert_int_equal(davy_sniff_native(NULL, NULL, 4), 0);
}

/* ---- While it streams ---- */

static void
the_verdict_is_known_before_the_end(void **state)
{
    static char zeros[1 << 16];
    struct bench *b = *state;
    const davy_report *report;
    char digest[65];

    archive_elf(&b->made, miner, 0);
    assert_int_equal(davy_scanner_verdict(NULL), DAVY_VERDICT_CLEAN);
    assert_int_equal(davy_scanner_begin(b->scanner, NULL), DAVY_OK);
    assert_int_equal(davy_scanner_feed(b->scanner, b->made.at, b->made.len),
                     DAVY_OK);
    assert_int_equal(davy_scanner_verdict(b->scanner), DAVY_VERDICT_CLEAN);
    for (int i = 0; i < 2; i++)
        assert_int_equal(davy_scanner_feed(b->scanner, zeros, sizeof(zeros)),
                         DAVY_OK);
    assert_int_equal(davy_scanner_verdict(b->scanner), DAVY_VERDICT_MINER);
    assert_int_equal(davy_scanner_finish(b->scanner, &report), DAVY_OK);
    assert_int_equal(davy_scanner_verdict(b->scanner), DAVY_VERDICT_MINER);
    assert_int_equal(davy_report_bytes(report),
                     b->made.len + 2 * sizeof(zeros));
    snprintf(digest, sizeof(digest), "%s", davy_report_sha256(report));
    assert_int_equal(strlen(digest), 64);
    davy_scanner_reset(b->scanner);
    assert_int_equal(davy_scanner_verdict(b->scanner), DAVY_VERDICT_CLEAN);
}

static void
a_download_of_any_length_takes_little_memory(void **state)
{
    static uint8_t noise[1 << 20];
    struct bench *b = *state;
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .bytes = 1 << 16,
                                 .memory = (size_t)2 << 20 };
    const davy_scanner_options options = { .struct_size = sizeof(options),
                                           .limits = &limits };
    const davy_report *report;
    davy_scanner *scanner;
    uint32_t word = 1;

    for (size_t i = 0; i < sizeof(noise); i++) {
        word = word * 1664525 + 1013904223;
        noise[i] = (uint8_t)(word >> 24);
    }
    assert_int_equal(davy_scanner_new(b->rules, &options, &scanner), DAVY_OK);
    assert_int_equal(davy_scanner_begin(scanner, NULL), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, "\x7f" "ELF\2\1\1", 7),
                     DAVY_OK);
    for (int i = 0; i < 100; i++)
        assert_int_equal(davy_scanner_feed(scanner, noise, sizeof(noise)),
                         DAVY_OK);
    archive_elf(&b->made, miner, 0);
    assert_int_equal(davy_scanner_feed(scanner, b->made.at, b->made.len),
                     DAVY_OK);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_OK);
    assert_int_equal(davy_report_verdict(report), DAVY_VERDICT_MINER);
    assert_int_equal(davy_report_limits_count(report), 0);
    assert_int_equal(davy_report_bytes(report),
                     7 + 100 * sizeof(noise) + b->made.len);
    davy_scanner_free(scanner);
}

static void
take_text(char *text, size_t size, const davy_report *report)
{
    const davy_finding *finding;
    size_t n = 0;

    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        finding = davy_report_finding(report, i);
        n += (size_t)snprintf(text + n, n < size ? size - n : 0,
                              "%s %d %s %llu %s|", finding->rule,
                              finding->score, finding->path,
                              (unsigned long long)finding->offset,
                              finding->evidence);
        if (n >= size)
            n = size;
    }
}

static void
any_chunking_gives_the_same_report(void **state)
{
    static char expected[8192], got[8192];
    struct bench *b = *state;
    struct archive_member member = { "run", { NULL, 0 } };
    const davy_report *report;

    archive_elf(&b->inner, miner, 200000);
    member.bytes = dv_buf_span(&b->inner);
    archive_tar(&b->made, &member, 1);
    dv_buf_clear(&b->inner);
    archive_gzip(&b->inner, dv_buf_span(&b->made));
    dv_buf_clear(&b->made);
    assert_int_equal(dv_buf_append(&b->made, dv_buf_span(&b->inner)),
                     DAVY_OK);
    take_text(expected, sizeof(expected), scan_as(b, "page", NULL, NULL));
    assert_true(strlen(expected) > 0);
    for (size_t piece = 1; piece < b->made.len; piece += 97) {
        assert_int_equal(davy_scanner_begin(b->scanner, NULL), DAVY_OK);
        for (size_t at = 0; at < b->made.len; at += piece)
            assert_int_equal(
                davy_scanner_feed(b->scanner, b->made.at + at,
                                  b->made.len - at < piece ? b->made.len - at
                                                           : piece),
                DAVY_OK);
        assert_int_equal(davy_scanner_finish(b->scanner, &report), DAVY_OK);
        take_text(got, sizeof(got), report);
        assert_string_equal(got, expected);
    }
}

static davy_status
scan_with_hooks(const davy_allocator *hooks, void *ctx)
{
    struct bench *b = ctx;
    const davy_scanner_options options = { .struct_size = sizeof(options),
                                           .allocator = hooks };
    const davy_report *report;
    davy_scanner *scanner = NULL;
    davy_status st = davy_scanner_new(b->rules, &options, &scanner);

    if (st == DAVY_OK)
        st = davy_scan_buffer(scanner, NULL, b->made.at, b->made.len,
                              &report);
    davy_scanner_free(scanner);
    return st;
}

static void
refused_memory_is_told_and_nothing_leaks(void **state)
{
    struct bench *b = *state;
    struct archive_member member = { "xmrig", { NULL, 0 } };

    archive_elf(&b->inner, miner, 0);
    member.bytes = dv_buf_span(&b->inner);
    archive_zip(&b->made, &member, 1, true);
    oom_sweep(scan_with_hooks, b, 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_miner_is_one_in_every_format),
        TEST(a_finding_says_where_in_the_archive_it_stands),
        TEST(a_tool_that_knows_miners_is_none),
        TEST(a_packed_program_with_a_miners_name_is_suspicious_at_most),
        TEST(scripts_are_judged_by_what_they_do),
        TEST(what_is_said_of_a_program_does_not_save_it),
        TEST(a_page_stays_a_page_whatever_it_begins_with),
        TEST(sniffing_tells_what_to_feed),
        TEST(the_verdict_is_known_before_the_end),
        TEST(a_download_of_any_length_takes_little_memory),
        TEST(any_chunking_gives_the_same_report),
        TEST(refused_memory_is_told_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

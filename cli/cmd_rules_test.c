/* SPDX-License-Identifier: MIT */
/* cmd_rules_test.c - `davy rules test`: runs the examples of rules whole, byte
 * by byte, and cut in two at every byte.
 *
 * All ways of cutting must give the same report to the byte; whether the rule
 * is in it is then asked once. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/rules_set.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/json.h"
#include "common/log.h"

/* Cuts tried in one example; in longer ones they are spread evenly. */
#define MAX_CUTS 1024

struct tester {
    davy_scanner *scanner;
    bool wants_json, is_quiet, is_verbose;
    size_t passed, failed;
};

/* ---- One scan ---- */

static int
to_file(void *ctx, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, ctx) != length;
}

static char *
json_of(const davy_report *report)
{
    const davy_json_options options = { .struct_size = sizeof(options),
                                        .target = "" };
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL)
        fatal("out of memory");
    (void)davy_report_write_json(report, &options, to_file, stream);
    fclose(stream);
    return text;
}

static const char *
content_type_of(const char *type)
{
    static const char *const rows[][2] = {
        { "html", "text/html; charset=utf-8" },
        { "js", "text/javascript; charset=utf-8" },
        { "text", "text/plain; charset=utf-8" },
        { "frames", "application/x-davy-frames; charset=utf-8" },
        { "files", "application/x-davy-files; charset=utf-8" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(type, rows[i][0]) == 0)
            return rows[i][1];
    }
    return NULL;
}

/* Scan in pieces: `first` bytes, then `others` at a time. */
static const davy_report *
scan_pieces(struct tester *t, const davy_rule_test *test, size_t first,
            size_t others)
{
    const davy_target target = {
        .struct_size = sizeof(target),
        .address = test->address[0] == '\0' ? NULL : test->address,
        .content_type = content_type_of(test->type),
    };
    const davy_report *report = NULL;
    davy_status st = davy_scanner_begin(t->scanner, &target);
    size_t piece = first;

    for (size_t at = 0; at < test->length && st == DAVY_OK; at += piece) {
        if (at > 0)
            piece = others;
        if (piece > test->length - at)
            piece = test->length - at;
        st = davy_scanner_feed(t->scanner, test->bytes + at, piece);
    }
    if (st == DAVY_OK)
        st = davy_scanner_finish(t->scanner, &report);
    return st == DAVY_OK ? report : NULL;
}

/* An example of type url is an address, and what it is used as is open. */
static const davy_report *
scan_address(struct tester *t, const davy_rule_test *test)
{
    char *address = fatal_strdup(test->bytes);
    const davy_target target = {
        .struct_size = sizeof(target),
        .address = address,
        .document = test->address[0] == '\0' ? NULL : test->address,
        .kind = DAVY_KIND_SCRIPT,
    };
    const davy_report *report = NULL;

    address[strcspn(address, "\r\n ")] = '\0';
    if (davy_scan_address(t->scanner, &target, &report) != DAVY_OK)
        report = NULL;
    free(address);
    return report;
}

/* ---- One example ---- */

static bool
has_rule(const davy_report *report, const char *id)
{
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        if (strcmp(davy_report_finding(report, i)->rule, id) == 0)
            return true;
    }
    return false;
}

/* Whether pieces give the same report. */
static bool
is_same(struct tester *t, const davy_rule_test *test, const char *expected,
        size_t first, size_t others)
{
    const davy_report *report = scan_pieces(t, test, first, others);
    char *json = report == NULL ? NULL : json_of(report);
    const bool is_equal = json != NULL && strcmp(json, expected) == 0;

    free(json);
    return is_equal;
}

/* Where cutting changes the report; 0 when it never does. */
static size_t
find_bad_cut(struct tester *t, const davy_rule_test *test,
             const char *expected)
{
    const size_t step = test->length / MAX_CUTS + 1;

    if (test->length > 1 && !is_same(t, test, expected, 1, 1))
        return 1;
    for (size_t cut = 1; cut < test->length; cut += step) {
        if (!is_same(t, test, expected, cut, test->length))
            return cut;
    }
    return 0;
}

/* NULL, or what is wrong; malloc'ed. */
static char *
run_example(struct tester *t, const char *id, const davy_rule_test *test)
{
    const bool is_address = strcmp(test->type, "url") == 0;
    const davy_report *report = is_address
                                    ? scan_address(t, test)
                                    : scan_pieces(t, test, test->length,
                                                  test->length);
    char *whole;
    size_t cut;

    if (report == NULL)
        return fatal_strdup(is_address ? "this is no absolute address"
                                       : "it could not be scanned");
    if (has_rule(report, id) != (test->must_detect != 0))
        return fatal_strdup(test->must_detect
                                ? "it must be detected, and is not"
                                : "it must be ignored, and is detected");
    if (is_address)
        return NULL;
    whole = json_of(report);
    cut = find_bad_cut(t, test, whole);
    free(whole);
    return cut == 0 ? NULL
                    : fatal_format("cut at byte %zu it gives another report",
                                   cut);
}

static void
say_json(const struct tester *t, const davy_rule_info *info,
         const davy_rule_test *test, const char *error)
{
    fputs(t->passed + t->failed == 1 ? "[\n" : ",\n", stdout);
    fputs("{\"rule\":", stdout);
    json_write_string(stdout, info->id);
    json_write_member(stdout, "source", info->source);
    printf(",\"line\":%u", test->line);
    json_write_member(stdout, "expect",
                      test->must_detect ? "detect" : "ignore");
    printf(",\"passed\":%s", error == NULL ? "true" : "false");
    if (error != NULL)
        json_write_member(stdout, "error", error);
    putchar('}');
}

static void
say_text(const struct tester *t, const davy_rule_info *info,
         const davy_rule_test *test, const char *error)
{
    const char *word = test->must_detect ? "detect" : "ignore";

    if (error != NULL)
        printf("%s:%u: %s %s: %s\n", info->source, test->line, info->id,
               word, error);
    else if (t->is_verbose)
        printf("%s:%u: %s %s: as expected\n", info->source, test->line,
               info->id, word);
}

/* ---- All ---- */

static void
test_rule(struct tester *t, const struct rules_set *set, size_t rule,
          const davy_rule_info *info)
{
    davy_rule_test test;

    for (size_t i = 0; davy_ruleset_rule_test(set->ruleset, rule, i, &test)
                       == DAVY_OK; i++) {
        char *error = run_example(t, info->id, &test);

        t->passed += error == NULL;
        t->failed += error != NULL;
        if (t->wants_json)
            say_json(t, info, &test, error);
        else
            say_text(t, info, &test, error);
        free(error);
    }
}

static int
test_all(struct tester *t, const struct rules_set *set)
{
    davy_rule_info info;
    size_t rules = 0;

    if (davy_scanner_new(set->ruleset, NULL, &t->scanner) != DAVY_OK)
        fatal("out of memory");
    for (size_t i = 0; rules_set_next(set, &i, &info); rules++)
        test_rule(t, set, i - 1, &info);
    davy_scanner_free(t->scanner);
    if (t->wants_json)
        fputs(t->passed + t->failed == 0 ? "[]\n" : "\n]\n", stdout);
    else if (!t->is_quiet)
        printf("%zu rules, %zu examples passed, %zu failed\n", rules,
               t->passed, t->failed);
    return t->failed > 0 ? EXITCODE_FOUND : EXITCODE_CLEAN;
}

int
cmd_rules_test(const struct args *args)
{
    struct tester tester = { .is_quiet = args_has(args, ARGS_QUIET),
                             .is_verbose = args_has(args, ARGS_VERBOSE) };
    struct rules_set set;
    int status = EXITCODE_USAGE;

    if (!rules_set_wants_json(args, &tester.wants_json))
        return status;
    if (rules_set_load_usable(&set, args))
        status = test_all(&tester, &set);
    rules_set_fini(&set);
    return status;
}

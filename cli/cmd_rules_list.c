/* SPDX-License-Identifier: MIT */
/* cmd_rules_list.c - `davy rules list` and `davy rules explain`. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/rules_set.h"
#include "common/exitcode.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"

/* Column at which explanations begin, and where they end. */
#define EXPLAIN_COLUMN 16
#define EXPLAIN_WIDTH  80

/* ---- JSON ---- */

static void
write_texts(const char *key, const char *const *texts, size_t count)
{
    printf(",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putchar(',');
        json_write_string(stdout, texts[i]);
    }
    putchar(']');
}

static void
write_tests(const struct rules_set *set, size_t rule)
{
    davy_rule_test test;

    fputs(",\"tests\":[", stdout);
    for (size_t i = 0; davy_ruleset_rule_test(set->ruleset, rule, i, &test)
                       == DAVY_OK; i++) {
        printf("%s{\"line\":%u", i > 0 ? "," : "", test.line);
        json_write_member(stdout, "expect",
                          test.must_detect ? "detect" : "ignore");
        json_write_member(stdout, "type", test.type);
        json_write_member(stdout, "address", test.address);
        json_write_member(stdout, "text", test.bytes);
        putchar('}');
    }
    putchar(']');
}

static void
write_rule(const struct rules_set *set, size_t rule,
           const davy_rule_info *info)
{
    fputs("{\"id\":", stdout);
    json_write_string(stdout, info->id);
    json_write_member(stdout, "title", info->title);
    json_write_member(stdout, "family", info->family);
    json_write_member(stdout, "severity", info->severity);
    json_write_member(stdout, "confidence", info->confidence);
    json_write_member(stdout, "status", info->status);
    json_write_member(stdout, "layer", info->layer);
    json_write_member(stdout, "since", info->since);
    json_write_member(stdout, "fix", info->fix);
    json_write_member(stdout, "source", info->source);
    printf(",\"line\":%u,\"score\":%d", info->line, info->score);
    write_texts("mitre", info->mitre, info->mitre_count);
    write_texts("references", info->references, info->references_count);
    write_texts("falsepositives", info->falsepositives,
                info->falsepositives_count);
    write_tests(set, rule);
    putchar('}');
}

static void
write_rules(const struct rules_set *set)
{
    davy_rule_info info;
    size_t shown = 0;

    for (size_t i = 0; rules_set_next(set, &i, &info);) {
        fputs(shown++ == 0 ? "[\n" : ",\n", stdout);
        write_rule(set, i - 1, &info);
    }
    fputs(shown == 0 ? "[]\n" : "\n]\n", stdout);
}

/* ---- list ---- */

static const char *
or_dash(const char *text)
{
    return text[0] == '\0' ? "-" : text;
}

static void
print_lists(const struct rules_set *set)
{
    davy_list_info list;
    int width = 4;

    for (size_t i = 0;
         davy_ruleset_list(set->ruleset, i, &list) == DAVY_OK; i++) {
        if ((int)strlen(list.name) > width)
            width = (int)strlen(list.name);
    }
    for (size_t i = 0;
         davy_ruleset_list(set->ruleset, i, &list) == DAVY_OK; i++) {
        if (i == 0)
            printf("\n%-*s %-10s %9s %8s\n", width, "LIST", "CONFIDENCE",
                   "ADDRESSES", "SKIPPED");
        printf("%-*s %-10s %9zu %8zu\n", width, list.name, list.confidence,
               list.entries, list.skipped);
    }
}

static void
print_table(const struct rules_set *set)
{
    davy_rule_info info;
    size_t shown = 0;

    printf("%-11s %-8s %-10s %6s  %-8s %-12s %s\n", "RULE", "SEVERITY",
           "CONFIDENCE", "POINTS", "LAYER", "FAMILY", "TITLE");
    for (size_t i = 0; rules_set_next(set, &i, &info); shown++) {
        char *title = text_clean(info.title);

        printf("%-11s %-8s %-10s %+6d  %-8s %-12s %s\n", info.id,
               info.severity, info.confidence, info.score, info.layer,
               or_dash(info.family), title);
        free(title);
    }
    printf("%zu rule%s\n", shown, shown == 1 ? "" : "s");
    if (set->ids_count == 0)
        print_lists(set);
}

int
cmd_rules_list(const struct args *args)
{
    struct rules_set set;
    bool wants_json = false;
    bool is_usable;

    if (!rules_set_wants_json(args, &wants_json))
        return EXITCODE_USAGE;
    is_usable = rules_set_load_usable(&set, args);
    if (is_usable && wants_json)
        write_rules(&set);
    else if (is_usable)
        print_table(&set);
    rules_set_fini(&set);
    return is_usable ? EXITCODE_CLEAN : EXITCODE_USAGE;
}

/* ---- explain ---- */

static void
print_line(const char *label, const char *text)
{
    char *clean;

    if (text[0] == '\0')
        return;
    clean = text_clean(text);
    printf("  %-*s", EXPLAIN_COLUMN - 2, label);
    text_write_wrapped(stdout, clean, EXPLAIN_COLUMN, EXPLAIN_WIDTH);
    free(clean);
}

/* In one line, so that it can be copied. */
static void
print_place(const char *label, const char *file, unsigned line)
{
    char *clean = text_clean(file);

    printf("  %-*s%s:%u\n", EXPLAIN_COLUMN - 2, label, clean, line);
    free(clean);
}

static void
print_lines(const char *label, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        print_line(i == 0 ? label : "", texts[i]);
}

/* ATT&CK T1496.001 is described at /techniques/T1496/001/. */
static void
print_technique(const char *label, const char *id)
{
    char address[80];
    const size_t n = strcspn(id, ".");

    snprintf(address, sizeof(address),
             "%.16s  https://attack.mitre.org/techniques/%.*s/%s%s", id,
             (int)n, id, id[n] == '\0' ? "" : id + n + 1,
             id[n] == '\0' ? "" : "/");
    print_line(label, address);
}

static void
print_example(const davy_rule_test *test)
{
    const char *line = test->bytes;

    printf("\n  %s%s%s%s%s (line %u)\n", test->must_detect ? "detects"
                                                            : "ignores",
           test->type[0] == '\0' ? "" : " as ", test->type,
           test->address[0] == '\0' ? "" : " from ", test->address,
           test->line);
    while (line < test->bytes + test->length) {
        const size_t n = strcspn(line, "\n");

        fputs("    ", stdout);
        (void)text_write_clean(stdout, line, n);
        putchar('\n');
        line += n + 1;
    }
}

static void
explain(const struct rules_set *set, size_t rule, const davy_rule_info *info)
{
    char text[256];
    davy_rule_test test;

    printf("%s  %s\n\n", info->id, info->title);
    snprintf(text, sizeof(text), "%s severity, %s confidence, %+d points",
             info->severity, info->confidence, info->score);
    print_line("weight", text);
    print_line("looks at", info->layer);
    print_line("family", info->family);
    print_line("to do", info->fix);
    print_lines("may be wrong", info->falsepositives,
                info->falsepositives_count);
    for (size_t i = 0; i < info->mitre_count; i++)
        print_technique(i == 0 ? "ATT&CK" : "", info->mitre[i]);
    print_lines("references", info->references, info->references_count);
    snprintf(text, sizeof(text), "%s%s%s", info->status,
             info->since[0] == '\0' ? "" : ", since ", info->since);
    print_line("status", text);
    print_place("written in", info->source, info->line);
    for (size_t i = 0; davy_ruleset_rule_test(set->ruleset, rule, i, &test)
                       == DAVY_OK; i++)
        print_example(&test);
}

int
cmd_rules_explain(const struct args *args)
{
    struct rules_set set;
    bool wants_json = false;
    davy_rule_info info;
    bool is_usable;
    size_t shown = 0;

    if (!rules_set_wants_json(args, &wants_json))
        return EXITCODE_USAGE;
    is_usable = rules_set_load_usable(&set, args);
    if (is_usable && set.ids_count == 0) {
        log_error("name the rules to explain; davy rules list shows all");
        is_usable = false;
    }
    if (is_usable && wants_json)
        write_rules(&set);
    for (size_t i = 0; is_usable && !wants_json
         && rules_set_next(&set, &i, &info);) {
        if (shown++ > 0)
            putchar('\n');
        explain(&set, i - 1, &info);
    }
    rules_set_fini(&set);
    return is_usable ? EXITCODE_CLEAN : EXITCODE_USAGE;
}

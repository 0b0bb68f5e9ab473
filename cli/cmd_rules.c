/* SPDX-License-Identifier: MIT */
/* cmd_rules.c - `davy rules`: list, lint, test and explain rules. */

#include <davy/davy.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/packs.h"
#include "common/datadir.h"
#include "common/exitcode.h"
#include "common/log.h"

/* A test of at most so many bytes is also split at every byte. */
#define MAX_SPLIT ((size_t)4096)

/* ---- Which rules ---- */

static bool
is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static char *
join(const char *folder, const char *name)
{
    const size_t n = strlen(folder);
    char *path = log_alloc(n + strlen(name) + 2);

    memcpy(path, folder, n);
    path[n] = '/';
    memcpy(path + n + 1, name, strlen(name) + 1);
    return path;
}

static int
is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL
           && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* A folder with pack.yaml is a pack; another one has files of rules. */
static void
add_path(davy_builder *builder, const char *path)
{
    struct dirent **entries = NULL;
    char *manifest;
    struct stat st;
    int count;

    if (!is_folder(path)) {
        (void)davy_builder_add_rules(builder, path);
        return;
    }
    manifest = join(path, "pack.yaml");
    if (stat(manifest, &st) == 0) {
        (void)davy_builder_add_pack(builder, path);
        free(manifest);
        return;
    }
    free(manifest);
    count = scandir(path, &entries, is_yaml, alphasort);
    for (int i = 0; i < count; i++) {
        char *file = join(path, entries[i]->d_name);

        (void)davy_builder_add_rules(builder, file);
        free(file);
        free(entries[i]);
    }
    free(entries);
}

/* The rules in the files and folders named from `first` on, or the pack. */
static davy_ruleset *
load(const struct args *args, size_t first, FILE *messages, bool *is_clean)
{
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    char *pack = datadir_pack(args_value(args, ARGS_PACK, NULL));

    if (davy_builder_new(NULL, &builder) == DAVY_OK) {
        if (first >= args->operands_count)
            add_path(builder, pack);
        for (size_t i = first; i < args->operands_count; i++)
            add_path(builder, args->operands[i]);
        (void)davy_builder_build(builder, &ruleset);
        packs_print_messages(davy_builder_messages(builder), messages, true);
        *is_clean = davy_messages_count(davy_builder_messages(builder)) == 0;
    }
    davy_builder_free(builder);
    free(pack);
    return ruleset;
}

/* ---- list ---- */

static int
list(const struct args *args)
{
    bool is_clean;
    davy_ruleset *ruleset = load(args, 1, stderr, &is_clean);
    davy_rule_info info;
    davy_list_info lists;

    if (ruleset == NULL)
        return EXITCODE_USAGE;
    for (size_t i = 0; davy_ruleset_rule(ruleset, i, &info) == DAVY_OK; i++)
        printf("%-11s %-8s %-10s %+4d  %-8s %-12s %s\n", info.id,
               info.severity, info.confidence, info.score, info.layer,
               info.family[0] == '\0' ? "-" : info.family, info.title);
    for (size_t i = 0; davy_ruleset_list(ruleset, i, &lists) == DAVY_OK; i++)
        printf("list %s: %zu addresses, %s confidence, %zu lines skipped\n",
               lists.name, lists.entries, lists.confidence, lists.skipped);
    davy_ruleset_unref(ruleset);
    return EXITCODE_CLEAN;
}

/* ---- lint ---- */

static int
lint(const struct args *args)
{
    bool is_clean = false;
    davy_ruleset *ruleset = load(args, 1, stdout, &is_clean);
    const size_t count = davy_ruleset_rules_count(ruleset);

    if (ruleset == NULL)
        return EXITCODE_FOUND;
    printf("%zu rules%s\n", count, is_clean ? ", nothing to complain about"
                                            : "");
    davy_ruleset_unref(ruleset);
    return EXITCODE_CLEAN;
}

/* ---- test ---- */

static bool
names_rule(const davy_report *report, const char *id)
{
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        if (strcmp(davy_report_finding(report, i)->rule, id) == 0)
            return true;
    }
    return false;
}

static const char *
content_type_of(const char *type)
{
    static const char *const rows[][2] = {
        { "html", "text/html; charset=utf-8" },
        { "js", "text/javascript; charset=utf-8" },
        { "text", "text/plain" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(type, rows[i][0]) == 0)
            return rows[i][1];
    }
    return NULL;
}

/* Scan with the bytes cut at `cut`; whether the rule is found. */
static bool
detects(davy_scanner *scanner, const davy_rule_test *test, size_t cut,
        const char *id, bool *is_found)
{
    const davy_target target = {
        .struct_size = sizeof(target),
        .address = test->address[0] == '\0' ? NULL : test->address,
        .content_type = content_type_of(test->type),
    };
    const davy_report *report = NULL;

    if (davy_scanner_begin(scanner, &target) != DAVY_OK
        || davy_scanner_feed(scanner, test->bytes, cut) != DAVY_OK
        || davy_scanner_feed(scanner, test->bytes + cut, test->length - cut)
               != DAVY_OK
        || davy_scanner_finish(scanner, &report) != DAVY_OK)
        return false;
    *is_found = names_rule(report, id);
    return true;
}

/* An example of type url is an address and nothing else. */
static bool
detects_address(davy_scanner *scanner, const davy_rule_test *test,
                const char *id, bool *is_found)
{
    char *address = log_alloc(test->length + 1);
    davy_target target = { .struct_size = sizeof(target),
                           .document = test->address[0] == '\0'
                                           ? NULL
                                           : test->address,
                           .kind = DAVY_KIND_SCRIPT };
    const davy_report *report = NULL;
    davy_status st;

    memcpy(address, test->bytes, test->length);
    address[strcspn(address, "\r\n ")] = '\0';
    target.address = address;
    st = davy_scan_address(scanner, &target, &report);
    if (st == DAVY_OK)
        *is_found = names_rule(report, id);
    free(address);
    return st == DAVY_OK;
}

static bool
passes(davy_scanner *scanner, const davy_rule_test *test, const char *id)
{
    const size_t last = test->length <= MAX_SPLIT ? test->length : 0;
    bool is_found = false;

    if (strcmp(test->type, "url") == 0)
        return detects_address(scanner, test, id, &is_found)
               && is_found == (test->must_detect != 0);
    for (size_t cut = 0; cut <= last; cut++) {
        if (!detects(scanner, test, cut, id, &is_found)
            || is_found != (test->must_detect != 0))
            return false;
    }
    return true;
}

static void
count_tests(davy_scanner *scanner, davy_ruleset *ruleset, size_t i,
            const davy_rule_info *info, size_t *passed, size_t *failed)
{
    davy_rule_test test;

    for (size_t j = 0;
         davy_ruleset_rule_test(ruleset, i, j, &test) == DAVY_OK; j++) {
        if (passes(scanner, &test, info->id)) {
            *passed += 1;
            continue;
        }
        *failed += 1;
        printf("%s:%u: %s must %s this\n", info->source, test.line, info->id,
               test.must_detect ? "detect" : "ignore");
    }
}

static int
test_rules(const struct args *args)
{
    bool is_clean;
    davy_ruleset *ruleset = load(args, 1, stderr, &is_clean);
    davy_scanner *scanner = NULL;
    size_t passed = 0, failed = 0;
    davy_rule_info info;

    if (ruleset == NULL)
        return EXITCODE_USAGE;
    if (davy_scanner_new(ruleset, NULL, &scanner) == DAVY_OK) {
        for (size_t i = 0;
             davy_ruleset_rule(ruleset, i, &info) == DAVY_OK; i++)
            count_tests(scanner, ruleset, i, &info, &passed, &failed);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    davy_scanner_free(scanner);
    davy_ruleset_unref(ruleset);
    return failed > 0 || passed == 0 ? EXITCODE_FOUND : EXITCODE_CLEAN;
}

/* ---- explain ---- */

static void
print_list(const char *head, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %-14s %s\n", i == 0 ? head : "", texts[i]);
}

static void
print_rule(const davy_rule_info *info)
{
    printf("%s  %s\n", info->id, info->title);
    printf("  %-14s %s, %s confidence, %+d points\n", "weight",
           info->severity, info->confidence, info->score);
    printf("  %-14s %s\n", "looks at", info->layer);
    if (info->family[0] != '\0')
        printf("  %-14s %s\n", "family", info->family);
    printf("  %-14s %s since %s, %s:%u\n", "status", info->status,
           info->since, info->source, info->line);
    print_list("ATT&CK", info->mitre, info->mitre_count);
    print_list("references", info->references, info->references_count);
    print_list("may be wrong", info->falsepositives,
               info->falsepositives_count);
    if (info->fix[0] != '\0')
        printf("  %-14s %s\n", "what to do", info->fix);
    printf("  %-14s %zu\n", "own tests", info->tests_count);
}

static int
explain(const struct args *args)
{
    struct args pack_only = *args;
    bool is_clean;
    bool is_found = args->operands_count > 1;
    davy_ruleset *ruleset;
    davy_rule_info info;

    if (args->operands_count < 2) {
        log_error("usage: davy rules explain ID...");
        return EXITCODE_USAGE;
    }
    pack_only.operands_count = 1;
    ruleset = load(&pack_only, 1, stderr, &is_clean);
    if (ruleset == NULL)
        return EXITCODE_USAGE;
    for (size_t k = 1; k < args->operands_count; k++) {
        bool has_this = false;

        for (size_t i = 0;
             davy_ruleset_rule(ruleset, i, &info) == DAVY_OK; i++) {
            if (strcmp(info.id, args->operands[k]) == 0) {
                print_rule(&info);
                has_this = true;
            }
        }
        if (!has_this)
            log_error("no rule %s", args->operands[k]);
        is_found = is_found && has_this;
    }
    davy_ruleset_unref(ruleset);
    return is_found ? EXITCODE_CLEAN : EXITCODE_USAGE;
}

int
command_rules(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct args *args);
    } parts[] = { { "list", list },
                  { "lint", lint },
                  { "test", test_rules },
                  { "explain", explain } };
    struct args args;
    int status = EXITCODE_USAGE;

    if (!args_parse(&args, 'r', argc, argv))
        goto done;
    if (args_has(&args, ARGS_HELP)) {
        printf("usage: davy rules list|lint|test [FILE or FOLDER...]\n"
               "       davy rules explain ID...\n\n"
               "list: one rule a line; lint: all that is wrong with rules; "
               "test: the rules'\nown examples, also split at every byte; "
               "explain: everything about a rule.\nWithout files: the "
               "installed pack.\n\n");
        args_print_options('r');
        status = EXITCODE_CLEAN;
        goto done;
    }
    for (size_t i = 0; args.operands_count > 0
         && i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(args.operands[0], parts[i].name) == 0) {
            status = parts[i].run(&args);
            goto done;
        }
    }
    log_error("usage: davy rules list|lint|test|explain ...");
done:
    args_free(&args);
    return status;
}

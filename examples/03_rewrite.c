/* SPDX-License-Identifier: MIT */
/* 03_rewrite.c - copy a page from standard input without its miners.
 *
 *     cc 03_rewrite.c $(pkg-config --cflags --libs davy)
 *     ./a.out [directory of the pack] < page.html > clean.html
 *
 * The exit status is 1 when the page cannot be edited: do not show it then. */

#include <davy/davy.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_PAGE ((size_t)1 << 20)

static int
to_stdout(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    return fwrite(bytes, 1, length, stdout) != length;
}

static davy_status
load_rules(const char *directory, davy_ruleset **rules)
{
    davy_builder *builder = NULL;
    davy_status status = davy_builder_new(NULL, &builder);

    if (status == DAVY_OK)
        status = davy_builder_add_pack(builder, directory);
    if (status == DAVY_OK)
        status = davy_builder_build(builder, rules);
    davy_builder_free(builder);
    return status;
}

/* Say on standard error what goes. */
static void
tell(const davy_report *report)
{
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        const davy_finding *f = davy_report_finding(report, i);

        fprintf(stderr, "%s: %s, line %llu\n", f->rule, f->title,
                (unsigned long long)f->line);
    }
}

int
main(int argc, char **argv)
{
    const char *directory = argc > 1 ? argv[1] : "/usr/share/davy/patterns";
    char *page = malloc(MAX_PAGE);
    const size_t length = page == NULL ? 0 : fread(page, 1, MAX_PAGE, stdin);
    davy_ruleset *rules = NULL;
    davy_scanner *scanner = NULL;
    davy_scanner *checker = NULL;       /* judges what is left */
    const davy_report *report = NULL;
    davy_status status = page == NULL ? DAVY_NO_MEMORY
                                      : load_rules(directory, &rules);

    if (status == DAVY_OK)
        status = davy_scanner_new(rules, NULL, &scanner);
    if (status == DAVY_OK)
        status = davy_scanner_new(rules, NULL, &checker);
    if (status == DAVY_OK)
        status = davy_scan_buffer(scanner, NULL, page, length, &report);
    if (status == DAVY_OK) {
        tell(report);
        status = davy_rewrite_checked(report, page, length, NULL, checker,
                                      NULL, to_stdout, NULL);
    }
    if (status != DAVY_OK)
        fprintf(stderr, "%s\n", davy_status_text(status));
    davy_scanner_free(checker);
    davy_scanner_free(scanner);
    davy_ruleset_unref(rules);
    free(page);
    return status == DAVY_OK ? 0 : 1;
}

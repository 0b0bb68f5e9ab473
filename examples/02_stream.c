/* SPDX-License-Identifier: MIT */
/* 02_stream.c - judge standard input while it arrives, in chunks.
 *
 *     cc 02_stream.c $(pkg-config --cflags --libs davy)
 *     ./a.out [directory of the pack] < page.html
 *
 * Whatever the sizes of the chunks, the report is the same to the byte. */

#include <davy/davy.h>
#include <stdio.h>

static int
to_stdout(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    return fwrite(bytes, 1, length, stdout) != length;
}

static davy_status
scan_stdin(davy_scanner *scanner, const davy_report **report)
{
    char chunk[1000];
    size_t n;
    davy_status status = davy_scanner_begin(scanner, NULL);

    /* DAVY_LIMIT means: enough seen, the rest will only be counted. */
    while ((status == DAVY_OK || status == DAVY_LIMIT)
           && (n = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
        status = davy_scanner_feed(scanner, chunk, n);
    if (status != DAVY_OK && status != DAVY_LIMIT)
        return status;
    return davy_scanner_finish(scanner, report);
}

int
main(int argc, char **argv)
{
    const char *directory = argc > 1 ? argv[1] : "/usr/share/davy/patterns";
    const davy_json_options json = { .struct_size = sizeof(json),
                                     .target = "standard input" };
    davy_builder *builder = NULL;
    davy_ruleset *rules = NULL;
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    davy_status status = davy_builder_new(NULL, &builder);

    if (status == DAVY_OK)
        status = davy_builder_add_pack(builder, directory);
    if (status == DAVY_OK)
        status = davy_builder_build(builder, &rules);
    if (status == DAVY_OK)
        status = davy_scanner_new(rules, NULL, &scanner);
    if (status == DAVY_OK)
        status = scan_stdin(scanner, &report);
    if (status == DAVY_OK)
        status = davy_report_write_json(report, &json, to_stdout, NULL);
    if (status == DAVY_OK)
        putchar('\n');
    else
        fprintf(stderr, "%s\n", davy_status_text(status));
    davy_scanner_free(scanner);
    davy_ruleset_unref(rules);
    davy_builder_free(builder);
    return status == DAVY_OK ? 0 : 1;
}

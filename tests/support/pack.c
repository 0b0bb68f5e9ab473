/* SPDX-License-Identifier: MIT */
/* pack.c - loads the real pack and scans with it. */

#define _GNU_SOURCE                     /* open_memstream */

#include "support/pack.h"

#include <stdio.h>
#include <stdlib.h>

static void
die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

const char *
pack_top(void)
{
    const char *top = getenv("top_srcdir");

    return top == NULL ? "." : top;
}

davy_ruleset *
pack_load(void)
{
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    char path[4096];

    snprintf(path, sizeof(path), "%s/patterns", pack_top());
    if (davy_builder_new(NULL, &builder) != DAVY_OK)
        die("no builder");
    (void)davy_builder_add_pack(builder, path);
    if (davy_builder_build(builder, &ruleset) != DAVY_OK) {
        const davy_messages *all = davy_builder_messages(builder);

        for (size_t i = 0; i < davy_messages_count(all); i++) {
            const davy_message *m = davy_messages_at(all, i);

            fprintf(stderr, "%s:%u:%u: %s\n", m->source, m->line, m->column,
                    m->text);
        }
        die("the pack does not load");
    }
    davy_builder_free(builder);
    return ruleset;
}

static int
to_stream(void *ctx, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, ctx) != length;
}

char *
pack_json(const davy_report *report)
{
    const davy_json_options options = { .struct_size = sizeof(options),
                                        .target = "target" };
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);

    if (stream == NULL
        || davy_report_write_json(report, &options, to_stream, stream)
               != DAVY_OK)
        die("no JSON");
    fclose(stream);
    return text;
}

char *
pack_scan(davy_scanner *scanner, const davy_target *target, const char *bytes,
          size_t length, size_t piece)
{
    const davy_report *report = NULL;
    davy_status st = davy_scanner_begin(scanner, target);

    for (size_t at = 0; at < length && st == DAVY_OK; at += piece)
        st = davy_scanner_feed(scanner, bytes + at,
                               length - at < piece ? length - at : piece);
    if (st != DAVY_OK || davy_scanner_finish(scanner, &report) != DAVY_OK)
        die("the scan failed");
    return pack_json(report);
}

/* SPDX-License-Identifier: MIT */
/* 01_scan_buffer.c - judge a page that is in memory.
 *
 *     cc 01_scan_buffer.c $(pkg-config --cflags --libs davy)
 *     ./a.out [directory of the pack] */

#include <davy/davy.h>
#include <stdio.h>
#include <string.h>

static const char page[]
    = "<!doctype html>\n"
      "<title>My site</title>\n"
      "<script src=\"https://coinhive.com/lib/coinhive.min.js\"></script>\n"
      "<script>\n"
      "  var miner = new CoinHive.Anonymous("
      "'0123456789abcdef0123456789ABCDEF');\n"
      "  miner.start();\n"
      "</script>\n";

static int
load(const char *directory, davy_ruleset **rules)
{
    davy_builder *builder = NULL;
    davy_status status = davy_builder_new(NULL, &builder);
    const davy_messages *messages;

    if (status != DAVY_OK)
        return -1;
    davy_builder_add_pack(builder, directory);
    status = davy_builder_build(builder, rules);
    messages = davy_builder_messages(builder);
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        fprintf(stderr, "%s:%u:%u: %s\n", m->source, m->line, m->column,
                m->text);
    }
    davy_builder_free(builder);
    return status == DAVY_OK ? 0 : -1;
}

int
main(int argc, char **argv)
{
    const char *directory = argc > 1 ? argv[1] : "/usr/share/davy/patterns";
    davy_ruleset *rules = NULL;
    davy_scanner *scanner = NULL;
    const davy_report *report = NULL;
    int failed = 1;

    if (load(directory, &rules) == 0
        && davy_scanner_new(rules, NULL, &scanner) == DAVY_OK
        && davy_scan_buffer(scanner, NULL, page, strlen(page), &report)
               == DAVY_OK) {
        printf("%s, score %d\n",
               davy_verdict_text(davy_report_verdict(report)),
               davy_report_score(report));
        for (size_t i = 0; i < davy_report_findings_count(report); i++) {
            const davy_finding *f = davy_report_finding(report, i);

            printf("line %llu: %s [%s]\n    %s\n",
                   (unsigned long long)f->line, f->title, f->rule,
                   f->evidence);
        }
        failed = 0;
    }
    davy_scanner_free(scanner);
    davy_ruleset_unref(rules);
    return failed;
}

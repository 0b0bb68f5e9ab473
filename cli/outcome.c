/* SPDX-License-Identifier: MIT */
/* outcome.c - turns reports into outcomes. */

#include "cli/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output_text.h"
#include "common/fatal.h"

int
outcome_severity(const char *name)
{
    static const char *const names[] = { "info", "low", "medium", "high",
                                         "critical" };

    for (int i = 0; i < 5; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

static FILE *
open_text(char **text, size_t *size)
{
    FILE *stream = open_memstream(text, size);

    if (stream == NULL)
        fatal("out of memory");
    return stream;
}

static struct outcome *
add(struct outcomes *outcomes, const char *name, const char *page)
{
    struct outcome *o;

    outcomes->items = fatal_grow(outcomes->items, outcomes->count,
                                 sizeof(*outcomes->items));
    o = &outcomes->items[outcomes->count++];
    memset(o, 0, sizeof(*o));
    o->name = fatal_strdup(name);
    o->page = page == NULL ? NULL : fatal_strdup(page);
    o->severity = -1;
    return o;
}

/* A discount speaks for the target and not against it. */
static int
gravest(const davy_report *report)
{
    int worst = -1;

    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        const davy_finding *f = davy_report_finding(report, i);
        const int severity = outcome_severity(f->severity);

        if (f->score >= 0 && severity > worst)
            worst = severity;
    }
    return worst;
}

static char *
join_limits(const davy_report *report)
{
    char *text = NULL;

    for (size_t i = 0; i < davy_report_limits_count(report); i++) {
        char *longer = fatal_format("%s%s%s", text == NULL ? "" : text,
                                    text == NULL ? "" : "; ",
                                    davy_report_limit(report, i));

        free(text);
        text = longer;
    }
    return text;
}

static int
to_file(void *ctx, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, ctx) != length;
}

void
outcomes_add_report(struct outcomes *outcomes,
                    const struct outcome_style *style, const char *name,
                    const char *page, const davy_report *report,
                    uint64_t micros)
{
    const davy_json_options options = { sizeof(options), name, micros,
                                        style->json_severity };
    struct outcome *o = add(outcomes, name, page);
    size_t size;

    o->verdict = davy_report_verdict(report);
    o->severity = gravest(report);
    o->bytes = davy_report_bytes(report);
    o->limits = join_limits(report);
    o->is_shown = style->is_verbose || o->verdict != DAVY_VERDICT_CLEAN
                  || output_text_shown(report, style) > 0;
    if (style->wants_text && o->is_shown) {
        FILE *stream = open_text(&o->text, &size);

        output_text_report(stream, style, o, report, micros);
        fclose(stream);
    }
    if (style->wants_json) {
        FILE *stream = open_text(&o->json, &size);

        (void)davy_report_write_json(report, &options, to_file, stream);
        fputc('\n', stream);
        fclose(stream);
    }
}

void
outcomes_add_error(struct outcomes *outcomes,
                   const struct outcome_style *style, const char *name,
                   const char *page, const char *error)
{
    struct outcome *o = add(outcomes, name, page);
    size_t size;

    o->error = fatal_strdup(error);
    o->is_shown = !style->is_quiet;
    if (style->wants_text && o->is_shown) {
        FILE *stream = open_text(&o->text, &size);

        output_text_error(stream, style, o);
        fclose(stream);
    }
    if (style->wants_json) {
        FILE *stream = open_text(&o->json, &size);

        (void)davy_write_error_json(name, error, to_file, stream);
        fputc('\n', stream);
        fclose(stream);
    }
}

void
outcomes_fini(struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++) {
        struct outcome *o = &outcomes->items[i];

        free(o->name);
        free(o->page);
        free(o->error);
        free(o->limits);
        free(o->text);
        free(o->json);
    }
    free(outcomes->items);
    memset(outcomes, 0, sizeof(*outcomes));
}

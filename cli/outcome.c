/* SPDX-License-Identifier: MIT */
/* outcome.c - a report as text for people and as JSON for programs. */

#include "cli/outcome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

static const char *const severities[] = { "info", "low", "medium", "high",
                                          "critical" };

int
outcome_severity(const char *name)
{
    for (int i = 0; i < 5; i++) {
        if (strcmp(severities[i], name) == 0)
            return i;
    }
    return -1;
}

static const char *
paint(const struct outcome_style *style, const char *code)
{
    return style->has_color ? code : "";
}

static const char *
color_of(const struct outcome_style *style, davy_verdict verdict)
{
    switch (verdict) {
    case DAVY_VERDICT_MINER:
        return paint(style, "\033[1;31m");
    case DAVY_VERDICT_SUSPICIOUS:
        return paint(style, "\033[1;33m");
    default:
        return paint(style, "\033[32m");
    }
}

static int
to_file(void *ctx, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, ctx) != length;
}

static void
print_finding(FILE *out, const struct outcome_style *style,
              const char *target, const davy_finding *f)
{
    fprintf(out, "  %s%s:%" PRIu64 ":%" PRIu64 "%s  %s  [%s, %s",
            paint(style, "\033[1m"), target, f->line, f->column,
            paint(style, "\033[0m"), f->title, f->rule, f->severity);
    if (f->score != 0)
        fprintf(out, ", %+d", f->score);
    fprintf(out, "]\n");
    if (strchr(f->path, '>') != NULL)
        fprintf(out, "      in   %s\n", f->path);
    if (f->evidence[0] != '\0')
        fprintf(out, "      code %s\n", f->evidence);
    if (f->fix[0] != '\0')
        fprintf(out, "      fix  %s\n", f->fix);
}

static void
print_families(FILE *out, const davy_report *report)
{
    for (size_t i = 0; i < davy_report_families_count(report); i++)
        fprintf(out, "%s%s", i == 0 ? ", family " : ", ",
                davy_report_family(report, i));
}

static size_t
count_shown(const struct outcome_style *style, const davy_report *report)
{
    size_t shown = 0;

    for (size_t i = 0; i < davy_report_findings_count(report); i++)
        shown += outcome_severity(davy_report_finding(report, i)->severity)
                 >= style->severity;
    return shown;
}

static void
print_report(FILE *out, const struct outcome_style *style, const char *name,
             const char *page, const davy_report *report, uint64_t micros)
{
    const davy_verdict verdict = davy_report_verdict(report);
    const size_t limits = davy_report_limits_count(report);
    char *target = log_clean(name);

    if (style->is_verbose || limits > 0 || count_shown(style, report) > 0) {
        fprintf(out, "%s%s%s  %s%s%s, score %d of 100",
                paint(style, "\033[1m"), target, paint(style, "\033[0m"),
                color_of(style, verdict), davy_verdict_text(verdict),
                paint(style, "\033[0m"), davy_report_score(report));
        print_families(out, report);
        if (style->is_verbose)
            fprintf(out, " (%s, %" PRIu64 " bytes, %.1f ms)",
                    davy_report_type(report), davy_report_bytes(report),
                    (double)micros / 1e3);
        fputc('\n', out);
        if (page != NULL)
            fprintf(out, "  loaded by %s\n", page);
    }
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        const davy_finding *f = davy_report_finding(report, i);

        if (outcome_severity(f->severity) >= style->severity)
            print_finding(out, style, target, f);
    }
    for (size_t i = 0; i < limits; i++)
        fprintf(out, "  judged in part: limit on %s\n",
                davy_report_limit(report, i));
    free(target);
}

static void
write_json(FILE *out, const char *target, const davy_report *report,
           uint64_t micros)
{
    const davy_json_options options = { sizeof(options), target, micros };

    (void)davy_report_write_json(report, &options, to_file, out);
    fputc('\n', out);
}

static void
count_verdict(struct outcome *outcome, const davy_report *report)
{
    outcome->targets++;
    outcome->bytes += davy_report_bytes(report);
    outcome->limits += davy_report_limits_count(report) > 0;
    switch (davy_report_verdict(report)) {
    case DAVY_VERDICT_MINER:
        outcome->miners++;
        break;
    case DAVY_VERDICT_SUSPICIOUS:
        outcome->suspicious++;
        break;
    default:
        outcome->clean++;
        break;
    }
    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        const int severity
            = outcome_severity(davy_report_finding(report, i)->severity);

        if (severity > outcome->severity)
            outcome->severity = severity;
    }
}

void
outcome_add_report(struct outcome *outcome, FILE *const streams[FORMATS],
                   const struct outcome_style *style, const char *target,
                   const char *page, const davy_report *report,
                   uint64_t micros)
{
    count_verdict(outcome, report);
    if (streams[FORMAT_TEXT] != NULL)
        print_report(streams[FORMAT_TEXT], style, target, page, report,
                     micros);
    for (int i = FORMAT_JSON; i < FORMATS; i++) {
        if (streams[i] != NULL)
            write_json(streams[i], target, report, micros);
    }
}

void
outcome_add_error(struct outcome *outcome, FILE *const streams[FORMATS],
                  const struct outcome_style *style, const char *target,
                  const char *page, const char *error)
{
    outcome->targets++;
    outcome->errors++;
    if (streams[FORMAT_TEXT] != NULL) {
        char *name = log_clean(target);

        fprintf(streams[FORMAT_TEXT], "%s  %snot looked at%s: %s\n", name,
                paint(style, "\033[1;33m"), paint(style, "\033[0m"), error);
        if (page != NULL)
            fprintf(streams[FORMAT_TEXT], "  loaded by %s\n", page);
        free(name);
    }
    for (int i = FORMAT_JSON; i < FORMATS; i++) {
        if (streams[i] == NULL)
            continue;
        (void)davy_write_error_json(target, error, to_file, streams[i]);
        fputc('\n', streams[i]);
    }
}

void
outcome_sum(struct outcome *total, const struct outcome *part)
{
    if (part->severity > total->severity)
        total->severity = part->severity;
    total->targets += part->targets;
    total->clean += part->clean;
    total->suspicious += part->suspicious;
    total->miners += part->miners;
    total->errors += part->errors;
    total->limits += part->limits;
    total->bytes += part->bytes;
}

void
outcome_print_summary(const struct outcome *total, FILE *out, double seconds)
{
    fprintf(out, "%lu target%s: %lu miner%s, %lu suspicious, %lu clean",
            total->targets, total->targets == 1 ? "" : "s", total->miners,
            total->miners == 1 ? "" : "s", total->suspicious, total->clean);
    if (total->errors > 0)
        fprintf(out, ", %lu not looked at", total->errors);
    if (total->limits > 0)
        fprintf(out, ", %lu judged in part", total->limits);
    fprintf(out, " (%.1f MB in %.2f s)\n", (double)total->bytes / 1e6,
            seconds);
}

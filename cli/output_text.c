/* SPDX-License-Identifier: MIT */
/* output_text.c - what people read: one block for each target that matters,
 * and a summary.
 *
 * Nothing that comes from a target reaches a terminal unclean: names, evidence
 * and paths go through text_clean. */

#include "cli/output_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"

#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define RED    "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN  "\033[32m"
#define PLAIN  "\033[0m"

/* Column at which evidence and advice begin. */
#define DETAIL_COLUMN 11

/* Terms of a score, and further places of a rule, that are written out. */
#define MAX_TERMS  8
#define MAX_PLACES 5

/* Scores of davy.h: a miner from here on; one kind of evidence that does not
 * convict alone is held below. */
#define MINER_SCORE 70

static void
put(FILE *out, const struct outcome_style *style, const char *color,
    const char *text)
{
    char *clean = text_clean(text);

    if (style->has_color && color[0] != '\0')
        fprintf(out, "%s%s" PLAIN, color, clean);
    else
        fputs(clean, out);
    free(clean);
}

static void
put_heading(FILE *out, const struct outcome_style *style, const char *color,
            const char *word, const char *name)
{
    put(out, style, color, word);
    fputs("  ", out);
    put(out, style, BOLD, name);
    fputc('\n', out);
}

static void
put_verdict(FILE *out, const struct outcome_style *style,
            const struct outcome *o)
{
    switch (o->verdict) {
    case DAVY_VERDICT_MINER:
        put_heading(out, style, RED, "MINER", o->name);
        break;
    case DAVY_VERDICT_SUSPICIOUS:
        put_heading(out, style, YELLOW, "SUSPICIOUS", o->name);
        break;
    default:
        put_heading(out, style, GREEN, "clean", o->name);
        break;
    }
}

static bool
is_shown(const davy_finding *f, const struct outcome_style *style)
{
    return outcome_severity(f->severity) >= style->severity;
}

size_t
output_text_shown(const davy_report *report,
                  const struct outcome_style *style)
{
    size_t shown = 0;

    for (size_t i = 0; i < davy_report_findings_count(report); i++)
        shown += is_shown(davy_report_finding(report, i), style);
    return shown;
}

/* ---- Score ---- */

/* " (75 + 20 - 10)", unless there is nothing to add. */
static void
put_terms(FILE *out, const davy_report *report, int score)
{
    unsigned terms = 0;
    int sum = 0;

    for (size_t i = 0; i < davy_report_findings_count(report); i++) {
        const int points = davy_report_finding(report, i)->score;

        sum += points;
        if (points == 0 || ++terms > MAX_TERMS)
            continue;
        if (terms == 1)
            fprintf(out, " (%d", points);
        else
            fprintf(out, " %c %d", points < 0 ? '-' : '+', abs(points));
    }
    if (terms > MAX_TERMS)
        fprintf(out, " + ...");
    if (terms > 0 && sum > score && score < MINER_SCORE)
        fprintf(out, ", held at %d: only one kind of evidence", score);
    if (terms > 0)
        fputc(')', out);
}

static bool
is_single(const davy_report *report)
{
    return davy_report_findings_count(report) == 1
           && davy_report_finding(report, 0)->score
                  == davy_report_score(report);
}

static void
put_score(FILE *out, const davy_report *report)
{
    const int score = davy_report_score(report);
    const size_t families = davy_report_families_count(report);

    fprintf(out, "  score %d of 100", score);
    if (!is_single(report))
        put_terms(out, report, score);
    for (size_t i = 0; i < families; i++) {
        char *family = text_clean(davy_report_family(report, i));

        fprintf(out, "%s%s", i > 0 ? ", " : families > 1 ? "; families "
                                                         : "; family ",
                family);
        free(family);
    }
    fputc('\n', out);
}

static void
put_details(FILE *out, const struct outcome *o, const davy_report *report,
            uint64_t micros)
{
    fprintf(out, "  %s, %" PRIu64 " bytes, %.1f ms\n  sha256 %s\n",
            davy_report_type(report), o->bytes, (double)micros / 1e3,
            davy_report_sha256(report));
}

/* ---- Findings ---- */

/* Findings of one report; those that were written out are done. */
struct listing {
    const davy_report *report;
    const struct outcome_style *style;
    const char *name;                   /* of the target */
    bool *is_done;
    size_t count;
};

static void
put_label(FILE *out, const struct outcome_style *style, const char *label)
{
    fputs("    ", out);
    put(out, style, DIM, label);
    fprintf(out, "%*s", DETAIL_COLUMN - 4 - (int)strlen(label), "");
}

static void
put_detail(FILE *out, const struct outcome_style *style, const char *label,
           const char *text)
{
    char *clean = text_clean(text);

    put_label(out, style, label);
    text_write_wrapped(out, clean, DETAIL_COLUMN, style->width);
    free(clean);
}

/* Evidence is kept in one line, so that it can be searched for. */
static void
put_code(FILE *out, const struct outcome_style *style, const char *label,
         const char *text)
{
    put_label(out, style, label);
    put(out, style, "", text);
    fputc('\n', out);
}

static void
put_rule(FILE *out, const struct outcome_style *style, const davy_finding *f)
{
    char *title = text_clean(f->title);

    put_label(out, style, "why");
    text_write_wrapped(out, title, DETAIL_COLUMN, style->width);
    fprintf(out, "%*s", DETAIL_COLUMN, "");
    put(out, style, outcome_severity(f->severity) >= 3 ? RED : YELLOW,
        f->severity);
    fprintf(out, ", %+d points, %s\n", f->score, f->rule);
    free(title);
}

static bool
is_same_place(const davy_finding *a, const davy_finding *b)
{
    return a->offset == b->offset && a->length == b->length
           && strcmp(a->path, b->path) == 0;
}

/* Whether a rule that holds at the place of finding `first` holds here, too. */
static bool
shares_rule(const struct listing *list, size_t first, const davy_finding *f)
{
    const davy_finding *place = davy_report_finding(list->report, first);

    for (size_t i = first; i < list->count; i++) {
        const davy_finding *other = davy_report_finding(list->report, i);

        if (is_same_place(place, other) && strcmp(other->rule, f->rule) == 0)
            return true;
    }
    return false;
}

/* Further places of what was found at finding `first`, a line each. */
static void
put_other_places(FILE *out, const struct listing *list, size_t first)
{
    const davy_finding *last = NULL;
    size_t places = 0;

    for (size_t i = first + 1; i < list->count; i++) {
        const davy_finding *f = davy_report_finding(list->report, i);

        if (list->is_done[i] || !shares_rule(list, first, f))
            continue;
        list->is_done[i] = true;
        if (last != NULL && is_same_place(last, f))
            continue;
        last = f;
        if (++places > MAX_PLACES)
            continue;
        put_label(out, list->style, "also");
        fprintf(out, "%" PRIu64 ":%" PRIu64 "  ", f->line, f->column);
        put(out, list->style, "", f->evidence);
        fputc('\n', out);
    }
    if (places > MAX_PLACES) {
        put_label(out, list->style, "also");
        fprintf(out, "%zu more\n", places - MAX_PLACES);
    }
}

/* A place: what stands there, every rule that holds there, and the advice of
 * the heaviest. */
static void
put_place(FILE *out, const struct listing *list, size_t first)
{
    const struct outcome_style *style = list->style;
    const davy_finding *f = davy_report_finding(list->report, first);

    fputs("\n  ", out);
    put(out, style, BOLD, list->name);
    if (f->line > 0)
        fprintf(out, ":%" PRIu64 ":%" PRIu64, f->line, f->column);
    fputc('\n', out);
    if (f->evidence[0] != '\0')
        put_code(out, style, "found", f->evidence);
    if (strstr(f->path, " > ") != NULL)
        put_code(out, style, "in", f->path);
    for (size_t i = first; i < list->count; i++) {
        const davy_finding *other = davy_report_finding(list->report, i);

        if (!list->is_done[i] && is_same_place(f, other)) {
            put_rule(out, style, other);
            list->is_done[i] = true;
        }
    }
    put_other_places(out, list, first);
    if (f->fix[0] != '\0')
        put_detail(out, style, "to do", f->fix);
}

static void
put_findings(FILE *out, const struct outcome_style *style, const char *name,
             const davy_report *report)
{
    struct listing list = { report, style, name, NULL,
                            davy_report_findings_count(report) };

    list.is_done = fatal_alloc(list.count * sizeof(*list.is_done));
    for (size_t i = 0; i < list.count; i++)
        list.is_done[i] = !is_shown(davy_report_finding(report, i), style);
    for (size_t i = 0; i < list.count; i++) {
        if (!list.is_done[i])
            put_place(out, &list, i);
    }
    free(list.is_done);
}

/* ---- Blocks ---- */

static void
put_page_name(FILE *out, const struct outcome_style *style,
              const struct outcome *o)
{
    if (o->page == NULL)
        return;
    fputs("  loaded by ", out);
    put(out, style, "", o->page);
    fputc('\n', out);
}

void
output_text_report(FILE *out, const struct outcome_style *style,
                   const struct outcome *o, const davy_report *report,
                   uint64_t micros)
{
    put_verdict(out, style, o);
    put_page_name(out, style, o);
    if (davy_report_findings_count(report) > 0 || style->is_verbose)
        put_score(out, report);
    if (style->is_verbose)
        put_details(out, o, report, micros);
    if (o->limits != NULL)
        fprintf(out, "  judged in part, limit reached: %s\n", o->limits);
    put_findings(out, style, o->name, report);
    fputc('\n', out);
}

void
output_text_error(FILE *out, const struct outcome_style *style,
                  const struct outcome *o)
{
    char *clean;

    put_heading(out, style, YELLOW, "NOT LOOKED AT", o->name);
    put_page_name(out, style, o);
    fputs("  ", out);
    clean = text_clean(o->error);
    text_write_wrapped(out, clean, 2, style->width);
    free(clean);
    fputc('\n', out);
}

/* A page that is clean itself, above what it loads. */
static void
put_page(FILE *out, const struct outcome_style *style,
         const struct outcomes *outcomes)
{
    const struct outcome *page = &outcomes->items[0];
    unsigned found = 0;

    put_verdict(out, style, page);
    for (size_t i = 1; i < outcomes->count; i++) {
        const struct outcome *o = &outcomes->items[i];

        if (o->error != NULL || o->verdict == DAVY_VERDICT_CLEAN)
            continue;
        if (found++ == 0)
            fputs("  clean itself, but it loads\n", out);
        fputs("    ", out);
        put(out, style, "", o->name);
        fputc('\n', out);
    }
    fputc('\n', out);
}

void
output_text_target(FILE *out, const struct outcome_style *style,
                   const struct outcomes *outcomes)
{
    bool has_shown = false;

    for (size_t i = 1; i < outcomes->count; i++)
        has_shown |= outcomes->items[i].text != NULL;
    if (has_shown && !outcomes->items[0].is_shown)
        put_page(out, style, outcomes);
    for (size_t i = 0; i < outcomes->count; i++) {
        if (outcomes->items[i].text != NULL)
            fputs(outcomes->items[i].text, out);
    }
}

/* ---- Summary ---- */

static void
put_count(FILE *out, const struct outcome_style *style, const char *color,
          size_t count, const char *what)
{
    char text[64];

    snprintf(text, sizeof(text), "%zu %s", count, what);
    put(out, style, count > 0 ? color : "", text);
}

static void
put_names(FILE *out, const struct outcome_style *style, const char *color,
          const char *what, const struct tally_names *names)
{
    for (size_t i = 0; i < names->count && i < TALLY_NAMES; i++) {
        if (i == 0)
            put(out, style, color, what);
        else
            fprintf(out, "%*s", (int)strlen(what), "");
        fputs("  ", out);
        put(out, style, "", names->names[i]);
        fputc('\n', out);
    }
    if (names->count > TALLY_NAMES)
        fprintf(out, "%*s  and %zu more\n", (int)strlen(what), "",
                names->count - TALLY_NAMES);
}

static void
put_size(FILE *out, uint64_t bytes)
{
    if (bytes < 10000)
        fprintf(out, "%" PRIu64 " bytes", bytes);
    else if (bytes < 1000000)
        fprintf(out, "%.0f KB", (double)bytes / 1e3);
    else
        fprintf(out, "%.1f MB", (double)bytes / 1e6);
}

/* Long answers are summed up by name; so is what hides behind a page. */
static void
put_all_names(FILE *out, const struct outcome_style *style,
              const struct tally *t)
{
    const size_t flagged = t->miners.count + t->suspicious.count;

    if (flagged > 1 || t->has_flagged_loaded) {
        put_names(out, style, RED, "MINER     ", &t->miners);
        put_names(out, style, YELLOW, "SUSPICIOUS", &t->suspicious);
    }
    put_names(out, style, YELLOW, "IN PART   ", &t->partial);
    if (flagged > 1 || t->has_flagged_loaded || t->partial.count > 0)
        fputc('\n', out);
}

void
output_text_summary(FILE *out, const struct outcome_style *style,
                    const struct tally *t)
{
    put_all_names(out, style, t);
    put(out, style, BOLD, "Looked at ");
    fprintf(out, "%zu target%s", t->targets, t->targets == 1 ? "" : "s");
    if (t->loaded > 0)
        fprintf(out, " and %zu they load", t->loaded);
    fputs(" (", out);
    put_size(out, t->bytes);
    fprintf(out, ", %.2f s): ", t->seconds);
    put_count(out, style, RED, t->miners.count,
              t->miners.count == 1 ? "miner" : "miners");
    fputs(", ", out);
    put_count(out, style, YELLOW, t->suspicious.count, "suspicious");
    fprintf(out, ", %zu clean\n", t->clean);
    if (t->errors > 0)
        fprintf(out, "Not looked at: %zu (see above).\n", t->errors);
    if (t->partial.count > 0)
        fprintf(out, "Judged in part: %zu.\n", t->partial.count);
    if (t->passed_over > 0)
        fprintf(out, "Passed over: %zu (pipes, sockets or devices).\n",
                t->passed_over);
}

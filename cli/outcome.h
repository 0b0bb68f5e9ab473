/* SPDX-License-Identifier: MIT */
/* outcome.h - what came of one target, as text ready to print. */

#ifndef OUTCOME_H
#define OUTCOME_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMATS };

/* How findings are shown; the same for all targets. */
struct outcome_style {
    int severity;                       /* least that is shown, 0-4 */
    bool has_color;
    bool is_verbose;
    bool wants[FORMATS];
};

struct outcome {
    char *text[FORMATS];                /* JSON and JSONL: objects, each ended
                                         * by a line feed; or NULL */
    int severity;                       /* of the gravest finding, or -1 */
    unsigned long targets, clean, suspicious, miners, errors, limits;
    uint64_t bytes;
};

/* info 0, low 1, medium 2, high 3, critical 4; -1 for anything else. */
int outcome_severity(const char *name);

/* Write one more judged target, or one that could not be looked at, into the
 * streams (one for each format, or NULL) and count it.  `page` is the page
 * that loads the target, or NULL. */
void outcome_add_report(struct outcome *outcome, FILE *const streams[FORMATS],
                        const struct outcome_style *style, const char *target,
                        const char *page, const davy_report *report,
                        uint64_t micros);
void outcome_add_error(struct outcome *outcome, FILE *const streams[FORMATS],
                       const struct outcome_style *style, const char *target,
                       const char *page, const char *error);

/* Add the counts of `part`. */
void outcome_sum(struct outcome *total, const struct outcome *part);

/* The last lines of a text answer. */
void outcome_print_summary(const struct outcome *total, FILE *out,
                           double seconds);

#endif

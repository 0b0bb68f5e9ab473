/* SPDX-License-Identifier: MIT */
/* outcome.h - what came of one target: its own verdict, then one for each
 * thing it loads; with the text and JSON already written. */

#ifndef OUTCOME_H
#define OUTCOME_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How findings are shown; the same for all targets.  With is_quiet, errors are
 * left to the log. */
struct outcome_style {
    int severity;                       /* least that is shown in text, 0-4 */
    const char *json_severity;          /* the same for JSON; NULL: all */
    bool wants_text, wants_json;
    bool has_color, is_verbose, is_quiet;
    unsigned width;                     /* columns of text */
};

struct outcome {
    char *name;                         /* path or address */
    char *page;                         /* that loads it, or NULL */
    char *error;                        /* why it was not judged, or NULL */
    davy_verdict verdict;
    int severity;                       /* of the gravest finding, or -1 */
    uint64_t bytes;
    char *limits;                       /* that were hit, or NULL */
    bool is_shown;                      /* text has something to say */
    char *text;                         /* or NULL */
    char *json;                         /* one object and a line feed, or
                                         * NULL */
};

struct outcomes {
    struct outcome *items;              /* the target first */
    size_t count;
};

/* info 0, low 1, medium 2, high 3, critical 4; -1 for anything else. */
int outcome_severity(const char *name);

/* Add what was found out about `name`, loaded by `page` (or NULL). */
void outcomes_add_report(struct outcomes *outcomes,
                         const struct outcome_style *style, const char *name,
                         const char *page, const davy_report *report,
                         uint64_t micros);

/* Add that `name` could not be looked at. */
void outcomes_add_error(struct outcomes *outcomes,
                        const struct outcome_style *style, const char *name,
                        const char *page, const char *error);

void outcomes_fini(struct outcomes *outcomes);

#endif

/* SPDX-License-Identifier: MIT */
/* report.h - what a scan has to say, with everything it says copied. */

#ifndef DV_REPORT_H
#define DV_REPORT_H

#include <davy/davy.h>

#include "base/arena.h"
#include "base/vec.h"

/* A span of the target that has to go with a finding. */
struct dv_report_cut {
    davy_cut kind;
    uint8_t severity;                   /* rank of its rule's */
    uint64_t offset;                    /* as in findings */
    uint64_t length;
};

struct davy_report {
    struct dv_arena arena;              /* every string of the report */
    davy_verdict verdict;
    int score;
    const char *type;                   /* static text */
    uint64_t bytes;
    char sha256[65];
    struct dv_vec findings;             /* davy_finding */
    struct dv_vec families;             /* const char * */
    struct dv_vec limits;               /* const char *, static text */
    struct dv_vec resources;            /* davy_resource */
    struct dv_vec cuts;                 /* struct dv_report_cut, by place */
    bool is_editable;                   /* the places are those of bytes that
                                         * can be edited one by one */
    uint64_t text_bytes;                /* what the offsets count in */
};

void dv_report_init(struct davy_report *report, struct dv_mem *mem,
                    size_t max_findings);
void dv_report_fini(struct davy_report *report);

/* Forget the target, keep the room. */
void dv_report_clear(struct davy_report *report);

/* All strings of the argument are copied.  DAVY_OK, DAVY_NO_MEMORY; DAVY_LIMIT
 * when the report is full. */
davy_status dv_report_add_finding(struct davy_report *report,
                                  const davy_finding *finding);
davy_status dv_report_add_family(struct davy_report *report,
                                 const char *family);
davy_status dv_report_add_resource(struct davy_report *report,
                                   const davy_resource *resource);

/* DAVY_OK, also when there is no more room: who edits looks again. */
davy_status dv_report_add_cut(struct davy_report *report,
                              const struct dv_report_cut *cut);

/* The place of `severity` in the order of severities, or -1. */
int dv_report_severity(const char *severity);

/* `text` is static; the same text is kept once. */
davy_status dv_report_add_limit(struct davy_report *report, const char *text);

/* Put findings in the order people want: heaviest first, then by place; and
 * cuts by place, the larger one of two first. */
void dv_report_sort(struct davy_report *report);

/* A copy of `text` in `arena` with a NUL; NULL when memory is refused. */
const char *dv_report_copy_text(struct dv_arena *arena, struct dv_span text);

/* At most 80 bytes of printable text for the place `at`..`at`+`len` of
 * `source`: control characters and line ends become spaces, runs of white
 * space one, malformed UTF-8 and unprintable code points `?`; a cut is shown
 * by an ellipsis.  NULL when memory is refused. */
const char *dv_report_excerpt(struct dv_arena *arena, struct dv_span source,
                              size_t at, size_t len);

#endif

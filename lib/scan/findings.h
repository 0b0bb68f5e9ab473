/* SPDX-License-Identifier: MIT */
/* findings.h - turns hits of rules into a report. */

#ifndef DV_FINDINGS_H
#define DV_FINDINGS_H

#include "action/report.h"
#include "decode/decode_charset.h"
#include "native/native.h"
#include "rule/rule_eval.h"
#include "scan/artifact.h"
#include "scan/cuts.h"

/* Where in the target's own bytes a place of the judged text stands. */
struct dv_findings_origin {
    struct dv_span text;                /* what the root artifact holds */
    struct dv_span raw;                 /* the bytes it was converted from */
    const struct dv_charset *charset;   /* by which conversion; or NULL */
    bool is_plain;                      /* raw is what was fed: no content
                                         * coding was undone */
};

/* What the findings are about. */
struct dv_findings_target {
    const struct dv_artifacts *tree;
    struct dv_cuts *cuts;
    struct dv_findings_origin origin;
    const struct dv_native *native;     /* a download, to whose finds the
                                         * places belong; or NULL */
};

/* Write findings, score, verdict and families of `eval`'s hits into `report`.
 * DAVY_OK, DAVY_NO_MEMORY; DAVY_LIMIT when the report is full (the first ones
 * are there; score and verdict count all). */
davy_status dv_findings_write(struct davy_report *report,
                              const struct dv_rule_eval *eval,
                              const struct dv_ruleset *set,
                              const struct dv_findings_target *target,
                              struct dv_mem *mem);

#endif

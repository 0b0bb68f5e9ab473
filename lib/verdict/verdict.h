/* SPDX-License-Identifier: MIT */
/* verdict.h - weighs findings: score, verdict, families (DESIGN 9). */

#ifndef DV_VERDICT_H
#define DV_VERDICT_H

#include <davy/davy.h>
#include <stdbool.h>

#include "base/vec.h"

/* From this score on a target is a miner. */
#define DV_MINER_SCORE 70

/* What one finding brings to the scales.  Strings are borrowed. */
struct dv_weight {
    const char *rule;                   /* id: a rule counts once */
    const char *layer;
    const char *family;                 /* "" for none */
    davy_confidence confidence;
    int points;                         /* -100 to 100 */
    int added;                          /* out: what it added to the sum */
};

struct dv_family_weight {
    const char *name;
    int points;
};

struct dv_judgement {
    davy_verdict verdict;
    int score;                          /* 0-100 */
    struct dv_vec families;             /* struct dv_family_weight, heaviest
                                         * first */
};

void dv_verdict_init(struct dv_judgement *judgement, struct dv_mem *mem);
void dv_verdict_fini(struct dv_judgement *judgement);

/* Weigh `count` weights, writing each one's `added`.  Linear in the number of
 * weights times the number of different rules among them.  DAVY_OK or
 * DAVY_NO_MEMORY. */
davy_status dv_verdict_weigh(struct dv_judgement *judgement,
                             struct dv_weight *weights, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/* verdict.c - turns weights of findings into a verdict.
 *
 * Points are summed, each rule once.  A miner needs 70 points that stand on
 * solid ground: one finding of 70, or findings of at least 35 from two
 * different layers.  Anything less is cut to 69, "suspicious".  A discount
 * counts only while no conclusive finding speaks: nobody buys immunity by
 * adding a captcha to a miner. */

#include "verdict/verdict.h"

#include <string.h>

#define SUSPICIOUS_SCORE 40
#define STRONG_POINTS    35
#define MAX_SCORE        100

/* A report has at most limits.findings findings, each with one family. */
#define MAX_FAMILIES 4096

void
dv_verdict_init(struct dv_judgement *judgement, struct dv_mem *mem)
{
    memset(judgement, 0, sizeof(*judgement));
    dv_vec_init(&judgement->families, mem, sizeof(struct dv_family_weight),
                MAX_FAMILIES);
}

void
dv_verdict_fini(struct dv_judgement *judgement)
{
    dv_vec_fini(&judgement->families);
}

static bool
is_repeated(const struct dv_weight *weights, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(weights[k].rule, weights[i].rule) == 0)
            return true;
    }
    return false;
}

static bool
has_conclusive(const struct dv_weight *weights, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (weights[i].confidence == DAVY_CONFIDENCE_CONCLUSIVE)
            return true;
    }
    return false;
}

static int
sum_points(struct dv_weight *weights, size_t count)
{
    const bool is_certain = has_conclusive(weights, count);
    long sum = 0;

    for (size_t i = 0; i < count; i++) {
        struct dv_weight *w = &weights[i];
        const bool counts = !(w->points < 0 && is_certain);

        w->added = counts && !is_repeated(weights, i) ? w->points : 0;
        sum += w->added;
    }
    return sum < 0 ? 0 : sum > MAX_SCORE ? MAX_SCORE : (int)sum;
}

static bool
is_well_founded(const struct dv_weight *weights, size_t count)
{
    const char *strong_layer = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct dv_weight *w = &weights[i];

        if (w->added >= DV_MINER_SCORE)
            return true;
        if (w->added < STRONG_POINTS)
            continue;
        if (strong_layer != NULL && strcmp(strong_layer, w->layer) != 0)
            return true;
        strong_layer = w->layer;
    }
    return false;
}

static struct dv_family_weight *
find_family(struct dv_vec *families, const char *name)
{
    struct dv_family_weight *family;

    for (size_t i = 0; i < families->len; i++) {
        family = dv_vec_at(families, i);
        if (strcmp(family->name, name) == 0)
            return family;
    }
    family = dv_vec_push(families);
    if (family != NULL)
        family->name = name;
    return family;
}

/* Insertion sort: families are few, and equal ones keep their order. */
static void
sort_families(struct dv_vec *families)
{
    struct dv_family_weight *f = families->at;

    for (size_t i = 1; i < families->len; i++) {
        const struct dv_family_weight moving = f[i];
        size_t k = i;

        for (; k > 0 && f[k - 1].points < moving.points; k--)
            f[k] = f[k - 1];
        f[k] = moving;
    }
}

static davy_status
collect_families(struct dv_judgement *judgement,
                 const struct dv_weight *weights, size_t count)
{
    dv_vec_clear(&judgement->families);
    for (size_t i = 0; i < count; i++) {
        struct dv_family_weight *family;

        if (weights[i].family[0] == '\0' || weights[i].points <= 0)
            continue;
        family = find_family(&judgement->families, weights[i].family);
        if (family == NULL)
            return DAVY_NO_MEMORY;
        family->points += weights[i].added;
    }
    sort_families(&judgement->families);
    return DAVY_OK;
}

davy_status
dv_verdict_weigh(struct dv_judgement *judgement, struct dv_weight *weights,
                 size_t count)
{
    int score = sum_points(weights, count);

    if (score >= DV_MINER_SCORE && !is_well_founded(weights, count))
        score = DV_MINER_SCORE - 1;
    judgement->score = score;
    judgement->verdict = score >= DV_MINER_SCORE        ? DAVY_VERDICT_MINER
                         : score >= SUSPICIOUS_SCORE ? DAVY_VERDICT_SUSPICIOUS
                                                     : DAVY_VERDICT_CLEAN;
    return collect_families(judgement, weights, count);
}

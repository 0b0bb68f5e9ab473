/* SPDX-License-Identifier: MIT */
/* eval.h - runs a script over a model of the browser in which everything that
 * is not known is `unknown`, and tells what it does there.
 *
 * It never touches network, clock, files or the host, and is deterministic.
 * Budgets (limits.def, eval_*) bound it; what happened until one was used up
 * was told. */

#ifndef DV_EVAL_H
#define DV_EVAL_H

#include <davy/davy.h>

#include "eval/eval_heap.h"
#include "js/js_ast.h"

enum dv_effect_kind {
    DV_EFFECT_CALL,
    DV_EFFECT_CODE,             /* a call, whose text this run runs as well */
    DV_EFFECT_NEW,
    DV_EFFECT_ASSIGN            /* one argument: the value */
};

struct dv_eval;

/* Something that the script does to what is outside of it. */
struct dv_effect {
    enum dv_effect_kind kind;
    struct dv_span path;        /* as in lib/fact/fact.def: calls */
    struct dv_span tag;         /* of the created element it is done to */
    const struct dv_value *args;
    size_t count;
    size_t at, len;             /* what in the script does it */
    uint32_t node;              /* the call; 0 inside of evaluated text */
};

enum dv_worth { DV_WORTH_NOTHING, DV_WORTH_SOME, DV_WORTH_MUCH };

struct dv_eval_events {
    void (*effect)(void *ctx, struct dv_eval *run,
                   const struct dv_effect *effect);
    /* A text that was computed, and is compared, or a key, or a part of an
     * object: what an analyst wants to read.  Each once. */
    void (*text)(void *ctx, struct dv_eval *run, struct dv_span text,
                 size_t at, size_t len);
    /* What the key of MemberExpression `node` of the script, which is computed,
     * is when it is first used. */
    void (*key)(void *ctx, uint32_t node, struct dv_span key);
    /* Whether function or catch clause `node` of the script, which nobody
     * called, is worth a run. */
    enum dv_worth (*worth)(void *ctx, uint32_t node);
    uint64_t max_steps;         /* for everything */
    uint64_t explore_steps;     /* for all of those together */
    void *ctx;
};

/* Used for one script after the other. */
davy_status dv_eval_new(struct dv_mem *mem, const davy_limits *limits,
                        struct dv_eval **run);
void dv_eval_free(struct dv_eval *run);

/* Run the script of `tree`, its callbacks, and what is never called.  DAVY_OK;
 * DAVY_LIMIT when a budget was used up before the last of these (which is a
 * guess anyway, and ends when it has done enough); DAVY_NO_MEMORY. */
davy_status dv_eval_script(struct dv_eval *run, const struct dv_js_tree *tree,
                           const struct dv_eval_events *events);

/* What was used up, for people; NULL when nothing was. */
const char *dv_eval_limit(const struct dv_eval *run);
uint64_t dv_eval_steps(const struct dv_eval *run);

/* ---- Values, while an effect is told ---- */

enum dv_effect_type {
    DV_EFFECT_OTHER,
    DV_EFFECT_TEXT,
    DV_EFFECT_NUMBER,
    DV_EFFECT_SIMPLE,           /* true, false, null, undefined; as text */
    DV_EFFECT_LIST,
    DV_EFFECT_OBJECT,
    DV_EFFECT_BYTES             /* a buffer or typed array */
};

/* `text` is WTF-8 (bytes of BYTES as they are) and lives until the next call;
 * of NUMBER it is the number in writing. */
enum dv_effect_type dv_eval_look(struct dv_eval *run, struct dv_value value,
                                 struct dv_span *text, double *number);

/* Item `i` of a LIST, property `i` of an OBJECT; false beyond the end.  The key
 * lives until the run ends. */
bool dv_eval_look_at(struct dv_eval *run, struct dv_value value, size_t i,
                     struct dv_span *key, struct dv_value *item);

#endif

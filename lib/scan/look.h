/* SPDX-License-Identifier: MIT */
/* look.h - looks at every artifact of a target: parse, facts, rules. */

#ifndef DV_LOOK_H
#define DV_LOOK_H

#include <davy/davy.h>

#include "action/report.h"
#include "fact/fact.h"
#include "fact/fact_js.h"
#include "html/html_place.h"
#include "js/js_ast.h"
#include "native/native.h"
#include "rule/rule_eval.h"
#include "scan/artifact.h"
#include "scan/cuts.h"
#include "scan/sniff.h"
#include "url/url.h"

/* Called for what one stage saw, when somebody wants to see it printed. */
struct dv_look_watch {
    void (*place)(void *ctx, const struct dv_html_place *place);
    void (*tree)(void *ctx, const struct dv_js_tree *tree);
    void (*facts)(void *ctx, uint32_t artifact,
                  const struct dv_facts *facts);
    dv_effect_fn *effect;       /* makes every script be evaluated */
    void (*script)(void *ctx);  /* before those of one script */
    void *ctx;
};

/* What is known of the target besides its bytes. */
struct dv_look_target {
    struct dv_sniff_hint hint;
    struct dv_span address;             /* absolute or empty */
    struct dv_span document;            /* the same */
    const char *label;                  /* its name in paths */
};

/* The stages and what they need, made once per scanner and used for every
 * artifact of every target. */
struct dv_look {
    struct dv_mem *mem;
    const davy_limits *limits;
    unsigned flags;                     /* DAVY_SCAN_* */
    struct dv_arena arena;              /* texts, for one round */
    struct dv_artifacts tree;
    struct dv_cuts cuts;                /* where code stands in the target */
    struct dv_facts facts;
    struct dv_js_tree script;
    struct dv_fact_js *js;
    struct dv_rule_eval *eval;
    struct davy_report *report;         /* limits and resources go there */
    const struct dv_look_watch *watch;  /* or NULL */

    bool is_second;                     /* pages are given to Gumbo */
    bool is_undecided;                  /* a first look gave up */
    size_t limits_before;               /* of the report, when it began */
    size_t nested_left;                 /* bytes that artifacts may hold */
    davy_status status;
    const struct dv_url *base;          /* of the artifact, or NULL */
    bool has_base_element;
    uint32_t current;                   /* artifact that is looked at */
    enum dv_sniff_type type;            /* of the target */
};

/* `report` must outlive the look.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_look_init(struct dv_look *look, struct dv_mem *mem,
                         const struct dv_ruleset *ruleset,
                         const davy_limits *limits, unsigned flags,
                         struct davy_report *report);
void dv_look_fini(struct dv_look *look);

/* Look at a target and all that is in it.  Pages get the first look; when a
 * rule held anywhere, or a first look gave up, everything is looked at again
 * with Gumbo.  Hits stand in look->eval, places in look->tree.  DAVY_OK (limits
 * are in the report), DAVY_NO_MEMORY. */
davy_status dv_look_run(struct dv_look *look, struct dv_span bytes,
                        const struct dv_look_target *target);

/* Ask the rules about what was found in a download so far; `is_partial` when
 * more may come.  Each of its nodes is an artifact of that number.  Answers as
 * dv_look_run. */
davy_status dv_look_native(struct dv_look *look,
                           const struct dv_native *native,
                           const struct dv_look_target *target,
                           bool is_partial);

/* Ask the rules of an address alone.  DAVY_MALFORMED when it is none. */
davy_status dv_look_address(struct dv_look *look,
                            const struct dv_look_target *target);

#endif

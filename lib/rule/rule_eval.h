/* SPDX-License-Identifier: MIT */
/* rule_eval.h - asks the rules of a ruleset about the facts of a target.
 *
 *     dv_rule_eval_begin(eval, document);
 *     for each artifact: dv_rule_eval_artifact(eval, facts, number);
 *     dv_rule_eval_end(eval);
 *     hits = dv_rule_eval_hits(eval, &count);
 *
 * What it costs on facts that nothing matches: one literal scan of their
 * stream, and a look at the kind of each fact. */

#ifndef DV_RULE_EVAL_H
#define DV_RULE_EVAL_H

#include "fact/fact.h"
#include "rule/ruleset.h"

/* Bytes of a fact's text that are kept for evidence. */
#define DV_EVIDENCE_BYTES 200

/* A rule that held. */
struct dv_rule_hit {
    uint32_t rule;                      /* index in the ruleset */
    uint32_t artifact;                  /* number given by the caller */
    uint32_t at;                        /* place of the fact that the first
                                         * leaf of the rule matched */
    uint32_t len;
    struct dv_span text;                /* the front of that fact's text */
    struct dv_span list_line;           /* of lists: the line that matched;
                                         * else empty */
};

/* One more place at which a rule that hit would have hit, too. */
struct dv_rule_echo {
    uint32_t rule;
    uint32_t at;
    uint32_t len;
};

struct dv_rule_eval;

/* An evaluator for one thread.  The ruleset must outlive it; `limits` is
 * copied.  DAVY_OK or DAVY_NO_MEMORY. */
davy_status dv_rule_eval_new(const struct dv_ruleset *set, struct dv_mem *mem,
                             const davy_limits *limits,
                             struct dv_rule_eval **eval);
void dv_rule_eval_free(struct dv_rule_eval *eval);

/* Start a target; hits of the last one are gone.  `document` (may be NULL)
 * decides which addresses are third-party and must live until the end. */
void dv_rule_eval_begin(struct dv_rule_eval *eval,
                        const struct dv_url *document);

/* Whether facts may hold more than is really there, as after a first look.
 * Then `none` is taken to hold, so that no rule is missed for a fact that is
 * not real.  Off after begin. */
void dv_rule_eval_widen(struct dv_rule_eval *eval, bool is_wide);

/* Whether more facts will come of what is asked about.  Then `none` is taken
 * not to hold, so that no later fact takes back what was found.  Off after
 * begin. */
void dv_rule_eval_partial(struct dv_rule_eval *eval, bool is_partial);

/* Whether to go on after the first place of a rule and keep the others, up to
 * some thousand: for one artifact whose parts are to be cut out.  Off after
 * begin. */
void dv_rule_eval_keep(struct dv_rule_eval *eval, bool keeps_echoes);

/* Ask all rules about the facts of one artifact; each rule of artifact scope
 * hits at most once in it.  DAVY_OK; DAVY_LIMIT when limits.hits or the work
 * that one artifact may cost was reached (what was found is valid);
 * DAVY_NO_MEMORY. */
davy_status dv_rule_eval_artifact(struct dv_rule_eval *eval,
                                  const struct dv_facts *facts,
                                  uint32_t artifact);

/* Ask the rules of page scope.  Answers as above. */
davy_status dv_rule_eval_end(struct dv_rule_eval *eval);

/* The hits so far, in the order of artifacts and rules; good until the next
 * call. */
const struct dv_rule_hit *dv_rule_eval_hits(const struct dv_rule_eval *eval,
                                            size_t *count);

/* What was kept, good until the next call. */
const struct dv_rule_echo *
dv_rule_eval_echoes(const struct dv_rule_eval *eval, size_t *count);

#endif

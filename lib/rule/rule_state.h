/* SPDX-License-Identifier: MIT */
/* rule_state.h - what an evaluator knows while it asks; for rule_eval*.c. */

#ifndef DV_RULE_STATE_H
#define DV_RULE_STATE_H

#include "base/strmap.h"
#include "rule/rule_eval.h"

/* Bytes of text that patterns may be tried on, for each byte of facts.  Facts
 * of real pages need less than one; this bounds what hostile ones can cost. */
#define DV_EVAL_WORK 64

/* What a leaf found so far: in this artifact, or in the target for leaves of
 * page scope. */
struct dv_leaf_state {
    uint32_t count;                     /* facts that matched */
    uint32_t asked;                     /* facts whose text matched, in this
                                         * artifact */
    uint64_t last;                      /* serial of the one asked last */
    uint64_t numbers;                   /* NUMBERS: bit for each one seen */
    struct dv_rule_hit place;           /* of the first */
};

/* Another fact that a leaf matched. */
struct dv_leaf_place {
    uint32_t leaf;
    uint32_t at;
    uint32_t len;
};

struct dv_rule_eval {
    struct dv_mem *mem;
    const struct dv_ruleset *set;
    size_t max_hits;
    struct dv_match_scratch *scratch;   /* of the scan over the stream */
    struct dv_match_scratch *inner;     /* of expressions, tried inside it */
    struct dv_leaf_state *states;
    uint64_t *tried;                    /* for each reference of an atom: the
                                         * serial of the fact tried last */
    struct dv_vec touched;              /* uint32_t: leaves with a state to
                                         * forget after this artifact */
    uint64_t *rules;                    /* bit: a leaf of it held in this
                                         * artifact */
    uint64_t *page_rules;               /* bit: in this target */
    struct dv_vec hits;                 /* struct dv_rule_hit */
    struct dv_arena texts;              /* of hits; until the next begin */
    struct dv_arena urls;               /* of one address */
    const struct dv_url *document;
    bool is_wide;
    bool is_partial;
    bool keeps_echoes;                  /* see dv_rule_eval_keep */
    struct dv_vec places;               /* struct dv_leaf_place, of this
                                         * artifact, when echoes are kept */
    struct dv_vec echoes;               /* struct dv_rule_echo */

    /* The artifact being asked. */
    const struct dv_facts *facts;
    uint32_t artifact;
    uint64_t base;                      /* serial of its first fact */
    const struct dv_fact *near;         /* where the last atom was */
    uint64_t work;                      /* bytes that may still be tried */
    uint64_t reserve;                   /* of these, not for echoes */
    uint64_t lists;                     /* bit: the list hit here */
    struct dv_vec children;             /* uint32_t, two for each fact: first
                                         * child and next sibling */
    bool has_children;
    struct dv_strmap wallets;           /* address -> fact */
    bool has_wallets;
    davy_status status;
};

/* rule_leaf_eval.c: one fact and one leaf. */

/* The callback of the literal scan. */
bool dv_leaf_eval_atom(void *ctx, uint32_t literal, size_t end);

/* Ask a leaf without atoms about a fact. */
void dv_leaf_eval_fact(struct dv_rule_eval *eval, uint32_t leaf,
                       const struct dv_fact *fact);

/* Ask all leaves that look for this number. */
void dv_leaf_eval_number(struct dv_rule_eval *eval,
                         const struct dv_fact *fact);

/* rule_part_eval.c: arguments of a call, attributes of an element. */
bool dv_part_eval_all(struct dv_rule_eval *eval, const struct dv_leaf *leaf,
                      const struct dv_fact *parent);

/* Whether a pattern matches `text`, within the budget. */
bool dv_pattern_eval(struct dv_rule_eval *eval,
                     const struct dv_pattern *pattern, struct dv_span text);

/* The budget lets `bytes` more be tried. */
bool dv_work_take(struct dv_rule_eval *eval, size_t bytes);

/* The part of a text before the first `=` or `:`; see DV_VIEW_NAME. */
struct dv_span dv_view_name(struct dv_span text, uint8_t separator);

/* rule_list_eval.c: addresses and lists. */
void dv_list_eval_url(struct dv_rule_eval *eval, const struct dv_fact *fact);

/* rule_eval.c */
void dv_rule_eval_add_hit(struct dv_rule_eval *eval,
                          const struct dv_rule_hit *hit);

/* A hit's place at `fact`; its text is borrowed. */
struct dv_rule_hit dv_rule_eval_place(const struct dv_rule_eval *eval,
                                      const struct dv_fact *fact);

/* Keep another place of a rule that hit; nothing is said when there is no
 * room. */
void dv_rule_eval_echo(struct dv_rule_eval *eval, uint32_t rule, uint32_t at,
                       uint32_t len);

static inline uint32_t
dv_fact_index(const struct dv_facts *facts, const struct dv_fact *fact)
{
    return (uint32_t)(fact - (const struct dv_fact *)facts->facts.at);
}

#endif

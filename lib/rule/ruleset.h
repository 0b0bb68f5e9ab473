/* SPDX-License-Identifier: MIT */
/* ruleset.h - compiled rules and lists: filled by a builder, then frozen,
 * counted and shared. */

#ifndef DV_RULESET_H
#define DV_RULESET_H

#include <stdatomic.h>

#include "fact/fact.h"
#include "native/native_terms.h"
#include "rule/rule.h"
#include "url/listset.h"

/* Rules, and regular expressions, of one ruleset. */
#define DV_RULESET_RULES   ((size_t)100000)
#define DV_RULESET_REGEXES ((size_t)DV_MATCH_REGEXES)

/* A regular expression. */
struct dv_ruleset_regex {
    struct dv_span source;
    bool is_nocase;
    struct dv_match_regex *regex;
};

/* A list of addresses. */
struct dv_ruleset_list {
    davy_list_info info;
    bool is_allow_list;
    uint32_t rule;                      /* index of the rule it acts as;
                                         * DV_RULE_NONE for allow lists */
    struct dv_span text;                /* its bytes, for evidence */
};

/* What an atom of the literal database leads to. */
struct dv_ruleset_ref {
    uint32_t leaf;
    uint16_t glob;                      /* alternative; unused for regexes */
    bool is_proof;                      /* the atom is all there is to find */
};

struct dv_ruleset_atom {
    uint32_t first;                     /* in refs; ends where the next
                                         * begins */
    uint8_t tail;                       /* 1: the NUL behind is part of it */
    uint8_t length;                     /* without NULs */
};

/* One number that a leaf asks for, under its hash. */
struct dv_ruleset_number {
    double value;
    uint32_t leaf;                      /* DV_RULE_NONE: empty */
    uint32_t bit;
};

struct dv_ruleset {
    struct dv_mem mem;
    atomic_size_t refs;
    struct dv_arena arena;              /* all texts, patterns, tables */
    struct dv_vec rules;                /* struct dv_rule, by id once frozen */
    struct dv_vec conds;                /* struct dv_cond */
    struct dv_vec leaves;               /* struct dv_leaf */
    struct dv_vec regexes;              /* struct dv_ruleset_regex */
    struct dv_vec lists;                /* struct dv_ruleset_list, by number */
    struct dv_vec standins;             /* struct dv_standin */
    struct dv_listset listset;
    const char *pack_name;
    const char *pack_version;

    /* Made by dv_rule_compile. */
    struct dv_match_literals *literals; /* NULL when there are none */
    struct dv_native_terms *native;     /* of leaves that ask for texts and
                                         * files; NULL when there are none */
    struct dv_ruleset_atom *atoms;      /* one more than there are */
    uint32_t atoms_count;
    struct dv_ruleset_ref *atom_refs;
    uint32_t atom_refs_count;
    struct dv_ruleset_number *numbers;  /* open addressing */
    size_t numbers_size;                /* a power of two, or 0 */
    uint32_t *unanchored;               /* leaves without atoms: expressions
                                         * and wallets */
    uint32_t unanchored_count;
    uint32_t unanchored_kinds;          /* bit for each fact kind */
    bool has_block_lists;
};

/* An empty one with one reference.  DAVY_OK or DAVY_NO_MEMORY. */
davy_status dv_ruleset_new(const davy_allocator *hooks,
                           struct dv_ruleset **set);
struct dv_ruleset *dv_ruleset_ref(struct dv_ruleset *set);
void dv_ruleset_unref(struct dv_ruleset *set);

/* A checked expression; equal ones are one.  Answers as dv_match_regex_new, and
 * DAVY_LIMIT when there are too many. */
davy_status dv_ruleset_regex(struct dv_ruleset *set, struct dv_span source,
                             bool is_nocase, struct dv_match_error *error,
                             const struct dv_match_regex **regex);

size_t dv_ruleset_rules_count(const struct dv_ruleset *set);

/* Answers as the davy_* functions of the same names. */
davy_status dv_ruleset_rule(const struct dv_ruleset *set, size_t i,
                            davy_rule_info *info);
davy_status dv_ruleset_rule_test(const struct dv_ruleset *set, size_t i,
                                 size_t j, davy_rule_test *test);
size_t dv_ruleset_lists_count(const struct dv_ruleset *set);
davy_status dv_ruleset_list(const struct dv_ruleset *set, size_t i,
                            davy_list_info *info);

static inline const struct dv_rule *
dv_ruleset_rule_at(const struct dv_ruleset *set, size_t i)
{
    return dv_vec_at(&set->rules, i);
}

static inline struct dv_leaf *
dv_ruleset_leaf_at(const struct dv_ruleset *set, size_t i)
{
    return dv_vec_at(&set->leaves, i);
}

static inline const struct dv_cond *
dv_ruleset_cond_at(const struct dv_ruleset *set, size_t i)
{
    return dv_vec_at(&set->conds, i);
}

/* ---- Slot ------------------------------------------------------------- */

struct dv_slot;

davy_status dv_slot_new(struct dv_ruleset *set, struct dv_slot **slot);
struct dv_ruleset *dv_slot_get(struct dv_slot *slot);
void dv_slot_swap(struct dv_slot *slot, struct dv_ruleset *set);
void dv_slot_free(struct dv_slot *slot);

#endif

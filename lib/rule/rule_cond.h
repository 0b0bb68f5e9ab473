/* SPDX-License-Identifier: MIT */
/* rule_cond.h - reads the condition of a rule into the flat arrays of a
 * ruleset. */

#ifndef DV_RULE_COND_H
#define DV_RULE_COND_H

#include "rule/rule_pattern.h"

/* The rule whose condition is read. */
struct dv_cond_reader {
    struct dv_pattern_reader pattern;
    uint32_t rule;                      /* index */
    bool is_page_scope;
    unsigned depth;
};

/* Keys that may stand beside a leaf's. */
enum {
    DV_BESIDE_TIMES = 1,
    DV_BESIDE_ARGS = 2,
    DV_BESIDE_ATTRS = 4,
    DV_BESIDE_KINDS = 8,
    DV_BESIDE_AT_LEAST = 16,
    DV_BESIDE_IN = 32
};

/* Append the condition that `node` describes; `index` gets its place in
 * set->conds.  False when something is wrong (said). */
bool dv_cond_read(struct dv_cond_reader *reader,
                  const struct dv_yaml_node *node, uint32_t *index);

/* The leaf types by their keys; DV_LEAF_TYPES for no such key. */
enum dv_leaf_type dv_leaf_of_key(struct dv_span key);

/* Read the leaf that stands under its key; `map` is the mapping around.
 * False when something is wrong (said). */
bool dv_leaf_read(struct dv_cond_reader *reader,
                  const struct dv_yaml_node *map,
                  const struct dv_yaml_node *value, enum dv_leaf_type type,
                  struct dv_leaf *leaf);

#endif

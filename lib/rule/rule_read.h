/* SPDX-License-Identifier: MIT */
/* rule_read.h - reads a file of rules into a ruleset that is being built. */

#ifndef DV_RULE_READ_H
#define DV_RULE_READ_H

#include "base/strmap.h"
#include "rule/rule_check.h"
#include "rule/ruleset.h"

/* Read the tree of a file.  `ids` maps the ids of all rules so far to their
 * index.  What is wrong is said; check->status tells of memory. */
void dv_rule_read_file(struct dv_check *check, struct dv_ruleset *set,
                       struct dv_strmap *ids, const struct dv_yaml_node *root);

/* Take `id` for a rule, or say who has it. */
void dv_rule_take_id(struct dv_check *check, struct dv_ruleset *set,
                     struct dv_strmap *ids, const char *id, uint32_t rule,
                     struct dv_place place);

#endif

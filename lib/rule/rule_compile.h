/* SPDX-License-Identifier: MIT */
/* rule_compile.h - makes a ruleset ready to be asked. */

#ifndef DV_RULE_COMPILE_H
#define DV_RULE_COMPILE_H

#include "rule/ruleset.h"

/* Bring the rules in order, freeze the lists and build all indexes.  Once per
 * ruleset; it must not change afterwards.  DAVY_OK, DAVY_NO_MEMORY,
 * DAVY_LIMIT, DAVY_DECLINED when this processor is too old. */
davy_status dv_rule_compile(struct dv_ruleset *set);

/* Where the entries for a number begin in set->numbers. */
size_t dv_rule_number_slot(const struct dv_ruleset *set, double number);

/* The pattern that a leaf is found by. */
const struct dv_pattern *dv_leaf_anchor(const struct dv_leaf *leaf);

#endif

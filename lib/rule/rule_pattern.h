/* SPDX-License-Identifier: MIT */
/* rule_pattern.h - reads the patterns that leaves are made of. */

#ifndef DV_RULE_PATTERN_H
#define DV_RULE_PATTERN_H

#include "rule/rule_check.h"
#include "rule/ruleset.h"

/* Bytes of a regular expression, and the most that one repetition may ask for:
 * this keeps compiling one below some milliseconds. */
#define DV_REGEX_BYTES  512
#define DV_REGEX_REPEAT 512

/* Expressions with more positions than this are compiled when they are read,
 * because only then it shows that one is too large. */
#define DV_REGEX_POSITIONS 256

/* Where patterns are read into, and what is shared by reading them. */
struct dv_pattern_reader {
    struct dv_check *check;
    struct dv_ruleset *set;
};

/* Read a pattern: a scalar is a glob, a mapping has exactly one of `glob`,
 * `equals`, `contains`, `starts`, `ends`, `regex`, and maybe `nocase`.  Where
 * `is_new` is given, a leading word `new` is taken off and told there.  False
 * when the pattern is wrong (said). */
bool dv_pattern_read(struct dv_pattern_reader *reader,
                     const struct dv_yaml_node *node, bool *is_new,
                     struct dv_pattern *pattern);

/* The same for a pattern whose keys stand in a mapping beside `others`, and
 * may be absent: `has` tells.  False when something is wrong (said). */
bool dv_pattern_read_beside(struct dv_pattern_reader *reader,
                            const struct dv_yaml_node *map,
                            const char *const *others, size_t others_count,
                            const char *what, struct dv_pattern *pattern,
                            bool *has);

/* Length of the shortest atom of the alternatives; 0 when one of them has none
 * that is long enough. */
size_t dv_pattern_atom(const struct dv_pattern *pattern);

#endif

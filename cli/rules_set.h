/* SPDX-License-Identifier: MIT */
/* rules_set.h - the rules that a `davy rules` command is about. */

#ifndef RULES_SET_H
#define RULES_SET_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stddef.h>

#include "cli/args.h"

struct rules_set {
    davy_builder *builder;              /* has the messages */
    davy_ruleset *ruleset;              /* NULL when rules are wrong */
    const char **ids;                   /* globs; none: all rules */
    size_t ids_count;
    bool is_readable;                   /* every path is there */
};

/* Operands that name a file or folder, or look like one, are loaded in place
 * of the pack; the others are ids. */
void rules_set_load(struct rules_set *set, const struct args *args);
void rules_set_fini(struct rules_set *set);

/* The same, but say what is wrong on standard error; false when the rules
 * cannot be used or an id is none. */
bool rules_set_load_usable(struct rules_set *set, const struct args *args);

/* Rule `i` if it is meant; false at the end.  `i` is moved on. */
bool rules_set_next(const struct rules_set *set, size_t *i,
                    davy_rule_info *info);

/* --format text or json; false after a message. */
bool rules_set_wants_json(const struct args *args, bool *wants_json);

#endif

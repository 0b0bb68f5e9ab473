/* SPDX-License-Identifier: MIT */
/* rules_set.c - the rules that a `davy rules` command is about. */

#include "cli/rules_set.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/packs.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

static bool
is_path(const char *operand)
{
    return strchr(operand, '/') != NULL || strstr(operand, ".y") != NULL
           || access(operand, F_OK) == 0;
}

void
rules_set_load(struct rules_set *set, const struct args *args)
{
    size_t paths = 0;
    char *folder;

    memset(set, 0, sizeof(*set));
    set->is_readable = true;
    if (davy_builder_new(NULL, &set->builder) != DAVY_OK)
        fatal("out of memory");
    for (size_t i = 0; i < args->operands_count; i++) {
        const char *operand = args->operands[i];

        if (is_path(operand)) {
            set->is_readable &= packs_add(set->builder, operand);
            paths++;
            continue;
        }
        set->ids = fatal_grow(set->ids, set->ids_count, sizeof(*set->ids));
        set->ids[set->ids_count++] = operand;
    }
    if (paths == 0) {
        folder = packs_folder(args);
        set->is_readable &= packs_add(set->builder, folder);
        free(folder);
    }
    if (set->is_readable)
        (void)davy_builder_build(set->builder, &set->ruleset);
}

void
rules_set_fini(struct rules_set *set)
{
    davy_ruleset_unref(set->ruleset);
    davy_builder_free(set->builder);
    free(set->ids);
    memset(set, 0, sizeof(*set));
}

static bool
is_meant(const struct rules_set *set, const davy_rule_info *info)
{
    for (size_t i = 0; i < set->ids_count; i++) {
        if (fnmatch(set->ids[i], info->id, FNM_CASEFOLD) == 0)
            return true;
    }
    return set->ids_count == 0;
}

bool
rules_set_next(const struct rules_set *set, size_t *i, davy_rule_info *info)
{
    while (davy_ruleset_rule(set->ruleset, *i, info) == DAVY_OK) {
        *i += 1;
        if (is_meant(set, info))
            return true;
    }
    return false;
}

/* Every id must be that of a rule: a typing error is no success. */
static bool
are_ids_known(const struct rules_set *set)
{
    bool are_known = true;

    for (size_t k = 0; k < set->ids_count; k++) {
        struct rules_set one = *set;
        davy_rule_info info;
        size_t i = 0;

        one.ids = &set->ids[k];
        one.ids_count = 1;
        if (!rules_set_next(&one, &i, &info)) {
            log_error("there is no rule %s; davy rules list shows all",
                      set->ids[k]);
            are_known = false;
        }
    }
    return are_known;
}

bool
rules_set_load_usable(struct rules_set *set, const struct args *args)
{
    rules_set_load(set, args);
    packs_print_messages(davy_builder_messages(set->builder), stderr, false);
    if (set->ruleset == NULL && set->is_readable)
        log_error("the rules cannot be used");
    return set->ruleset != NULL && are_ids_known(set);
}

bool
rules_set_wants_json(const struct args *args, bool *wants_json)
{
    static const char *const formats[] = { "text", "json", NULL };
    int format = 0;

    if (!args_choice(args, ARGS_FORMAT, formats, &format))
        return false;
    *wants_json = format == 1;
    return true;
}

/* SPDX-License-Identifier: MIT */
/* ruleset.c - holds compiled rules, counts who uses them, tells about them. */

#include "rule/ruleset.h"

#include "rule/standin.h"

#define MAX_CONDS  ((size_t)1 << 22)
#define MAX_LEAVES ((size_t)1 << 22)

/* Points by enum davy_confidence; docs/RULES.md tells authors. */
static const int rule_scores[] = { 10, 35, 60, 80 };
static const int list_scores[] = { 10, 40, 60, 80 };

int
dv_rule_score(enum davy_confidence confidence)
{
    return rule_scores[confidence];
}

int
dv_rule_list_score(enum davy_confidence confidence)
{
    return list_scores[confidence];
}

davy_status
dv_ruleset_new(const davy_allocator *hooks, struct dv_ruleset **set)
{
    struct dv_mem mem;
    struct dv_ruleset *made;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    made = dv_mem_calloc(&mem, 1, sizeof(*made));
    if (made == NULL)
        return DAVY_NO_MEMORY;
    made->mem = mem;
    atomic_init(&made->refs, 1);
    made->pack_name = "";
    made->pack_version = "";
    dv_arena_init(&made->arena, &made->mem);
    dv_vec_init(&made->rules, &made->mem, sizeof(struct dv_rule),
                DV_RULESET_RULES);
    dv_vec_init(&made->conds, &made->mem, sizeof(struct dv_cond), MAX_CONDS);
    dv_vec_init(&made->leaves, &made->mem, sizeof(struct dv_leaf), MAX_LEAVES);
    dv_vec_init(&made->regexes, &made->mem, sizeof(struct dv_ruleset_regex),
                DV_RULESET_REGEXES);
    dv_vec_init(&made->lists, &made->mem, sizeof(struct dv_ruleset_list),
                DV_LISTSET_LISTS);
    dv_vec_init(&made->standins, &made->mem, sizeof(struct dv_standin),
                DV_STANDINS);
    dv_listset_init(&made->listset, &made->mem);
    *set = made;
    return DAVY_OK;
}

struct dv_ruleset *
dv_ruleset_ref(struct dv_ruleset *set)
{
    /* A new holder comes from an old one: nothing to order. */
    atomic_fetch_add_explicit(&set->refs, 1, memory_order_relaxed);
    return set;
}

static void
free_ruleset(struct dv_ruleset *set)
{
    struct dv_mem mem;

    for (size_t i = 0; i < set->regexes.len; i++) {
        struct dv_ruleset_regex *entry = dv_vec_at(&set->regexes, i);

        dv_match_regex_free(entry->regex);
    }
    dv_match_literals_free(set->literals);
    dv_native_terms_free(set->native);
    dv_listset_fini(&set->listset);
    dv_vec_fini(&set->rules);
    dv_vec_fini(&set->conds);
    dv_vec_fini(&set->leaves);
    dv_vec_fini(&set->regexes);
    dv_vec_fini(&set->lists);
    dv_vec_fini(&set->standins);
    dv_arena_fini(&set->arena);
    mem = set->mem;                     /* the account lies in the block */
    dv_mem_free(&mem, set, sizeof(*set));
}

void
dv_ruleset_unref(struct dv_ruleset *set)
{
    if (set == NULL)
        return;
    /* The last one must see all that others did with it. */
    if (atomic_fetch_sub_explicit(&set->refs, 1, memory_order_acq_rel) == 1)
        free_ruleset(set);
}

davy_status
dv_ruleset_regex(struct dv_ruleset *set, struct dv_span source,
                 bool is_nocase, struct dv_match_error *error,
                 const struct dv_match_regex **regex)
{
    struct dv_ruleset_regex *entry;
    davy_status st;

    for (size_t i = 0; i < set->regexes.len; i++) {
        entry = dv_vec_at(&set->regexes, i);
        if (entry->is_nocase == is_nocase
            && dv_span_equal(entry->source, source)) {
            *regex = entry->regex;
            return DAVY_OK;
        }
    }
    if (dv_vec_is_full(&set->regexes))
        return DAVY_LIMIT;
    entry = dv_vec_push(&set->regexes);
    if (entry == NULL)
        return DAVY_NO_MEMORY;
    entry->is_nocase = is_nocase;
    st = dv_match_regex_new(&set->mem, source, is_nocase,
                            (uint32_t)(set->regexes.len - 1), error,
                            &entry->regex);
    if (st == DAVY_OK && !dv_arena_copy(&set->arena, source, &entry->source)) {
        dv_match_regex_free(entry->regex);
        st = DAVY_NO_MEMORY;
    }
    if (st == DAVY_OK)
        *regex = entry->regex;
    else
        dv_vec_pop(&set->regexes);
    return st;
}

size_t
dv_ruleset_rules_count(const struct dv_ruleset *set)
{
    return set->rules.len;
}

davy_status
dv_ruleset_rule(const struct dv_ruleset *set, size_t i, davy_rule_info *info)
{
    if (i >= set->rules.len)
        return DAVY_NOT_FOUND;
    *info = dv_ruleset_rule_at(set, i)->info;
    return DAVY_OK;
}

davy_status
dv_ruleset_rule_test(const struct dv_ruleset *set, size_t i, size_t j,
                     davy_rule_test *test)
{
    const struct dv_rule *rule;

    if (i >= set->rules.len)
        return DAVY_NOT_FOUND;
    rule = dv_ruleset_rule_at(set, i);
    if (j >= rule->info.tests_count)
        return DAVY_NOT_FOUND;
    *test = rule->tests[j];
    return DAVY_OK;
}

size_t
dv_ruleset_lists_count(const struct dv_ruleset *set)
{
    return set->lists.len;
}

davy_status
dv_ruleset_list(const struct dv_ruleset *set, size_t i, davy_list_info *info)
{
    const struct dv_ruleset_list *list;

    if (i >= set->lists.len)
        return DAVY_NOT_FOUND;
    list = dv_vec_at(&set->lists, i);
    *info = list->info;
    return DAVY_OK;
}

/* SPDX-License-Identifier: MIT */
/* rule_list_eval.c - holds addresses against the lists. */

#include "rule/rule_state.h"

/* Longer addresses are data. */
#define MAX_ADDRESS 8192

static void
add_list_hit(struct dv_rule_eval *eval, uint32_t number,
             const struct dv_list_hit *found, const struct dv_fact *fact)
{
    const struct dv_ruleset_list *list = dv_vec_at(&eval->set->lists, number);
    struct dv_rule_hit hit = dv_rule_eval_place(eval, fact);

    if (list->rule == DV_RULE_NONE)
        return;
    hit.rule = list->rule;
    if (number == found->list)
        hit.list_line = dv_span_slice(list->text, found->offset,
                                      found->length);
    dv_rule_eval_add_hit(eval, &hit);
}

static void
echo_list(struct dv_rule_eval *eval, uint32_t number,
          const struct dv_fact *fact)
{
    const struct dv_ruleset_list *list = dv_vec_at(&eval->set->lists, number);

    if (eval->keeps_echoes && list->rule != DV_RULE_NONE)
        dv_rule_eval_echo(eval, list->rule, fact->at, fact->len);
}

void
dv_list_eval_url(struct dv_rule_eval *eval, const struct dv_fact *fact)
{
    const struct dv_span text = dv_facts_text(eval->facts, fact);
    struct dv_list_query query = { .document = eval->document,
                                   .kind = (davy_kind)fact->aux };
    struct dv_list_hit found;
    struct dv_url url;
    davy_status st;

    /* Where a click leads is not loaded: a page may name a miner's site. */
    if (query.kind == DAVY_KIND_LINK || text.len > MAX_ADDRESS)
        return;
    dv_arena_reset(&eval->urls);
    st = dv_url_parse(&url, &eval->urls, text, NULL);
    if (st == DAVY_NO_MEMORY)
        eval->status = st;
    query.url = &url;
    if (st != DAVY_OK
        || !dv_listset_match(&eval->set->listset, &query, &found))
        return;
    for (uint32_t i = 0; i < eval->set->lists.len; i++) {
        const uint64_t bit = UINT64_C(1) << i;

        if ((found.lists & bit) && !(eval->lists & bit))
            add_list_hit(eval, i, &found, fact);
        else if (found.lists & bit)
            echo_list(eval, i, fact);
    }
    eval->lists |= found.lists;
}

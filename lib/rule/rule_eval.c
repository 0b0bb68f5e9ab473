/* SPDX-License-Identifier: MIT */
/* rule_eval.c - one scan over the facts' stream, then the rules it touched. */

#include "rule/rule_eval.h"

#include "rule/rule_state.h"

/* Hits of one target; beyond this a report says nothing new. */
#define MAX_HITS ((size_t)1 << 18)

/* Further places of leaves, and of rules.  Whoever cuts looks again. */
#define MAX_ECHOES ((size_t)4096)

/* Facts of one artifact, as links of two numbers each. */
#define MAX_CHILDREN ((size_t)1 << 30)

/* Work that even the smallest artifact may cost. */
#define LEAST_WORK ((uint64_t)1 << 20)

/* ---- Life ------------------------------------------------------------- */

static size_t
rule_words(const struct dv_ruleset *set)
{
    return set->rules.len / 64 + 1;
}

static bool
make_tables(struct dv_rule_eval *eval)
{
    const struct dv_ruleset *set = eval->set;

    eval->states = dv_mem_calloc(eval->mem, set->leaves.len,
                                 sizeof(*eval->states));
    eval->tried = dv_mem_calloc(eval->mem, set->atom_refs_count,
                                sizeof(*eval->tried));
    eval->rules = dv_mem_calloc(eval->mem, rule_words(set),
                                sizeof(*eval->rules));
    eval->page_rules = dv_mem_calloc(eval->mem, rule_words(set),
                                     sizeof(*eval->page_rules));
    return eval->states != NULL && eval->tried != NULL && eval->rules != NULL
           && eval->page_rules != NULL;
}

static davy_status
make_scratch(struct dv_rule_eval *eval)
{
    davy_status st = dv_match_scratch_new(eval->mem, &eval->inner);

    if (st == DAVY_OK && eval->set->literals != NULL)
        st = dv_match_scratch_for_literals(eval->mem, eval->set->literals,
                                           &eval->scratch);
    return st;
}

davy_status
dv_rule_eval_new(const struct dv_ruleset *set, struct dv_mem *mem,
                 const davy_limits *limits, struct dv_rule_eval **eval)
{
    struct dv_rule_eval *made = dv_mem_calloc(mem, 1, sizeof(*made));
    davy_status st = DAVY_NO_MEMORY;

    if (made == NULL)
        return st;
    made->mem = mem;
    made->set = set;
    made->max_hits = limits->hits;
    made->base = 1;
    dv_vec_init(&made->touched, mem, sizeof(uint32_t), 2 * set->leaves.len);
    dv_vec_init(&made->hits, mem, sizeof(struct dv_rule_hit), MAX_HITS);
    dv_vec_init(&made->children, mem, sizeof(uint32_t), MAX_CHILDREN);
    dv_vec_init(&made->places, mem, sizeof(struct dv_leaf_place), MAX_ECHOES);
    dv_vec_init(&made->echoes, mem, sizeof(struct dv_rule_echo), MAX_ECHOES);
    dv_arena_init(&made->texts, mem);
    dv_arena_init(&made->urls, mem);
    dv_strmap_init(&made->wallets, mem);
    if (make_tables(made))
        st = make_scratch(made);
    if (st == DAVY_OK)
        *eval = made;
    else
        dv_rule_eval_free(made);
    return st;
}

void
dv_rule_eval_free(struct dv_rule_eval *eval)
{
    const struct dv_ruleset *set;

    if (eval == NULL)
        return;
    set = eval->set;
    dv_match_scratch_free(eval->scratch);
    dv_match_scratch_free(eval->inner);
    dv_mem_free(eval->mem, eval->states,
                set->leaves.len * sizeof(*eval->states));
    dv_mem_free(eval->mem, eval->tried,
                set->atom_refs_count * sizeof(*eval->tried));
    dv_mem_free(eval->mem, eval->rules,
                rule_words(set) * sizeof(*eval->rules));
    dv_mem_free(eval->mem, eval->page_rules,
                rule_words(set) * sizeof(*eval->page_rules));
    dv_vec_fini(&eval->touched);
    dv_vec_fini(&eval->hits);
    dv_vec_fini(&eval->children);
    dv_vec_fini(&eval->places);
    dv_vec_fini(&eval->echoes);
    dv_arena_fini(&eval->texts);
    dv_arena_fini(&eval->urls);
    dv_strmap_fini(&eval->wallets);
    dv_mem_free(eval->mem, eval, sizeof(*eval));
}

void
dv_rule_eval_begin(struct dv_rule_eval *eval, const struct dv_url *document)
{
    const struct dv_ruleset *set = eval->set;

    if (set->leaves.len != 0)
        memset(eval->states, 0, set->leaves.len * sizeof(*eval->states));
    memset(eval->rules, 0, rule_words(set) * sizeof(*eval->rules));
    memset(eval->page_rules, 0, rule_words(set) * sizeof(*eval->page_rules));
    dv_vec_clear(&eval->touched);
    dv_vec_clear(&eval->hits);
    dv_vec_clear(&eval->echoes);
    dv_arena_reset(&eval->texts);
    eval->document = document;
    eval->is_wide = false;
    eval->is_partial = false;
    eval->keeps_echoes = false;
}

void
dv_rule_eval_widen(struct dv_rule_eval *eval, bool is_wide)
{
    eval->is_wide = is_wide;
}

void
dv_rule_eval_partial(struct dv_rule_eval *eval, bool is_partial)
{
    eval->is_partial = is_partial;
}

void
dv_rule_eval_keep(struct dv_rule_eval *eval, bool keeps_echoes)
{
    eval->keeps_echoes = keeps_echoes;
}

/* ---- Hits ------------------------------------------------------------- */

struct dv_rule_hit
dv_rule_eval_place(const struct dv_rule_eval *eval,
                   const struct dv_fact *fact)
{
    return (struct dv_rule_hit){
        .artifact = eval->artifact,
        .at = fact->at,
        .len = fact->len,
        .text = dv_span_slice(dv_facts_text(eval->facts, fact), 0,
                              DV_EVIDENCE_BYTES),
    };
}

void
dv_rule_eval_add_hit(struct dv_rule_eval *eval, const struct dv_rule_hit *hit)
{
    struct dv_rule_hit *slot = dv_vec_push(&eval->hits);

    if (slot == NULL) {
        if (!dv_vec_is_full(&eval->hits))
            eval->status = DAVY_NO_MEMORY;
        else if (eval->status == DAVY_OK)
            eval->status = DAVY_LIMIT;
        return;
    }
    *slot = *hit;
    if (!dv_arena_copy(&eval->texts, hit->text, &slot->text)) {
        dv_vec_pop(&eval->hits);
        eval->status = DAVY_NO_MEMORY;
    }
}

const struct dv_rule_hit *
dv_rule_eval_hits(const struct dv_rule_eval *eval, size_t *count)
{
    *count = eval->hits.len;
    return eval->hits.at;
}

void
dv_rule_eval_echo(struct dv_rule_eval *eval, uint32_t rule, uint32_t at,
                  uint32_t len)
{
    struct dv_rule_echo *echo = dv_vec_push(&eval->echoes);

    if (echo != NULL)
        *echo = (struct dv_rule_echo){ rule, at, len };
    else if (!dv_vec_is_full(&eval->echoes))
        eval->status = DAVY_NO_MEMORY;
}

const struct dv_rule_echo *
dv_rule_eval_echoes(const struct dv_rule_eval *eval, size_t *count)
{
    *count = eval->echoes.len;
    return eval->echoes.at;
}

/* ---- Conditions ------------------------------------------------------- */

static bool
leaf_holds(const struct dv_rule_eval *eval, uint32_t leaf)
{
    return eval->states[leaf].count
           >= dv_ruleset_leaf_at(eval->set, leaf)->times;
}

static bool
cond_holds(const struct dv_rule_eval *eval, uint32_t index)
{
    const struct dv_cond *cond = dv_ruleset_cond_at(eval->set, index);
    uint32_t total = 0;
    uint32_t held = 0;

    if (cond->type == DV_COND_LEAF)
        return leaf_holds(eval, cond->leaf);
    if (cond->type == DV_COND_NONE && eval->is_wide)
        return true;
    if (cond->type == DV_COND_NONE && eval->is_partial)
        return false;
    for (uint32_t i = index + 1; i < cond->end;
         i = dv_ruleset_cond_at(eval->set, i)->end) {
        total++;
        held += cond_holds(eval, i);
    }
    switch (cond->type) {
    case DV_COND_ALL:
        return held == total;
    case DV_COND_ANY:
        return held != 0;
    case DV_COND_NONE:
        return held == 0;
    case DV_COND_AT_LEAST:
    case DV_COND_LEAF:
        break;
    }
    return held >= cond->least;
}

/* The first leaf of a rule that held; one inside of `none` only when there is
 * no other. */
static const struct dv_leaf_state *
first_leaf(const struct dv_rule_eval *eval, uint32_t index)
{
    const uint32_t end = dv_ruleset_cond_at(eval->set, index)->end;
    const struct dv_leaf_state *inside = NULL;
    uint32_t none_end = 0;

    for (; index < end; index++) {
        const struct dv_cond *cond = dv_ruleset_cond_at(eval->set, index);

        if (cond->type == DV_COND_NONE && cond->end > none_end)
            none_end = cond->end;
        if (cond->type != DV_COND_LEAF || !leaf_holds(eval, cond->leaf))
            continue;
        if (index >= none_end)
            return &eval->states[cond->leaf];
        if (inside == NULL)
            inside = &eval->states[cond->leaf];
    }
    return inside;
}

/* The other places of the leaf that the rule's hit stands at. */
static void
echo_rule(struct dv_rule_eval *eval, uint32_t number, uint32_t leaf)
{
    for (size_t i = 0; i < eval->places.len; i++) {
        const struct dv_leaf_place *place = dv_vec_at(&eval->places, i);

        if (place->leaf == leaf)
            dv_rule_eval_echo(eval, number, place->at, place->len);
    }
}

static void
ask_rule(struct dv_rule_eval *eval, uint32_t number)
{
    const struct dv_rule *rule = dv_ruleset_rule_at(eval->set, number);
    const struct dv_leaf_state *first;
    struct dv_rule_hit hit;

    if (!cond_holds(eval, rule->cond))
        return;
    first = first_leaf(eval, rule->cond);
    if (first == NULL)
        return;
    hit = first->place;
    hit.rule = number;
    dv_rule_eval_add_hit(eval, &hit);
    echo_rule(eval, number, (uint32_t)(first - eval->states));
}

/* Ask the rules whose bits are set, in order, and clear the bits. */
static void
ask_rules(struct dv_rule_eval *eval, uint64_t *bits)
{
    for (size_t word = 0; word < rule_words(eval->set); word++) {
        for (unsigned bit = 0; bits[word] != 0 && bit < 64; bit++) {
            if (bits[word] >> bit & 1)
                ask_rule(eval, (uint32_t)(word * 64 + bit));
        }
        bits[word] = 0;
    }
}

/* ---- Artifacts -------------------------------------------------------- */

/* Kinds of facts that have no text to be found by. */
static uint32_t
kinds_to_visit(const struct dv_ruleset *set)
{
    uint32_t kinds = set->unanchored_kinds;

    if (set->has_block_lists)
        kinds |= UINT32_C(1) << DV_FACT_URL;
    if (set->numbers_size != 0)
        kinds |= UINT32_C(1) << DV_FACT_NUMBER;
    return kinds;
}

static void
visit(struct dv_rule_eval *eval, const struct dv_fact *fact)
{
    const struct dv_ruleset *set = eval->set;

    if (fact->kind == DV_FACT_NUMBER && set->numbers_size != 0)
        dv_leaf_eval_number(eval, fact);
    if (fact->kind == DV_FACT_URL && set->has_block_lists)
        dv_list_eval_url(eval, fact);
    if (!(set->unanchored_kinds >> fact->kind & 1))
        return;
    for (uint32_t i = 0; i < set->unanchored_count; i++)
        dv_leaf_eval_fact(eval, set->unanchored[i], fact);
}

static void
visit_facts(struct dv_rule_eval *eval)
{
    const uint32_t kinds = kinds_to_visit(eval->set);
    const struct dv_fact *fact = eval->facts->facts.at;

    if (kinds == 0)
        return;
    for (size_t n = eval->facts->facts.len; n > 0; n--, fact++) {
        if (kinds >> fact->kind & 1)
            visit(eval, fact);
        if (eval->status == DAVY_NO_MEMORY)
            return;
    }
}

/* Leaves of page scope keep what they found. */
static void
forget_artifact(struct dv_rule_eval *eval)
{
    for (size_t i = 0; i < eval->touched.len; i++) {
        const uint32_t leaf = *(uint32_t *)dv_vec_at(&eval->touched, i);

        if (dv_ruleset_leaf_at(eval->set, leaf)->is_page_scope)
            eval->states[leaf].asked = 0;
        else
            eval->states[leaf] = (struct dv_leaf_state){ .count = 0 };
    }
    dv_vec_clear(&eval->touched);
    dv_vec_clear(&eval->places);
    eval->base += eval->facts->facts.len;
    eval->facts = NULL;
}

davy_status
dv_rule_eval_artifact(struct dv_rule_eval *eval, const struct dv_facts *facts,
                      uint32_t artifact)
{
    const struct dv_ruleset *set = eval->set;

    eval->facts = facts;
    eval->artifact = artifact;
    eval->near = NULL;
    eval->work = LEAST_WORK + (uint64_t)facts->stream.len * DV_EVAL_WORK;
    eval->reserve = eval->work / 2;
    eval->lists = 0;
    eval->has_children = false;
    eval->has_wallets = false;
    eval->status = DAVY_OK;
    if (set->literals != NULL) {
        const davy_status st
            = dv_match_literals_scan(set->literals, eval->scratch,
                                     dv_buf_span(&facts->stream),
                                     dv_leaf_eval_atom, eval);

        if (st != DAVY_OK)
            eval->status = st;
    }
    if (eval->status != DAVY_NO_MEMORY)
        visit_facts(eval);
    if (eval->status != DAVY_NO_MEMORY)
        ask_rules(eval, eval->rules);
    forget_artifact(eval);
    return eval->status;
}

davy_status
dv_rule_eval_end(struct dv_rule_eval *eval)
{
    eval->status = DAVY_OK;
    ask_rules(eval, eval->page_rules);
    return eval->status;
}

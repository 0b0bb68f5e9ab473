/* SPDX-License-Identifier: MIT */
/* rule_part_eval.c - decides about the arguments of a call and the attributes
 * of an element. */

#include "base/ascii.h"
#include "rule/rule_state.h"

bool
dv_work_take(struct dv_rule_eval *eval, size_t bytes)
{
    if (bytes < eval->work) {
        eval->work -= bytes;
        return true;
    }
    eval->work = 0;
    if (eval->status == DAVY_OK)
        eval->status = DAVY_LIMIT;
    return false;
}

static bool
test_regex(struct dv_rule_eval *eval, const struct dv_match_regex *regex,
           struct dv_span text)
{
    bool is_match = false;

    if (!dv_work_take(eval, text.len))
        return false;
    if (dv_match_regex_test(regex, eval->inner, text, &is_match) != DAVY_OK)
        eval->status = DAVY_NO_MEMORY;
    return is_match;
}

bool
dv_pattern_eval(struct dv_rule_eval *eval, const struct dv_pattern *pattern,
                struct dv_span text)
{
    if (pattern->regex != NULL)
        return test_regex(eval, pattern->regex, text);
    for (uint32_t i = 0; i < pattern->globs.count; i++) {
        const struct dv_glob *glob = &pattern->globs.at[i];

        if (glob->how >= DV_GLOB_CONTAINS && !dv_work_take(eval, text.len))
            return false;
        if (dv_glob_test(glob, text))
            return true;
    }
    return false;
}

/* ---- Children --------------------------------------------------------- */

static uint32_t *
child_of(struct dv_rule_eval *eval, size_t fact)
{
    return dv_vec_at(&eval->children, 2 * fact);
}

static uint32_t *
sibling_of(struct dv_rule_eval *eval, size_t fact)
{
    return dv_vec_at(&eval->children, 2 * fact + 1);
}

/* Link the facts of each group, once for an artifact that needs it: children
 * need not stand behind each other (calls inside calls). */
static bool
link_children(struct dv_rule_eval *eval)
{
    const size_t n = eval->facts->facts.len;

    dv_vec_clear(&eval->children);
    for (size_t i = 0; i < 2 * n; i++) {
        uint32_t *slot = dv_vec_push(&eval->children);

        if (slot == NULL) {
            eval->status = DAVY_NO_MEMORY;
            return false;
        }
        *slot = DV_FACT_NONE;
    }
    for (size_t i = n; i > 0; i--) {
        const uint32_t parent = dv_facts_at(eval->facts, i - 1)->parent;

        if (parent >= n)
            continue;
        *sibling_of(eval, i - 1) = *child_of(eval, parent);
        *child_of(eval, parent) = (uint32_t)(i - 1);
    }
    eval->has_children = true;
    return true;
}

/* ---- Wallets ---------------------------------------------------------- */

static bool
index_wallets(struct dv_rule_eval *eval)
{
    dv_strmap_clear(&eval->wallets);
    for (uint32_t i = 0; i < eval->facts->facts.len; i++) {
        const struct dv_fact *fact = dv_facts_at(eval->facts, i);
        struct dv_span text = dv_facts_text(eval->facts, fact);

        if (fact->kind != DV_FACT_WALLET)
            continue;
        dv_span_skip(&text, dv_span_find_byte(text, ':'));
        if (text.len != 0)
            dv_span_skip(&text, 1);
        if (dv_strmap_put(&eval->wallets, text, i) == NULL) {
            eval->status = DAVY_NO_MEMORY;
            return false;
        }
    }
    eval->has_wallets = true;
    return true;
}

/* Pools take `address.worker`, `address+difficulty` and the like. */
static struct dv_span
wallet_of(struct dv_span text)
{
    size_t n = 0;

    while (n < text.len && dv_ascii_is_alnum(text.at[n]))
        n++;
    return dv_span_slice(text, 0, n);
}

static bool
is_wallet(struct dv_rule_eval *eval, const char *coin, struct dv_span text)
{
    const uint32_t *found;
    const struct dv_fact *wallet;

    if (!eval->has_wallets && !index_wallets(eval))
        return false;
    found = dv_strmap_get(&eval->wallets, wallet_of(text));
    if (found == NULL)
        return false;
    wallet = dv_facts_at(eval->facts, *found);
    return coin == NULL
           || dv_span_equal_cstr(
                  dv_view_name(dv_facts_text(eval->facts, wallet), ':'),
                  coin);
}

/* ---- Parts ------------------------------------------------------------ */

static bool
fits_arg(const struct dv_part *part, const struct dv_fact *child)
{
    return (part->index < 0 || child->aux % 256 == (uint32_t)part->index)
           && (part->arg_type < 0
               || child->aux / 256 == (uint32_t)part->arg_type);
}

static bool
holds_for(struct dv_rule_eval *eval, const struct dv_part *part,
          const struct dv_fact *child)
{
    struct dv_span text = dv_facts_text(eval->facts, child);

    switch (part->type) {
    case DV_PART_ARG:
        if (child->kind != DV_FACT_ARG || !fits_arg(part, child))
            return false;
        break;
    case DV_PART_WALLET:
        return child->kind == DV_FACT_ARG && fits_arg(part, child)
               && is_wallet(eval, part->coin, text);
    case DV_PART_KEY:
        if (child->kind != DV_FACT_ARG_KEY || !fits_arg(part, child))
            return false;
        text = dv_view_name(text, '=');
        break;
    case DV_PART_ATTR:
        if (child->kind != DV_FACT_ATTR)
            return false;
        break;
    }
    return !part->has_pattern || dv_pattern_eval(eval, &part->pattern, text);
}

static bool
holds_somewhere(struct dv_rule_eval *eval, const struct dv_part *part,
                uint32_t parent)
{
    uint32_t child = *child_of(eval, parent);

    while (child != DV_FACT_NONE) {
        if (holds_for(eval, part, dv_facts_at(eval->facts, child)))
            return true;
        child = *sibling_of(eval, child);
    }
    return false;
}

bool
dv_part_eval_all(struct dv_rule_eval *eval, const struct dv_leaf *leaf,
                 const struct dv_fact *parent)
{
    const uint32_t index = dv_fact_index(eval->facts, parent);

    if (!eval->has_children && !link_children(eval))
        return false;
    for (uint32_t i = 0; i < leaf->parts_count; i++) {
        if (!holds_somewhere(eval, &leaf->parts[i], index))
            return false;
    }
    return true;
}

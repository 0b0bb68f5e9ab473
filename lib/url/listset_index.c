/* SPDX-License-Identifier: MIT */
/* listset_index.c - decides by what each filter is found, and freezes.
 *
 * From the cheapest to the dearest: the host it names, a token of its pattern
 * (the one that the fewest filters share), the host of the document, four
 * bytes of its pattern, or nothing: then it is tried for every address. */

#include "base/strmap.h"
#include "url/listset.h"
#include "url/listset_filter.h"
#include "url/url_gram.h"
#include "url/url_token.h"

/* Counters of tokens; collisions only make a token look commoner. */
#define COUNTERS 65536

/* What one step in commonness weighs against one filter in a bucket. */
#define COMMONNESS_WEIGHT 100

static struct dv_span
pattern_of(const struct dv_listset *set, const struct dv_list_filter *f)
{
    return dv_listset_text(set, f->pattern, f->pattern_len);
}

static bool
next_token(const struct dv_listset *set, const struct dv_list_filter *f,
           size_t *from, struct dv_url_token *token)
{
    return dv_url_token_next(pattern_of(set, f),
                             f->flags
                                 & (DV_FILTER_START | DV_FILTER_HOST_START),
                             f->flags & DV_FILTER_END, from, token);
}

static bool
is_found_by_token(const struct dv_list_filter *f)
{
    return !(f->flags & (DV_FILTER_REGEX | DV_FILTER_HOST
                         | DV_FILTER_HOST_PREFIX));
}

static void
count_tokens(const struct dv_listset *set, uint32_t *counters)
{
    for (uint32_t i = 0; i < set->filters.len; i++) {
        const struct dv_list_filter *f = dv_listset_filter(set, i);
        struct dv_url_token token;
        size_t from = 0;

        if (!is_found_by_token(f))
            continue;
        while (next_token(set, f, &from, &token))
            counters[dv_url_index_mix(token.hash) % COUNTERS]++;
    }
}

/* The best token of a filter; its cost, or SIZE_MAX without a token. */
static size_t
choose_token(const struct dv_listset *set, const struct dv_list_filter *f,
             const uint32_t *counters, struct dv_url_token *best)
{
    struct dv_url_token token;
    size_t lowest = SIZE_MAX;
    size_t from = 0;

    while (next_token(set, f, &from, &token)) {
        const size_t cost
            = counters[dv_url_index_mix(token.hash) % COUNTERS]
              + COMMONNESS_WEIGHT * dv_url_token_commonness(token.hash);

        if (cost < lowest) {
            lowest = cost;
            *best = token;
        }
    }
    return lowest;
}

static const struct dv_list_domain *
domain_at(const struct dv_listset *set, const struct dv_list_filter *f,
          unsigned i)
{
    return dv_vec_at(&set->domains, f->domains + i);
}

/* Whether the filter is for some documents only, all of them by name. */
static bool
names_documents(const struct dv_listset *set, const struct dv_list_filter *f)
{
    bool has_any = false;

    for (unsigned i = 0; i < f->domains_len; i++) {
        const struct dv_list_domain *domain = domain_at(set, f, i);

        if (domain->is_entity)
            return false;
        has_any = has_any || !domain->is_negated;
    }
    return has_any;
}

static davy_status
put_under_documents(struct dv_listset *set, const struct dv_list_filter *f,
                    uint32_t number)
{
    davy_status st = DAVY_OK;

    for (unsigned i = 0; st == DAVY_OK && i < f->domains_len; i++) {
        const struct dv_list_domain *domain = domain_at(set, f, i);

        if (!domain->is_negated)
            st = dv_hostset_add(&set->documents,
                                dv_listset_text(set, domain->text,
                                                domain->len), number);
    }
    return st;
}

static davy_status
put_under_always(struct dv_listset *set, uint32_t number)
{
    uint32_t *slot = dv_vec_push(&set->always);

    if (slot == NULL)
        return DAVY_NO_MEMORY;
    *slot = number;
    return DAVY_OK;
}

static davy_status
put_under_gram(struct dv_listset *set, struct dv_list_filter *f,
               uint32_t number)
{
    const struct dv_span pattern = pattern_of(set, f);
    uint8_t gram[DV_URL_GRAM];
    uint32_t tag;
    size_t at;

    if (f->flags & DV_FILTER_REGEX) {
        if (!dv_url_gram_choose_regex(pattern, gram))
            return put_under_always(set, number);
        return dv_url_index_add(&set->grams, dv_url_gram_hash(gram), number);
    }
    if (!dv_url_gram_choose(pattern, &at))
        return put_under_always(set, number);
    f->token = (uint16_t)at;
    tag = dv_url_token_tag_in(pattern, at, at + DV_URL_GRAM);
    return dv_url_index_add(&set->grams, dv_url_gram_hash(pattern.at + at),
                            number | tag);
}

static davy_status
put(struct dv_listset *set, uint32_t number, const uint32_t *counters)
{
    struct dv_list_filter *f = dv_vec_at(&set->filters, number);
    struct dv_url_token token = { 0, 0, 0 };
    bool is_for_documents;
    size_t cost;

    if (f->flags & DV_FILTER_HOST)
        return dv_hostset_add(&set->hosts, pattern_of(set, f), number);
    if (f->flags & DV_FILTER_HOST_PREFIX)
        return dv_hostset_add(&set->hosts,
                              dv_listset_text(set, f->pattern, f->token),
                              number);
    is_for_documents = names_documents(set, f);
    cost = is_found_by_token(f) ? choose_token(set, f, counters, &token)
                                : SIZE_MAX;
    if (is_for_documents && cost >= COMMONNESS_WEIGHT)
        return put_under_documents(set, f, number);
    if (cost == SIZE_MAX)
        return put_under_gram(set, f, number);
    f->token = (uint16_t)token.at;
    return dv_url_index_add(&set->tokens, token.hash, number | token.tag);
}

static struct dv_span
signature_at(const struct dv_vec *vec, size_t i)
{
    return dv_span_of(dv_vec_at(vec, i), sizeof(uint64_t));
}

/* Put all filters that no $badfilter names. */
static davy_status
put_all(struct dv_listset *set, const uint32_t *counters)
{
    struct dv_strmap bad;
    davy_status st = DAVY_OK;

    dv_strmap_init(&bad, set->mem);
    for (size_t i = 0; st == DAVY_OK && i < set->bad.len; i++) {
        if (dv_strmap_put(&bad, signature_at(&set->bad, i), 0) == NULL)
            st = DAVY_NO_MEMORY;
    }
    for (uint32_t i = 0; st == DAVY_OK && i < set->filters.len; i++) {
        if (dv_strmap_get(&bad, signature_at(&set->signatures, i)) == NULL)
            st = put(set, i, counters);
    }
    dv_strmap_fini(&bad);
    return st;
}

davy_status
dv_listset_freeze(struct dv_listset *set)
{
    uint32_t *counters = dv_mem_calloc(set->mem, COUNTERS,
                                       sizeof(*counters));
    davy_status st;

    if (counters == NULL)
        return DAVY_NO_MEMORY;
    count_tokens(set, counters);
    st = put_all(set, counters);
    dv_mem_free(set->mem, counters, COUNTERS * sizeof(*counters));
    dv_vec_fini(&set->signatures);
    dv_vec_fini(&set->bad);
    if (st == DAVY_OK)
        st = dv_hostset_freeze(&set->hosts);
    if (st == DAVY_OK)
        st = dv_hostset_freeze(&set->documents);
    if (st == DAVY_OK)
        st = dv_url_index_freeze(&set->tokens);
    if (st == DAVY_OK)
        st = dv_url_index_freeze(&set->grams);
    return st;
}

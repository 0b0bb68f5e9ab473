/* SPDX-License-Identifier: MIT */
/* listset_match.c - asks a frozen set of lists about one address. */

#include "url/abp_parse.h"
#include "url/listset.h"
#include "url/listset_filter.h"
#include "url/url_gram.h"
#include "url/url_site.h"
#include "url/url_token.h"

#define NONE UINT32_MAX

/* The place of a filter's token is not known. */
#define ANYWHERE SIZE_MAX

/* What a filter that matches is worth; the first of each is kept. */
enum class { ALLOW, IMPORTANT, EXCEPTION, BLOCK, CSP, CSP_EXCEPTION, CLASSES };

/* One address on its way through the set. */
struct matcher {
    const struct dv_listset *set;
    const struct dv_url *url;
    const struct dv_url *document;      /* NULL: not known */
    struct dv_abp_text text;
    size_t host_behind;                 /* behind the host's final dot */
    uint32_t types;
    uint16_t wanted;                    /* flags that a filter must have */
    bool is_page;                       /* $csp filters may match */
    bool has_party;
    bool is_third_party;
    bool has_tried;                     /* `tried` is set up */
    uint64_t *tried;                    /* filters that search, as bits */
    uint32_t best[CLASSES];
    uint64_t lists;
};

/* What a kind of request is in the language of filters. */
static const uint16_t kind_types[] = {
    [DAVY_KIND_ANY] = DV_ABP_ALL,
    [DAVY_KIND_DOCUMENT] = DV_ABP_DOCUMENT,
    [DAVY_KIND_FRAME] = DV_ABP_SUBDOCUMENT | DV_ABP_OBJECT,
    [DAVY_KIND_SCRIPT] = DV_ABP_SCRIPT,
    [DAVY_KIND_MODULE] = DV_ABP_SCRIPT,
    [DAVY_KIND_WORKER] = DV_ABP_SCRIPT,
    [DAVY_KIND_WASM] = DV_ABP_XHR,
    [DAVY_KIND_WEBSOCKET] = DV_ABP_WEBSOCKET,
    [DAVY_KIND_FETCH] = DV_ABP_XHR | DV_ABP_PING,
    [DAVY_KIND_LINK] = DV_ABP_DOCUMENT,
    [DAVY_KIND_OTHER] = DV_ABP_IMAGE | DV_ABP_STYLESHEET | DV_ABP_FONT
                        | DV_ABP_MEDIA | DV_ABP_PING | DV_ABP_OTHER,
    [DAVY_KIND_SERVICE_WORKER] = DV_ABP_SCRIPT
};

/* ---- Does one filter match? ------------------------------------------- */

static enum class
class_of(const struct dv_list_filter *f)
{
    if (f->flags & DV_FILTER_CSP)
        return f->flags & DV_FILTER_EXCEPTION ? CSP_EXCEPTION : CSP;
    if (f->flags & DV_FILTER_ALLOW_LIST)
        return ALLOW;
    if (f->flags & DV_FILTER_EXCEPTION)
        return f->flags & DV_FILTER_IMPORTANT ? ALLOW : EXCEPTION;
    return f->flags & DV_FILTER_IMPORTANT ? IMPORTANT : BLOCK;
}

/* True the first time for each filter that searches, so that an address that
 * holds its token again and again does not make it search again and again. */
static bool
is_first_try(struct matcher *m, uint32_t wildcard)
{
    uint64_t *word = &m->tried[wildcard / 64];
    const uint64_t bit = UINT64_C(1) << wildcard % 64;

    if (!m->has_tried) {
        memset(m->tried, 0, m->set->wildcards / 8 + 8);
        m->has_tried = true;
    }
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

static bool
matches_pattern(struct matcher *m, const struct dv_list_filter *f, size_t at)
{
    struct dv_abp_pattern pattern = {
        .text = dv_listset_text(m->set, f->pattern, f->pattern_len),
        .has_start = f->flags & DV_FILTER_START,
        .has_host = f->flags & DV_FILTER_HOST_START,
        .has_end = f->flags & DV_FILTER_END,
        .is_match_case = f->flags & DV_FILTER_MATCH_CASE
    };

    if (f->flags & DV_FILTER_HOST)
        return true;                    /* it was found by that host */
    if (f->flags & DV_FILTER_HOST_PREFIX) {
        dv_span_skip(&pattern.text, f->token);
        pattern.has_host = false;
        return dv_abp_match_at(&pattern, &m->text, m->host_behind);
    }
    if (f->flags & DV_FILTER_REGEX)
        return (at == ANYWHERE || is_first_try(m, f->wildcard))
               && dv_url_regex_match(*(struct dv_url_regex **)
                                         dv_vec_at(&m->set->regexes,
                                                   f->regex),
                                     m->text.url);
    if (at == ANYWHERE)
        return dv_abp_match(&pattern, &m->text);
    if (f->flags & DV_FILTER_WILDCARD)
        return dv_abp_match_piece(&pattern, &m->text, f->token, at)
               && is_first_try(m, f->wildcard)
               && dv_abp_match(&pattern, &m->text);
    return at >= f->token && dv_abp_match_at(&pattern, &m->text,
                                             at - f->token);
}

static bool
covers(struct dv_span domain, struct dv_span host)
{
    return dv_span_ends_with(host, domain)
           && (host.len == domain.len
               || host.at[host.len - domain.len - 1] == '.');
}

/* The document's host without its public suffix, for "name.*". */
static struct dv_span
entity_of(const struct dv_url *document)
{
    const struct dv_span site = dv_url_site(document);
    struct dv_span host = dv_url_bare_host(document);
    const size_t dot = dv_span_find_byte(site, '.');

    host.len -= site.len - dot;
    return host;
}

/* The most special entry of the domain option decides. */
static bool
matches_domains(const struct matcher *m, const struct dv_list_filter *f)
{
    size_t longest = 0;
    bool is_negated = true;
    bool has_positive = false;

    for (unsigned i = 0; i < f->domains_len; i++) {
        const struct dv_list_domain *domain = dv_vec_at(&m->set->domains,
                                                        f->domains + i);
        const struct dv_span text = dv_listset_text(m->set, domain->text,
                                                    domain->len);

        has_positive = has_positive || !domain->is_negated;
        if (m->document == NULL || text.len < longest
            || !covers(text, domain->is_entity
                                 ? entity_of(m->document)
                                 : dv_url_bare_host(m->document)))
            continue;
        longest = text.len;
        is_negated = domain->is_negated;
    }
    return longest != 0 ? !is_negated : !has_positive;
}

static bool
matches_party(struct matcher *m, const struct dv_list_filter *f)
{
    if (f->party == DV_ABP_ANY_PARTY)
        return true;
    if (!m->has_party) {
        m->is_third_party = m->document == NULL
                            || !dv_url_same_site(m->url, m->document);
        m->has_party = true;
    }
    return m->is_third_party == (f->party == DV_ABP_THIRD_PARTY);
}

/* Whether filter `a` comes before `b` (NONE: none yet). */
static bool
is_before(const struct matcher *m, uint32_t a, uint32_t b)
{
    const unsigned list = dv_listset_filter(m->set, a)->list;
    unsigned other;

    if (b == NONE)
        return true;
    other = dv_listset_filter(m->set, b)->list;
    return list != other ? list < other : a < b;
}

/* A filter may match: find out and remember. */
static void
consider(struct matcher *m, uint32_t number, size_t at)
{
    const struct dv_list_filter *f = dv_listset_filter(m->set, number);
    const enum class class = class_of(f);

    if (!(f->types & m->types) || (f->flags & m->wanted) != m->wanted)
        return;
    if ((class == CSP || class == CSP_EXCEPTION) && !m->is_page)
        return;
    if (!matches_pattern(m, f, at) || !matches_domains(m, f)
        || !matches_party(m, f))
        return;
    if (class == BLOCK || class == IMPORTANT)
        m->lists |= UINT64_C(1) << f->list;
    if (is_before(m, number, m->best[class]))
        m->best[class] = number;
}

/* ---- Which filters may match? ----------------------------------------- */

/* The filters under `hash`, which belongs to [at, end) of the address. */
static void
consider_all(struct matcher *m, const struct dv_url_index *index,
             uint32_t hash, size_t at, size_t end)
{
    const uint32_t tag = dv_url_token_tag_at(m->text.url, at, end);
    const uint32_t *items;
    const size_t n = dv_url_index_find(index, hash, &items);

    for (size_t i = 0; i < n; i++) {
        if (dv_url_token_tag_fits(items[i], tag))
            consider(m, items[i] & DV_URL_TOKEN_NUMBER, at);
    }
}

static void
find_by_tokens(struct matcher *m)
{
    const struct dv_url_index *index = &m->set->tokens;
    const struct dv_url_index_sieve sieve = index->sieve;
    const struct dv_span url = m->text.url;
    size_t i = 0;

    if (dv_url_index_is_empty(index))
        return;
    while (i < url.len) {
        const size_t start = i;
        uint32_t hash;

        while (i < url.len && dv_url_token_byte[url.at[i]])
            i++;
        if (i++ == start)
            continue;
        hash = dv_url_token_hash(url.at + start, i - 1 - start);
        if (dv_url_index_may_have(sieve, hash))
            consider_all(m, index, hash, start, i - 1);
    }
}

static void
find_by_grams(struct matcher *m)
{
    const struct dv_url_index *index = &m->set->grams;
    const struct dv_url_index_sieve sieve = index->sieve;
    const struct dv_span url = m->text.url;

    if (dv_url_index_is_empty(index))
        return;
    for (size_t i = 0; i + DV_URL_GRAM <= url.len; i++) {
        const uint32_t hash = dv_url_gram_hash(url.at + i);

        if (dv_url_index_may_have(sieve, hash))
            consider_all(m, index, hash, i, i + DV_URL_GRAM);
    }
}

static void
find_by_host(struct matcher *m, const struct dv_hostset *set,
             struct dv_span host)
{
    struct dv_hostset_walk walk;
    uint32_t number;

    if (dv_url_index_is_empty(&set->index))
        return;
    dv_hostset_begin(&walk, set, host);
    while (dv_hostset_next(&walk, &number))
        consider(m, number, ANYWHERE);
}

static void
find_filters(struct matcher *m)
{
    const uint32_t *always = m->set->always.at;

    find_by_host(m, &m->set->hosts, dv_url_bare_host(m->url));
    find_by_tokens(m);
    find_by_grams(m);
    if (m->document != NULL)
        find_by_host(m, &m->set->documents, dv_url_bare_host(m->document));
    for (size_t i = 0; i < m->set->always.len; i++)
        consider(m, always[i], ANYWHERE);
}

/* ---- The answer ------------------------------------------------------- */

static void
point_at(struct matcher *m, const struct dv_url *url)
{
    m->url = url;
    m->text.url = url->href;
    if (url->has_fragment)
        m->text.url.len -= url->fragment.len + 1;
    m->text.host = (size_t)(url->host.at - url->href.at);
    m->host_behind = m->text.host + url->host.len;
    m->text.host_end = m->text.host + dv_url_bare_host(url).len;
}

static void
set_up(struct matcher *m, const struct dv_listset *set,
       const struct dv_list_query *query)
{
    const bool is_page = query->kind == DAVY_KIND_DOCUMENT
                         || query->kind == DAVY_KIND_LINK;

    m->set = set;
    point_at(m, query->url);
    m->document = is_page ? query->url : query->document;
    m->types = kind_types[query->kind];
    if (query->url->type == DV_URL_WS || query->url->type == DV_URL_WSS)
        m->types = DV_ABP_WEBSOCKET;
    m->wanted = 0;
    m->is_page = query->kind == DAVY_KIND_DOCUMENT
                 || query->kind == DAVY_KIND_FRAME;
    m->has_party = false;
    m->has_tried = false;
    m->lists = 0;
    for (int i = 0; i < CLASSES; i++)
        m->best[i] = NONE;
}

/* An exception with $document for the page excuses what the page loads. */
static void
find_page_exceptions(struct matcher *m)
{
    if (!m->set->has_document_exceptions || m->document == NULL
        || m->best[BLOCK] == NONE || m->best[EXCEPTION] != NONE)
        return;
    point_at(m, m->document);
    m->types = DV_ABP_DOCUMENT;
    m->wanted = DV_FILTER_WHOLE_PAGE;
    m->has_party = false;
    m->has_tried = false;
    find_filters(m);
}

static void
report(const struct matcher *m, uint32_t number, struct dv_list_hit *hit)
{
    const struct dv_list_filter *f = dv_listset_filter(m->set, number);

    *hit = (struct dv_list_hit){
        .list = f->list,
        .line = f->line,
        .offset = f->offset,
        .length = f->length,
        .is_important = f->flags & DV_FILTER_IMPORTANT,
        .is_exception = f->flags
                        & (DV_FILTER_EXCEPTION | DV_FILTER_ALLOW_LIST),
        .csp = dv_listset_text(m->set, f->csp, f->csp_len),
        .lists = m->lists
    };
}

/* An exception for $csp without a policy is for all policies. */
static bool
is_csp_excused(const struct matcher *m)
{
    const struct dv_list_filter *f;
    const struct dv_list_filter *e;

    if (m->best[ALLOW] != NONE)
        return true;
    if (m->best[CSP_EXCEPTION] == NONE)
        return false;
    f = dv_listset_filter(m->set, m->best[CSP]);
    e = dv_listset_filter(m->set, m->best[CSP_EXCEPTION]);
    return e->csp_len == 0
           || dv_span_equal(dv_listset_text(m->set, e->csp, e->csp_len),
                            dv_listset_text(m->set, f->csp, f->csp_len));
}

static bool
decide(const struct matcher *m, struct dv_list_hit *hit)
{
    const bool is_blocked = m->best[IMPORTANT] != NONE
                            || m->best[BLOCK] != NONE;
    uint32_t excuse = m->best[ALLOW];

    if (excuse == NONE && m->best[IMPORTANT] == NONE)
        excuse = m->best[EXCEPTION];
    hit->is_exception = false;
    if (is_blocked && excuse == NONE) {
        report(m, m->best[IMPORTANT] != NONE ? m->best[IMPORTANT]
                                             : m->best[BLOCK], hit);
        return true;
    }
    if (m->best[CSP] != NONE && !is_csp_excused(m)) {
        report(m, m->best[CSP], hit);
        hit->lists = 0;
        return true;
    }
    if (is_blocked)
        report(m, excuse, hit);
    return false;
}

bool
dv_listset_match(const struct dv_listset *set,
                 const struct dv_list_query *query, struct dv_list_hit *hit)
{
    uint64_t tried[DV_LISTSET_WILDCARDS / 64 + 1];
    struct matcher m;

    m.tried = tried;
    set_up(&m, set, query);
    find_filters(&m);
    find_page_exceptions(&m);
    return decide(&m, hit);
}

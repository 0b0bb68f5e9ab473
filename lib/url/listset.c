/* SPDX-License-Identifier: MIT */
/* listset.c - reads lists into filters. */

#include "url/listset.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "url/abp_parse.h"
#include "url/hosts_file.h"
#include "url/listset_filter.h"
#include "url/url_host.h"
#include "url/url_out.h"
#include "url/url_token.h"

/* More than all public lists together; numbers have 24 bits in the index. */
#define MAX_FILTERS ((size_t)DV_URL_TOKEN_NUMBER)
#define MAX_DOMAINS ((size_t)1 << 24)
#define MAX_REGEXES ((size_t)1 << 16)
#define MAX_TEXT    ((size_t)1 << 31)

/* Patterns are compared byte by byte, so their length is a factor of the
 * time; real ones stay below 300. */
#define MAX_PATTERN 512

/* The line that is read. */
struct reader {
    struct dv_listset *set;
    struct dv_arena scratch;            /* hosts on their way */
    struct dv_list_counts counts;
    dv_list_warn warn;
    void *ctx;
    struct dv_span line;
    uint32_t number;                    /* of the line, from 1 */
    uint32_t offset;
    uint8_t list;
    bool is_allow_list;
};

void
dv_listset_init(struct dv_listset *set, struct dv_mem *mem)
{
    *set = (struct dv_listset){ .mem = mem };
    dv_vec_init(&set->filters, mem, sizeof(struct dv_list_filter),
                MAX_FILTERS);
    dv_vec_init(&set->domains, mem, sizeof(struct dv_list_domain),
                MAX_DOMAINS);
    dv_vec_init(&set->regexes, mem, sizeof(struct dv_url_regex *),
                MAX_REGEXES);
    dv_vec_init(&set->signatures, mem, sizeof(uint64_t), MAX_FILTERS);
    dv_vec_init(&set->bad, mem, sizeof(uint64_t), MAX_FILTERS);
    dv_vec_init(&set->always, mem, sizeof(uint32_t), MAX_FILTERS);
    dv_buf_init(&set->text, mem, MAX_TEXT);
    dv_hostset_init(&set->hosts, mem);
    dv_hostset_init(&set->documents, mem);
    dv_url_index_init(&set->tokens, mem);
    dv_url_index_init(&set->grams, mem);
}

void
dv_listset_fini(struct dv_listset *set)
{
    for (size_t i = 0; i < set->regexes.len; i++)
        dv_url_regex_free(*(struct dv_url_regex **)
                              dv_vec_at(&set->regexes, i));
    dv_vec_fini(&set->filters);
    dv_vec_fini(&set->domains);
    dv_vec_fini(&set->regexes);
    dv_vec_fini(&set->signatures);
    dv_vec_fini(&set->bad);
    dv_vec_fini(&set->always);
    dv_buf_fini(&set->text);
    dv_hostset_fini(&set->hosts);
    dv_hostset_fini(&set->documents);
    dv_url_index_fini(&set->tokens);
    dv_url_index_fini(&set->grams);
}

/* ---- Helpers ---------------------------------------------------------- */

static davy_status
refused(const struct dv_vec *vec)
{
    return dv_vec_is_full(vec) ? DAVY_LIMIT : DAVY_NO_MEMORY;
}

static void
warn(struct reader *r, size_t column, const char *reason)
{
    r->counts.skipped++;
    if (r->warn != NULL)
        r->warn(r->ctx, r->number, (uint32_t)column + 1, reason);
}

/* Keep `text`, in lower case when asked to. */
static davy_status
keep_text(struct dv_listset *set, struct dv_span text, bool is_lowered,
          uint32_t *at)
{
    const davy_status st = dv_buf_append(&set->text, text);

    if (st != DAVY_OK)
        return st;
    *at = (uint32_t)(set->text.len - text.len);
    for (size_t i = *at; is_lowered && i < set->text.len; i++)
        set->text.at[i] = dv_url_token_lower[set->text.at[i]];
    return DAVY_OK;
}

static uint64_t
mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static uint64_t
mix_span(uint64_t hash, struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = mix(hash, text.at[i]);
    return mix(hash, text.len);
}

/* What two filters have in common when they say the same, whatever the order
 * of their options and domains. */
static uint64_t
signature_of(const struct dv_abp_filter *f)
{
    struct dv_span left = f->domains;
    struct dv_span host;
    bool is_negated;
    uint64_t hash = mix_span(1, f->pattern);
    uint64_t domains = 0;

    hash = mix(hash, f->types);
    hash = mix(hash, (uint64_t)f->party);
    hash = mix(hash, (uint64_t)(f->is_exception | f->is_regex << 1
                                | f->has_start << 2 | f->has_host << 3
                                | f->has_end << 4 | f->is_important << 5
                                | f->is_match_case << 6 | f->is_csp << 7));
    while (dv_abp_next_domain(&left, &host, &is_negated))
        domains += mix_span(is_negated ? 2 : 3, host);
    return mix_span(mix(hash, domains), f->csp);
}

/* ---- Parts of a filter ------------------------------------------------ */

/* A host of an option as addresses have it; DAVY_MALFORMED for anything
 * else. */
static davy_status
read_host(struct reader *r, struct dv_span text, struct dv_span *host)
{
    enum dv_url_host type;

    if (text.len == 0)
        return DAVY_MALFORMED;
    return dv_url_host_parse(&r->scratch, text, false, host, &type);
}

static davy_status
add_domain(struct reader *r, struct dv_list_filter *filter,
           struct dv_span text, bool is_negated)
{
    const bool is_entity = dv_span_ends_with(text, DV_SPAN_LIT(".*"));
    struct dv_list_domain domain = { .is_negated = is_negated,
                                     .is_entity = is_entity };
    struct dv_list_domain *kept;
    struct dv_span host;
    davy_status st;

    if (is_entity)
        text.len -= 2;
    st = read_host(r, text, &host);
    if (st != DAVY_OK)
        return st;
    if (host.len > UINT8_MAX || filter->domains_len == UINT16_MAX)
        return DAVY_MALFORMED;
    st = keep_text(r->set, host, false, &domain.text);
    if (st != DAVY_OK)
        return st;
    domain.len = (uint16_t)host.len;
    kept = dv_vec_push(&r->set->domains);
    if (kept == NULL)
        return refused(&r->set->domains);
    *kept = domain;
    filter->domains_len++;
    return DAVY_OK;
}

static davy_status
add_domains(struct reader *r, struct dv_list_filter *filter,
            struct dv_span left)
{
    struct dv_span text;
    bool is_negated;

    filter->domains = (uint32_t)r->set->domains.len;
    while (dv_abp_next_domain(&left, &text, &is_negated)) {
        const davy_status st = add_domain(r, filter, text, is_negated);

        if (st != DAVY_OK)
            return st;
    }
    return DAVY_OK;
}

/* The length of the host that a `||` pattern begins with, when the pattern
 * says that the host ends there; else 0. */
static size_t
host_length(struct dv_span pattern)
{
    size_t n = 0;

    while (n < pattern.len
           && (dv_ascii_is_alnum(pattern.at[n]) || pattern.at[n] == '.'
               || pattern.at[n] == '-' || pattern.at[n] == '_'
               || pattern.at[n] >= 0x80))
        n++;
    if (n == pattern.len || pattern.at[n - (n > 0)] == '.')
        return 0;
    return pattern.at[n] == '/' || pattern.at[n] == '^'
           || pattern.at[n] == ':' || pattern.at[n] == '?' ? n : 0;
}

/* Addresses hold ASCII only: a pattern's host becomes punycode, the rest
 * percent-encoded. */
static davy_status
to_ascii(struct reader *r, const struct dv_abp_filter *f,
         struct dv_span *pattern)
{
    const size_t n = f->is_host ? pattern->len
                     : f->has_host ? host_length(*pattern) : 0;
    struct dv_url_out out;
    struct dv_span host;

    dv_url_out_init(&out, &r->scratch);
    if (n > 0) {
        const davy_status st = read_host(r, dv_span_slice(*pattern, 0, n),
                                         &host);

        if (st != DAVY_OK)
            return st;
        dv_url_out_put(&out, host);
    }
    dv_url_out_encode(&out, dv_span_slice(*pattern, n, pattern->len),
                      DV_URL_SET_C0);
    return dv_url_out_finish(&out, pattern) ? DAVY_OK : DAVY_NO_MEMORY;
}

static bool
is_ascii(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 0x80)
            return false;
    }
    return true;
}

/* A filter that searches gets a number; see is_first_try in
 * listset_match.c. */
static bool
number_wildcard(struct dv_listset *set, struct dv_list_filter *filter)
{
    filter->wildcard = set->wildcards;
    return set->wildcards++ < DV_LISTSET_WILDCARDS;
}

static davy_status
set_regex(struct reader *r, struct dv_list_filter *filter,
          const struct dv_abp_filter *f)
{
    struct dv_url_regex **slot;
    struct dv_url_regex *regex;
    davy_status st;

    if (!number_wildcard(r->set, filter) || f->pattern.len > UINT16_MAX)
        return DAVY_DECLINED;
    st = dv_url_regex_new(r->set->mem, f->pattern, f->is_match_case, &regex);
    if (st != DAVY_OK)
        return st;
    slot = dv_vec_push(&r->set->regexes);
    if (slot == NULL) {
        dv_url_regex_free(regex);
        return refused(&r->set->regexes);
    }
    *slot = regex;
    filter->regex = (uint32_t)(r->set->regexes.len - 1);
    filter->flags |= DV_FILTER_REGEX;
    filter->pattern_len = (uint16_t)f->pattern.len;
    return keep_text(r->set, f->pattern, false, &filter->pattern);
}

static davy_status
set_pattern(struct reader *r, struct dv_list_filter *filter,
            const struct dv_abp_filter *f)
{
    struct dv_span pattern = f->pattern;
    davy_status st;

    if (f->is_regex)
        return set_regex(r, filter, f);
    if (!is_ascii(pattern)) {
        st = to_ascii(r, f, &pattern);
        if (st != DAVY_OK)
            return st;
    }
    if (pattern.len > MAX_PATTERN)
        return DAVY_DECLINED;
    st = keep_text(r->set, pattern, !f->is_match_case || f->is_host,
                   &filter->pattern);
    if (st != DAVY_OK)
        return st;
    filter->pattern_len = (uint16_t)pattern.len;
    if (dv_span_find_byte(pattern, '*') < pattern.len) {
        if (!number_wildcard(r->set, filter))
            return DAVY_DECLINED;
        filter->flags |= DV_FILTER_WILDCARD;
    }
    if (f->is_host) {
        filter->flags |= DV_FILTER_HOST;
    } else if (f->has_host) {
        filter->token = (uint16_t)host_length(pattern);
        if (filter->token != 0)
            filter->flags |= DV_FILTER_HOST_PREFIX;
    }
    return DAVY_OK;
}

/* Policies are for documents and frames.  A plain host also blocks the
 * document itself, unless its options narrow it down. */
static uint16_t
types_of(const struct dv_abp_filter *f)
{
    uint32_t types = f->types;

    if (f->is_csp && !f->has_types)
        types = DV_ABP_DOCUMENT | DV_ABP_SUBDOCUMENT;
    else if (f->is_host && !f->has_types)
        types |= DV_ABP_DOCUMENT;
    return (uint16_t)types;
}

static uint16_t
flags_of(const struct reader *r, const struct dv_abp_filter *f)
{
    unsigned flags = 0;

    if (r->is_allow_list)
        flags |= DV_FILTER_ALLOW_LIST;
    if (f->is_exception)
        flags |= DV_FILTER_EXCEPTION;
    if (f->is_exception && f->has_types && f->types & DV_ABP_DOCUMENT)
        flags |= DV_FILTER_WHOLE_PAGE;
    if (f->is_important)
        flags |= DV_FILTER_IMPORTANT;
    if (f->is_csp)
        flags |= DV_FILTER_CSP;
    if (f->has_start)
        flags |= DV_FILTER_START;
    if (f->has_host)
        flags |= DV_FILTER_HOST_START;
    if (f->has_end)
        flags |= DV_FILTER_END;
    if (f->is_match_case)
        flags |= DV_FILTER_MATCH_CASE;
    return (uint16_t)flags;
}

/* ---- Lines ------------------------------------------------------------ */

/* Parts that were kept for a line which then turned out unusable. */
struct mark {
    size_t text;
    size_t domains;
    uint32_t wildcards;
};

static void
rewind_to(struct dv_listset *set, const struct mark *mark)
{
    set->text.len = mark->text;
    set->domains.len = mark->domains;
    set->wildcards = mark->wildcards;
}

static davy_status
keep_csp(struct reader *r, struct dv_list_filter *filter, struct dv_span csp)
{
    if (csp.len > MAX_PATTERN)
        return DAVY_DECLINED;
    filter->csp_len = (uint16_t)csp.len;
    return keep_text(r->set, csp, false, &filter->csp);
}

static davy_status
fill_filter(struct reader *r, struct dv_list_filter *filter,
            const struct dv_abp_filter *f)
{
    davy_status st;

    filter->list = r->list;
    filter->line = r->number;
    filter->offset = r->offset;
    filter->length = (uint32_t)r->line.len;
    filter->types = types_of(f);
    filter->party = (uint8_t)f->party;
    filter->flags = flags_of(r, f);
    st = keep_csp(r, filter, f->csp);
    if (st == DAVY_OK)
        st = add_domains(r, filter, f->domains);
    if (st == DAVY_OK)
        st = set_pattern(r, filter, f);
    return st;
}

static davy_status
add_signature(struct dv_vec *vec, const struct dv_abp_filter *f)
{
    uint64_t *slot = dv_vec_push(vec);

    if (slot == NULL)
        return refused(vec);
    *slot = signature_of(f);
    return DAVY_OK;
}

static davy_status
add_filter(struct reader *r, const struct dv_abp_filter *f)
{
    struct dv_listset *set = r->set;
    const struct mark mark = { set->text.len, set->domains.len,
                               set->wildcards };
    struct dv_list_filter filter = { .list = 0 };
    struct dv_list_filter *kept;
    davy_status st = fill_filter(r, &filter, f);

    if (st == DAVY_DECLINED || st == DAVY_MALFORMED) {
        rewind_to(set, &mark);
        warn(r, 0,
             st == DAVY_DECLINED ? "pattern is not supported"
                                 : "host or expression is malformed");
        return DAVY_OK;
    }
    if (st != DAVY_OK)
        return st;
    kept = dv_vec_push(&set->filters);
    if (kept == NULL)
        return refused(&set->filters);
    *kept = filter;
    set->has_document_exceptions = set->has_document_exceptions
                                   || filter.flags & DV_FILTER_WHOLE_PAGE;
    r->counts.filters++;
    return add_signature(&set->signatures, f);
}

static davy_status
read_abp_line(struct reader *r)
{
    struct dv_abp_filter f;

    switch (dv_abp_parse(r->line, &f)) {
    case DV_ABP_NOTHING:
        return DAVY_OK;
    case DV_ABP_COSMETIC:
        r->counts.cosmetic++;
        return DAVY_OK;
    case DV_ABP_SKIPPED:
        warn(r, f.column, f.reason);
        return DAVY_OK;
    case DV_ABP_FILTER:
        break;
    }
    if (!f.is_badfilter)
        return add_filter(r, &f);
    r->counts.filters++;
    return add_signature(&r->set->bad, &f);
}

static davy_status
read_hosts_line(struct reader *r)
{
    struct dv_abp_filter f = { .types = DV_ABP_DEFAULT, .is_host = true };
    struct dv_hosts hosts;
    davy_status st;

    switch (dv_hosts_parse(r->line, &hosts)) {
    case DV_HOSTS_NOTHING:
        return DAVY_OK;
    case DV_HOSTS_SKIPPED:
        warn(r, 0, hosts.reason);
        return DAVY_OK;
    case DV_HOSTS_HOSTS:
        break;
    }
    for (;;) {
        st = dv_hosts_next(&hosts, &r->scratch, &f.pattern);
        if (st == DAVY_MALFORMED)
            warn(r, (size_t)(hosts.left.at - r->line.at),
                 "not a host name with a dot");
        else if (st != DAVY_OK)
            return st == DAVY_DECLINED ? DAVY_OK : st;
        else if (f.pattern.len != 0)
            st = add_filter(r, &f);
        if (st == DAVY_NO_MEMORY || st == DAVY_LIMIT)
            return st;
    }
}

/* The next line of `text`, without its break (LF, CR LF or CR). */
static struct dv_span
take_line(struct dv_span *text)
{
    size_t n = 0;
    struct dv_span line;

    while (n < text->len && text->at[n] != '\n' && text->at[n] != '\r')
        n++;
    line = dv_span_of(text->at, n);
    dv_span_skip(text, n);
    if (text->len > 1 && text->at[0] == '\r' && text->at[1] == '\n')
        dv_span_skip(text, 2);
    else if (text->len != 0)
        dv_span_skip(text, 1);
    return line;
}

davy_status
dv_listset_add(struct dv_listset *set, uint32_t list,
               davy_list_format format, bool is_allow_list,
               struct dv_span text, struct dv_list_counts *counts,
               dv_list_warn warn_at, void *ctx)
{
    const uint8_t *const start = text.at;
    struct reader r = { .set = set, .warn = warn_at, .ctx = ctx,
                        .list = (uint8_t)list,
                        .is_allow_list = is_allow_list };
    davy_status st = DAVY_OK;

    if (list >= DV_LISTSET_LISTS || text.len > MAX_TEXT)
        return DAVY_MISUSE;
    dv_arena_init(&r.scratch, set->mem);
    if (dv_span_starts_with(text, DV_SPAN_LIT("\xef\xbb\xbf")))
        dv_span_skip(&text, 3);
    while (st == DAVY_OK && text.len != 0) {
        r.offset = (uint32_t)(text.at - start);
        r.number++;
        r.line = take_line(&text);
        r.counts.lines++;
        st = format == DAVY_LIST_HOSTS ? read_hosts_line(&r)
                                       : read_abp_line(&r);
        dv_arena_reset(&r.scratch);
    }
    dv_arena_fini(&r.scratch);
    if (counts != NULL)
        *counts = r.counts;
    return st;
}

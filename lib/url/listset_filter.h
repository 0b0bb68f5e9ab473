/* SPDX-License-Identifier: MIT */
/* listset_filter.h - what listset.c writes into filters and listset_match.c
 * reads from them. */

#ifndef DV_LISTSET_FILTER_H
#define DV_LISTSET_FILTER_H

#include "url/listset.h"

/* struct dv_list_filter.flags */
enum {
    DV_FILTER_EXCEPTION = 1,
    DV_FILTER_IMPORTANT = 2,
    DV_FILTER_ALLOW_LIST = 4,
    DV_FILTER_CSP = 8,
    DV_FILTER_REGEX = 16,
    DV_FILTER_WILDCARD = 32,            /* a `*` is in the pattern */
    DV_FILTER_HOST = 64,                /* the pattern is a whole host */
    DV_FILTER_HOST_PREFIX = 128,        /* it begins with one: ||host/path;
                                         * `token` is that host's length */
    DV_FILTER_START = 256,
    DV_FILTER_HOST_START = 512,
    DV_FILTER_END = 1024,
    DV_FILTER_MATCH_CASE = 2048,
    DV_FILTER_WHOLE_PAGE = 4096         /* an exception with $document */
};

/* One entry of a domain option. */
struct dv_list_domain {
    uint32_t text;
    uint16_t len;
    bool is_negated;
    bool is_entity;                     /* "name.*": any public suffix */
};

/* Filters that search, at most: their bits stand on the stack of a match. */
#define DV_LISTSET_WILDCARDS 65536

static inline struct dv_span
dv_listset_text(const struct dv_listset *set, uint32_t at, size_t len)
{
    return dv_span_of(len == 0 ? NULL : set->text.at + at, len);
}

static inline const struct dv_list_filter *
dv_listset_filter(const struct dv_listset *set, uint32_t i)
{
    return dv_vec_at(&set->filters, i);
}

#endif

/* SPDX-License-Identifier: MIT */
/* listset.h - any number of address lists compiled into one frozen index.
 *
 * init, add lists, freeze; then any number of threads match.  What a match
 * means:
 *
 *  - `||host^`, `||host` and a line that is only a host mean the host and its
 *    subdomains, as in uBlock Origin; the host must end in a domain that
 *    exists if there is no `^`.
 *  - A filter matches when its pattern, request types, party and domains all
 *    hold.  An address of ws: or wss: is a websocket whatever the kind says.
 *  - Of blocking filters that match, the one of the lowest list number and
 *    line is reported.  An exception (`@@`) excuses them, unless one is
 *    `$important`; an exception with `$document` that matches the document
 *    excuses all it loads.  A match of an allow list excuses everything.
 *    `$badfilter` takes out filters of the same text, in all lists.
 *  - Without a document, `$third-party` holds and `$first-party` does not
 *    (who scans, looks at foreign code), `$domain=a` does not hold and
 *    `$domain=~a` does.  A request of kind DOCUMENT or LINK is its own
 *    document.
 *  - A document itself is blocked by filters with `$document` or `$all`, and
 *    by those that are nothing but a host (`||host^`, hosts files).
 *  - `$csp` filters block nothing; they match documents and frames, and are
 *    reported (with the policy to add) when nothing blocks.
 *  - The final dot of a host is ignored where a filter names a host. */

#ifndef DV_LISTSET_H
#define DV_LISTSET_H

#include "url/abp_match.h"
#include "url/hostset.h"
#include "url/url.h"
#include "url/url_regex.h"

/* Lists beyond this are refused: numbers are bits of dv_list_hit.lists. */
#define DV_LISTSET_LISTS 64

struct dv_list_counts {
    size_t lines;
    size_t filters;                     /* usable */
    size_t cosmetic;                    /* skipped: hide or inject only */
    size_t skipped;                     /* cannot be used */
};

/* Called for each line that cannot be used. */
typedef void (*dv_list_warn)(void *ctx, uint32_t line, uint32_t column,
                             const char *reason);

/* A filter; texts are offsets in the set's text. */
struct dv_list_filter {
    uint32_t pattern;
    uint32_t domains;                   /* index of the first, in domains */
    uint32_t csp;
    uint32_t line;                      /* from 1 */
    uint32_t offset;                    /* of the line in its list */
    uint32_t length;                    /* of the line */
    uint32_t wildcard;                  /* number among those that search:
                                         * with `*`, regular expressions */
    uint32_t regex;                     /* index in regexes */
    uint16_t pattern_len;
    uint16_t domains_len;
    uint16_t csp_len;
    uint16_t token;                     /* offset of the token in the pattern
                                         * that the filter is found by */
    uint16_t types;                     /* enum dv_abp_type */
    uint16_t flags;
    uint8_t list;
    uint8_t party;                      /* enum dv_abp_party */
};

struct dv_listset {
    struct dv_mem *mem;
    struct dv_vec filters;              /* struct dv_list_filter */
    struct dv_vec domains;              /* of options */
    struct dv_vec regexes;              /* struct dv_url_regex * */
    struct dv_vec signatures;           /* uint64_t, one for each filter */
    struct dv_vec bad;                  /* uint64_t, of $badfilter lines */
    struct dv_vec always;               /* filters to try each time */
    struct dv_buf text;
    struct dv_hostset hosts;            /* filters by the host they name */
    struct dv_hostset documents;        /* filters by the document's host */
    struct dv_url_index tokens;         /* filters by a token */
    struct dv_url_index grams;          /* filters by four bytes */
    uint32_t wildcards;                 /* number of filters that search */
    bool has_document_exceptions;
};

struct dv_list_query {
    const struct dv_url *url;
    const struct dv_url *document;      /* NULL: not known */
    davy_kind kind;
};

struct dv_list_hit {
    uint32_t list;                      /* number given when it was added */
    uint32_t line;                      /* from 1 */
    uint32_t offset;                    /* of the filter in the list's text */
    uint32_t length;
    bool is_important;
    bool is_exception;                  /* excused: see dv_listset_match */
    struct dv_span csp;                 /* policy to add; lives as the set */
    uint64_t lists;                     /* bit n: list n has a filter that
                                         * matches and blocks */
};

void dv_listset_init(struct dv_listset *set, struct dv_mem *mem);
void dv_listset_fini(struct dv_listset *set);

/* Read a list.  `text` need not live on.  `counts` and `warn` may be NULL.
 * DAVY_OK, also with lines that cannot be used; DAVY_NO_MEMORY; DAVY_LIMIT
 * when the set is full; DAVY_MISUSE for a list number that is too large. */
davy_status dv_listset_add(struct dv_listset *set, uint32_t list,
                           davy_list_format format, bool is_allow_list,
                           struct dv_span text, struct dv_list_counts *counts,
                           dv_list_warn warn, void *ctx);

/* Build the index.  DAVY_OK, DAVY_NO_MEMORY, DAVY_LIMIT. */
davy_status dv_listset_freeze(struct dv_listset *set);

/* Whether a filter stands against the address; `hit` then says which.  When
 * false, hit->is_exception tells that one did but was excused by the filter
 * that `hit` names; otherwise `hit` is untouched but for that flag.
 * Allocates nothing; linear in the length of the address. */
bool dv_listset_match(const struct dv_listset *set,
                      const struct dv_list_query *query,
                      struct dv_list_hit *hit);

#endif

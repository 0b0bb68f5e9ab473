/* SPDX-License-Identifier: MIT */
/* abp_parse.h - takes one line of an Adblock Plus list apart.
 *
 * The syntax is that of "How to write filters" (Adblock Plus) with the
 * network options of uBlock Origin's wiki that bear on blocking. */

#ifndef DV_ABP_PARSE_H
#define DV_ABP_PARSE_H

#include "base/span.h"

/* Types of requests, as bits. */
enum dv_abp_type {
    DV_ABP_SCRIPT = 1,
    DV_ABP_XHR = 2,
    DV_ABP_WEBSOCKET = 4,
    DV_ABP_SUBDOCUMENT = 8,
    DV_ABP_DOCUMENT = 16,
    DV_ABP_OBJECT = 32,
    DV_ABP_IMAGE = 64,
    DV_ABP_STYLESHEET = 128,
    DV_ABP_FONT = 256,
    DV_ABP_MEDIA = 512,
    DV_ABP_PING = 1024,
    DV_ABP_OTHER = 2048,
    DV_ABP_POPUP = 4096,
    DV_ABP_ALL = 8191,
    /* What a filter without type options is for. */
    DV_ABP_DEFAULT = DV_ABP_ALL & ~(DV_ABP_DOCUMENT | DV_ABP_POPUP)
};

enum dv_abp_line {
    DV_ABP_NOTHING,                     /* blank, comment, header */
    DV_ABP_FILTER,
    DV_ABP_COSMETIC,                    /* hides elements, injects scripts */
    DV_ABP_SKIPPED                      /* cannot be used: see reason */
};

enum dv_abp_party { DV_ABP_ANY_PARTY, DV_ABP_FIRST_PARTY, DV_ABP_THIRD_PARTY };

/* Spans lie in the line. */
struct dv_abp_filter {
    struct dv_span pattern;             /* without anchors; may be empty */
    struct dv_span domains;             /* a|~b, or empty */
    struct dv_span csp;                 /* the policy to add */
    uint32_t types;                     /* enum dv_abp_type */
    enum dv_abp_party party;
    bool is_exception;                  /* @@ */
    bool is_regex;                      /* pattern is without its slashes */
    bool has_start;                     /* |pattern */
    bool has_host;                      /* ||pattern */
    bool has_end;                       /* pattern| */
    bool is_open;                       /* `*` stood at one of its ends */
    bool is_host;                       /* the pattern is a host and means it
                                         * and its subdomains: ||host^ */
    bool is_important;
    bool is_badfilter;
    bool is_match_case;
    bool is_csp;                        /* csp= is there, maybe empty */
    bool has_types;                     /* a type option is there */

    const char *reason;                 /* of DV_ABP_SKIPPED; static text */
    size_t column;                      /* offset in the line it is about */
};

/* `line` is without its line break.  Linear in its length. */
enum dv_abp_line dv_abp_parse(struct dv_span line,
                              struct dv_abp_filter *filter);

/* Take the next entry off the front of a `domains` value: its host, whether
 * it is negated.  False at the end. */
bool dv_abp_next_domain(struct dv_span *domains, struct dv_span *host,
                        bool *is_negated);

/* Whether `text` is a host name with a dot and nothing else. */
bool dv_abp_is_host(struct dv_span text);

#endif

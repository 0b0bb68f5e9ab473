/* SPDX-License-Identifier: MIT */
/* url.h - takes an address apart as browsers do (WHATWG URL Standard).
 *
 * What differs from the standard, knowingly:
 *  - Hosts: UTS 46 mapping and NFC are reduced to the parts that
 *    url_idna.h names; a host that IDNA would refuse for its code points
 *    (unassigned, right-to-left rules, contextual joiners, undecodable
 *    "xn--" labels) is accepted.  This errs towards seeing an address.
 *  - Queries are encoded as UTF-8 whatever the document's encoding is.
 * Input is UTF-8; malformed sequences become U+FFFD, as in a decoded page. */

#ifndef DV_URL_H
#define DV_URL_H

#include "base/arena.h"
#include "base/span.h"

/* The special schemes, which browsers treat in ways of their own. */
enum dv_url_scheme {
    DV_URL_OTHER,                       /* data:, javascript:, blob: ... */
    DV_URL_HTTP,
    DV_URL_HTTPS,
    DV_URL_WS,
    DV_URL_WSS,
    DV_URL_FTP,
    DV_URL_FILE
};

enum dv_url_host {
    DV_URL_HOST_NONE,                   /* mailto:a, data:b */
    DV_URL_HOST_EMPTY,                  /* file:///a */
    DV_URL_HOST_NAME,                   /* lower case, punycode */
    DV_URL_HOST_IPV4,                   /* four decimal numbers */
    DV_URL_HOST_IPV6,                   /* with its brackets */
    DV_URL_HOST_OPAQUE                  /* of a scheme that is not special */
};

/* An absolute address.  All spans lie in `href`, which lies in the arena that
 * the address was parsed with. */
struct dv_url {
    struct dv_span href;                /* the whole, serialised */
    struct dv_span scheme;              /* without the colon */
    struct dv_span username;
    struct dv_span password;
    struct dv_span host;                /* a final dot is kept */
    struct dv_span port;                /* digits; empty for the default */
    struct dv_span path;                /* with its slash, or opaque */
    struct dv_span query;               /* without the question mark */
    struct dv_span fragment;            /* without the hash */
    enum dv_url_scheme type;
    enum dv_url_host host_type;
    uint16_t port_number;               /* the default filled in; 0: none */
    bool has_query;                     /* a `?` is there */
    bool has_fragment;                  /* a `#` is there */
    bool is_opaque;                     /* the path is no list of segments */
};

/* Parse `text`, resolved against `base` (NULL: it must be absolute).
 * DAVY_OK; DAVY_MALFORMED when a browser would refuse it; DAVY_NO_MEMORY.
 * `url` is untouched on failure.  Takes time linear in both lengths. */
davy_status dv_url_parse(struct dv_url *url, struct dv_arena *arena,
                         struct dv_span text, const struct dv_url *base);

static inline bool
dv_url_is_special(const struct dv_url *url)
{
    return url->type != DV_URL_OTHER;
}

#endif

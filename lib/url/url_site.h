/* SPDX-License-Identifier: MIT */
/* url_site.h - the registrable domain of an address (publicsuffix.org). */

#ifndef DV_URL_SITE_H
#define DV_URL_SITE_H

#include "url/url.h"

/* The host without a final dot. */
static inline struct dv_span
dv_url_bare_host(const struct dv_url *url)
{
    struct dv_span host = url->host;

    if (host.len != 0 && host.at[host.len - 1] == '.')
        host.len--;
    return host;
}

/* The part of the host that somebody registered: example.co.uk of
 * www.example.co.uk.  The whole bare host for numeric addresses, for public
 * suffixes themselves and for names without a dot.  Uses the list that is
 * built into libpsl; any thread. */
struct dv_span dv_url_site(const struct dv_url *url);

/* Whether `host` ends in a top-level domain that exists, or in a number. */
bool dv_url_site_exists(struct dv_span host);

/* Whether both addresses are of one site. */
bool dv_url_same_site(const struct dv_url *a, const struct dv_url *b);

#endif

/* SPDX-License-Identifier: MIT */
/* url_site.c - asks libpsl's built-in public suffix list. */

#include "url/url_site.h"

#include <libpsl.h>

#include "base/ascii.h"
#include "url/url_ip.h"

/* No name in DNS is longer (RFC 1035, 2.3.4); of longer ones the end is
 * looked at, where the suffix stands. */
#define MAX_NAME ((size_t)253)

#define MAX_LABEL ((size_t)63)          /* same section */

struct dv_span
dv_url_site(const struct dv_url *url)
{
    const struct dv_span host = dv_url_bare_host(url);
    const size_t cut = host.len > MAX_NAME ? host.len - MAX_NAME : 0;
    char name[MAX_NAME + 1];
    const char *site;

    if (url->host_type != DV_URL_HOST_NAME || host.len == 0)
        return host;
    memcpy(name, host.at + cut, host.len - cut);
    name[host.len - cut] = '\0';
    site = psl_registrable_domain(psl_builtin(), name);
    if (site == NULL)
        return host;
    return dv_span_slice(host, cut + (size_t)(site - name), host.len);
}

bool
dv_url_site_exists(struct dv_span host)
{
    char name[MAX_LABEL + 1];

    for (size_t i = host.len; i > 0; i--) {
        if (host.at[i - 1] == '.') {
            dv_span_skip(&host, i);
            break;
        }
    }
    if (host.len == 0 || host.len > MAX_LABEL)
        return false;
    if (dv_url_ip_ends_in_number(host))
        return true;
    for (size_t i = 0; i < host.len; i++)
        name[i] = (char)dv_ascii_lower(host.at[i]);
    name[host.len] = '\0';
    return psl_is_public_suffix2(psl_builtin(), name,
                                 PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

bool
dv_url_same_site(const struct dv_url *a, const struct dv_url *b)
{
    return dv_span_equal(dv_url_site(a), dv_url_site(b));
}

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

/* The length of the labels that both hosts end with, and their number. */
static size_t
common_labels(struct dv_span a, struct dv_span b, unsigned *labels)
{
    size_t length = 0;
    size_t n = 0;

    *labels = 0;
    while (n < a.len && n < b.len
           && a.at[a.len - n - 1] == b.at[b.len - n - 1]) {
        if (a.at[a.len - n - 1] == '.') {
            length = n;
            ++*labels;
        }
        n++;
    }
    if ((n == a.len || a.at[a.len - n - 1] == '.')
        && (n == b.len || b.at[b.len - n - 1] == '.')) {
        length = n;
        ++*labels;
    }
    return length;
}

/* The list is asked only when two labels at least are the same: it takes a
 * thousand times longer than that comparison. */
bool
dv_url_same_site(const struct dv_url *a, const struct dv_url *b)
{
    const struct dv_span host = dv_url_bare_host(a);
    const struct dv_span other = dv_url_bare_host(b);
    unsigned labels;
    const size_t common = common_labels(host, other, &labels);

    if (common == host.len && common == other.len)
        return true;
    if (labels < 2 || a->host_type != DV_URL_HOST_NAME)
        return false;
    return dv_url_site(a).len <= common && dv_url_site(b).len <= common;
}

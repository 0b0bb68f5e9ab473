/* SPDX-License-Identifier: MIT */
/* hosts.h - hosts by name, by domain, by network. */

#ifndef HOSTS_H
#define HOSTS_H

#include "proxy/netset.h"

/* All zero at first. */
struct hosts {
    char **names;                       /* sorted; a domain begins with "." */
    size_t count;
    struct netset networks;             /* of hosts that are addresses */
    bool is_sorted;
};

/* Add "example.com" (this host), ".example.com" or "*.example.com" (it and all
 * below it), or a network as for netset_add.  NULL, or what is wrong with it:
 * a constant. */
const char *hosts_add(struct hosts *hosts, const char *text);

/* When all were added. */
void hosts_sort(struct hosts *hosts);

/* `host` in lower case, without a port or brackets. */
bool hosts_has(const struct hosts *hosts, const char *host);
bool hosts_is_empty(const struct hosts *hosts);
void hosts_fini(struct hosts *hosts);

#endif

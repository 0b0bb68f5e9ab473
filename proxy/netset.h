/* SPDX-License-Identifier: MIT */
/* netset.h - networks that an address may be in. */

#ifndef NETSET_H
#define NETSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* An address of either family; IPv4 is written ::ffff:a.b.c.d (RFC 4291,
 * 2.5.5.2). */
struct net_address {
    uint8_t bytes[16];
};

/* False for other families, which have no address. */
bool net_address_of(struct net_address *out, const struct sockaddr *from);
/* Of text without a port or brackets. */
bool net_address_read(struct net_address *out, const char *text);

/* All zero at first. */
struct netset {
    struct netset_row {
        struct net_address prefix;
        unsigned bits;
    } *rows;
    size_t count;
};

/* Add "10.0.0.0/8", "fd00::/8" or a single address.  NULL, or what is wrong
 * with it: a constant. */
const char *netset_add(struct netset *set, const char *text);

/* Looks at each network: meant for the dozens that people write. */
bool netset_has(const struct netset *set, const struct net_address *address);
void netset_fini(struct netset *set);

#endif

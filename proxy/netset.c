/* SPDX-License-Identifier: MIT */
/* netset.c - prefixes of 128 bits. */

#include "proxy/netset.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"

#define MAPPED_BITS 96u

static void
set_ipv4(struct net_address *out, const void *four)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

    memcpy(out->bytes, mapped, sizeof(mapped));
    memcpy(out->bytes + sizeof(mapped), four, 4);
}

bool
net_address_of(struct net_address *out, const struct sockaddr *from)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (from->sa_family) {
    case AF_INET:
        memcpy(&v4, from, sizeof(v4));
        set_ipv4(out, &v4.sin_addr);
        return true;
    case AF_INET6:
        memcpy(&v6, from, sizeof(v6));
        memcpy(out->bytes, &v6.sin6_addr, sizeof(out->bytes));
        return true;
    default:
        *out = (struct net_address){ { 0 } };
        return false;
    }
}

bool
net_address_read(struct net_address *out, const char *text)
{
    uint8_t four[4];

    if (inet_pton(AF_INET, text, four) == 1) {
        set_ipv4(out, four);
        return true;
    }
    return inet_pton(AF_INET6, text, out->bytes) == 1;
}

/* Whether the first `bits` are the same. */
static bool
is_within(const struct net_address *address,
          const struct net_address *prefix, unsigned bits)
{
    const unsigned whole = bits / 8;
    const unsigned rest = bits % 8;

    return memcmp(address->bytes, prefix->bytes, whole) == 0
           && (rest == 0
               || ((address->bytes[whole] ^ prefix->bytes[whole])
                   & (0xffu << (8 - rest) & 0xff))
                      == 0);
}

static bool
has_bits_behind(const struct net_address *prefix, unsigned bits)
{
    for (unsigned i = bits; i < 128; i++) {
        if (prefix->bytes[i / 8] & 0x80u >> i % 8)
            return true;
    }
    return false;
}

const char *
netset_add(struct netset *set, const char *text)
{
    const char *slash = strchr(text, '/');
    const size_t length = slash == NULL ? strlen(text)
                                        : (size_t)(slash - text);
    const unsigned base = strchr(text, ':') == NULL ? MAPPED_BITS : 0;
    struct netset_row row = { .bits = 128 };
    char address[64];
    unsigned long long bits;

    if (length >= sizeof(address))
        return "is no address";
    memcpy(address, text, length);
    address[length] = '\0';
    if (!net_address_read(&row.prefix, address))
        return "is no address, such as 10.0.0.0/8 or fd00::/8";
    if (slash != NULL) {
        if (!text_read_number(slash + 1, false, &bits) || bits > 128 - base)
            return "has no length of a prefix behind the slash";
        row.bits = (unsigned)bits + base;
    }
    if (has_bits_behind(&row.prefix, row.bits))
        return "has bits behind its prefix";
    set->rows = fatal_grow(set->rows, set->count, sizeof(*set->rows));
    set->rows[set->count++] = row;
    return NULL;
}

bool
netset_has(const struct netset *set, const struct net_address *address)
{
    for (size_t i = 0; i < set->count; i++) {
        if (is_within(address, &set->rows[i].prefix, set->rows[i].bits))
            return true;
    }
    return false;
}

void
netset_fini(struct netset *set)
{
    free(set->rows);
    *set = (struct netset){ .rows = NULL };
}

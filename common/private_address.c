/* SPDX-License-Identifier: MIT */
/* private_address.c - is an address outside of the public internet? */

#include "common/private_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct network4 {
    uint32_t prefix;
    unsigned bits;
};

struct network6 {
    uint64_t prefix;                    /* the upper half */
    unsigned bits;
};

static const struct network4 networks4[] = {
#define PRIVATE_IPV4_ROW(a, b, c, d, bits, text) \
    { (uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d), bits },
#include "common/private_address.def"
#undef PRIVATE_IPV4_ROW
};

static const struct network6 networks6[] = {
#define PRIVATE_IPV6_ROW(a, b, c, d, bits, text) \
    { (uint64_t)(a) << 48 | (uint64_t)(b) << 32 | (uint64_t)(c) << 16 | (d), \
      bits },
#include "common/private_address.def"
#undef PRIVATE_IPV6_ROW
};

static bool
is_private4(uint32_t address)
{
    for (size_t i = 0; i < sizeof(networks4) / sizeof(networks4[0]); i++) {
        const unsigned shift = 32 - networks4[i].bits;

        if (address >> shift == networks4[i].prefix >> shift)
            return true;
    }
    return false;
}

/* 64:ff9b::/96 stands for all of IPv4 (RFC 6052, 2.1). */
static bool
is_translated(const uint8_t address[16])
{
    static const uint8_t prefix[12] = { 0x00, 0x64, 0xff, 0x9b };

    return memcmp(address, prefix, sizeof(prefix)) == 0;
}

static bool
is_private6(const uint8_t address[16])
{
    uint64_t upper = 0;

    if (is_translated(address))
        return is_private4((uint32_t)address[12] << 24
                           | (uint32_t)address[13] << 16
                           | (uint32_t)address[14] << 8 | address[15]);
    for (int i = 0; i < 8; i++)
        upper = upper << 8 | address[i];
    for (size_t i = 0; i < sizeof(networks6) / sizeof(networks6[0]); i++) {
        const unsigned shift = 64 - networks6[i].bits;

        if (upper >> shift == networks6[i].prefix >> shift)
            return true;
    }
    return false;
}

bool
private_address_text(const char *text)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return private_address((const struct sockaddr *)&v4);
    return inet_pton(AF_INET6, text, &v6.sin6_addr) == 1
           && private_address((const struct sockaddr *)&v6);
}

bool
private_address(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&v4, address, sizeof(v4));
        return is_private4(ntohl(v4.sin_addr.s_addr));
    case AF_INET6:
        memcpy(&v6, address, sizeof(v6));
        return is_private6(v6.sin6_addr.s6_addr);
    default:
        return true;
    }
}

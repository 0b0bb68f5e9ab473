/* SPDX-License-Identifier: MIT */
/* leaf_name.h - names that a certificate may be made for. */

#ifndef LEAF_NAME_H
#define LEAF_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest DNS name as text (RFC 1035, 2.3.4), and its NUL. */
#define LEAF_NAME_SIZE 254

/* A DNS name or an address in the one form that we compare and cache. */
struct leaf_name {
    char text[LEAF_NAME_SIZE];          /* lower case, no dot at the end */
    uint8_t address[16];                /* in network order */
    uint8_t address_length;             /* 4, 16, or 0 for a DNS name */
};

/* Read `length` bytes as a DNS name of LDH labels (RFC 5890, 2.3.1), an IPv4
 * address in dotted decimal or an IPv6 address, also in brackets.  False for
 * all else: wildcards, underscores, ports, zones, names that end in a number.
 * `out` changes on success only. */
bool leaf_name_read(struct leaf_name *out, const char *text, size_t length);

#endif

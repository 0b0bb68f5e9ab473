/* SPDX-License-Identifier: MIT */
/* private_address.h - is an address outside of the public internet? */

#ifndef PRIVATE_ADDRESS_H
#define PRIVATE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Also true for families other than IPv4 and IPv6. */
bool private_address(const struct sockaddr *address);

/* The same for an address as text; false for what is none. */
bool private_address_text(const char *text);

#endif

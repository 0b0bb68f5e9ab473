/* SPDX-License-Identifier: MIT */
/* listener.h - sockets that wait for clients. */

#ifndef LISTENER_H
#define LISTENER_H

/* Listen on "address:port" ("[::1]:3128" for IPv6), shared with the other
 * workers' sockets of the same address.  A descriptor, or -1 after a
 * message. */
int listener_open(const char *address);

/* "address:port" of a descriptor; malloc'ed. */
char *listener_address(int fd);

#endif

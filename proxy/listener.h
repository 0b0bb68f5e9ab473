/* SPDX-License-Identifier: MIT */
/* listener.h - sockets that wait for clients. */

#ifndef LISTENER_H
#define LISTENER_H

#include "proxy/conf.h"

/* Listen on "address:port" ("[::1]:3128" for IPv6), shared with the other
 * workers' sockets of the same address.  A descriptor, or -1 after a
 * message. */
int listener_open(const char *address);

/* Where the service manager has handed over sockets, they take the place of
 * what `conf` says: afterwards its listeners are these, in their order.  One
 * keeps name and trusted proxies of the listener that has its name or its
 * address.  Before anybody else knows `conf`. */
void listener_adopt(struct conf *conf);

/* Whether listener_adopt had any. */
bool listener_is_adopted(void);

/* One more descriptor of adopted listener number `index`; -1 after a
 * message. */
int listener_share(size_t index);

/* "address:port" of a descriptor; malloc'ed. */
char *listener_address(int fd);

#endif

/* SPDX-License-Identifier: MIT */
/* client_count.h - how many connections each client has, over all workers. */

#ifndef CLIENT_COUNT_H
#define CLIENT_COUNT_H

#include "proxy/netset.h"

struct client_count;

struct client_count *client_count_new(void);
void client_count_free(struct client_count *count);

enum client_count_answer {
    CLIENT_COUNT_IN,
    CLIENT_COUNT_CLIENT_FULL,           /* this client has its most */
    CLIENT_COUNT_FULL                   /* all together have */
};

/* One more connection; any thread.  `address` stands for its /64 where it is
 * IPv6: a household has no less. */
enum client_count_answer client_count_enter(struct client_count *count,
                                            const struct net_address *address,
                                            unsigned most_of_client,
                                            unsigned most);

/* All together; another thread may change it at once. */
unsigned client_count_total(struct client_count *count);

/* After CLIENT_COUNT_IN. */
void client_count_leave(struct client_count *count,
                        const struct net_address *address);

#endif

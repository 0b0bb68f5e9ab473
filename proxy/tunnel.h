/* SPDX-License-Identifier: MIT */
/* tunnel.h - bytes go both ways between a client and an origin: CONNECT. */

#ifndef TUNNEL_H
#define TUNNEL_H

#include <davy/davy.h>

#include "proxy/conn.h"

struct tunnel;

struct tunnel_options {
    int fd;                             /* to the origin; taken over */
    davy_ruleset *ruleset;              /* listen for mining; taken over; NULL:
                                         * nobody looks at the bytes */
    const char *address;                /* for findings */
    uint64_t idle_time;                 /* ms without a byte, then it ends */
    /* Called once when mining is spoken; when it answers true, the tunnel is
     * cut. */
    bool (*found)(void *ctx, const davy_report *report);
    void (*free)(void *ctx);
    void *ctx;
};

/* From now on the connection belongs to the tunnel; what the client has sent
 * already goes to the origin first. */
void tunnel_begin(struct conn *conn, const struct tunnel_options *options);

/* The connection ends. */
void tunnel_free(struct tunnel *tunnel);

#endif

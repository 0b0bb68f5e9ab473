/* SPDX-License-Identifier: MIT */
/* tunnel.h - bytes go both ways between a client and an origin: CONNECT.  The
 * client's first bytes must be a TLS handshake. */

#ifndef TUNNEL_H
#define TUNNEL_H

#include "proxy/conn.h"

struct tunnel;

/* What came of a tunnel that davyd cut. */
typedef void tunnel_cut(void *ctx, const char *reason);

struct tunnel_options {
    int fd;                             /* to the origin; taken over */
    tunnel_cut *cut;                    /* called once, then the connection
                                         * ends; ctx is freed by `free` */
    void (*free)(void *ctx);
    void *ctx;
};

/* From now on the connection belongs to the tunnel; what the client has sent
 * already goes to the origin first. */
void tunnel_begin(struct conn *conn, const struct tunnel_options *options);

/* The connection ends. */
void tunnel_free(struct tunnel *tunnel);

#endif

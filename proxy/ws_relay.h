/* SPDX-License-Identifier: MIT */
/* ws_relay.h - a WebSocket between a client and an origin, judged while it
 * speaks. */

#ifndef WS_RELAY_H
#define WS_RELAY_H

#include <davy/davy.h>

#include "proxy/conn.h"
#include "proxy/upstream.h"

struct ws_relay;

struct ws_relay_options {
    struct transfer *origin;            /* connected; taken over */
    const struct bytes *upgrade;        /* the request, for the origin */
    davy_ruleset *ruleset;              /* taken over; NULL: not judged */
    const char *address;                /* ws:// or wss:// */
    const char *document;               /* or NULL */
    /* Called once when mining is spoken; when it answers true, both sides are
     * told to close. */
    bool (*found)(void *ctx, const davy_report *report);
    void (*free)(void *ctx);
    void *ctx;
};

/* From now on the connection belongs to the relay. */
void ws_relay_begin(struct conn *conn, const struct ws_relay_options *options);

/* The connection ends. */
void ws_relay_free(struct ws_relay *relay);

#endif

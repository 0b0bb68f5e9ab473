/* SPDX-License-Identifier: MIT */
/* portal.h - the pages at http://davy.proxy/, served by libmicrohttpd behind a
 * socket that only davyd knows. */

#ifndef PORTAL_H
#define PORTAL_H

#include <davy/davy.h>

#include "proxy/conf.h"
#include "proxy/metrics.h"

/* The name that clients ask the proxy for. */
#define PORTAL_HOST "davy.proxy"

/* Header field with the address that the client reached the proxy at; only
 * davyd writes it. */
#define PORTAL_ADDRESS_FIELD "Davyd-Address"

/* Proof that davyd asks: anybody on the machine can find the socket. */
#define PORTAL_KEY_FIELD "Davyd-Key"

/* The client may see what is for administrators. */
#define PORTAL_ADMIN_FIELD "Davyd-Admin"

struct portal;

struct portal_options {
    const char *socket;                 /* abstract name of its socket */
    const char *key;                    /* value of PORTAL_KEY_FIELD */
    davy_slot *slot;
    struct metrics *const *metrics;     /* of all workers */
    size_t workers;
};

/* Start; what `options` point to must outlive the portal.  NULL after a
 * message. */
struct portal *portal_start(const struct portal_options *options,
                            struct conf *conf);

/* Show this configuration from now on; any thread. */
void portal_reload(struct portal *portal, struct conf *conf);
void portal_stop(struct portal *portal);

#endif

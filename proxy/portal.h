/* SPDX-License-Identifier: MIT */
/* portal.h - the pages at http://davy.proxy/, served by libmicrohttpd behind a
 * socket that only davyd knows. */

#ifndef PORTAL_H
#define PORTAL_H

#include <davy/davy.h>

#include "proxy/metrics.h"

/* The name that clients ask the proxy for. */
#define PORTAL_HOST "davy.proxy"

/* Header field with the address that the client reached the proxy at; only
 * davyd writes it. */
#define PORTAL_ADDRESS_FIELD "Davyd-Address"

struct portal;

struct portal_options {
    const char *socket;                 /* abstract name of its socket */
    davy_slot *slot;
    struct metrics *const *metrics;     /* of all workers */
    size_t workers;
    const char *certificate;            /* file of the authority, or NULL */
};

/* Start; all of `options` must outlive the portal.  NULL after a message. */
struct portal *portal_start(const struct portal_options *options);
void portal_stop(struct portal *portal);

#endif

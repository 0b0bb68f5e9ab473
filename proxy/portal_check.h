/* SPDX-License-Identifier: MIT */
/* portal_check.h - asks davyd, as a client would, for an address. */

#ifndef PORTAL_CHECK_H
#define PORTAL_CHECK_H

#include <stdbool.h>

#include "proxy/bytes.h"

struct portal_check {
    bool has_ticket;                    /* davyd refused or changed it */
    long status;                        /* of the origin, 0: none */
    struct bytes text;                  /* of the answer, its beginning */
    char fault[128];                    /* the check did not work, or "" */
};

/* Fetch `url` through the proxy at `proxy` ("address:port").  `check->text` is
 * the caller's. */
void portal_check(const char *proxy, const char *url,
                  struct portal_check *check);

#endif

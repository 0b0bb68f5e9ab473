/* SPDX-License-Identifier: MIT */
/* portal_page.h - what each page of the portal says. */

#ifndef PORTAL_PAGE_H
#define PORTAL_PAGE_H

#include <time.h>

#include "proxy/bytes.h"
#include "proxy/portal.h"

struct portal_request {
    const struct portal_options *options;
    const struct conf *conf;            /* in force */
    bool is_admin;                      /* may see who asked for what */
    time_t started;                     /* when davyd was */
    const char *path;
    const char *address;                /* where the client reached us, or "" */
    const char *url;                    /* to be checked, or "" */
};

struct portal_answer {
    unsigned status;
    const char *type;
    struct bytes body;
};

/* Fill in `answer`; its body is the caller's. */
void portal_page(const struct portal_request *request,
                 struct portal_answer *answer);

#endif

/* SPDX-License-Identifier: MIT */
/* policy.h - what the configuration says about one client and one host. */

#ifndef POLICY_H
#define POLICY_H

#include <davy/davy.h>

#include "proxy/conf.h"

struct policy_client {
    const struct net_address *address;
    const char *user;                   /* or NULL */
    const char *listener;               /* its name, or NULL */
};

/* The groups that the client is in, as bits. */
uint64_t policy_groups(const struct conf *conf,
                       const struct policy_client *client);

/* Never NULL. */
const struct conf_policy *policy_find(const struct conf *conf,
                                      uint64_t groups, const char *host);

/* The exception that covers all that was found, or NULL. */
const struct conf_exception *policy_exception(const struct conf *conf,
                                              uint64_t groups,
                                              const char *host,
                                              const davy_report *report);

/* What becomes of a miner; *exception when one lets it through. */
enum conf_action policy_action(const struct conf *conf,
                               const struct conf_policy *policy,
                               uint64_t groups, const char *host,
                               const davy_report *report,
                               const struct conf_exception **exception);

/* The proxy behind us, or NULL to go there directly. */
const struct conf_parent *policy_parent(const struct conf *conf,
                                        const char *host);

#endif

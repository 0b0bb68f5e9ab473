/* SPDX-License-Identifier: MIT */
/* policy.c - the first that fits is taken. */

#include "proxy/policy.h"

#include <string.h>
#include <time.h>

static bool
has_name(const struct conf_names *names, const char *name)
{
    for (size_t i = 0; name != NULL && i < names->count; i++) {
        if (strcmp(names->at[i], name) == 0)
            return true;
    }
    return false;
}

static bool
is_in_group(const struct conf_group *group,
            const struct policy_client *client)
{
    return (group->addresses.count == 0
            || netset_has(&group->addresses, client->address))
           && (group->users.count == 0
               || has_name(&group->users, client->user))
           && (group->listeners.count == 0
               || has_name(&group->listeners, client->listener));
}

uint64_t
policy_groups(const struct conf *conf, const struct policy_client *client)
{
    const struct conf_group *groups = conf->groups.at;
    uint64_t mask = 0;

    for (size_t i = 0; i < conf->groups.count; i++) {
        if (is_in_group(&groups[i], client))
            mask |= (uint64_t)1 << i;
    }
    return mask;
}

static bool
is_to(const struct hosts *to, const char *host)
{
    return hosts_is_empty(to) || hosts_has(to, host);
}

const struct conf_policy *
policy_find(const struct conf *conf, uint64_t groups, const char *host)
{
    const struct conf_policy *p = conf->policies.at;

    /* The last one fits everybody. */
    while ((p->group_mask != 0 && (p->group_mask & groups) == 0)
           || !is_to(&p->to, host))
        p++;
    return p;
}

/* Whether each finding is of one of these rules. */
static bool
covers(const struct conf_names *rules, const davy_report *report)
{
    const size_t count = davy_report_findings_count(report);

    for (size_t i = 0; rules->count > 0 && i < count; i++) {
        if (!has_name(rules, davy_report_finding(report, i)->rule))
            return false;
    }
    return true;
}

const struct conf_exception *
policy_exception(const struct conf *conf, uint64_t groups, const char *host,
                 const davy_report *report)
{
    const struct conf_exception *exceptions = conf->exceptions.at;
    const int64_t now = (int64_t)time(NULL);

    for (size_t i = 0; i < conf->exceptions.count; i++) {
        const struct conf_exception *e = &exceptions[i];

        if (e->expires > now
            && (e->group_mask == 0 || (e->group_mask & groups) != 0)
            && is_to(&e->to, host) && covers(&e->rules, report))
            return e;
    }
    return NULL;
}

enum conf_action
policy_action(const struct conf *conf, const struct conf_policy *policy,
              uint64_t groups, const char *host, const davy_report *report,
              const struct conf_exception **exception)
{
    *exception = policy_exception(conf, groups, host, report);
    if (*exception != NULL)
        return CONF_REPORT;
    return policy->action == CONF_DENY ? CONF_REWRITE
                                       : (enum conf_action)policy->action;
}

const struct conf_parent *
policy_parent(const struct conf *conf, const char *host)
{
    const struct conf_parent *parents = conf->parents.at;

    for (size_t i = 0; i < conf->parents.count; i++) {
        if (is_to(&parents[i].to, host))
            return strcmp(parents[i].through, "direct") == 0 ? NULL
                                                             : &parents[i];
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT */
/* conf_check.c - what no single value of davyd.conf tells: what is required,
 * what must be there for a name to mean something, what contradicts. */

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/datadir.h"
#include "common/fatal.h"
#include "proxy/conf_reader.h"

#define MAX_CREDENTIALS 1024

static void
require(struct conf_reader *r, const struct conf_place *place,
        const char *text, const char *what)
{
    if (text == NULL)
        conf_say(r, place, "%s is missing", what);
}

/* ---- Names ---- */

static bool
is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static uint64_t
mask_of(struct conf_reader *r, const struct conf_place *place,
        const struct conf_names *names)
{
    const struct conf_group *groups = r->conf->groups.at;
    uint64_t mask = 0;

    for (size_t i = 0; i < names->count; i++) {
        size_t g = 0;

        while (g < r->conf->groups.count && g < CONF_GROUPS
               && !is_same(groups[g].name, names->at[i]))
            g++;
        if (g < r->conf->groups.count && g < CONF_GROUPS)
            mask |= (uint64_t)1 << g;
        else
            conf_say(r, place, "there is no group %s", names->at[i]);
    }
    return mask;
}

static bool
has_listener(const struct conf *conf, const char *name)
{
    const struct conf_listener *listeners = conf->listeners.at;

    for (size_t i = 0; i < conf->listeners.count; i++) {
        if (is_same(listeners[i].name, name))
            return true;
    }
    return false;
}

static void
check_group(struct conf_reader *r, size_t index)
{
    const struct conf_group *groups = r->conf->groups.at;
    const struct conf_group *group = &groups[index];

    require(r, &group->place, group->name, "the group's name");
    for (size_t i = 0; i < index; i++) {
        if (is_same(groups[i].name, group->name))
            conf_say(r, &group->place, "a group %s was there before, in "
                                       "%s:%u", group->name,
                     groups[i].place.file, groups[i].place.line);
    }
    for (size_t i = 0; i < group->listeners.count; i++) {
        if (!has_listener(r->conf, group->listeners.at[i]))
            conf_say(r, &group->place, "no listening address has the name %s",
                     group->listeners.at[i]);
    }
    if (group->users.count > 0 && r->conf->authentication.users == NULL)
        conf_say(r, &group->place, "users need authentication");
    if (group->users.count == 0 && group->listeners.count == 0
        && group->addresses.count == 0)
        conf_say(r, &group->place, "the group fits everybody: give "
                                   "addresses, users or listeners");
}

static void
check_groups(struct conf_reader *r)
{
    const struct conf_group *groups = r->conf->groups.at;

    if (r->conf->groups.count > CONF_GROUPS)
        conf_say(r, &groups[CONF_GROUPS].place, "more than %d groups",
                 CONF_GROUPS);
    for (size_t i = 0; i < r->conf->groups.count; i++)
        check_group(r, i);
}

/* ---- Policies and exceptions ---- */

static void
check_policies(struct conf_reader *r)
{
    struct conf_policy *policies = r->conf->policies.at;

    for (size_t i = 0; i < r->conf->policies.count; i++) {
        struct conf_policy *p = &policies[i];

        require(r, &p->place, p->name, "the policy's name");
        p->group_mask = mask_of(r, &p->place, &p->groups);
        for (size_t k = 0; k < i; k++) {
            if (is_same(policies[k].name, p->name))
                conf_say(r, &policies[k].place, "another policy has the name "
                                                "%s, too", p->name);
        }
        if (!hosts_is_empty(&p->allow) && p->action != CONF_DENY)
            conf_say(r, &p->place, "allow belongs to the action deny");
    }
}

static void
check_exception(struct conf_reader *r, struct conf_exception *e)
{
    require(r, &e->place, e->owner, "the exception's owner");
    require(r, &e->place, e->reason, "the exception's reason");
    if (e->expires == 0)
        conf_say(r, &e->place, "the day on which the exception expires is "
                               "missing");
    else if (e->expires <= (int64_t)time(NULL))
        conf_note(&e->place, "the exception of %s has expired and is not "
                             "taken", e->owner == NULL ? "?" : e->owner);
    if (hosts_is_empty(&e->to) && e->rules.count == 0)
        conf_say(r, &e->place, "the exception is for everything: give to or "
                               "rules");
    e->group_mask = mask_of(r, &e->place, &e->groups);
}

/* ---- The rest ---- */

static void
check_parent(struct conf_reader *r, struct conf_parent *p)
{
    size_t length;
    char *text;

    require(r, &p->place, p->through, "through");
    if (p->credentials == NULL)
        return;
    text = conf_read_file(r, p->credentials, &p->place, MAX_CREDENTIALS,
                          &length);
    if (text != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
        if (strchr(text, ':') == NULL)
            conf_say(r, &p->place, "%s does not hold user:password",
                     p->credentials);
    }
    free(p->credentials);
    p->credentials = text;
}

static void
check_listeners(struct conf_reader *r)
{
    struct conf_listener *listeners = r->conf->listeners.at;

    for (size_t i = 0; i < r->conf->listeners.count; i++)
        require(r, &listeners[i].place, listeners[i].address, "the address");
    if (r->conf->listeners.count > 0)
        return;
    listeners = fatal_alloc(sizeof(*listeners));
    listeners->place = (struct conf_place){ "default", 0, 0 };
    listeners->address = fatal_strdup("127.0.0.1:3128");
    r->conf->listeners.at = listeners;
    r->conf->listeners.count = 1;
}

static void
check_limits(struct conf_reader *r)
{
    const struct conf_limits *l = &r->conf->limits;
    const struct conf_place here = { "limits", 0, 0 };
    const struct conf_place place = l->place.file == NULL ? here : l->place;
    const struct {
        uint64_t value;
        uint64_t least;
        const char *text;
    } rows[] = {
        { l->head_size, 1024, "head-size must be at least 1K" },
        { l->head_time, 100, "head-time must be at least 100ms" },
        { l->idle_time, 100, "idle-time must be at least 100ms" },
        { l->stall_time, 1000, "stall-time must be at least 1s" },
        { l->connect_time, 100, "connect-time must be at least 100ms" },
        { l->tunnel_idle_time, 1000,
          "tunnel-idle-time must be at least 1s" },
        { l->hold_size, 65536, "hold-size must be at least 64K" },
        { l->judge_size, l->hold_size,
          "judge-size must be at least hold-size" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].value < rows[i].least)
            conf_say(r, &place, "%s", rows[i].text);
    }
    if (l->head_size > (size_t)1 << 20)
        conf_say(r, &place, "head-size must be at most 1M");
}

static void
check_authentication(struct conf_reader *r)
{
    struct conf_authentication *a = &r->conf->authentication;

    if (a->realm != NULL && strpbrk(a->realm, "\"\\") != NULL)
        conf_say(r, &a->place, "realm must not hold quotes and backslashes");
    if (a->users == NULL)
        return;
    a->loaded = users_load(a->users);
    if (a->loaded == NULL)
        conf_say(r, &a->place, "the users cannot be taken from %s",
                 a->users);
}

/* Those of the pack, unless others are named. */
static void
read_bypass(struct conf_reader *r)
{
    struct conf_https *https = &r->conf->https;
    char *pack = datadir_pack(r->conf->pack);
    char *file = fatal_format("%s/davyd/https-bypass.txt", pack);

    for (size_t i = 0; i < https->bypass_files.count; i++)
        conf_read_hosts(r, https->bypass_files.at[i], &https->place,
                        &https->bypass);
    if (!conf_is_given(r, CONF_SECTION_HTTPS, "bypass-files")
        && access(file, R_OK) == 0)
        conf_read_hosts(r, file, &https->place, &https->bypass);
    hosts_sort(&https->bypass);
    free(file);
    free(pack);
}

void
conf_check(struct conf_reader *r)
{
    struct conf *conf = r->conf;
    struct conf_exception *exceptions = conf->exceptions.at;
    struct conf_parent *parents = conf->parents.at;

    check_listeners(r);
    check_groups(r);
    check_policies(r);
    for (size_t i = 0; i < conf->exceptions.count; i++)
        check_exception(r, &exceptions[i]);
    for (size_t i = 0; i < conf->parents.count; i++)
        check_parent(r, &parents[i]);
    check_authentication(r);
    read_bypass(r);
    check_limits(r);
}

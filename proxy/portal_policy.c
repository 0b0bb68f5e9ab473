/* SPDX-License-Identifier: MIT */
/* portal_policy.c - the configuration in force, in words. */

#include <time.h>

#include "proxy/portal_html.h"

static const char *
action_text(int action)
{
    static const char *const texts[] = {
        [CONF_REWRITE] = "cut out of pages",
        [CONF_BLOCK] = "the page is blocked",
        [CONF_REPORT] = "only reported",
        [CONF_OFF] = "nothing is looked at",
        [CONF_DENY] = "only named sites; miners are cut out of pages",
    };

    return texts[action];
}

static void
put_names(struct bytes *out, const struct conf_names *names, const char *none)
{
    bytes_append_text(out, "<td>");
    for (size_t i = 0; i < names->count; i++) {
        bytes_append_text(out, i == 0 ? "" : ", ");
        portal_put_text(out, names->at[i]);
    }
    bytes_format(out, "%s</td>", names->count == 0 ? none : "");
}

static void
put_hosts(struct bytes *out, const struct hosts *hosts)
{
    bytes_append_text(out, "<td>");
    for (size_t i = 0; i < hosts->count; i++) {
        bytes_append_text(out, i == 0 ? "" : ", ");
        portal_put_text(out, hosts->names[i]);
    }
    if (hosts->networks.count > 0)
        bytes_format(out, "%s%zu network%s", hosts->count == 0 ? "" : ", ",
                     hosts->networks.count,
                     hosts->networks.count == 1 ? "" : "s");
    bytes_format(out, "%s</td>", hosts_is_empty(hosts) ? "everywhere" : "");
}

static void
put_exceptions(struct bytes *out, const struct conf *conf)
{
    static const char *const columns[] = { "Where", "Rules", "Owner",
                                           "Reason", "Until", NULL };
    const struct conf_exception *exceptions = conf->exceptions.at;

    if (conf->exceptions.count == 0)
        return;
    bytes_append_text(out, "<h2>Exceptions</h2>\n");
    portal_begin_table(out, columns);
    for (size_t i = 0; i < conf->exceptions.count; i++) {
        const struct conf_exception *e = &exceptions[i];
        const time_t last = (time_t)e->expires - 1;
        char day[16] = "";
        struct tm parts;

        if (gmtime_r(&last, &parts) != NULL)
            (void)strftime(day, sizeof(day), "%Y-%m-%d", &parts);
        bytes_append_text(out, "<tr>");
        put_hosts(out, &e->to);
        put_names(out, &e->rules, "any");
        portal_put_cell(out, e->owner, "");
        portal_put_cell(out, e->reason, "");
        bytes_format(out, "<td>%s%s</td></tr>\n", day,
                     last < time(NULL) ? " (expired)" : "");
    }
    portal_end_table(out);
}

void
portal_put_policies(struct bytes *out, const struct conf *conf)
{
    static const char *const columns[] = { "Policy", "For", "Sites",
                                           "Miners", NULL };
    const struct conf_policy *policies = conf->policies.at;

    bytes_append_text(out, "<p>The first policy that fits is taken.</p>\n");
    portal_begin_table(out, columns);
    for (size_t i = 0; i < conf->policies.count; i++) {
        bytes_append_text(out, "<tr>");
        portal_put_cell(out, policies[i].name, "");
        put_names(out, &policies[i].groups, "everybody");
        put_hosts(out, &policies[i].to);
        portal_put_cell(out, action_text(policies[i].action), "");
        bytes_append_text(out, "</tr>\n");
    }
    portal_end_table(out);
    put_exceptions(out, conf);
}

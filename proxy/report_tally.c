/* SPDX-License-Identifier: MIT */
/* report_tally.c - adds up decisions: who met miners, where, when. */

#include "proxy/report_tally.h"

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

/* 2026-11-23T17:12:44.123Z as 2026-11-23 17:12:44 */
static void
copy_time(char to[REPORT_TIME], const char *time)
{
    const size_t length = strnlen(time, REPORT_TIME - 1);

    memcpy(to, time, length);
    to[length] = '\0';
    to[strlen("2026-11-23")] = ' ';
}

/* A time that only begins, as 2026-11-23, means all of it. */
static bool
is_in_range(const struct report_tally *tally, const char *time)
{
    return (tally->since == NULL
            || strncmp(time, tally->since, strlen(tally->since)) >= 0)
           && (tally->until == NULL
               || strncmp(time, tally->until, strlen(tally->until)) <= 0);
}

static bool
is_miner(const struct report_entry *entry)
{
    return strcmp(entry->verdict, "miner") == 0;
}

/* What a program sends through a tunnel, no page does. */
static bool
is_own(const struct report_entry *entry)
{
    return strcmp(entry->method, "CONNECT") == 0
           && strcmp(entry->kind, "websocket") == 0;
}

static bool
is_download(const struct report_entry *entry)
{
    static const char *const pages[] = { "", "html", "js", "wasm", "other" };

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(entry->type, pages[i]) == 0)
            return false;
    }
    return true;
}

/* ---- Rows ---- */

static void
note_time(struct report_row *row, const char *time)
{
    const size_t day = strlen("2026-11-23");

    if (row->first[0] == '\0')
        copy_time(row->first, time);
    if (row->days == 0 || strncmp(time, row->last, day) != 0)
        row->days++;
    copy_time(row->last, time);
}

static struct report_row *
count(struct report_table *table, const char *name,
      const struct report_entry *entry)
{
    struct report_row *row = report_table_get(table, name, NULL);

    if (row == NULL)
        return NULL;
    row->count++;
    if (!is_miner(entry))
        return row;
    row->miners++;
    row->own += is_own(entry);
    note_time(row, entry->time);
    return row;
}

/* Whether both were not seen together before. */
static bool
is_new_pair(struct report_tally *tally, const char *kind, const char *a,
            const char *b)
{
    char *name = fatal_format("%s\n%s\n%s", kind, a, b);
    bool is_new;
    const struct report_row *row = report_table_get(&tally->pairs, name,
                                                    &is_new);

    free(name);
    return row != NULL && is_new;
}

/* Count in a row for a miner's name, and its different clients. */
static struct report_row *
count_miner(struct report_tally *tally, struct report_table *table,
            const char *kind, const char *name,
            const struct report_entry *entry)
{
    struct report_row *row = count(table, name, entry);

    if (row != NULL && is_new_pair(tally, kind, name, entry->client))
        row->clients++;
    return row;
}

static void
add_family(struct report_tally *tally, struct report_row *client,
           const struct report_row *family)
{
    if (client == NULL || family == NULL
        || !is_new_pair(tally, "met", client->name, family->name))
        return;
    for (size_t i = 0; i < REPORT_NAMES; i++) {
        if (client->families[i] == NULL) {
            client->families[i] = family->name;
            return;
        }
    }
}

/* ---- Names ---- */

/* "10.1.2.3", or "10.1.2.3 (alice)". */
static char *
client_of(const struct report_entry *entry)
{
    return entry->user[0] == '\0'
               ? fatal_strdup(entry->client)
               : fatal_format("%s (%s)", entry->client, entry->user);
}

/* 17 of 2026-11-23T17:12 */
static unsigned
hour_of(const char *time)
{
    const char *digits = time + strlen("2026-11-23T");

    return (unsigned)((digits[0] - '0') * 10 + digits[1] - '0') % 24;
}

/* "example.org:8080" of an address; all of what is none. */
static char *
site_of(const char *address)
{
    const char *scheme = strstr(address, "://");
    const char *host = scheme == NULL ? address : scheme + 3;
    const int length = (int)strcspn(host, "/?#");

    return fatal_format("%.*s", length, host);
}

static void
add_miner(struct report_tally *tally, struct report_row *client,
          const struct report_entry *entry)
{
    const char *family = entry->family[0] == '\0' ? "unnamed"
                                                  : entry->family;
    char *site = site_of(entry->address);
    char *rule = fatal_format("%s %s", entry->rule, entry->title);

    tally->miners++;
    tally->downloads += is_download(entry);
    tally->hours[hour_of(entry->time)]++;
    add_family(tally, client,
               count_miner(tally, &tally->families, "family", family, entry));
    (void)count_miner(tally, &tally->sites, "site", site, entry);
    (void)count_miner(tally, &tally->rules, "rule", rule, entry);
    free(site);
    free(rule);
}

void
report_tally_add(struct report_tally *tally, const struct report_entry *entry)
{
    struct report_row *row;
    char *client;

    if (!is_in_range(tally, entry->time))
        return;
    client = client_of(entry);
    if (tally->decisions++ == 0)
        copy_time(tally->first, entry->time);
    copy_time(tally->last, entry->time);
    (void)count(&tally->actions, entry->action, entry);
    row = count(&tally->clients, client, entry);
    if (is_miner(entry))
        add_miner(tally, row, entry);
    else
        (void)count(&tally->reasons, entry->reason, entry);
    free(client);
}

void
report_tally_finish(struct report_tally *tally)
{
    report_table_sort(&tally->clients);
    report_table_sort(&tally->families);
    report_table_sort(&tally->sites);
    report_table_sort(&tally->rules);
    report_table_sort(&tally->actions);
    report_table_sort(&tally->reasons);
}

void
report_tally_fini(struct report_tally *tally)
{
    report_table_fini(&tally->clients);
    report_table_fini(&tally->families);
    report_table_fini(&tally->sites);
    report_table_fini(&tally->rules);
    report_table_fini(&tally->actions);
    report_table_fini(&tally->reasons);
    report_table_fini(&tally->pairs);
}

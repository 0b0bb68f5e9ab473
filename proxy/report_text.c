/* SPDX-License-Identifier: MIT */
/* report_text.c - writes what decisions add up to, for people: first what to
 * look at, then who, what and where. */

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/report_write.h"

/* Columns of a name; longer ones push their numbers to the right. */
#define NAME 34

/* Columns of the longest bar. */
#define BAR 40u

/* From so many on it is worth a look: clients that one site served a miner,
 * and days that one client met some. */
#define MANY_CLIENTS 3
#define MANY_DAYS    3

static const char *
plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void
write_name(FILE *out, const char *name)
{
    char *clean = text_clean(name);
    const unsigned width = (unsigned)text_width(clean);

    fprintf(out, "  %s%*s", clean, width < NAME ? (int)(NAME - width) : 1,
            "");
    free(clean);
}

static void
write_left_out(FILE *out, const struct report_table *table, size_t shown)
{
    if (table->count > shown)
        fprintf(out, "  and %zu more\n", table->count - shown);
    if (table->left_out > 0)
        fprintf(out, "  and %llu decisions whose names found no room\n",
                (unsigned long long)table->left_out);
    fputc('\n', out);
}

/* ---- What to look at ---- */

static void
write_hint(FILE *out, const char *name, const char *words)
{
    char *clean = text_clean(name);

    fprintf(out, "  %s %s\n", clean, words);
    free(clean);
}

static void
write_own(FILE *out, const struct report_row *row)
{
    char *words = fatal_format(
        "spoke a mining protocol %llu time%s without a page: a program on it "
        "mines",
        (unsigned long long)row->own, plural(row->own));

    write_hint(out, row->name, words);
    free(words);
}

static void
write_again(FILE *out, const struct report_row *row)
{
    char *words = fatal_format(
        "met miners on %u days, the last on %.10s: an extension, a home page "
        "or a habit",
        row->days, row->last);

    write_hint(out, row->name, words);
    free(words);
}

static void
write_served(FILE *out, const struct report_row *row)
{
    char *words = fatal_format("served a miner to %llu clients",
                               (unsigned long long)row->clients);

    write_hint(out, row->name, words);
    free(words);
}

static bool
is_own(const struct report_row *row)
{
    return row->own > 0;
}

static bool
is_again(const struct report_row *row)
{
    return row->days >= MANY_DAYS && row->own == 0;
}

static bool
is_served(const struct report_row *row)
{
    return row->clients >= MANY_CLIENTS;
}

static void
write_hints(FILE *out, const struct report_tally *tally, size_t most)
{
    const struct {
        const struct report_table *table;
        bool (*is)(const struct report_row *row);
        void (*write)(FILE *out, const struct report_row *row);
    } kinds[] = {
        { &tally->clients, is_own, write_own },
        { &tally->clients, is_again, write_again },
        { &tally->sites, is_served, write_served },
    };
    bool has_any = false;

    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct report_table *table = kinds[k].table;
        size_t shown = 0;

        for (size_t i = 0; i < table->count && shown < most; i++) {
            if (!kinds[k].is(table->rows[i]))
                continue;
            if (!has_any)
                fputs("Look at these first\n", out);
            has_any = true;
            shown++;
            kinds[k].write(out, table->rows[i]);
        }
    }
    if (has_any)
        fputc('\n', out);
}

/* ---- Tables ---- */

static void
write_families(FILE *out, const struct report_row *row)
{
    for (size_t i = 0; i < REPORT_NAMES && row->families[i] != NULL; i++) {
        char *clean = text_clean(row->families[i]);

        fprintf(out, "%s%s", i == 0 ? "  " : ", ", clean);
        free(clean);
    }
}

/* Rows with miners, which stand first. */
static void
write_miners(FILE *out, const struct report_table *table, const char *title,
             bool are_clients, size_t most)
{
    size_t i;

    if (table->count == 0 || table->rows[0]->miners == 0)
        return;
    fprintf(out, "%-36s%8s %8s   %-20s%s\n", title, "miners",
            are_clients ? "days" : "clients", "first", "last");
    for (i = 0; i < table->count && i < most && table->rows[i]->miners > 0;
         i++) {
        const struct report_row *row = table->rows[i];
        const uint64_t second = are_clients ? row->days : row->clients;

        write_name(out, row->name);
        fprintf(out, "%8llu %8llu   %-20s%s", (unsigned long long)row->miners,
                (unsigned long long)second, row->first, row->last);
        write_families(out, row);
        fputc('\n', out);
    }
    write_left_out(out, table, i);
}

static void
write_counts(FILE *out, const struct report_table *table, const char *title,
             size_t most)
{
    size_t i;

    if (table->count == 0)
        return;
    fprintf(out, "%-36s%8s\n", title, "times");
    for (i = 0; i < table->count && i < most; i++) {
        write_name(out, table->rows[i]->name);
        fprintf(out, "%8llu\n", (unsigned long long)table->rows[i]->count);
    }
    write_left_out(out, table, i);
}

static void
write_hours(FILE *out, const struct report_tally *tally)
{
    uint64_t most = 1;

    if (tally->miners == 0)
        return;
    for (size_t i = 0; i < 24; i++)
        most = tally->hours[i] > most ? tally->hours[i] : most;
    fputs("Miners by hour (UTC)\n", out);
    for (size_t i = 0; i < 24; i++) {
        const uint64_t n = tally->hours[i];

        fprintf(out, "  %02zu %8llu%s", i, (unsigned long long)n,
                n == 0 ? "" : " ");
        for (uint64_t bar = (n * BAR + most - 1) / most; bar > 0; bar--)
            fputc('#', out);
        fputc('\n', out);
    }
    fputc('\n', out);
}

void
report_write_text(FILE *out, const struct report_tally *tally, size_t most)
{
    if (tally->decisions == 0) {
        fputs("No decisions.\n", out);
        return;
    }
    fprintf(out, "%s to %s (UTC): %llu decision%s about %zu client%s\n",
            tally->first, tally->last, (unsigned long long)tally->decisions,
            plural(tally->decisions), tally->clients.count,
            plural(tally->clients.count));
    fprintf(out, "%llu miner%s, %llu of them downloaded\n\n",
            (unsigned long long)tally->miners, plural(tally->miners),
            (unsigned long long)tally->downloads);
    write_hints(out, tally, most);
    write_miners(out, &tally->clients, "Clients", true, most);
    write_miners(out, &tally->families, "Families", false, most);
    write_miners(out, &tally->sites, "Sites", false, most);
    write_miners(out, &tally->rules, "Rules", false, most);
    write_hours(out, tally);
    write_counts(out, &tally->actions, "What was done", most);
    write_counts(out, &tally->reasons, "Other reasons", most);
}

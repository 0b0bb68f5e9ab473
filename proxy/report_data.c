/* SPDX-License-Identifier: MIT */
/* report_data.c - writes what decisions add up to, for programs. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "proxy/report_write.h"

/* ---- JSON ---- */

static void
set(json_t *object, const char *key, json_t *value)
{
    if (value == NULL || json_object_set_new(object, key, value) != 0)
        fatal("no memory for a report");
}

static void
append(json_t *array, json_t *value)
{
    if (value == NULL || json_array_append_new(array, value) != 0)
        fatal("no memory for a report");
}

static json_t *
families_of(const struct report_row *row)
{
    json_t *array = json_array();

    for (size_t i = 0; i < REPORT_NAMES && row->families[i] != NULL; i++)
        append(array, json_string(row->families[i]));
    return array;
}

static json_t *
object_of(const struct report_row *row)
{
    json_t *object = json_object();

    set(object, "name", json_string(row->name));
    set(object, "decisions", json_integer((json_int_t)row->count));
    set(object, "miners", json_integer((json_int_t)row->miners));
    if (row->miners == 0)
        return object;
    set(object, "own", json_integer((json_int_t)row->own));
    set(object, "days", json_integer(row->days));
    set(object, "first", json_string(row->first));
    set(object, "last", json_string(row->last));
    if (row->clients > 0)
        set(object, "clients", json_integer((json_int_t)row->clients));
    if (row->families[0] != NULL)
        set(object, "families", families_of(row));
    return object;
}

static json_t *
array_of(const struct report_table *table, size_t most)
{
    json_t *array = json_array();

    for (size_t i = 0; i < table->count && i < most; i++)
        append(array, object_of(table->rows[i]));
    return array;
}

void
report_write_json(FILE *out, const struct report_tally *tally, size_t most)
{
    json_t *object = json_object();
    json_t *hours = json_array();

    for (size_t i = 0; i < 24; i++)
        append(hours, json_integer((json_int_t)tally->hours[i]));
    set(object, "first", json_string(tally->first));
    set(object, "last", json_string(tally->last));
    set(object, "decisions", json_integer((json_int_t)tally->decisions));
    set(object, "miners", json_integer((json_int_t)tally->miners));
    set(object, "downloads", json_integer((json_int_t)tally->downloads));
    set(object, "clients", array_of(&tally->clients, most));
    set(object, "families", array_of(&tally->families, most));
    set(object, "sites", array_of(&tally->sites, most));
    set(object, "rules", array_of(&tally->rules, most));
    set(object, "hours", hours);
    set(object, "actions", array_of(&tally->actions, most));
    set(object, "reasons", array_of(&tally->reasons, most));
    if (json_dumpf(object, out, JSON_INDENT(2)) == 0)
        fputc('\n', out);
    json_decref(object);
}

/* ---- CSV (RFC 4180) ---- */

/* What a spreadsheet would take for a formula gets a quote in front. */
static void
write_text(FILE *out, const char *text)
{
    fputc('"', out);
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
        fputc('\'', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void
write_families(FILE *out, const struct report_row *row)
{
    char *all = fatal_strdup("");

    for (size_t i = 0; i < REPORT_NAMES && row->families[i] != NULL; i++) {
        char *longer = fatal_format("%s%s%s", all, i == 0 ? "" : " ",
                                    row->families[i]);

        free(all);
        all = longer;
    }
    write_text(out, all);
    free(all);
}

void
report_write_csv(FILE *out, const struct report_tally *tally, size_t most)
{
    fputs("client,decisions,miners,own,days,first,last,families\r\n", out);
    for (size_t i = 0; i < tally->clients.count && i < most; i++) {
        const struct report_row *row = tally->clients.rows[i];

        write_text(out, row->name);
        fprintf(out, ",%llu,%llu,%llu,%u,%s,%s,",
                (unsigned long long)row->count,
                (unsigned long long)row->miners, (unsigned long long)row->own,
                row->days, row->first, row->last);
        write_families(out, row);
        fputs("\r\n", out);
    }
}

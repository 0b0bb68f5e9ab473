/* SPDX-License-Identifier: MIT */
/* manual.c - prints the parts of davyd(8) and davyd.conf(5) that the tables of
 * options and keys know, in scdoc's syntax; a tool of the build, not
 * installed.
 *
 * usage: manual options|keys */

#include <stdio.h>
#include <string.h>

#include "docs/scdoc.h"

struct option_row {
    const char *name;
    char letter;
    const char *value, *text;
};

static const struct option_row options[] = {
#define DAVYD_OPTION_ROW(NAME, name, letter, value, key, fixed, text) \
    { name, letter, value, text },
#include "proxy/davyd_option.def"
#undef DAVYD_OPTION_ROW
};

struct key_row {
    const char *heading;                /* of a section, or NULL */
    const char *key, *type, *fallback, *text;
};

static const struct key_row keys[] = {
#define CONF_SECTION(NAME, type, heading, text) \
    { heading, NULL, NULL, NULL, text },
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text) \
    { NULL, key, #TYPE, fallback, text },
#define CONF_WORD(NAME, word, value)
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY
#undef CONF_WORD
};

/* What stands behind a key. */
static const char *
type_text(const char *type)
{
    static const struct {
        const char *type, *text;
    } rows[] = {
        { "COUNT", "NUMBER" },    { "SIZE", "SIZE" },
        { "TIME", "TIME" },       { "FLAG", "yes|no" },
        { "WORD", "WORD" },       { "TEXT", "TEXT" },
        { "NAME", "NAME" },       { "NAMES", "LIST of names" },
        { "FILE", "FILE" },       { "LOGFILE", "FILE" },
        { "FILES", "LIST of files" },
        { "NETS", "LIST of networks" },
        { "HOSTS", "LIST of hosts" },
        { "PORTS", "LIST of ports" },
        { "PROXY", "ADDRESS" },   { "DATE", "DAY" },
        { "ITEMS", "LIST" },      { "SECTION", "KEYS" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(type, rows[i].type) == 0)
            return rows[i].text;
    }
    return type;
}

static void
put_option(const struct option_row *row)
{
    if (row->letter != '\0')
        printf("*-%c*, ", row->letter);
    printf("*--%s*", row->name);
    if (row->value[0] != '\0') {
        fputs(" _", stdout);
        scdoc_put(row->value);
        putchar('_');
    }
    fputs("\n\t", stdout);
    scdoc_put(row->text);
    fputs("\n\n", stdout);
}

static void
put_key(const struct key_row *row)
{
    if (row->heading != NULL) {
        fputs("## ", stdout);
        scdoc_put(row->heading[0] == '\0' ? "The file itself" : row->heading);
        fputs("\n\n", stdout);
        scdoc_put(row->text);
        fputs(row->text[0] == '\0' ? "" : "\n\n", stdout);
        return;
    }
    fputs("*", stdout);
    scdoc_put(row->key);
    fputs("*: _", stdout);
    scdoc_put(type_text(row->type));
    fputs("_\n\t", stdout);
    scdoc_put(row->text);
    if (row->fallback != NULL) {
        fputs(" Default: ", stdout);
        scdoc_put(row->fallback);
        putchar('.');
    }
    fputs("\n\n", stdout);
}

int
main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";

    if (strcmp(what, "options") == 0) {
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
            put_option(&options[i]);
        return 0;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        put_key(&keys[i]);
    return strcmp(what, "keys") == 0 ? 0 : 2;
}

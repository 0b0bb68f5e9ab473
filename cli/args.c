/* SPDX-License-Identifier: MIT */
/* args.c - options by the table in options.def. */

#include "cli/args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

struct row {
    char letter;
    const char *name;
    const char *argument;
    const char *commands;
    const char *text;
};

static const struct row rows[ARGS_OPTIONS] = {
#define CLI_OPTION_ROW(NAME, letter, name, argument, commands, text) \
    { letter, name, argument, commands, text },
#include "cli/options.def"
#undef CLI_OPTION_ROW
};

static void
add(struct args *args, enum args_option option, const char *value)
{
    args->given = log_realloc(args->given, (args->given_count + 1)
                                               * sizeof(*args->given));
    args->given[args->given_count++] = (struct args_given){ option, value };
}

static bool
is_for(const struct row *row, char command)
{
    return strchr(row->commands, command) != NULL;
}

static const struct row *
find_long(const char *name, size_t length, char command)
{
    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        if (strlen(rows[i].name) == length
            && strncmp(rows[i].name, name, length) == 0
            && is_for(&rows[i], command))
            return &rows[i];
    }
    return NULL;
}

static const struct row *
find_letter(char letter, char command)
{
    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        if (letter != 0 && rows[i].letter == letter
            && is_for(&rows[i], command))
            return &rows[i];
    }
    return NULL;
}

/* --name, --name=value, --name value.  How many words it took, 0 after a
 * message. */
static int
parse_long(struct args *args, char command, const char *word,
           const char *next)
{
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    const size_t length = equals == NULL ? strlen(name)
                                         : (size_t)(equals - name);
    const struct row *row = find_long(name, length, command);

    if (row == NULL) {
        log_error("unknown option %s; see davy --help", word);
        return 0;
    }
    if (row->argument == NULL && equals != NULL) {
        log_error("--%s takes no value", row->name);
        return 0;
    }
    if (row->argument == NULL || equals != NULL) {
        add(args, (enum args_option)(row - rows),
            equals == NULL ? NULL : equals + 1);
        return 1;
    }
    if (next == NULL) {
        log_error("--%s needs %s", row->name, row->argument);
        return 0;
    }
    add(args, (enum args_option)(row - rows), next);
    return 2;
}

/* -q, -qv, -j4, -j 4. */
static int
parse_letters(struct args *args, char command, const char *word,
              const char *next)
{
    for (const char *c = word + 1; *c != '\0'; c++) {
        const struct row *row = find_letter(*c, command);

        if (row == NULL) {
            log_error("unknown option -%c; see davy --help", *c);
            return 0;
        }
        if (row->argument == NULL) {
            add(args, (enum args_option)(row - rows), NULL);
            continue;
        }
        if (c[1] == '\0' && next == NULL) {
            log_error("-%c needs %s", *c, row->argument);
            return 0;
        }
        add(args, (enum args_option)(row - rows), c[1] != '\0' ? c + 1
                                                               : next);
        return c[1] != '\0' ? 1 : 2;
    }
    return 1;
}

bool
args_parse(struct args *args, char command, int argc, char **argv)
{
    bool is_ended = false;

    memset(args, 0, sizeof(*args));
    args->operands = log_alloc((size_t)argc * sizeof(*args->operands));
    for (int i = 2; i < argc;) {
        const char *word = argv[i];
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        int taken = 1;

        if (is_ended || word[0] != '-' || word[1] == '\0')
            args->operands[args->operands_count++] = word;
        else if (strcmp(word, "--") == 0)
            is_ended = true;
        else if (word[1] == '-')
            taken = parse_long(args, command, word, next);
        else
            taken = parse_letters(args, command, word, next);
        if (taken == 0)
            return false;
        i += taken;
    }
    return true;
}

void
args_free(struct args *args)
{
    free(args->given);
    free(args->operands);
}

const char *
args_value(const struct args *args, enum args_option option,
           const char *preset)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option)
            preset = args->given[i].value;
    }
    return preset;
}

bool
args_has(const struct args *args, enum args_option option)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option)
            return true;
    }
    return false;
}

bool
args_number(const struct args *args, enum args_option option,
            unsigned long preset, unsigned long low, unsigned long high,
            unsigned long *number)
{
    const char *text = args_value(args, option, NULL);
    char *end;

    *number = preset;
    if (text == NULL)
        return true;
    errno = 0;
    *number = strtoul(text, &end, 10);
    if (errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0'
        && *number >= low && *number <= high)
        return true;
    log_error("--%s takes a whole number from %lu to %lu, not %s",
              rows[option].name, low, high, text);
    return false;
}

void
args_print_options(char command)
{
    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        const struct row *row = &rows[i];
        char name[64];

        if (!is_for(row, command))
            continue;
        snprintf(name, sizeof(name), "--%s%s%s", row->name,
                 row->argument == NULL ? "" : " ",
                 row->argument == NULL ? "" : row->argument);
        if (row->letter != 0)
            printf("  -%c, %-24s %s\n", row->letter, name, row->text);
        else
            printf("      %-24s %s\n", name, row->text);
    }
}

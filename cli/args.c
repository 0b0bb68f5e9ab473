/* SPDX-License-Identifier: MIT */
/* args.c - takes a command line apart by the table in options.def. */

#include "cli/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

/* Column in which --help explains an option. */
#define HELP_COLUMN 28

/* Edits between a word and the one that was meant. */
#define MAX_TYPOS 2

const struct args_row args_rows[ARGS_OPTIONS] = {
#define CLI_OPTION_ROW(NAME, letter, name, argument, commands, group, help, \
                       man)                                                 \
    { letter, name, argument, commands, group, help, man },
#include "cli/options.def"
#undef CLI_OPTION_ROW
};

static void
add(struct args *args, const struct args_row *row, const char *value)
{
    args->given = fatal_grow(args->given, args->given_count,
                             sizeof(*args->given));
    args->given[args->given_count++]
        = (struct args_given){ (enum args_option)(row - args_rows), value };
}

static bool
is_for(const struct args_row *row, char command)
{
    return strchr(row->commands, command) != NULL;
}

static const struct args_row *
find_long(const char *name, char command)
{
    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        if (strcmp(args_rows[i].name, name) == 0
            && is_for(&args_rows[i], command))
            return &args_rows[i];
    }
    return NULL;
}

static const struct args_row *
find_letter(char letter, char command)
{
    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        if (args_rows[i].letter == letter && is_for(&args_rows[i], command))
            return &args_rows[i];
    }
    return NULL;
}

static void
say_unknown(const char *name, char command)
{
    const struct args_row *nearest = NULL;
    unsigned edits = MAX_TYPOS + 1;

    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        const unsigned n = text_distance(args_rows[i].name, name);

        if (is_for(&args_rows[i], command) && n < edits) {
            nearest = &args_rows[i];
            edits = n;
        }
    }
    if (nearest != NULL)
        log_error("unknown option --%s; did you mean --%s?", name,
                  nearest->name);
    else
        log_error("unknown option --%s; --help lists them", name);
}

/* --name, --name=value, --name value.  How many words it took; 0 after a
 * message. */
static size_t
parse_long(struct args *args, char command, const char *word,
           const char *next)
{
    const char *equals = strchr(word, '=');
    char *name = fatal_strdup(word + 2);
    const struct args_row *row;
    size_t taken = 0;

    if (equals != NULL)
        name[equals - word - 2] = '\0';
    row = find_long(name, command);
    if (row == NULL) {
        say_unknown(name, command);
    } else if (row->argument == NULL && equals != NULL) {
        log_error("--%s takes no value", name);
    } else if (row->argument == NULL || equals != NULL) {
        add(args, row, equals == NULL ? NULL : equals + 1);
        taken = 1;
    } else if (next == NULL) {
        log_error("--%s needs %s", name, row->argument);
    } else {
        add(args, row, next);
        taken = 2;
    }
    free(name);
    return taken;
}

/* -q, -qv, -j4, -j 4.  As parse_long. */
static size_t
parse_letters(struct args *args, char command, const char *word,
              const char *next)
{
    for (const char *c = word + 1; *c != '\0'; c++) {
        const struct args_row *row = find_letter(*c, command);

        if (row == NULL) {
            log_error("unknown option -%c; --help lists them", *c);
            return 0;
        }
        if (row->argument == NULL) {
            add(args, row, NULL);
            continue;
        }
        if (c[1] == '\0' && next == NULL) {
            log_error("-%c needs %s", *c, row->argument);
            return 0;
        }
        add(args, row, c[1] != '\0' ? c + 1 : next);
        return c[1] != '\0' ? 1 : 2;
    }
    return 1;
}

bool
args_parse(struct args *args, char command, char **words, size_t count)
{
    bool has_ended = false;

    memset(args, 0, sizeof(*args));
    args->operands = fatal_alloc(count * sizeof(*args->operands));
    for (size_t i = 0; i < count;) {
        char *word = words[i];
        const char *next = i + 1 < count ? words[i + 1] : NULL;
        size_t taken = 1;

        if (has_ended || word[0] != '-' || word[1] == '\0')
            args->operands[args->operands_count++] = word;
        else if (strcmp(word, "--") == 0)
            has_ended = true;
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
args_fini(struct args *args)
{
    free(args->given);
    free(args->operands);
    memset(args, 0, sizeof(*args));
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
args_number(const struct args *args, enum args_option option, bool has_unit,
            unsigned long long low, unsigned long long high,
            unsigned long long *number)
{
    const char *value = args_value(args, option, NULL);
    unsigned long long n = 0;

    if (value == NULL)
        return true;
    if (!text_read_number(value, has_unit, &n) || n < low || n > high) {
        log_error("--%s takes a number from %llu to %llu, not %s",
                  args_rows[option].name, low, high, value);
        return false;
    }
    *number = n;
    return true;
}

static char *
join_words(const char *const *words)
{
    char *text = fatal_strdup(words[0]);

    for (size_t i = 1; words[i] != NULL; i++) {
        char *longer = fatal_format("%s%s%s", text,
                                    words[i + 1] == NULL ? " or " : ", ",
                                    words[i]);

        free(text);
        text = longer;
    }
    return text;
}

bool
args_choice(const struct args *args, enum args_option option,
            const char *const *words, int *choice)
{
    const char *value = args_value(args, option, NULL);
    char *all;

    if (value == NULL)
        return true;
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            *choice = i;
            return true;
        }
    }
    all = join_words(words);
    log_error("--%s takes %s, not %s", args_rows[option].name, all, value);
    free(all);
    return false;
}

static void
print_option(const struct args_row *row, unsigned width)
{
    char shown[64];
    int n;

    if (row->letter != 0)
        n = snprintf(shown, sizeof(shown), "  -%c, --%s", row->letter,
                     row->name);
    else
        n = snprintf(shown, sizeof(shown), "      --%s", row->name);
    if (row->argument != NULL)
        snprintf(shown + n, sizeof(shown) - (size_t)n, " %s", row->argument);
    if (strlen(shown) + 2 > HELP_COLUMN)
        printf("%s\n%*s", shown, HELP_COLUMN, "");
    else
        printf("%-*s", HELP_COLUMN, shown);
    text_write_wrapped(stdout, row->help, HELP_COLUMN, width);
}

void
args_print_options(char command, unsigned width)
{
    const char *group = "";

    for (size_t i = 0; i < ARGS_OPTIONS; i++) {
        const struct args_row *row = &args_rows[i];

        if (!is_for(row, command))
            continue;
        if (strcmp(group, row->group) != 0)
            printf("\n%s:\n", row->group);
        group = row->group;
        print_option(row, width);
    }
}

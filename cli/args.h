/* SPDX-License-Identifier: MIT */
/* args.h - takes a command line apart by the table in options.def. */

#ifndef ARGS_H
#define ARGS_H

#include <davy/version.h>
#include <stdbool.h>
#include <stddef.h>

enum args_option {
#define CLI_OPTION_ROW(NAME, letter, name, argument, commands, group, help, \
                       man)                                                 \
    ARGS_##NAME,
#include "cli/options.def"
#undef CLI_OPTION_ROW
    ARGS_OPTIONS
};

/* One option as it was given. */
struct args_given {
    enum args_option option;
    const char *value;                  /* NULL for switches */
};

struct args {
    struct args_given *given;           /* in order */
    size_t given_count;
    char **operands;                    /* what is no option */
    size_t operands_count;
};

/* Parse `words` for the command with this letter.  `--` ends options; a lone
 * `-` is an operand.  False after a message.  Give `args` to args_fini. */
bool args_parse(struct args *args, char command, char **words, size_t count);
void args_fini(struct args *args);

bool args_has(const struct args *args, enum args_option option);

/* The last value given for an option, or `preset`. */
const char *args_value(const struct args *args, enum args_option option,
                       const char *preset);

/* The last value as a number from `low` to `high` (with K, M, G when
 * `has_unit`), or `preset`; false after a message. */
bool args_number(const struct args *args, enum args_option option,
                 bool has_unit, unsigned long long low,
                 unsigned long long high, unsigned long long *number);

/* The place of the last value in `words` (ended by NULL), or of `preset`; false
 * after a message. */
bool args_choice(const struct args *args, enum args_option option,
                 const char *const *words, int *choice);

/* The options of a command, by group, on standard output. */
void args_print_options(char command, unsigned width);

/* What options.def says of option `i`, for the manual page. */
struct args_row {
    char letter;
    const char *name;
    const char *argument;
    const char *commands;
    const char *group;
    const char *help;
    const char *man;
};

extern const struct args_row args_rows[ARGS_OPTIONS];

#endif

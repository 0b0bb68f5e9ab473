/* SPDX-License-Identifier: MIT */
/* args.h - takes the command line apart. */

#ifndef ARGS_H
#define ARGS_H

#include <stdbool.h>
#include <stddef.h>

enum args_option {
#define CLI_OPTION_ROW(NAME, letter, long, argument, commands, text) \
    ARGS_##NAME,
#include "cli/options.def"
#undef CLI_OPTION_ROW
    ARGS_OPTIONS
};

/* One option as it was given, in order. */
struct args_given {
    enum args_option option;
    const char *value;                  /* NULL for switches */
};

struct args {
    struct args_given *given;
    size_t given_count;
    const char **operands;              /* what is no option */
    size_t operands_count;
};

/* Parse argv[2..] for the command with this letter.  `--` ends options; a lone
 * `-` is an operand.  False after a message when something is wrong. */
bool args_parse(struct args *args, char command, int argc, char **argv);
void args_free(struct args *args);

/* The last value given for an option, or `preset`. */
const char *args_value(const struct args *args, enum args_option option,
                       const char *preset);
bool args_has(const struct args *args, enum args_option option);

/* A whole number between `low` and `high`; false after a message. */
bool args_number(const struct args *args, enum args_option option,
                 unsigned long preset, unsigned long low, unsigned long high,
                 unsigned long *number);

/* The options of a command, a line or two each, on standard output. */
void args_print_options(char command);

#endif

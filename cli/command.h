/* SPDX-License-Identifier: MIT */
/* command.h - the commands of `davy` and what they are given. */

#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

#include "cli/args.h"

struct command {
    char letter;                        /* in options.def */
    const char *name;                   /* one word, or two */
    const char *operands;
    int (*run)(const struct args *args);        /* answers an exit status */
    const char *summary;
    const char *text;
};

/* All commands, in the order of --help. */
extern const struct command commands[];
extern const size_t commands_count;

#define CLI_COMMAND_ROW(NAME, letter, name, operands, run, summary, text) \
    int run(const struct args *args);
#include "cli/command.def"
#undef CLI_COMMAND_ROW

/* The command of this name (words with one space between), or NULL. */
const struct command *command_find(const char *name);

/* Usage, text and options of one command on standard output. */
void command_print_help(const struct command *command);

#endif

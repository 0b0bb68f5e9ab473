/* SPDX-License-Identifier: MIT */
/* davy.c - finds browser miners in files and sites: the command line. */

#include <davy/davy.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "common/exitcode.h"
#include "common/log.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *text;
} commands[] = {
    { "scan", command_scan, "judge files, folders, standard input, addresses" },
    { "rules", command_rules, "list, test, lint or explain rules" },
    { "dump", command_dump, "show what the parsers see in a file" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *out)
{
    fprintf(out, "usage: davy COMMAND [options] ...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  davy %-6s %s\n", commands[i].name, commands[i].text);
    fprintf(out, "\n`davy COMMAND --help` says more; davy(1) says all.\n");
}

int
main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "--help";

    /* A reader that goes away ends the output, not with a signal. */
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc, argv);
    }
    if (strcmp(word, "--version") == 0) {
        printf("davy %s\n", davy_version());
        return EXITCODE_CLEAN;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0
        || strcmp(word, "help") == 0) {
        print_usage(argc > 1 ? stdout : stderr);
        return argc > 1 ? EXITCODE_CLEAN : EXITCODE_USAGE;
    }
    log_error("unknown command %s", word);
    print_usage(stderr);
    return EXITCODE_USAGE;
}

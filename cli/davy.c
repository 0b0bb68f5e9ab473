/* SPDX-License-Identifier: MIT */
/* davy.c - the program: finds the command and hands it its arguments. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

/* Edits between a word and the command that was meant. */
#define MAX_TYPOS 2

/* The command of the first word, or of the first two; `used` says how many. */
static const struct command *
find_command(char **words, size_t count, size_t *used)
{
    const struct command *command = NULL;

    *used = 2;
    if (count >= 2) {
        char *name = fatal_format("%s %s", words[0], words[1]);

        command = command_find(name);
        free(name);
    }
    if (command == NULL) {
        *used = 1;
        command = command_find(words[0]);
    }
    return command;
}

static bool
is_group(const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i < commands_count; i++) {
        if (strncmp(commands[i].name, word, n) == 0
            && commands[i].name[n] == ' ')
            return true;
    }
    return false;
}

static int
run(const struct command *command, char **words, size_t count)
{
    struct args args;
    int status = EXITCODE_USAGE;

    if (args_parse(&args, command->letter, words, count)) {
        if (args_has(&args, ARGS_HELP)) {
            command_print_help(command);
            status = EXITCODE_CLEAN;
        } else {
            status = command->run(&args);
        }
    }
    args_fini(&args);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        log_error("standard output cannot be written");
        status = EXITCODE_USAGE;
    }
    return status;
}

static void
say_unknown(const char *word)
{
    for (size_t i = 0; i < commands_count; i++) {
        if (text_distance(commands[i].name, word) <= MAX_TYPOS) {
            log_error("there is no command %s; did you mean davy %s?", word,
                      commands[i].name);
            return;
        }
    }
    if (strchr(word, '/') != NULL || access(word, F_OK) == 0)
        log_error("there is no command %s; did you mean davy scan %s?", word,
                  word);
    else
        log_error("there is no command %s; davy --help lists them", word);
}

/* A group such as `rules` without one of its commands. */
static int
run_group(char **words, size_t count)
{
    const bool is_help = count > 1 && (strcmp(words[1], "--help") == 0
                                       || strcmp(words[1], "-h") == 0);

    if (is_help)
        return run(command_find("help"), words, 1);
    if (count > 1)
        log_error("there is no command %s %s; davy %s --help lists them",
                  words[0], words[1], words[0]);
    else
        log_error("which one? davy %s --help lists them", words[0]);
    return EXITCODE_USAGE;
}

int
main(int argc, char **argv)
{
    char **words = argv + 1;
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    const struct command *command;
    size_t used;

    log_init("davy", progress_hide);
    if (count == 0) {
        (void)run(command_find("help"), words, 0);
        return EXITCODE_USAGE;
    }
    if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0)
        return run(command_find("help"), words + 1, count - 1);
    if (strcmp(words[0], "--version") == 0 || strcmp(words[0], "-V") == 0)
        return run(command_find("version"), words + 1, count - 1);
    command = find_command(words, count, &used);
    if (command != NULL)
        return run(command, words + used, count - used);
    if (is_group(words[0]))
        return run_group(words, count);
    say_unknown(words[0]);
    return EXITCODE_USAGE;
}

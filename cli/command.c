/* SPDX-License-Identifier: MIT */
/* command.c - the table of commands. */

#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define HELP_WIDTH 80

const struct command commands[] = {
#define CLI_COMMAND_ROW(NAME, letter, name, operands, run, summary, text) \
    { letter, name, operands, run, summary, text },
#include "cli/command.def"
#undef CLI_COMMAND_ROW
};

const size_t commands_count = sizeof(commands) / sizeof(commands[0]);

const struct command *
command_find(const char *name)
{
    for (size_t i = 0; i < commands_count; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static void
print_paragraphs(const char *text)
{
    char line[2048];

    while (*text != '\0') {
        const size_t n = strcspn(text, "\n");

        snprintf(line, sizeof(line), "%.*s", (int)n, text);
        putchar('\n');
        text_write_wrapped(stdout, line, 0, HELP_WIDTH);
        text += n + (text[n] == '\n');
    }
}

void
command_print_help(const struct command *command)
{
    printf("usage: davy %s %s\n\n", command->name, command->operands);
    text_write_wrapped(stdout, command->summary, 0, HELP_WIDTH);
    print_paragraphs(command->text);
    args_print_options(command->letter, HELP_WIDTH);
}

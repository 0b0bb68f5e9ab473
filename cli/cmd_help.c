/* SPDX-License-Identifier: MIT */
/* cmd_help.c - `davy help` and `davy version`. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/packs.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"

static void
print_overview(void)
{
    puts("usage: davy COMMAND [OPTION...] [OPERAND...]\n\n"
         "davy finds scripts that mine cryptocurrency in a visitor's "
         "browser.\n\nCommands:");
    for (size_t i = 0; i < commands_count; i++)
        printf("  %-14s %s\n", commands[i].name, commands[i].summary);
    puts("\nTry:\n"
         "  davy scan ./public              a folder with a web site\n"
         "  davy scan https://my.site/      a page with all it loads\n"
         "  davy scan --help                options and exit statuses");
}

/* `davy help rules`: all commands that begin with this word. */
static bool
print_group(const char *word)
{
    const size_t n = strlen(word);
    bool is_found = false;

    for (size_t i = 0; i < commands_count; i++) {
        const char *name = commands[i].name;

        if (strncmp(name, word, n) != 0 || name[n] != ' ')
            continue;
        if (!is_found)
            puts("Commands (davy help COMMAND explains one):");
        printf("  davy %-14s %s\n", name, commands[i].summary);
        is_found = true;
    }
    return is_found;
}

int
cmd_help(const struct args *args)
{
    const struct command *command;
    char *name;
    bool is_known = true;

    if (args->operands_count == 0) {
        print_overview();
        return EXITCODE_CLEAN;
    }
    name = args->operands_count == 1
               ? fatal_strdup(args->operands[0])
               : fatal_format("%s %s", args->operands[0], args->operands[1]);
    command = command_find(name);
    if (command != NULL)
        command_print_help(command);
    else
        is_known = print_group(name);
    if (!is_known)
        log_error("there is no command %s", name);
    free(name);
    return is_known ? EXITCODE_CLEAN : EXITCODE_USAGE;
}

int
cmd_version(const struct args *args)
{
    char *folder = packs_folder(args);
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    struct stat st;

    printf("davy %s\n", davy_version());
    if (stat(folder, &st) != 0) {
        printf("no pack at %s\n", folder);
    } else if (davy_builder_new(NULL, &builder) == DAVY_OK) {
        (void)davy_builder_add_pack(builder, folder);
        if (davy_builder_build(builder, &ruleset) == DAVY_OK)
            printf("%s %s, %zu rules, %zu lists, at %s\n",
                   davy_ruleset_pack_name(ruleset),
                   davy_ruleset_pack_version(ruleset),
                   davy_ruleset_rules_count(ruleset),
                   davy_ruleset_lists_count(ruleset), folder);
        else
            printf("broken pack at %s; davy rules lint says more\n", folder);
    }
    davy_ruleset_unref(ruleset);
    davy_builder_free(builder);
    free(folder);
    return EXITCODE_CLEAN;
}

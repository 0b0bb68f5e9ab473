/* SPDX-License-Identifier: MIT */
/* manual.c - prints the part of davy(1) that the tables of commands and options
 * know, in scdoc's syntax; a tool of the build, not installed. */

#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "docs/scdoc.h"

struct row {
    char letter;
    const char *name;
    const char *operands;
    const char *summary;
    const char *text;
};

static const struct row rows[] = {
#define CLI_COMMAND_ROW(NAME, letter, name, operands, run, summary, text) \
    { letter, name, operands, summary, text },
#include "cli/command.def"
#undef CLI_COMMAND_ROW
};

static void
put_paragraphs(const char *text)
{
    while (*text != '\0') {
        const size_t n = strcspn(text, "\n");
        char line[2048];

        snprintf(line, sizeof(line), "%.*s", (int)n, text);
        scdoc_put(line);
        fputs("\n\n", stdout);
        text += n + (text[n] == '\n');
    }
}

static void
put_option(const struct args_row *row)
{
    if (row->letter != 0)
        printf("*-%c*, ", row->letter);
    printf("*--%s*", row->name);
    if (row->argument != NULL) {
        fputs(" _", stdout);
        scdoc_put(row->argument);
        putchar('_');
    }
    fputs("\n\t", stdout);
    scdoc_put(row->help);
    if (row->man[0] != '\0') {
        putchar(' ');
        scdoc_put(row->man);
    }
    fputs("\n\n", stdout);
}

int
main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        printf("## davy %s\n\n*davy %s* ", rows[i].name, rows[i].name);
        scdoc_put(rows[i].operands);
        fputs("\n\n", stdout);
        scdoc_put(rows[i].summary);
        fputs("\n\n", stdout);
        put_paragraphs(rows[i].text);
        for (size_t k = 0; k < ARGS_OPTIONS; k++) {
            if (strchr(args_rows[k].commands, rows[i].letter) != NULL
                && strcmp(args_rows[k].name, "help") != 0)
                put_option(&args_rows[k]);
        }
    }
    return 0;
}

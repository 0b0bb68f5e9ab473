/* SPDX-License-Identifier: MIT */
/* packs.h - builds the ruleset that a command works with. */

#ifndef PACKS_H
#define PACKS_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/args.h"

/* Add a pack (a folder with pack.yaml), a folder of *.yaml, or a file of
 * rules.  False when it is none of them, with a message. */
bool packs_add(davy_builder *builder, const char *path);

/* The folder that --pack or DAVY_DATADIR says; malloc'ed. */
char *packs_folder(const struct args *args);

/* file:line:column: error: text (hint), each on a line. */
void packs_print_messages(const davy_messages *messages, FILE *out,
                          bool with_warnings);

/* The pack, with the lists of --list.  NULL after messages. */
davy_ruleset *packs_load(const struct args *args);

#endif

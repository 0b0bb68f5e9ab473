/* SPDX-License-Identifier: MIT */
/* packs.h - builds the ruleset that a command works with. */

#ifndef PACKS_H
#define PACKS_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/args.h"

/* file:line:column: error: text (hint), each on a line. */
void packs_print_messages(const davy_messages *messages, FILE *out,
                          bool with_warnings);

/* The pack that --pack or the data folder says, with the lists of --list.
 * NULL after messages. */
davy_ruleset *packs_load(const struct args *args);

#endif

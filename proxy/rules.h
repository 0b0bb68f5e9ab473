/* SPDX-License-Identifier: MIT */
/* rules.h - the rules that davyd judges by. */

#ifndef RULES_H
#define RULES_H

#include <davy/davy.h>

/* The pack in `folder`, or the installed one for NULL.  NULL after messages. */
davy_ruleset *rules_load(const char *folder);

#endif

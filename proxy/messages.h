/* SPDX-License-Identifier: MIT */
/* messages.h - where davyd's messages for people go. */

#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>

/* To a file or the system's log as logfile.h has it; NULL for standard error,
 * where all go that cannot be written.  False after a message. */
bool messages_open(const char *path);
void messages_close(void);

#endif

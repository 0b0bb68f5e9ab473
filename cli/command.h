/* SPDX-License-Identifier: MIT */
/* command.h - the commands of `davy`; each answers an exit status. */

#ifndef COMMAND_H
#define COMMAND_H

int command_scan(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_dump(int argc, char **argv);

#endif

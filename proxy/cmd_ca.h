/* SPDX-License-Identifier: MIT */
/* cmd_ca.h - `davyd ca`: makes, shows and examines the authority. */

#ifndef CMD_CA_H
#define CMD_CA_H

/* Run `davyd ca` with the words behind `ca`; answers an exit status: of
 * doctor 1 when something is wrong, of all EXITCODE_USAGE after a message. */
int ca_command(int argc, char **argv);

#endif

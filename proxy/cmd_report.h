/* SPDX-License-Identifier: MIT */
/* cmd_report.h - `davyd report`: who met miners, where and when. */

#ifndef CMD_REPORT_H
#define CMD_REPORT_H

/* Run `davyd report` with the words from `report` on; answers an exit status:
 * EXITCODE_USAGE after a message, EXITCODE_UNSEEN when not all was read. */
int report_command(int argc, char **argv);

#endif

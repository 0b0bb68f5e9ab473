/* SPDX-License-Identifier: MIT
 * In place of a mining script that davy has blocked. */
void 0;

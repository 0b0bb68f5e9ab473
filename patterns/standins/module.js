/* SPDX-License-Identifier: MIT
 * In place of a mining module that davy has blocked. */
export default {};

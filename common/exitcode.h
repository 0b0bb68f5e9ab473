/* SPDX-License-Identifier: MIT */
/* exitcode.h - what davy's programs answer to the shell. */

#ifndef EXITCODE_H
#define EXITCODE_H

enum exitcode {
    EXITCODE_CLEAN = 0,
    EXITCODE_FOUND = 1,                 /* a finding that counts */
    EXITCODE_USAGE = 2,                 /* wrong words, or a broken pack */
    EXITCODE_UNSEEN = 3                 /* something could not be looked at,
                                         * and nothing was found */
};

#endif

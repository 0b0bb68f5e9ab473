/* SPDX-License-Identifier: MIT */
/* exitcode.h - what davy's programs answer to the shell; 1 wins over 3. */

#ifndef EXITCODE_H
#define EXITCODE_H

enum exitcode {
    EXITCODE_CLEAN = 0,
    EXITCODE_FOUND = 1,                 /* a finding that counts, or a rule
                                         * that fails its own test */
    EXITCODE_USAGE = 2,                 /* wrong words, a broken pack, or an
                                         * answer that cannot be written */
    EXITCODE_UNSEEN = 3                 /* something could not be looked at,
                                         * and nothing was found */
};

#endif

/* SPDX-License-Identifier: MIT */
/* status.h - what a davy function can answer; the numbers never change. */

#ifndef DAVY_STATUS_H
#define DAVY_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

typedef enum davy_status {
    /* The call did what its description says. */
    DAVY_OK = 0,

    /* More bytes are needed before there is an answer.  Feed and call again.
     * A result, not an error. */
    DAVY_MORE = 1,

    /* The input is not of the kind this function handles.  Try another.  A
     * result, not an error. */
    DAVY_DECLINED = 2,

    /* Memory could not be had, from the system or within the memory limit.
     * What was being built is freed; what existed before is untouched. */
    DAVY_NO_MEMORY = 3,

    /* A limit of the options or of the library was reached.  What was found
     * until then is valid and the limit is named in the report. */
    DAVY_LIMIT = 4,

    /* The input breaks the rules of its format. */
    DAVY_MALFORMED = 5,

    /* The caller broke the contract: a null handle, an option out of range,
     * a call out of order.  Nothing was changed. */
    DAVY_MISUSE = 6,

    /* A file could not be read.  The error list has the system's reason. */
    DAVY_IO = 7,

    /* Rules or lists have errors; the builder's error list has all of them
     * with file, line and column. */
    DAVY_BAD_RULES = 8,

    /* The named thing (rule, encoding, file) does not exist. */
    DAVY_NOT_FOUND = 9,

    /* The thing is what it should be, but cannot be handled in this way: a page
     * in a character set that cannot be edited by spans.  Do without. */
    DAVY_UNSUPPORTED = 10
} davy_status;

/* The English sentence for `status`; a constant, never NULL. */
const char *davy_status_text(davy_status status);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif

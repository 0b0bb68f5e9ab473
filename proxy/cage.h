/* SPDX-License-Identifier: MIT */
/* cage.h - takes rights and system calls from this process, for good. */

#ifndef CAGE_H
#define CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sanitizers make calls of their own, and look into the process from outside:
 * nothing of this holds under them. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAGE_IS_OPEN 1
#else
#define CAGE_IS_OPEN 0
#endif

/* A system call, by any name of any processor; where `mask` is not 0, only with
 * bits in argument number `argument` that are `value` under it. */
struct cage_call {
    const char *name;
    unsigned argument;
    uint64_t mask;
    uint64_t value;
    bool is_refused;                    /* fails with ENOSYS, whatever becomes
                                         * of the rest */
};

enum cage_rest {
    CAGE_KILL,                          /* ends the process */
    CAGE_REFUSE                         /* fails with ENOSYS, and is logged by
                                         * the kernel where that is on */
};

/* Whether cage_filter was built in. */
bool cage_can_filter(void);

/* From now on only these calls, of this thread and those it starts; a call may
 * stand in several rows.  False when that cannot be had. */
bool cage_filter(const struct cage_call *calls, size_t count,
                 enum cage_rest rest);

/* Keep the capabilities whose bits are set, and of them those that there are;
 * false when it is not allowed. */
bool cage_keep_capabilities(uint64_t keep);

/* Whether there are any. */
bool cage_has_capabilities(void);

#endif

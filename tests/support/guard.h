/* SPDX-License-Identifier: MIT */
/* guard.h - input that lies flush against an unreadable page. */

#ifndef TEST_GUARD_H
#define TEST_GUARD_H

#include "base/span.h"

/* A copy of some bytes whose end is the end of readable memory: one byte read
 * too many is a crash, in every build. */
struct guard {
    void *pages;
    size_t size;
    struct dv_span bytes;
};

/* Exits the test program when memory cannot be had. */
void guard_init(struct guard *guard, const void *bytes, size_t len);
void guard_fini(struct guard *guard);

#endif

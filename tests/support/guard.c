/* SPDX-License-Identifier: MIT */
/* guard.c - maps input against a page without rights. */

#define _GNU_SOURCE

#include "support/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void
guard_init(struct guard *guard, const void *bytes, size_t len)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t body = (len + page - 1) / page * page;
    char *at;

    guard->size = body + page;
    guard->pages = mmap(NULL, guard->size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (guard->pages == MAP_FAILED
        || mprotect((char *)guard->pages + body, page, PROT_NONE) != 0) {
        perror("guard page");
        exit(1);
    }
    at = (char *)guard->pages + body - len;
    if (len != 0)
        memcpy(at, bytes, len);
    guard->bytes = dv_span_of(at, len);
}

void
guard_fini(struct guard *guard)
{
    munmap(guard->pages, guard->size);
}

/* SPDX-License-Identifier: MIT */
/* fatal.h - memory, or the end of the program with a message. */

#ifndef FATAL_H
#define FATAL_H

#include <stddef.h>

/* Say "PROGRAM: text" and exit with EXITCODE_USAGE. */
_Noreturn void fatal(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* As calloc, realloc and strdup, but never NULL; sizes of 0 are fine. */
void *fatal_alloc(size_t size);
void *fatal_realloc(void *at, size_t size);
char *fatal_strdup(const char *text);

/* Room for one more item in an array of `count` items that grows by doubling:
 * `at`, moved when `count` is 0 or a power of two.  Only arrays that grow by
 * one through this function may use it. */
void *fatal_grow(void *at, size_t count, size_t item_size);

/* As asprintf. */
char *fatal_format(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif

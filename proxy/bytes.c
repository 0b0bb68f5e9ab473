/* SPDX-License-Identifier: MIT */
/* bytes.c - a queue of bytes in one block of memory. */

#include "proxy/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

#define FIRST_CAPACITY ((size_t)512)

/* An empty queue keeps this much: idle connections must stay small. */
#define KEPT_CAPACITY ((size_t)4096)

void
bytes_fini(struct bytes *bytes)
{
    free(bytes->at);
    *bytes = (struct bytes){ 0 };
}

void
bytes_clear(struct bytes *bytes)
{
    bytes_fini(bytes);
}

char *
bytes_room(struct bytes *bytes, size_t n)
{
    size_t cap = bytes->cap == 0 ? FIRST_CAPACITY : bytes->cap;

    if (n <= bytes->cap - bytes->to)
        return bytes->at + bytes->to;
    if (bytes->from > 0) {
        memmove(bytes->at, bytes_front(bytes), bytes_length(bytes));
        bytes->to -= bytes->from;
        bytes->from = 0;
    }
    while (cap - bytes->to < n)
        cap *= 2;
    if (cap != bytes->cap) {
        bytes->at = fatal_realloc(bytes->at, cap);
        bytes->cap = cap;
    }
    return bytes->at + bytes->to;
}

void
bytes_wrote(struct bytes *bytes, size_t n)
{
    bytes->to += n;
}

void
bytes_append(struct bytes *bytes, const void *at, size_t n)
{
    if (n > 0)
        memcpy(bytes_room(bytes, n), at, n);
    bytes->to += n;
}

void
bytes_append_text(struct bytes *bytes, const char *text)
{
    bytes_append(bytes, text, strlen(text));
}

void
bytes_format(struct bytes *bytes, const char *format, ...)
{
    va_list args, again;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        (void)vsnprintf(bytes_room(bytes, (size_t)n + 1), (size_t)n + 1,
                        format, again);
        bytes->to += (size_t)n;
    }
    va_end(again);
}

void
bytes_skip(struct bytes *bytes, size_t n)
{
    bytes->from += n;
    if (bytes->from < bytes->to)
        return;
    bytes->from = bytes->to = 0;
    if (bytes->cap > KEPT_CAPACITY)
        bytes_clear(bytes);
}

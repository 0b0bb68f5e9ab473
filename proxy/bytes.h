/* SPDX-License-Identifier: MIT */
/* bytes.h - a queue of bytes: written at the end, read at the front. */

#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>

struct bytes {
    char *at;
    size_t from;                        /* first byte that is not yet read */
    size_t to;                          /* behind the last one */
    size_t cap;
};

void bytes_fini(struct bytes *bytes);

/* Room for `n` more at the end; bytes_wrote says how many were used. */
char *bytes_room(struct bytes *bytes, size_t n);
void bytes_wrote(struct bytes *bytes, size_t n);

void bytes_append(struct bytes *bytes, const void *at, size_t n);
void bytes_append_text(struct bytes *bytes, const char *text);
void bytes_format(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Forget the first `n`; the memory goes when nothing is left and it is
 * large. */
void bytes_skip(struct bytes *bytes, size_t n);

/* Forget the bytes and their memory. */
void bytes_clear(struct bytes *bytes);

static inline size_t
bytes_length(const struct bytes *bytes)
{
    return bytes->to - bytes->from;
}

static inline char *
bytes_front(const struct bytes *bytes)
{
    return bytes->at + bytes->from;
}

#endif

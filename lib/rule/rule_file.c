/* SPDX-License-Identifier: MIT */
/* rule_file.c - reads a whole file with plain stdio. */

#define _POSIX_C_SOURCE 200809L

#include "rule/rule_file.h"

#include <errno.h>
#include <stdio.h>

#define FIRST_BYTES ((size_t)16384)

static davy_status
say_reason(struct dv_messages *messages, int reason)
{
    char text[128];
    const struct dv_place nowhere = { 0, 0 };

    if (strerror_r(reason, text, sizeof(text)) != 0)
        text[0] = '\0';
    if (dv_messages_say(messages, DAVY_IO, false, nowhere, NULL,
                        "the file cannot be read: %s", text) != DAVY_OK)
        return DAVY_NO_MEMORY;
    return DAVY_IO;
}

/* Room for at least one more byte; DAVY_LIMIT at the cap. */
static davy_status
grow(struct dv_file *file)
{
    const size_t cap = file->cap == 0 ? FIRST_BYTES : file->cap * 2;
    uint8_t *moved;

    if (file->len < file->cap)
        return DAVY_OK;
    if (cap > DV_FILE_BYTES * 2)
        return DAVY_LIMIT;
    moved = dv_mem_realloc(file->mem, file->at, file->cap, cap);
    if (moved == NULL)
        return DAVY_NO_MEMORY;
    file->at = moved;
    file->cap = cap;
    return DAVY_OK;
}

static davy_status
read_all(struct dv_file *file, FILE *stream)
{
    davy_status st = grow(file);

    while (st == DAVY_OK) {
        const size_t n = fread(file->at + file->len, 1,
                               file->cap - file->len, stream);

        file->len += n;
        if (n == 0)
            return ferror(stream) ? DAVY_IO : DAVY_OK;
        if (file->len > DV_FILE_BYTES)
            return DAVY_LIMIT;
        st = grow(file);
    }
    return st;
}

davy_status
dv_file_read(struct dv_file *file, struct dv_mem *mem,
             struct dv_messages *messages, const char *path)
{
    FILE *stream;
    davy_status st;
    int reason;

    *file = (struct dv_file){ .mem = mem };
    errno = 0;
    stream = fopen(path, "rb");
    if (stream == NULL)
        return say_reason(messages, errno);
    st = read_all(file, stream);
    reason = errno;
    (void)fclose(stream);
    if (st == DAVY_LIMIT)
        reason = EFBIG;
    return st == DAVY_IO || st == DAVY_LIMIT ? say_reason(messages, reason)
                                             : st;
}

void
dv_file_fini(struct dv_file *file)
{
    dv_mem_free(file->mem, file->at, file->cap);
    file->at = NULL;
    file->len = 0;
    file->cap = 0;
}

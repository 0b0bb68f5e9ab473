/* SPDX-License-Identifier: MIT */
/* fatal.c - memory, or the end of the program with a message. */

#include "common/fatal.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exitcode.h"
#include "common/log.h"

void
fatal(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_message("", format, args);
    va_end(args);
    exit(EXITCODE_USAGE);
}

/* Not through the log, which would want memory, too. */
static _Noreturn void
end_without_memory(void)
{
    fputs("out of memory\n", stderr);
    exit(EXITCODE_USAGE);
}

static void *
or_end(void *at)
{
    if (at == NULL)
        end_without_memory();
    return at;
}

void *
fatal_alloc(size_t size)
{
    return or_end(calloc(1, size == 0 ? 1 : size));
}

void *
fatal_realloc(void *at, size_t size)
{
    return or_end(realloc(at, size == 0 ? 1 : size));
}

char *
fatal_strdup(const char *text)
{
    return or_end(strdup(text));
}

void *
fatal_grow(void *at, size_t count, size_t item_size)
{
    if ((count & (count - 1)) != 0)
        return at;
    if (count > SIZE_MAX / 2 / item_size)
        end_without_memory();
    return fatal_realloc(at, (count == 0 ? 1 : count * 2) * item_size);
}

char *
fatal_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    return or_end(text);
}

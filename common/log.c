/* SPDX-License-Identifier: MIT */
/* log.c - messages on standard error, and memory or nothing. */

#include "common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exitcode.h"

void
log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("davy: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void *
or_exit(void *at)
{
    if (at == NULL) {
        log_error("out of memory");
        exit(EXITCODE_USAGE);
    }
    return at;
}

void *
log_alloc(unsigned long size)
{
    return or_exit(calloc(1, size == 0 ? 1 : size));
}

void *
log_realloc(void *at, unsigned long size)
{
    return or_exit(realloc(at, size == 0 ? 1 : size));
}

char *
log_strdup(const char *text)
{
    return or_exit(strdup(text));
}

char *
log_clean(const char *text)
{
    char *copy = log_strdup(text);

    for (unsigned char *c = (unsigned char *)copy; *c != 0; c++) {
        if (*c < 0x20 || *c == 0x7f
            || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
            *c = '?';
    }
    return copy;
}

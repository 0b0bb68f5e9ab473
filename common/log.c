/* SPDX-License-Identifier: MIT */
/* log.c - messages for people, on standard error. */

#include "common/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

static const char *program_name = "davy";
static void (*make_place)(void);
static bool notes_are_shown = true;
static _Atomic(log_sink *) sink;

void
log_init(const char *program, void (*before)(void))
{
    program_name = program;
    make_place = before;
}

void
log_set_sink(log_sink *fn)
{
    atomic_store(&sink, fn);
}

void
log_show_notes(bool are_shown)
{
    notes_are_shown = are_shown;
}

void
log_message(const char *kind, const char *format, va_list args)
{
    log_sink *taker = atomic_load(&sink);
    char *text = NULL;
    char *clean;

    if (vasprintf(&text, format, args) < 0)
        return;
    clean = text_clean(text);
    free(text);
    if (taker != NULL && taker(kind[0] == '\0', clean)) {
        free(clean);
        return;
    }
    flockfile(stderr);
    if (make_place != NULL)
        make_place();
    fprintf(stderr, "%s: %s%s\n", program_name, kind, clean);
    funlockfile(stderr);
    free(clean);
}

void
log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_message("", format, args);
    va_end(args);
}

void
log_note(const char *format, ...)
{
    va_list args;

    if (!notes_are_shown)
        return;
    va_start(args, format);
    log_message("note: ", format, args);
    va_end(args);
}

/* SPDX-License-Identifier: MIT */
/* log.h - messages for people, on standard error; any thread. */

#ifndef LOG_H
#define LOG_H

#include <stdarg.h>
#include <stdbool.h>

/* The name in front of every message, and a function that makes place for a
 * message (takes a progress bar away), or NULL.  Before threads start. */
void log_init(const char *program, void (*before)(void));

/* Who takes messages in place of standard error; false gives one back to it.
 * NULL for nobody.  Any thread may log meanwhile. */
typedef bool log_sink(bool is_error, const char *text);
void log_set_sink(log_sink *sink);

/* Whether notes are shown, too; they are at first. */
void log_show_notes(bool are_shown);

/* "program: text" and "program: note: text".  Control bytes are made visible:
 * arguments may be names of files. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_message(const char *kind, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif

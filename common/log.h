/* SPDX-License-Identifier: MIT */
/* log.h - messages for people, on standard error. */

#ifndef LOG_H
#define LOG_H

/* "davy: text" and a line end. */
void log_error(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A copy of `text` in which no byte can move a cursor or change a colour:
 * control bytes become `?`.  malloc'ed; ends the program without memory. */
char *log_clean(const char *text);

/* malloc that ends the program when there is no memory; sizes of 0 are
 * fine. */
void *log_alloc(unsigned long size);
void *log_realloc(void *at, unsigned long size);
char *log_strdup(const char *text);

#endif

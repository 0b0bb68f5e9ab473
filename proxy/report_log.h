/* SPDX-License-Identifier: MIT */
/* report_log.h - reads the decision log (decision.h). */

#ifndef REPORT_LOG_H
#define REPORT_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* One line; what it does not say is "".  Lives as long as the call. */
struct report_entry {
    const char *time;                   /* 2026-11-23T17:12:44.123Z */
    const char *action;
    const char *reason;
    const char *client;
    const char *user;
    const char *method;
    const char *address;
    const char *kind;
    const char *verdict;
    const char *type;
    const char *rule;
    const char *title;
    const char *family;
};

typedef void report_entry_fn(void *ctx, const struct report_entry *entry);

struct report_log {
    report_entry_fn *fn;
    void *ctx;
    uint64_t lines;                     /* read so far */
    uint64_t bad;                       /* that are no decisions */
};

/* Read a file, also one that gzip(1) made, or "-", standard input.  The first
 * line that is no decision is named in a message; false, after a message, when
 * the file cannot be read to its end. */
bool report_log_read(struct report_log *log, const char *path);

#endif

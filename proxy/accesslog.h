/* SPDX-License-Identifier: MIT */
/* accesslog.h - one line for every request. */

#ifndef ACCESSLOG_H
#define ACCESSLOG_H

#include <stdbool.h>
#include <stdint.h>

enum accesslog_format {
    ACCESSLOG_COMMON,                   /* as web servers write it */
    ACCESSLOG_JSON
};

struct accesslog_entry {
    const char *client;
    const char *method;
    const char *address;
    unsigned minor;                     /* HTTP/1.minor */
    unsigned status;                    /* 0: none was sent */
    uint64_t bytes;                     /* sent, heads included */
    uint64_t millis;                    /* from the head to the end */
};

/* Where lines go, as for decision_open; NULL: nowhere.  False after a
 * message. */
bool accesslog_open(const char *path, enum accesslog_format format);
void accesslog_close(void);

/* Lines that could not be written. */
uint64_t accesslog_lost(void);

/* Any thread. */
void accesslog_write(const struct accesslog_entry *entry);

#endif

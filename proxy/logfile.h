/* SPDX-License-Identifier: MIT */
/* logfile.h - a file, or the system's log, that lines are appended to, by any
 * thread, and that can be opened anew meanwhile. */

#ifndef LOGFILE_H
#define LOGFILE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/syslog_out.h"

/* Initialise with LOGFILE_INIT(descriptor, name): where lines go before it is
 * opened, -1 for nowhere; and what messages call it. */
struct logfile {
    pthread_rwlock_t lock;              /* shared by writers */
    int fd;                             /* -1: nowhere, or syslog */
    int standard;                       /* the descriptor without a file */
    bool is_syslog;
    const char *name;
    atomic_bool is_torn;                /* a line has only its beginning */
    atomic_bool is_failing;             /* and somebody was told */
    _Atomic int64_t told;               /* when, in seconds */
    atomic_uint_fast64_t lost;          /* lines */
};

#define LOGFILE_INIT(descriptor, title)                              \
    {                                                                \
        .lock = PTHREAD_RWLOCK_INITIALIZER, .fd = (descriptor),      \
        .standard = (descriptor), .name = (title)                    \
    }

/* Open `path` to append, or the system's log for what syslog_out.h means, or
 * with NULL go back to the descriptor it began with.  False after a message;
 * then all stays as it was. */
bool logfile_open(struct logfile *file, const char *path);

/* Whether lines go anywhere. */
bool logfile_is_open(struct logfile *file);

/* One line with its line feed, in one write, which may fail: a line that is
 * lost is counted, and that lines are lost is told once a minute. */
void logfile_write(struct logfile *file, enum syslog_severity severity,
                   const char *line, size_t length);

/* The same, told to nobody; 0 or an error number. */
int logfile_try(struct logfile *file, enum syslog_severity severity,
                const char *line, size_t length);

/* Lines that were lost since the start. */
uint64_t logfile_lost(struct logfile *file);

#endif

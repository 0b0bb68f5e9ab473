/* SPDX-License-Identifier: MIT */
/* logfile.h - a file that lines are appended to, by any thread, and that can be
 * opened anew meanwhile. */

#ifndef LOGFILE_H
#define LOGFILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Initialise with LOGFILE_INIT(descriptor): where lines go before it is opened,
 * -1 for nowhere. */
struct logfile {
    pthread_rwlock_t lock;              /* shared by writers */
    int fd;
    int standard;                       /* the descriptor without a file */
};

#define LOGFILE_INIT(descriptor) \
    { PTHREAD_RWLOCK_INITIALIZER, descriptor, descriptor }

/* Open `path` to append, or with NULL go back to the descriptor it began with.
 * False after a message; then all stays as it was. */
bool logfile_open(struct logfile *file, const char *path);

/* Whether lines go anywhere. */
bool logfile_is_open(struct logfile *file);

/* One line, in one write; `what` names the log in messages. */
void logfile_write(struct logfile *file, const char *line, size_t length,
                   const char *what);

#endif

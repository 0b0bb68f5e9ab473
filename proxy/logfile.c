/* SPDX-License-Identifier: MIT */
/* logfile.c - a descriptor that is closed only when nobody writes to it. */

#include "proxy/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

bool
logfile_open(struct logfile *file, const char *path)
{
    int fd = file->standard;
    int old;

    if (path != NULL) {
        fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0) {
            log_error("%s: %s (for user %u)%s", path, strerror(errno),
                      (unsigned)geteuid(),
                      file->fd == file->standard
                          ? ""
                          : "; the old file goes on");
            return false;
        }
    }
    pthread_rwlock_wrlock(&file->lock);
    old = file->fd;
    file->fd = fd;
    pthread_rwlock_unlock(&file->lock);
    if (old != file->standard)
        close(old);
    return true;
}

bool
logfile_is_open(struct logfile *file)
{
    bool is_open;

    pthread_rwlock_rdlock(&file->lock);
    is_open = file->fd >= 0;
    pthread_rwlock_unlock(&file->lock);
    return is_open;
}

void
logfile_write(struct logfile *file, const char *line, size_t length,
              const char *what)
{
    int error = 0;

    pthread_rwlock_rdlock(&file->lock);
    if (file->fd >= 0 && write(file->fd, line, length) < 0)
        error = errno;
    pthread_rwlock_unlock(&file->lock);
    if (error != 0)
        log_error("%s: %s", what, strerror(error));
}

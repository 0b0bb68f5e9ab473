/* SPDX-License-Identifier: MIT */
/* logfile.c - a descriptor that is closed only when nobody writes to it. */

#include "proxy/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"

/* Seconds between two words about lines that are lost. */
#define SILENCE 60

static bool
open_file(const struct logfile *file, const char *path, int *fd)
{
    *fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (*fd >= 0)
        return true;
    log_error("%s: %s (for user %u)%s", path, strerror(errno),
              (unsigned)geteuid(),
              file->fd == file->standard && !file->is_syslog
                  ? ""
                  : "; the old log goes on");
    return false;
}

bool
logfile_open(struct logfile *file, const char *path)
{
    const bool is_syslog = syslog_out_is_meant(path);
    int fd = is_syslog ? -1 : file->standard;
    int old;

    if (is_syslog && !syslog_out_open(path))
        return false;
    if (!is_syslog && path != NULL && !open_file(file, path, &fd))
        return false;
    pthread_rwlock_wrlock(&file->lock);
    old = file->fd;
    file->fd = fd;
    file->is_syslog = is_syslog;
    pthread_rwlock_unlock(&file->lock);
    if (old != file->standard && old >= 0)
        close(old);
    atomic_store(&file->is_torn, false);
    return true;
}

bool
logfile_is_open(struct logfile *file)
{
    bool is_open;

    pthread_rwlock_rdlock(&file->lock);
    is_open = file->fd >= 0 || file->is_syslog;
    pthread_rwlock_unlock(&file->lock);
    return is_open;
}

uint64_t
logfile_lost(struct logfile *file)
{
    return atomic_load(&file->lost);
}

/* ---- Writing ---- */

/* A disk that is full takes a part: the line behind it begins on its own. */
static int
write_line(struct logfile *file, const char *line, size_t length)
{
    char feed = '\n';
    const size_t extra = atomic_exchange(&file->is_torn, false) ? 1 : 0;
    const struct iovec parts[] = { { &feed, extra },
                                   { (char *)line, length } };
    const ssize_t n = writev(file->fd, parts, 2);

    if (n == (ssize_t)(length + extra))
        return 0;
    if (n > 0 || extra > 0)
        atomic_store(&file->is_torn, true);
    return n < 0 ? errno : ENOSPC;
}

int
logfile_try(struct logfile *file, enum syslog_severity severity,
            const char *line, size_t length)
{
    int error = 0;

    pthread_rwlock_rdlock(&file->lock);
    if (file->is_syslog)
        error = syslog_out_send(severity, line, length - 1);
    else if (file->fd >= 0)
        error = write_line(file, line, length);
    pthread_rwlock_unlock(&file->lock);
    if (error != 0)
        atomic_fetch_add(&file->lost, 1);
    return error;
}

static int64_t
seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

/* Of many threads that fail, one says so. */
static void
tell_loss(struct logfile *file, int error)
{
    const int64_t now = seconds_now();
    int64_t told = atomic_load(&file->told);

    if ((told != 0 && now - told < SILENCE)
        || !atomic_compare_exchange_strong(&file->told, &told, now))
        return;
    atomic_store(&file->is_failing, true);
    log_error("the %s cannot be written: %s; lines are lost and counted",
              file->name, strerror(error));
}

void
logfile_write(struct logfile *file, enum syslog_severity severity,
              const char *line, size_t length)
{
    const int error = logfile_try(file, severity, line, length);

    if (error != 0)
        tell_loss(file, error);
    else if (atomic_load_explicit(&file->is_failing, memory_order_relaxed)
             && atomic_exchange(&file->is_failing, false))
        log_note("the %s is written again; %llu lines were lost since the "
                 "start", file->name,
                 (unsigned long long)logfile_lost(file));
}

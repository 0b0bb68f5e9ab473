/* SPDX-License-Identifier: MIT */
/* syslog_out.c - writes to the socket of syslog(3) in the form that syslog(3)
 * writes there.
 *
 * Not by syslog(3): that waits while the log's reader is slow, which would stop
 * a worker with all its clients, and it says nothing of lines that are lost. */

#include "proxy/syslog_out.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"

#define WORD     "syslog"
#define STANDARD "/dev/log"

/* Facility "daemon" (RFC 5424, 6.2.1). */
#define FACILITY 3

static struct {
    pthread_mutex_t lock;
    int fd;                             /* 0: none */
    struct sockaddr_un address;
} out = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool
syslog_out_is_meant(const char *name)
{
    const size_t n = sizeof(WORD) - 1;

    return name != NULL && strncmp(name, WORD, n) == 0
           && (name[n] == '\0' || name[n] == ':');
}

static void
disconnect(void)
{
    if (out.fd != 0)
        close(out.fd);
    out.fd = 0;
}

/* An error number. */
static int
reconnect(void)
{
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          0);

    disconnect();
    if (fd < 0)
        return errno;
    if (connect(fd, (const struct sockaddr *)&out.address,
                sizeof(out.address))
        != 0) {
        const int error = errno;

        close(fd);
        return error;
    }
    out.fd = fd;
    return 0;
}

bool
syslog_out_open(const char *name)
{
    const char *colon = strchr(name, ':');
    const char *path = colon == NULL ? STANDARD : colon + 1;
    int error = ENAMETOOLONG;

    pthread_mutex_lock(&out.lock);
    memset(&out.address, 0, sizeof(out.address));
    out.address.sun_family = AF_UNIX;
    if (strlen(path) < sizeof(out.address.sun_path)) {
        memcpy(out.address.sun_path, path, strlen(path));
        error = reconnect();
    }
    pthread_mutex_unlock(&out.lock);
    if (error != 0)
        log_error("the system's log at %s: %s", path, strerror(error));
    return error == 0;
}

void
syslog_out_close(void)
{
    pthread_mutex_lock(&out.lock);
    disconnect();
    pthread_mutex_unlock(&out.lock);
}

static int
send_parts(const struct iovec *parts, size_t count)
{
    const struct msghdr message = { .msg_iov = (struct iovec *)parts,
                                    .msg_iovlen = count };

    return out.fd != 0 && sendmsg(out.fd, &message, MSG_NOSIGNAL) >= 0
               ? 0
               : errno;
}

/* "<30>Nov 24 12:00:00 davyd[1234]: ", as readers of the socket know it. */
static size_t
write_head(char *text, size_t room, enum syslog_severity severity)
{
    const time_t now = time(NULL);
    char when[32] = "";
    struct tm parts;
    int n;

    if (localtime_r(&now, &parts) != NULL)
        (void)strftime(when, sizeof(when), "%b %e %H:%M:%S", &parts);
    n = snprintf(text, room, "<%d>%s davyd[%d]: ",
                 FACILITY * 8 + (int)severity, when, (int)getpid());
    return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

int
syslog_out_send(enum syslog_severity severity, const char *line,
                size_t length)
{
    char head[80];
    const struct iovec parts[]
        = { { head, write_head(head, sizeof(head), severity) },
            { (char *)line, length } };
    int error;

    pthread_mutex_lock(&out.lock);
    errno = ENOTCONN;
    error = send_parts(parts, 2);
    /* Its reader was started anew. */
    if (error != 0 && error != EAGAIN && error != EMSGSIZE) {
        error = reconnect();
        if (error == 0)
            error = send_parts(parts, 2);
    }
    pthread_mutex_unlock(&out.lock);
    return error;
}

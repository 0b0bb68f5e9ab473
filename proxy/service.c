/* SPDX-License-Identifier: MIT */
/* service.c - the protocol of sd_notify(3) and sd_listen_fds(3), spoken here:
 * it is a datagram and three variables, promised to stay as they are, and
 * libsystemd would bring compressors and more into the proxy for it. */

#include "proxy/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

/* The first descriptor that is handed over. */
#define FIRST_FD 3

#define MAX_SOCKETS 64u

static struct {
    int fd;                             /* where to tell things; 0: nowhere */
    uint64_t watchdog;                  /* milliseconds */
    struct service_socket sockets[MAX_SOCKETS];
    size_t count;
    char *names;
} service;

/* A number in the environment; false when there is none. */
static bool
read_variable(const char *name, unsigned long long *number)
{
    const char *text = getenv(name);

    return text != NULL && text_read_number(text, false, number);
}

/* ---- Telling ---- */

/* A path, or with '@' in front a name without a file. */
static void
connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const size_t length = strlen(path);
    int fd;

    if (length < 2 || length >= sizeof(address.sun_path)
        || (path[0] != '/' && path[0] != '@')) {
        log_error("NOTIFY_SOCKET is no socket's address: %s", path);
        return;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0
        && connect(fd, (const struct sockaddr *)&address,
                   (socklen_t)(offsetof(struct sockaddr_un, sun_path)
                               + length))
               == 0) {
        service.fd = fd;
        return;
    }
    log_error("the service manager cannot be told anything: %s",
              strerror(errno));
    if (fd >= 0)
        close(fd);
}

void
service_say(const char *format, ...)
{
    char text[512];
    va_list args;
    int n;

    if (service.fd == 0)
        return;
    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n > 0)
        (void)send(service.fd, text, (size_t)n < sizeof(text)
                                         ? (size_t)n
                                         : sizeof(text) - 1,
                   MSG_NOSIGNAL);
}

void
service_say_reloading(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    service_say("RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=Reading the "
                "configuration anew.",
                (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

/* ---- Watchdog ---- */

static bool
is_ours(const char *name)
{
    unsigned long long pid;

    return read_variable(name, &pid) && pid == (unsigned long long)getpid();
}

/* Told twice as often as it is asked for: one that is late does no harm. */
static void
read_watchdog(void)
{
    unsigned long long micros;

    if (read_variable("WATCHDOG_USEC", &micros) && micros > 0
        && (getenv("WATCHDOG_PID") == NULL || is_ours("WATCHDOG_PID")))
        service.watchdog = micros < 2000 ? 1 : micros / 2000;
}

uint64_t
service_watchdog(void)
{
    return service.fd == 0 ? 0 : service.watchdog;
}

/* ---- Sockets ---- */

static int
option_of(int fd, int option)
{
    socklen_t length = sizeof(int);
    int value = -1;

    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value
                                                                   : -1;
}

/* What is wrong with it, or NULL. */
static const char *
socket_fault(int fd)
{
    const int family = option_of(fd, SO_DOMAIN);
    const int flags = fcntl(fd, F_GETFL);

    if (family < 0)
        return "is no socket";
    if (family != AF_INET && family != AF_INET6)
        return "is no socket of the internet";
    if (option_of(fd, SO_TYPE) != SOCK_STREAM
        || option_of(fd, SO_ACCEPTCONN) != 1)
        return "does not listen for connections (is it Accept=no?)";
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0
        || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return strerror(errno);
    return NULL;
}

static bool
read_sockets(void)
{
    unsigned long long count;
    const char *names = getenv("LISTEN_FDNAMES");
    char *name;

    if (!is_ours("LISTEN_PID") || !read_variable("LISTEN_FDS", &count))
        return true;
    if (count > MAX_SOCKETS) {
        log_error("more than %u sockets were handed over", MAX_SOCKETS);
        return false;
    }
    service.names = fatal_strdup(names == NULL ? "" : names);
    name = service.names;
    for (size_t i = 0; i < count; i++) {
        const int fd = FIRST_FD + (int)i;
        const char *fault = socket_fault(fd);
        char *end = strchrnul(name, ':');

        if (fault != NULL) {
            log_error("descriptor %d, which the service manager handed over, "
                      "%s", fd, fault);
            return false;
        }
        service.sockets[i] = (struct service_socket){ fd, name };
        name = *end == '\0' ? end : end + 1;
        *end = '\0';
    }
    service.count = (size_t)count;
    return true;
}

size_t
service_sockets(const struct service_socket **sockets)
{
    *sockets = service.sockets;
    return service.count;
}

/* ---- Beginning and end ---- */

bool
service_init(void)
{
    static const char *const variables[]
        = { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
            "LISTEN_FDS",    "LISTEN_PID",    "LISTEN_FDNAMES" };
    const bool is_fine = read_sockets();
    const char *path = getenv("NOTIFY_SOCKET");

    if (path != NULL)
        connect_to(path);
    read_watchdog();
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    return is_fine;
}

void
service_fini(void)
{
    if (service.fd != 0)
        close(service.fd);
    for (size_t i = 0; i < service.count; i++)
        close(service.sockets[i].fd);
    free(service.names);
    memset(&service, 0, sizeof(service));
}

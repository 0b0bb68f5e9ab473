/* SPDX-License-Identifier: MIT */
/* listener.c - opens listening sockets, one for each worker. */

#include "proxy/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/service.h"

/* Connections that wait to be accepted. */
#define BACKLOG 1024

/* Split into two strings of one block; false without a port. */
static bool
split(char *text, char **host, char **port)
{
    char *colon = strrchr(text, ':');

    if (colon == NULL || colon[1] == '\0')
        return false;
    *colon = '\0';
    *port = colon + 1;
    *host = text;
    if (text[0] == '[' && colon > text && colon[-1] == ']') {
        colon[-1] = '\0';
        *host = text + 1;
    }
    return true;
}

static int
open_socket(const struct addrinfo *info)
{
    const int one = 1;
    const int fd = socket(info->ai_family,
                          SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0
        || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) != 0
        || bind(fd, info->ai_addr, info->ai_addrlen) != 0
        || listen(fd, BACKLOG) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int
listener_open(const char *address)
{
    const struct addrinfo hints = {
        .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    char *text = fatal_strdup(address);
    struct addrinfo *info = NULL;
    char *host, *port;
    int fd = -1;

    if (!split(text, &host, &port)
        || getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &info)
               != 0) {
        log_error("%s is no address:port", address);
    } else {
        fd = open_socket(info);
        if (fd < 0)
            log_error("%s: %s", address, strerror(errno));
    }
    if (info != NULL)
        freeaddrinfo(info);
    free(text);
    return fd;
}

char *
listener_address(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);
    char host[64], port[8];

    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0
        || getnameinfo((struct sockaddr *)&address, length, host,
                       sizeof(host), port, sizeof(port),
                       NI_NUMERICHOST | NI_NUMERICSERV)
               != 0)
        return fatal_strdup("");
    return fatal_format(strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host,
                        port);
}

/* ---- Sockets of the service manager ---- */

static bool
is_meant(const struct conf_listener *listener,
         const struct service_socket *given, const char *address)
{
    if (listener->address == NULL)
        return false;                   /* it has its socket */
    return (listener->name != NULL && strcmp(listener->name, given->name) == 0)
           || strcmp(listener->address, address) == 0;
}

/* Move the listener that is meant to `to`. */
static void
adopt(const struct conf_items *listeners, const struct service_socket *given,
      struct conf_listener *to)
{
    static const struct conf_place place = { "socket", 0, 0 };
    struct conf_listener *from = listeners->at;
    char *address = listener_address(given->fd);

    *to = (struct conf_listener){ .place = place };
    for (size_t i = 0; i < listeners->count; i++) {
        if (!is_meant(&from[i], given, address))
            continue;
        *to = from[i];
        free(to->address);
        from[i] = (struct conf_listener){ .place = place };
        break;
    }
    to->address = address;
}

void
listener_adopt(struct conf *conf)
{
    struct conf_listener *old = conf->listeners.at;
    const struct service_socket *given;
    const size_t count = service_sockets(&given);
    struct conf_listener *fresh;

    if (count == 0)
        return;
    fresh = fatal_alloc(count * sizeof(*fresh));
    for (size_t i = 0; i < count; i++)
        adopt(&conf->listeners, &given[i], &fresh[i]);
    for (size_t i = 0; i < conf->listeners.count; i++) {
        if (old[i].address != NULL && strcmp(old[i].place.file, "default"))
            log_note("%s is not listened on: the service manager has handed "
                     "over other sockets", old[i].address);
        free(old[i].address);
        free(old[i].name);
        netset_fini(&old[i].proxy_from);
    }
    free(old);
    conf->listeners = (struct conf_items){ fresh, count };
}

bool
listener_is_adopted(void)
{
    const struct service_socket *given;

    return service_sockets(&given) > 0;
}

int
listener_share(size_t index)
{
    const struct service_socket *given;
    int fd;

    (void)service_sockets(&given);
    fd = fcntl(given[index].fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        log_error("a socket cannot be shared: %s", strerror(errno));
    return fd;
}

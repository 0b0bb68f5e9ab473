/* SPDX-License-Identifier: MIT */
/* listener.c - opens listening sockets, one for each worker. */

#include "proxy/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"

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

/* SPDX-License-Identifier: MIT */
/* api_socket.c - the exported functions of sockets: argument checks, nothing
 * else. */

#include <davy/davy.h>

#include "scan/socket.h"

static int
are_options(const davy_socket_options *options)
{
    return options != NULL && options->struct_size == sizeof(*options)
           && (unsigned)options->kind <= DAVY_SOCKET_STREAM
           && (options->limits == NULL
               || options->limits->struct_size == sizeof(*options->limits))
           && (options->allocator == NULL
               || options->allocator->struct_size == sizeof(davy_allocator));
}

davy_status
davy_socket_new(davy_ruleset *ruleset, const davy_socket_options *options,
                davy_socket **socket)
{
    if (ruleset == NULL || socket == NULL || !are_options(options))
        return DAVY_MISUSE;
    return dv_socket_new(ruleset, options, socket);
}

void
davy_socket_free(davy_socket *socket)
{
    dv_socket_free(socket);
}

davy_status
davy_socket_feed(davy_socket *socket, davy_direction from, const void *bytes,
                 size_t length, davy_verdict *verdict)
{
    davy_status st;

    if (socket == NULL || (unsigned)from > DAVY_FROM_SERVER
        || (bytes == NULL && length != 0))
        return DAVY_MISUSE;
    st = dv_socket_feed(socket, from, dv_span_of(bytes, length));
    if (verdict != NULL)
        *verdict = socket->report.verdict;
    return st;
}

const davy_report *
davy_socket_report(const davy_socket *socket)
{
    return socket == NULL ? NULL : &socket->report;
}

const char *
davy_socket_error(const davy_socket *socket)
{
    return socket == NULL ? "" : socket->error;
}

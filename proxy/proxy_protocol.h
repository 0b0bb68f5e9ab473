/* SPDX-License-Identifier: MIT */
/* proxy_protocol.h - who a load balancer speaks for ("The PROXY protocol",
 * versions 1 and 2, 2020/03/05). */

#ifndef PROXY_PROTOCOL_H
#define PROXY_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Bytes of a header: version 1 ends before 107 (2.1); of version 2 we take what
 * addresses of Unix sockets and some kilobytes of TLVs need. */
#define PROXY_PROTOCOL_MAX ((size_t)4096)

enum proxy_protocol_state {
    PROXY_PROTOCOL_MORE,                /* fine so far, call with more */
    PROXY_PROTOCOL_DONE,
    PROXY_PROTOCOL_BAD
};

struct proxy_protocol {
    bool is_local;                      /* the balancer speaks for itself, or
                                         * does not know for whom */
    struct sockaddr_storage source;     /* AF_INET or AF_INET6 */
};

/* Read the first `length` bytes of a connection; each call starts anew.  `out`
 * and *used, the header's bytes, are set with DONE only. */
enum proxy_protocol_state proxy_protocol_read(const void *bytes,
                                              size_t length,
                                              struct proxy_protocol *out,
                                              size_t *used);

#endif

/* SPDX-License-Identifier: MIT */
/* client_hello.h - what the first bytes of a TLS connection ask for. */

#ifndef CLIENT_HELLO_H
#define CLIENT_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/leaf_name.h"

/* A ClientHello that needs more bytes on the wire is not read: browsers send
 * less than 4 KiB, also with post-quantum keys. */
#define CLIENT_HELLO_MAX ((size_t)32 << 10)

struct client_hello {
    char name[LEAF_NAME_SIZE];          /* server name (RFC 6066, 3), lower
                                         * case; "" for none */
    bool has_alpn;                      /* names protocols (RFC 7301) at all */
    bool offers_http1;                  /* http/1.1 or http/1.0 */
    bool offers_h2;
};

enum client_hello_result {
    CLIENT_HELLO_OK,
    CLIENT_HELLO_MORE,                  /* fine so far, call with more */
    CLIENT_HELLO_NOT_TLS,               /* no handshake record, RFC 8446 5.1 */
    CLIENT_HELLO_BAD                    /* TLS, but malformed or too long */
};

/* Read the first `length` bytes of a connection; nothing is consumed, and
 * each call starts anew.  `out` changes with CLIENT_HELLO_OK only.  The name
 * consists of letters, digits, hyphens, underscores and dots: more than
 * leaf_name_read takes. */
enum client_hello_result client_hello_read(struct client_hello *out,
                                           const void *bytes, size_t length);

#endif

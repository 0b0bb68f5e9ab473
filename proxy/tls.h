/* SPDX-License-Identifier: MIT */
/* tls.h - the server's side of TLS over a socket, without ever waiting. */

#ifndef TLS_H
#define TLS_H

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stddef.h>

#include "proxy/cert_leaf.h"
#include "proxy/client_hello.h"

struct tls_server;
struct tls;

/* What all connections share: settings, the key of all leaves (which must live
 * longer), the key of session tickets.  Any thread may use it.  NULL after a
 * message. */
struct tls_server *tls_server_new(gnutls_privkey_t leaf_key);
void tls_server_free(struct tls_server *server);

enum tls_result {
    TLS_OK,
    TLS_WANT_READ,                      /* call again when there is input */
    TLS_WANT_WRITE,                     /* call again when there is room */
    TLS_WANT_LEAF,                      /* call again after tls_use_leaf */
    TLS_CLOSED,                         /* by the client, or cut */
    TLS_ERROR                           /* tls_error has the text */
};

/* A connection over `fd`, which stays the caller's; `prefix` are bytes that
 * were read from it already (copied).  NULL when there is no memory. */
struct tls *tls_new(struct tls_server *server, int fd, const void *prefix,
                    size_t length);
void tls_free(struct tls *tls);

/* Go on with the handshake.  TLS_WANT_LEAF comes when the ClientHello was read,
 * until there is a leaf. */
enum tls_result tls_handshake(struct tls *tls);

/* What the client asks for, from TLS_WANT_LEAF on. */
const struct client_hello *tls_hello(const struct tls *tls);

/* Show this certificate; takes a reference of its own. */
void tls_use_leaf(struct tls *tls, struct cert_leaf *leaf);

/* Read up to `room` bytes; *got is set with TLS_OK only and never 0.  Read
 * until TLS_WANT_READ: what was deciphered already wakes no event loop. */
enum tls_result tls_read(struct tls *tls, void *bytes, size_t room,
                         size_t *got);

/* Write; *taken bytes need not be offered again.  With TLS_WANT_WRITE the next
 * call must begin with the very bytes behind those. */
enum tls_result tls_write(struct tls *tls, const void *bytes, size_t length,
                          size_t *taken);

/* Say that nothing more will be written. */
enum tls_result tls_bye(struct tls *tls);

/* What went wrong, for a log. */
const char *tls_error(const struct tls *tls);

/* Whether the client does not trust our leaf, once a call gave TLS_ERROR or
 * TLS_CLOSED; from the weakest sign to the strongest.  Never after a handshake
 * that resumed an earlier one. */
enum tls_refusal {
    TLS_NOT_REFUSED,
    TLS_REFUSED_UNUSED,                 /* it closed behind the handshake and
                                         * never sent a byte: curl with a pin
                                         * does, and browsers that connected in
                                         * advance */
    TLS_REFUSED_BY_CLOSE,               /* between our leaf and the end of the
                                         * handshake; a tab that was closed
                                         * looks the same */
    TLS_REFUSED_BY_ALERT                /* it said so */
};

enum tls_refusal tls_client_refused(const struct tls *tls);

#endif

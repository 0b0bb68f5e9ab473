/* SPDX-License-Identifier: MIT */
/* intercept.h - speaks TLS with clients in the name of origins. */

#ifndef INTERCEPT_H
#define INTERCEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/cert_cache.h"
#include "proxy/learned.h"
#include "proxy/loop.h"
#include "proxy/tls.h"

/* What one worker needs for it. */
struct intercept;

/* One handshake; its owner is told how it ends. */
struct handshake;

enum handshake_end {
    HANDSHAKE_DONE,                     /* the connection is a TLS one now */
    HANDSHAKE_FAILED,
    HANDSHAKE_REFUSED,                  /* the client does not trust our leaf */
    HANDSHAKE_OTHER_NAME                /* it asked for another name than by
                                         * CONNECT */
};

typedef void handshake_fn(void *ctx, enum handshake_end end);

/* `server`, `mint` and `learned` must outlive it; `index` is the worker's
 * number. */
struct intercept *intercept_new(struct loop *loop, struct tls_server *server,
                                struct mint *mint, struct learned *learned,
                                unsigned index);
void intercept_free(struct intercept *intercept);

/* Whether TLS to this host is to be opened: there is an authority, its name can
 * stand in a certificate, and no client has refused ours for it lately. */
bool intercept_wants(const struct intercept *intercept, const char *host);

/* A client has refused our leaf for `host`: leave it alone for a time (ms). */
void intercept_learn(struct intercept *intercept, const char *host,
                     uint64_t time);

/* Begin on `watch` (whose descriptor stays the caller's), as `host`; `prefix`
 * was read already.  `fn` is called once, later.  NULL without memory. */
struct handshake *handshake_new(struct intercept *intercept,
                                struct loop_watch *watch, const char *host,
                                const void *prefix, size_t length,
                                handshake_fn *fn, void *ctx);

/* After HANDSHAKE_DONE: the connection, which is the caller's from now on. */
struct tls *handshake_take(struct handshake *handshake);

/* Also before its end. */
void handshake_free(struct handshake *handshake);

#endif

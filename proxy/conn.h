/* SPDX-License-Identifier: MIT */
/* conn.h - one client's connection: heads in, answers out. */

#ifndef CONN_H
#define CONN_H

#include <sys/socket.h>
#include <sys/types.h>

#include "proxy/bytes.h"
#include "proxy/http_body.h"
#include "proxy/loop.h"
#include "proxy/netset.h"

struct worker;
struct listener;
struct handshake;
struct tls;
struct exchange;
struct tunnel;
struct upstream;
struct ws_relay;

enum conn_state {
    CONN_PROXY,                         /* waits for a balancer's word for whom
                                         * it is */
    CONN_HEAD,                          /* waits for a request */
    CONN_HANDSHAKE,                     /* of TLS, in an origin's name */
    CONN_EXCHANGE,                      /* one is being answered */
    CONN_TUNNEL,                        /* given to a tunnel */
    CONN_CLOSING,                       /* writes what is left, then ends */
    CONN_GONE                           /* will be freed in a moment */
};

struct conn {
    struct worker *worker;
    const struct listener *listener;
    struct conn *previous, *next;       /* of the worker */
    struct loop_watch watch;
    struct loop_timer timer;
    enum conn_state state;
    struct bytes in, out;
    size_t scanned;                     /* of `in`, for the end of a head */
    struct exchange *exchange;
    struct tunnel *tunnel;
    struct ws_relay *relay;
    struct handshake *handshake;
    struct tls *tls;                    /* or NULL */
    bool tls_wants_write;               /* to go on with reading */
    bool has_unread;                    /* TLS may hold bytes that no event
                                         * will tell of */
    bool is_poked;                      /* a look at them is due */
    char *host;                         /* of CONNECT, once we serve inside */
    unsigned port;
    struct http_body_reader body;       /* of the request at hand */
    bool has_body_left;
    bool is_keep_alive;
    bool is_half_closed;                /* the client sends no more */
    bool is_draining;                   /* no further request */
    bool is_counted;                    /* among the client's connections */
    bool is_peeked;                     /* input is read, but only looked at */
    size_t moved;                       /* bytes since the timer was set */
    uint64_t sent;                      /* bytes, ever */
    unsigned last_status;               /* of the answer at hand */
    struct upstream *own_upstream;      /* connections to origins that nobody
                                         * else may use, or NULL */
    char *user;                         /* who the client is, or NULL */
    struct net_address address;         /* of the client */
    char peer[64];                      /* the same as text */
};

/* Take over `fd`. */
void conn_new(const struct listener *listener, int fd,
              const struct sockaddr *peer);

/* End it at once; what it holds is given back. */
void conn_end(struct conn *conn);

/* No request after this one; an idle connection ends. */
void conn_drain(struct conn *conn);

/* ---- For relays: as recv(2) and send(2), through TLS or not ---- */

ssize_t conn_receive(struct conn *conn, char *bytes, size_t room);
ssize_t conn_send(struct conn *conn, const char *bytes, size_t length);

/* ---- For exchanges ---- */

/* CONNECT was answered: from now on we are `host` to this client, in TLS or
 * plain.  What was read waits in conn->in. */
void conn_begin_tls(struct conn *conn, const char *host, unsigned port);
void conn_begin_plain(struct conn *conn, const char *host, unsigned port);

/* Read on into conn->in, and call exchange_input, though no body is due. */
void conn_peek(struct conn *conn, bool is_on);

/* From now on a tunnel or a relay has the connection. */
void conn_hand_over(struct conn *conn, loop_fd_fn *fn, void *ctx);

/* Queue bytes; they are sent by conn_flush. */
struct bytes *conn_out(struct conn *conn);
void conn_flush(struct conn *conn);

/* The origin is at work on what is held back: a client that waits for it is not
 * slow. */
void conn_touch(struct conn *conn);

/* "address:port" that the client reached us at; malloc'ed. */
char *conn_local_address(const struct conn *conn);

/* Bytes that the client has not taken yet. */
size_t conn_backlog(const struct conn *conn);

/* Above this the origin is told to wait, below half of it to go on. */
#define CONN_MAX_BACKLOG ((size_t)128 << 10)

/* Move bytes of the request's body to `bytes`: how many, 0 when none is there
 * now; *is_end at its end, *is_bad when it is malformed. */
size_t conn_read_body(struct conn *conn, char *bytes, size_t room,
                      bool *is_end, bool *is_bad);

/* The answer is complete: on to the next request, or the end. */
void conn_answered(struct conn *conn);

/* The answer broke off: the client must see that it did. */
void conn_abort(struct conn *conn);

#endif

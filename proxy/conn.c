/* SPDX-License-Identifier: MIT */
/* conn.c - reads heads under a deadline, writes what exchanges queue. */

#include "proxy/conn.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/client_count.h"
#include "proxy/decision.h"
#include "proxy/exchange.h"
#include "proxy/intercept.h"
#include "proxy/listener.h"
#include "proxy/proxy_protocol.h"
#include "proxy/reply.h"
#include "proxy/tunnel.h"
#include "proxy/worker.h"
#include "proxy/ws_relay.h"

/* Taken from a socket at a time. */
#define READ_SIZE ((size_t)16 << 10)

/* Of a request's body that waits for the origin. */
#define MOST_INPUT ((size_t)64 << 10)

/* How long an answer may still go to a client that has ended its side, and how
 * long we read on behind our last byte, so that it is not lost to a reset
 * (9112, 9.6). */
#define HALF_CLOSED_TIME 30000
#define LINGER_TIME      2000

static void
on_event(void *ctx, uint32_t events);
static void
on_time(void *ctx);
static void
read_heads(struct conn *c);

/* ---- What is watched ---- */

/* By this file, and not by a tunnel or a handshake. */
static bool
is_served(const struct conn *c)
{
    return c->state != CONN_GONE && c->state != CONN_TUNNEL
           && c->state != CONN_HANDSHAKE;
}

static bool
wants_input(const struct conn *c)
{
    return !c->is_half_closed
           && (c->state != CONN_EXCHANGE
               || ((c->has_body_left || c->is_peeked)
                   && bytes_length(&c->in) < MOST_INPUT));
}

static void
poke(void *ctx)
{
    struct conn *c = ctx;

    c->is_poked = false;
    if (is_served(c) && wants_input(c))
        on_event(c, EPOLLIN);
}

static void
watch(struct conn *c)
{
    uint32_t events = 0;

    if (!is_served(c))
        return;
    if (!c->is_half_closed)
        events |= EPOLLRDHUP;
    if (wants_input(c))
        events |= EPOLLIN;
    if (bytes_length(&c->out) > 0 || c->tls_wants_write)
        events |= EPOLLOUT;
    if (c->has_unread && wants_input(c) && !c->is_poked) {
        c->is_poked = true;
        loop_later(c->worker->loop, poke, c);
    }
    loop_watch(c->worker->loop, &c->watch, events | EPOLLERR);
}

static void
set_timer(struct conn *c, uint64_t delay)
{
    loop_timer_set(c->worker->loop, &c->timer, delay);
}

/* A client that sends or takes too little in its time is cut off; one that
 * waits for us is not slow. */
static void
count_progress(struct conn *c, size_t n, bool is_slow_possible)
{
    const struct conf_limits *limits = &c->worker->conf->limits;

    c->moved += n;
    if (is_slow_possible && c->moved < limits->slow_size)
        return;
    c->moved = 0;
    set_timer(c, limits->stall_time);
}

void
conn_touch(struct conn *c)
{
    if (!c->has_body_left && bytes_length(&c->out) == 0)
        count_progress(c, 0, false);
}

/* ---- Beginning and end ---- */

static void
set_client(struct conn *c, const struct sockaddr *peer)
{
    const socklen_t length = peer->sa_family == AF_INET6
                                 ? sizeof(struct sockaddr_in6)
                                 : sizeof(struct sockaddr_in);

    (void)net_address_of(&c->address, peer);
    if (getnameinfo(peer, length, c->peer, sizeof(c->peer), NULL, 0,
                    NI_NUMERICHOST) != 0)
        (void)snprintf(c->peer, sizeof(c->peer), "?");
}

/* One more of its client's connections; false when it has too many, and this
 * one is over. */
static bool
enter(struct conn *c)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\n"
                               "Content-Type: text/plain\r\n"
                               "Retry-After: 10\r\n"
                               "Connection: close\r\n\r\n"
                               "davyd: too many connections\n";
    const struct conf_limits *limits = &c->worker->conf->limits;

    c->is_counted = client_count_enter(c->worker->clients, &c->address,
                                       limits->client_connections,
                                       limits->connections)
                    == CLIENT_COUNT_IN;
    if (!c->is_counted) {
        metrics_add(&c->worker->metrics, METRIC_REFUSED_FULL, 1);
        (void)send(c->watch.fd, text, sizeof(text) - 1, MSG_NOSIGNAL);
        conn_end(c);
    }
    return c->is_counted;
}

void
conn_new(const struct listener *listener, int fd, const struct sockaddr *peer)
{
    struct worker *worker = listener->worker;
    struct conn *c = fatal_alloc(sizeof(*c));
    const int one = 1;

    c->worker = worker;
    c->listener = listener;
    c->watch = (struct loop_watch){ fd, 0, on_event, c };
    c->timer = (struct loop_timer){ .fn = on_time, .ctx = c };
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    set_client(c, peer);
    c->state = netset_has(&listener->conf->proxy_from, &c->address)
                   ? CONN_PROXY
                   : CONN_HEAD;
    c->next = worker->conns;
    if (c->next != NULL)
        c->next->previous = c;
    worker->conns = c;
    worker->conn_count++;
    metrics_add(&worker->metrics, METRIC_CONNECTIONS, 1);
    atomic_fetch_add_explicit(&worker->metrics.open, 1, memory_order_relaxed);
    set_timer(c, c->state == CONN_PROXY ? worker->conf->limits.head_time
                                        : worker->conf->limits.idle_time);
    if (c->state == CONN_PROXY || enter(c))
        watch(c);
}

static void
free_conn(void *ctx)
{
    struct conn *c = ctx;

    bytes_fini(&c->in);
    bytes_fini(&c->out);
    free(c->host);
    free(c->user);
    upstream_free(c->own_upstream);
    free(c);
}

void
conn_end(struct conn *c)
{
    if (c->state == CONN_GONE)
        return;
    c->state = CONN_GONE;
    loop_watch(c->worker->loop, &c->watch, 0);
    loop_timer_stop(c->worker->loop, &c->timer);
    if (c->exchange != NULL)
        exchange_free(c->exchange);
    if (c->tunnel != NULL)
        tunnel_free(c->tunnel);
    if (c->relay != NULL)
        ws_relay_free(c->relay);
    if (c->handshake != NULL)
        handshake_free(c->handshake);
    if (c->tls != NULL)
        tls_free(c->tls);
    if (c->is_counted)
        client_count_leave(c->worker->clients, &c->address);
    close(c->watch.fd);
    worker_forget(c->worker, c);
    loop_later(c->worker->loop, free_conn, c);
}

void
conn_abort(struct conn *c)
{
    const struct linger reset = { 1, 0 };

    if (c->state == CONN_GONE)
        return;
    (void)setsockopt(c->watch.fd, SOL_SOCKET, SO_LINGER, &reset,
                     sizeof(reset));
    conn_end(c);
}

void
conn_drain(struct conn *c)
{
    c->is_draining = true;
    if (c->state == CONN_HEAD && bytes_length(&c->in) == 0)
        conn_end(c);
}

/* Send what is queued, then read until the client ends, too. */
static void
begin_closing(struct conn *c)
{
    c->state = CONN_CLOSING;
    set_timer(c, LINGER_TIME);
    conn_flush(c);
}

static void
on_time(void *ctx)
{
    struct conn *c = ctx;

    if (c->state == CONN_HEAD && bytes_length(&c->in) > 0) {
        reply_error(c, 408, "the request did not arrive in time");
        begin_closing(c);
        return;
    }
    if (c->state == CONN_EXCHANGE && c->exchange != NULL) {
        exchange_stalled(c->exchange);
        return;
    }
    conn_end(c);
}

/* ---- Writing ---- */

struct bytes *
conn_out(struct conn *c)
{
    return &c->out;
}

size_t
conn_backlog(const struct conn *c)
{
    return bytes_length(&c->out);
}

char *
conn_local_address(const struct conn *c)
{
    return listener_address(c->watch.fd);
}

static void
after_flush(struct conn *c)
{
    if (c->state == CONN_CLOSING && bytes_length(&c->out) == 0) {
        if (c->is_half_closed) {
            conn_end(c);
            return;
        }
        if (c->tls != NULL)
            (void)tls_bye(c->tls);
        (void)shutdown(c->watch.fd, SHUT_WR);
    }
    if (c->state == CONN_EXCHANGE && c->exchange != NULL
        && bytes_length(&c->out) < CONN_MAX_BACKLOG / 2)
        exchange_drained(c->exchange);
}

ssize_t
conn_send(struct conn *c, const char *bytes, size_t length)
{
    size_t taken = 0;

    if (c->tls == NULL)
        return send(c->watch.fd, bytes, length, MSG_NOSIGNAL);
    switch (tls_write(c->tls, bytes, length, &taken)) {
    case TLS_OK:
        return (ssize_t)taken;
    case TLS_WANT_READ:
    case TLS_WANT_WRITE:
        errno = EAGAIN;
        return taken > 0 ? (ssize_t)taken : -1;
    default:
        errno = ECONNRESET;
        return -1;
    }
}

ssize_t
conn_receive(struct conn *c, char *bytes, size_t room)
{
    size_t got = 0;

    if (c->tls == NULL)
        return recv(c->watch.fd, bytes, room, 0);
    c->tls_wants_write = false;
    c->has_unread = false;
    switch (tls_read(c->tls, bytes, room, &got)) {
    case TLS_OK:
        c->has_unread = true;
        return (ssize_t)got;
    case TLS_WANT_WRITE:
        c->tls_wants_write = true;
        errno = EAGAIN;
        return -1;
    case TLS_WANT_READ:
        errno = EAGAIN;
        return -1;
    case TLS_CLOSED:
        return 0;
    default:
        errno = ECONNRESET;
        return -1;
    }
}

void
conn_flush(struct conn *c)
{
    while (c->state != CONN_GONE && bytes_length(&c->out) > 0) {
        const ssize_t n = conn_send(c, bytes_front(&c->out),
                                    bytes_length(&c->out));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            conn_end(c);
            return;
        }
        if (n < 0)
            break;
        bytes_skip(&c->out, (size_t)n);
        c->sent += (uint64_t)n;
        metrics_add(&c->worker->metrics, METRIC_SENT_BYTES, (uint64_t)n);
        if (c->state == CONN_EXCHANGE && !c->is_peeked)
            count_progress(c, (size_t)n, bytes_length(&c->out) > 0);
    }
    if (c->state == CONN_GONE)
        return;
    after_flush(c);
    watch(c);
}

/* ---- Requests ---- */

static void
refuse(struct conn *c, unsigned status, const char *fault)
{
    c->is_keep_alive = false;
    metrics_add(&c->worker->metrics, METRIC_REFUSED_MALFORMED, 1);
    reply_error(c, status, fault);
    begin_closing(c);
}

/* What came of the body with the head: it must not begin malformed, or the
 * origin would be asked for nothing. */
static bool
has_bad_body(const struct conn *c, const struct http_head *head)
{
    struct http_body_reader trial = c->body;
    const char *bytes = bytes_front(&c->in) + head->length;
    size_t left = bytes_length(&c->in) - head->length;
    enum http_body_state state;

    do {
        struct http_text data = { NULL, 0 };
        size_t used;

        state = http_body_read(&trial, bytes, left, &used, &data);
        bytes += used;
        left -= used;
    } while (state == HTTP_BODY_DATA && left > 0);
    return state == HTTP_BODY_BAD;
}

/* Inside of CONNECT the host is the one of CONNECT, and nobody else's (9110,
 * 7.4). */
static unsigned
check_inside(const struct conn *c, struct http_request *request)
{
    const bool is_tls = c->tls != NULL;
    const bool is_same = strcmp(request->host, c->host) == 0
                         && (request->port == c->port
                             || (request->form == HTTP_FORM_ORIGIN && is_tls
                                 && request->port == 80 && c->port == 443));

    if (request->form == HTTP_FORM_AUTHORITY || !is_same
        || (request->form == HTTP_FORM_ABSOLUTE
            && request->is_tls != is_tls)) {
        request->fault = "the request is for another host than the "
                         "connection";
        return 421;
    }
    request->form = HTTP_FORM_ABSOLUTE;
    request->is_tls = is_tls;
    request->port = c->port;
    return 0;
}

static void
begin_exchange(struct conn *c, const struct http_head *head)
{
    struct http_request request;
    unsigned status = http_audit(head, &request);

    if (status == 0 && c->host != NULL)
        status = check_inside(c, &request);
    if (status != 0) {
        refuse(c, status, request.fault);
        return;
    }
    c->is_keep_alive = request.keeps_alive && !c->is_draining;
    c->has_body_left = request.body != HTTP_BODY_NONE;
    http_body_begin(&c->body, request.body, request.length);
    if (has_bad_body(c, head)) {
        refuse(c, 400, "the chunks of the body are malformed");
        return;
    }
    c->state = CONN_EXCHANGE;
    count_progress(c, 0, false);
    metrics_add(&c->worker->metrics, METRIC_REQUESTS, 1);
    exchange_new(c, head, &request);
}

/* One request from what was read; false when it is not whole. */
static bool
read_head(struct conn *c)
{
    struct worker *w = c->worker;
    const size_t max = w->conf->limits.head_size;
    const size_t length = http_head_end(bytes_front(&c->in),
                                        bytes_length(&c->in), &c->scanned);
    unsigned status;

    if (length > max || (length == 0 && bytes_length(&c->in) > max)) {
        refuse(c, 431, "the head is too long");
        return false;
    }
    if (length == 0)
        return false;
    c->scanned = 0;
    status = http_head_read(&w->head, bytes_front(&c->in), length);
    if (status != 0)
        refuse(c, status, w->head.fault);
    else
        begin_exchange(c, &w->head);
    if (c->state == CONN_GONE)
        return false;
    bytes_skip(&c->in, length);
    return true;
}

static void
read_heads(struct conn *c)
{
    if (c->state == CONN_HEAD && bytes_length(&c->in) > 0)
        (void)read_head(c);
}

static void
next_request(void *ctx)
{
    struct conn *c = ctx;

    if (c->state != CONN_EXCHANGE || c->exchange != NULL)
        return;
    if (!c->is_keep_alive || c->has_body_left || c->is_half_closed
        || c->is_draining) {
        begin_closing(c);
        return;
    }
    c->state = CONN_HEAD;
    set_timer(c, bytes_length(&c->in) > 0
                     ? c->worker->conf->limits.head_time
                     : c->worker->conf->limits.idle_time);
    read_heads(c);
    if (c->state != CONN_GONE)
        watch(c);
}

void
conn_answered(struct conn *c)
{
    if (c->state == CONN_GONE)
        return;
    c->exchange = NULL;
    conn_flush(c);
    loop_later(c->worker->loop, next_request, c);
}

size_t
conn_read_body(struct conn *c, char *bytes, size_t room, bool *is_end,
               bool *is_bad)
{
    size_t taken = 0;

    *is_end = *is_bad = false;
    while (c->has_body_left && taken < room) {
        const size_t there = bytes_length(&c->in);
        struct http_text data = { NULL, 0 };
        size_t used;
        const enum http_body_state state = http_body_read(
            &c->body, bytes_front(&c->in),
            there < room - taken ? there : room - taken, &used, &data);

        if (data.length > 0)
            memcpy(bytes + taken, data.at, data.length);
        taken += data.length;
        bytes_skip(&c->in, used);
        if (state == HTTP_BODY_END)
            c->has_body_left = false;
        if (state == HTTP_BODY_BAD)
            *is_bad = true;
        if (state == HTTP_BODY_MORE || state == HTTP_BODY_BAD)
            break;
    }
    *is_end = !c->has_body_left;
    if (c->state != CONN_GONE)
        watch(c);
    return taken;
}

/* ---- TLS ---- */

static void
log_handshake(const struct conn *c, const char *action, const char *reason)
{
    char *address = fatal_format("https://%s/", c->host);
    struct decision decision = {
        .action = action,
        .reason = reason,
        .client = c->peer,
        .method = "CONNECT",
        .address = address,
        .kind = "",
    };

    decision_ticket(decision.ticket);
    decision_write(&decision);
    free(address);
}

static void
on_handshake(void *ctx, enum handshake_end end)
{
    struct conn *c = ctx;

    switch (end) {
    case HANDSHAKE_DONE:
        c->tls = handshake_take(c->handshake);
        handshake_free(c->handshake);
        c->handshake = NULL;
        c->watch.fn = on_event;
        c->watch.ctx = c;
        c->state = CONN_HEAD;
        c->has_unread = true;
        set_timer(c, c->worker->conf->limits.head_time);
        watch(c);
        return;
    case HANDSHAKE_REFUSED:
        intercept_learn(c->worker->intercept, c->host,
                        c->worker->conf->https.learn_time);
        log_handshake(c, "learned", "the client does not trust our "
                                    "certificate for this host, which is "
                                    "passed through unseen for a while");
        break;
    case HANDSHAKE_OTHER_NAME:
        log_handshake(c, "cut", "TLS asks for another name than CONNECT");
        break;
    case HANDSHAKE_FAILED:
        break;
    }
    conn_end(c);
}

static void
start_handshake(void *ctx)
{
    struct conn *c = ctx;

    if (c->state != CONN_HANDSHAKE)
        return;
    if (bytes_length(&c->out) == 0)
        c->handshake = handshake_new(c->worker->intercept, &c->watch, c->host,
                                     bytes_front(&c->in),
                                     bytes_length(&c->in), on_handshake, c);
    bytes_clear(&c->in);
    if (c->handshake == NULL)
        conn_end(c);
}

/* The head of CONNECT is still being read: the rest comes later. */
void
conn_begin_tls(struct conn *c, const char *host, unsigned port)
{
    conn_flush(c);
    if (c->state == CONN_GONE)
        return;
    c->host = fatal_strdup(host);
    c->port = port;
    c->state = CONN_HANDSHAKE;
    loop_watch(c->worker->loop, &c->watch, 0);
    set_timer(c, c->worker->conf->limits.head_time);
    loop_later(c->worker->loop, start_handshake, c);
}

void
conn_begin_plain(struct conn *c, const char *host, unsigned port)
{
    c->host = fatal_strdup(host);
    c->port = port;
    c->is_keep_alive = true;
    c->has_body_left = false;
    conn_answered(c);
}

void
conn_peek(struct conn *c, bool is_on)
{
    c->is_peeked = is_on;
    set_timer(c, is_on ? c->worker->conf->limits.head_time
                       : c->worker->conf->limits.stall_time);
    watch(c);
}

void
conn_hand_over(struct conn *c, loop_fd_fn *fn, void *ctx)
{
    c->state = CONN_TUNNEL;
    c->exchange = NULL;
    loop_timer_stop(c->worker->loop, &c->timer);
    c->watch.fn = fn;
    c->watch.ctx = ctx;
}

/* ---- Load balancers ---- */

static void
read_proxy(struct conn *c)
{
    struct proxy_protocol from;
    size_t used;

    switch (proxy_protocol_read(bytes_front(&c->in), bytes_length(&c->in),
                                &from, &used)) {
    case PROXY_PROTOCOL_MORE:
        return;
    case PROXY_PROTOCOL_BAD:
        metrics_add(&c->worker->metrics, METRIC_REFUSED_MALFORMED, 1);
        log_error("%s sent no PROXY header, which its network has to",
                  c->peer);
        conn_end(c);
        return;
    case PROXY_PROTOCOL_DONE:
        break;
    }
    bytes_skip(&c->in, used);
    if (!from.is_local)
        set_client(c, (const struct sockaddr *)&from.source);
    c->state = CONN_HEAD;
    set_timer(c, bytes_length(&c->in) > 0
                     ? c->worker->conf->limits.head_time
                     : c->worker->conf->limits.idle_time);
    if (enter(c))
        read_heads(c);
}

/* ---- Events ---- */

static void
on_end_of_input(struct conn *c)
{
    c->is_half_closed = true;
    if (c->state == CONN_PROXY || c->state == CONN_HEAD
        || c->state == CONN_CLOSING
        || c->has_body_left) {
        conn_end(c);
        return;
    }
    set_timer(c, HALF_CLOSED_TIME);
}

static void
on_bytes(struct conn *c, size_t n, bool is_first)
{
    switch (c->state) {
    case CONN_PROXY:
        read_proxy(c);
        break;
    case CONN_HEAD:
        if (is_first)
            set_timer(c, c->worker->conf->limits.head_time);
        read_heads(c);
        break;
    case CONN_EXCHANGE:
        if (!c->is_peeked)
            count_progress(c, n, c->has_body_left);
        if (c->exchange != NULL)
            exchange_input(c->exchange);
        break;
    case CONN_CLOSING:
        bytes_clear(&c->in);
        break;
    case CONN_HANDSHAKE:
    case CONN_TUNNEL:
    case CONN_GONE:
        break;
    }
}

static void
on_readable(struct conn *c)
{
    const bool is_first = bytes_length(&c->in) == 0;
    const ssize_t n = conn_receive(c, bytes_room(&c->in, READ_SIZE),
                                   READ_SIZE);

    if (n < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            conn_end(c);
        return;
    }
    if (n == 0) {
        on_end_of_input(c);
        return;
    }
    bytes_wrote(&c->in, (size_t)n);
    on_bytes(c, (size_t)n, is_first);
}

static void
on_event(void *ctx, uint32_t events)
{
    struct conn *c = ctx;

    if (events & (EPOLLERR | EPOLLHUP)) {
        conn_end(c);
        return;
    }
    if ((events & EPOLLIN)
        || ((events & EPOLLRDHUP) && c->state != CONN_EXCHANGE))
        on_readable(c);
    else if (events & EPOLLRDHUP)
        on_end_of_input(c);
    if (is_served(c))
        conn_flush(c);
}

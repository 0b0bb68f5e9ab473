/* SPDX-License-Identifier: MIT */
/* tunnel.c - moves bytes by splice(2) once nobody needs to look at them. */

#include "proxy/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fatal.h"
#include "proxy/worker.h"

/* Taken at a time. */
#define PIECE ((size_t)64 << 10)

/* First byte of a TLS record that holds a handshake (RFC 8446, 5.1). */
#define TLS_HANDSHAKE 0x16

/* A tunnel in which nothing moves ends. */
#define IDLE_TIME (10u * 60 * 1000)

/* One direction. */
struct flow {
    struct bytes ahead;                 /* goes before what is read */
    int pipe[2];
    size_t piped;                       /* bytes in the pipe */
    bool has_ended;                     /* the reader saw the end */
    bool is_shut;                       /* the writer was told */
};

struct tunnel {
    struct conn *conn;
    struct loop_watch origin;
    struct loop_timer timer;
    struct flow up, down;
    struct tunnel_options options;
    bool is_first_seen;
};

static void
on_client(void *ctx, uint32_t events);
static void
on_origin(void *ctx, uint32_t events);
static void
on_time(void *ctx);

static struct loop *
loop_of(const struct tunnel *t)
{
    return t->conn->worker->loop;
}

static void
open_pipe(struct flow *flow)
{
    if (pipe2(flow->pipe, O_NONBLOCK | O_CLOEXEC) != 0)
        flow->pipe[0] = flow->pipe[1] = -1;
}

static void
close_flow(struct flow *flow)
{
    if (flow->pipe[0] >= 0) {
        close(flow->pipe[0]);
        close(flow->pipe[1]);
    }
    bytes_fini(&flow->ahead);
}

void
tunnel_free(struct tunnel *t)
{
    loop_watch(loop_of(t), &t->origin, 0);
    loop_timer_stop(loop_of(t), &t->timer);
    if (t->origin.fd >= 0)
        close(t->origin.fd);
    close_flow(&t->up);
    close_flow(&t->down);
    if (t->options.free != NULL)
        t->options.free(t->options.ctx);
    free(t);
}

/* ---- Moving ---- */

static bool
would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Write what goes ahead; false when the connection is broken. */
static bool
write_ahead(struct flow *flow, int to)
{
    while (bytes_length(&flow->ahead) > 0) {
        const ssize_t n = send(to, bytes_front(&flow->ahead),
                               bytes_length(&flow->ahead), MSG_NOSIGNAL);

        if (n < 0)
            return would_wait();
        bytes_skip(&flow->ahead, (size_t)n);
    }
    return true;
}

static bool
fill_pipe(struct flow *flow, int from)
{
    const ssize_t n = splice(from, NULL, flow->pipe[1], NULL, PIECE,
                             SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

    if (n < 0)
        return would_wait();
    if (n == 0)
        flow->has_ended = true;
    flow->piped += (size_t)n;
    return true;
}

static bool
empty_pipe(struct flow *flow, int to)
{
    while (flow->piped > 0) {
        const ssize_t n = splice(flow->pipe[0], NULL, to, NULL, flow->piped,
                                 SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

        if (n <= 0)
            return n < 0 && would_wait();
        flow->piped -= (size_t)n;
    }
    return true;
}

/* Move what can be moved; false when either side is broken. */
static bool
move(struct flow *flow, int from, int to, bool is_readable)
{
    if (!write_ahead(flow, to))
        return false;
    if (bytes_length(&flow->ahead) > 0)
        return true;
    if (is_readable && !flow->has_ended && flow->piped == 0
        && !fill_pipe(flow, from))
        return false;
    if (!empty_pipe(flow, to))
        return false;
    if (flow->has_ended && flow->piped == 0 && !flow->is_shut) {
        flow->is_shut = true;
        (void)shutdown(to, SHUT_WR);
    }
    return true;
}

static bool
is_waiting(const struct flow *flow)
{
    return bytes_length(&flow->ahead) > 0 || flow->piped > 0;
}

static uint32_t
events_of(const struct flow *in, const struct flow *out)
{
    uint32_t events = 0;

    if (!in->has_ended && !is_waiting(in))
        events |= EPOLLIN;
    if (is_waiting(out))
        events |= EPOLLOUT;
    return events;
}

static void
watch(struct tunnel *t)
{
    loop_watch(loop_of(t), &t->conn->watch, events_of(&t->up, &t->down));
    loop_watch(loop_of(t), &t->origin, events_of(&t->down, &t->up));
}

static void
go_on(struct tunnel *t, bool is_client_readable, bool is_origin_readable)
{
    const int client = t->conn->watch.fd;

    if (!move(&t->up, client, t->origin.fd, is_client_readable)
        || !move(&t->down, t->origin.fd, client, is_origin_readable)
        || (t->up.is_shut && t->down.is_shut)) {
        conn_end(t->conn);
        return;
    }
    loop_timer_set(loop_of(t), &t->timer, IDLE_TIME);
    watch(t);
}

static void
cut(struct tunnel *t, const char *reason)
{
    t->options.cut(t->options.ctx, reason);
    conn_abort(t->conn);
}

/* The client speaks first in TLS: what it says tells what this is. */
static bool
look_at_first(struct tunnel *t)
{
    unsigned char first;
    ssize_t n;

    if (t->is_first_seen)
        return true;
    if (bytes_length(&t->up.ahead) > 0) {
        first = (unsigned char)*bytes_front(&t->up.ahead);
    } else {
        n = recv(t->conn->watch.fd, &first, 1, MSG_PEEK);
        if (n <= 0)
            return true;
    }
    t->is_first_seen = true;
    if (first == TLS_HANDSHAKE)
        return true;
    cut(t, "what the client sent through CONNECT is no TLS");
    return false;
}

static void
on_client(void *ctx, uint32_t events)
{
    struct tunnel *t = ctx;

    if ((events & EPOLLIN) && !look_at_first(t))
        return;
    go_on(t, events & (EPOLLIN | EPOLLHUP | EPOLLERR), false);
}

static void
on_origin(void *ctx, uint32_t events)
{
    go_on(ctx, false, events & (EPOLLIN | EPOLLHUP | EPOLLERR));
}

static void
on_time(void *ctx)
{
    struct tunnel *t = ctx;

    conn_end(t->conn);
}

void
tunnel_begin(struct conn *conn, const struct tunnel_options *options)
{
    struct tunnel *t = fatal_alloc(sizeof(*t));

    t->conn = conn;
    t->options = *options;
    t->origin = (struct loop_watch){ options->fd, 0, on_origin, t };
    t->timer = (struct loop_timer){ .fn = on_time, .ctx = t };
    open_pipe(&t->up);
    open_pipe(&t->down);
    bytes_append(&t->up.ahead, bytes_front(&conn->in),
                 bytes_length(&conn->in));
    bytes_append(&t->down.ahead, bytes_front(&conn->out),
                 bytes_length(&conn->out));
    bytes_clear(&conn->in);
    bytes_clear(&conn->out);
    conn->state = CONN_TUNNEL;
    conn->tunnel = t;
    loop_timer_stop(loop_of(t), &conn->timer);
    conn->watch.fn = on_client;
    conn->watch.ctx = t;
    if (options->fd < 0 || t->up.pipe[0] < 0 || t->down.pipe[0] < 0) {
        conn_end(conn);
        return;
    }
    if (look_at_first(t))
        go_on(t, false, false);
}

/* SPDX-License-Identifier: MIT */
/* tunnel.c - moves bytes by splice(2) where nobody needs to look at them, and
 * through libdavy's ears where somebody does. */

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

/* One direction. */
struct flow {
    davy_direction from;
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
    davy_socket *socket;                /* NULL: nobody listens */
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
    davy_socket_free(t->socket);
    davy_ruleset_unref(t->options.ruleset);
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

/* Hear what is said before it goes on; false when it may not. */
static bool
listen_to(struct tunnel *t, const struct flow *flow, const char *bytes,
          size_t length)
{
    davy_verdict verdict = DAVY_VERDICT_CLEAN;

    if (t->socket == NULL)
        return true;
    (void)davy_socket_feed(t->socket, flow->from, bytes, length, &verdict);
    if (verdict != DAVY_VERDICT_MINER)
        return true;
    if (t->options.found(t->options.ctx, davy_socket_report(t->socket)))
        return false;
    davy_socket_free(t->socket);        /* enough was heard */
    t->socket = NULL;
    return true;
}

static bool
read_ahead(struct tunnel *t, struct flow *flow, int from)
{
    char piece[PIECE / 4];
    const ssize_t n = recv(from, piece, sizeof(piece), 0);

    if (n < 0)
        return would_wait();
    if (n == 0)
        flow->has_ended = true;
    else if (!listen_to(t, flow, piece, (size_t)n))
        return false;
    bytes_append(&flow->ahead, piece, (size_t)n);
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

static bool
take(struct tunnel *t, struct flow *flow, int from)
{
    return t->socket == NULL ? fill_pipe(flow, from)
                             : read_ahead(t, flow, from);
}

static bool
is_waiting(const struct flow *flow)
{
    return bytes_length(&flow->ahead) > 0 || flow->piped > 0;
}

/* Move what can be moved; false when either side is broken. */
static bool
move(struct tunnel *t, struct flow *flow, int from, int to, bool is_readable)
{
    if (!write_ahead(flow, to))
        return false;
    if (bytes_length(&flow->ahead) > 0)
        return true;
    if (is_readable && !flow->has_ended && flow->piped == 0
        && !take(t, flow, from))
        return false;
    if (!write_ahead(flow, to) || !empty_pipe(flow, to))
        return false;
    if (flow->has_ended && !is_waiting(flow) && !flow->is_shut) {
        flow->is_shut = true;
        (void)shutdown(to, SHUT_WR);
    }
    return true;
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

    if (!move(t, &t->up, client, t->origin.fd, is_client_readable)
        || !move(t, &t->down, t->origin.fd, client, is_origin_readable)
        || (t->up.is_shut && t->down.is_shut)) {
        conn_end(t->conn);
        return;
    }
    loop_timer_set(loop_of(t), &t->timer, t->options.idle_time);
    watch(t);
}

static void
on_client(void *ctx, uint32_t events)
{
    go_on(ctx, events & (EPOLLIN | EPOLLHUP | EPOLLERR), false);
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

static void
begin_listening(struct tunnel *t)
{
    const davy_socket_options options = { .struct_size = sizeof(options),
                                          .kind = DAVY_SOCKET_STREAM,
                                          .address = t->options.address };

    if (t->options.ruleset != NULL
        && davy_socket_new(t->options.ruleset, &options, &t->socket)
               != DAVY_OK)
        fatal("no memory to listen to a tunnel");
}

void
tunnel_begin(struct conn *conn, const struct tunnel_options *options)
{
    struct tunnel *t = fatal_alloc(sizeof(*t));

    t->conn = conn;
    t->options = *options;
    t->origin = (struct loop_watch){ options->fd, 0, on_origin, t };
    t->timer = (struct loop_timer){ .fn = on_time, .ctx = t };
    t->up.from = DAVY_FROM_CLIENT;
    t->down.from = DAVY_FROM_SERVER;
    open_pipe(&t->up);
    open_pipe(&t->down);
    begin_listening(t);
    bytes_append(&t->up.ahead, bytes_front(&conn->in),
                 bytes_length(&conn->in));
    bytes_append(&t->down.ahead, bytes_front(&conn->out),
                 bytes_length(&conn->out));
    bytes_clear(&conn->in);
    bytes_clear(&conn->out);
    conn->tunnel = t;
    conn_hand_over(conn, on_client, t);
    if (options->fd < 0 || t->up.pipe[0] < 0 || t->down.pipe[0] < 0
        || !listen_to(t, &t->up, bytes_front(&t->up.ahead),
                      bytes_length(&t->up.ahead)))
        conn_abort(conn);
    else
        go_on(t, false, true);
}

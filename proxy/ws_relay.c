/* SPDX-License-Identifier: MIT */
/* ws_relay.c - moves bytes both ways through libdavy's ears (RFC 6455). */

#include "proxy/ws_relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fatal.h"
#include "proxy/worker.h"

/* Taken at a time; waiting in one direction; of the origin's head. */
#define PIECE       ((size_t)16 << 10)
#define MAX_BACKLOG ((size_t)64 << 10)
#define MAX_HEAD    ((size_t)64 << 10)

/* Nothing moves; or the close frames are not taken. */
#define IDLE_TIME  (30u * 60 * 1000)
#define CLOSE_TIME 2000u

struct ws_relay {
    struct conn *conn;
    struct ws_relay_options options;
    struct loop_watch origin;
    struct loop_timer timer;
    struct bytes to_client, to_origin;
    struct bytes head;                  /* of the origin's answer */
    size_t scanned;
    davy_socket *socket;                /* NULL: no WebSocket (yet) */
    bool is_answered;
    bool has_client_ended, has_origin_ended;
    bool is_closing;
};

static void
on_client(void *ctx, uint32_t events);
static void
on_origin(void *ctx, uint32_t events);
static void
on_time(void *ctx);

static struct loop *
loop_of(const struct ws_relay *r)
{
    return r->conn->worker->loop;
}

void
ws_relay_free(struct ws_relay *r)
{
    loop_watch(loop_of(r), &r->origin, 0);
    loop_timer_stop(loop_of(r), &r->timer);
    if (r->origin.fd >= 0)
        close(r->origin.fd);
    upstream_cancel(r->options.origin);
    davy_socket_free(r->socket);
    davy_ruleset_unref(r->options.ruleset);
    bytes_fini(&r->to_client);
    bytes_fini(&r->to_origin);
    bytes_fini(&r->head);
    r->options.free(r->options.ctx);
    free(r);
}

/* ---- What is said ---- */

/* A close frame of a server, and of a client with a mask of zeros (RFC 6455,
 * 5.5.1). */
static void
begin_closing(struct ws_relay *r, unsigned code)
{
    const unsigned char high = (unsigned char)(code >> 8);
    const unsigned char low = (unsigned char)(code & 0xff);
    const unsigned char server[] = { 0x88, 2, high, low };
    const unsigned char client[] = { 0x88, 0x82, 0, 0, 0, 0, high, low };

    r->is_closing = true;
    bytes_append(&r->to_client, server, sizeof(server));
    bytes_append(&r->to_origin, client, sizeof(client));
    loop_timer_set(loop_of(r), &r->timer, CLOSE_TIME);
}

/* Judge bytes before they go on; false when nothing more may. */
static bool
judge(struct ws_relay *r, davy_direction from, const char *bytes,
      size_t length)
{
    davy_verdict verdict = DAVY_VERDICT_CLEAN;
    davy_status st;

    if (r->socket == NULL)
        return true;
    st = davy_socket_feed(r->socket, from, bytes, length, &verdict);
    if (verdict == DAVY_VERDICT_MINER) {
        if (r->options.found(r->options.ctx, davy_socket_report(r->socket)))
            begin_closing(r, 1008);
        davy_socket_free(r->socket);    /* enough was heard */
        r->socket = NULL;
    } else if (st == DAVY_MALFORMED) {
        begin_closing(r, 1002);
    } else if (st == DAVY_LIMIT) {
        begin_closing(r, 1009);
    }
    return !r->is_closing;
}

static void
open_socket(struct ws_relay *r, const struct http_head *head)
{
    char *extensions = http_head_copy(head, HTTP_SEC_WEBSOCKET_EXTENSIONS);
    const davy_socket_options options = {
        .struct_size = sizeof(options),
        .kind = DAVY_SOCKET_WEBSOCKET,
        .address = r->options.address,
        .document = r->options.document,
        .extensions = extensions,
    };

    if (r->options.ruleset != NULL
        && davy_socket_new(r->options.ruleset, &options, &r->socket) != DAVY_OK)
        begin_closing(r, 1002);
    free(extensions);
}

/* The origin's answer to the handshake; what stands behind it is left in
 * r->head. */
static void
take_answer(struct ws_relay *r)
{
    const size_t length = http_head_end(bytes_front(&r->head),
                                        bytes_length(&r->head), &r->scanned);
    struct http_head *head;

    if (length == 0 && bytes_length(&r->head) > MAX_HEAD) {
        conn_end(r->conn);
        return;
    }
    if (length == 0)
        return;
    r->is_answered = true;
    bytes_append(&r->to_client, bytes_front(&r->head), length);
    head = fatal_alloc(sizeof(*head));
    if (http_head_read_reply(head, bytes_front(&r->head), length)
        && head->status == 101)
        open_socket(r, head);
    free(head);
    bytes_skip(&r->head, length);
}

static void
take_from_origin(struct ws_relay *r, const char *bytes, size_t length)
{
    if (!r->is_answered) {
        bytes_append(&r->head, bytes, length);
        take_answer(r);
        if (r->conn->state == CONN_GONE || !r->is_answered)
            return;
        bytes = bytes_front(&r->head);
        length = bytes_length(&r->head);
    }
    if (length > 0 && !r->is_closing
        && judge(r, DAVY_FROM_SERVER, bytes, length))
        bytes_append(&r->to_client, bytes, length);
    bytes_clear(&r->head);
}

/* ---- Moving ---- */

static bool
would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Read while there is something and room for it; false at a broken end. */
static bool
read_client(struct ws_relay *r)
{
    char piece[PIECE];

    while (r->is_answered && !r->is_closing && !r->has_client_ended
           && bytes_length(&r->to_origin) < MAX_BACKLOG) {
        const ssize_t n = conn_receive(r->conn, piece, sizeof(piece));

        if (n < 0)
            return would_wait();
        if (n == 0)
            r->has_client_ended = true;
        else if (judge(r, DAVY_FROM_CLIENT, piece, (size_t)n))
            bytes_append(&r->to_origin, piece, (size_t)n);
    }
    return true;
}

static bool
read_origin(struct ws_relay *r)
{
    char piece[PIECE];

    while (!r->is_closing && !r->has_origin_ended
           && bytes_length(&r->to_client) < MAX_BACKLOG) {
        const ssize_t n = upstream_receive(r->options.origin, piece,
                                           sizeof(piece));

        if (n < 0)
            return would_wait();
        if (n == 0)
            r->has_origin_ended = true;
        else
            take_from_origin(r, piece, (size_t)n);
        if (r->conn->state == CONN_GONE)
            return true;
    }
    return true;
}

static bool
write_client(struct ws_relay *r)
{
    while (bytes_length(&r->to_client) > 0) {
        const ssize_t n = conn_send(r->conn, bytes_front(&r->to_client),
                                    bytes_length(&r->to_client));

        if (n < 0)
            return would_wait();
        bytes_skip(&r->to_client, (size_t)n);
    }
    return true;
}

static bool
write_origin(struct ws_relay *r)
{
    while (bytes_length(&r->to_origin) > 0) {
        const ssize_t n = upstream_send(r->options.origin,
                                        bytes_front(&r->to_origin),
                                        bytes_length(&r->to_origin));

        if (n < 0)
            return would_wait();
        bytes_skip(&r->to_origin, (size_t)n);
    }
    return true;
}

static bool
is_over(const struct ws_relay *r)
{
    const bool is_empty = bytes_length(&r->to_client) == 0
                          && bytes_length(&r->to_origin) == 0;

    return is_empty
           && (r->is_closing || r->has_client_ended || r->has_origin_ended);
}

static void
watch(struct ws_relay *r)
{
    uint32_t client = 0, origin = 0;

    if (r->is_answered && !r->is_closing && !r->has_client_ended
        && bytes_length(&r->to_origin) < MAX_BACKLOG)
        client |= EPOLLIN;
    if (bytes_length(&r->to_client) > 0)
        client |= EPOLLOUT;
    if (!r->is_closing && !r->has_origin_ended
        && bytes_length(&r->to_client) < MAX_BACKLOG)
        origin |= EPOLLIN;
    if (bytes_length(&r->to_origin) > 0)
        origin |= EPOLLOUT;
    loop_watch(loop_of(r), &r->conn->watch, client | EPOLLRDHUP);
    loop_watch(loop_of(r), &r->origin, origin);
}

static void
go_on(struct ws_relay *r)
{
    struct conn *conn = r->conn;
    const bool is_sound = read_client(r) && read_origin(r)
                          && conn->state != CONN_GONE && write_client(r)
                          && write_origin(r);

    if (conn->state == CONN_GONE)
        return;
    if (!is_sound || is_over(r)) {
        conn_end(conn);
        return;
    }
    if (!r->is_closing)
        loop_timer_set(loop_of(r), &r->timer, IDLE_TIME);
    watch(r);
}

static void
on_client(void *ctx, uint32_t events)
{
    struct ws_relay *r = ctx;

    if ((events & (EPOLLERR | EPOLLHUP))
        || ((events & EPOLLRDHUP) && !(events & EPOLLIN)))
        conn_end(r->conn);
    else
        go_on(r);
}

static void
on_origin(void *ctx, uint32_t events)
{
    (void)events;
    go_on(ctx);
}

static void
on_time(void *ctx)
{
    struct ws_relay *r = ctx;

    conn_end(r->conn);
}

void
ws_relay_begin(struct conn *conn, const struct ws_relay_options *options)
{
    struct ws_relay *r = fatal_alloc(sizeof(*r));

    r->conn = conn;
    r->options = *options;
    r->origin = (struct loop_watch){ upstream_descriptor(options->origin), 0,
                                     on_origin, r };
    r->timer = (struct loop_timer){ .fn = on_time, .ctx = r };
    bytes_append(&r->to_origin, bytes_front(options->upgrade),
                 bytes_length(options->upgrade));
    conn->relay = r;
    conn_hand_over(conn, on_client, r);
    if (r->origin.fd < 0)
        conn_end(conn);
    else
        go_on(r);
}

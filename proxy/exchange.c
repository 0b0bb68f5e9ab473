/* SPDX-License-Identifier: MIT */
/* exchange.c - decides about a request, fetches the answer, judges it while it
 * comes, and passes on what may pass.
 *
 * The answer's way:
 *     stream   types that nobody runs: passed on as they come
 *     hold     judged types: kept until the verdict, within bytes and time
 *     trail    held too long: passed on, but the last part is kept until the
 *              verdict, and a miner's answer never ends cleanly */

#include "proxy/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "proxy/refusal.h"
#include "proxy/reply.h"
#include "proxy/reply_out.h"
#include "proxy/request_out.h"
#include "proxy/seen.h"
#include "proxy/tunnel.h"
#include "proxy/worker.h"

/* An origin's head. */
#define MAX_REPLY_HEAD ((size_t)128 << 10)

/* What is kept back of an answer that is passed on while it is judged. */
#define TAIL ((size_t)32 << 10)

enum stage { WAITING, STREAMING, HOLDING, TRAILING, IGNORING };

struct exchange {
    struct worker *worker;
    struct conn *conn;
    struct transfer *transfer;
    struct header_list *headers;
    struct refusal_request asked;       /* what refusals speak of */
    char *url;                          /* scheme, host, port */
    char *target;
    struct http_request request;
    struct bytes request_head;          /* a copy, to ask again */
    struct bytes upgrade;               /* the head of a WebSocket's request */
    struct inspect_use use;
    bool is_whole;                      /* asked without ranges */
    bool must_ask_again;
    bool has_continued;                 /* 100 was sent */
    bool is_paused_out;                 /* the origin waits for the client */
    bool is_paused_in;                  /* the origin waits for its body */
    enum stage stage;
    struct bytes raw;                   /* lines of the answer's head */
    struct http_head reply;
    enum reply_out_framing framing;
    struct bytes held;
    struct inspection *inspection;
    struct loop_timer hold_timer;
};

/* ---- Beginning and end ---- */

static void
free_parts(void *ctx)
{
    struct exchange *x = ctx;

    header_list_free(x->headers);
    refusal_request_fini(&x->asked);
    free(x->url);
    free(x->target);
    bytes_fini(&x->request_head);
    bytes_fini(&x->upgrade);
    bytes_fini(&x->raw);
    bytes_fini(&x->held);
    free(x);
}

void
exchange_free(struct exchange *x)
{
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    if (x->transfer != NULL)
        upstream_cancel(x->transfer);
    x->transfer = NULL;
    inspection_free(x->inspection);
    x->inspection = NULL;
    /* libcurl holds the header list until the transfer is gone. */
    loop_later(x->worker->loop, free_parts, x);
}

/* The answer is queued. */
static void
end(struct exchange *x)
{
    struct conn *conn = x->conn;

    exchange_free(x);
    conn_answered(conn);
}

static void
abort_answer(struct exchange *x)
{
    conn_abort(x->conn);                /* frees the exchange */
}

/* ---- Refusals ---- */

static void
refuse(struct exchange *x, const struct refusal *refusal)
{
    refusal_send(x->conn, &x->asked, refusal);
    end(x);
}

static void
refuse_fault(struct exchange *x, enum upstream_fault fault, const char *why)
{
    const struct refusal refusal = refusal_of_fault(fault, why);

    refuse(x, &refusal);
}

/* ---- The answer: passing it on ---- */

static void
send_head(struct exchange *x)
{
    const struct reply_out out = {
        .framing = x->framing,
        .length = bytes_length(&x->held),
        .via = x->worker->name,
        .closes = !x->conn->is_keep_alive,
    };

    reply_out_head(conn_out(x->conn), &x->reply, &out);
}

static void
send_body(struct exchange *x, const char *bytes, size_t length)
{
    reply_out_body(conn_out(x->conn), x->framing, bytes, length);
}

/* The origin's length is the client's when it is known, and libcurl sees to it
 * that it is true. */
static enum reply_out_framing
stream_framing(const struct exchange *x, uint64_t *length)
{
    const struct http_field *field = http_head_find(&x->reply,
                                                    HTTP_CONTENT_LENGTH);

    if (x->asked.is_head || x->reply.status == 204 || x->reply.status == 304)
        return REPLY_OUT_NONE;
    if (field != NULL && x->reply.seen[HTTP_TRANSFER_ENCODING] == 0
        && http_read_number(field->value, UINT64_MAX, length))
        return REPLY_OUT_LENGTH;
    return x->asked.minor == 1 ? REPLY_OUT_CHUNKED : REPLY_OUT_CLOSE;
}

static void
begin_stream(struct exchange *x)
{
    uint64_t length = 0;
    struct reply_out out;

    x->framing = stream_framing(x, &length);
    if (x->framing == REPLY_OUT_CLOSE)
        x->conn->is_keep_alive = false;
    out = (struct reply_out){ .framing = x->framing,
                              .length = length,
                              .via = x->worker->name,
                              .closes = !x->conn->is_keep_alive };
    reply_out_head(conn_out(x->conn), &x->reply, &out);
}

/* ---- The answer: its head ---- */

static void
on_hold_time(void *ctx);

static char *
copy_field(const struct http_head *head, enum http_field_id id)
{
    const struct http_field *field = http_head_find(head, id);

    return field == NULL ? NULL
                         : fatal_format("%.*s", (int)field->value.length,
                                        field->value.at);
}

static void
begin_hold(struct exchange *x)
{
    char *type = copy_field(&x->reply, HTTP_CONTENT_TYPE);
    char *coding = copy_field(&x->reply, HTTP_CONTENT_ENCODING);
    const struct inspect_target target = {
        .address = x->asked.address,
        .document = x->asked.document,
        .content_type = type,
        .content_encoding = coding,
        .kind = x->use.kind,
    };

    x->stage = HOLDING;
    x->inspection = inspection_new(x->worker->inspector, &target);
    loop_timer_set(x->worker->loop, &x->hold_timer,
                   x->worker->settings->hold_time);
    free(type);
    free(coding);
}

static uint64_t
key_of(const struct exchange *x, const struct http_head *head)
{
    const struct http_field *field = http_head_find(head, HTTP_ETAG);

    if (field == NULL)
        field = http_head_find(head, HTTP_LAST_MODIFIED);
    return field == NULL ? 0
                         : seen_key(x->worker->seen, x->asked.address,
                                    field->value.at, field->value.length);
}

/* An answer that is a part of something, or a word about something that we have
 * not seen: ask for the whole. */
static bool
must_ask_again(const struct exchange *x)
{
    if (x->is_whole || x->request.body != HTTP_BODY_NONE)
        return false;
    if (x->reply.status == 206)
        return true;
    return x->reply.status == 304
           && (x->use.is_code || x->use.kind != DAVY_KIND_OTHER)
           && !seen_has(x->worker->seen, key_of(x, &x->reply));
}

static bool
is_judged(const struct exchange *x)
{
    const struct http_field *type = http_head_find(&x->reply,
                                                   HTTP_CONTENT_TYPE);
    const struct http_text none = { NULL, 0 };

    return inspect_is_judged(x->use, type == NULL ? none : type->value);
}

static bool
has_body(const struct exchange *x)
{
    return !x->asked.is_head && x->reply.status != 204
           && x->reply.status != 304;
}

/* The whole head of the final answer is there; false ends the transfer. */
static bool
on_head(struct exchange *x)
{
    if (x->reply.status == 304 ? must_ask_again(x)
                               : is_judged(x) && must_ask_again(x)) {
        x->must_ask_again = true;
        return false;
    }
    if (has_body(x) && is_judged(x)) {
        begin_hold(x);
        return true;
    }
    x->stage = STREAMING;
    begin_stream(x);
    return true;
}

/* 103 and the like go on; 100 is between the origin and us (9110, 15.2). */
static bool
on_interim_head(struct exchange *x)
{
    if (x->reply.status != 100 && x->reply.status != 101
        && x->asked.minor == 1) {
        const struct reply_out out = { .framing = REPLY_OUT_NONE,
                                       .via = x->worker->name };

        reply_out_head(conn_out(x->conn), &x->reply, &out);
        conn_flush(x->conn);
    }
    bytes_clear(&x->raw);
    return x->conn->state != CONN_GONE && x->reply.status != 101;
}

/* A line goes in with CR LF behind it; a folded one joins the line before
 * (9112, 5.2). */
static void
add_line(struct bytes *raw, const char *line, size_t length)
{
    while (length > 0
           && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (length > 0 && (line[0] == ' ' || line[0] == '\t')
        && bytes_length(raw) > 2)
        raw->to -= 2;
    bytes_append(raw, line, length);
    for (char *cr = raw->at + raw->to - length;
         (cr = memchr(cr, '\r', (size_t)(raw->at + raw->to - cr))) != NULL;)
        *cr = ' ';
    bytes_append(raw, "\r\n", 2);
}

static bool
on_line(void *ctx, const char *line, size_t length)
{
    struct exchange *x = ctx;

    if (x->stage != WAITING)
        return true;                    /* trailers: dropped (9110, 6.5.1) */
    if (bytes_length(&x->raw) + length > MAX_REPLY_HEAD)
        return false;
    add_line(&x->raw, line, length);
    if (line[0] != '\r' && line[0] != '\n')
        return true;
    if (!http_head_read_reply(&x->reply, bytes_front(&x->raw),
                              bytes_length(&x->raw)))
        return false;
    return x->reply.status < 200 ? on_interim_head(x) : on_head(x);
}

/* ---- The answer: its body ---- */

static bool
must_wait(struct exchange *x)
{
    if (conn_backlog(x->conn) <= CONN_MAX_BACKLOG)
        return false;
    x->is_paused_out = true;
    return true;
}

/* Held long enough: let go of all but the tail. */
static void
begin_trail(struct exchange *x)
{
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    begin_stream(x);
    x->stage = TRAILING;
}

static void
release_front(struct exchange *x)
{
    const size_t n = bytes_length(&x->held);

    if (n <= TAIL)
        return;
    send_body(x, bytes_front(&x->held), n - TAIL);
    bytes_skip(&x->held, n - TAIL);
    conn_flush(x->conn);
}

static void
on_hold_time(void *ctx)
{
    struct exchange *x = ctx;

    if (bytes_length(&x->held) == 0) {
        loop_timer_set(x->worker->loop, &x->hold_timer,
                       x->worker->settings->hold_time);
        return;
    }
    begin_trail(x);
    release_front(x);
}

static size_t
on_body(void *ctx, const char *bytes, size_t length)
{
    struct exchange *x = ctx;

    switch (x->stage) {
    case STREAMING:
        if (must_wait(x))
            return UPSTREAM_PAUSE;
        send_body(x, bytes, length);
        conn_flush(x->conn);
        break;
    case HOLDING:
        inspection_feed(x->inspection, bytes, length);
        bytes_append(&x->held, bytes, length);
        if (bytes_length(&x->held) > x->worker->settings->hold_bytes) {
            begin_trail(x);
            release_front(x);
        }
        break;
    case TRAILING:
        if (must_wait(x))
            return UPSTREAM_PAUSE;
        inspection_feed(x->inspection, bytes, length);
        bytes_append(&x->held, bytes, length);
        release_front(x);
        break;
    case WAITING:
    case IGNORING:
        break;
    }
    return length;
}

/* ---- The answer: its end ---- */

static void
remember_clean(struct exchange *x)
{
    const uint64_t key = key_of(x, &x->reply);

    if (key != 0)
        seen_add(x->worker->seen, key);
}

static bool
is_miner(const davy_report *report)
{
    return report != NULL
           && davy_report_verdict(report) == DAVY_VERDICT_MINER;
}

static void
deliver(struct exchange *x)
{
    remember_clean(x);
    x->framing = REPLY_OUT_LENGTH;
    send_head(x);
    send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    end(x);
}

static void
end_hold(struct exchange *x)
{
    const davy_report *report = inspection_finish(x->inspection);

    if (is_miner(report)) {
        const struct refusal refusal = refusal_of_miner(report, x->use.kind,
                                                        "blocked");

        refuse(x, &refusal);
        return;
    }
    deliver(x);
}

static void
end_trail(struct exchange *x)
{
    const davy_report *report = inspection_finish(x->inspection);

    if (is_miner(report)) {
        const struct refusal refusal = refusal_of_miner(report, x->use.kind,
                                                        "cut");

        refusal_log(&x->asked, &refusal);
        abort_answer(x);
        return;
    }
    remember_clean(x);
    send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    reply_out_end(conn_out(x->conn), x->framing);
    end(x);
}

static void
begin_transfer(struct exchange *x);

static void
ask_again(struct exchange *x)
{
    x->must_ask_again = false;
    x->is_whole = true;
    x->stage = WAITING;
    bytes_clear(&x->raw);
    header_list_free(x->headers);
    x->headers = NULL;
    begin_transfer(x);
}

static void
on_done(void *ctx, enum upstream_fault fault, const char *why)
{
    struct exchange *x = ctx;

    x->transfer = NULL;
    if (x->must_ask_again) {
        ask_again(x);
        return;
    }
    if (fault != UPSTREAM_OK) {
        if (x->stage == WAITING || x->stage == HOLDING)
            refuse_fault(x, fault, why);
        else
            abort_answer(x);
        return;
    }
    switch (x->stage) {
    case HOLDING:
        end_hold(x);
        break;
    case TRAILING:
        end_trail(x);
        break;
    case STREAMING:
        reply_out_end(conn_out(x->conn), x->framing);
        end(x);
        break;
    case WAITING:
    case IGNORING:
        refuse_fault(x, UPSTREAM_BROKEN, "the origin sent no answer");
        break;
    }
}

/* ---- The request ---- */

static size_t
on_send(void *ctx, char *bytes, size_t room)
{
    struct exchange *x = ctx;
    bool is_end, is_bad;
    size_t n;

    if (x->request.expects_continue && !x->has_continued
        && x->stage == WAITING) {
        x->has_continued = true;
        bytes_append_text(conn_out(x->conn), "HTTP/1.1 100 Continue\r\n\r\n");
        conn_flush(x->conn);
        if (x->conn->state == CONN_GONE)
            return UPSTREAM_ABORT;
    }
    n = conn_read_body(x->conn, bytes, room, &is_end, &is_bad);
    if (is_bad)
        return UPSTREAM_ABORT;
    if (n > 0 || is_end)
        return n;
    x->is_paused_in = true;
    return UPSTREAM_PAUSE;
}

static void
begin_transfer(struct exchange *x)
{
    static const struct transfer_events events = { on_send, on_line, on_body,
                                                   on_done };
    const struct request_out_options options = { x->worker->name,
                                                 x->is_whole };
    const struct transfer_request request = {
        .url = x->url,
        .target = x->target,
        .method = x->asked.method,
        .has_body = x->request.body != HTTP_BODY_NONE,
        .body_length = x->request.body == HTTP_BODY_LENGTH
                           ? (int64_t)x->request.length
                           : -1,
    };
    struct transfer_request full = request;
    struct http_head *head = fatal_alloc(sizeof(*head));

    (void)http_head_read(head, bytes_front(&x->request_head),
                         bytes_length(&x->request_head));
    x->headers = request_out_headers(head, &x->request, &options);
    full.headers = x->headers;
    x->transfer = upstream_start(x->worker->upstream, &full, &events, x);
    free(head);
}

void
exchange_input(struct exchange *x)
{
    if (x->is_paused_in && x->transfer != NULL) {
        x->is_paused_in = false;
        upstream_resume(x->transfer);
    }
}

void
exchange_drained(struct exchange *x)
{
    if (x->is_paused_out && x->transfer != NULL) {
        x->is_paused_out = false;
        upstream_resume(x->transfer);
    }
}

/* ---- Tunnels ---- */

/* What a tunnel's log line needs when the exchange is gone. */
static void
on_cut(void *ctx, const char *reason)
{
    const struct refusal_request *asked = ctx;
    struct refusal refusal = refusal_of_words(403, reason, reason);

    refusal.action = "cut";
    refusal_log(asked, &refusal);
}

static void
free_asked(void *ctx)
{
    refusal_request_fini(ctx);
    free(ctx);
}

static void
on_connected(void *ctx, int fd, enum upstream_fault fault, const char *why)
{
    struct exchange *x = ctx;
    struct conn *conn = x->conn;
    struct refusal_request *asked;
    struct tunnel_options options = { .fd = fd,
                                      .cut = on_cut,
                                      .free = free_asked };

    x->transfer = NULL;
    if (fault != UPSTREAM_OK) {
        refuse_fault(x, fault, why);
        return;
    }
    options.kind = x->request.is_websocket ? TUNNEL_WEBSOCKET
                                           : TUNNEL_CONNECT;
    options.first = x->request.is_websocket ? &x->upgrade : NULL;
    asked = fatal_alloc(sizeof(*asked));
    *asked = x->asked;
    x->asked = (struct refusal_request){ .address = NULL };
    options.ctx = asked;
    if (!x->request.is_websocket)
        bytes_append_text(conn_out(conn),
                          "HTTP/1.1 200 Connection established\r\n\r\n");
    conn->exchange = NULL;
    tunnel_begin(conn, &options);
    exchange_free(x);
}

static bool
is_connect_port(unsigned port)
{
    return port == 443;
}

static void
begin_tunnel(struct exchange *x, const struct http_head *head)
{
    const struct request_out_options options = { .via = x->worker->name };

    if (x->request.form == HTTP_FORM_AUTHORITY
        && !is_connect_port(x->request.port)) {
        struct refusal refusal = refusal_of_words(
            403, "CONNECT to this port is not allowed",
            "The proxy tunnels to port 443 only.");

        refusal.action = "refused";
        refuse(x, &refusal);
        return;
    }
    if (x->request.is_websocket)
        request_out_upgrade(head, &x->request, &options, x->target,
                            &x->upgrade);
    x->transfer = upstream_connect(x->worker->upstream, x->url, on_connected,
                                   x);
}

/* ---- What is asked of us ---- */

/* Answers that no origin is asked for (9110, 9.3.7 and 9.3.8). */
static bool
answer_ourselves(struct exchange *x)
{
    const bool is_last = x->request.has_max_forwards
                         && x->request.max_forwards == 0;
    struct reply reply = { .status = 200, .type = "message/http" };

    if (strcmp(x->asked.method, "TRACE") == 0) {
        reply.status = 405;
        reply.type = "text/plain; charset=utf-8";
        reply.fields = "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, "
                       "CONNECT\r\n";
    } else if (strcmp(x->asked.method, "OPTIONS") == 0
               && (is_last || x->request.form == HTTP_FORM_ASTERISK)) {
        reply.type = "text/plain; charset=utf-8";
        reply.fields = "Allow: GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, "
                       "CONNECT\r\n";
    } else {
        return false;
    }
    reply_send(x->conn, &reply, false);
    end(x);
    return true;
}

static bool
refuse_address(struct exchange *x)
{
    const struct inspect_target target = {
        .address = x->asked.address,
        .document = x->asked.document,
        .kind = x->use.kind,
    };
    const davy_report *report = inspect_address(x->worker->inspector,
                                                &target);
    struct refusal refusal;

    if (!is_miner(report))
        return false;
    refusal = refusal_of_miner(report, x->use.kind, "blocked");
    refuse(x, &refusal);
    return true;
}

/* The address as it would stand in a page. */
static char *
address_of(const struct exchange *x)
{
    const struct http_request *r = &x->request;
    const bool is_secure = r->is_tls || r->form == HTTP_FORM_AUTHORITY;
    const bool is_default = r->port == (is_secure ? 443u : 80u);
    const char *scheme = r->is_websocket ? is_secure ? "wss" : "ws"
                         : is_secure     ? "https"
                                         : "http";
    char port[16] = "";

    if (!is_default)
        (void)snprintf(port, sizeof(port), ":%u", r->port);
    return fatal_format("%s://%s%s%s%s%s", scheme, r->is_ipv6 ? "[" : "",
                        r->host, r->is_ipv6 ? "]" : "", port, x->target);
}

static void
name_address(struct exchange *x)
{
    const struct http_request *r = &x->request;
    const bool is_bare = r->path.length == 0 || r->path.at[0] == '?';

    x->url = fatal_format("%s://%s%s%s:%u/", r->is_tls ? "https" : "http",
                          r->is_ipv6 ? "[" : "", r->host,
                          r->is_ipv6 ? "]" : "", r->port);
    x->target = fatal_format("%s%.*s", is_bare ? "/" : "",
                             (int)r->path.length, r->path.at);
    x->asked.address = address_of(x);
}

static void
decide(struct exchange *x, const struct http_head *head)
{
    if (answer_ourselves(x))
        return;
    if (x->request.form == HTTP_FORM_ORIGIN) {
        const struct refusal refusal = refusal_of_words(
            404, "This is a proxy",
            "Set it as the HTTP proxy of your browser; it has no pages of its "
            "own at this address.");

        refuse(x, &refusal);
        return;
    }
    if (request_out_is_loop(head, x->worker->name)) {
        const struct refusal refusal = refusal_of_words(
            508, "The proxy was asked by itself",
            "The address leads back to this proxy.");

        refuse(x, &refusal);
        return;
    }
    if (refuse_address(x))
        return;
    if (x->request.form == HTTP_FORM_AUTHORITY || x->request.is_websocket)
        begin_tunnel(x, head);
    else
        begin_transfer(x);
}

void
exchange_new(struct conn *conn, const struct http_head *head,
             const struct http_request *request)
{
    struct exchange *x = fatal_alloc(sizeof(*x));

    x->worker = conn->worker;
    x->conn = conn;
    x->request = *request;
    x->hold_timer = (struct loop_timer){ .fn = on_hold_time, .ctx = x };
    x->use = inspect_use(head);
    conn->exchange = x;
    x->asked.method = fatal_format("%.*s", (int)head->method.length,
                                   head->method.at);
    x->asked.client = conn->peer;
    x->asked.document = copy_field(head, HTTP_REFERER);
    x->asked.kind = x->use.kind;
    x->asked.minor = head->minor;
    x->asked.is_head = http_text_equal(head->method, "HEAD");
    x->asked.format = block_page_format(head);
    bytes_append(&x->request_head, bytes_front(&conn->in), head->length);
    name_address(x);
    decide(x, head);
}

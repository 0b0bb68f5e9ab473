/* SPDX-License-Identifier: MIT */
/* exchange.c - decides about a request and fetches the answer. */

#include "proxy/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "proxy/accesslog.h"
#include "proxy/exchange_impl.h"
#include "proxy/intercept.h"
#include "proxy/portal.h"
#include "proxy/reply.h"
#include "proxy/request_out.h"
#include "proxy/tunnel.h"
#include "proxy/ws_relay.h"

/* ---- Beginning and end ---- */

static void
free_parts(void *ctx)
{
    struct exchange *x = ctx;

    header_list_free(x->headers);
    refusal_request_fini(&x->asked);
    free(x->url);
    free(x->target);
    free(x->type);
    free(x->coding);
    bytes_fini(&x->request_head);
    bytes_fini(&x->upgrade);
    bytes_fini(&x->raw);
    bytes_fini(&x->held);
    free(x);
}

static uint64_t
queued(const struct conn *conn)
{
    return conn->sent + conn_backlog(conn);
}

static void
log_access(const struct exchange *x)
{
    const struct accesslog_entry entry = {
        .client = x->conn->peer,
        .method = x->asked.method,
        .address = x->asked.address,
        .minor = x->asked.minor,
        .status = x->conn->last_status,
        .bytes = queued(x->conn) - x->sent_before,
        .millis = loop_now(x->worker->loop) - x->started,
    };

    if (x->asked.method != NULL)        /* else a tunnel has it now */
        accesslog_write(&entry);
}

void
exchange_free(struct exchange *x)
{
    log_access(x);
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    if (x->transfer != NULL)
        upstream_cancel(x->transfer);
    x->transfer = NULL;
    inspection_free(x->inspection);
    x->inspection = NULL;
    /* libcurl holds the header list until the transfer is gone. */
    loop_later(x->worker->loop, free_parts, x);
}

void
exchange_end(struct exchange *x)
{
    struct conn *conn = x->conn;

    exchange_free(x);
    conn_answered(conn);
}

void
exchange_refuse(struct exchange *x, const struct refusal *refusal)
{
    refusal_send(x->conn, &x->asked, refusal);
    exchange_end(x);
}

void
exchange_refuse_miner(struct exchange *x, const davy_report *report)
{
    const char *family = davy_report_families_count(report) > 0
                             ? davy_report_family(report, 0)
                             : "";
    struct refusal refusal = refusal_of_miner(report, x->use.kind, "blocked");

    if (x->use.kind != DAVY_KIND_ANY
        && !inspect_standin(x->worker->inspector, family, x->use.kind,
                            &refusal.standin, &refusal.standin_length))
        refusal.standin = NULL;
    exchange_refuse(x, &refusal);
}

static void
refuse_fault(struct exchange *x, enum upstream_fault fault, const char *why)
{
    const struct refusal refusal = refusal_of_fault(fault, why);

    metrics_add(&x->worker->metrics, METRIC_UPSTREAM_FAULTS, 1);

    exchange_refuse(x, &refusal);
}

/* ---- The request ---- */

static size_t
on_send(void *ctx, char *bytes, size_t room)
{
    struct exchange *x = ctx;
    bool is_end, is_bad;
    size_t n;

    if (x->request.expects_continue && !x->has_continued
        && x->stage == ANSWER_WAITING) {
        x->has_continued = true;
        bytes_append_text(conn_out(x->conn), "HTTP/1.1 100 Continue\r\n\r\n");
        conn_flush(x->conn);
        if (x->conn->state == CONN_GONE)
            return UPSTREAM_ABORT;
    }
    n = conn_read_body(x->conn, bytes, room, &is_end, &is_bad);
    x->has_bad_body = is_bad;
    if (is_bad)
        return UPSTREAM_ABORT;
    if (n > 0 || is_end)
        return n;
    x->is_paused_in = true;
    return UPSTREAM_PAUSE;
}

static void
begin_transfer(struct exchange *x);

void
exchange_ask_again(struct exchange *x)
{
    x->must_ask_again = false;
    x->is_whole = true;
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    inspection_free(x->inspection);
    x->inspection = NULL;
    bytes_clear(&x->held);
    x->stage = ANSWER_WAITING;
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
        exchange_ask_again(x);
        return;
    }
    if (x->has_bad_body
        && (x->stage == ANSWER_WAITING || x->stage == ANSWER_HOLDING)) {
        const struct refusal refusal = refusal_of_words(
            400, "The request is malformed",
            "The chunks of its body are malformed.");

        x->conn->is_keep_alive = false;
        exchange_refuse(x, &refusal);
        return;
    }
    if (fault != UPSTREAM_OK) {
        if (x->stage == ANSWER_WAITING || x->stage == ANSWER_HOLDING)
            refuse_fault(x, fault, why);
        else
            conn_abort(x->conn);        /* frees the exchange */
        return;
    }
    answer_done(x);
}

static void
begin_transfer(struct exchange *x)
{
    static const struct transfer_events events = {
        on_send, answer_line, answer_body, on_done
    };
    const struct request_out_options options = { x->worker->name,
                                                 x->is_whole, x->is_plain };
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
    if (x->is_portal) {
        char *address = conn_local_address(x->conn);

        full.socket = x->worker->settings->portal;
        header_list_add(x->headers, PORTAL_ADDRESS_FIELD,
                        strlen(PORTAL_ADDRESS_FIELD), address,
                        strlen(address));
        free(address);
    }
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
    char ticket[DECISION_TICKET];

    refusal.action = "cut";
    decision_ticket(ticket);
    refusal_log(asked, &refusal, ticket);
}

static void
free_asked(void *ctx)
{
    refusal_request_fini(ctx);
    free(ctx);
}

/* Mining was spoken over a WebSocket. */
static void
on_found(void *ctx, const davy_report *report)
{
    const struct refusal_request *asked = ctx;
    const struct refusal refusal = refusal_of_miner(
        report, DAVY_KIND_WEBSOCKET, "closed");
    char ticket[DECISION_TICKET];

    decision_ticket(ticket);
    refusal_log(asked, &refusal, ticket);
}

/* The exchange's words, which a tunnel needs for longer. */
static struct refusal_request *
take_asked(struct exchange *x)
{
    struct refusal_request *asked = fatal_alloc(sizeof(*asked));

    x->conn->last_status = x->request.is_websocket ? 101 : 200;
    log_access(x);
    *asked = x->asked;
    x->asked = (struct refusal_request){ .address = NULL };
    return asked;
}

static void
begin_relay(struct exchange *x, struct transfer *transfer)
{
    struct refusal_request *asked = take_asked(x);
    const struct ws_relay_options options = {
        .origin = transfer,
        .upgrade = &x->upgrade,
        .ruleset = davy_slot_get(x->worker->slot),
        .address = asked->address,
        .document = asked->document,
        .found = on_found,
        .free = free_asked,
        .ctx = asked,
    };

    ws_relay_begin(x->conn, &options);
}

static void
begin_splice(struct exchange *x, struct transfer *transfer)
{
    const struct tunnel_options options = {
        .fd = upstream_descriptor(transfer),
        .cut = on_cut,
        .free = free_asked,
        .ctx = take_asked(x),
    };

    upstream_cancel(transfer);
    bytes_append_text(conn_out(x->conn),
                      "HTTP/1.1 200 Connection established\r\n\r\n");
    tunnel_begin(x->conn, &options);
}

static void
on_connected(void *ctx, enum upstream_fault fault, const char *why)
{
    struct exchange *x = ctx;
    struct transfer *transfer = x->transfer;

    x->transfer = NULL;
    if (fault != UPSTREAM_OK) {
        refuse_fault(x, fault, why);
        return;
    }
    x->conn->exchange = NULL;
    metrics_add(&x->worker->metrics, METRIC_TUNNELS, 1);
    if (x->request.is_websocket)
        begin_relay(x, transfer);
    else
        begin_splice(x, transfer);
    exchange_free(x);
}

static bool
is_intercepted(const struct exchange *x)
{
    const struct worker *w = x->worker;

    return w->intercept != NULL
           && settings_is_connect_port(w->settings, x->request.port)
           && intercept_wants(w->intercept, x->request.host);
}

/* What is asked for in TLS is judged then, so that a refusal can be read. */
static void
begin_tls(struct exchange *x)
{
    struct conn *conn = x->conn;

    bytes_append_text(conn_out(conn),
                      "HTTP/1.1 200 Connection established\r\n\r\n");
    conn->exchange = NULL;
    conn->last_status = 200;
    conn_begin_tls(conn, x->request.host, x->request.port);
    exchange_free(x);
}

static void
begin_tunnel(struct exchange *x, const struct http_head *head)
{
    const struct request_out_options options = { .via = x->worker->name };

    if (x->request.form == HTTP_FORM_AUTHORITY
        && !settings_is_connect_port(x->worker->settings, x->request.port)) {
        struct refusal refusal = refusal_of_words(
            403, "CONNECT to this port is not allowed",
            "The administrator chose the ports that are.");

        refusal.action = "refused";
        metrics_add(&x->worker->metrics, METRIC_REFUSED_POLICY, 1);
        exchange_refuse(x, &refusal);
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
    exchange_end(x);
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

    if (!inspect_is_miner(report))
        return false;
    if (x->worker->settings->action == SETTINGS_REPORT) {
        const struct refusal refusal = refusal_of_miner(report, x->use.kind,
                                                        "reported");

        decision_ticket(x->ticket);
        refusal_log(&x->asked, &refusal, x->ticket);
        metrics_add(&x->worker->metrics, METRIC_MINERS_REPORTED, 1);
        return false;
    }
    metrics_add(&x->worker->metrics, METRIC_MINERS_BLOCKED, 1);
    exchange_refuse_miner(x, report);
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
    if (x->is_portal) {
        begin_transfer(x);
        return;
    }
    if (request_out_is_loop(head, x->worker->name)) {
        const struct refusal refusal = refusal_of_words(
            508, "The proxy was asked by itself",
            "The address leads back to this proxy.");

        exchange_refuse(x, &refusal);
        return;
    }
    if (x->request.form == HTTP_FORM_AUTHORITY && is_intercepted(x)) {
        begin_tls(x);
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
    x->hold_timer = (struct loop_timer){ .fn = answer_hold_time, .ctx = x };
    x->use = inspect_use(head);
    conn->exchange = x;
    conn->last_status = 0;
    x->started = loop_now(x->worker->loop);
    x->sent_before = queued(conn);
    x->asked.method = fatal_format("%.*s", (int)head->method.length,
                                   head->method.at);
    x->asked.client = conn->peer;
    x->asked.document = http_head_copy(head, HTTP_REFERER);
    x->asked.kind = x->use.kind;
    x->asked.minor = head->minor;
    x->asked.is_head = http_text_equal(head->method, "HEAD");
    x->asked.format = block_page_format(head);
    bytes_append(&x->request_head, bytes_front(&conn->in), head->length);
    x->is_portal = request->form == HTTP_FORM_ORIGIN
                   || (request->form == HTTP_FORM_ABSOLUTE && !request->is_tls
                       && strcmp(request->host, PORTAL_HOST) == 0);
    name_address(x);
    decide(x, head);
}

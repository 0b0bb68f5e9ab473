/* SPDX-License-Identifier: MIT */
/* exchange_tunnel.c - CONNECT and WebSockets: what comes first tells what it
 * is, and who gets the connection. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/client_hello.h"
#include "proxy/exchange_impl.h"
#include "proxy/request_out.h"
#include "proxy/tunnel.h"
#include "proxy/ws_relay.h"

/* ---- What is left of the exchange ---- */

/* A tunnel outlives its exchange; this tells it what the log and the policy
 * need. */
struct afterlife {
    struct worker *worker;
    struct refusal_request asked;
    struct conf_use *conf_use;
    const struct conf_policy *policy;
    uint64_t groups;
    char *host;
};

static struct afterlife *
afterlife_new(struct exchange *x)
{
    struct afterlife *after = fatal_alloc(sizeof(*after));

    x->conn->last_status = x->request.is_websocket ? 101 : 200;
    exchange_log_access(x);
    *after = (struct afterlife){
        .worker = x->worker,
        .asked = x->asked,
        .conf_use = conf_use_enter(x->conf_use),
        .policy = x->policy,
        .groups = x->groups,
        .host = fatal_strdup(x->request.host),
    };
    x->asked = (struct refusal_request){ .address = NULL };
    return after;
}

static void
afterlife_free(void *ctx)
{
    struct afterlife *after = ctx;

    refusal_request_fini(&after->asked);
    conf_use_leave(after->conf_use);
    free(after->host);
    free(after);
}

/* Mining was spoken; true when the tunnel is to end. */
static bool
on_found(void *ctx, const davy_report *report)
{
    const struct afterlife *after = ctx;
    const struct conf_exception *exception = NULL;
    const enum conf_action action = policy_action(
        after->conf_use->conf, after->policy, after->groups, after->host,
        report, &exception);
    struct refusal refusal = refusal_of_miner(
        report, DAVY_KIND_WEBSOCKET,
        action == CONF_REPORT ? "reported" : "closed");
    char ticket[DECISION_TICKET];

    refusal.exception = exception;
    decision_ticket(ticket);
    refusal_log(&after->asked, &refusal, ticket);
    metrics_add(&after->worker->metrics,
                action == CONF_REPORT ? METRIC_MINERS_REPORTED
                                      : METRIC_MINERS_CUT,
                1);
    return action != CONF_REPORT;
}

/* ---- Whose the connection is from now on ---- */

static struct transfer *
take_transfer(struct exchange *x)
{
    struct transfer *transfer = x->transfer;

    x->transfer = NULL;
    x->conn->exchange = NULL;
    metrics_add(&x->worker->metrics, METRIC_TUNNELS, 1);
    return transfer;
}

static void
begin_relay(struct exchange *x)
{
    const bool is_judged = x->policy->action != CONF_OFF;
    struct transfer *transfer = take_transfer(x);
    struct conn *conn = x->conn;
    struct afterlife *after = afterlife_new(x);
    const struct ws_relay_options options = {
        .origin = transfer,
        .upgrade = &x->upgrade,
        .ruleset = is_judged ? davy_slot_get(x->worker->slot) : NULL,
        .address = after->asked.address,
        .document = after->asked.document,
        .found = on_found,
        .free = afterlife_free,
        .ctx = after,
    };

    ws_relay_begin(conn, &options);
    exchange_free(x);
}

static void
begin_splice(struct exchange *x, bool is_judged)
{
    struct transfer *transfer = take_transfer(x);
    struct conn *conn = x->conn;
    struct afterlife *after = afterlife_new(x);
    const struct tunnel_options options = {
        .fd = upstream_descriptor(transfer),
        .ruleset = is_judged ? davy_slot_get(x->worker->slot) : NULL,
        .address = after->asked.address,
        .idle_time = x->conf->limits.tunnel_idle_time,
        .found = on_found,
        .free = afterlife_free,
        .ctx = after,
    };

    upstream_cancel(transfer);
    tunnel_begin(conn, &options);
    exchange_free(x);
}

/* What is asked for inside is judged then, so that a refusal can be read. */
static void
begin_inside(struct exchange *x, bool is_tls)
{
    struct conn *conn = x->conn;

    conn->exchange = NULL;
    if (is_tls)
        conn_begin_tls(conn, x->request.host, x->request.port);
    else
        conn_begin_plain(conn, x->request.host, x->request.port);
    exchange_free(x);
}

static void
cut(struct exchange *x, const char *reason)
{
    metrics_add(&x->worker->metrics, METRIC_REFUSED_POLICY, 1);
    exchange_log_words(x, reason, "cut");
    conn_abort(x->conn);                /* frees the exchange */
}

/* ---- TLS ---- */

/* The name in an unopened hello is all that can be judged. */
static bool
is_bad_name(struct exchange *x, const char *name)
{
    char *address = fatal_format("https://%s/", name);
    const struct inspect_target target = { .address = address };
    const struct conf_exception *exception = NULL;
    const davy_report *report = inspect_address(x->worker->inspector,
                                                &target);
    bool is_bad = false;

    if (inspect_is_miner(report)) {
        is_bad = exchange_action(x, report, &exception) != CONF_REPORT;
        exchange_log_miner(x, report, exception, is_bad ? "cut" : "reported");
        metrics_add(&x->worker->metrics,
                    is_bad ? METRIC_MINERS_CUT : METRIC_MINERS_REPORTED, 1);
    }
    free(address);
    return is_bad;
}

/* A tunnel to an address may ask for any name, one to a name only for it. */
static void
begin_unopened(struct exchange *x, const struct client_hello *hello)
{
    struct net_address address;
    const bool is_address = net_address_read(&address, x->request.host);

    if (x->policy->action == CONF_OFF || hello->name[0] == '\0') {
        begin_splice(x, false);
        return;
    }
    if (!is_address && !text_is_equal_nocase(hello->name, x->request.host)) {
        cut(x, "TLS asks for another name than CONNECT");
        return;
    }
    if (is_address && is_bad_name(x, hello->name))
        conn_abort(x->conn);
    else
        begin_splice(x, false);
}

/* ---- Plaintext ---- */

/* A method, and a space (9112, 3). */
static bool
is_http(const char *bytes, size_t length)
{
    const char *space = memchr(bytes, ' ', length < 24 ? length : 24);

    if (space == NULL || space == bytes)
        return false;
    for (const char *c = bytes; c < space; c++) {
        if (*c < 'A' || *c > 'Z')
            return false;
    }
    return true;
}

/* Say by its dialect what was cut. */
static void
cut_plaintext(struct exchange *x)
{
    davy_ruleset *ruleset = davy_slot_get(x->worker->slot);
    const davy_socket_options options = { .struct_size = sizeof(options),
                                          .kind = DAVY_SOCKET_STREAM,
                                          .address = x->asked.address };
    davy_verdict verdict = DAVY_VERDICT_CLEAN;
    davy_socket *socket = NULL;

    if (davy_socket_new(ruleset, &options, &socket) == DAVY_OK)
        (void)davy_socket_feed(socket, DAVY_FROM_CLIENT,
                               bytes_front(&x->conn->in),
                               bytes_length(&x->conn->in), &verdict);
    if (verdict == DAVY_VERDICT_MINER) {
        metrics_add(&x->worker->metrics, METRIC_MINERS_CUT, 1);
        exchange_log_miner(x, davy_socket_report(socket), NULL, "cut");
        conn_abort(x->conn);
    } else {
        cut(x, bytes_length(&x->conn->in) > 0
                   ? "what the client sent through CONNECT is no TLS"
                   : "the origin spoke first, as none does in TLS");
    }
    davy_socket_free(socket);
    davy_ruleset_unref(ruleset);
}

static void
on_connected(void *ctx, enum upstream_fault fault, const char *why);

static void
connect_origin(struct exchange *x)
{
    const struct transfer_request route = exchange_route(x);

    x->transfer = upstream_connect(x->worker->upstream, &route, on_connected,
                                   x);
}

/* Who only reports cuts nothing. */
static enum conf_plaintext
plaintext_of(const struct exchange *x)
{
    if (x->is_http_only)
        return x->policy->plaintext == CONF_PLAINTEXT_CUT
                   ? CONF_PLAINTEXT_CUT
                   : CONF_PLAINTEXT_HTTP;
    if (x->policy->action == CONF_OFF)
        return CONF_PLAINTEXT_PASS;
    if (x->policy->action == CONF_REPORT)
        return CONF_PLAINTEXT_JUDGE;
    return (enum conf_plaintext)x->policy->plaintext;
}

static bool
is_served(const struct exchange *x, enum conf_plaintext plaintext)
{
    return (plaintext == CONF_PLAINTEXT_HTTP
            || plaintext == CONF_PLAINTEXT_JUDGE)
           && is_http(bytes_front(&x->conn->in),
                      bytes_length(&x->conn->in));
}

static void
begin_plaintext(struct exchange *x)
{
    const enum conf_plaintext plaintext = plaintext_of(x);

    if (is_served(x, plaintext))
        begin_inside(x, false);
    else if (plaintext == CONF_PLAINTEXT_CUT
             || plaintext == CONF_PLAINTEXT_HTTP)
        cut_plaintext(x);
    else if (x->transfer == NULL)       /* TLS was to be opened */
        connect_origin(x);
    else
        begin_splice(x, plaintext == CONF_PLAINTEXT_JUDGE);
}

/* ---- The first bytes ---- */

static void
end_peeking(struct exchange *x)
{
    x->is_peeking = false;
    conn_peek(x->conn, false);
    loop_watch(x->worker->loop, &x->origin, 0);
    if (x->origin.fd >= 0)
        close(x->origin.fd);
    x->origin.fd = -1;
}

void
exchange_peek(struct exchange *x)
{
    struct client_hello hello;
    const enum client_hello_result result = client_hello_read(
        &hello, bytes_front(&x->conn->in), bytes_length(&x->conn->in));

    if (bytes_length(&x->conn->in) == 0 || result == CLIENT_HELLO_MORE)
        return;
    end_peeking(x);
    if (result == CLIENT_HELLO_NOT_TLS)
        begin_plaintext(x);
    else if (x->is_http_only)
        cut(x, "TLS to this port is not allowed");
    else if (x->is_intercepted)
        begin_inside(x, true);
    else if (result == CLIENT_HELLO_OK)
        begin_unopened(x, &hello);
    else
        cut(x, "the TLS of the client is malformed");
}

/* The origin ends, or speaks first, as none does in TLS. */
static void
on_origin(void *ctx, uint32_t events)
{
    struct exchange *x = ctx;
    char byte;

    (void)events;
    if (recv(x->origin.fd, &byte, 1, MSG_PEEK) <= 0) {
        conn_end(x->conn);
        return;
    }
    end_peeking(x);
    begin_plaintext(x);
}

/* They may have come with CONNECT, whose head is still being read. */
static void
look_at_first(void *ctx)
{
    struct exchange *x = ctx;

    if (x->is_peeking)
        exchange_peek(x);
}

static void
begin_peeking(struct exchange *x)
{
    struct conn *conn = x->conn;

    conn->last_status = 200;
    bytes_append_text(conn_out(conn),
                      "HTTP/1.1 200 Connection established\r\n\r\n");
    conn_flush(conn);
    if (conn->state == CONN_GONE)
        return;
    x->is_peeking = true;
    conn_peek(conn, true);
    loop_later(x->worker->loop, look_at_first, x);
    if (x->transfer == NULL)
        return;
    x->origin = (struct loop_watch){ upstream_descriptor(x->transfer), 0,
                                     on_origin, x };
    loop_watch(x->worker->loop, &x->origin, EPOLLIN | EPOLLRDHUP);
}

static void
on_connected(void *ctx, enum upstream_fault fault, const char *why)
{
    struct exchange *x = ctx;

    if (fault != UPSTREAM_OK) {
        x->transfer = NULL;
        if (x->conn->last_status == 200)
            cut(x, why);                /* 200 was said already */
        else
            exchange_refuse_fault(x, fault, why);
        return;
    }
    if (x->request.is_websocket)
        begin_relay(x);
    else if (x->is_intercepted)
        begin_splice(x, plaintext_of(x) == CONF_PLAINTEXT_JUDGE);
    else
        begin_peeking(x);
}

void
exchange_tunnel(struct exchange *x, const struct http_head *head)
{
    const struct request_out_options options = { .via = x->worker->name };

    if (x->request.is_websocket)
        request_out_upgrade(head, &x->request, &options, x->target,
                            &x->upgrade);
    if (x->is_intercepted || x->is_http_only)
        begin_peeking(x);
    else
        connect_origin(x);
}

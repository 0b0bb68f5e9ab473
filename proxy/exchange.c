/* SPDX-License-Identifier: MIT */
/* exchange.c - a request's beginning, the question to its origin, its end. */

#include "proxy/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fatal.h"
#include "proxy/accesslog.h"
#include "proxy/auth.h"
#include "proxy/exchange_impl.h"
#include "proxy/portal.h"
#include "proxy/request_out.h"

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
    conf_use_leave(x->conf_use);
    free(x);
}

static uint64_t
queued(const struct conn *conn)
{
    return conn->sent + conn_backlog(conn);
}

void
exchange_log_access(const struct exchange *x)
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
    exchange_log_access(x);
    x->is_peeking = false;
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    loop_watch(x->worker->loop, &x->origin, 0);
    if (x->origin.fd >= 0)
        close(x->origin.fd);
    x->origin.fd = -1;
    if (x->question != NULL)
        auth_cancel(x->question);
    x->question = NULL;
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

void
exchange_refuse_fault(struct exchange *x, enum upstream_fault fault,
                      const char *why)
{
    const struct refusal refusal = refusal_of_fault(fault, why);

    metrics_add(&x->worker->metrics, METRIC_UPSTREAM_FAULTS, 1);
    exchange_refuse(x, &refusal);
}

void
exchange_refuse_words(struct exchange *x, unsigned status, const char *action,
                      const char *title, const char *reason)
{
    struct refusal refusal = refusal_of_words(status, title, reason);

    refusal.action = action;
    metrics_add(&x->worker->metrics, METRIC_REFUSED_POLICY, 1);
    exchange_refuse(x, &refusal);
}

void
exchange_log_miner(struct exchange *x, const davy_report *report,
                   const struct conf_exception *exception, const char *action)
{
    struct refusal refusal = refusal_of_miner(report, x->use.kind, action);

    refusal.exception = exception;
    decision_ticket(x->ticket);
    refusal_log(&x->asked, &refusal, x->ticket);
}

void
exchange_log_words(struct exchange *x, const char *words, const char *action)
{
    struct refusal refusal = refusal_of_words(403, words, words);

    refusal.action = action;
    decision_ticket(x->ticket);
    refusal_log(&x->asked, &refusal, x->ticket);
}

enum conf_action
exchange_action(const struct exchange *x, const davy_report *report,
                const struct conf_exception **exception)
{
    return policy_action(x->conf, x->policy, x->groups, x->request.host,
                         report, exception);
}

/* ---- The request ---- */

/* A client that sends its body already needs no leave (9110, 10.1.1). */
static bool
ask_for_body(struct exchange *x)
{
    if (!x->request.expects_continue || x->has_continued
        || x->stage != ANSWER_WAITING)
        return true;
    x->has_continued = true;
    bytes_append_text(conn_out(x->conn), "HTTP/1.1 100 Continue\r\n\r\n");
    conn_flush(x->conn);
    return x->conn->state != CONN_GONE;
}

static size_t
on_send(void *ctx, char *bytes, size_t room)
{
    struct exchange *x = ctx;
    bool is_end, is_bad;
    const size_t n = conn_read_body(x->conn, bytes, room, &is_end, &is_bad);

    x->has_bad_body = is_bad;
    if (is_bad)
        return UPSTREAM_ABORT;
    if (n > 0 || is_end) {
        x->has_continued = true;
        return n;
    }
    if (!ask_for_body(x))
        return UPSTREAM_ABORT;
    x->is_paused_in = true;
    return UPSTREAM_PAUSE;
}

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
    exchange_ask(x);
}

/* The client has seen the head of the answer. */
static bool
has_begun(const struct exchange *x)
{
    return x->stage == ANSWER_STREAMING || x->stage == ANSWER_TRAILING;
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
    if (x->has_bad_body && !has_begun(x)) {
        const struct refusal refusal = refusal_of_words(
            400, "The request is malformed",
            "The chunks of its body are malformed.");

        x->conn->is_keep_alive = false;
        exchange_refuse(x, &refusal);
        return;
    }
    if (fault != UPSTREAM_OK) {
        if (x->stage == ANSWER_SNIFFING)
            answer_sniff(x);
        if (!has_begun(x))
            exchange_refuse_fault(
                x, fault, x->reply.fault != NULL ? x->reply.fault : why);
        else
            conn_abort(x->conn);        /* frees the exchange */
        return;
    }
    answer_done(x);
}

struct http_head *
exchange_head(const struct exchange *x)
{
    struct http_head *head = fatal_alloc(sizeof(*head));

    (void)http_head_read(head, bytes_front(&x->request_head),
                         bytes_length(&x->request_head));
    return head;
}

struct transfer_request
exchange_route(const struct exchange *x)
{
    return (struct transfer_request){
        .url = x->url,
        .parent = x->parent,
        .may_be_private = x->policy != NULL && x->policy->private,
    };
}

/* The portal is told who asks. */
static void
add_portal_fields(struct exchange *x)
{
    char *address = conn_local_address(x->conn);
    const bool is_admin = netset_has(&x->conf->portal.admins,
                                     &x->conn->address);

    header_list_add(x->headers, PORTAL_ADDRESS_FIELD,
                    strlen(PORTAL_ADDRESS_FIELD), address, strlen(address));
    header_list_add(x->headers, PORTAL_KEY_FIELD, strlen(PORTAL_KEY_FIELD),
                    x->worker->portal_key, strlen(x->worker->portal_key));
    if (is_admin)
        header_list_add(x->headers, PORTAL_ADMIN_FIELD,
                        strlen(PORTAL_ADMIN_FIELD), "yes", 3);
    free(address);
}

/* A parent is asked for the whole address (9112, 3.2.2), but through its
 * CONNECT as the origin is. */
static const char *
target_of(const struct exchange *x)
{
    return x->parent != NULL && !x->request.is_tls ? x->asked.address
                                                   : x->target;
}

/* An origin that knows its client by the connection must not meet another one
 * there (RFC 4559, 6). */
static struct upstream *
upstream_for(const struct exchange *x, const struct http_head *head)
{
    const struct worker *w = x->worker;
    struct conn *conn = x->conn;

    if (conn->own_upstream == NULL && http_has_session_auth(head))
        conn->own_upstream = upstream_new(w->loop, w->conf);
    if (conn->own_upstream == NULL || x->is_portal)
        return w->upstream;
    upstream_reload(conn->own_upstream, w->conf);
    return conn->own_upstream;
}

void
exchange_ask(struct exchange *x)
{
    static const struct transfer_events events = {
        on_send, answer_line, answer_body, on_done
    };
    const struct request_out_options options = { x->worker->name,
                                                 x->is_whole, x->is_plain };
    struct transfer_request request = exchange_route(x);
    struct http_head *head = exchange_head(x);
    struct upstream *upstream = upstream_for(x, head);

    x->headers = request_out_headers(head, &x->request, &options);
    free(head);
    if (x->is_portal) {
        request.socket = x->worker->portal;
        add_portal_fields(x);
    }
    request.target = target_of(x);
    request.method = x->asked.method;
    request.headers = x->headers;
    request.is_session = upstream != x->worker->upstream;
    request.expects_continue = x->request.expects_continue;
    request.has_body = x->request.body != HTTP_BODY_NONE;
    request.body_length = x->request.body == HTTP_BODY_LENGTH
                              ? (int64_t)x->request.length
                              : -1;
    x->transfer = upstream_start(upstream, &request, &events, x);
}

void
exchange_input(struct exchange *x)
{
    if (x->is_peeking) {
        exchange_peek(x);
    } else if (x->is_paused_in && x->transfer != NULL) {
        x->is_paused_in = false;
        upstream_resume(x->transfer);
    }
}

/* An origin's silence is worth an answer, as long as none has begun. */
void
exchange_stalled(struct exchange *x)
{
    if (x->is_peeking || has_begun(x) || bytes_length(&x->conn->out) > 0) {
        conn_abort(x->conn);
        return;
    }
    x->conn->is_keep_alive = false;
    exchange_refuse_fault(x, UPSTREAM_TIMEOUT,
                          "nothing has moved for too long");
}

void
exchange_drained(struct exchange *x)
{
    if (x->is_paused_out && x->transfer != NULL) {
        x->is_paused_out = false;
        upstream_resume(x->transfer);
    }
}

/* ---- The beginning ---- */

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

void
exchange_new(struct conn *conn, const struct http_head *head,
             const struct http_request *request)
{
    struct exchange *x = fatal_alloc(sizeof(*x));

    x->worker = conn->worker;
    x->conn = conn;
    x->conf_use = conf_use_enter(x->worker->use);
    x->conf = x->conf_use->conf;
    x->origin.fd = -1;
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
    exchange_decide(x, head);
}

/* SPDX-License-Identifier: MIT */
/* answer.c - takes an origin's answer as it comes: passes it on, holds it, or
 * lets the judge read along. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/exchange_impl.h"
#include "proxy/seen.h"

/* An origin's head. */
#define MAX_REPLY_HEAD ((size_t)128 << 10)

/* By these first bytes a download is known, or by those that came in this time
 * (ms): what is sent bit by bit is no program. */
#define SNIFF      ((size_t)1024)
#define SNIFF_TIME 200u

/* What is kept back of an answer that is passed on while it is judged. */
#define TAIL ((size_t)32 << 10)

/* Whether anybody is to look at it. */
static bool
is_seen(const struct exchange *x)
{
    return !x->is_portal && x->policy->action != CONF_OFF;
}

/* ---- Passing it on ---- */

static bool
is_html(const struct exchange *x)
{
    static const char html[] = "text/html";
    static const char xhtml[] = "application/xhtml+xml";
    const struct http_field *type = http_head_find(&x->reply,
                                                   HTTP_CONTENT_TYPE);

    return type != NULL
           && (http_text_starts_nocase(type->value, html)
               || http_text_starts_nocase(type->value, xhtml));
}

/* Nobody reads what is left of a body that is answered already, so that no
 * request can stand behind it (9112, 9.6). */
void
answer_send_head(struct exchange *x, uint64_t length)
{
    const struct reply_out out = {
        .framing = x->framing,
        .length = length,
        .via = x->worker->name,
        .closes = !x->conn->is_keep_alive || x->conn->has_body_left,
        .is_changed = x->is_changed,
        .ticket = x->ticket,
        .csp = is_seen(x) && is_html(x) ? x->policy->csp : NULL,
    };

    x->conn->is_keep_alive = !out.closes;
    x->conn->last_status = x->reply.status;
    reply_out_head(conn_out(x->conn), &x->reply, &out);
}

void
answer_send_body(struct exchange *x, const char *bytes, size_t length)
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

    x->framing = stream_framing(x, &length);
    if (x->framing == REPLY_OUT_CLOSE)
        x->conn->is_keep_alive = false;
    answer_send_head(x, length);
}

/* ---- The head ---- */

uint64_t
answer_micros(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
begin_hold(struct exchange *x, enum answer_stage stage, uint64_t time)
{
    x->stage = stage;
    free(x->type);
    free(x->coding);
    x->type = http_head_copy(&x->reply, HTTP_CONTENT_TYPE);
    x->coding = http_head_copy(&x->reply, HTTP_CONTENT_ENCODING);
    x->held_since = answer_micros();
    loop_timer_set(x->worker->loop, &x->hold_timer, time);
}

uint64_t
answer_key(const struct exchange *x, const struct http_head *head)
{
    const struct http_field *field = http_head_find(head, HTTP_ETAG);
    struct http_text parts[2];

    if (field == NULL)
        field = http_head_find(head, HTTP_LAST_MODIFIED);
    if (field == NULL)
        return 0;
    parts[0] = http_text(x->asked.address);
    parts[1] = field->value;
    return seen_key(x->worker->seen, parts, 2);
}

/* An answer that is a part of something, or a word about something that we have
 * not seen: ask for the whole. */
static bool
must_ask_again(const struct exchange *x)
{
    if (x->is_whole || !is_seen(x) || x->request.body != HTTP_BODY_NONE)
        return false;
    if (x->reply.status == 206)
        return true;
    return x->reply.status == 304
           && (x->use.is_code || x->use.kind != DAVY_KIND_OTHER)
           && !seen_has(x->worker->seen, answer_key(x, &x->reply));
}

static bool
is_judged(const struct exchange *x)
{
    const struct http_field *type = http_head_find(&x->reply,
                                                   HTTP_CONTENT_TYPE);
    const struct http_text none = { NULL, 0 };

    if (!is_seen(x))
        return false;
    return inspect_is_judged(x->use, type == NULL ? none : type->value);
}

static bool
has_body(const struct exchange *x)
{
    return !x->asked.is_head && x->reply.status != 204
           && x->reply.status != 304;
}

/* Programs and archives come under any type but those of which every byte
 * counts the moment it is sent. */
static bool
may_be_download(const struct exchange *x)
{
    const struct http_field *type = http_head_find(&x->reply,
                                                   HTTP_CONTENT_TYPE);

    return is_seen(x) && x->policy->downloads != CONF_DOWNLOADS_PASS
           && type != NULL
           && !http_text_starts_nocase(type->value, "text/event-stream");
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
    /* libcurl ends the upload behind an answer that refuses it (9110, 10.1.1),
     * but not while it is paused. */
    if (x->is_paused_in && x->reply.status >= 300) {
        x->is_paused_in = false;
        upstream_resume(x->transfer);
    }
    /* Who proved himself to a connection that ends has to do it again. */
    if (x->conn->own_upstream != NULL && http_is_last_answer(&x->reply))
        x->conn->is_keep_alive = false;
    if (has_body(x) && is_judged(x)) {
        begin_hold(x, ANSWER_HOLDING, x->conf->limits.hold_time);
        return true;
    }
    if (has_body(x) && may_be_download(x)) {
        begin_hold(x, ANSWER_SNIFFING, SNIFF_TIME);
        return true;
    }
    x->stage = ANSWER_STREAMING;
    begin_stream(x);
    return true;
}

/* They all go on (9110, 15.2), but to HTTP/1.0. */
static bool
on_interim_head(struct exchange *x)
{
    if (x->reply.status == 100)
        x->has_continued = true;        /* the client may have waited for it */
    if (x->reply.status != 101 && x->asked.minor == 1) {
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

bool
answer_line(void *ctx, const char *line, size_t length)
{
    struct exchange *x = ctx;

    if (x->stage != ANSWER_WAITING)
        return true;                    /* trailers: dropped (9110, 6.5.1) */
    if (bytes_length(&x->raw) + length > MAX_REPLY_HEAD) {
        x->reply.fault = "the answer's head is too long";
        return false;
    }
    add_line(&x->raw, line, length);
    if (line[0] != '\r' && line[0] != '\n')
        return true;
    if (!http_head_read_reply(&x->reply, bytes_front(&x->raw),
                              bytes_length(&x->raw)))
        return false;
    return x->reply.status < 200 ? on_interim_head(x) : on_head(x);
}

/* ---- The body ---- */

static bool
must_wait(struct exchange *x)
{
    if (conn_backlog(x->conn) <= CONN_MAX_BACKLOG)
        return false;
    x->is_paused_out = true;
    return true;
}

struct inspect_target
answer_target(const struct exchange *x)
{
    return (struct inspect_target){
        .address = x->asked.address,
        .document = x->asked.document,
        .content_type = x->type,
        .content_encoding = x->coding,
        .kind = x->use.kind,
    };
}

void
answer_begin_inspection(struct exchange *x)
{
    const struct inspect_target target = answer_target(x);

    x->inspection = inspection_new(x->worker->inspector, &target);
    inspection_feed(x->inspection, bytes_front(&x->held),
                    bytes_length(&x->held));
}

/* Held long enough: let go of all but the tail. */
static void
begin_trail(struct exchange *x)
{
    answer_begin_inspection(x);
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    metrics_add(&x->worker->metrics, METRIC_TRAILED, 1);
    begin_stream(x);
    x->stage = ANSWER_TRAILING;
}

static void
release_front(struct exchange *x)
{
    const size_t n = bytes_length(&x->held);

    if (n <= TAIL)
        return;
    answer_send_body(x, bytes_front(&x->held), n - TAIL);
    bytes_skip(&x->held, n - TAIL);
    conn_flush(x->conn);
}

/* What came first tells whether the judge reads along. */
void
answer_sniff(struct exchange *x)
{
    const struct inspect_target target = answer_target(x);

    if (inspect_is_download(&target, bytes_front(&x->held),
                            bytes_length(&x->held))) {
        begin_trail(x);
        metrics_add(&x->worker->metrics, METRIC_DOWNLOADS, 1);
        return;
    }
    loop_timer_stop(x->worker->loop, &x->hold_timer);
    x->stage = ANSWER_STREAMING;
    begin_stream(x);
    answer_send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    bytes_clear(&x->held);
}

/* An origin that pauses in the middle of a page does not keep its beginning
 * from the client; only what comes behind it waits for the verdict. */
static void
end_wait(struct exchange *x)
{
    const enum answer_so_far so_far = answer_judge_so_far(x);

    if (so_far == ANSWER_IS_MINER)
        return;
    begin_trail(x);
    if (so_far == ANSWER_IS_CLEAN) {
        answer_send_body(x, bytes_front(&x->held), bytes_length(&x->held));
        bytes_clear(&x->held);
    }
    release_front(x);
}

void
answer_hold_time(void *ctx)
{
    struct exchange *x = ctx;

    if (bytes_length(&x->held) == 0) {
        loop_timer_set(x->worker->loop, &x->hold_timer,
                       x->conf->limits.hold_time);
        return;
    }
    if (x->stage == ANSWER_SNIFFING)
        answer_sniff(x);
    else
        end_wait(x);
    conn_flush(x->conn);
}

/* The piece that told it may be large and tell more. */
static void
release_sniffed(struct exchange *x)
{
    if (x->stage == ANSWER_TRAILING && answer_may_go_on(x))
        release_front(x);
    else if (x->stage == ANSWER_STREAMING)
        conn_flush(x->conn);
}

size_t
answer_body(void *ctx, const char *bytes, size_t length)
{
    struct exchange *x = ctx;

    conn_touch(x->conn);
    switch (x->stage) {
    case ANSWER_STREAMING:
        if (must_wait(x))
            return UPSTREAM_PAUSE;
        answer_send_body(x, bytes, length);
        conn_flush(x->conn);
        break;
    case ANSWER_HOLDING:
        bytes_append(&x->held, bytes, length);
        if (bytes_length(&x->held) > x->conf->limits.hold_size) {
            begin_trail(x);
            release_front(x);
        }
        break;
    case ANSWER_SNIFFING:
        bytes_append(&x->held, bytes, length);
        if (bytes_length(&x->held) >= SNIFF)
            answer_sniff(x);
        if (x->stage != ANSWER_SNIFFING)
            release_sniffed(x);
        break;
    case ANSWER_TRAILING:
        if (must_wait(x))
            return UPSTREAM_PAUSE;
        inspection_feed(x->inspection, bytes, length);
        bytes_append(&x->held, bytes, length);
        if (answer_may_go_on(x))
            release_front(x);
        break;
    case ANSWER_WAITING:
        break;
    }
    return length;
}

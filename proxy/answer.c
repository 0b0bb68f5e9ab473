/* SPDX-License-Identifier: MIT */
/* answer.c - takes an origin's answer, judges it while it comes, and passes on
 * what may pass. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/exchange_impl.h"
#include "proxy/seen.h"

/* An origin's head. */
#define MAX_REPLY_HEAD ((size_t)128 << 10)

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
static void
send_head(struct exchange *x, uint64_t length)
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

    x->framing = stream_framing(x, &length);
    if (x->framing == REPLY_OUT_CLOSE)
        x->conn->is_keep_alive = false;
    send_head(x, length);
}

/* ---- The head ---- */

static uint64_t
micros_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
begin_hold(struct exchange *x)
{
    x->stage = ANSWER_HOLDING;
    free(x->type);
    free(x->coding);
    x->type = http_head_copy(&x->reply, HTTP_CONTENT_TYPE);
    x->coding = http_head_copy(&x->reply, HTTP_CONTENT_ENCODING);
    x->held_since = micros_now();
    loop_timer_set(x->worker->loop, &x->hold_timer,
                   x->worker->conf->limits.hold_time);
}

static uint64_t
key_of(const struct exchange *x, const struct http_head *head)
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
           && !seen_has(x->worker->seen, key_of(x, &x->reply));
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

/* The whole head of the final answer is there; false ends the transfer. */
static bool
on_head(struct exchange *x)
{
    if (x->reply.status == 304 ? must_ask_again(x)
                               : is_judged(x) && must_ask_again(x)) {
        x->must_ask_again = true;
        return false;
    }
    /* Who proved himself to a connection that ends has to do it again. */
    if (x->conn->own_upstream != NULL && http_is_last_answer(&x->reply))
        x->conn->is_keep_alive = false;
    if (has_body(x) && is_judged(x)) {
        begin_hold(x);
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

static struct inspect_target
target_of(const struct exchange *x)
{
    return (struct inspect_target){
        .address = x->asked.address,
        .document = x->asked.document,
        .content_type = x->type,
        .content_encoding = x->coding,
        .kind = x->use.kind,
    };
}

static void
begin_inspection(struct exchange *x)
{
    const struct inspect_target target = target_of(x);

    x->inspection = inspection_new(x->worker->inspector, &target);
    inspection_feed(x->inspection, bytes_front(&x->held),
                    bytes_length(&x->held));
}

/* Held long enough: let go of all but the tail. */
static void
begin_trail(struct exchange *x)
{
    begin_inspection(x);
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
    send_body(x, bytes_front(&x->held), n - TAIL);
    bytes_skip(&x->held, n - TAIL);
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
        send_body(x, bytes, length);
        conn_flush(x->conn);
        break;
    case ANSWER_HOLDING:
        bytes_append(&x->held, bytes, length);
        if (bytes_length(&x->held) > x->worker->conf->limits.hold_size) {
            begin_trail(x);
            release_front(x);
        }
        break;
    case ANSWER_TRAILING:
        if (must_wait(x))
            return UPSTREAM_PAUSE;
        inspection_feed(x->inspection, bytes, length);
        bytes_append(&x->held, bytes, length);
        release_front(x);
        break;
    case ANSWER_WAITING:
        break;
    }
    return length;
}

/* ---- The end ---- */

static void
remember_clean(struct exchange *x)
{
    const uint64_t key = key_of(x, &x->reply);

    if (key != 0)
        seen_add(x->worker->seen, key);
}

static void
deliver(struct exchange *x)
{
    metrics_observe(&x->worker->metrics.holding, micros_now() - x->held_since);
    if (x->is_clean)
        remember_clean(x);
    x->framing = REPLY_OUT_LENGTH;
    send_head(x, bytes_length(&x->held));
    send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    exchange_end(x);
}

/* All that a verdict depends on. */
static uint64_t
key_of_body(const struct exchange *x)
{
    const struct http_field *type = http_head_find(&x->reply,
                                                   HTTP_CONTENT_TYPE);
    const struct http_field *coding = http_head_find(&x->reply,
                                                     HTTP_CONTENT_ENCODING);
    const struct http_text none = { "", 0 };
    const struct http_text parts[] = {
        http_text(x->asked.address),
        x->asked.document == NULL ? none : http_text(x->asked.document),
        type == NULL ? none : type->value,
        coding == NULL ? none : coding->value,
        { (const char *)&x->use.kind, sizeof(x->use.kind) },
        { bytes_front(&x->held), bytes_length(&x->held) },
    };

    return seen_key(x->worker->seen, parts, sizeof(parts) / sizeof(parts[0]));
}

/* Scan what is left, and give the verdict. */
static const davy_report *
finish_inspection(struct exchange *x)
{
    struct metrics *metrics = &x->worker->metrics;
    const uint64_t start = micros_now();
    const davy_report *report = inspection_finish(x->inspection);

    metrics_observe(&metrics->judging, micros_now() - start);
    metrics_add(metrics, METRIC_JUDGED, 1);
    if (report != NULL)
        metrics_add(metrics, METRIC_JUDGED_BYTES, davy_report_bytes(report));
    return report;
}

static void
block(struct exchange *x, const davy_report *report)
{
    metrics_add(&x->worker->metrics, METRIC_MINERS_BLOCKED, 1);
    exchange_refuse_miner(x, report);
}

/* Cut the miner out of the page; false when that cannot be done. */
static bool
rewrite(struct exchange *x, const davy_report *report)
{
    const struct inspect_target target = target_of(x);
    struct bytes page = { 0 };
    const bool is_done = inspection_rewrite(
        x->inspection, &target, bytes_front(&x->held),
        bytes_length(&x->held), &page);

    if (!is_done) {
        bytes_fini(&page);
        return false;
    }
    exchange_log_miner(x, report, NULL, "rewritten");
    metrics_add(&x->worker->metrics, METRIC_MINERS_REWRITTEN, 1);
    bytes_fini(&x->held);
    x->held = page;
    x->is_changed = true;
    return true;
}

static bool
is_page(const davy_report *report)
{
    return strcmp(davy_report_type(report), "html") == 0;
}

/* Spans are those of uncoded bytes: a page that came in a coding is asked for
 * once more. */
static void
end_miner(struct exchange *x, const davy_report *report)
{
    const struct conf_exception *exception = NULL;
    const enum conf_action action = exchange_action(x, report, &exception);
    const bool is_coded = x->coding != NULL
                          && !text_is_equal_nocase(x->coding, "identity");

    if (action == CONF_REPORT) {
        exchange_log_miner(x, report, exception, "reported");
        metrics_add(&x->worker->metrics, METRIC_MINERS_REPORTED, 1);
        deliver(x);
    } else if (action == CONF_BLOCK || !is_page(report)) {
        block(x, report);
    } else if (is_coded && !x->is_plain
               && x->request.body == HTTP_BODY_NONE) {
        x->is_plain = true;
        exchange_ask_again(x);
    } else if (!is_coded && rewrite(x, report)) {
        deliver(x);
    } else {
        block(x, report);
    }
}

/* ---- What could not be judged whole ---- */

/* A list of codings that libdavy can undo. */
static bool
is_known_coding(const char *coding)
{
    struct http_text members = http_text(coding), member;

    while (http_next_member(&members, &member)) {
        if (!inspect_is_coding(member))
            return false;
    }
    return true;
}

/* Why the verdict says nothing, or not enough; NULL when it says it all. */
static const char *
gap_of(const struct exchange *x, const davy_report *report,
       enum conf_fate *fate, enum metric *metric)
{
    if (report == NULL) {
        *fate = (enum conf_fate)x->policy->on_error;
        *metric = METRIC_UNJUDGED_ERROR;
        return "the engine failed";
    }
    if (x->coding != NULL && !is_known_coding(x->coding)) {
        *fate = (enum conf_fate)x->policy->on_coding;
        *metric = METRIC_UNJUDGED_CODING;
        return "its content coding is not known";
    }
    if (davy_report_limits_count(report) > 0) {
        *fate = (enum conf_fate)x->policy->on_limit;
        *metric = METRIC_UNJUDGED_LIMIT;
        return davy_report_limit(report, 0);
    }
    return NULL;
}

static void
refuse_unjudged(struct exchange *x, const char *gap)
{
    char *reason = fatal_format("davyd passes on only what it has looked at, "
                                "and %s.", gap);

    exchange_refuse_words(x, 502, "blocked", "This could not be judged",
                          reason);
    free(reason);
}

/* Whether a body that was not judged whole may pass all the same.  If not, it
 * is refused, or when it is on its way already, cut off. */
static bool
may_pass(struct exchange *x, const davy_report *report)
{
    enum conf_fate fate = CONF_PASS;
    enum metric metric = METRIC_UNJUDGED_ERROR;
    const char *gap = gap_of(x, report, &fate, &metric);
    char *words;

    x->is_clean = gap == NULL;
    if (gap == NULL)
        return true;
    if (x->policy->action == CONF_REPORT)
        fate = CONF_PASS;
    metrics_add(&x->worker->metrics, metric, 1);
    if (fate == CONF_STOP && x->stage == ANSWER_HOLDING) {
        refuse_unjudged(x, gap);
        return false;
    }
    words = fatal_format("it could not be judged whole: %s", gap);
    exchange_log_words(x, words, fate == CONF_PASS ? "passed" : "cut");
    free(words);
    if (fate == CONF_STOP)
        conn_abort(x->conn);            /* frees the exchange */
    return fate == CONF_PASS;
}

/* ---- Held long enough ---- */

enum wait_end {
    WAIT_MORE,                          /* it is a miner's as it is */
    WAIT_PART,                          /* nobody knows */
    WAIT_ALL                            /* nothing in it so far */
};

/* What has come, taken as if it were all. */
static enum wait_end
judge_so_far(struct exchange *x)
{
    const struct conf_exception *exception = NULL;
    enum conf_fate fate;
    enum metric metric;
    enum wait_end end = WAIT_ALL;
    const davy_report *report;

    begin_inspection(x);
    report = inspection_finish(x->inspection);
    if (inspect_is_miner(report)
        && exchange_action(x, report, &exception) != CONF_REPORT)
        end = WAIT_MORE;
    else if (gap_of(x, report, &fate, &metric) != NULL)
        end = WAIT_PART;
    inspection_free(x->inspection);
    x->inspection = NULL;
    return end;
}

/* An origin that pauses in the middle of a page does not keep its beginning
 * from the client; only what comes behind it waits for the verdict. */
void
answer_hold_time(void *ctx)
{
    struct exchange *x = ctx;
    enum wait_end end;

    if (bytes_length(&x->held) == 0) {
        loop_timer_set(x->worker->loop, &x->hold_timer,
                       x->worker->conf->limits.hold_time);
        return;
    }
    end = judge_so_far(x);
    if (end == WAIT_MORE)
        return;
    begin_trail(x);
    if (end == WAIT_ALL) {
        send_body(x, bytes_front(&x->held), bytes_length(&x->held));
        bytes_clear(&x->held);
    }
    release_front(x);
    conn_flush(x->conn);
}

/* ---- The verdict ---- */

static void
end_hold(struct exchange *x)
{
    const uint64_t key = key_of_body(x);
    const davy_report *report;

    if (seen_has(x->worker->seen, key)) {
        metrics_add(&x->worker->metrics, METRIC_JUDGED_BEFORE, 1);
        x->is_clean = true;
        deliver(x);
        return;
    }
    begin_inspection(x);
    report = finish_inspection(x);
    if (inspect_is_miner(report)) {
        end_miner(x, report);
        return;
    }
    if (!may_pass(x, report))
        return;
    if (x->is_clean && davy_report_verdict(report) == DAVY_VERDICT_CLEAN)
        seen_add(x->worker->seen, key);
    deliver(x);
}

/* Whether what has mostly gone may end well; if not, it is cut off. */
static bool
may_end(struct exchange *x, const davy_report *report)
{
    const struct conf_exception *exception = NULL;

    if (!inspect_is_miner(report))
        return may_pass(x, report);
    if (exchange_action(x, report, &exception) == CONF_REPORT) {
        exchange_log_miner(x, report, exception, "reported");
        metrics_add(&x->worker->metrics, METRIC_MINERS_REPORTED, 1);
        return true;
    }
    metrics_add(&x->worker->metrics, METRIC_MINERS_CUT, 1);
    exchange_log_miner(x, report, NULL, "cut");
    conn_abort(x->conn);                /* frees the exchange */
    return false;
}

static void
end_trail(struct exchange *x)
{
    if (!may_end(x, finish_inspection(x)))
        return;
    if (x->is_clean)
        remember_clean(x);
    send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    reply_out_end(conn_out(x->conn), x->framing);
    exchange_end(x);
}

void
answer_done(struct exchange *x)
{
    const struct refusal silence = refusal_of_fault(
        UPSTREAM_BROKEN, "the origin sent no answer");

    switch (x->stage) {
    case ANSWER_HOLDING:
        end_hold(x);
        break;
    case ANSWER_TRAILING:
        end_trail(x);
        break;
    case ANSWER_STREAMING:
        reply_out_end(conn_out(x->conn), x->framing);
        exchange_end(x);
        break;
    case ANSWER_WAITING:
        exchange_refuse(x, &silence);
        break;
    }
}

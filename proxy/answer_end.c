/* SPDX-License-Identifier: MIT */
/* answer_end.c - gives the verdict on an answer, and does what the policy
 * says. */

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/exchange_impl.h"
#include "proxy/seen.h"

/* ---- Passing it on ---- */

static void
remember_clean(struct exchange *x)
{
    const uint64_t key = answer_key(x, &x->reply);

    if (key != 0)
        seen_add(x->worker->seen, key);
}

static void
deliver(struct exchange *x)
{
    metrics_observe(&x->worker->metrics.holding,
                    answer_micros() - x->held_since);
    if (x->is_clean)
        remember_clean(x);
    x->framing = REPLY_OUT_LENGTH;
    answer_send_head(x, bytes_length(&x->held));
    answer_send_body(x, bytes_front(&x->held), bytes_length(&x->held));
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
    const uint64_t start = answer_micros();
    const davy_report *report = inspection_finish(x->inspection);

    metrics_observe(&metrics->judging, answer_micros() - start);
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
    const struct inspect_target target = answer_target(x);
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

/* Programs and archives have a word of their own in the policy. */
static enum conf_action
action_of(const struct exchange *x, const davy_report *report,
          const struct conf_exception **exception)
{
    static const char *const code[] = { "html", "js", "wasm" };
    const enum conf_action action = exchange_action(x, report, exception);

    if (action == CONF_REPORT)
        return CONF_REPORT;
    for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++) {
        if (strcmp(davy_report_type(report), code[i]) == 0)
            return action;
    }
    return x->policy->downloads == CONF_DOWNLOADS_CUT ? CONF_BLOCK
                                                      : CONF_REPORT;
}

/* Spans are those of uncoded bytes: a page that came in a coding is asked for
 * once more. */
static void
end_miner(struct exchange *x, const davy_report *report)
{
    const struct conf_exception *exception = NULL;
    const enum conf_action action = action_of(x, report, &exception);
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

enum answer_so_far
answer_judge_so_far(struct exchange *x)
{
    const struct conf_exception *exception = NULL;
    enum conf_fate fate;
    enum metric metric;
    enum answer_so_far so_far = ANSWER_IS_CLEAN;
    const davy_report *report;

    answer_begin_inspection(x);
    report = inspection_finish(x->inspection);
    if (inspect_is_miner(report)
        && action_of(x, report, &exception) != CONF_REPORT)
        so_far = ANSWER_IS_MINER;
    else if (gap_of(x, report, &fate, &metric) != NULL)
        so_far = ANSWER_IS_UNKNOWN;
    inspection_free(x->inspection);
    x->inspection = NULL;
    return so_far;
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
    answer_begin_inspection(x);
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
    if (action_of(x, report, &exception) == CONF_REPORT) {
        exchange_log_miner(x, report, exception, "reported");
        metrics_add(&x->worker->metrics, METRIC_MINERS_REPORTED, 1);
        return true;
    }
    metrics_add(&x->worker->metrics, METRIC_MINERS_CUT, 1);
    exchange_log_miner(x, report, NULL, "cut");
    conn_abort(x->conn);                /* frees the exchange */
    return false;
}

/* Programs and archives are judged while they come. */
bool
answer_may_go_on(struct exchange *x)
{
    if (inspection_verdict(x->inspection) != DAVY_VERDICT_MINER)
        return true;
    if (!may_end(x, finish_inspection(x)))
        return false;
    inspection_free(x->inspection);     /* it is reported: enough was seen */
    x->inspection = NULL;
    x->stage = ANSWER_STREAMING;
    answer_send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    bytes_clear(&x->held);
    conn_flush(x->conn);
    return false;
}

static void
end_trail(struct exchange *x)
{
    if (!may_end(x, finish_inspection(x)))
        return;
    if (x->is_clean)
        remember_clean(x);
    answer_send_body(x, bytes_front(&x->held), bytes_length(&x->held));
    reply_out_end(conn_out(x->conn), x->framing);
    exchange_end(x);
}

void
answer_done(struct exchange *x)
{
    const struct refusal silence = refusal_of_fault(
        UPSTREAM_BROKEN, "the origin sent no answer");

    if (x->stage == ANSWER_SNIFFING)
        answer_sniff(x);
    switch (x->stage) {
    case ANSWER_SNIFFING:
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

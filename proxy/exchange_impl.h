/* SPDX-License-Identifier: MIT */
/* exchange_impl.h - what exchange.c (the request) and answer.c (the answer)
 * share. */

#ifndef EXCHANGE_IMPL_H
#define EXCHANGE_IMPL_H

#include "proxy/exchange.h"
#include "proxy/inspect.h"
#include "proxy/refusal.h"
#include "proxy/reply_out.h"
#include "proxy/upstream.h"
#include "proxy/worker.h"

/* The answer's way:
 *     STREAMING  types that nobody runs: passed on as they come
 *     HOLDING    judged types: kept until the verdict, within bytes and time
 *     TRAILING   held too long: passed on, but the last part is kept until the
 *                verdict, and a miner's answer never ends cleanly */
enum answer_stage {
    ANSWER_WAITING,
    ANSWER_STREAMING,
    ANSWER_HOLDING,
    ANSWER_TRAILING
};

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
    bool is_portal;                     /* asks davyd itself */
    bool is_plain;                      /* asked without codings */
    bool is_changed;                    /* a miner was cut out */
    bool is_whole;                      /* asked without ranges */
    bool must_ask_again;
    bool has_bad_body;                  /* its chunks are malformed */
    bool has_continued;                 /* 100 was sent */
    bool is_paused_out;                 /* the origin waits for the client */
    bool is_paused_in;                  /* the origin waits for its body */
    uint64_t started;                   /* as loop_now */
    uint64_t sent_before;               /* bytes queued by then */
    enum answer_stage stage;
    struct bytes raw;                   /* lines of the answer's head */
    struct http_head reply;
    enum reply_out_framing framing;
    char ticket[DECISION_TICKET];       /* of what was decided, or "" */
    char *type, *coding;                /* of the answer, or NULL */
    struct bytes held;
    uint64_t held_since;                /* microseconds */
    struct inspection *inspection;
    struct loop_timer hold_timer;
};

/* The answer is queued: on to the next request. */
void exchange_end(struct exchange *exchange);

/* Answer with a refusal. */
void exchange_refuse(struct exchange *exchange,
                     const struct refusal *refusal);

/* Answer with a refusal that fits what the miner was asked for as. */
void exchange_refuse_miner(struct exchange *exchange,
                           const davy_report *report);

/* Send the request once more, whole and plain as the exchange says now. */
void exchange_ask_again(struct exchange *exchange);

/* Events of the transfer (answer.c). */
bool answer_line(void *ctx, const char *line, size_t length);
size_t answer_body(void *ctx, const char *bytes, size_t length);

/* The transfer has ended well, and not to be asked again. */
void answer_done(struct exchange *exchange);

/* A timer's call: the answer was held long enough. */
void answer_hold_time(void *ctx);

#endif

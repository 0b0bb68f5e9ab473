/* SPDX-License-Identifier: MIT */
/* exchange_impl.h - what exchange.c (beginning, transfer, end), decide.c (what
 * becomes of the request), exchange_tunnel.c (CONNECT and WebSockets) and
 * answer.c and answer_end.c (the answer) share. */

#ifndef EXCHANGE_IMPL_H
#define EXCHANGE_IMPL_H

#include "proxy/exchange.h"
#include "proxy/inspect.h"
#include "proxy/policy.h"
#include "proxy/refusal.h"
#include "proxy/reply_out.h"
#include "proxy/upstream.h"
#include "proxy/worker.h"

/* The answer's way:
 *     SNIFFING   other types: the first bytes tell whether it is a program or
 *                an archive, which goes on as by TRAILING, or anything else
 *     STREAMING  types that nobody runs: passed on as they come
 *     HOLDING    judged types: kept until the verdict, within bytes and time
 *     TRAILING   held too long: passed on, but the last part is kept until the
 *                verdict, and a miner's answer never ends cleanly */
enum answer_stage {
    ANSWER_WAITING,
    ANSWER_SNIFFING,
    ANSWER_STREAMING,
    ANSWER_HOLDING,
    ANSWER_TRAILING
};

struct exchange {
    struct worker *worker;
    struct conn *conn;
    struct conf_use *conf_use;
    const struct conf *conf;
    const struct conf_policy *policy;   /* NULL until it is known */
    const struct conf_parent *parent;   /* or NULL */
    uint64_t groups;                    /* of the client */
    struct auth_question *question;     /* the password is being checked */
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
    bool is_intercepted;                /* TLS is to be opened */
    bool is_http_only;                  /* CONNECT to a port for HTTP */
    bool is_peeking;                    /* at what comes through CONNECT */
    bool is_plain;                      /* asked without codings */
    bool is_changed;                    /* a miner was cut out */
    bool is_clean;                      /* no miner was found */
    bool is_whole;                      /* asked without ranges */
    bool must_ask_again;
    bool has_bad_body;                  /* its chunks are malformed */
    bool has_continued;                 /* 100 was sent */
    bool is_paused_out;                 /* the origin waits for the client */
    bool is_paused_in;                  /* the origin waits for its body */
    struct loop_watch origin;           /* while we peek */
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
void exchange_refuse_words(struct exchange *exchange, unsigned status,
                           const char *action, const char *title,
                           const char *reason);
void exchange_refuse_fault(struct exchange *exchange,
                           enum upstream_fault fault, const char *why);

/* A miner was found, or something else: log it under a new ticket. */
void exchange_log_miner(struct exchange *exchange, const davy_report *report,
                        const struct conf_exception *exception,
                        const char *action);
void exchange_log_words(struct exchange *exchange, const char *words,
                        const char *action);

/* What the policy does about a miner; *exception when it is let through. */
enum conf_action exchange_action(const struct exchange *exchange,
                                 const davy_report *report,
                                 const struct conf_exception **exception);

/* One line of the access log. */
void exchange_log_access(const struct exchange *exchange);

/* A copy of the head to read again; free() it. */
struct http_head *exchange_head(const struct exchange *exchange);

/* Where requests of this exchange go; but for the URL's parts all zero. */
struct transfer_request exchange_route(const struct exchange *exchange);

/* Ask the origin, or the portal; ask it once more, whole and plain as the
 * exchange says now. */
void exchange_ask(struct exchange *exchange);
void exchange_ask_again(struct exchange *exchange);

/* Decide what becomes of the request (decide.c). */
void exchange_decide(struct exchange *exchange, const struct http_head *head);

/* CONNECT, and requests to become a WebSocket (exchange_tunnel.c). */
void exchange_tunnel(struct exchange *exchange, const struct http_head *head);
void exchange_peek(struct exchange *exchange);

/* Between answer.c and answer_end.c: */

uint64_t answer_micros(void);
struct inspect_target answer_target(const struct exchange *exchange);

/* Of this address and the validator in `head`; 0 when there is none. */
uint64_t answer_key(const struct exchange *exchange,
                    const struct http_head *head);

void answer_send_head(struct exchange *exchange, uint64_t length);
void answer_send_body(struct exchange *exchange, const char *bytes,
                      size_t length);
void answer_begin_inspection(struct exchange *exchange);

/* What has come, taken as if it were all. */
enum answer_so_far {
    ANSWER_IS_MINER,
    ANSWER_IS_UNKNOWN,                  /* it could not be judged whole */
    ANSWER_IS_CLEAN
};
enum answer_so_far answer_judge_so_far(struct exchange *exchange);

void answer_sniff(struct exchange *exchange);

/* False when what is passed on was cut, or is no longer judged. */
bool answer_may_go_on(struct exchange *exchange);

/* Events of the transfer (answer.c). */
bool answer_line(void *ctx, const char *line, size_t length);
size_t answer_body(void *ctx, const char *bytes, size_t length);

/* The transfer has ended well, and not to be asked again (answer_end.c). */
void answer_done(struct exchange *exchange);

/* A timer's call: the answer was held long enough. */
void answer_hold_time(void *ctx);

#endif

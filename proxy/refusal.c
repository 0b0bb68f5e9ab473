/* SPDX-License-Identifier: MIT */
/* refusal.c - the words of refusals, and where they go. */

#include "proxy/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/reply.h"
#include "proxy/reply_out.h"

void
refusal_request_fini(struct refusal_request *request)
{
    free(request->address);
    free(request->method);
    free(request->document);
}

struct refusal
refusal_of_words(unsigned status, const char *title, const char *reason)
{
    return (struct refusal){ .status = status,
                             .title = title,
                             .reason = reason,
                             .todo = "" };
}

struct refusal
refusal_of_miner(const davy_report *report, davy_kind kind,
                 const char *action)
{
    const bool is_page = kind == DAVY_KIND_DOCUMENT
                         || kind == DAVY_KIND_FRAME || kind == DAVY_KIND_ANY;

    return (struct refusal){
        .status = 403,
        .action = action,
        .title = is_page ? "This page mines cryptocurrency"
                         : "A miner was stopped",
        .reason = "It would use your computer's processor to earn money for "
                  "somebody else.",
        .todo = "If you need this page, tell your administrator the ticket. "
                "If it is your own site, something put a miner into it: "
                "davy scan says where.",
        .report = report,
    };
}

struct refusal
refusal_of_fault(enum upstream_fault fault, const char *why)
{
    static const struct {
        unsigned status;
        const char *title;
        const char *todo;
    } rows[] = {
        [UPSTREAM_OK] = { 502, "The site did not answer", "" },
        [UPSTREAM_UNKNOWN_HOST]
            = { 502, "There is no site of this name",
                "Look for a slip in the address." },
        [UPSTREAM_REFUSED] = { 502, "The site cannot be reached",
                               "Try again in a while." },
        [UPSTREAM_NO_PARENT]
            = { 502, "The proxy behind this one is unknown",
                "Tell your administrator." },
        [UPSTREAM_PRIVATE]
            = { 403, "This address leads into a private network",
                "Ask your administrator if it should be allowed." },
        [UPSTREAM_TIMEOUT] = { 504, "The site did not answer in time",
                               "Try again in a while." },
        [UPSTREAM_CERTIFICATE]
            = { 502, "The site could not prove who it is",
                "Do not enter anything there. If it is your own site, look at "
                "its certificate." },
        [UPSTREAM_BROKEN] = { 502, "The site broke off its answer",
                              "Try again in a while." },
    };

    return (struct refusal){
        .status = rows[fault].status,
        .action = fault == UPSTREAM_PRIVATE ? "refused" : NULL,
        .title = rows[fault].title,
        .reason = why,
        .todo = rows[fault].todo,
    };
}

/* ---- Log ---- */

static const char *
kind_text(davy_kind kind)
{
    switch (kind) {
#define DAVY_KIND_ROW(NAME, number, text) \
    case DAVY_KIND_##NAME:                \
        return text;
#include <davy/kinds.def>
#undef DAVY_KIND_ROW
    default:
        return "";
    }
}

static void
write_decision(const struct refusal_request *request,
               const struct refusal *refusal, struct decision *decision)
{
    if (refusal->action == NULL)
        return;
    decision->action = refusal->action;
    decision->reason = refusal->title;
    if (refusal->report == NULL && strcmp(refusal->reason, refusal->title))
        decision->detail = refusal->reason;
    decision->client = request->client;
    decision->method = request->method;
    decision->address = request->address;
    decision->kind = kind_text(request->kind);
    decision->user = request->user;
    decision->policy = request->policy;
    if (refusal->exception != NULL) {
        decision->action = "excepted";
        decision->owner = refusal->exception->owner;
        decision->excuse = refusal->exception->reason;
    }
    decision->report = refusal->report;
    decision_write(decision);
}

void
refusal_log(const struct refusal_request *request,
            const struct refusal *refusal, const char *ticket)
{
    struct decision decision = { .report = NULL };

    memcpy(decision.ticket, ticket, sizeof(decision.ticket));
    write_decision(request, refusal, &decision);
}

/* ---- Answer ---- */

static void
write_page(struct bytes *body, const struct refusal_request *request,
           const struct refusal *refusal, const char *ticket)
{
    const davy_finding *finding
        = refusal->report == NULL ? NULL
                                  : davy_report_finding(refusal->report, 0);
    const struct block_page page = {
        .title = refusal->title,
        .address = request->address,
        .reason = refusal->reason,
        .rule = finding == NULL ? "" : finding->rule,
        .evidence = finding == NULL ? "" : finding->evidence,
        .todo = refusal->todo,
        .ticket = ticket,
    };

    block_page_write(&page, request->format, body);
}

void
refusal_send(struct conn *conn, const struct refusal_request *request,
             const struct refusal *refusal)
{
    struct decision decision = { .report = NULL };
    struct bytes body = { 0 };
    struct reply reply = { .status = refusal->status };
    struct bytes fields = { 0 };

    decision_ticket(decision.ticket);
    write_decision(request, refusal, &decision);
    if (refusal->standin != NULL) {
        bytes_append(&body, refusal->standin, refusal->standin_length);
        reply.status = 200;
        reply.type = request->kind == DAVY_KIND_WASM
                         ? "application/wasm"
                         : "text/javascript; charset=utf-8";
    } else {
        write_page(&body, request, refusal, decision.ticket);
        reply.type = block_page_type(request->format);
    }
    bytes_format(&fields, REPLY_OUT_TICKET_FIELD ": %s\r\n",
                 decision.ticket);
    if (refusal->realm != NULL)         /* 7617, 2.1 */
        bytes_format(&fields, "Proxy-Authenticate: Basic realm=\"%s\", "
                              "charset=\"UTF-8\"\r\n", refusal->realm);
    bytes_append(&fields, "", 1);
    reply.fields = bytes_front(&fields);
    reply.body = bytes_front(&body);
    reply.length = bytes_length(&body);
    reply_send(conn, &reply, request->is_head);
    bytes_fini(&body);
    bytes_fini(&fields);
}

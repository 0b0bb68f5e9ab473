/* SPDX-License-Identifier: MIT */
/* refusal.h - davyd says no: to the client, and to the log. */

#ifndef REFUSAL_H
#define REFUSAL_H

#include <davy/davy.h>

#include "proxy/block_page.h"
#include "proxy/conn.h"
#include "proxy/decision.h"
#include "proxy/upstream.h"

/* The request that is refused. */
struct refusal_request {
    char *address;
    char *method;
    char *document;                     /* or NULL */
    const char *client;                 /* borrowed, as are these */
    const char *user;                   /* or NULL */
    const char *policy;                 /* its name, or NULL */
    davy_kind kind;
    unsigned minor;                     /* HTTP/1.minor */
    bool is_head;
    enum block_page_format format;
};

struct refusal {
    const void *standin;                /* takes the place of a script, or */
    size_t standin_length;              /* NULL; borrowed */
    unsigned status;
    const char *action;                 /* of the log; NULL: not logged */
    const char *title;
    const char *reason;
    const char *todo;                   /* or "" */
    const davy_report *report;          /* or NULL */
    const struct conf_exception *exception;     /* or NULL */
    const char *realm;                  /* ask for a password, or NULL */
};

void refusal_request_fini(struct refusal_request *request);

struct refusal refusal_of_miner(const davy_report *report, davy_kind kind,
                                const char *action);
struct refusal refusal_of_fault(enum upstream_fault fault, const char *why);
struct refusal refusal_of_words(unsigned status, const char *title,
                                const char *reason);

/* Answer with a page, a script or a few words, as fits what was asked for, and
 * log it. */
void refusal_send(struct conn *conn, const struct refusal_request *request,
                  const struct refusal *refusal);

/* Only log it, under this ticket. */
void refusal_log(const struct refusal_request *request,
                 const struct refusal *refusal, const char *ticket);

#endif

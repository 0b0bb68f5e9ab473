/* SPDX-License-Identifier: MIT */
/* reply.h - answers that davyd gives itself. */

#ifndef REPLY_H
#define REPLY_H

#include "proxy/conn.h"
#include "proxy/http_head.h"

/* The standard's words for a status (9110, 15). */
const char *reply_reason(unsigned status);

/* Queue a short answer that says what is wrong with the request; the
 * connection ends behind it. */
void reply_error(struct conn *conn, unsigned status, const char *text);

struct reply {
    unsigned status;
    const char *type;                   /* of the body */
    const void *body;
    size_t length;
    const char *fields;                 /* more header lines, or NULL */
};

/* Queue an answer; without its body for HEAD. */
void reply_send(struct conn *conn, const struct reply *reply, bool is_head);

#endif

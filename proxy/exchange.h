/* SPDX-License-Identifier: MIT */
/* exchange.h - one request and its answer. */

#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "proxy/conn.h"
#include "proxy/http_audit.h"

/* Begin to answer the request whose head the worker holds. */
void exchange_new(struct conn *conn, const struct http_head *head,
                  const struct http_request *request);

/* The client has left. */
void exchange_free(struct exchange *exchange);

/* Nothing has moved for too long. */
void exchange_stalled(struct exchange *exchange);

/* More bytes of the request's body are there; the client took bytes. */
void exchange_input(struct exchange *exchange);
void exchange_drained(struct exchange *exchange);

#endif

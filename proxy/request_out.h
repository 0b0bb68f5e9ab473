/* SPDX-License-Identifier: MIT */
/* request_out.h - the request as davyd sends it on: written anew, never
 * copied. */

#ifndef REQUEST_OUT_H
#define REQUEST_OUT_H

#include "proxy/bytes.h"
#include "proxy/http_audit.h"
#include "proxy/upstream.h"

/* What is left out so that the answer is whole. */
struct request_out_options {
    const char *via;                    /* our name in Via */
    bool is_whole;                      /* no ranges, no conditions */
    bool is_plain;                      /* no content codings */
};

/* The fields for the origin, in the client's order. */
struct header_list *request_out_headers(
    const struct http_head *head, const struct http_request *request,
    const struct request_out_options *options);

/* Append the whole head of a request to become a WebSocket (RFC 6455, 4.1). */
void request_out_upgrade(const struct http_head *head,
                         const struct http_request *request,
                         const struct request_out_options *options,
                         const char *target, struct bytes *out);

/* `name` stands in a Via field: the request was here before. */
bool request_out_is_loop(const struct http_head *head, const char *name);

#endif

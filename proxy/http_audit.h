/* SPDX-License-Identifier: MIT */
/* http_audit.h - what a request means, and whether it means one thing only.
 *
 * Whatever two programs on the way could understand differently (where the body
 * ends, which host is meant) is answered with an error and the end of the
 * connection.  docs/HTTP.md has the table. */

#ifndef HTTP_AUDIT_H
#define HTTP_AUDIT_H

#include "proxy/http_head.h"

#define HTTP_MAX_HOST 255

enum http_form {
    HTTP_FORM_ABSOLUTE,                 /* GET http://host/path */
    HTTP_FORM_ORIGIN,                   /* GET /path */
    HTTP_FORM_AUTHORITY,                /* CONNECT host:port */
    HTTP_FORM_ASTERISK                  /* OPTIONS * */
};

enum http_body { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED };

struct http_request {
    enum http_form form;
    bool is_tls;                        /* https:// in the target */
    char host[HTTP_MAX_HOST + 1];       /* lower case; IPv6 without brackets */
    unsigned port;
    bool is_ipv6;                       /* host is an IPv6 literal */
    struct http_text path;              /* "/path?query" to send on, or "*" */
    enum http_body body;
    uint64_t length;                    /* of the body, LENGTH */
    bool keeps_alive;
    bool expects_continue;
    bool is_websocket;                  /* asks for an upgrade to WebSocket */
    bool has_max_forwards;
    uint64_t max_forwards;
    const char *fault;                  /* why it was refused */
};

/* Understand `head`.  0, or the status to refuse it with, and
 * request->fault.  `path` points into the head. */
unsigned http_audit(const struct http_head *head,
                    struct http_request *request);

/* Split "host:port" (9110, 4.2; 3986, 3.2); `default_port` 0 makes the port
 * required.  False when it is malformed. */
bool http_read_authority(struct http_text text, unsigned default_port,
                         struct http_request *request);

/* The field is named in the Connection field: it is for one connection only
 * (9110, 7.6.1). */
bool http_is_connection_option(const struct http_head *head,
                               struct http_text name);

/* The request brings a proof that holds for its connection to the origin, and
 * for every later request there: NTLM and Negotiate (RFC 4559, 6). */
bool http_has_session_auth(const struct http_head *head);

/* No answer comes behind this one on its connection (9112, 9.3). */
bool http_is_last_answer(const struct http_head *head);

#endif

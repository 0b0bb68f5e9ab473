/* SPDX-License-Identifier: MIT */
/* reply.c - writes heads and short bodies. */

#include "proxy/reply.h"

#include <string.h>

const char *
reply_reason(unsigned status)
{
    switch (status) {
#define REPLY_REASON_ROW(number, text) \
    case number:                       \
        return text;
#include "proxy/reply_reason.def"
#undef REPLY_REASON_ROW
    default:
        return "";
    }
}

void
reply_send(struct conn *conn, const struct reply *reply, bool is_head)
{
    struct bytes *out = conn_out(conn);

    conn->last_status = reply->status;
    bytes_format(out,
                 "HTTP/1.1 %u %s\r\n"
                 "Content-Type: %s\r\n"
                 "Content-Length: %zu\r\n"
                 "Cache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\n"
                 "%s%s\r\n",
                 reply->status, reply_reason(reply->status), reply->type,
                 reply->length, reply->fields == NULL ? "" : reply->fields,
                 conn->is_keep_alive ? "" : "Connection: close\r\n");
    if (!is_head)
        bytes_append(out, reply->body, reply->length);
}

void
reply_error(struct conn *conn, unsigned status, const char *text)
{
    struct bytes body = { 0 };
    struct reply reply = { .status = status,
                           .type = "text/plain; charset=utf-8" };

    bytes_format(&body, "davyd: %s\n", text);
    reply.body = bytes_front(&body);
    reply.length = bytes_length(&body);
    conn->is_keep_alive = false;
    reply_send(conn, &reply, false);
    bytes_fini(&body);
}

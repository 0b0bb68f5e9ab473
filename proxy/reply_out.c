/* SPDX-License-Identifier: MIT */
/* reply_out.c - head fields and chunks (RFC 9110, 7.6; 9112, 7.1). */

#include "proxy/reply_out.h"

#include "proxy/http_audit.h"

/* Fields that speak of the bytes of a body (9110, 8.8.3, 14.3; 9530). */
static bool
speaks_of_bytes(enum http_field_id id)
{
    switch (id) {
    case HTTP_ETAG:
    case HTTP_LAST_MODIFIED:
    case HTTP_CONTENT_MD5:
    case HTTP_DIGEST:
    case HTTP_CONTENT_DIGEST:
    case HTTP_REPR_DIGEST:
    case HTTP_ACCEPT_RANGES:
    case HTTP_CONTENT_RANGE:
    case HTTP_CONTENT_ENCODING:
        return true;
    default:
        return false;
    }
}

/* Alt-Svc would lead browsers past us (RFC 7838). */
static bool
is_passed_on(const struct http_head *head, const struct http_field *field,
             const struct reply_out *reply)
{
    if (field->id == HTTP_CONTENT_LENGTH)
        return reply->framing == REPLY_OUT_NONE && head->status != 204;
    if (field->id == HTTP_ALT_SVC
        || (http_field_flags(field->id)
            & (HTTP_FIELD_HOP | HTTP_FIELD_FRAME)))
        return false;
    if (reply->is_changed && speaks_of_bytes(field->id))
        return false;
    return !http_is_connection_option(head, field->name);
}

static void
put_length(struct bytes *out, const struct reply_out *reply)
{
    bytes_format(out, "Content-Length: %llu\r\n",
                 (unsigned long long)reply->length);
}

static void
put_field(struct bytes *out, const struct http_field *field)
{
    bytes_append(out, field->name.at, field->name.length);
    bytes_append(out, ": ", 2);
    bytes_append(out, field->value.at, field->value.length);
    bytes_append(out, "\r\n", 2);
}

void
reply_out_head(struct bytes *out, const struct http_head *head,
               const struct reply_out *reply)
{
    bool lacks_length = reply->framing == REPLY_OUT_LENGTH;

    bytes_format(out, "HTTP/1.1 %03u %.*s\r\n", head->status,
                 (int)head->reason.length, head->reason.at);
    for (size_t i = 0; i < head->count; i++) {
        const struct http_field *field = &head->fields[i];

        if (is_passed_on(head, field, reply)) {
            put_field(out, field);
        } else if (lacks_length && field->id == HTTP_CONTENT_LENGTH) {
            put_length(out, reply);     /* where the origin had it */
            lacks_length = false;
        }
    }
    bytes_format(out, "Via: 1.%u %s\r\n", head->minor, reply->via);
    if (reply->ticket != NULL && reply->ticket[0] != '\0')
        bytes_format(out, REPLY_OUT_TICKET_FIELD ": %s\r\n", reply->ticket);
    if (reply->csp != NULL)             /* each further one only forbids more
                                         * (CSP 3, 8.1) */
        bytes_format(out, "Content-Security-Policy: %s\r\n", reply->csp);
    if (lacks_length)
        put_length(out, reply);
    if (reply->framing == REPLY_OUT_CHUNKED)
        bytes_append_text(out, "Transfer-Encoding: chunked\r\n");
    if (reply->closes)
        bytes_append_text(out, "Connection: close\r\n");
    bytes_append(out, "\r\n", 2);
}

void
reply_out_body(struct bytes *out, enum reply_out_framing framing,
               const void *bytes, size_t length)
{
    if (length == 0)
        return;
    if (framing == REPLY_OUT_CHUNKED)
        bytes_format(out, "%zx\r\n", length);
    bytes_append(out, bytes, length);
    if (framing == REPLY_OUT_CHUNKED)
        bytes_append(out, "\r\n", 2);
}

void
reply_out_end(struct bytes *out, enum reply_out_framing framing)
{
    if (framing == REPLY_OUT_CHUNKED)
        bytes_append_text(out, "0\r\n\r\n");
}

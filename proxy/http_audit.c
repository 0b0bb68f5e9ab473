/* SPDX-License-Identifier: MIT */
/* http_audit.c - framing, target and connection of a request (RFC 9110 and
 * 9112). */

#include "proxy/http_audit.h"

#include <arpa/inet.h>
#include <string.h>

#define MAX_PORT 65535

/* A trillion terabytes is a mistake. */
#define MAX_BODY ((uint64_t)1 << 62)

static unsigned
refuse(struct http_request *request, unsigned status, const char *fault)
{
    request->fault = fault;
    return status;
}

/* ---- Authority ---- */

static bool
is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.' || c == '_';
}

static bool
copy_host(struct http_request *request, struct http_text host)
{
    if (host.length == 0 || host.length > HTTP_MAX_HOST)
        return false;
    for (size_t i = 0; i < host.length; i++) {
        const char c = host.at[i];

        request->host[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        if (!request->is_ipv6 && !is_host_char(request->host[i]))
            return false;
    }
    request->host[host.length] = '\0';
    return true;
}

static bool
read_ipv6(struct http_request *request, struct http_text text)
{
    struct in6_addr address;

    request->is_ipv6 = true;
    return copy_host(request, text)
           && inet_pton(AF_INET6, request->host, &address) == 1;
}

static bool
read_port(struct http_text text, unsigned default_port, unsigned *port)
{
    uint64_t number;

    if (text.length == 0) {
        *port = default_port;
        return default_port != 0;
    }
    if (text.at[0] != ':')
        return false;
    text.at++;
    text.length--;
    if (!http_read_number(text, MAX_PORT, &number) || number == 0)
        return false;
    *port = (unsigned)number;
    return true;
}

bool
http_read_authority(struct http_text text, unsigned default_port,
                    struct http_request *request)
{
    struct http_text host = text;
    size_t n;

    request->is_ipv6 = false;
    if (text.length > 0 && text.at[0] == '[') {
        const char *end = memchr(text.at, ']', text.length);

        if (end == NULL)
            return false;
        host = (struct http_text){ text.at + 1,
                                   (size_t)(end - text.at) - 1 };
        n = host.length + 2;
        if (!read_ipv6(request, host))
            return false;
    } else {
        const char *colon = memchr(text.at, ':', text.length);

        n = colon == NULL ? text.length : (size_t)(colon - text.at);
        host.length = n;
        if (!copy_host(request, host))
            return false;
    }
    return read_port((struct http_text){ text.at + n, text.length - n },
                     default_port, &request->port);
}

/* ---- Target (9112, 3.2) ---- */

static bool
take_scheme(struct http_text *target, const char *scheme)
{
    const size_t n = strlen(scheme);
    const struct http_text front = { target->at,
                                     target->length < n ? target->length
                                                        : n };

    if (!http_text_equal_nocase(front, scheme))
        return false;
    target->at += n;
    target->length -= n;
    return true;
}

static unsigned
read_absolute(struct http_request *request, struct http_text target)
{
    struct http_text authority;
    size_t n = 0;

    request->form = HTTP_FORM_ABSOLUTE;
    if (take_scheme(&target, "https://"))
        request->is_tls = true;
    else if (!take_scheme(&target, "http://"))
        return refuse(request, 400, "the address is neither http nor https");
    while (n < target.length && strchr("/?#", target.at[n]) == NULL)
        n++;
    authority = (struct http_text){ target.at, n };
    if (memchr(authority.at, '@', n) != NULL)
        return refuse(request, 400, "the address has a user name in it");
    if (!http_read_authority(authority, request->is_tls ? 443 : 80, request))
        return refuse(request, 400, "the host of the address is malformed");
    request->path = (struct http_text){ target.at + n, target.length - n };
    if (memchr(request->path.at, '#', request->path.length) != NULL)
        return refuse(request, 400, "the address has a fragment");
    return 0;
}

static unsigned
read_target(const struct http_head *head, struct http_request *request)
{
    const struct http_text target = head->target;

    if (http_text_equal(head->method, "CONNECT")) {
        request->form = HTTP_FORM_AUTHORITY;
        return http_read_authority(target, 0, request)
                   ? 0
                   : refuse(request, 400, "CONNECT takes host:port");
    }
    if (target.at[0] == '/') {
        request->form = HTTP_FORM_ORIGIN;
        request->path = target;
        return memchr(target.at, '#', target.length) != NULL
                   ? refuse(request, 400, "the address has a fragment")
                   : 0;
    }
    if (http_text_equal(target, "*")) {
        request->form = HTTP_FORM_ASTERISK;
        request->path = target;
        return http_text_equal(head->method, "OPTIONS")
                   ? 0
                   : refuse(request, 400, "only OPTIONS takes *");
    }
    return read_absolute(request, target);
}

/* 9112, 3.2: exactly one Host in HTTP/1.1, and it must be well formed.  With an
 * absolute target its value is not used (3.2.2). */
static unsigned
check_host(const struct http_head *head, struct http_request *request)
{
    const struct http_field *host = http_head_find(head, HTTP_HOST);
    struct http_request named = { .port = 0 };

    if (host == NULL)
        return head->minor == 0 && request->form != HTTP_FORM_ORIGIN
                   ? 0
                   : refuse(request, 400, "the request has no Host");
    if (host->value.length == 0)
        return request->form == HTTP_FORM_ORIGIN
                   ? refuse(request, 400, "Host is empty")
                   : 0;
    if (!http_read_authority(host->value, 80, &named))
        return refuse(request, 400, "Host is malformed");
    if (request->form == HTTP_FORM_ORIGIN
        || request->form == HTTP_FORM_ASTERISK) {
        memcpy(request->host, named.host, sizeof(named.host));
        request->port = named.port;
        request->is_ipv6 = named.is_ipv6;
    }
    return 0;
}

/* ---- Body (9112, 6) ---- */

static unsigned
read_framing(const struct http_head *head, struct http_request *request)
{
    const struct http_field *coding
        = http_head_find(head, HTTP_TRANSFER_ENCODING);
    const struct http_field *length = http_head_find(head,
                                                     HTTP_CONTENT_LENGTH);

    if (coding != NULL && length != NULL)
        return refuse(request, 400, "the body has two lengths: "
                                    "Transfer-Encoding and Content-Length");
    if (coding != NULL && head->minor == 0)
        return refuse(request, 400, "HTTP/1.0 has no Transfer-Encoding");
    if (coding != NULL) {
        request->body = HTTP_BODY_CHUNKED;
        return http_text_equal_nocase(coding->value, "chunked")
                   ? 0
                   : refuse(request, 501, "the only transfer coding that "
                                          "is understood is chunked");
    }
    if (length == NULL)
        return 0;
    if (!http_read_number(length->value, MAX_BODY, &request->length))
        return refuse(request, 400, "Content-Length is no number");
    if (request->length > 0)
        request->body = HTTP_BODY_LENGTH;
    return 0;
}

/* ---- Connection ---- */

static bool
list_has(const struct http_head *head, enum http_field_id id,
         const char *word)
{
    for (size_t i = 0; i < head->count && head->seen[id] > 0; i++) {
        struct http_text list = head->fields[i].value, member;

        if (head->fields[i].id != id)
            continue;
        while (http_next_member(&list, &member)) {
            if (http_text_equal_nocase(member, word))
                return true;
        }
    }
    return false;
}

bool
http_is_connection_option(const struct http_head *head,
                          struct http_text name)
{
    for (size_t i = 0; i < head->count && head->seen[HTTP_CONNECTION] > 0;
         i++) {
        struct http_text list = head->fields[i].value, member;

        if (head->fields[i].id != HTTP_CONNECTION)
            continue;
        while (http_next_member(&list, &member)) {
            if (http_text_same_nocase(member, name))
                return true;
        }
    }
    return false;
}

bool
http_has_session_auth(const struct http_head *head)
{
    const struct http_field *field = http_head_find(head,
                                                    HTTP_AUTHORIZATION);

    return field != NULL
           && (http_text_starts_nocase(field->value, "NTLM ")
               || http_text_starts_nocase(field->value, "Negotiate "));
}

bool
http_is_last_answer(const struct http_head *head)
{
    return list_has(head, HTTP_CONNECTION, "close")
           || (head->minor == 0
               && !list_has(head, HTTP_CONNECTION, "keep-alive"));
}

static void
read_connection(const struct http_head *head, struct http_request *request)
{
    const bool closes = list_has(head, HTTP_CONNECTION, "close")
                        || list_has(head, HTTP_PROXY_CONNECTION, "close");
    const bool keeps = list_has(head, HTTP_CONNECTION, "keep-alive")
                       || list_has(head, HTTP_PROXY_CONNECTION,
                                   "keep-alive");

    request->keeps_alive = !closes && (head->minor == 1 || keeps);
    request->is_websocket = head->minor == 1
                            && http_text_equal(head->method, "GET")
                            && list_has(head, HTTP_CONNECTION, "upgrade")
                            && list_has(head, HTTP_UPGRADE, "websocket")
                            && request->body == HTTP_BODY_NONE;
}

static unsigned
read_expectation(const struct http_head *head, struct http_request *request)
{
    const struct http_field *expect = http_head_find(head, HTTP_EXPECT);

    if (expect == NULL)
        return 0;
    if (!http_text_equal_nocase(expect->value, "100-continue"))
        return refuse(request, 417, "the only expectation that is understood "
                                    "is 100-continue");
    request->expects_continue = head->minor == 1
                                && request->body != HTTP_BODY_NONE;
    return 0;
}

static unsigned
read_max_forwards(const struct http_head *head, struct http_request *request)
{
    const struct http_field *field = http_head_find(head, HTTP_MAX_FORWARDS);

    if (field == NULL)
        return 0;
    if (!http_read_number(field->value, UINT32_MAX, &request->max_forwards))
        return refuse(request, 400, "Max-Forwards is no number");
    request->has_max_forwards = true;
    return 0;
}

unsigned
http_audit(const struct http_head *head, struct http_request *request)
{
    unsigned status;

    memset(request, 0, sizeof(*request));
    status = read_target(head, request);
    if (status == 0)
        status = check_host(head, request);
    if (status == 0)
        status = read_framing(head, request);
    if (status == 0)
        status = read_expectation(head, request);
    if (status == 0)
        status = read_max_forwards(head, request);
    if (status != 0)
        return status;
    if (request->form == HTTP_FORM_AUTHORITY
        && request->body != HTTP_BODY_NONE)
        return refuse(request, 400, "CONNECT has no body");
    read_connection(head, request);
    return 0;
}

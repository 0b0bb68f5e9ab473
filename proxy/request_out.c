/* SPDX-License-Identifier: MIT */
/* request_out.c - chooses the fields that go on (RFC 9110, 7.6). */

#include "proxy/request_out.h"

#include <stdio.h>
#include <string.h>

#include "proxy/inspect.h"

/* Fields that make an origin send less than the whole. */
static bool
makes_partial(enum http_field_id id)
{
    return id == HTTP_RANGE || id == HTTP_IF_RANGE || id == HTTP_IF_NONE_MATCH
           || id == HTTP_IF_MODIFIED_SINCE;
}

static void
add(struct header_list *list, const char *name, const char *value)
{
    header_list_add(list, name, strlen(name), value, strlen(value));
}

/* Only codings that we can undo, with the client's weights. */
static void
add_codings(struct header_list *list, const struct http_head *head)
{
    struct bytes value = { 0 };

    for (size_t i = 0; i < head->count; i++) {
        struct http_text members = head->fields[i].value, member;

        if (head->fields[i].id != HTTP_ACCEPT_ENCODING)
            continue;
        while (http_next_member(&members, &member)) {
            const char *semicolon = memchr(member.at, ';', member.length);
            const struct http_text name = http_trim((struct http_text){
                member.at, semicolon == NULL
                               ? member.length
                               : (size_t)(semicolon - member.at) });

            if (!inspect_is_coding(name))
                continue;
            bytes_append_text(&value, bytes_length(&value) > 0 ? ", " : "");
            bytes_append(&value, member.at, member.length);
        }
    }
    if (bytes_length(&value) > 0)
        header_list_add(list, "Accept-Encoding", strlen("Accept-Encoding"),
                        bytes_front(&value), bytes_length(&value));
    bytes_fini(&value);
}

/* 9110, 7.6.3: every proxy adds itself. */
static void
add_via(struct header_list *list, const struct http_head *head,
        const char *name)
{
    struct bytes value = { 0 };

    for (size_t i = 0; i < head->count; i++) {
        if (head->fields[i].id != HTTP_VIA)
            continue;
        bytes_append(&value, head->fields[i].value.at,
                     head->fields[i].value.length);
        bytes_append_text(&value, ", ");
    }
    bytes_format(&value, "1.%u %s", head->minor, name);
    header_list_add(list, "Via", 3, bytes_front(&value),
                    bytes_length(&value));
    bytes_fini(&value);
}

static void
add_own(struct header_list *list, const struct http_head *head,
        const struct http_request *request,
        const struct request_out_options *options)
{
    char number[24];

    if (options->is_plain)              /* nothing would mean any (9110,
                                         * 12.5.3) */
        add(list, "Accept-Encoding", "identity");
    else
        add_codings(list, head);
    add_via(list, head, options->via);
    if (request->has_max_forwards) {    /* 0 is ours to answer, or means
                                         * nothing (9110, 7.6.2) */
        (void)snprintf(number, sizeof(number), "%llu",
                       (unsigned long long)request->max_forwards
                           - (request->max_forwards > 0));
        add(list, "Max-Forwards", number);
    }
    if (request->expects_continue)
        add(list, "Expect", "100-continue");
    else
        header_list_suppress(list, "Expect");
    if (request->body == HTTP_BODY_CHUNKED)
        add(list, "Transfer-Encoding", "chunked");
    else if (request->body == HTTP_BODY_NONE
             && http_head_find(head, HTTP_CONTENT_LENGTH) != NULL)
        add(list, "Content-Length", "0");
}

/* 9110, 7.2: Host comes from the target. */
static void
add_host(struct header_list *list, const struct http_request *request)
{
    char host[HTTP_MAX_HOST + 16];
    const bool is_default = request->port == (request->is_tls ? 443u : 80u);
    const int n = snprintf(host, sizeof(host), request->is_ipv6 ? "[%s]"
                                                                : "%s",
                           request->host);

    if (!is_default)
        (void)snprintf(host + n, sizeof(host) - (size_t)n, ":%u",
                       request->port);
    add(list, "Host", host);
}

/* RFC 7692; others could not be judged, and are not offered. */
static bool
is_known_extension(struct http_text value)
{
    static const char known[] = "permessage-deflate";
    struct http_text member;

    while (http_next_member(&value, &member)) {
        if (member.length < sizeof(known) - 1
            || memcmp(member.at, known, sizeof(known) - 1) != 0)
            return false;
    }
    return true;
}

struct header_list *
request_out_headers(const struct http_head *head,
                    const struct http_request *request,
                    const struct request_out_options *options)
{
    struct header_list *list = header_list_new();

    add_host(list, request);
    for (size_t i = 0; i < head->count; i++) {
        const struct http_field *field = &head->fields[i];

        if (field->id == HTTP_SEC_WEBSOCKET_EXTENSIONS
            && !is_known_extension(field->value))
            continue;
        if (http_field_flags(field->id) != 0
            || (options->is_whole && makes_partial(field->id))
            || http_is_connection_option(head, field->name))
            continue;
        header_list_add(list, field->name.at, field->name.length,
                        field->value.at, field->value.length);
    }
    if (head->seen[HTTP_ACCEPT] == 0)
        header_list_suppress(list, "Accept");
    if (head->seen[HTTP_USER_AGENT] == 0)
        header_list_suppress(list, "User-Agent");
    if (head->seen[HTTP_CONTENT_TYPE] == 0)
        header_list_suppress(list, "Content-Type");
    add_own(list, head, request, options);
    return list;
}

void
request_out_upgrade(const struct http_head *head,
                    const struct http_request *request,
                    const struct request_out_options *options,
                    const char *target, struct bytes *out)
{
    struct header_list *list = request_out_headers(head, request, options);

    bytes_format(out, "GET %s HTTP/1.1\r\n", target);
    header_list_write(list, out);
    bytes_append_text(out, "Connection: Upgrade\r\n"
                           "Upgrade: websocket\r\n\r\n");
    header_list_free(list);
}

bool
request_out_is_loop(const struct http_head *head, const char *name)
{
    for (size_t i = 0; i < head->count; i++) {
        struct http_text members = head->fields[i].value, member;

        if (head->fields[i].id != HTTP_VIA)
            continue;
        while (http_next_member(&members, &member)) {
            const char *space = memchr(member.at, ' ', member.length);
            struct http_text by;

            if (space == NULL)
                continue;
            by.at = space + 1;
            by.length = member.length - (size_t)(by.at - member.at);
            if (http_text_equal(http_trim(by), name))
                return true;
        }
    }
    return false;
}

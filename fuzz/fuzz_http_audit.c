/* SPDX-License-Identifier: MIT */
/* fuzz_http_audit.c - reads the input as a client's connection, and as an
 * origin's.
 *
 * An input that begins with # is text: its first line is a comment, each line
 * feed stands for CR LF, and \r, \n, \0, \t and \\ for themselves.  What must
 * hold: a beginning is never taken for a whole head; a request that is
 * accepted means the same once davyd has written it anew; a body is the same
 * in pieces of any size. */

#include <stdlib.h>
#include <string.h>

#include "proxy/http_audit.h"
#include "proxy/http_body.h"
#include "proxy/request_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_INPUT ((size_t)1 << 15)

/* davyd adds some fields, and would refuse its own head beyond the most. */
#define MAX_FIELDS (HTTP_MAX_FIELDS - 10)

static void
require(bool holds)
{
    if (!holds)
        abort();
}

/* A block that ends with the last byte. */
static char *
copy_exactly(const char *bytes, size_t length)
{
    char *exact = calloc(1, length == 0 ? 1 : length);

    require(exact != NULL);
    if (length > 0)
        memcpy(exact, bytes, length);
    return exact;
}

/* ---- Heads ---- */

/* The end, which is the same when bytes come one by one. */
static size_t
find_end(const char *bytes, size_t length)
{
    size_t scanned = 0, end, n = 0;

    end = http_head_end(bytes, length, &scanned);
    require(end <= length);
    scanned = 0;
    while (n < length) {
        char *exact = copy_exactly(bytes, ++n);
        const size_t found = http_head_end(exact, n, &scanned);

        free(exact);
        if (found == 0)
            continue;
        require(found == end && n == end);
        return end;
    }
    require(end == 0);
    return 0;
}

static unsigned
read_exactly(struct http_head *head, const char *bytes, size_t length)
{
    char *exact = copy_exactly(bytes, length);
    const unsigned status = http_head_read(head, exact, length);

    free(exact);
    require(status == 0 || (status >= 400 && status < 600));
    require((head->fault == NULL) == (status == 0));
    return status;
}

static void
check_beginnings(struct http_head *head, const char *bytes, size_t end)
{
    const size_t step = end / 128 + 1;

    for (size_t n = 0; n < end; n += step)
        require(read_exactly(head, bytes, n) != 0);
}

static void
check_fields(const struct http_head *head)
{
    require(head->count <= HTTP_MAX_FIELDS);
    for (size_t i = 0; i < head->count; i++) {
        const struct http_text value = head->fields[i].value;

        require(http_is_token(head->fields[i].name));
        require(http_is_field_value(value));
        require(http_trim(value).length == value.length);
    }
}

static void
check_reply(struct http_head *head, const char *bytes, size_t end)
{
    char *exact = copy_exactly(bytes, end);

    if (http_head_read_reply(head, exact, end)) {
        require(head->status >= 100 && head->status <= 999);
        check_fields(head);
    }
    free(exact);
}

/* ---- Requests, written anew ---- */

static void
check_request(const struct http_request *request)
{
    const size_t length = strnlen(request->host, sizeof(request->host));

    require(length <= HTTP_MAX_HOST);
    for (size_t i = 0; i < length; i++)
        require(strchr("/?#@\\%[] ", request->host[i]) == NULL
                && (unsigned char)request->host[i] > ' ');
    if (request->form == HTTP_FORM_ABSOLUTE
        || request->form == HTTP_FORM_AUTHORITY
        || request->form == HTTP_FORM_ORIGIN)
        require(length > 0 && request->port >= 1 && request->port <= 65535);
    require((request->body == HTTP_BODY_LENGTH) == (request->length > 0));
    require(memchr(request->path.at == NULL ? "" : request->path.at, '#',
                   request->path.length) == NULL);
}

/* As proxy/exchange sends it: libcurl adds the length of a body. */
static void
write_anew(const struct http_head *head, const struct http_request *request,
           const struct request_out_options *options, struct bytes *out)
{
    const bool is_bare = request->path.length == 0
                         || request->path.at[0] == '?';
    struct bytes target = { 0 };

    bytes_append_text(&target, is_bare ? "/" : "");
    bytes_append(&target, request->path.at, request->path.length);
    bytes_append(&target, "", 1);
    if (request->is_websocket) {
        request_out_upgrade(head, request, options, bytes_front(&target),
                            out);
    } else {
        struct header_list *list = request_out_headers(head, request,
                                                       options);

        bytes_append(out, head->method.at, head->method.length);
        bytes_format(out, " %s HTTP/1.1\r\n", bytes_front(&target));
        header_list_write(list, out);
        if (request->body == HTTP_BODY_LENGTH)
            bytes_format(out, "Content-Length: %llu\r\n",
                         (unsigned long long)request->length);
        bytes_append_text(out, "\r\n");
        header_list_free(list);
    }
    bytes_fini(&target);
}

static bool
is_same_text(struct http_text a, struct http_text b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static void
check_same_request(const struct http_request *a, const struct http_request *b)
{
    const size_t added = b->path.length - a->path.length;

    require(strcmp(a->host, b->host) == 0 && a->is_ipv6 == b->is_ipv6);
    /* Host does not say whether it is TLS. */
    require(a->port == b->port
            || (a->is_tls && a->port == 443 && b->port == 80));
    require(a->body == b->body && a->length == b->length);
    require(a->is_websocket == b->is_websocket);
    require(a->expects_continue == b->expects_continue);
    require(b->has_max_forwards == a->has_max_forwards
            && b->max_forwards == a->max_forwards - (a->max_forwards > 0));
    require(added <= 1 && b->path.at[0] == '/'
            && (a->path.length == 0
                || memcmp(a->path.at, b->path.at + added, a->path.length)
                       == 0));
}

static bool
is_passed_on(const struct http_head *head, const struct http_field *field)
{
    return http_field_flags(field->id) == 0
           && !http_is_connection_option(head, field->name);
}

/* What goes on is there as it was, in order, and nothing else but what is
 * davyd's. */
static void
check_same_fields(const struct http_head *a, const struct http_head *b,
                  bool is_whole)
{
    size_t from = 0;

    for (size_t i = 0; i < b->count; i++) {
        const struct http_field *field = &b->fields[i];

        if (http_field_flags(field->id) != 0)
            continue;
        while (from < a->count
               && !(is_passed_on(a, &a->fields[from])
                    && is_same_text(a->fields[from].name, field->name)
                    && is_same_text(a->fields[from].value, field->value))) {
            /* Only these may be left out. */
            require(is_whole || !is_passed_on(a, &a->fields[from])
                    || a->fields[from].id == HTTP_SEC_WEBSOCKET_EXTENSIONS);
            from++;
        }
        require(from < a->count);
        from++;
    }
    for (; !is_whole && from < a->count; from++)
        require(!is_passed_on(a, &a->fields[from])
                || a->fields[from].id == HTTP_SEC_WEBSOCKET_EXTENSIONS);
    require(b->seen[HTTP_HOST] == 1 && b->seen[HTTP_VIA] == 1);
    require(b->seen[HTTP_CONTENT_LENGTH] + b->seen[HTTP_TRANSFER_ENCODING]
            <= 1);
    require(b->seen[HTTP_PROXY_AUTHORIZATION] == 0
            && b->seen[HTTP_KEEP_ALIVE] == 0 && b->seen[HTTP_TE] == 0);
}

static void
check_anew(const struct http_head *head, const struct http_request *request,
           bool is_whole)
{
    const struct request_out_options options = { "davyd-fuzz", is_whole,
                                                 is_whole };
    struct http_head *again = calloc(1, sizeof(*again));
    struct http_request request_again;
    struct bytes out = { 0 };
    size_t scanned = 0;

    require(again != NULL);
    write_anew(head, request, &options, &out);
    require(http_head_end(bytes_front(&out), bytes_length(&out), &scanned)
            == bytes_length(&out));
    require(http_head_read(again, bytes_front(&out), bytes_length(&out))
            == 0);
    require(http_audit(again, &request_again) == 0);
    require(is_same_text(head->method, again->method));
    check_same_request(request, &request_again);
    check_same_fields(head, again, is_whole);
    require(request_out_is_loop(again, "davyd-fuzz"));
    bytes_fini(&out);
    free(again);
}

/* ---- Bodies ---- */

struct body {
    enum http_body_state state;
    size_t used, data;
    uint64_t sum;                       /* of the data (FNV-1a) */
};

/* Read in pieces of at most `piece` bytes. */
static struct body
read_body(const struct http_request *request, const char *bytes,
          size_t length, size_t piece)
{
    struct body body = { HTTP_BODY_MORE, 0, 0, 14695981039346656037u };
    struct http_body_reader reader;
    size_t have = 0;

    http_body_begin(&reader, request->body, request->length);
    do {
        struct http_text data = { NULL, 0 };
        size_t used;

        if (body.state == HTTP_BODY_MORE)
            have += piece < length - have ? piece : length - have;
        body.state = http_body_read(&reader, bytes + body.used,
                                    have - body.used, &used, &data);
        require(used <= have - body.used);
        body.used += used;
        if (body.state == HTTP_BODY_DATA) {
            require(data.at >= bytes && data.length > 0
                    && data.at + data.length == bytes + body.used);
            body.data += data.length;
        }
        for (size_t i = 0; body.state == HTTP_BODY_DATA && i < data.length;
             i++)
            body.sum = (body.sum ^ (uint8_t)data.at[i]) * 1099511628211u;
    } while (body.state == HTTP_BODY_DATA
             || (body.state == HTTP_BODY_MORE && have < length));
    return body;
}

static void
check_body(const struct http_request *request, const char *bytes,
           size_t length)
{
    static const size_t pieces[] = { 1, 3, 64 };
    char *exact = copy_exactly(bytes, length);
    const struct body whole = read_body(request, exact, length, length + 1);

    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        const struct body part = read_body(request, exact, length,
                                           pieces[i]);

        require(part.state == whole.state && part.used == whole.used
                && part.data == whole.data && part.sum == whole.sum);
    }
    if (request->body == HTTP_BODY_NONE)
        require(whole.state == HTTP_BODY_END && whole.used == 0);
    if (request->body == HTTP_BODY_LENGTH)
        require(whole.used == whole.data && whole.used <= request->length);
    free(exact);
}

/* ---- Input ---- */

static void
check_accepted(const struct http_head *head,
               const struct http_request *request)
{
    check_fields(head);
    check_request(request);
    if (request->form == HTTP_FORM_AUTHORITY
        || request->form == HTTP_FORM_ASTERISK || head->count > MAX_FIELDS)
        return;
    check_anew(head, request, false);
    check_anew(head, request, true);
}

static void
check(const char *bytes, size_t length)
{
    const size_t end = find_end(bytes, length);
    struct http_head *head = calloc(1, sizeof(*head));
    struct http_request request;
    char *exact;

    require(head != NULL);
    check_beginnings(head, bytes, end == 0 ? length : end);
    check_reply(head, bytes, end == 0 ? length : end);
    exact = copy_exactly(bytes, end);
    if (end > 0 && http_head_read(head, exact, end) == 0
        && http_audit(head, &request) == 0) {
        check_accepted(head, &request);
        check_body(&request, bytes + end, length - end);
    }
    free(exact);
    free(head);
}

static size_t
read_text(const char *text, size_t size, char *out)
{
    static const char names[] = "rn0t\\", bytes[] = "\r\n\0\t\\";
    const char *feed = memchr(text, '\n', size);
    size_t length = 0;

    for (size_t i = feed == NULL ? size : (size_t)(feed - text) + 1;
         i < size; i++) {
        const char *name = text[i] == '\\' && i + 1 < size
                               ? memchr(names, text[i + 1], 5)
                               : NULL;

        if (text[i] == '\n')
            out[length++] = '\r';
        if (name != NULL)
            i++;
        out[length++] = name != NULL ? bytes[name - names] : text[i];
    }
    return length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (size > MAX_INPUT)
        return 0;
    if (size == 0 || data[0] != '#') {
        check((const char *)data, size);
        return 0;
    }
    text = calloc(2, size);
    require(text != NULL);
    check(text, read_text((const char *)data, size, text));
    free(text);
    return 0;
}

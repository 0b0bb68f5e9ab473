/* SPDX-License-Identifier: MIT */
/* client_hello.c - reads the server name and the protocols out of a TLS
 * ClientHello (RFC 8446, 4.1.2), which may lie in several records. */

#include "proxy/client_hello.h"

#include <string.h>

#define RECORD_HEAD      ((size_t)5)
#define MAX_RECORD       ((size_t)16384)
#define HANDSHAKE_RECORD 22
#define HANDSHAKE_HEAD   ((size_t)4)
#define CLIENT_HELLO     1
#define RANDOM_SIZE      ((size_t)32)

#define EXTENSION_SERVER_NAME 0
#define EXTENSION_ALPN        16
#define HOST_NAME             0

/* Bytes that are left; each read moves it, on success only. */
struct cursor {
    const uint8_t *at;
    size_t left;
};

static bool
take(struct cursor *in, size_t length, struct cursor *part)
{
    if (length > in->left)
        return false;
    *part = (struct cursor){ in->at, length };
    in->at += length;
    in->left -= length;
    return true;
}

/* A big-endian number of 1 to 3 bytes. */
static bool
take_number(struct cursor *in, size_t bytes, size_t *number)
{
    struct cursor part;

    if (!take(in, bytes, &part))
        return false;
    *number = 0;
    for (size_t i = 0; i < bytes; i++)
        *number = *number << 8 | part.at[i];
    return true;
}

/* A vector: its length in `bytes` bytes, and then that many. */
static bool
take_vector(struct cursor *in, size_t bytes, struct cursor *part)
{
    struct cursor copy = *in;
    size_t length;

    if (!take_number(&copy, bytes, &length) || !take(&copy, length, part))
        return false;
    *in = copy;
    return true;
}

/* ---- Extensions ---- */

static bool
is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static bool
read_host(struct client_hello *hello, struct cursor host)
{
    if (host.left > 1 && host.at[host.left - 1] == '.')
        host.left--;
    if (host.left == 0 || host.left >= sizeof(hello->name))
        return false;
    for (size_t i = 0; i < host.left; i++) {
        const uint8_t c = host.at[i];

        if (!is_name_byte(c))
            return false;
        hello->name[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return true;
}

/* RFC 6066, 3: at most one name of each type. */
static bool
read_server_name(struct client_hello *hello, struct cursor extension)
{
    struct cursor list;

    if (!take_vector(&extension, 2, &list) || list.left == 0
        || extension.left != 0)
        return false;
    while (list.left > 0) {
        struct cursor name;
        size_t type;

        if (!take_number(&list, 1, &type) || !take_vector(&list, 2, &name))
            return false;
        if (type == HOST_NAME
            && (hello->name[0] != '\0' || !read_host(hello, name)))
            return false;
    }
    return true;
}

static bool
is_protocol(struct cursor protocol, const char *name)
{
    return protocol.left == strlen(name)
           && memcmp(protocol.at, name, protocol.left) == 0;
}

/* RFC 7301, 3.1. */
static bool
read_alpn(struct client_hello *hello, struct cursor extension)
{
    struct cursor list;

    if (hello->has_alpn || !take_vector(&extension, 2, &list)
        || list.left == 0 || extension.left != 0)
        return false;
    hello->has_alpn = true;
    while (list.left > 0) {
        struct cursor protocol;

        if (!take_vector(&list, 1, &protocol) || protocol.left == 0)
            return false;
        if (is_protocol(protocol, "http/1.1")
            || is_protocol(protocol, "http/1.0"))
            hello->offers_http1 = true;
        else if (is_protocol(protocol, "h2"))
            hello->offers_h2 = true;
    }
    return true;
}

static bool
read_extensions(struct client_hello *hello, struct cursor list)
{
    bool has_server_name = false;

    while (list.left > 0) {
        struct cursor extension;
        size_t type;
        bool is_well = true;

        if (!take_number(&list, 2, &type)
            || !take_vector(&list, 2, &extension))
            return false;
        if (type == EXTENSION_SERVER_NAME) {
            is_well = !has_server_name && read_server_name(hello, extension);
            has_server_name = true;
        } else if (type == EXTENSION_ALPN) {
            is_well = read_alpn(hello, extension);
        }
        if (!is_well)
            return false;
    }
    return true;
}

/* The message without its head. */
static bool
read_message(struct client_hello *hello, struct cursor in)
{
    struct cursor part;

    if (!take(&in, 2, &part) || !take(&in, RANDOM_SIZE, &part)
        || !take_vector(&in, 1, &part) || part.left > 32)
        return false;
    if (!take_vector(&in, 2, &part) || part.left < 2 || part.left % 2 != 0)
        return false;                   /* cipher suites */
    if (!take_vector(&in, 1, &part) || part.left == 0)
        return false;                   /* compression methods */
    if (in.left == 0)
        return true;                    /* TLS 1.2 without extensions */
    return take_vector(&in, 2, &part) && in.left == 0
           && read_extensions(hello, part);
}

/* ---- Records ---- */

/* Whether the `length` bytes at `at` can be the head of a handshake record;
 * bytes that are not there yet are fine. */
static enum client_hello_result
check_head(const uint8_t *at, size_t length, bool is_first)
{
    const enum client_hello_result no = is_first ? CLIENT_HELLO_NOT_TLS
                                                 : CLIENT_HELLO_BAD;
    size_t size;

    if ((length > 0 && at[0] != HANDSHAKE_RECORD)
        || (length > 1 && at[1] != 3) || (length > 2 && at[2] > 4))
        return no;
    if (length < RECORD_HEAD)
        return CLIENT_HELLO_MORE;
    size = (size_t)at[3] << 8 | at[4];
    return size == 0 || size > MAX_RECORD ? no : CLIENT_HELLO_OK;
}

/* Gathers the message out of its records: `left` of them is behind the part
 * that was gathered. */
struct gather {
    struct cursor in;
    uint8_t *message;
    size_t length;
};

/* Append what there is of the next record's content. */
static enum client_hello_result
gather_record(struct gather *g, bool is_first)
{
    const enum client_hello_result head
        = check_head(g->in.at, g->in.left, is_first);
    size_t size;

    if (head != CLIENT_HELLO_OK)
        return head;
    size = (size_t)g->in.at[3] << 8 | g->in.at[4];
    g->in.at += RECORD_HEAD;
    g->in.left -= RECORD_HEAD;
    if (size > g->in.left)
        size = g->in.left;
    memcpy(g->message + g->length, g->in.at, size);
    g->length += size;
    g->in.at += size;
    g->in.left -= size;
    return CLIENT_HELLO_OK;
}

/* Bytes of the whole message with its head; 0 when they cannot be known yet. */
static size_t
message_size(const struct gather *g)
{
    struct cursor head = { g->message, g->length };
    size_t type, size;

    if (!take_number(&head, 1, &type) || !take_number(&head, 3, &size))
        return 0;
    return HANDSHAKE_HEAD + size;
}

enum client_hello_result
client_hello_read(struct client_hello *out, const void *bytes, size_t length)
{
    uint8_t message[CLIENT_HELLO_MAX];
    struct client_hello hello = { .has_alpn = false };
    const size_t seen = length < CLIENT_HELLO_MAX ? length
                                                  : CLIENT_HELLO_MAX;
    struct gather g = { { bytes, seen }, message, 0 };
    size_t size = 0;

    for (bool is_first = true; size == 0 || g.length < size;
         is_first = false) {
        const enum client_hello_result result = gather_record(&g, is_first);

        if (result == CLIENT_HELLO_MORE)
            return seen == CLIENT_HELLO_MAX ? CLIENT_HELLO_BAD : result;
        if (result != CLIENT_HELLO_OK)
            return result;
        if (g.length > 0 && message[0] != CLIENT_HELLO)
            return CLIENT_HELLO_BAD;
        size = message_size(&g);
        if (size > CLIENT_HELLO_MAX)
            return CLIENT_HELLO_BAD;
    }
    if (!read_message(&hello, (struct cursor){ message + HANDSHAKE_HEAD,
                                               size - HANDSHAKE_HEAD }))
        return CLIENT_HELLO_BAD;
    *out = hello;
    return CLIENT_HELLO_OK;
}

/* SPDX-License-Identifier: MIT */
/* proxy_protocol.c - reads the header before the first request. */

#include "proxy/proxy_protocol.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "common/text.h"

/* "PROXY UNKNOWN" and two IPv6 addresses, with the line's end (2.1). */
#define MAX_LINE 107

static bool
is_start_of(const void *bytes, size_t length, const void *of, size_t whole)
{
    return memcmp(bytes, of, length < whole ? length : whole) == 0;
}

/* ---- Version 1: a line of text (2.1) ---- */

/* The next word, which ends at one space or at the line's end; NULL without
 * one. */
static char *
next_word(char **rest)
{
    char *word = *rest;

    if (word == NULL || *word == '\0' || *word == ' ')
        return NULL;
    *rest = strchr(word, ' ');
    if (*rest != NULL)
        *(*rest)++ = '\0';
    return word;
}

/* Canonical decimal: no sign, no zero in front. */
static bool
read_port(const char *text, in_port_t *port)
{
    unsigned long long number;

    if (text == NULL || (text[0] == '0' && text[1] != '\0')
        || !text_read_number(text, false, &number) || number > 65535)
        return false;
    *port = htons((uint16_t)number);
    return true;
}

static bool
read_addresses(char *rest, int family, struct sockaddr_storage *source)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    void *address = family == AF_INET ? (void *)&v4.sin_addr
                                      : (void *)&v6.sin6_addr;
    const char *from = next_word(&rest);
    const char *to = next_word(&rest);
    const char *from_port = next_word(&rest);
    const char *to_port = next_word(&rest);
    struct in6_addr ignored;
    in_port_t port, ignored_port;

    if (rest != NULL || from == NULL || to == NULL
        || inet_pton(family, to, &ignored) != 1
        || inet_pton(family, from, address) != 1
        || !read_port(from_port, &port) || !read_port(to_port, &ignored_port))
        return false;
    v4.sin_port = v6.sin6_port = port;
    if (family == AF_INET)
        memcpy(source, &v4, sizeof(v4));
    else
        memcpy(source, &v6, sizeof(v6));
    return true;
}

static enum proxy_protocol_state
read_line(const char *bytes, size_t length, struct proxy_protocol *out,
          size_t *used)
{
    const size_t most = length < MAX_LINE ? length : MAX_LINE;
    const char *end = memchr(bytes, '\n', most);
    char line[MAX_LINE + 1];
    char *rest = line;
    const char *word;
    size_t n;

    if (end == NULL)
        return length < MAX_LINE ? PROXY_PROTOCOL_MORE : PROXY_PROTOCOL_BAD;
    n = (size_t)(end - bytes);
    if (n == 0 || bytes[n - 1] != '\r' || memchr(bytes, '\0', n) != NULL)
        return PROXY_PROTOCOL_BAD;
    memcpy(line, bytes, n - 1);
    line[n - 1] = '\0';
    *used = n + 1;
    (void)next_word(&rest);             /* PROXY */
    word = next_word(&rest);
    memset(out, 0, sizeof(*out));
    if (word != NULL && strcmp(word, "UNKNOWN") == 0) {
        out->is_local = true;           /* whatever follows */
        return PROXY_PROTOCOL_DONE;
    }
    if (word == NULL || rest == NULL
        || (strcmp(word, "TCP4") != 0 && strcmp(word, "TCP6") != 0)
        || !read_addresses(rest, word[3] == '4' ? AF_INET : AF_INET6,
                           &out->source))
        return PROXY_PROTOCOL_BAD;
    return PROXY_PROTOCOL_DONE;
}

/* ---- Version 2: binary (2.2) ---- */

static const uint8_t signature[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                       0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

#define HEADER   16u
#define LOCAL    0x20u
#define PROXY    0x21u
#define TCP_IPV4 0x11u
#define TCP_IPV6 0x21u

static bool
read_ipv4(const uint8_t *at, size_t length, struct sockaddr_storage *source)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };

    if (length < 12)
        return false;
    memcpy(&v4.sin_addr, at, 4);
    memcpy(&v4.sin_port, at + 8, 2);
    memcpy(source, &v4, sizeof(v4));
    return true;
}

static bool
read_ipv6(const uint8_t *at, size_t length, struct sockaddr_storage *source)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

    if (length < 36)
        return false;
    memcpy(&v6.sin6_addr, at, 16);
    memcpy(&v6.sin6_port, at + 32, 2);
    memcpy(source, &v6, sizeof(v6));
    return true;
}

static enum proxy_protocol_state
read_binary(const uint8_t *bytes, size_t length, struct proxy_protocol *out,
            size_t *used)
{
    size_t rest;
    bool is_good = true;

    if (length > 12 && bytes[12] != LOCAL && bytes[12] != PROXY)
        return PROXY_PROTOCOL_BAD;
    if (length < HEADER)
        return PROXY_PROTOCOL_MORE;
    rest = (size_t)bytes[14] << 8 | bytes[15];
    if (rest > PROXY_PROTOCOL_MAX - HEADER)
        return PROXY_PROTOCOL_BAD;
    if (length < HEADER + rest)
        return PROXY_PROTOCOL_MORE;
    memset(out, 0, sizeof(*out));
    if (bytes[12] == PROXY && bytes[13] == TCP_IPV4)
        is_good = read_ipv4(bytes + HEADER, rest, &out->source);
    else if (bytes[12] == PROXY && bytes[13] == TCP_IPV6)
        is_good = read_ipv6(bytes + HEADER, rest, &out->source);
    else
        out->is_local = true;           /* health checks, Unix sockets, UDP */
    *used = HEADER + rest;
    return is_good ? PROXY_PROTOCOL_DONE : PROXY_PROTOCOL_BAD;
}

enum proxy_protocol_state
proxy_protocol_read(const void *bytes, size_t length,
                    struct proxy_protocol *out, size_t *used)
{
    static const char word[] = "PROXY ";

    if (length == 0)
        return PROXY_PROTOCOL_MORE;
    if (is_start_of(bytes, length, word, sizeof(word) - 1))
        return length < sizeof(word) - 1
                   ? PROXY_PROTOCOL_MORE
                   : read_line(bytes, length, out, used);
    if (is_start_of(bytes, length, signature, sizeof(signature)))
        return read_binary(bytes, length, out, used);
    return PROXY_PROTOCOL_BAD;
}

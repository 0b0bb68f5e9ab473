/* SPDX-License-Identifier: MIT */
/* test_proxy_protocol.c - headers of load balancers, whole and in parts. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy/netset.h"
#include "proxy/proxy_protocol.h"
#include "support/guard.h"

static enum proxy_protocol_state
read_guarded(const void *bytes, size_t length, struct proxy_protocol *out,
             size_t *used)
{
    enum proxy_protocol_state state;
    struct guard guard;

    guard_init(&guard, bytes, length);
    state = proxy_protocol_read(guard.bytes.at, length, out, used);
    guard_fini(&guard);
    return state;
}

/* Every part of a good header asks for more; the whole has this source. */
static void
check_good(const void *bytes, size_t length, const char *source)
{
    struct net_address is, wanted;
    struct proxy_protocol out;
    char more[512];
    size_t used = 0;

    for (size_t n = 0; n < length; n++)
        assert_int_equal(read_guarded(bytes, n, &out, &used),
                         PROXY_PROTOCOL_MORE);
    memcpy(more, bytes, length);
    memcpy(more + length, "GET /", 5);
    assert_int_equal(read_guarded(more, length + 5, &out, &used),
                     PROXY_PROTOCOL_DONE);
    assert_int_equal(used, length);
    assert_int_equal(out.is_local, source == NULL);
    if (source == NULL)
        return;
    assert_true(net_address_of(&is, (const struct sockaddr *)&out.source));
    assert_true(net_address_read(&wanted, source));
    assert_memory_equal(&is, &wanted, sizeof(is));
}

static void
lines_of_version_1_name_the_client(void **state)
{
    static const struct {
        const char *line, *source;
    } rows[] = {
        { "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7" },
        { "PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n", "2001:db8::7" },
        { "PROXY UNKNOWN\r\n", NULL },
        { "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_good(rows[i].line, strlen(rows[i].line), rows[i].source);
}

static void
lines_that_are_not_exact_are_refused(void **state)
{
    static const char *const rows[] = {
        "GET / HTTP/1.1\r\n",
        "PROXX ",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n",
        "PROXY  TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 \r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 1\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 056 443\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n",
        "PROXY TCP4 192.0.2.07 198.51.100.1 1 443\r\n",
        "PROXY TCP4 2001:db8::1 198.51.100.1 1 443\r\n",
        "PROXY TCP6 192.0.2.7 198.51.100.1 1 443\r\n",
        "PROXY TCP5 192.0.2.7 198.51.100.1 1 443\r\n",
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY UNKNOWN 45678901234567890123456789012345678901234567890123456"
        "7890123456789012345678901234567890123456789\r\n",
    };
    struct proxy_protocol out;
    size_t used;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(read_guarded(rows[i], strlen(rows[i]), &out, &used),
                         PROXY_PROTOCOL_BAD);
}

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static void
headers_of_version_2_name_the_client(void **state)
{
    static const char ipv4[] = SIGNATURE "\x21\x11\0\x0c"
                                         "\xc0\0\x02\x07\xc6\x33\x64\x01"
                                         "\xdc\x04\x01\xbb";
    static const char tlv[] = SIGNATURE "\x21\x11\0\x10"
                                        "\xc0\0\x02\x07\xc6\x33\x64\x01"
                                        "\xdc\x04\x01\xbb\x04\0\x01\0";
    static const char ipv6[] = SIGNATURE
        "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"
        "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x01\0\x02";
    static const char local[] = SIGNATURE "\x20\0\0\0";
    static const char unix_socket[] = SIGNATURE "\x21\x31\0\x04"
                                                "abcd";

    (void)state;
    check_good(ipv4, sizeof(ipv4) - 1, "192.0.2.7");
    check_good(tlv, sizeof(tlv) - 1, "192.0.2.7");
    check_good(ipv6, sizeof(ipv6) - 1, "2001:db8::7");
    check_good(local, sizeof(local) - 1, NULL);
    check_good(unix_socket, sizeof(unix_socket) - 1, NULL);
}

static void
wrong_headers_of_version_2_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } rows[] = {
        { SIGNATURE "\x11", 13 },
        { SIGNATURE "\x22", 13 },
        { SIGNATURE "\x21\x11\xff\xff", 16 },
        { SIGNATURE "\x21\x11\0\x04"
                    "abcd", 20 },
        { SIGNATURE "\x21\x21\0\x0c"
                    "abcdabcdabcd", 28 },
        { "\r\n\r\n\0\r\nQUIX", 11 },
    };
    struct proxy_protocol out;
    size_t used;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(read_guarded(rows[i].bytes, rows[i].length, &out,
                                      &used),
                         PROXY_PROTOCOL_BAD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_version_1_name_the_client),
        cmocka_unit_test(lines_that_are_not_exact_are_refused),
        cmocka_unit_test(headers_of_version_2_name_the_client),
        cmocka_unit_test(wrong_headers_of_version_2_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

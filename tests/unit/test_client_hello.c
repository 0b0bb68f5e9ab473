/* SPDX-License-Identifier: MIT */
/* test_client_hello.c - server name and protocols, however the bytes come. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gnutls/gnutls.h>

#include "proxy/client_hello.h"
#include "support/guard.h"

#define MAX_WIRE 100000

struct wire {
    uint8_t bytes[MAX_WIRE];
    size_t length;
};

static enum client_hello_result
read_wire(struct client_hello *hello, const struct wire *w, size_t length)
{
    enum client_hello_result result;
    struct guard guard;

    guard_init(&guard, w->bytes, length);
    result = client_hello_read(hello, guard.bytes.at, length);
    guard_fini(&guard);
    return result;
}

/* ---- Hellos of GnuTLS ---- */

static ssize_t
keep(gnutls_transport_ptr_t ctx, const void *bytes, size_t length)
{
    struct wire *w = ctx;

    assert_true(length <= MAX_WIRE - w->length);
    memcpy(w->bytes + w->length, bytes, length);
    w->length += length;
    return (ssize_t)length;
}

static ssize_t
have_nothing(gnutls_transport_ptr_t ctx, void *bytes, size_t room)
{
    (void)ctx;
    (void)bytes;
    (void)room;
    errno = EAGAIN;
    return -1;
}

static void
make_hello(struct wire *w, const char *priorities, const char *name,
           const char *const *protocols, unsigned count)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t list[4];
    gnutls_session_t session;

    w->length = 0;
    gnutls_certificate_allocate_credentials(&credentials);
    gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
    assert_int_equal(gnutls_priority_set_direct(session, priorities, NULL),
                     0);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    if (name != NULL)
        gnutls_server_name_set(session, GNUTLS_NAME_DNS, name, strlen(name));
    for (unsigned i = 0; i < count; i++)
        list[i] = (gnutls_datum_t){
            (unsigned char *)(uintptr_t)protocols[i],
            (unsigned)strlen(protocols[i])
        };
    if (count > 0)
        gnutls_alpn_set_protocols(session, list, count, 0);
    gnutls_transport_set_ptr(session, w);
    gnutls_transport_set_push_function(session, keep);
    gnutls_transport_set_pull_function(session, have_nothing);
    assert_int_equal(gnutls_handshake(session), GNUTLS_E_AGAIN);
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(credentials);
}

/* The same message in records of at most `size` bytes. */
static void
cut_up(struct wire *out, const struct wire *in, size_t size)
{
    out->length = 0;
    for (size_t at = 5; at < in->length; at += size) {
        const size_t n = in->length - at < size ? in->length - at : size;
        uint8_t *head = out->bytes + out->length;

        assert_true(n + 5 <= MAX_WIRE - out->length);
        head[0] = 22;
        head[1] = 3;
        head[2] = 1;
        head[3] = (uint8_t)(n >> 8);
        head[4] = (uint8_t)n;
        memcpy(head + 5, in->bytes + at, n);
        out->length += n + 5;
    }
}

/* Every beginning wants more; the whole gives the answer. */
static void
check_cuts(const struct wire *w, const struct client_hello *wanted)
{
    struct client_hello hello;

    for (size_t i = 0; i < w->length; i++)
        assert_int_equal(read_wire(&hello, w, i), CLIENT_HELLO_MORE);
    memset(&hello, 0, sizeof(hello));
    assert_int_equal(read_wire(&hello, w, w->length), CLIENT_HELLO_OK);
    assert_string_equal(hello.name, wanted->name);
    assert_int_equal(hello.has_alpn, wanted->has_alpn);
    assert_int_equal(hello.offers_h2, wanted->offers_h2);
    assert_int_equal(hello.offers_http1, wanted->offers_http1);
}

static void
a_hello_is_read_whole_and_cut_at_every_byte(void **state)
{
    static const char *const browser[] = { "h2", "http/1.1" };
    static const char *const h2[] = { "h2" };
    static const char *const other[] = { "acme-tls/1" };
    static const struct {
        const char *priorities;
        const char *name;
        const char *const *protocols;
        unsigned count;
        struct client_hello wanted;
    } rows[] = {
        { "NORMAL", "www.example.com", browser, 2,
          { "www.example.com", true, true, true } },
        { "NORMAL", NULL, NULL, 0, { "", false, false, false } },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.2", "A.B_c.Example", h2, 1,
          { "a.b_c.example", true, false, true } },
        { "NORMAL:-VERS-ALL:+VERS-TLS1.0", "x", other, 1,
          { "x", true, false, false } },
    };
    static const size_t sizes[] = { 1, 2, 3, 4, 5, 50, 16384 };
    static struct wire whole, cut;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        make_hello(&whole, rows[i].priorities, rows[i].name,
                   rows[i].protocols, rows[i].count);
        check_cuts(&whole, &rows[i].wanted);
        for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
            cut_up(&cut, &whole, sizes[k]);
            check_cuts(&cut, &rows[i].wanted);
        }
    }
}

static void
no_changed_byte_reads_out_of_bounds(void **state)
{
    static const char *const browser[] = { "h2", "http/1.1" };
    static struct wire w;
    struct client_hello hello;

    (void)state;
    make_hello(&w, "NORMAL", "www.example.com", browser, 2);
    for (size_t i = 0; i < w.length; i++) {
        const uint8_t old = w.bytes[i];

        for (unsigned flip = 1; flip < 256; flip += 37) {
            w.bytes[i] = (uint8_t)(old ^ flip);
            (void)read_wire(&hello, &w, w.length);
        }
        w.bytes[i] = old;
    }
}

/* ---- Hellos by hand ---- */

static void
put(struct wire *w, const void *bytes, size_t length)
{
    memcpy(w->bytes + w->length, bytes, length);
    w->length += length;
}

static void
put_number(struct wire *w, size_t at, unsigned bytes, size_t number)
{
    for (unsigned i = 0; i < bytes; i++)
        w->bytes[at + i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
}

/* A hello with these extensions. */
static void
make_by_hand(struct wire *w, const char *extensions, size_t length)
{
    static const uint8_t fixed[] = { 22, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3 };
    static const uint8_t rest[] = { 0, 0, 2, 0x13, 1, 1, 0 };

    w->length = 0;
    put(w, fixed, sizeof(fixed));
    memset(w->bytes + w->length, 7, 32);
    w->length += 32;
    put(w, rest, sizeof(rest));
    if (length > 0) {
        w->length += 2;
        put_number(w, w->length - 2, 2, length);
        put(w, extensions, length);
    }
    put_number(w, 3, 2, w->length - 5);
    put_number(w, 6, 3, w->length - 9);
}

#define TEXT(text) text, sizeof(text) - 1

static void
malformed_extensions_are_bad(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum client_hello_result wanted;
    } rows[] = {
        { TEXT(""), CLIENT_HELLO_OK },
        { TEXT("\0\0\0\x06\0\x04\0\0\x01" "a"), CLIENT_HELLO_OK },
        { TEXT("\0\0\0\x07\0\x05\0\0\x02" "a."), CLIENT_HELLO_OK },
        { TEXT("\x12\x34\0\0\0\0\0\x06\0\x04\0\0\x01" "a"), CLIENT_HELLO_OK },
        /* A name of an unknown type beside it. */
        { TEXT("\0\0\0\x0a\0\x08\x07\0\x01z\0\0\x01" "a"), CLIENT_HELLO_OK },
        /* An empty name, list, extension; wrong lengths. */
        { TEXT("\0\0\0\x05\0\x03\0\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x02\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x06\0\x04\0\0\x02" "a"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x07\0\x04\0\0\x01" "ab"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x07\0\x04\0\0\x01" "a"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0"), CLIENT_HELLO_BAD },
        /* Two names; the extension twice. */
        { TEXT("\0\0\0\x0a\0\x08\0\0\x01z\0\0\x01" "a"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x06\0\x04\0\0\x01" "a\0\0\0\x06\0\x04\0\0\x01" "a"),
          CLIENT_HELLO_BAD },
        /* Bytes that no name has. */
        { TEXT("\0\0\0\x07\0\x05\0\0\x02" "a\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x07\0\x05\0\0\x02" "a/"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x07\0\x05\0\0\x02" "*a"), CLIENT_HELLO_BAD },
        { TEXT("\0\0\0\x07\0\x05\0\0\x02" "\xc3\xa4"), CLIENT_HELLO_BAD },
        /* ALPN. */
        { TEXT("\0\x10\0\x05\0\x03\x02h2"), CLIENT_HELLO_OK },
        { TEXT("\0\x10\0\x03\0\x01\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\x10\0\x02\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\0\x10\0\x05\0\x03\x03h2"), CLIENT_HELLO_BAD },
        { TEXT("\0\x10\0\x05\0\x03\x02h2\0\x10\0\x05\0\x03\x02h2"),
          CLIENT_HELLO_BAD },
    };
    static struct wire w;
    struct client_hello hello;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum client_hello_result got;

        make_by_hand(&w, rows[i].bytes, rows[i].length);
        got = read_wire(&hello, &w, w.length);
        if (got != rows[i].wanted)
            fail_msg("row %zu: %d, not %d", i, got, rows[i].wanted);
    }
}

static void
a_name_may_have_253_bytes(void **state)
{
    static struct wire w;
    struct client_hello hello;

    (void)state;
    for (size_t length = 252; length <= 255; length++) {
        char extension[300] = { 0 };

        extension[3] = (char)(length + 5);
        extension[2] = (char)((length + 5) >> 8);
        extension[5] = (char)(length + 3);
        extension[4] = (char)((length + 3) >> 8);
        extension[8] = (char)length;
        memset(extension + 9, 'a', length);
        make_by_hand(&w, extension, length + 9);
        assert_int_equal(read_wire(&hello, &w, w.length),
                         length <= 253 ? CLIENT_HELLO_OK : CLIENT_HELLO_BAD);
    }
}

static void
what_is_no_hello_is_told_at_the_first_wrong_byte(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum client_hello_result wanted;
    } rows[] = {
        { TEXT("GET / HTTP/1.1\r\n"), CLIENT_HELLO_NOT_TLS },
        { TEXT("G"), CLIENT_HELLO_NOT_TLS },
        { TEXT("{\"id\":1,"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x80\x2e\x01\x03\x01"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x16\x02"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x16\x03\x09"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x15\x03\x01\0\x02\x02\x28"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x16\x03\x01\0\0"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x16\x03\x01\x40\x01"), CLIENT_HELLO_NOT_TLS },
        { TEXT("\x16\x03\x01\0\x04\x02"), CLIENT_HELLO_BAD },
        { TEXT("\x16\x03\x01\0\x04\x01\0\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\x16\x03\x01\0\x04\x01\x01\0\0"), CLIENT_HELLO_BAD },
        { TEXT("\x16\x03\x01\0\x02\x01\0\x15\x03\x01"), CLIENT_HELLO_BAD },
        { TEXT("\x16\x03\x01\0\x02\x01\0\x16\x03\x01\0\0"),
          CLIENT_HELLO_BAD },
        { TEXT("\x16\x03\x01\0\x02\x01\0\x16"), CLIENT_HELLO_MORE },
        { TEXT(""), CLIENT_HELLO_MORE },
    };
    struct client_hello hello;
    struct wire *w = test_malloc(sizeof(*w));

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum client_hello_result got;

        w->length = 0;
        put(w, rows[i].bytes, rows[i].length);
        got = read_wire(&hello, w, w->length);
        if (got != rows[i].wanted)
            fail_msg("row %zu: %d, not %d", i, got, rows[i].wanted);
    }
    test_free(w);
}

static void
a_hello_of_many_bytes_is_bad(void **state)
{
    static struct wire w;
    struct client_hello hello;
    size_t i;

    (void)state;
    /* A message of 32000 bytes, in records of one byte each. */
    for (i = 0; i < 7000; i++) {
        static const uint8_t head[] = { 22, 3, 1, 0, 1 };
        const uint8_t content = i == 0   ? 1
                                : i == 2 ? 32000 >> 8
                                         : 0;

        put(&w, head, sizeof(head));
        put(&w, &content, 1);
    }
    assert_int_equal(read_wire(&hello, &w, CLIENT_HELLO_MAX - 1),
                     CLIENT_HELLO_MORE);
    assert_int_equal(read_wire(&hello, &w, CLIENT_HELLO_MAX),
                     CLIENT_HELLO_BAD);
    assert_int_equal(read_wire(&hello, &w, w.length), CLIENT_HELLO_BAD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_is_read_whole_and_cut_at_every_byte),
        cmocka_unit_test(no_changed_byte_reads_out_of_bounds),
        cmocka_unit_test(malformed_extensions_are_bad),
        cmocka_unit_test(a_name_may_have_253_bytes),
        cmocka_unit_test(what_is_no_hello_is_told_at_the_first_wrong_byte),
        cmocka_unit_test(a_hello_of_many_bytes_is_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

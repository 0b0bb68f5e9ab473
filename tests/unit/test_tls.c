/* SPDX-License-Identifier: MIT */
/* test_tls.c - both ends of a handshake in one thread, neither ever waits. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy/cert_cache.h"
#include "proxy/tls.h"
#include "support/fake_mint.h"

#define MAX_TURNS 10000

/* What the client does with our certificate. */
enum trust {
    TRUSTS,                             /* knows our authority */
    REFUSES,                            /* knows none: sends an alert */
    LEAVES,                             /* closes without a word */
    SHOUTS                              /* sends an alert unencrypted, as
                                         * OpenSSL's clients do */
};

struct client {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    int fd;
    enum trust trust;
    const char *name;
};

struct pair {
    struct fake_mint mint;
    struct cert_cache *cache;
    struct tls_server *server;
    struct tls *tls;
    int fd;
    struct client client;
    struct cert_cache_waiter waiter;
    unsigned leaf_calls;
    unsigned wants_leaf;
};

static void
on_leaf(void *ctx, struct cert_leaf *leaf)
{
    struct pair *p = ctx;

    p->leaf_calls++;
    assert_non_null(leaf);
    tls_use_leaf(p->tls, leaf);
}

static void
pair_init(struct pair *p)
{
    memset(p, 0, sizeof(*p));
    fake_mint_init(&p->mint, 86400);
    p->cache = cert_cache_new(p->mint.client, &cert_cache_defaults);
    p->server = tls_server_new(p->mint.leaf_key);
    assert_non_null(p->server);
    p->waiter = (struct cert_cache_waiter){ on_leaf, p, NULL, NULL };
    p->client.fd = p->fd = -1;
}

static void
hang_up(struct pair *p)
{
    if (p->client.session != NULL) {
        gnutls_deinit(p->client.session);
        gnutls_certificate_free_credentials(p->client.credentials);
    }
    p->client.session = NULL;
    tls_free(p->tls);
    p->tls = NULL;
    if (p->fd >= 0)
        close(p->fd);
    if (p->client.fd >= 0)
        close(p->client.fd);
    p->client.fd = p->fd = -1;
}

static void
pair_fini(struct pair *p)
{
    hang_up(p);
    tls_server_free(p->server);
    mint_client_free(p->mint.client);
    cert_cache_free(p->cache);
    fake_mint_fini(&p->mint);
}

static int
verify(gnutls_session_t session)
{
    const struct client *client = gnutls_session_get_ptr(session);
    unsigned status = 0;

    if (client->trust == LEAVES)
        shutdown(client->fd, SHUT_RDWR);
    if (client->trust == SHOUTS)
        assert_int_equal(send(client->fd, "\x15\3\3\0\2\2\x30", 7, 0), 7);
    assert_int_equal(gnutls_certificate_verify_peers3(session, client->name,
                                                      &status), 0);
    return status == 0 && client->trust != LEAVES && client->trust != SHOUTS
               ? 0
               : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* Connect; `name` NULL sends no server name. */
static void
dial(struct pair *p, const char *priorities, const char *name,
     const char *protocol, enum trust trust)
{
    struct client *c = &p->client;
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds),
                     0);
    p->fd = fds[0];
    c->fd = fds[1];
    c->trust = trust;
    gnutls_certificate_allocate_credentials(&c->credentials);
    if (trust != REFUSES)
        assert_int_equal(gnutls_certificate_set_x509_trust_mem(
                             c->credentials, &p->mint.ca_pem,
                             GNUTLS_X509_FMT_PEM), 1);
    gnutls_certificate_set_verify_function(c->credentials, verify);
    assert_int_equal(gnutls_init(&c->session, GNUTLS_CLIENT
                                                  | GNUTLS_NONBLOCK
                                                  | GNUTLS_NO_SIGNAL), 0);
    assert_int_equal(gnutls_priority_set_direct(c->session, priorities, NULL),
                     0);
    gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE,
                           c->credentials);
    gnutls_session_set_ptr(c->session, c);
    gnutls_transport_set_int(c->session, c->fd);
    c->name = name;
    if (name != NULL)
        gnutls_server_name_set(c->session, GNUTLS_NAME_DNS, name,
                               strlen(name));
    if (protocol != NULL) {
        gnutls_datum_t datum = { (unsigned char *)(uintptr_t)protocol,
                                 (unsigned)strlen(protocol) };

        gnutls_alpn_set_protocols(c->session, &datum, 1, 0);
    }
    p->tls = tls_new(p->server, p->fd, NULL, 0);
    assert_non_null(p->tls);
}

/* As a worker would: ask the cache, with `fallback` for clients that name
 * nobody (the CONNECT's host). */
static void
find_leaf(struct pair *p, const char *fallback)
{
    const char *text = tls_hello(p->tls)->name;
    struct leaf_name name;
    struct cert_leaf *leaf;

    p->wants_leaf++;
    if (text[0] == '\0')
        text = fallback;
    assert_true(leaf_name_read(&name, text, strlen(text)));
    if (cert_cache_get(p->cache, &name, 0, &p->waiter, &leaf)
        == CERT_CACHE_READY)
        tls_use_leaf(p->tls, leaf);
}

/* Both sides take turns until both are done; the server's last result. */
static enum tls_result
shake(struct pair *p, int *client_code)
{
    enum tls_result result = TLS_WANT_READ;
    int code = GNUTLS_E_AGAIN;
    unsigned held = 0;

    for (unsigned i = 0; i < MAX_TURNS; i++) {
        if (code == GNUTLS_E_AGAIN)
            code = gnutls_handshake(p->client.session);
        if (code < 0 && code != GNUTLS_E_AGAIN) {
            if (p->client.trust != SHOUTS)
                gnutls_alert_send_appropriate(p->client.session, code);
            shutdown(p->client.fd, SHUT_WR);
        }
        if (result == TLS_WANT_READ || result == TLS_WANT_WRITE
            || result == TLS_WANT_LEAF) {
            result = tls_handshake(p->tls);
            if (result == TLS_WANT_LEAF && p->wants_leaf == 0)
                find_leaf(p, "connect.example");
            else if (result == TLS_WANT_LEAF && held++ == 5)
                assert_int_equal(fake_mint_answer(&p->mint, true), 1);
        }
        if (code != GNUTLS_E_AGAIN && result != TLS_WANT_READ
            && result != TLS_WANT_WRITE && result != TLS_WANT_LEAF)
            break;
    }
    *client_code = code;
    return result;
}

/* Bytes go through in both directions. */
static void
talk(struct pair *p)
{
    static char sent[1000000], got[1000000];
    size_t offered = 0, received = 0;
    unsigned waits = 0;

    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (char)(i * 7 + i / 1000);
    for (unsigned i = 0; i < MAX_TURNS && received < sizeof(sent); i++) {
        size_t taken = 0;
        enum tls_result result = TLS_OK;
        ssize_t n;

        if (offered < sizeof(sent)) {
            result = tls_write(p->tls, sent + offered, sizeof(sent) - offered,
                               &taken);
            offered += taken;
            waits += result == TLS_WANT_WRITE;
            assert_true(result == TLS_WANT_WRITE
                        || (result == TLS_OK && offered == sizeof(sent)));
        }
        n = gnutls_record_recv(p->client.session, got + received,
                               sizeof(got) - received);
        if (n > 0)
            received += (size_t)n;
        else
            assert_int_equal(n, GNUTLS_E_AGAIN);
    }
    assert_true(waits > 0);
    assert_int_equal(received, sizeof(sent));
    assert_memory_equal(sent, got, sizeof(sent));
    assert_int_equal(gnutls_record_send(p->client.session, "hello", 5), 5);
    assert_int_equal(tls_read(p->tls, got, 3, &received), TLS_OK);
    assert_int_equal(received, 3);
    assert_int_equal(tls_read(p->tls, got + 3, 9, &received), TLS_OK);
    assert_int_equal(received, 2);
    assert_memory_equal(got, "hello", 5);
    assert_int_equal(tls_read(p->tls, got, 9, &received), TLS_WANT_READ);
}

static const char *const versions[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2",
    /* A key share that we do not take: HelloRetryRequest. */
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP521R1:"
    "+GROUP-SECP256R1"
};

static void
a_handshake_waits_for_its_leaf(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        gnutls_datum_t protocol;
        struct pair p;
        int code;

        pair_init(&p);
        dial(&p, versions[i], "www.example.com", "http/1.1", TRUSTS);
        assert_int_equal(shake(&p, &code), TLS_OK);
        assert_int_equal(code, 0);
        assert_string_equal(tls_hello(p.tls)->name, "www.example.com");
        assert_string_equal(p.mint.last_name, "www.example.com");
        assert_int_equal(p.leaf_calls, 1);
        assert_int_equal(gnutls_alpn_get_selected_protocol(p.client.session,
                                                           &protocol), 0);
        assert_memory_equal(protocol.data, "http/1.1", 8);
        talk(&p);
        assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
        assert_int_equal(tls_bye(p.tls), TLS_OK);
        assert_int_equal(gnutls_record_recv(p.client.session, &code, 1), 0);
        assert_int_equal(gnutls_bye(p.client.session, GNUTLS_SHUT_WR), 0);
        {
            size_t got;

            assert_int_equal(tls_read(p.tls, &code, 1, &got), TLS_CLOSED);
        }
        pair_fini(&p);
    }
}

static void
a_client_without_server_name_gets_the_host_of_connect(void **state)
{
    struct pair p;
    int code;

    (void)state;
    pair_init(&p);
    dial(&p, "NORMAL", NULL, NULL, TRUSTS);
    assert_int_equal(shake(&p, &code), TLS_OK);
    assert_string_equal(tls_hello(p.tls)->name, "");
    assert_string_equal(p.mint.last_name, "connect.example");
    pair_fini(&p);
}

static void
what_was_read_already_is_not_lost(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < 2000; cut += 131) {
        struct pair p;
        char prefix[2000];
        ssize_t n;
        int code;

        pair_init(&p);
        dial(&p, "NORMAL", "a.example", NULL, TRUSTS);
        assert_int_equal(gnutls_handshake(p.client.session), GNUTLS_E_AGAIN);
        n = recv(p.fd, prefix, cut, 0);
        assert_true(n > 0);
        tls_free(p.tls);
        p.tls = tls_new(p.server, p.fd, prefix, (size_t)n);
        assert_int_equal(shake(&p, &code), TLS_OK);
        assert_int_equal(code, 0);
        talk(&p);
        pair_fini(&p);
    }
}

static void
a_client_that_does_not_trust_us_is_recognised(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct pair p;
        int code;

        pair_init(&p);
        dial(&p, versions[i], "a.example", NULL, REFUSES);
        assert_int_equal(shake(&p, &code), TLS_ERROR);
        assert_int_equal(tls_client_refused(p.tls), TLS_REFUSED_BY_ALERT);
        assert_non_null(strstr(tls_error(p.tls), "alert"));
        pair_fini(&p);

        pair_init(&p);
        dial(&p, versions[i], "a.example", NULL, LEAVES);
        assert_int_equal(shake(&p, &code), TLS_CLOSED);
        assert_int_equal(tls_client_refused(p.tls), TLS_REFUSED_BY_CLOSE);
        pair_fini(&p);

        pair_init(&p);
        dial(&p, versions[i], "a.example", NULL, SHOUTS);
        assert_int_equal(shake(&p, &code), TLS_ERROR);
        assert_int_equal(tls_client_refused(p.tls), TLS_REFUSED_BY_ALERT);
        assert_non_null(strstr(tls_error(p.tls), "alert"));
        pair_fini(&p);
    }
}

static void
other_failures_are_no_refusal(void **state)
{
    struct pair p;
    int code;

    (void)state;
    pair_init(&p);
    dial(&p, "NORMAL:-VERS-ALL:+VERS-TLS1.1", "a.example", NULL, TRUSTS);
    assert_int_equal(shake(&p, &code), TLS_ERROR);
    assert_int_equal(code, GNUTLS_E_FATAL_ALERT_RECEIVED);
    assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
    pair_fini(&p);

    pair_init(&p);
    dial(&p, "NORMAL", "a.example", "h2", TRUSTS);
    assert_int_equal(shake(&p, &code), TLS_ERROR);
    assert_int_equal(gnutls_alert_get(p.client.session),
                     GNUTLS_A_NO_APPLICATION_PROTOCOL);
    assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
    pair_fini(&p);

    /* Gone before it has seen a certificate. */
    pair_init(&p);
    dial(&p, "NORMAL", "a.example", NULL, TRUSTS);
    shutdown(p.client.fd, SHUT_RDWR);
    assert_int_equal(tls_handshake(p.tls), TLS_CLOSED);
    assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
    pair_fini(&p);

    /* No TLS at all. */
    pair_init(&p);
    dial(&p, "NORMAL", "a.example", NULL, TRUSTS);
    assert_int_equal(send(p.client.fd, "GET / HTTP/1.1\r\n\r\n", 18, 0), 18);
    assert_int_equal(tls_handshake(p.tls), TLS_ERROR);
    assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
    pair_fini(&p);
}

static void
a_connection_that_is_closed_unused_is_a_weak_sign(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct pair p;
        size_t got;
        char byte;
        int code;

        pair_init(&p);
        dial(&p, "NORMAL", "a.example", NULL, TRUSTS);
        assert_int_equal(shake(&p, &code), TLS_OK);
        assert_int_equal(tls_read(p.tls, &byte, 1, &got), TLS_WANT_READ);
        if (i == 1)
            assert_int_equal(gnutls_record_send(p.client.session, "x", 1), 1);
        if (i == 2)
            assert_int_equal(gnutls_bye(p.client.session, GNUTLS_SHUT_WR), 0);
        shutdown(p.client.fd, SHUT_WR);
        if (i == 1)
            assert_int_equal(tls_read(p.tls, &byte, 1, &got), TLS_OK);
        assert_int_equal(tls_read(p.tls, &byte, 1, &got), TLS_CLOSED);
        assert_int_equal(tls_client_refused(p.tls),
                         i == 1 ? TLS_NOT_REFUSED : TLS_REFUSED_UNUSED);
        pair_fini(&p);
    }
}

static void
a_second_connection_resumes_the_first(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        gnutls_datum_t session = { NULL, 0 };
        struct pair p;
        size_t got;
        char byte;
        int code;

        pair_init(&p);
        dial(&p, versions[i], "a.example", NULL, TRUSTS);
        assert_int_equal(shake(&p, &code), TLS_OK);
        talk(&p);
        assert_int_equal(gnutls_session_get_data2(p.client.session, &session),
                         0);
        hang_up(&p);
        p.wants_leaf = 0;
        dial(&p, versions[i], "a.example", NULL, TRUSTS);
        assert_int_equal(gnutls_session_set_data(p.client.session,
                                                 session.data, session.size),
                         0);
        assert_int_equal(shake(&p, &code), TLS_OK);
        assert_true(gnutls_session_is_resumed(p.client.session));
        shutdown(p.client.fd, SHUT_WR);
        assert_int_equal(tls_read(p.tls, &byte, 1, &got), TLS_CLOSED);
        assert_int_equal(tls_client_refused(p.tls), TLS_NOT_REFUSED);
        gnutls_free(session.data);
        pair_fini(&p);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_waits_for_its_leaf),
        cmocka_unit_test(a_client_without_server_name_gets_the_host_of_connect),
        cmocka_unit_test(what_was_read_already_is_not_lost),
        cmocka_unit_test(a_client_that_does_not_trust_us_is_recognised),
        cmocka_unit_test(other_failures_are_no_refusal),
        cmocka_unit_test(a_connection_that_is_closed_unused_is_a_weak_sign),
        cmocka_unit_test(a_second_connection_resumes_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

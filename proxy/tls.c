/* SPDX-License-Identifier: MIT */
/* tls.c - the server's side of TLS over a socket, without ever waiting. */

#include "proxy/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "common/fatal.h"
#include "common/log.h"

/* What browsers of the last ten years speak, with an ECDSA key. */
#define PRIORITIES                                                        \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"                          \
    ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305"           \
    ":-KX-ALL:+ECDHE-ECDSA"                                               \
    ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"

/* Content type of RFC 8446, 5.1. */
#define ALERT_RECORD 21

/* Alerts and the like that one call passes over. */
#define MAX_WARNINGS 16

struct tls_server {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priorities;
    gnutls_datum_t ticket_key;
    gnutls_privkey_t leaf_key;
};

/* Follows the client's records during the handshake. */
struct record_watch {
    unsigned char head[5];
    size_t head_length;
    size_t left;                        /* of the record's content */
    size_t content_length;
    unsigned char content[2];           /* its first bytes */
    int alert;                          /* that was not encrypted, or -1 */
};

struct tls {
    const struct tls_server *server;
    struct record_watch records;
    gnutls_session_t session;
    int fd;
    unsigned char *head;                /* read before GnuTLS was asked */
    size_t head_length;
    size_t head_at;                     /* what GnuTLS has taken of it */
    bool has_unsent;                    /* a record is on its way */
    struct cert_leaf *leaf;
    struct client_hello hello;
    bool is_hello_read;
    bool is_leaf_sent;                  /* to GnuTLS at least */
    bool is_established;
    bool has_input;                     /* bytes of the client's, deciphered */
    enum tls_refusal refusal;
    char error[128];
};

/* ---- The socket ---- */

static size_t
head_left(const struct tls *tls)
{
    return tls->head_length - tls->head_at;
}

/* OpenSSL's clients take up their keys late: in TLS 1.3 their alert about our
 * certificate comes unencrypted, and GnuTLS only says that it cannot decrypt.
 * So such alerts are noted here. */
static void
end_record(struct record_watch *w)
{
    if (w->head[0] == ALERT_RECORD && w->content_length == 2)
        w->alert = w->content[1];
    w->head_length = w->content_length = 0;
}

static void
watch_records(struct record_watch *w, const unsigned char *at, size_t length)
{
    while (length > 0) {
        size_t n = 1;

        if (w->head_length < sizeof(w->head)) {
            w->head[w->head_length++] = *at;
            w->left = (size_t)w->head[3] << 8 | w->head[4];
        } else {
            n = length < w->left ? length : w->left;
            for (size_t i = 0; i < n && w->content_length + i < 2; i++)
                w->content[w->content_length + i] = at[i];
            w->content_length += n;
            w->left -= n;
        }
        at += n;
        length -= n;
        if (w->head_length == sizeof(w->head) && w->left == 0)
            end_record(w);
    }
}

static ssize_t
take_head(struct tls *tls, void *bytes, size_t room)
{
    const size_t n = room < head_left(tls) ? room : head_left(tls);

    memcpy(bytes, tls->head + tls->head_at, n);
    tls->head_at += n;
    return (ssize_t)n;
}

static ssize_t
pull(gnutls_transport_ptr_t ctx, void *bytes, size_t room)
{
    struct tls *tls = ctx;
    ssize_t n;

    if (head_left(tls) > 0)
        n = take_head(tls, bytes, room);
    else
        n = recv(tls->fd, bytes, room, MSG_DONTWAIT);
    if (n < 0)
        gnutls_transport_set_errno(tls->session, errno);
    else if (!tls->is_established)
        watch_records(&tls->records, bytes, (size_t)n);
    return n;
}

static int
pull_timeout(gnutls_transport_ptr_t ctx, unsigned ms)
{
    const struct tls *tls = ctx;
    struct pollfd wait = { tls->fd, POLLIN, 0 };

    (void)ms;                           /* nobody waits here */
    return head_left(tls) > 0 ? 1 : poll(&wait, 1, 0);
}

static ssize_t
push(gnutls_transport_ptr_t ctx, const giovec_t *parts, int count)
{
    struct tls *tls = ctx;
    const struct msghdr message
        = { .msg_iov = (struct iovec *)(uintptr_t)parts,
            .msg_iovlen = (size_t)count };
    const ssize_t n = sendmsg(tls->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n < 0)
        gnutls_transport_set_errno(tls->session, errno);
    return n;
}

static int
give_leaf(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
          gnutls_pcert_st **certificates, unsigned *count,
          gnutls_ocsp_data_st **ocsp, unsigned *ocsp_count,
          gnutls_privkey_t *key, unsigned *flags)
{
    struct tls *tls = gnutls_session_get_ptr(session);

    (void)info;
    if (tls->leaf == NULL)
        return GNUTLS_E_NO_CERTIFICATE_FOUND;
    tls->is_leaf_sent = true;
    *certificates = &tls->leaf->certificate;
    *count = 1;
    *ocsp = NULL;
    *ocsp_count = 0;
    *key = tls->server->leaf_key;
    *flags = 0;                         /* all of it stays ours */
    return 0;
}

/* ---- What all share ---- */

struct tls_server *
tls_server_new(gnutls_privkey_t leaf_key)
{
    struct tls_server *server = fatal_alloc(sizeof(*server));
    int code = gnutls_certificate_allocate_credentials(&server->credentials);

    if (code >= 0)
        code = gnutls_priority_init(&server->priorities, PRIORITIES, NULL);
    if (code >= 0)
        code = gnutls_session_ticket_key_generate(&server->ticket_key);
    if (code < 0) {
        log_error("TLS cannot be set up: %s", gnutls_strerror(code));
        tls_server_free(server);
        return NULL;
    }
    gnutls_certificate_set_retrieve_function3(server->credentials,
                                              give_leaf);
    server->leaf_key = leaf_key;
    return server;
}

void
tls_server_free(struct tls_server *server)
{
    if (server == NULL)
        return;
    if (server->ticket_key.data != NULL)
        gnutls_memset(server->ticket_key.data, 0, server->ticket_key.size);
    gnutls_free(server->ticket_key.data);
    if (server->priorities != NULL)
        gnutls_priority_deinit(server->priorities);
    if (server->credentials != NULL)
        gnutls_certificate_free_credentials(server->credentials);
    free(server);
}

static int
set_up(struct tls *tls)
{
    static unsigned char http[] = "http/1.1";
    const gnutls_datum_t protocol = { http, sizeof(http) - 1 };
    int code = gnutls_priority_set(tls->session, tls->server->priorities);

    if (code >= 0)
        code = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
                                      tls->server->credentials);
    if (code >= 0)
        code = gnutls_alpn_set_protocols(tls->session, &protocol, 1,
                                         GNUTLS_ALPN_MANDATORY);
    if (code >= 0)
        code = gnutls_session_ticket_enable_server(tls->session,
                                                   &tls->server->ticket_key);
    gnutls_certificate_server_set_request(tls->session, GNUTLS_CERT_IGNORE);
    gnutls_session_set_ptr(tls->session, tls);
    gnutls_transport_set_ptr(tls->session, tls);
    gnutls_transport_set_pull_function(tls->session, pull);
    gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
    gnutls_transport_set_vec_push_function(tls->session, push);
    return code;
}

struct tls *
tls_new(struct tls_server *server, int fd, const void *prefix, size_t length)
{
    struct tls *tls = fatal_alloc(sizeof(*tls));

    tls->server = server;
    tls->fd = fd;
    tls->records.alert = -1;
    tls->head = fatal_alloc(length);
    if (length > 0)
        memcpy(tls->head, prefix, length);
    tls->head_length = length;
    if (gnutls_init(&tls->session, GNUTLS_SERVER | GNUTLS_NONBLOCK
                                       | GNUTLS_NO_SIGNAL) < 0
        || set_up(tls) < 0) {
        tls_free(tls);
        return NULL;
    }
    return tls;
}

void
tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    if (tls->session != NULL)
        gnutls_deinit(tls->session);
    cert_leaf_unref(tls->leaf);
    free(tls->head);
    free(tls);
}

/* ---- Results ---- */

static enum tls_result
fail(struct tls *tls, const char *text)
{
    snprintf(tls->error, sizeof(tls->error), "%s", text);
    return TLS_ERROR;
}

/* Alerts of RFC 8446, 6.2, that speak of our certificate.  access_denied is
 * about the client's rights, and left out. */
static bool
is_about_leaf(gnutls_alert_description_t alert)
{
    return alert == GNUTLS_A_BAD_CERTIFICATE
           || alert == GNUTLS_A_UNSUPPORTED_CERTIFICATE
           || alert == GNUTLS_A_CERTIFICATE_REVOKED
           || alert == GNUTLS_A_CERTIFICATE_EXPIRED
           || alert == GNUTLS_A_CERTIFICATE_UNKNOWN
           || alert == GNUTLS_A_UNKNOWN_CA;
}

static bool
is_cut(int code)
{
    return code == GNUTLS_E_PREMATURE_TERMINATION
           || code == GNUTLS_E_PULL_ERROR || code == GNUTLS_E_PUSH_ERROR;
}

/* GnuTLS asks for the leaf also when it then resumes without. */
static bool
has_seen_leaf(const struct tls *tls)
{
    return tls->is_leaf_sent && !gnutls_session_is_resumed(tls->session);
}

static enum tls_result
note_alert(struct tls *tls, gnutls_alert_description_t alert)
{
    const char *name = gnutls_alert_get_name(alert);

    if (has_seen_leaf(tls) && !tls->has_input && is_about_leaf(alert))
        tls->refusal = TLS_REFUSED_BY_ALERT;
    snprintf(tls->error, sizeof(tls->error), "the client's alert: %s",
             name == NULL ? "unknown" : name);
    return TLS_ERROR;
}

static enum tls_result
note_close(struct tls *tls)
{
    if (has_seen_leaf(tls) && !tls->is_established)
        tls->refusal = TLS_REFUSED_BY_CLOSE;
    else if (has_seen_leaf(tls) && !tls->has_input
             && tls->refusal == TLS_NOT_REFUSED)
        tls->refusal = TLS_REFUSED_UNUSED;
    return TLS_CLOSED;
}

/* What a code that is neither success nor to be passed over means. */
static enum tls_result
result_of(struct tls *tls, int code)
{
    if (code == GNUTLS_E_AGAIN)
        return gnutls_record_get_direction(tls->session) == 0
                   ? TLS_WANT_READ
                   : TLS_WANT_WRITE;
    if (code == GNUTLS_E_FATAL_ALERT_RECEIVED)
        return note_alert(tls, gnutls_alert_get(tls->session));
    if (code == GNUTLS_E_DECRYPTION_FAILED && !tls->is_established
        && tls->records.alert >= 0)
        return note_alert(tls, (gnutls_alert_description_t)
                                   tls->records.alert);
    snprintf(tls->error, sizeof(tls->error), "%s", gnutls_strerror(code));
    return is_cut(code) ? note_close(tls) : TLS_ERROR;
}

static bool
is_passed_over(int code)
{
    return code == GNUTLS_E_INTERRUPTED
           || code == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

/* Our own reason goes to the client as an alert, if there is room. */
static enum tls_result
fail_handshake(struct tls *tls, int code)
{
    const enum tls_result result = result_of(tls, code);

    if (result == TLS_ERROR && code != GNUTLS_E_FATAL_ALERT_RECEIVED)
        (void)gnutls_alert_send_appropriate(tls->session, code);
    return result;
}

/* ---- The ClientHello ---- */

/* GnuTLS 3.7 chooses the certificate as soon as it has read the ClientHello,
 * and its hook for holding the handshake there holds it too late.  So the
 * hello is read here, and GnuTLS gets it when there is a leaf. */
static enum tls_result
read_more(struct tls *tls)
{
    unsigned char more[2048];
    const ssize_t n = recv(tls->fd, more, sizeof(more), MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return TLS_WANT_READ;
    if (n <= 0)
        return TLS_CLOSED;
    tls->head = fatal_realloc(tls->head, tls->head_length + (size_t)n);
    memcpy(tls->head + tls->head_length, more, (size_t)n);
    tls->head_length += (size_t)n;
    return TLS_OK;
}

static enum tls_result
read_hello(struct tls *tls)
{
    for (;;) {
        enum tls_result result;

        switch (client_hello_read(&tls->hello, tls->head,
                                  tls->head_length)) {
        case CLIENT_HELLO_OK:
            tls->is_hello_read = true;
            return TLS_OK;
        case CLIENT_HELLO_MORE:
            result = read_more(tls);
            if (result != TLS_OK)
                return result;
            break;
        case CLIENT_HELLO_NOT_TLS:
            return fail(tls, "the client does not speak TLS");
        case CLIENT_HELLO_BAD:
            return fail(tls, "malformed ClientHello");
        }
    }
}

static enum tls_result
establish(struct tls *tls)
{
    tls->is_established = true;
    if (head_left(tls) == 0) {
        free(tls->head);
        tls->head = NULL;
    }
    return TLS_OK;
}

enum tls_result
tls_handshake(struct tls *tls)
{
    if (!tls->is_hello_read) {
        const enum tls_result result = read_hello(tls);

        if (result != TLS_OK)
            return result;
    }
    if (tls->leaf == NULL)
        return TLS_WANT_LEAF;
    for (unsigned i = 0; i < MAX_WARNINGS; i++) {
        const int code = gnutls_handshake(tls->session);

        if (code >= 0)
            return establish(tls);
        if (!is_passed_over(code))
            return fail_handshake(tls, code);
    }
    return fail(tls, "too many alerts");
}

const struct client_hello *
tls_hello(const struct tls *tls)
{
    return &tls->hello;
}

void
tls_use_leaf(struct tls *tls, struct cert_leaf *leaf)
{
    cert_leaf_ref(leaf);
    cert_leaf_unref(tls->leaf);
    tls->leaf = leaf;
}

enum tls_result
tls_read(struct tls *tls, void *bytes, size_t room, size_t *got)
{
    for (unsigned i = 0; i < MAX_WARNINGS; i++) {
        const ssize_t n = gnutls_record_recv(tls->session, bytes, room);

        if (n == 0)
            return note_close(tls);
        if (n > 0) {
            tls->has_input = true;
            *got = (size_t)n;
            return TLS_OK;
        }
        if (!is_passed_over((int)n))
            return result_of(tls, (int)n);
    }
    return fail(tls, "too many alerts");
}

enum tls_result
tls_write(struct tls *tls, const void *bytes, size_t length, size_t *taken)
{
    const unsigned char *at = bytes;

    *taken = 0;
    while (*taken < length || tls->has_unsent) {
        const ssize_t n
            = tls->has_unsent
                  ? gnutls_record_send(tls->session, NULL, 0)
                  : gnutls_record_send(tls->session, at + *taken,
                                       length - *taken);

        if (n == GNUTLS_E_INTERRUPTED)
            continue;
        if (n == GNUTLS_E_AGAIN)
            tls->has_unsent = true;
        if (n < 0)
            return result_of(tls, (int)n);
        tls->has_unsent = false;
        *taken += (size_t)n;
    }
    return TLS_OK;
}

enum tls_result
tls_bye(struct tls *tls)
{
    int code;

    do
        code = gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    while (code == GNUTLS_E_INTERRUPTED);
    return code >= 0 ? TLS_OK : result_of(tls, code);
}

const char *
tls_error(const struct tls *tls)
{
    return tls->error;
}

enum tls_refusal
tls_client_refused(const struct tls *tls)
{
    return tls->refusal;
}

/* SPDX-License-Identifier: MIT */
/* mint_server.c - the key process: reads the authority's key, answers
 * questions for certificates, does nothing else. */

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/ca.h"
#include "proxy/ca_store.h"
#include "proxy/mint_cage.h"
#include "proxy/mint_wire.h"

#define MAX_EVENTS 16

/* Before a new authority is read: 64 questions of each of 256 clients. */
#define MAX_TURNS 1024

struct server {
    const struct mint_bench *bench;
    struct ca ca;
    gnutls_datum_t own;                 /* the authority's certificate, DER */
    int epoll;
    unsigned left;                      /* clients that are still there */
    bool is_ending;                     /* once nobody asks, or soon */
    struct mint_answer answer;
};

static bool
load(struct server *s, int certificate_file, int key_file)
{
    gnutls_datum_t certificate = { NULL, 0 };
    gnutls_datum_t key = { NULL, 0 };
    int code = GNUTLS_E_FILE_ERROR;

    if (ca_store_read(certificate_file, &certificate)
        && ca_store_read(key_file, &key))
        code = ca_init(&s->ca, &certificate, &key);
    if (code >= 0 && !ca_keys_match(&s->ca))
        code = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
    if (code >= 0)
        code = gnutls_x509_crt_export2(s->ca.certificate,
                                       GNUTLS_X509_FMT_DER, &s->own);
    if (code >= 0 && s->own.size > MINT_WIRE_MAX_DER)
        code = GNUTLS_E_SHORT_MEMORY_BUFFER;
    ca_store_forget(&key);
    ca_store_forget(&certificate);
    close(key_file);
    close(certificate_file);
    if (code < 0)
        log_error("the authority in %s cannot be used: %s; davyd ca doctor "
                  "knows more", s->bench->state_dir, gnutls_strerror(code));
    return code >= 0;
}

static bool
watch_one(struct server *s, int fd)
{
    struct epoll_event event = { .events = EPOLLIN };

    event.data.fd = fd;
    return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool
watch(struct server *s)
{
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->epoll < 0 || !watch_one(s, s->bench->control))
        return false;
    for (unsigned i = 0; i < s->bench->count; i++) {
        if (!watch_one(s, s->bench->sockets[i]))
            return false;
    }
    s->left = s->bench->count;
    return true;
}

/* An answer that finds no room is dropped: the question times out, and a
 * client that does not listen keeps nobody waiting. */
static void
say(struct server *s, int fd, enum mint_word word, uint32_t number,
    int64_t value, size_t der_length)
{
    s->answer.word = (uint32_t)word;
    s->answer.number = number;
    s->answer.value = value;
    (void)send(fd, &s->answer, MINT_ANSWER_HEAD + der_length,
               MSG_DONTWAIT | MSG_NOSIGNAL);
}

static bool
make_leaf(struct server *s, const struct leaf_name *name, unsigned seconds,
          size_t *length, time_t *not_after)
{
    gnutls_datum_t der = { NULL, 0 };
    const int code = ca_mint(&s->ca, name, s->bench->subject, time(NULL),
                             seconds, &der, not_after);
    const bool is_made = code >= 0 && der.size <= sizeof(s->answer.der);

    if (is_made) {
        memcpy(s->answer.der, der.data, der.size);
        *length = der.size;
    }
    gnutls_free(der.data);
    return is_made;
}

/* False for a packet that no client of ours sends. */
static bool
answer(struct server *s, int fd, const struct mint_ask *ask, size_t length)
{
    struct leaf_name name;
    time_t not_after = 0;
    size_t der_length = 0;

    if (length <= MINT_ASK_HEAD || length > sizeof(*ask) || ask->seconds == 0
        || ask->seconds > MINT_WIRE_MAX_SECONDS
        || !leaf_name_read(&name, ask->name, length - MINT_ASK_HEAD))
        return false;
    if (make_leaf(s, &name, ask->seconds, &der_length, &not_after))
        say(s, fd, MINT_WORD_LEAF, ask->number, not_after, der_length);
    else
        say(s, fd, MINT_WORD_NONE, ask->number, 0, 0);
    return true;
}

/* One question of one client, so that all get their turn. */
static void
serve_one(struct server *s, int fd)
{
    struct mint_ask ask;
    const ssize_t n = recv(fd, &ask, sizeof(ask), MSG_DONTWAIT | MSG_TRUNC);

    if (n > 0 && !answer(s, fd, &ask, (size_t)n)) {
        log_error("the key process was sent nonsense and ends");
        _exit(MINT_SERVER_NONSENSE);
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
        s->left--;
    }
}

static void
take_word(struct server *s)
{
    char word;
    const ssize_t n = recv(s->bench->control, &word, 1, MSG_DONTWAIT);

    if (n > 0)
        s->is_ending = true;
    if (n == 0)
        (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->bench->control, NULL);
}

/* What is not answered at the end stays in the sockets, for the next key
 * process. */
static void
serve(struct server *s)
{
    for (unsigned turns = 0; s->left > 0;) {
        struct epoll_event events[MAX_EVENTS];
        const int n = epoll_wait(s->epoll, events, MAX_EVENTS,
                                 s->is_ending ? 0 : -1);

        if (n < 0 && errno != EINTR)
            _exit(MINT_SERVER_ILL);
        if (s->is_ending && (n == 0 || turns++ == MAX_TURNS))
            _exit(MINT_SERVER_AGAIN);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == s->bench->control)
                take_word(s);
            else
                serve_one(s, events[i].data.fd);
        }
    }
}

/* The first leaf makes the libraries open and allocate what they will need;
 * behind mint_cage_lock they could not. */
static void
warm_up(struct server *s)
{
    struct leaf_name name;
    size_t length;
    time_t until;

    if (leaf_name_read(&name, "davy.example", 12)
        && !make_leaf(s, &name, 86400, &length, &until))
        log_error("the authority makes no certificates now; davyd ca doctor "
                  "knows why");
}

void
mint_server_run(const struct mint_bench *bench, int certificate_file,
                int key_file, unsigned generation)
{
    struct server *s = fatal_alloc(sizeof(*s));

    s->bench = bench;
    if (!load(s, certificate_file, key_file) || !watch(s))
        _exit(MINT_SERVER_BROKEN);
    warm_up(s);
    if (!mint_cage_lock() && generation == 1)
        log_note("the key process runs without a filter of system calls");
    memcpy(s->answer.der, s->own.data, s->own.size);
    for (unsigned i = 0; i < bench->count; i++)
        say(s, bench->sockets[i], MINT_WORD_HELLO, generation, getpid(),
            s->own.size);
    serve(s);
    _exit(MINT_SERVER_DONE);
}

/* SPDX-License-Identifier: MIT */
/* intercept.c - handshakes that wait for their certificate. */

#include "proxy/intercept.h"

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/authority.h"

/* Milliseconds for one question to the key process. */
#define MINT_TIME 5000u

/* Seconds that a leaf is good for. */
#define LEAF_SECONDS ((unsigned)14 * 86400u)

struct intercept {
    struct loop *loop;
    struct tls_server *server;
    struct mint_client *client;
    struct cert_cache *cache;
    struct loop_watch watch;
    struct loop_timer timer;
    struct learned *learned;
};

/* ---- Questions to the key process ---- */

static void
set_timer(struct intercept *i)
{
    const uint64_t now = loop_now(i->loop);
    const uint64_t at = mint_deadline(i->client);

    if (at == UINT64_MAX)
        loop_timer_stop(i->loop, &i->timer);
    else
        loop_timer_set(i->loop, &i->timer, at > now ? at - now : 0);
}

static void
on_time(void *ctx)
{
    struct intercept *i = ctx;

    mint_expire(i->client, loop_now(i->loop));
    set_timer(i);
}

static void
on_answer(void *ctx, uint32_t events)
{
    struct intercept *i = ctx;

    (void)events;
    if (!mint_ready(i->client))
        loop_watch(i->loop, &i->watch, 0);
    set_timer(i);
}

/* Browsers that trust it want nothing from the old one. */
static void
on_authority(void *ctx, const gnutls_datum_t *der)
{
    struct intercept *i = ctx;

    cert_cache_clear(i->cache);
    authority_set(der);
}

struct intercept *
intercept_new(struct loop *loop, struct tls_server *server,
              struct mint *mint, struct learned *learned, unsigned index)
{
    struct intercept *i = fatal_alloc(sizeof(*i));

    i->loop = loop;
    i->server = server;
    i->learned = learned;
    i->client = mint_client_new(mint, index, MINT_TIME, LEAF_SECONDS);
    i->cache = cert_cache_new(i->client, &cert_cache_defaults);
    i->watch = (struct loop_watch){ mint_client_fd(i->client), 0, on_answer,
                                    i };
    i->timer = (struct loop_timer){ .fn = on_time, .ctx = i };
    loop_watch(loop, &i->watch, EPOLLIN);
    mint_client_on_authority(i->client, on_authority, i);
    on_answer(i, EPOLLIN);              /* its first words lie there */
    return i;
}

void
intercept_free(struct intercept *i)
{
    if (i == NULL)
        return;
    loop_watch(i->loop, &i->watch, 0);
    loop_timer_stop(i->loop, &i->timer);
    mint_client_free(i->client);
    cert_cache_free(i->cache);
    free(i);
}

/* ---- Names ---- */

bool
intercept_wants(const struct intercept *i, const char *host)
{
    struct leaf_name name;

    return mint_client_has_authority(i->client)
           && leaf_name_read(&name, host, strlen(host))
           && !learned_has(i->learned, &name, loop_now(i->loop));
}

void
intercept_learn(struct intercept *i, const char *host, uint64_t time)
{
    struct leaf_name name;

    if (leaf_name_read(&name, host, strlen(host)))
        learned_add(i->learned, &name, loop_now(i->loop) + time);
}

/* ---- Handshakes ---- */

struct handshake {
    struct intercept *intercept;
    struct loop_watch *watch;
    struct tls *tls;
    struct leaf_name name;
    struct cert_cache_waiter waiter;
    handshake_fn *fn;
    void *ctx;
    bool has_ended;
};

/* The owner may free the handshake in its call: nothing may follow. */
static void
finish(struct handshake *h, enum handshake_end end)
{
    loop_watch(h->intercept->loop, h->watch, 0);
    h->has_ended = true;
    h->fn(h->ctx, end);
}

static void
go_on(struct handshake *h);

static void
on_leaf(void *ctx, struct cert_leaf *leaf)
{
    struct handshake *h = ctx;

    if (leaf == NULL) {
        finish(h, HANDSHAKE_FAILED);
        return;
    }
    tls_use_leaf(h->tls, leaf);
    go_on(h);
}

/* True when the handshake can go on at once. */
static bool
get_leaf(struct handshake *h)
{
    struct intercept *i = h->intercept;
    const struct client_hello *hello = tls_hello(h->tls);
    struct cert_leaf *leaf = NULL;

    if (hello->name[0] != '\0'
        && !text_is_equal_nocase(hello->name, h->name.text)) {
        finish(h, HANDSHAKE_OTHER_NAME);
        return false;
    }
    switch (cert_cache_get(i->cache, &h->name, loop_now(i->loop), &h->waiter,
                           &leaf)) {
    case CERT_CACHE_READY:
        tls_use_leaf(h->tls, leaf);
        return true;
    case CERT_CACHE_WAIT:
        loop_watch(i->loop, h->watch, EPOLLRDHUP);
        set_timer(i);
        return false;
    case CERT_CACHE_NONE:
    default:
        finish(h, HANDSHAKE_FAILED);
        return false;
    }
}

static void
go_on(struct handshake *h)
{
    struct loop *loop = h->intercept->loop;

    for (;;) {
        switch (tls_handshake(h->tls)) {
        case TLS_OK:
            finish(h, HANDSHAKE_DONE);
            return;
        case TLS_WANT_READ:
            loop_watch(loop, h->watch, EPOLLIN | EPOLLRDHUP);
            return;
        case TLS_WANT_WRITE:
            loop_watch(loop, h->watch, EPOLLOUT | EPOLLRDHUP);
            return;
        case TLS_WANT_LEAF:
            if (!get_leaf(h))
                return;
            break;
        case TLS_CLOSED:
        case TLS_ERROR:
        default:
            finish(h, tls_client_refused(h->tls) >= TLS_REFUSED_BY_CLOSE
                          ? HANDSHAKE_REFUSED
                          : HANDSHAKE_FAILED);
            return;
        }
    }
}

static void
on_event(void *ctx, uint32_t events)
{
    struct handshake *h = ctx;

    if ((events & (EPOLLERR | EPOLLHUP)) && !(events & EPOLLIN))
        finish(h, HANDSHAKE_FAILED);
    else if (h->waiter.next != NULL || h->waiter.previous != NULL)
        finish(h, HANDSHAKE_FAILED);    /* it left while it waited */
    else
        go_on(h);
}

static void
begin(void *ctx)
{
    struct handshake *h = ctx;

    if (!h->has_ended)
        go_on(h);
}

struct handshake *
handshake_new(struct intercept *i, struct loop_watch *watch,
              const char *host, const void *prefix, size_t length,
              handshake_fn *fn, void *ctx)
{
    struct handshake *h = fatal_alloc(sizeof(*h));

    h->intercept = i;
    h->watch = watch;
    h->fn = fn;
    h->ctx = ctx;
    h->waiter = (struct cert_cache_waiter){ .fn = on_leaf, .ctx = h };
    (void)leaf_name_read(&h->name, host, strlen(host));
    h->tls = tls_new(i->server, watch->fd, prefix, length);
    if (h->tls == NULL) {
        free(h);
        return NULL;
    }
    watch->fn = on_event;
    watch->ctx = h;
    loop_later(i->loop, begin, h);
    return h;
}

struct tls *
handshake_take(struct handshake *h)
{
    struct tls *tls = h->tls;

    h->tls = NULL;
    return tls;
}

static void
free_handshake(void *ctx)
{
    free(ctx);
}

void
handshake_free(struct handshake *h)
{
    h->has_ended = true;
    cert_cache_cancel(&h->waiter);
    if (h->tls != NULL)
        tls_free(h->tls);
    loop_later(h->intercept->loop, free_handshake, h);
}

/* SPDX-License-Identifier: MIT */
/* worker.c - accepts connections; takes new rules; drains. */

#include "proxy/worker.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/auth.h"
#include "proxy/client_count.h"
#include "proxy/conn.h"
#include "proxy/intercept.h"
#include "proxy/seen.h"

/* Taken in one go, so that others get their turn. */
#define MAX_ACCEPT 64

/* Out of descriptors, or full: look again after this time. */
#define ACCEPT_PAUSE 100

/* A socket that the service manager has handed over is watched by all
 * workers: EPOLLEXCLUSIVE wakes one of them for a client. */
#define LISTENING ((uint32_t)EPOLLIN | (uint32_t)EPOLLEXCLUSIVE)

static void
listen_on(struct worker *w, bool is_on)
{
    w->is_listening = is_on;
    for (size_t i = 0; i < w->listener_count; i++)
        loop_watch(w->loop, &w->listeners[i].watch, is_on ? LISTENING : 0);
}

static void
pause_accepting(struct worker *w)
{
    if (!w->is_listening)
        return;
    listen_on(w, false);
    loop_timer_set(w->loop, &w->accept_timer, ACCEPT_PAUSE);
}

static void
on_accept_time(void *ctx)
{
    struct worker *w = ctx;

    if (!w->is_draining)
        listen_on(w, true);
}

static bool
accept_one(const struct listener *l)
{
    struct worker *w = l->worker;
    struct sockaddr_storage peer;
    socklen_t length = sizeof(peer);
    int fd;

    if (client_count_total(w->clients) >= w->conf->limits.connections) {
        pause_accepting(w);
        return false;
    }
    fd = accept4(l->watch.fd, (struct sockaddr *)&peer, &length,
                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        conn_new(l, fd, (const struct sockaddr *)&peer);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS
        || errno == ENOMEM) {
        log_error("no connection can be accepted for now: out of file "
                  "descriptors or memory");
        pause_accepting(w);
    }
    return errno == ECONNABORTED || errno == EINTR;
}

static void
on_listener(void *ctx, uint32_t events)
{
    (void)events;
    for (int i = 0; i < MAX_ACCEPT && accept_one(ctx); i++)
        continue;
}

/* ---- Words from the main thread ---- */

static void
on_drain_time(void *ctx)
{
    struct worker *w = ctx;

    while (w->conns != NULL)
        conn_abort(w->conns);
    loop_stop(w->loop);
}

static void
begin_drain(struct worker *w)
{
    struct conn *next;

    if (w->is_draining)
        return;
    w->is_draining = true;
    listen_on(w, false);
    loop_timer_stop(w->loop, &w->accept_timer);
    for (struct conn *c = w->conns; c != NULL; c = next) {
        next = c->next;
        conn_drain(c);
    }
    if (w->conns == NULL)
        loop_stop(w->loop);
    else
        loop_timer_set(w->loop, &w->drain_timer, w->conf->limits.drain_time);
}

static void
take_conf(struct worker *w, struct conf *conf)
{
    conf_use_leave(w->use);
    w->use = conf_use_new(conf);
    w->conf = conf;
    upstream_reload(w->upstream, conf);
    auth_client_forget(w->auth);
}

static void
on_wake(void *ctx)
{
    struct worker *w = ctx;
    struct conf *conf = atomic_exchange(&w->next_conf, NULL);

    atomic_store(&w->is_asked, false);
    if (conf != NULL)
        take_conf(w, conf);
    if (atomic_exchange(&w->must_reload, false)) {
        inspector_reload(w->inspector);
        seen_clear(w->seen);
    }
    if (atomic_load(&w->must_drain))
        begin_drain(w);
}

void
worker_reload(struct worker *w, struct conf *conf)
{
    conf_unref(atomic_exchange(&w->next_conf, conf_ref(conf)));
    atomic_store(&w->must_reload, true);
    loop_wake(w->loop);
}

void
worker_drain(struct worker *w)
{
    atomic_store(&w->must_drain, true);
    loop_wake(w->loop);
}

bool
worker_is_alive(struct worker *w)
{
    const bool has_answered = !atomic_exchange(&w->is_asked, true);

    loop_wake(w->loop);
    return has_answered;
}

void
worker_forget(struct worker *w, struct conn *conn)
{
    if (conn->previous != NULL)
        conn->previous->next = conn->next;
    else
        w->conns = conn->next;
    if (conn->next != NULL)
        conn->next->previous = conn->previous;
    w->conn_count--;
    atomic_fetch_sub_explicit(&w->metrics.open, 1, memory_order_relaxed);
    if (w->is_draining && w->conns == NULL)
        loop_stop(w->loop);
}

/* ---- Beginning and end ---- */

struct worker *
worker_new(const struct worker_options *options)
{
    struct worker *w = fatal_alloc(sizeof(*w));
    const struct conf_listener *listeners = options->conf->listeners.at;
    const size_t count = options->conf->listeners.count;

    w->use = conf_use_new(conf_ref(options->conf));
    w->conf = options->conf;
    w->slot = options->slot;
    w->name = options->name;
    w->portal = options->portal;
    w->portal_key = options->portal_key;
    w->clients = options->clients;
    w->loop = loop_new();
    w->upstream = upstream_new(w->loop, w->conf);
    w->inspector = inspector_new(w->slot, w->conf->limits.judge_size);
    w->seen = seen_new();
    w->auth = auth_client_new(options->auth, w->loop);
    w->drain_timer = (struct loop_timer){ .fn = on_drain_time, .ctx = w };
    w->accept_timer = (struct loop_timer){ .fn = on_accept_time, .ctx = w };
    w->listeners = fatal_alloc(count * sizeof(*w->listeners));
    w->listener_count = count;
    for (size_t i = 0; i < count; i++) {
        struct listener *l = &w->listeners[i];

        l->worker = w;
        l->conf = &listeners[i];
        l->watch = (struct loop_watch){ options->sockets[i], 0, on_listener,
                                        l };
    }
    loop_on_wake(w->loop, on_wake, w);
    return w;
}

void
worker_run(struct worker *w)
{
    listen_on(w, true);
    loop_run(w->loop);
}

void
worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->listener_count; i++)
        close(w->listeners[i].watch.fd);
    free(w->listeners);
    intercept_free(w->intercept);
    upstream_free(w->upstream);
    inspector_free(w->inspector);
    seen_free(w->seen);
    auth_client_free(w->auth);
    loop_free(w->loop);
    conf_unref(atomic_exchange(&w->next_conf, NULL));
    conf_use_leave(w->use);
    free(w);
}

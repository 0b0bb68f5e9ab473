/* SPDX-License-Identifier: MIT */
/* worker.h - one thread: its loop, its connections, its transfers. */

#ifndef WORKER_H
#define WORKER_H

#include <davy/davy.h>
#include <stdatomic.h>

#include "proxy/conf_use.h"
#include "proxy/http_head.h"
#include "proxy/inspect.h"
#include "proxy/loop.h"
#include "proxy/metrics.h"
#include "proxy/upstream.h"

struct conn;

struct worker {
    struct loop *loop;
    struct conf_use *use;
    const struct conf *conf;            /* use->conf, good for this turn */
    davy_slot *slot;
    struct upstream *upstream;
    struct inspector *inspector;
    struct seen *seen;
    struct intercept *intercept;        /* NULL: HTTPS passes unseen */
    const char *name;                   /* ours, in Via */
    const char *portal;                 /* abstract socket of the portal */
    const char *portal_key;
    struct client_count *clients;       /* of all workers */
    struct auth_client *auth;
    struct http_head head;              /* of the request being read */
    struct metrics metrics;
    struct conn *conns;
    size_t conn_count;
    struct listener *listeners;
    size_t listener_count;
    bool is_listening;
    bool is_draining;
    struct loop_timer drain_timer;
    struct loop_timer accept_timer;
    atomic_bool must_reload;            /* set by the main thread */
    _Atomic(struct conf *) next_conf;
    atomic_bool must_drain;
    atomic_bool is_asked;               /* to show that it lives */
};

/* One address that is listened on. */
struct listener {
    struct worker *worker;
    struct loop_watch watch;
    const struct conf_listener *conf;   /* of the first configuration */
};

struct worker_options {
    struct conf *conf;                  /* a reference is taken */
    davy_slot *slot;
    const char *name;
    const char *portal;
    const char *portal_key;
    struct client_count *clients;
    struct auth *auth;
    const int *sockets;                 /* one for each listener of conf; taken
                                         * over */
};

/* What is pointed to must outlive it. */
struct worker *worker_new(const struct worker_options *options);

/* Serve until drained; of its own thread. */
void worker_run(struct worker *worker);
void worker_free(struct worker *worker);

/* Any thread: take the slot's new ruleset and a new configuration; stop
 * accepting and end. */
void worker_reload(struct worker *worker, struct conf *conf);
void worker_drain(struct worker *worker);

/* Any one thread: whether its loop has turned since this was asked last. */
bool worker_is_alive(struct worker *worker);

/* A connection has ended. */
void worker_forget(struct worker *worker, struct conn *conn);

#endif

/* SPDX-License-Identifier: MIT */
/* worker.h - one thread: its loop, its connections, its transfers. */

#ifndef WORKER_H
#define WORKER_H

#include <davy/davy.h>
#include <stdatomic.h>

#include "proxy/http_head.h"
#include "proxy/inspect.h"
#include "proxy/loop.h"
#include "proxy/metrics.h"
#include "proxy/settings.h"
#include "proxy/upstream.h"

struct conn;

struct worker {
    struct loop *loop;
    const struct settings *settings;
    davy_slot *slot;
    struct upstream *upstream;
    struct inspector *inspector;
    struct seen *seen;
    struct intercept *intercept;        /* NULL: HTTPS passes unseen */
    const char *name;                   /* ours, in Via */
    struct http_head head;              /* of the request being read */
    struct metrics metrics;
    struct conn *conns;
    size_t conn_count;
    struct loop_watch *listeners;
    size_t listener_count;
    bool is_listening;
    bool is_draining;
    struct loop_timer drain_timer;
    struct loop_timer accept_timer;
    atomic_bool must_reload;            /* set by the main thread */
    atomic_bool must_drain;
};

/* Takes over the listening sockets. */
struct worker *worker_new(const struct settings *settings, davy_slot *slot,
                          const char *name, const int *sockets, size_t count);

/* Serve until drained; of its own thread. */
void worker_run(struct worker *worker);
void worker_free(struct worker *worker);

/* Any thread: take the slot's new ruleset; stop accepting and end. */
void worker_reload(struct worker *worker);
void worker_drain(struct worker *worker);

/* A connection has ended. */
void worker_forget(struct worker *worker, struct conn *conn);

#endif

/* SPDX-License-Identifier: MIT */
/* upstream.h - davyd as a client of origins: libcurl in the worker's loop. */

#ifndef UPSTREAM_H
#define UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "proxy/loop.h"
#include "proxy/conf.h"

struct upstream;
struct transfer;
struct header_list;

/* Why a transfer failed. */
enum upstream_fault {
    UPSTREAM_OK,
    UPSTREAM_UNKNOWN_HOST,
    UPSTREAM_REFUSED,                   /* no connection */
    UPSTREAM_NO_PARENT,                 /* the parent's name is unknown */
    UPSTREAM_PRIVATE,                   /* leads into a private network */
    UPSTREAM_TIMEOUT,
    UPSTREAM_CERTIFICATE,               /* the origin is not who it says */
    UPSTREAM_BROKEN                     /* it broke off, or it is no HTTP */
};

#define UPSTREAM_PAUSE SIZE_MAX
#define UPSTREAM_ABORT (SIZE_MAX - 1)

/* What a transfer asks and tells; none of the calls may free the transfer, but
 * each may cancel it. */
struct transfer_events {
    /* The next bytes of the request's body, at most `room`; 0 at its end,
     * UPSTREAM_PAUSE, UPSTREAM_ABORT. */
    size_t (*send)(void *ctx, char *bytes, size_t room);
    /* One line of a head with its line end; false aborts. */
    bool (*line)(void *ctx, const char *line, size_t length);
    /* The answer's body: how much was taken (all of it), or UPSTREAM_PAUSE:
     * the same bytes come again after upstream_resume; or UPSTREAM_ABORT. */
    size_t (*take)(void *ctx, const char *bytes, size_t length);
    /* The end; the transfer is gone.  `why` says more than `fault`. */
    void (*done)(void *ctx, enum upstream_fault fault, const char *why);
};

struct transfer_request {
    const char *url;                    /* scheme, host and port */
    const char *target;                 /* what stands in the request line */
    const char *socket;                 /* abstract socket to ask, or NULL */
    const struct conf_parent *parent;   /* proxy to go through, or NULL */
    bool may_be_private;                /* also into private networks */
    const char *method;
    struct header_list *headers;
    bool expects_continue;              /* the origin may answer instead of
                                         * reading the body: the connection is
                                         * not used again */
    bool is_session;                    /* its connection knows the client */
    bool has_body;
    int64_t body_length;                /* -1: chunked */
};

/* Before threads start, and when they have ended. */
void upstream_global_init(void);
void upstream_global_end(void);

/* `conf` must outlive it, or the next reload. */
struct upstream *upstream_new(struct loop *loop, const struct conf *conf);
void upstream_reload(struct upstream *upstream, const struct conf *conf);
void upstream_free(struct upstream *upstream);

/* Start; `headers` must live until the end.  done() is never called from
 * within. */
struct transfer *upstream_start(struct upstream *upstream,
                                const struct transfer_request *request,
                                const struct transfer_events *events,
                                void *ctx);

/* End it without a further call. */
void upstream_cancel(struct transfer *transfer);

/* Go on after a pause, of either direction. */
void upstream_resume(struct transfer *transfer);

/* Only connect, with TLS for https; of `request` the url, the parent (which is
 * told by CONNECT) and may_be_private count.  `connected` is told how it ended;
 * with UPSTREAM_OK the transfer stays, until upstream_cancel, and can be spoken
 * over: */
typedef void upstream_connected(void *ctx, enum upstream_fault fault,
                                const char *why);
struct transfer *upstream_connect(struct upstream *upstream,
                                  const struct transfer_request *request,
                                  upstream_connected *connected, void *ctx);

/* A descriptor of the caller's own, to watch, or without TLS to use; -1. */
int upstream_descriptor(const struct transfer *transfer);

/* As send(2) and recv(2). */
ssize_t upstream_send(struct transfer *transfer, const char *bytes,
                      size_t length);
ssize_t upstream_receive(struct transfer *transfer, char *bytes, size_t room);

/* ---- Header fields, in order ---- */

struct header_list *header_list_new(void);
void header_list_free(struct header_list *list);
void header_list_add(struct header_list *list, const char *name,
                     size_t name_length, const char *value,
                     size_t value_length);
/* Append the fields as lines, as libcurl would send them. */
struct bytes;
void header_list_write(const struct header_list *list, struct bytes *out);
/* Keep libcurl from adding `name` of its own. */
void header_list_suppress(struct header_list *list, const char *name);

#endif

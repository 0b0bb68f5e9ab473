/* SPDX-License-Identifier: MIT */
/* upstream.c - transfers by libcurl's multi-socket interface.
 *
 * libcurl's connections and timer are watched by our loop.  Where a name leads
 * is decided by libcurl's resolver; whether we go there is decided for each
 * socket at the moment it is opened. */

#include "proxy/upstream.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/private_address.h"
#include "common/fatal.h"
#include "proxy/bytes.h"

/* Easy handles that are kept for the next transfers. */
#define MAX_SPARE 64

/* Idle connections to origins that are kept. */
#define MAX_CONNECTIONS 512L

/* Seconds; origins close after 5 and more. */
#define MAX_IDLE_FOR_BODY 3L

struct upstream {
    struct loop *loop;
    const struct conf *conf;
    CURLM *multi;
    struct curl_slist *parent_headers;  /* left out of what parents get */
    struct loop_timer timer;
    CURL *spare[MAX_SPARE];
    size_t spares;
};

struct transfer {
    struct upstream *upstream;
    CURL *easy;
    struct transfer_events events;
    upstream_connected *connected;
    void *ctx;
    bool is_cancelled;
    bool is_good;                       /* has ended well */
    bool is_local;                      /* asks the portal, or a parent: may
                                         * be private */
    bool may_be_private;
    bool is_private;                    /* refused for this reason */
    bool wants_resume;
    char error[CURL_ERROR_SIZE];
};

void
upstream_global_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fatal("libcurl does not start");
}

void
upstream_global_end(void)
{
    curl_global_cleanup();
}

/* ---- Header fields ---- */

struct header_list {
    struct bytes text;
    struct curl_slist *nodes;           /* data: an offset while it grows */
    size_t count, cap;
};

struct header_list *
header_list_new(void)
{
    return fatal_alloc(sizeof(struct header_list));
}

void
header_list_free(struct header_list *list)
{
    if (list == NULL)
        return;
    bytes_fini(&list->text);
    free(list->nodes);
    free(list);
}

static void
add_line(struct header_list *list, size_t from)
{
    bytes_append(&list->text, "", 1);
    if (list->count == list->cap) {
        list->cap = list->cap == 0 ? 32 : list->cap * 2;
        list->nodes = fatal_realloc(list->nodes,
                                    list->cap * sizeof(*list->nodes));
    }
    list->nodes[list->count++].data = (char *)(uintptr_t)from;
}

/* libcurl writes "Name;" as an empty field. */
void
header_list_add(struct header_list *list, const char *name,
                size_t name_length, const char *value, size_t value_length)
{
    const size_t from = list->text.to;

    bytes_append(&list->text, name, name_length);
    bytes_append_text(&list->text, value_length == 0 ? ";" : ": ");
    bytes_append(&list->text, value, value_length);
    add_line(list, from);
}

void
header_list_suppress(struct header_list *list, const char *name)
{
    const size_t from = list->text.to;

    bytes_append_text(&list->text, name);
    bytes_append_text(&list->text, ":");
    add_line(list, from);
}

void
header_list_write(const struct header_list *list, struct bytes *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *line = list->text.at + (uintptr_t)list->nodes[i].data;
        const char *colon = strchr(line, ':');

        if (colon == NULL)              /* "Name;" */
            bytes_format(out, "%.*s:\r\n", (int)strlen(line) - 1, line);
        else if (colon[1] != '\0')      /* else suppressed */
            bytes_format(out, "%s\r\n", line);
    }
}

static struct curl_slist *
finish_headers(struct header_list *list)
{
    if (list == NULL || list->count == 0)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        list->nodes[i].data = list->text.at
                              + (uintptr_t)list->nodes[i].data;
        list->nodes[i].next = i + 1 < list->count ? &list->nodes[i + 1]
                                                  : NULL;
    }
    return list->nodes;
}

/* ---- The loop ---- */

static void
check_done(struct upstream *u);

static void
act(struct upstream *u, curl_socket_t fd, int what)
{
    int running;

    curl_multi_socket_action(u->multi, fd, what, &running);
    check_done(u);
}

struct socket_watch {
    struct loop_watch watch;
    struct upstream *upstream;
};

static void
on_socket_event(void *ctx, uint32_t events)
{
    struct socket_watch *s = ctx;
    int what = 0;

    if (events & EPOLLIN)
        what |= CURL_CSELECT_IN;
    if (events & EPOLLOUT)
        what |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP))
        what |= CURL_CSELECT_ERR;
    act(s->upstream, s->watch.fd, what);
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
    struct upstream *u = ctx;
    struct socket_watch *s = known;
    uint32_t events = 0;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (s != NULL) {
            loop_watch(u->loop, &s->watch, 0);
            loop_later(u->loop, free, s);
            curl_multi_assign(u->multi, fd, NULL);
        }
        return 0;
    }
    if (s == NULL) {
        s = fatal_alloc(sizeof(*s));
        s->upstream = u;
        s->watch = (struct loop_watch){ fd, 0, on_socket_event, s };
        curl_multi_assign(u->multi, fd, s);
    }
    if (what & CURL_POLL_IN)
        events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
        events |= EPOLLOUT;
    loop_watch(u->loop, &s->watch, events);
    return 0;
}

static void
on_timer(void *ctx)
{
    struct upstream *u = ctx;

    act(u, CURL_SOCKET_TIMEOUT, 0);
}

static int
on_timer_change(CURLM *multi, long delay, void *ctx)
{
    struct upstream *u = ctx;

    (void)multi;
    if (delay < 0)
        loop_timer_stop(u->loop, &u->timer);
    else
        loop_timer_set(u->loop, &u->timer, (uint64_t)delay);
    return 0;
}

/* What libcurl would say to parents of itself. */
static struct curl_slist *
no_parent_headers(void)
{
    struct curl_slist *list = curl_slist_append(NULL, "Proxy-Connection:");
    struct curl_slist *both = curl_slist_append(list, "User-Agent:");

    if (both == NULL)
        fatal("no memory for headers");
    return both;
}

struct upstream *
upstream_new(struct loop *loop, const struct conf *conf)
{
    struct upstream *u = fatal_alloc(sizeof(*u));

    u->loop = loop;
    u->conf = conf;
    u->parent_headers = no_parent_headers();
    u->timer = (struct loop_timer){ .fn = on_timer, .ctx = u };
    u->multi = curl_multi_init();
    if (u->multi == NULL)
        fatal("libcurl does not start");
    curl_multi_setopt(u->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(u->multi, CURLMOPT_SOCKETDATA, u);
    curl_multi_setopt(u->multi, CURLMOPT_TIMERFUNCTION, on_timer_change);
    curl_multi_setopt(u->multi, CURLMOPT_TIMERDATA, u);
    curl_multi_setopt(u->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(u->multi, CURLMOPT_MAXCONNECTS, MAX_CONNECTIONS);
    return u;
}

/* Transfers under way keep what they were given. */
void
upstream_reload(struct upstream *u, const struct conf *conf)
{
    u->conf = conf;
}

void
upstream_free(struct upstream *u)
{
    if (u == NULL)
        return;
    while (u->spares > 0)
        curl_easy_cleanup(u->spare[--u->spares]);
    curl_slist_free_all(u->parent_headers);
    curl_multi_cleanup(u->multi);
    loop_timer_stop(u->loop, &u->timer);
    free(u);
}

/* ---- libcurl's calls ---- */

static size_t
on_read(char *bytes, size_t one, size_t room, void *ctx)
{
    struct transfer *t = ctx;
    size_t n;

    if (t->is_cancelled)
        return CURL_READFUNC_ABORT;
    n = t->events.send(t->ctx, bytes, one * room);
    if (n == UPSTREAM_PAUSE)
        return CURL_READFUNC_PAUSE;
    return n == UPSTREAM_ABORT ? CURL_READFUNC_ABORT : n;
}

static size_t
on_line(char *line, size_t one, size_t length, void *ctx)
{
    struct transfer *t = ctx;

    if (t->is_cancelled || !t->events.line(t->ctx, line, one * length))
        return 0;
    return one * length;
}

static size_t
on_body(char *bytes, size_t one, size_t length, void *ctx)
{
    struct transfer *t = ctx;
    size_t n;

    if (t->is_cancelled)
        return 0;
    n = t->events.take(t->ctx, bytes, one * length);
    if (n == UPSTREAM_PAUSE)
        return CURL_WRITEFUNC_PAUSE;
    return n == UPSTREAM_ABORT ? 0 : n;
}

static curl_socket_t
on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = ctx;

    if (purpose == CURLSOCKTYPE_IPCXN && !t->is_local && !t->may_be_private
        && private_address(&address->addr)) {
        t->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* A connection that is used again was opened for somebody else, perhaps for
 * one who may reach private networks. */
static int
on_request(void *ctx, char *address, char *own, int port, int own_port)
{
    struct transfer *t = ctx;

    (void)own;
    (void)port;
    (void)own_port;
    if (t->is_local || t->may_be_private || !private_address_text(address))
        return CURL_PREREQFUNC_OK;
    t->is_private = true;
    return CURL_PREREQFUNC_ABORT;
}

/* ---- Transfers ---- */

/* What is the same for every transfer. */
static void
prepare(const struct upstream *u, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* Who gives up while a name is looked up does not wait for the answer: the
     * resolver's thread ends by itself. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)u->conf->limits.connect_time);
    curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 2000L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    curl_easy_setopt(easy, CURLOPT_PROXYHEADER, u->parent_headers);
    curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC);
    if (u->conf->upstream_ca != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, u->conf->upstream_ca);
}

static CURL *
take_easy(struct upstream *u)
{
    CURL *easy = u->spares > 0 ? u->spare[--u->spares] : curl_easy_init();

    if (easy == NULL)
        fatal("no memory for a transfer");
    prepare(u, easy);
    return easy;
}

/* A handle counts its lost connections over all of its transfers, until it is
 * reset, and never forgets a 417: only those that went well are used again. */
static void
give_easy_back(struct upstream *u, CURL *easy, bool is_good)
{
    if (!is_good || u->spares == MAX_SPARE) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    u->spare[u->spares++] = easy;
}

/* "" keeps libcurl from asking the environment. */
static void
set_parent(struct transfer *t, const struct conf_parent *parent, bool tunnels)
{
    const bool has = parent != NULL;

    curl_easy_setopt(t->easy, CURLOPT_PROXY, has ? parent->through : "");
    curl_easy_setopt(t->easy, CURLOPT_PROXYUSERPWD,
                     has ? parent->credentials : NULL);
    curl_easy_setopt(t->easy, CURLOPT_HTTPPROXYTUNNEL,
                     has && tunnels ? 1L : 0L);
}

static struct transfer *
transfer_new(struct upstream *u, const struct transfer_request *request,
             bool tunnels, void *ctx)
{
    struct transfer *t = fatal_alloc(sizeof(*t));

    t->upstream = u;
    t->ctx = ctx;
    t->easy = take_easy(u);
    t->is_local = request->socket != NULL || request->parent != NULL;
    t->may_be_private = request->may_be_private;
    set_parent(t, request->parent, tunnels);
    curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    return t;
}

static void
transfer_free(struct transfer *t)
{
    curl_multi_remove_handle(t->upstream->multi, t->easy);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
    give_easy_back(t->upstream, t->easy, t->is_good);
    free(t);
}

static void
set_method(CURL *easy, const struct transfer_request *request)
{
    const bool is_head = strcmp(request->method, "HEAD") == 0;

    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (request->has_body) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                         (curl_off_t)request->body_length);
    }
    if (is_head && !request->has_body)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (request->has_body || strcmp(request->method, "GET") != 0)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* 9110, 9.2.2 */
static bool
is_idempotent(const char *method)
{
    static const char *const methods[] = { "GET",    "HEAD",    "PUT",
                                           "DELETE", "OPTIONS", "TRACE" };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(methods[i], method) == 0)
            return true;
    }
    return false;
}

/* libcurl asks again when a connection that was used before breaks off.  What
 * must not be done twice goes over a new one; a body, which is there once, over
 * one that the origin is not about to close. */
static void
choose_connection(CURL *easy, const struct transfer_request *request)
{
    if (!request->has_body && !request->is_session
        && !is_idempotent(request->method))
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (request->has_body)
        curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, MAX_IDLE_FOR_BODY);
    if (request->expects_continue)
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

struct transfer *
upstream_start(struct upstream *u, const struct transfer_request *request,
               const struct transfer_events *events, void *ctx)
{
    struct transfer *t = transfer_new(u, request, false, ctx);

    t->events = *events;
    curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 0L);
    curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(t->easy, CURLOPT_REQUEST_TARGET, request->target);
    curl_easy_setopt(t->easy, CURLOPT_ABSTRACT_UNIX_SOCKET, request->socket);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER,
                     finish_headers(request->headers));
    choose_connection(t->easy, request);
    set_method(t->easy, request);
    curl_multi_add_handle(u->multi, t->easy);
    return t;
}

struct transfer *
upstream_connect(struct upstream *u, const struct transfer_request *request,
                 upstream_connected *connected, void *ctx)
{
    struct transfer *t = transfer_new(u, request, true, ctx);

    t->connected = connected;
    curl_easy_setopt(t->easy, CURLOPT_ABSTRACT_UNIX_SOCKET, NULL);
    curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(t->easy, CURLOPT_REQUEST_TARGET, NULL);
    curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_multi_add_handle(u->multi, t->easy);
    return t;
}

static void
remove_cancelled(void *ctx)
{
    transfer_free(ctx);
}

void
upstream_cancel(struct transfer *t)
{
    if (t->is_cancelled)
        return;
    t->is_cancelled = true;
    loop_later(t->upstream->loop, remove_cancelled, t);
}

static void
resume(void *ctx)
{
    struct transfer *t = ctx;

    t->wants_resume = false;
    if (!t->is_cancelled) {
        curl_easy_pause(t->easy, CURLPAUSE_CONT);
        check_done(t->upstream);
    }
}

void
upstream_resume(struct transfer *t)
{
    if (t->wants_resume || t->is_cancelled)
        return;
    t->wants_resume = true;
    loop_later(t->upstream->loop, resume, t);
}

static enum upstream_fault
fault_of(const struct transfer *t, CURLcode code)
{
    /* libcurl would ask again behind 417 (9110, 15.5.18): that is the client's
     * to decide, and the answer was whole. */
    if (code == CURLE_OK || code == CURLE_TOO_MANY_REDIRECTS)
        return UPSTREAM_OK;
    if (t->is_private)
        return UPSTREAM_PRIVATE;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return UPSTREAM_UNKNOWN_HOST;
    case CURLE_COULDNT_CONNECT:
        return UPSTREAM_REFUSED;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return UPSTREAM_NO_PARENT;
    case CURLE_OPERATION_TIMEDOUT:
        return UPSTREAM_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return UPSTREAM_CERTIFICATE;
    default:
        return UPSTREAM_BROKEN;
    }
}

int
upstream_descriptor(const struct transfer *t)
{
    curl_socket_t fd = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK
        || fd == CURL_SOCKET_BAD)
        return -1;
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static ssize_t
answer_of(CURLcode code, size_t n)
{
    if (code == CURLE_OK)
        return (ssize_t)n;
    errno = code == CURLE_AGAIN ? EAGAIN : ECONNRESET;
    return -1;
}

ssize_t
upstream_send(struct transfer *t, const char *bytes, size_t length)
{
    size_t n = 0;
    const CURLcode code = curl_easy_send(t->easy, bytes, length, &n);

    return answer_of(code, n);
}

ssize_t
upstream_receive(struct transfer *t, char *bytes, size_t room)
{
    size_t n = 0;
    const CURLcode code = curl_easy_recv(t->easy, bytes, room, &n);

    return answer_of(code, n);
}

static void
finish(struct transfer *t, CURLcode code)
{
    const enum upstream_fault fault = fault_of(t, code);
    const char *why = t->error[0] != '\0' ? t->error
                                          : curl_easy_strerror(code);

    if (t->connected != NULL && fault == UPSTREAM_OK) {
        t->connected(t->ctx, fault, why);
        return;
    }
    t->is_cancelled = true;             /* no further call */
    t->is_good = code == CURLE_OK;
    if (t->connected != NULL)
        t->connected(t->ctx, fault, why);
    else
        t->events.done(t->ctx, fault, why);
    loop_later(t->upstream->loop, remove_cancelled, t);
}

static void
check_done(struct upstream *u)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(u->multi, &left)) != NULL) {
        struct transfer *t = NULL;

        if (message->msg != CURLMSG_DONE
            || curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t)
                   != CURLE_OK
            || t->is_cancelled)
            continue;
        finish(t, message->data.result);
    }
}

/* SPDX-License-Identifier: MIT */
/* portal.c - a libmicrohttpd daemon of two threads on an abstract socket. */

#include "proxy/portal.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/portal_page.h"

#define THREADS     2u
#define CONNECTIONS 128u
#define TIMEOUT     30u

struct portal {
    struct portal_options options;
    pthread_mutex_t lock;               /* of conf */
    struct conf *conf;
    time_t started;
    struct MHD_Daemon *daemon;
};

static const char *
value_of(struct MHD_Connection *connection, enum MHD_ValueKind kind,
         const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, kind, name);

    return value == NULL ? "" : value;
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, struct portal_answer *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        bytes_length(&answer->body), bytes_front(&answer->body),
        MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    bytes_fini(&answer->body);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; "
                            "form-action 'self'; frame-ancestors 'none'");
    result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static struct conf *
conf_of(struct portal *portal)
{
    struct conf *conf;

    pthread_mutex_lock(&portal->lock);
    conf = conf_ref(portal->conf);
    pthread_mutex_unlock(&portal->lock);
    return conf;
}

void
portal_reload(struct portal *portal, struct conf *conf)
{
    struct conf *old;

    pthread_mutex_lock(&portal->lock);
    old = portal->conf;
    portal->conf = conf_ref(conf);
    pthread_mutex_unlock(&portal->lock);
    conf_unref(old);
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *path,
           const char *method, const char *version, const char *upload,
           size_t *upload_size, void **state)
{
    struct portal *portal = ctx;
    struct conf *conf = conf_of(portal);
    const struct portal_request request = {
        .options = &portal->options,
        .conf = conf,
        .is_admin = value_of(connection, MHD_HEADER_KIND,
                             PORTAL_ADMIN_FIELD)[0] != '\0',
        .started = portal->started,
        .path = path,
        .address = value_of(connection, MHD_HEADER_KIND,
                            PORTAL_ADDRESS_FIELD),
        .url = value_of(connection, MHD_GET_ARGUMENT_KIND, "url"),
    };
    struct portal_answer answer = { .status = MHD_HTTP_METHOD_NOT_ALLOWED,
                                    .type = "text/plain; charset=utf-8" };

    (void)version;
    (void)upload;
    (void)state;
    *upload_size = 0;
    if (strcmp(value_of(connection, MHD_HEADER_KIND, PORTAL_KEY_FIELD),
               portal->options.key) != 0)
        answer.status = MHD_HTTP_FORBIDDEN;
    else if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        portal_page(&request, &answer);
    conf_unref(conf);
    return send_answer(connection, &answer);
}

static int
open_socket(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const size_t length = strlen(name);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          0);

    if (fd < 0 || length >= sizeof(address.sun_path) - 1)
        return -1;
    memcpy(address.sun_path + 1, name, length);
    if (bind(fd, (const struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length))
            != 0
        || listen(fd, 64) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void
portal_free(struct portal *portal)
{
    conf_unref(portal->conf);
    pthread_mutex_destroy(&portal->lock);
    free(portal);
}

struct portal *
portal_start(const struct portal_options *options, struct conf *conf)
{
    struct portal *portal = fatal_alloc(sizeof(*portal));
    const int fd = open_socket(options->socket);

    portal->options = *options;
    portal->conf = conf_ref(conf);
    if (pthread_mutex_init(&portal->lock, NULL) != 0)
        fatal("no memory for a lock");
    portal->started = time(NULL);
    if (fd >= 0)
        portal->daemon = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, portal,
            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
            THREADS, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
            MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT, MHD_OPTION_END);
    if (portal->daemon == NULL) {
        log_error("the portal does not start: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        portal_free(portal);
        return NULL;
    }
    return portal;
}

void
portal_stop(struct portal *portal)
{
    if (portal == NULL)
        return;
    MHD_stop_daemon(portal->daemon);
    portal_free(portal);
}

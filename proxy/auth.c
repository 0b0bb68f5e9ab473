/* SPDX-License-Identifier: MIT */
/* auth.c - a queue to one thread, and a list of answers back to each loop. */

#include "proxy/auth.h"

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/text.h"
#include "proxy/seen.h"

/* Questions that wait: at 50 ms a hash the last one waits for three seconds. */
#define MAX_WAITING 64u

/* Milliseconds that a right pair is remembered. */
#define MEMORY_TIME ((uint64_t)5 * 60 * 1000)

struct auth_question {
    struct auth_question *next;
    struct auth_client *client;
    struct users *users;
    struct auth_credentials credentials;
    enum auth_answer answer;
    auth_fn *fn;                        /* NULL: cancelled */
    void *ctx;
};

struct list {
    struct auth_question *first, *last;
};

struct auth {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct list waiting;
    unsigned count;                     /* of waiting, and at work */
    bool is_started, is_ending;
};

struct auth_client {
    struct auth *auth;
    struct loop *loop;
    struct loop_watch watch;            /* an eventfd */
    struct list answered;               /* under the lock of auth */
    size_t open;                        /* questions without an answer */
    struct seen *seen;
    uint64_t forget_at;
};

static void
put(struct list *list, struct auth_question *q)
{
    q->next = NULL;
    if (list->last == NULL)
        list->first = q;
    else
        list->last->next = q;
    list->last = q;
}

static struct auth_question *
take(struct list *list)
{
    struct auth_question *q = list->first;

    if (q != NULL)
        list->first = q->next;
    if (list->first == NULL)
        list->last = NULL;
    return q;
}

void
auth_wipe(struct auth_credentials *credentials)
{
    explicit_bzero(credentials->name, sizeof(credentials->name));
    explicit_bzero(credentials->password, sizeof(credentials->password));
}

static void
question_free(struct auth_question *q)
{
    users_unref(q->users);
    auth_wipe(&q->credentials);
    free(q);
}

/* ---- The thread ---- */

/* The lock is held. */
static void
give_back(struct auth_question *q)
{
    const uint64_t one = 1;

    put(&q->client->answered, q);
    if (write(q->client->watch.fd, &one, sizeof(one)) < 0)
        fatal("an eventfd takes no word");
}

static void *
run(void *ctx)
{
    struct auth *auth = ctx;

    pthread_mutex_lock(&auth->lock);
    while (!auth->is_ending) {
        struct auth_question *q = take(&auth->waiting);

        if (q == NULL) {
            pthread_cond_wait(&auth->changed, &auth->lock);
            continue;
        }
        pthread_mutex_unlock(&auth->lock);
        q->answer = users_check(q->users, q->credentials.name,
                                q->credentials.password)
                        ? AUTH_RIGHT
                        : AUTH_WRONG;
        pthread_mutex_lock(&auth->lock);
        auth->count--;
        give_back(q);
    }
    pthread_mutex_unlock(&auth->lock);
    return NULL;
}

struct auth *
auth_new(void)
{
    struct auth *auth = fatal_alloc(sizeof(*auth));

    if (pthread_mutex_init(&auth->lock, NULL) != 0
        || pthread_cond_init(&auth->changed, NULL) != 0)
        fatal("no memory for a lock");
    return auth;
}

void
auth_free(struct auth *auth)
{
    struct auth_question *q;

    if (auth == NULL)
        return;
    pthread_mutex_lock(&auth->lock);
    auth->is_ending = true;
    pthread_cond_signal(&auth->changed);
    pthread_mutex_unlock(&auth->lock);
    if (auth->is_started)
        pthread_join(auth->thread, NULL);
    while ((q = take(&auth->waiting)) != NULL)
        question_free(q);
    pthread_cond_destroy(&auth->changed);
    pthread_mutex_destroy(&auth->lock);
    free(auth);
}

/* ---- The loop's side ---- */

static void
finish(struct auth_question *q)
{
    struct auth_client *client = q->client;

    client->open--;
    if (q->fn != NULL) {
        if (q->answer == AUTH_RIGHT) {
            const struct http_text pair[] = {
                http_text(q->credentials.name),
                http_text(q->credentials.password)
            };

            seen_add(client->seen, seen_key(client->seen, pair, 2));
        }
        q->fn(q->ctx, q->answer);
    }
    question_free(q);
}

static void
on_answers(void *ctx, uint32_t events)
{
    struct auth_client *client = ctx;
    struct auth_question *q;
    uint64_t count;

    (void)events;
    if (read(client->watch.fd, &count, sizeof(count)) < 0)
        return;
    for (;;) {
        pthread_mutex_lock(&client->auth->lock);
        q = take(&client->answered);
        pthread_mutex_unlock(&client->auth->lock);
        if (q == NULL)
            return;
        finish(q);
    }
}

struct auth_client *
auth_client_new(struct auth *auth, struct loop *loop)
{
    struct auth_client *client = fatal_alloc(sizeof(*client));

    client->auth = auth;
    client->loop = loop;
    client->seen = seen_new();
    client->watch = (struct loop_watch){
        eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), 0, on_answers, client
    };
    if (client->watch.fd < 0)
        fatal("no eventfd for passwords");
    loop_watch(loop, &client->watch, EPOLLIN);
    return client;
}

/* Questions that the thread still has belong to it: they are taken out of the
 * queue, and the one at work is waited for. */
void
auth_client_free(struct auth_client *client)
{
    struct auth *auth;
    struct list others = { NULL, NULL };
    struct auth_question *q;

    if (client == NULL)
        return;
    auth = client->auth;
    pthread_mutex_lock(&auth->lock);
    while ((q = take(&auth->waiting)) != NULL) {
        if (q->client == client) {
            auth->count--;
            put(&client->answered, q);
        } else {
            put(&others, q);
        }
    }
    auth->waiting = others;
    while ((q = take(&client->answered)) != NULL || client->open > 0) {
        if (q == NULL) {
            pthread_mutex_unlock(&auth->lock);
            usleep(1000);
            pthread_mutex_lock(&auth->lock);
            continue;
        }
        client->open--;
        question_free(q);
    }
    pthread_mutex_unlock(&auth->lock);
    loop_watch(client->loop, &client->watch, 0);
    close(client->watch.fd);
    seen_free(client->seen);
    free(client);
}

void
auth_client_forget(struct auth_client *client)
{
    seen_clear(client->seen);
}

static void
answer_busy(void *ctx)
{
    struct auth_question *q = ctx;

    q->answer = AUTH_BUSY;
    finish(q);
}

static void
start(struct auth *auth)
{
    if (!auth->is_started
        && pthread_create(&auth->thread, NULL, run, auth) != 0)
        fatal("no thread for passwords");
    auth->is_started = true;
}

struct auth_question *
auth_ask(struct auth_client *client, struct users *users,
         const struct auth_credentials *credentials, auth_fn *fn, void *ctx)
{
    struct auth *auth = client->auth;
    struct auth_question *q = fatal_alloc(sizeof(*q));

    *q = (struct auth_question){ .client = client,
                                 .users = users_ref(users),
                                 .credentials = *credentials,
                                 .fn = fn,
                                 .ctx = ctx };
    client->open++;
    pthread_mutex_lock(&auth->lock);
    if (auth->count >= MAX_WAITING) {
        loop_later(client->loop, answer_busy, q);
    } else {
        auth->count++;
        put(&auth->waiting, q);
        start(auth);
        pthread_cond_signal(&auth->changed);
    }
    pthread_mutex_unlock(&auth->lock);
    return q;
}

void
auth_cancel(struct auth_question *q)
{
    q->fn = NULL;
}

bool
auth_remembers(struct auth_client *client,
               const struct auth_credentials *credentials)
{
    const struct http_text pair[] = { http_text(credentials->name),
                                      http_text(credentials->password) };
    const uint64_t now = loop_now(client->loop);

    if (now >= client->forget_at) {
        seen_clear(client->seen);
        client->forget_at = now + MEMORY_TIME;
    }
    return seen_has(client->seen, seen_key(client->seen, pair, 2));
}

/* ---- What the client says ---- */

static bool
has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    }
    return false;
}

static bool
split(const gnutls_datum_t *text, struct auth_credentials *out)
{
    const char *at = (const char *)text->data;
    const char *colon = memchr(at, ':', text->size);
    size_t name, password;

    if (colon == NULL || memchr(at, '\0', text->size) != NULL)
        return false;
    name = (size_t)(colon - at);
    password = text->size - name - 1;
    if (name == 0 || name >= AUTH_MAX_TEXT || password >= AUTH_MAX_TEXT)
        return false;
    memcpy(out->name, at, name);
    out->name[name] = '\0';
    memcpy(out->password, colon + 1, password);
    out->password[password] = '\0';
    return !has_control(out->name) && !has_control(out->password);
}

bool
auth_read_basic(struct http_text value, struct auth_credentials *out)
{
    static const char scheme[] = "Basic ";
    gnutls_datum_t coded, text = { NULL, 0 };
    bool is_read;

    if (!http_text_starts_nocase(value, scheme)
        || value.length > 4 * AUTH_MAX_TEXT)
        return false;
    value.at += sizeof(scheme) - 1;
    value.length -= sizeof(scheme) - 1;
    value = http_trim(value);
    coded = (gnutls_datum_t){ (unsigned char *)(uintptr_t)value.at,
                              (unsigned)value.length };
    if (value.length == 0 || gnutls_base64_decode2(&coded, &text) != 0)
        return false;
    is_read = split(&text, out);
    explicit_bzero(text.data, text.size);
    gnutls_free(text.data);
    return is_read;
}

/* SPDX-License-Identifier: MIT */
/* mint.c - asks the key process for certificates. */

#include "proxy/mint.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/mint_wire.h"

/* Questions that lie in the socket: neither side's buffer is ever full. */
#define MAX_SENT 64

/* A question is asked again when the key process dies. */
#define MAX_SENDINGS 2

/* Packets taken in one go, so that others get their turn. */
#define MAX_TAKEN 128

/* What the key process may take to start, in milliseconds. */
#define START_TIME 10000

struct mint {
    gnutls_privkey_t leaf_key;
    gnutls_pubkey_t subject;
    pid_t keeper;
    unsigned count;
    int *sockets;                       /* ours; -1 once a client has it */
    int control;                        /* ours; -1 without one */
};

struct question {
    struct question *next;
    uint32_t number;
    uint64_t deadline;
    unsigned sendings;
    mint_fn *fn;
    void *ctx;
    struct leaf_name name;
};

/* In the order of numbers and of deadlines. */
struct queue {
    struct question *first;
    struct question **end;
    unsigned count;
};

struct mint_client {
    int fd;
    uint64_t timeout;
    unsigned seconds;
    uint32_t last_number;
    uint32_t generation;
    pid_t pid;
    bool is_gone;
    gnutls_datum_t authority;           /* DER */
    mint_authority_fn *authority_fn;
    void *authority_ctx;
    struct queue waiting;
    struct queue sent;
    struct mint_answer answer;
};

/* ---- Start and stop ---- */

static bool
make_leaf_key(struct mint *mint)
{
    int code = gnutls_privkey_init(&mint->leaf_key);

    if (code >= 0)
        code = gnutls_pubkey_init(&mint->subject);
    if (code >= 0)
        code = gnutls_privkey_generate(
            mint->leaf_key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (code >= 0)
        code = gnutls_pubkey_import_privkey(mint->subject, mint->leaf_key,
                                            GNUTLS_KEY_DIGITAL_SIGNATURE, 0);
    if (code < 0)
        log_error("no key for certificates: %s", gnutls_strerror(code));
    return code >= 0;
}

static void
close_all(int *sockets, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (sockets[i] >= 0)
            close(sockets[i]);
        sockets[i] = -1;
    }
}

static bool
make_pair(int *own, int *other)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        log_error("no socket to the key process: %s", strerror(errno));
        return false;
    }
    *own = pair[0];
    *other = pair[1];
    return true;
}

/* The last of theirs is for control. */
static bool
make_sockets(struct mint *mint, int *theirs)
{
    mint->control = theirs[mint->count] = -1;
    for (unsigned i = 0; i < mint->count; i++)
        mint->sockets[i] = theirs[i] = -1;
    for (unsigned i = 0; i < mint->count; i++) {
        if (!make_pair(&mint->sockets[i], &theirs[i]))
            return false;
    }
    return make_pair(&mint->control, &theirs[mint->count]);
}

static bool
fork_keeper(struct mint *mint, const struct mint_options *options,
            int *theirs)
{
    const pid_t own = getpid();

    mint->keeper = fork();
    if (mint->keeper == 0) {
        const struct mint_bench bench = { .state_dir = options->state_dir,
                                          .owner = options->owner,
                                          .sockets = theirs,
                                          .count = mint->count,
                                          .control = theirs[mint->count],
                                          .subject = mint->subject,
                                          .parent = own };

        close_all(mint->sockets, mint->count);
        close_all(&mint->control, 1);
        gnutls_privkey_deinit(mint->leaf_key);
        mint_keeper_run(&bench, options->is_later);
    }
    if (mint->keeper < 0)
        log_error("the key process cannot be started: %s", strerror(errno));
    return mint->keeper > 0;
}

/* Whether all clients are greeted, the last being the last; their hellos stay
 * where they are. */
static bool
is_greeted(const struct mint *mint)
{
    struct pollfd wait = { mint->sockets[mint->count - 1], POLLIN, 0 };
    char byte;
    int n;

    do
        n = poll(&wait, 1, START_TIME);
    while (n < 0 && errno == EINTR);
    return n == 1
           && recv(wait.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

struct mint *
mint_start(const struct mint_options *options)
{
    struct mint *mint = fatal_alloc(sizeof(*mint));
    const unsigned clients = options->clients;
    int *theirs = fatal_alloc((clients + 1) * sizeof(*theirs));
    bool is_started;

    mint->count = clients;
    mint->sockets = fatal_alloc(clients * sizeof(*mint->sockets));
    is_started = make_sockets(mint, theirs) && make_leaf_key(mint)
                 && fork_keeper(mint, options, theirs);
    close_all(theirs, clients + 1);
    free(theirs);
    if (is_started && (options->is_later || is_greeted(mint)))
        return mint;
    mint_stop(mint);
    return NULL;
}

void
mint_reload(struct mint *mint)
{
    if (send(mint->control, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0
        && errno != EAGAIN)             /* it has enough of such words */
        log_error("the authority cannot be read anew: the key process is "
                  "gone; start davyd anew");
}

void
mint_stop(struct mint *mint)
{
    if (mint == NULL)
        return;
    close_all(mint->sockets, mint->count);
    close_all(&mint->control, 1);
    while (mint->keeper > 0 && waitpid(mint->keeper, NULL, 0) < 0
           && errno == EINTR)
        continue;
    if (mint->subject != NULL)
        gnutls_pubkey_deinit(mint->subject);
    if (mint->leaf_key != NULL)
        gnutls_privkey_deinit(mint->leaf_key);
    free(mint->sockets);
    free(mint);
}

gnutls_privkey_t
mint_leaf_key(const struct mint *mint)
{
    return mint->leaf_key;
}

/* ---- Questions ---- */

static void
queue_init(struct queue *queue)
{
    *queue = (struct queue){ NULL, &queue->first, 0 };
}

/* Put in at `at`, which is in the queue. */
static void
queue_put(struct queue *queue, struct question **at,
          struct question *question)
{
    question->next = *at;
    *at = question;
    if (queue->end == at)
        queue->end = &question->next;
    queue->count++;
}

/* Take out what `at` points to. */
static struct question *
queue_take(struct queue *queue, struct question **at)
{
    struct question *question = *at;

    *at = question->next;
    if (queue->end == &question->next)
        queue->end = at;
    queue->count--;
    return question;
}

/* Call, once the question is in no queue any more: the function may ask. */
static void
finish(struct question *question, enum mint_result result,
       const struct mint_leaf *leaf)
{
    mint_fn *fn = question->fn;
    void *ctx = question->ctx;

    free(question);
    fn(ctx, result, leaf);
}

/* Fail `count` questions, which are those that are open now. */
static void
fail_first(struct queue *queue, unsigned count, enum mint_result result)
{
    while (count-- > 0 && queue->first != NULL)
        finish(queue_take(queue, &queue->first), result, NULL);
}

static bool
send_question(struct mint_client *client, const struct question *question)
{
    struct mint_ask ask = { .number = question->number,
                            .seconds = client->seconds };
    const size_t length = strlen(question->name.text);

    memcpy(ask.name, question->name.text, length);
    return send(client->fd, &ask, MINT_ASK_HEAD + length,
                MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

/* What cannot be sent now waits for the next answer, or its deadline. */
static void
pump(struct mint_client *client)
{
    while (client->waiting.first != NULL && client->sent.count < MAX_SENT
           && send_question(client, client->waiting.first)) {
        struct question *q = queue_take(&client->waiting,
                                        &client->waiting.first);

        q->sendings++;
        queue_put(&client->sent, client->sent.end, q);
    }
}

bool
mint_request(struct mint_client *client, const struct leaf_name *name,
             uint64_t now, mint_fn *fn, void *ctx)
{
    struct question *question;

    if (client->is_gone
        || client->waiting.count + client->sent.count >= MINT_MAX_OPEN)
        return false;
    question = fatal_alloc(sizeof(*question));
    question->number = ++client->last_number;
    question->deadline = now + client->timeout;
    question->fn = fn;
    question->ctx = ctx;
    question->name = *name;
    queue_put(&client->waiting, client->waiting.end, question);
    pump(client);
    return true;
}

/* ---- Answers ---- */

static void
take_leaf(struct mint_client *client, size_t der_length)
{
    const struct mint_answer *answer = &client->answer;
    const struct mint_leaf leaf
        = { { client->answer.der, (unsigned)der_length },
            (time_t)answer->value };
    struct question **at = &client->sent.first;

    while (*at != NULL && (*at)->number != answer->number)
        at = &(*at)->next;
    if (*at == NULL)
        return;                         /* it failed already */
    if (answer->word == MINT_WORD_LEAF)
        finish(queue_take(&client->sent, at), MINT_OK, &leaf);
    else
        finish(queue_take(&client->sent, at), MINT_REFUSED, NULL);
}

/* Most key processes come with the authority of the one that died. */
static void
take_authority(struct mint_client *client, size_t length)
{
    gnutls_datum_t *old = &client->authority;
    const gnutls_datum_t fresh = { client->answer.der, (unsigned)length };

    if (length == 0
        || (old->size == length
            && memcmp(old->data, fresh.data, length) == 0))
        return;
    free(old->data);
    old->data = fatal_alloc(length);
    old->size = (unsigned)length;
    memcpy(old->data, fresh.data, length);
    if (client->authority_fn != NULL)
        client->authority_fn(client->authority_ctx, old);
}

/* A key process that died may have read any of the questions: they are asked
 * once more, in front of all others.  What was asked twice already has perhaps
 * killed two of them, and fails. */
static void
take_hello(struct mint_client *client)
{
    const bool is_first = client->generation == 0
                          && client->answer.number == 1;
    struct question **front = &client->waiting.first;
    struct queue lost;

    client->generation = client->answer.number;
    client->pid = (pid_t)client->answer.value;
    queue_init(&lost);
    while (!is_first && client->sent.first != NULL) {
        struct question *q = queue_take(&client->sent, &client->sent.first);

        if (q->sendings >= MAX_SENDINGS) {
            queue_put(&lost, lost.end, q);
        } else {
            queue_put(&client->waiting, front, q);
            front = &q->next;
        }
    }
    fail_first(&lost, lost.count, MINT_LOST);
}

static bool
be_gone(struct mint_client *client)
{
    client->is_gone = true;
    fail_first(&client->sent, client->sent.count, MINT_LOST);
    fail_first(&client->waiting, client->waiting.count, MINT_LOST);
    return false;
}

bool
mint_ready(struct mint_client *client)
{
    for (unsigned i = 0; i < MAX_TAKEN; i++) {
        const ssize_t n = recv(client->fd, &client->answer,
                               sizeof(client->answer), MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n < (ssize_t)MINT_ANSWER_HEAD)
            return be_gone(client);
        if (client->answer.word == MINT_WORD_HELLO) {
            take_authority(client, (size_t)n - MINT_ANSWER_HEAD);
            take_hello(client);
        } else {
            take_leaf(client, (size_t)n - MINT_ANSWER_HEAD);
        }
    }
    pump(client);
    return true;
}

uint64_t
mint_deadline(const struct mint_client *client)
{
    if (client->sent.first != NULL)
        return client->sent.first->deadline;    /* older than all waiting */
    return client->waiting.first == NULL ? UINT64_MAX
                                         : client->waiting.first->deadline;
}

void
mint_expire(struct mint_client *client, uint64_t now)
{
    struct queue *queues[] = { &client->sent, &client->waiting };

    for (unsigned i = 0; i < 2; i++) {
        unsigned due = 0;

        for (struct question *q = queues[i]->first;
             q != NULL && q->deadline <= now; q = q->next)
            due++;
        fail_first(queues[i], due, MINT_TIMEOUT);
    }
    pump(client);
}

/* ---- Clients ---- */

struct mint_client *
mint_client_new(struct mint *mint, unsigned index, uint64_t timeout,
                unsigned seconds)
{
    const int fd = mint->sockets[index];

    mint->sockets[index] = -1;
    return mint_client_over(fd, timeout, seconds);
}

struct mint_client *
mint_client_over(int fd, uint64_t timeout, unsigned seconds)
{
    struct mint_client *client = fatal_alloc(sizeof(*client));

    client->fd = fd;
    client->timeout = timeout;
    client->seconds = seconds;
    queue_init(&client->waiting);
    queue_init(&client->sent);
    return client;
}

static void
queue_clear(struct queue *queue)
{
    while (queue->first != NULL)
        free(queue_take(queue, &queue->first));
}

void
mint_client_free(struct mint_client *client)
{
    if (client == NULL)
        return;
    queue_clear(&client->sent);
    queue_clear(&client->waiting);
    close(client->fd);
    free(client->authority.data);
    free(client);
}

void
mint_client_on_authority(struct mint_client *client, mint_authority_fn *fn,
                         void *ctx)
{
    client->authority_fn = fn;
    client->authority_ctx = ctx;
}

bool
mint_client_has_authority(const struct mint_client *client)
{
    return client->authority.size > 0;
}

int
mint_client_fd(const struct mint_client *client)
{
    return client->fd;
}

pid_t
mint_client_pid(const struct mint_client *client)
{
    return client->pid;
}

unsigned
mint_client_generation(const struct mint_client *client)
{
    return client->generation;
}

/* SPDX-License-Identifier: MIT */
/* pool.c - many targets at a time, answers in the order of targets.
 *
 * Jobs live in a ring.  A worker takes the next target into the next slot when
 * it is free, judges it and marks it done; the calling thread empties slots in
 * order.  So the ring bounds what waits, however slow one target is. */

#include "cli/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/fatal.h"

/* Slots of the ring for each thread. */
#define SLOTS_PER_THREAD 16

/* Nanoseconds between calls of idle. */
#define IDLE_INTERVAL 100000000L

/* What the main thread has by default; parsers count on it. */
#define STACK_SIZE ((size_t)8 << 20)

struct slot {
    struct pool_job job;
    bool is_done;
};

struct pool {
    struct targets *targets;
    const struct judge_options *options;
    struct slot *slots;
    size_t slots_count;
    size_t taken;                       /* jobs begun */
    size_t emitted;
    bool has_ended;                     /* no targets are left */
    pthread_mutex_t lock;
    pthread_cond_t has_room;            /* a slot became free */
    pthread_cond_t has_result;          /* a job is done, or none is left */
};

/* A slot with a target, or NULL at the end. */
static struct slot *
take(struct pool *pool)
{
    struct slot *slot = NULL;

    pthread_mutex_lock(&pool->lock);
    while (!pool->has_ended
           && pool->taken - pool->emitted == pool->slots_count)
        pthread_cond_wait(&pool->has_room, &pool->lock);
    if (!pool->has_ended) {
        slot = &pool->slots[pool->taken % pool->slots_count];
        memset(slot, 0, sizeof(*slot));
        if (targets_next(pool->targets, &slot->job.target)) {
            pool->taken++;
        } else {
            slot = NULL;
            pool->has_ended = true;
            pthread_cond_broadcast(&pool->has_room);
            pthread_cond_signal(&pool->has_result);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return slot;
}

static void *
work(void *ctx)
{
    struct pool *pool = ctx;
    struct judge judge;
    struct slot *slot;

    judge_init(&judge, pool->options);
    while ((slot = take(pool)) != NULL) {
        judge_target(&judge, &slot->job.target, &slot->job.outcomes);
        pthread_mutex_lock(&pool->lock);
        slot->is_done = true;
        pthread_cond_signal(&pool->has_result);
        pthread_mutex_unlock(&pool->lock);
    }
    judge_fini(&judge);
    return NULL;
}

/* Wait a little; the lock is held. */
static void
wait_for_result(struct pool *pool)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += IDLE_INTERVAL;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    (void)pthread_cond_timedwait(&pool->has_result, &pool->lock, &until);
}

static void
emit_all(struct pool *pool, void (*emit)(void *ctx, struct pool_job *job),
         void (*idle)(void *ctx), void *ctx)
{
    pthread_mutex_lock(&pool->lock);
    while (!pool->has_ended || pool->emitted < pool->taken) {
        struct slot *slot = &pool->slots[pool->emitted % pool->slots_count];

        if (pool->emitted == pool->taken || !slot->is_done) {
            wait_for_result(pool);
            pthread_mutex_unlock(&pool->lock);
            idle(ctx);
            pthread_mutex_lock(&pool->lock);
            continue;
        }
        pthread_mutex_unlock(&pool->lock);
        emit(ctx, &slot->job);
        target_fini(&slot->job.target);
        outcomes_fini(&slot->job.outcomes);
        pthread_mutex_lock(&pool->lock);
        slot->is_done = false;
        pool->emitted++;
        pthread_cond_signal(&pool->has_room);
    }
    pthread_mutex_unlock(&pool->lock);
}

static void
init(struct pool *pool)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->has_room, NULL);
    pthread_cond_init(&pool->has_result, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void
fini(struct pool *pool)
{
    pthread_cond_destroy(&pool->has_result);
    pthread_cond_destroy(&pool->has_room);
    pthread_mutex_destroy(&pool->lock);
    free(pool->slots);
}

/* How many could be started. */
static unsigned
start(struct pool *pool, pthread_t *ids, unsigned threads)
{
    pthread_attr_t attributes;
    unsigned started = 0;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    while (started < threads
           && pthread_create(&ids[started], &attributes, work, pool) == 0)
        started++;
    pthread_attr_destroy(&attributes);
    return started;
}

void
pool_run(struct targets *targets, const struct judge_options *options,
         unsigned threads, void (*emit)(void *ctx, struct pool_job *job),
         void (*idle)(void *ctx), void *ctx)
{
    struct pool pool = { .targets = targets, .options = options };
    pthread_t *ids = fatal_alloc(threads * sizeof(*ids));
    unsigned started;

    pool.slots_count = (size_t)threads * SLOTS_PER_THREAD;
    pool.slots = fatal_alloc(pool.slots_count * sizeof(*pool.slots));
    init(&pool);
    started = start(&pool, ids, threads);
    if (started == 0)
        fatal("no thread can be started");
    emit_all(&pool, emit, idle, ctx);
    for (unsigned i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    fini(&pool);
    free(ids);
}

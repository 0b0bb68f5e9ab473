/* SPDX-License-Identifier: MIT */
/* loop.c - epoll, a heap of timers, and a list of calls for later. */

#include "proxy/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "common/fatal.h"

/* Events taken at a time. */
#define BATCH 128

struct later {
    loop_fn *fn;
    void *ctx;
};

struct loop {
    int epoll;
    int wake;
    struct later on_wake;
    bool is_stopped;
    uint64_t now;
    struct loop_timer **heap;
    size_t timers, heap_cap;
    struct later *later;
    size_t later_count, later_cap;
    struct epoll_event batch[BATCH];
    int batch_count;
};

static void
look_at_clock(struct loop *loop)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    loop->now = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct loop *
loop_new(void)
{
    struct loop *loop = fatal_alloc(sizeof(*loop));
    struct epoll_event event = { .events = EPOLLIN };

    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll < 0 || loop->wake < 0
        || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) != 0)
        fatal("an event loop: %s", strerror(errno));
    look_at_clock(loop);
    return loop;
}

void
loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    close(loop->wake);
    close(loop->epoll);
    free(loop->heap);
    free(loop->later);
    free(loop);
}

/* ---- Descriptors ---- */

static void
forget_in_batch(struct loop *loop, const struct loop_watch *watch)
{
    for (int i = 0; i < loop->batch_count; i++) {
        if (loop->batch[i].data.ptr == watch)
            loop->batch[i].events = 0;
    }
}

void
loop_watch(struct loop *loop, struct loop_watch *watch, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };
    const int what = watch->events == 0 ? EPOLL_CTL_ADD
                     : events == 0      ? EPOLL_CTL_DEL
                                        : EPOLL_CTL_MOD;

    if (events == watch->events)
        return;
    if (events == 0)
        forget_in_batch(loop, watch);
    watch->events = events;
    if (epoll_ctl(loop->epoll, what, watch->fd, &event) != 0)
        fatal("watching a descriptor: %s", strerror(errno));
}

/* ---- Timers: a binary heap, the next on top ---- */

static void
put_timer(struct loop *loop, struct loop_timer *timer, size_t i)
{
    loop->heap[i] = timer;
    timer->place = i + 1;
}

static void
rise(struct loop *loop, struct loop_timer *timer, size_t i)
{
    for (; i > 0 && loop->heap[(i - 1) / 2]->at > timer->at; i = (i - 1) / 2)
        put_timer(loop, loop->heap[(i - 1) / 2], i);
    put_timer(loop, timer, i);
}

static void
sink(struct loop *loop, struct loop_timer *timer, size_t i)
{
    for (;;) {
        size_t child = i * 2 + 1;

        if (child >= loop->timers)
            break;
        if (child + 1 < loop->timers
            && loop->heap[child + 1]->at < loop->heap[child]->at)
            child++;
        if (loop->heap[child]->at >= timer->at)
            break;
        put_timer(loop, loop->heap[child], i);
        i = child;
    }
    put_timer(loop, timer, i);
}

void
loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
    const size_t i = timer->place - 1;
    struct loop_timer *last;

    if (timer->place == 0)
        return;
    timer->place = 0;
    last = loop->heap[--loop->timers];
    if (last == timer)
        return;
    if (i > 0 && loop->heap[(i - 1) / 2]->at > last->at)
        rise(loop, last, i);
    else
        sink(loop, last, i);
}

void
loop_timer_set(struct loop *loop, struct loop_timer *timer, uint64_t delay)
{
    loop_timer_stop(loop, timer);
    timer->at = loop->now + delay;
    if (loop->timers == loop->heap_cap) {
        loop->heap_cap = loop->heap_cap == 0 ? 64 : loop->heap_cap * 2;
        loop->heap = fatal_realloc(loop->heap,
                                   loop->heap_cap * sizeof(*loop->heap));
    }
    rise(loop, timer, loop->timers++);
}

static void
run_timers(struct loop *loop)
{
    while (loop->timers > 0 && loop->heap[0]->at <= loop->now) {
        struct loop_timer *timer = loop->heap[0];

        loop_timer_stop(loop, timer);
        timer->fn(timer->ctx);
    }
}

/* ---- Later ---- */

void
loop_later(struct loop *loop, loop_fn *fn, void *ctx)
{
    if (loop->later_count == loop->later_cap) {
        loop->later_cap = loop->later_cap == 0 ? 64 : loop->later_cap * 2;
        loop->later = fatal_realloc(loop->later,
                                    loop->later_cap * sizeof(*loop->later));
    }
    loop->later[loop->later_count++] = (struct later){ fn, ctx };
}

/* Calls may ask for more calls. */
static void
run_later(struct loop *loop)
{
    for (size_t i = 0; i < loop->later_count; i++) {
        const struct later later = loop->later[i];

        later.fn(later.ctx);
    }
    loop->later_count = 0;
}

/* ---- Turns ---- */

uint64_t
loop_now(const struct loop *loop)
{
    return loop->now;
}

static int
time_to_wait(const struct loop *loop)
{
    uint64_t wait;

    if (loop->timers == 0)
        return -1;
    if (loop->heap[0]->at <= loop->now)
        return 0;
    wait = loop->heap[0]->at - loop->now;
    return wait > 60000 ? 60000 : (int)wait;
}

static void
take_wake(struct loop *loop)
{
    uint64_t count;

    while (read(loop->wake, &count, sizeof(count)) > 0)
        continue;
    if (loop->on_wake.fn != NULL)
        loop->on_wake.fn(loop->on_wake.ctx);
}

void
loop_on_wake(struct loop *loop, loop_fn *fn, void *ctx)
{
    loop->on_wake = (struct later){ fn, ctx };
}

static void
turn(struct loop *loop)
{
    loop->batch_count = epoll_wait(loop->epoll, loop->batch, BATCH,
                                   time_to_wait(loop));
    if (loop->batch_count < 0 && errno != EINTR)
        fatal("waiting for events: %s", strerror(errno));
    look_at_clock(loop);
    for (int i = 0; i < loop->batch_count; i++) {
        const struct epoll_event event = loop->batch[i];
        const struct loop_watch *watch = event.data.ptr;

        if (watch == NULL)
            take_wake(loop);
        else if (event.events != 0)
            watch->fn(watch->ctx, event.events);
    }
    loop->batch_count = 0;
    run_timers(loop);
    run_later(loop);
}

void
loop_run(struct loop *loop)
{
    while (!loop->is_stopped)
        turn(loop);
}

void
loop_stop(struct loop *loop)
{
    loop->is_stopped = true;
}

void
loop_wake(struct loop *loop)
{
    const uint64_t one = 1;
    const int error = errno;

    if (write(loop->wake, &one, sizeof(one)) < 0)
        errno = error;          /* full: it is awake already */
    errno = error;
}

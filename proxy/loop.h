/* SPDX-License-Identifier: MIT */
/* loop.h - one thread's event loop: descriptors, timers, things for later. */

#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop;

typedef void loop_fd_fn(void *ctx, uint32_t events);
typedef void loop_fn(void *ctx);

/* A descriptor that is watched; lives in its owner, all zero but fd, fn and ctx
 * at first. */
struct loop_watch {
    int fd;
    uint32_t events;                    /* EPOLL*, 0: not watched */
    loop_fd_fn *fn;
    void *ctx;
};

/* A call at a time; lives in its owner, all zero but fn and ctx at first. */
struct loop_timer {
    uint64_t at;                        /* milliseconds, as loop_now */
    size_t place;                       /* in the heap, + 1; 0: not set */
    loop_fn *fn;
    void *ctx;
};

struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Watch for `events` only, or with 0 no more.  No call comes for a watch that
 * was taken back, not even one that is due already. */
void loop_watch(struct loop *loop, struct loop_watch *watch, uint32_t events);

/* Call after `delay` milliseconds; a timer that is set is moved. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer,
                    uint64_t delay);
void loop_timer_stop(struct loop *loop, struct loop_timer *timer);

/* Call soon, when all events at hand are done: the place to free things. */
void loop_later(struct loop *loop, loop_fn *fn, void *ctx);

/* Milliseconds of a clock that never goes back, as of this turn. */
uint64_t loop_now(const struct loop *loop);

/* Go on until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Make loop_run call `fn` of loop_on_wake; any thread, any signal handler. */
void loop_wake(struct loop *loop);
void loop_on_wake(struct loop *loop, loop_fn *fn, void *ctx);

#endif

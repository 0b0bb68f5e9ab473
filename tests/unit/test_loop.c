/* SPDX-License-Identifier: MIT */
/* test_loop.c - events, timers and things for later come in order. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy/loop.h"

#define TIMERS 64

struct test {
    struct loop *loop;
    struct loop_timer timers[TIMERS];
    struct loop_watch watches[2];
    int pipes[2][2];
    uint64_t last;
    int calls;
};

static void
on_timer(void *ctx)
{
    struct test *t = ctx;

    assert_true(loop_now(t->loop) >= t->last);
    t->last = loop_now(t->loop);
    if (++t->calls == TIMERS / 2)
        loop_stop(t->loop);
}

static void
timers_come_in_order_and_stopped_ones_never(void **state)
{
    struct test t = { .loop = loop_new() };

    (void)state;
    for (int i = 0; i < TIMERS; i++) {
        t.timers[i] = (struct loop_timer){ .fn = on_timer, .ctx = &t };
        loop_timer_set(t.loop, &t.timers[i], (uint64_t)(i * 37 % 50));
    }
    for (int i = 0; i < TIMERS; i += 2)
        loop_timer_stop(t.loop, &t.timers[i]);
    loop_run(t.loop);
    assert_int_equal(t.calls, TIMERS / 2);
    loop_free(t.loop);
}

static void
stop(void *ctx)
{
    loop_stop(((struct test *)ctx)->loop);
}

/* Whichever comes first takes the other back. */
static void
on_readable(void *ctx, uint32_t events)
{
    struct test *t = ctx;

    assert_true(events & EPOLLIN);
    t->calls++;
    for (int i = 0; i < 2; i++)
        loop_watch(t->loop, &t->watches[i], 0);
    loop_later(t->loop, stop, t);
}

static void
a_watch_that_was_taken_back_is_not_called(void **state)
{
    struct test t = { .loop = loop_new() };

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(t.pipes[i]), 0);
        assert_int_equal(write(t.pipes[i][1], "x", 1), 1);
        t.watches[i] = (struct loop_watch){ t.pipes[i][0], 0, on_readable,
                                            &t };
        loop_watch(t.loop, &t.watches[i], EPOLLIN);
    }
    loop_run(t.loop);
    assert_int_equal(t.calls, 1);
    for (int i = 0; i < 2; i++) {
        close(t.pipes[i][0]);
        close(t.pipes[i][1]);
    }
    loop_free(t.loop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_come_in_order_and_stopped_ones_never),
        cmocka_unit_test(a_watch_that_was_taken_back_is_not_called),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

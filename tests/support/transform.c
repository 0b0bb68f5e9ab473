/* SPDX-License-Identifier: MIT */
/* transform.c - runs a transformation from guard pages and short of memory. */

#include "support/transform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/guard.h"
#include "support/oom.h"

/* What stands in the output before, and must stay. */
#define BEFORE "before"

static davy_status
run(transform_fn fn, struct dv_span in, struct dv_buf *out)
{
    struct guard guard;
    davy_status st;

    assert_int_equal(dv_buf_append_cstr(out, BEFORE), DAVY_OK);
    guard_init(&guard, in.at, in.len);
    st = fn(guard.bytes, out);
    guard_fini(&guard);
    assert_true(out->len >= strlen(BEFORE));
    assert_memory_equal(out->at, BEFORE, strlen(BEFORE));
    if (st != DAVY_OK)
        assert_int_equal(out->len, strlen(BEFORE));
    return st;
}

void
transform_gives(transform_fn fn, struct dv_span in, struct dv_span want)
{
    struct dv_mem mem;
    struct dv_buf out;
    struct dv_span got;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    if (run(fn, in, &out) != DAVY_OK)
        fail_msg("refused: %.*s", (int)in.len, (const char *)in.at);
    got = dv_span_slice(dv_buf_span(&out), strlen(BEFORE), SIZE_MAX);
    if (!dv_span_equal(got, want))
        fail_msg("%.*s: gives '%.*s', not '%.*s'", (int)in.len,
                 (const char *)in.at, (int)got.len, (const char *)got.at,
                 (int)want.len, (const char *)want.at);
    dv_buf_fini(&out);
    assert_int_equal(mem.used, 0);
}

void
transform_refuses(transform_fn fn, struct dv_span in)
{
    struct dv_mem mem;
    struct dv_buf out;
    davy_status st;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    st = run(fn, in, &out);
    if (st != DAVY_MALFORMED)
        fail_msg("not refused: %.*s", (int)in.len, (const char *)in.at);
    dv_buf_fini(&out);
}

void
transform_holds(transform_fn fn, const struct transform_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct dv_span in = dv_span_cstr(rows[i].in);

        if (rows[i].want == NULL) {
            transform_refuses(fn, in);
            continue;
        }
        transform_gives(fn, in, dv_span_cstr(rows[i].want));
        transform_survives(fn, in);
    }
}

struct survival {
    transform_fn fn;
    struct dv_span in;
};

static davy_status
run_with_hooks(const davy_allocator *hooks, void *ctx)
{
    const struct survival *survival = ctx;
    struct dv_mem mem;
    struct dv_buf out;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_buf_init(&out, &mem, SIZE_MAX);
    st = survival->fn(survival->in, &out);
    dv_buf_fini(&out);
    assert_int_equal(mem.used, 0);
    return st;
}

void
transform_survives(transform_fn fn, struct dv_span in)
{
    struct survival survival = { fn, in };
    struct dv_mem mem;

    oom_sweep(run_with_hooks, &survival, 50);
    dv_mem_init(&mem, NULL, SIZE_MAX);
    for (size_t room = 0; room < in.len * 3 && room < 300; room++) {
        struct dv_buf out;
        davy_status st;

        dv_buf_init(&out, &mem, strlen(BEFORE) + room);
        st = run(fn, in, &out);
        assert_true(st == DAVY_OK || st == DAVY_LIMIT);
        dv_buf_fini(&out);
    }
    assert_int_equal(mem.used, 0);
}

/* SPDX-License-Identifier: MIT */
/* test_hostset.c - hosts cover their subdomains; hashes find numbers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/guard.h"
#include "support/oom.h"
#include "url/hostset.h"

/* The values that a walk over `host` gives, as digits. */
static void
walk(const struct dv_hostset *set, const char *host, char *values)
{
    struct dv_hostset_walk w;
    struct guard guard;
    uint32_t value;
    size_t n = 0;

    guard_init(&guard, host, strlen(host));
    dv_hostset_begin(&w, set, guard.bytes);
    while (dv_hostset_next(&w, &value) && n < 20)
        values[n++] = (char)('0' + value);
    guard_fini(&guard);
    values[n] = '\0';
}

static void
a_host_covers_its_subdomains(void **state)
{
    static const char *const hosts[] = { "b.c", "a.b.c", "c", "b.c", "x.y" };
    static const char *const rows[][2] = {
        { "b.c", "203" },     { "a.b.c", "2031" }, { "z.a.b.c", "2031" },
        { "ab.c", "2" },      { "c", "2" },        { "x.y", "4" },
        { "y", "" },          { "xx.y", "" },      { "", "" },
        { ".", "" },          { "..", "" },        { ".b.c", "203" },
        { "b.c.", "" }
    };
    struct dv_mem mem;
    struct dv_hostset set;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_hostset_init(&set, &mem);
    for (uint32_t i = 0; i < DV_COUNT_OF(hosts); i++)
        assert_int_equal(dv_hostset_add(&set, dv_span_cstr(hosts[i]), i),
                         DAVY_OK);
    assert_int_equal(dv_hostset_freeze(&set), DAVY_OK);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        char values[21];

        walk(&set, rows[i][0], values);
        if (strcmp(values, rows[i][1]) != 0)
            fail_msg("%s: %s", rows[i][0], values);
    }
    dv_hostset_fini(&set);
    assert_int_equal(mem.used, 0);
}

static void
an_empty_set_covers_nothing(void **state)
{
    struct dv_mem mem;
    struct dv_hostset set;
    char values[21];

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_hostset_init(&set, &mem);
    assert_int_equal(dv_hostset_freeze(&set), DAVY_OK);
    walk(&set, "a.b", values);
    assert_string_equal(values, "");
    dv_hostset_fini(&set);
}

static davy_status
build(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct dv_hostset set;
    davy_status st = DAVY_OK;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_hostset_init(&set, &mem);
    for (uint32_t i = 0; i < 5000 && st == DAVY_OK; i++) {
        char host[32];
        const int n = snprintf(host, sizeof(host), "h%u.example", i);

        st = dv_hostset_add(&set, dv_span_of(host, (size_t)n), i);
    }
    if (st == DAVY_OK)
        st = dv_hostset_freeze(&set);
    for (uint32_t i = 0; i < 5000 && st == DAVY_OK; i++) {
        struct dv_hostset_walk w;
        uint32_t value;
        char host[32];
        const int n = snprintf(host, sizeof(host), "a.h%u.example", i);

        dv_hostset_begin(&w, &set, dv_span_of(host, (size_t)n));
        assert_true(dv_hostset_next(&w, &value) && value == i);
        assert_false(dv_hostset_next(&w, &value));
    }
    dv_hostset_fini(&set);
    return st;
}

static void
thousands_are_found_and_allocations_may_fail(void **state)
{
    (void)state;
    oom_sweep(build, NULL, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_covers_its_subdomains),
        cmocka_unit_test(an_empty_set_covers_nothing),
        cmocka_unit_test(thousands_are_found_and_allocations_may_fail)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

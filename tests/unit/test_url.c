/* SPDX-License-Identifier: MIT */
/* test_url.c - addresses are read as browsers read them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/guard.h"
#include "support/oom.h"
#include "url/url.h"
#include "url/url_site.h"

struct url_case {
    struct dv_span text;
    const char *base;
    const char *href;
    const char *host;
};

static const struct url_case cases[] = {
#define URL_CASE(text, base, href, host) \
    { { (const uint8_t *)(text), sizeof(text) - 1 }, base, href, host },
#include "url_cases.def"
#undef URL_CASE
};

struct bench {
    struct dv_mem mem;
    struct dv_arena arena;
};

static int
set_up(void **state)
{
    static struct bench bench;

    dv_mem_init(&bench.mem, NULL, SIZE_MAX);
    dv_arena_init(&bench.arena, &bench.mem);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    dv_arena_fini(&bench->arena);
    return bench->mem.used == 0 ? 0 : -1;
}

static struct dv_url
parsed(struct bench *bench, const char *text, const struct dv_url *base)
{
    struct dv_url url;

    if (dv_url_parse(&url, &bench->arena, dv_span_cstr(text), base)
        != DAVY_OK)
        fail_msg("%s is refused", text);
    return url;
}

static void
assert_text(struct dv_span got, const char *wanted)
{
    if (!dv_span_equal_cstr(got, wanted))
        fail_msg("got %.*s, wanted %s", (int)got.len, (const char *)got.at,
                 wanted);
}

static void
check_case(struct bench *bench, const struct url_case *row)
{
    struct dv_url base;
    struct dv_url url;
    struct guard guard;
    davy_status st;

    if (row->base != NULL)
        base = parsed(bench, row->base, NULL);
    guard_init(&guard, row->text.at, row->text.len);
    st = dv_url_parse(&url, &bench->arena, guard.bytes,
                      row->base != NULL ? &base : NULL);
    guard_fini(&guard);
    if (st != (row->href == NULL ? DAVY_MALFORMED : DAVY_OK))
        fail_msg("%s with base %s: status %d", (const char *)row->text.at,
                 row->base, (int)st);
    if (st != DAVY_OK)
        return;
    assert_text(url.href, row->href);
    assert_text(url.host, row->host);
}

static void
addresses_are_read_as_browsers_read_them(void **state)
{
    for (size_t i = 0; i < DV_COUNT_OF(cases); i++)
        check_case(*state, &cases[i]);
}

static void
what_was_written_reads_the_same_again(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 0; i < DV_COUNT_OF(cases); i++) {
        if (cases[i].href == NULL)
            continue;
        assert_text(parsed(bench, cases[i].href, NULL).href, cases[i].href);
    }
}

static void
parts_lie_where_they_belong(void **state)
{
    const struct dv_url url = parsed(
        *state, "https://u:p@Example.com:8443/a/b?x=1?y#f", NULL);

    assert_text(url.scheme, "https");
    assert_text(url.username, "u");
    assert_text(url.password, "p");
    assert_text(url.host, "example.com");
    assert_text(url.port, "8443");
    assert_text(url.path, "/a/b");
    assert_text(url.query, "x=1?y");
    assert_text(url.fragment, "f");
    assert_int_equal(url.port_number, 8443);
    assert_int_equal(url.type, DV_URL_HTTPS);
    assert_int_equal(url.host_type, DV_URL_HOST_NAME);
    assert_true(url.has_query && url.has_fragment && !url.is_opaque);
    assert_int_equal(parsed(*state, "wss://x", NULL).port_number, 443);
    assert_int_equal(parsed(*state, "foo://x", NULL).port_number, 0);
}

static void
a_missing_host_is_told_from_an_empty_one(void **state)
{
    assert_int_equal(parsed(*state, "data:x", NULL).host_type,
                     DV_URL_HOST_NONE);
    assert_int_equal(parsed(*state, "file:///x", NULL).host_type,
                     DV_URL_HOST_EMPTY);
    assert_int_equal(parsed(*state, "http://1.2", NULL).host_type,
                     DV_URL_HOST_IPV4);
    assert_int_equal(parsed(*state, "http://[::]", NULL).host_type,
                     DV_URL_HOST_IPV6);
    assert_int_equal(parsed(*state, "foo://a", NULL).host_type,
                     DV_URL_HOST_OPAQUE);
}

static void
malformed_utf8_becomes_replacement_characters(void **state)
{
    assert_text(parsed(*state, "http://h/\xff\xc3(\xed\xa0\x80", NULL).path,
                "/%EF%BF%BD%EF%BF%BD(%EF%BF%BD%EF%BF%BD%EF%BF%BD");
    struct dv_url url;

    assert_int_equal(dv_url_parse(&url, &((struct bench *)*state)->arena,
                                  DV_SPAN_LIT("http://\xff.example/"), NULL),
                     DAVY_MALFORMED);
}

/* Long inputs of every kind that could tempt a parser into quadratic work. */
static void
long_addresses_take_linear_time(void **state)
{
    static const char *const pieces[] = { "/..", "/a", "@", ":", "a.", "%2e",
                                          "\xc3\xa9", "?", "#", "\t", "\\",
                                          "/./", "1.", "[", "%" };
    struct bench *bench = *state;
    static uint8_t text[1 << 20];

    for (size_t i = 0; i < DV_COUNT_OF(pieces); i++) {
        const size_t n = strlen(pieces[i]);
        struct dv_url url;
        davy_status st;

        memcpy(text, "http://h/", 9);
        for (size_t at = 7 + 2 * (i % 2); at < sizeof(text); at++)
            text[at] = (uint8_t)pieces[i][at % n];
        st = dv_url_parse(&url, &bench->arena,
                          dv_span_of(text, sizeof(text)), NULL);
        assert_true(st == DAVY_OK || st == DAVY_MALFORMED);
        dv_arena_reset(&bench->arena);
    }
}

static void
sites_are_what_somebody_registered(void **state)
{
    static const char *const rows[][2] = {
        { "http://www.example.co.uk/", "example.co.uk" },
        { "http://a.b.example.com./", "example.com" },
        { "http://co.uk/", "co.uk" },
        { "http://localhost/", "localhost" },
        { "http://10.1.2.3/", "10.1.2.3" },
        { "http://[::1]/", "[::1]" },
        { "http://user.github.io/", "user.github.io" },
        { "http://x.unknown-top-level/", "x.unknown-top-level" }
    };
    static const struct {
        const char *a;
        const char *b;
        bool is_same;
    } pairs[] = {
        { "http://a.example.com/", "wss://example.com.:99/", true },
        { "http://a.example.com/", "http://b.example.com/", true },
        { "http://example.com/", "http://badexample.com/", false },
        { "http://a.co.uk/", "http://b.co.uk/", false },
        { "http://co.uk/", "http://b.co.uk/", false },
        { "http://a.github.io/", "http://b.github.io/", false },
        { "http://10.1.2.3/", "http://11.1.2.3/", false },
        { "http://10.1.2.3/", "http://10.1.2.3:81/", true },
        { "http://com/", "http://a.com/", false },
        { "http://localhost/", "http://localhost/", true }
    };
    struct bench *bench = *state;
    struct dv_url a;
    struct dv_url b;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        a = parsed(bench, rows[i][0], NULL);
        assert_text(dv_url_site(&a), rows[i][1]);
    }
    for (size_t i = 0; i < DV_COUNT_OF(pairs); i++) {
        a = parsed(bench, pairs[i].a, NULL);
        b = parsed(bench, pairs[i].b, NULL);
        if (dv_url_same_site(&a, &b) != pairs[i].is_same
            || dv_url_same_site(&b, &a) != pairs[i].is_same)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
    }
}

static davy_status
parse_all(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct dv_arena arena;
    davy_status st = DAVY_OK;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(cases) && st == DAVY_OK; i++) {
        struct dv_url base;
        struct dv_url url;

        if (cases[i].base != NULL)
            st = dv_url_parse(&base, &arena, dv_span_cstr(cases[i].base),
                              NULL);
        if (st == DAVY_OK)
            st = dv_url_parse(&url, &arena, cases[i].text,
                              cases[i].base != NULL ? &base : NULL);
        if (st == DAVY_MALFORMED)
            st = DAVY_OK;
        if (i % 8 == 0)
            dv_arena_fini(&arena);
    }
    dv_arena_fini(&arena);
    return st;
}

static void
any_refused_allocation_is_an_answer(void **state)
{
    (void)state;
    oom_sweep(parse_all, NULL, 500);
}

static davy_status
parse_long(const davy_allocator *hooks, void *ctx)
{
    static uint8_t text[5000];
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_url url;
    davy_status st;

    (void)ctx;
    memset(text, 'a', sizeof(text));
    memcpy(text, "file:x|\xc3\xa9\n", 10);
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    st = dv_url_parse(&url, &arena, dv_span_of(text, sizeof(text)), NULL);
    memcpy(text, "http://\xc3\xa9.", 10);
    if (st == DAVY_OK)
        st = dv_url_parse(&url, &arena, dv_span_of(text, sizeof(text)), &url);
    dv_arena_fini(&arena);
    return st == DAVY_MALFORMED ? DAVY_OK : st;
}

static void
long_addresses_may_run_out_of_memory(void **state)
{
    (void)state;
    oom_sweep(parse_long, NULL, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_as_browsers_read_them),
        cmocka_unit_test(what_was_written_reads_the_same_again),
        cmocka_unit_test(parts_lie_where_they_belong),
        cmocka_unit_test(a_missing_host_is_told_from_an_empty_one),
        cmocka_unit_test(malformed_utf8_becomes_replacement_characters),
        cmocka_unit_test(long_addresses_take_linear_time),
        cmocka_unit_test(sites_are_what_somebody_registered),
        cmocka_unit_test(any_refused_allocation_is_an_answer),
        cmocka_unit_test(long_addresses_may_run_out_of_memory)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

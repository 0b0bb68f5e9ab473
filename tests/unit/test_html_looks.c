/* SPDX-License-Identifier: MIT */
/* test_html_looks.c - both looks under hostile pages and scarce memory. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "html/html_doc.h"
#include "html/html_guard.h"
#include "html/html_token.h"
#include "support/oom.h"
#include "support/places.h"

/* `head`, then `pattern` again and again up to `len` bytes, then `tail`. */
static void
build_page(struct dv_buf *page, const char *head, const char *pattern,
           size_t len, const char *tail)
{
    assert_int_equal(dv_buf_append_cstr(page, head), DAVY_OK);
    while (page->len < len)
        assert_int_equal(dv_buf_append_cstr(page, pattern), DAVY_OK);
    assert_int_equal(dv_buf_append_cstr(page, tail), DAVY_OK);
}

static const struct {
    const char *head;
    const char *pattern;
    const char *tail;
    davy_status first;
    davy_status second;
} hostile[] = {
    { "", "<div>", "", DAVY_OK, DAVY_LIMIT },
    { "", "<b>", "<p>x", DAVY_OK, DAVY_LIMIT },
    { "", "<div class=a>text", "", DAVY_OK, DAVY_LIMIT },
    { "", "<table><tr><td>", "", DAVY_OK, DAVY_LIMIT },
    { "", "<select><object>", "", DAVY_OK, DAVY_LIMIT },
    { "", "<svg><g>", "", DAVY_OK, DAVY_LIMIT },
    { "<b a=1><b a=2><b a=3><b a=4>", "<p>x<b a=5>", "", DAVY_OK,
      DAVY_OK },
    { "<a ", "x", ">", DAVY_OK, DAVY_OK },
    { "<a ", "x=1 ", ">", DAVY_LIMIT, DAVY_LIMIT },
    { "<a onclick='", "&amp;", "'>", DAVY_OK, DAVY_OK },
    { "", "<a ", ">", DAVY_LIMIT, DAVY_LIMIT },
    { "", "<a ", "", DAVY_OK, DAVY_OK },
    { "", "<a x=\"", ">", DAVY_LIMIT, DAVY_OK },
    { "", "<script>", "", DAVY_LIMIT, DAVY_OK },
    { "", "<script><!--", "", DAVY_LIMIT, DAVY_OK },
    { "", "<svg><script>", "</script>", DAVY_LIMIT, DAVY_LIMIT },
    { "", "<", "", DAVY_OK, DAVY_OK },
    { "", "<!--", "", DAVY_OK, DAVY_OK },
    { "", "&", "", DAVY_OK, DAVY_OK },
    { "<plaintext>", "<b onclick=a>", "", DAVY_OK, DAVY_OK },
};

static void
hostile_pages_end_in_time_or_give_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(hostile); i++) {
        struct dv_mem mem;
        struct dv_buf page;
        struct places first;
        struct places second;

        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&page, &mem, SIZE_MAX);
        build_page(&page, hostile[i].head, hostile[i].pattern, 400000,
                   hostile[i].tail);
        places_init(&first, &mem, false);
        places_init(&second, &mem, false);
        places_first_look(&first, dv_buf_span(&page));
        places_second_look(&second, dv_buf_span(&page));
        if (first.status != hostile[i].first
            || second.status != hostile[i].second)
            fail_msg("%s: %d and %d", hostile[i].pattern, (int)first.status,
                     (int)second.status);
        places_fini(&first);
        places_fini(&second);
        dv_buf_fini(&page);
        assert_int_equal(mem.used, 0);
    }
}

static void
ignore(void *ctx, const struct dv_html_place *place)
{
    (void)place;
    ++*(size_t *)ctx;
}

static davy_status
second_look(const char *page, size_t html_depth, size_t memory,
            size_t *places)
{
    const struct dv_html_sink sink = { ignore, places };
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .html_depth = html_depth,
                                 .memory = memory };
    struct dv_mem mem;
    struct dv_arena arena;
    davy_status st;

    *places = 0;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    st = dv_html_doc(&mem, &arena, &limits, dv_span_cstr(page), &sink);
    dv_arena_fini(&arena);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
the_limits_of_depth_and_memory_are_heeded(void **state)
{
    static const char page[]
        = "<div><div><div><div><div><div>x<b onclick=a>y";
    size_t places;

    (void)state;
    assert_int_equal(second_look(page, 20, (size_t)1 << 20, &places),
                     DAVY_OK);
    assert_int_equal(places, 1);
    assert_int_equal(second_look(page, 5, (size_t)1 << 20, &places),
                     DAVY_LIMIT);
    assert_int_equal(places, 0);
    assert_int_equal(second_look(page, 20, 4096, &places), DAVY_LIMIT);
    assert_int_equal(places, 0);
}

/* A page that uses every allocating part of both looks. */
static const char rich_page[]
    = "<html a=b><body CLASS=a onload='&lt;'><div data-x='&amp;'>text<b x=y>"
      "<p>t</b>u</p><svg><script>a &lt; b</script></svg><script>c()</script>"
      "<script type='&#109;odule'>d()</script><a href='&#106;avascript:e()'>"
      "<script type=importmap>{\"imports\":{\"a\":\"\\u0061\"}}</script>"
      "<table><tr><td>x</table><body onfocus=f()><select><option>g</select>";

static davy_status
look_once(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct places places;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    places_init(&places, &mem, false);
    if (*(bool *)ctx)
        places_second_look(&places, dv_span_cstr(rich_page));
    else
        places_first_look(&places, dv_span_cstr(rich_page));
    st = places.status;
    places_fini(&places);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    bool is_second = false;

    (void)state;
    oom_sweep(look_once, &is_second, 500);
    is_second = true;
    oom_sweep(look_once, &is_second, 500);
}

/* A tree node for the guard's counting. */
struct node {
    int type;
    struct node *parent;
    char rest[40];
};

static const struct dv_html_guard_limits guard_limits = {
    .node_size = sizeof(struct node),
    .parent_at = offsetof(struct node, parent),
    .attr_size = 24,
    .depth = 50,
    .attrs = 10,
    .memory = 100000,
    .work = 10000000
};

static davy_status
run_guard(struct dv_html_guard *guard, void (*act)(struct dv_html_guard *))
{
    if (setjmp(guard->out) != 0)
        return guard->status;
    act(guard);
    return DAVY_OK;
}

/* Each node is hung in only when the one behind it has been made. */
static void
make_chain(struct dv_html_guard *guard)
{
    struct node *parent = NULL;

    for (size_t i = 0; i < 60; i++) {
        struct node *node = dv_html_guard_alloc(guard, sizeof(*node));
        struct node *text = dv_html_guard_alloc(guard, sizeof(*text));

        node->parent = parent;
        text->parent = parent;
        parent = node;
    }
}

static void
make_row(struct dv_html_guard *guard)
{
    struct node *root = dv_html_guard_alloc(guard, sizeof(*root));

    for (size_t i = 0; i < 500; i++) {
        struct node *node = dv_html_guard_alloc(guard, sizeof(*node));

        node->parent = root;
    }
}

static void
make_attrs(struct dv_html_guard *guard)
{
    for (size_t i = 0; i < 11; i++)
        (void)dv_html_guard_alloc(guard, 24);
}

static void
make_and_free(struct dv_html_guard *guard)
{
    for (size_t i = 0; i < 3000; i++) {
        uint8_t *piece = dv_html_guard_alloc(guard, i);

        memset(piece, 0xff, i);
        dv_html_guard_free(guard, piece);
    }
    dv_html_guard_free(guard, NULL);
}

static void
take_too_much(struct dv_html_guard *guard)
{
    for (;;)
        (void)dv_html_guard_alloc(guard, 1000);
}

static void
work_too_much(struct dv_html_guard *guard)
{
    for (;;)
        dv_html_guard_free(guard, dv_html_guard_alloc(guard, 1));
}

static void
ask_for_the_impossible(struct dv_html_guard *guard)
{
    (void)dv_html_guard_alloc(guard, SIZE_MAX - 100);
}

static void
the_guard_counts_depth_attributes_memory_and_work(void **state)
{
    static const struct {
        void (*act)(struct dv_html_guard *);
        davy_status st;
    } rows[] = {
        { make_chain, DAVY_LIMIT },    { make_row, DAVY_OK },
        { make_attrs, DAVY_LIMIT },    { make_and_free, DAVY_OK },
        { take_too_much, DAVY_LIMIT }, { work_too_much, DAVY_LIMIT },
        { ask_for_the_impossible, DAVY_LIMIT },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_mem mem;
        struct dv_html_guard guard;

        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_html_guard_init(&guard, &mem, &guard_limits);
        assert_int_equal(run_guard(&guard, rows[i].act), rows[i].st);
        dv_html_guard_fini(&guard);
        assert_int_equal(mem.used, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_pages_end_in_time_or_give_up),
        cmocka_unit_test(the_limits_of_depth_and_memory_are_heeded),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_guard_counts_depth_attributes_memory_and_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

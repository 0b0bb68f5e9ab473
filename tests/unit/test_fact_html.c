/* SPDX-License-Identifier: MIT */
/* test_fact_html.c - places of a page as facts and nested artifacts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fact/fact_html.h"
#include "html/html_token.h"
#include "support/oom.h"

struct scan {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_url base;
    davy_status status;
};

static void
add(void *ctx, const struct dv_html_place *place)
{
    struct scan *scan = ctx;

    dv_fact_html_place(&scan->facts, &scan->base, place);
}

static void
scan_init(struct scan *scan, const davy_allocator *hooks, const char *page)
{
    const struct dv_html_sink sink = { add, scan };

    memset(scan, 0, sizeof(*scan));
    dv_mem_init(&scan->mem, hooks, SIZE_MAX);
    dv_arena_init(&scan->arena, &scan->mem);
    dv_facts_init(&scan->facts, &scan->mem, &scan->arena, 1000);
    scan->status = dv_url_parse(&scan->base, &scan->arena,
                                DV_SPAN_LIT("https://site.example/dir/page"),
                                NULL);
    if (scan->status == DAVY_OK)
        scan->status = dv_html_token(&scan->mem, &scan->arena,
                                     dv_span_cstr(page), &sink);
    if (scan->status == DAVY_OK)
        scan->status = scan->facts.status;
}

static void
scan_fini(struct scan *scan)
{
    dv_facts_fini(&scan->facts);
    dv_arena_fini(&scan->arena);
    assert_int_equal(scan->mem.used, 0);
}

/* All facts, one in a line: kind text aux. */
static void
assert_facts(const char *page, const char *expected)
{
    struct scan scan;
    char text[2000] = "";
    size_t n = 0;

    scan_init(&scan, NULL, page);
    assert_int_equal(scan.status, DAVY_OK);
    for (size_t i = 0; i < scan.facts.facts.len; i++) {
        const struct dv_fact *fact = dv_facts_at(&scan.facts, i);
        const struct dv_span value = dv_facts_text(&scan.facts, fact);

        n += (size_t)snprintf(
            text + n, sizeof(text) - n, "%s%s %.*s %u\n",
            fact->parent == DV_FACT_NONE ? "" : "  ",
            dv_fact_kind_name((enum dv_fact_kind)fact->kind), (int)value.len,
            (const char *)value.at, fact->aux);
    }
    for (size_t i = 0; i < scan.facts.nested.len; i++) {
        const struct dv_nested *nested = dv_vec_at(&scan.facts.nested, i);

        n += (size_t)snprintf(
            text + n, sizeof(text) - n, "nested %d %s[%u] %.*s%s\n",
            (int)nested->type, nested->label, nested->number,
            (int)nested->bytes.len, (const char *)nested->bytes.at,
            nested->is_verbatim ? "" : " (decoded)");
    }
    assert_string_equal(text, expected);
    scan_fini(&scan);
}

static void
a_widget_is_an_element_with_its_attributes(void **state)
{
    (void)state;
    assert_facts("<DIV CLASS='coinhive-miner' Data-Key=\"a&amp;b\" title=x>",
                 "element div 0\n"
                 "  attr class=coinhive-miner 0\n"
                 "  attr data-key=a&b 0\n");
}

static void
addresses_are_resolved_and_keep_their_use(void **state)
{
    (void)state;
    assert_facts("<script src=a.js></script><iframe src='//b.example/'>"
                 "</iframe><a href=../c>d</a>"
                 "<meta http-equiv=refresh content='0;url=/e'>",
                 "url https://site.example/dir/a.js 3\n"
                 "url https://b.example/ 2\n"
                 "url https://site.example/c 9\n"
                 "url https://site.example/e 1\n");
}

static void
code_in_a_page_is_nested(void **state)
{
    (void)state;
    assert_facts("<script>a()</script><script type=module>b()</script>"
                 "<script type=text/x>no</script>"
                 "<p onclick='c(&quot;d&quot;)'>"
                 "<iframe srcdoc='<b>e</b>'></iframe>",
                 "nested 0 script[1] a()\n"
                 "nested 1 script[2] b()\n"
                 "nested 3 handler[1] c(\"d\") (decoded)\n"
                 "nested 4 srcdoc[1] <b>e</b>\n");
}

static void
a_script_address_is_code_and_no_address(void **state)
{
    struct scan scan;
    const struct dv_nested *nested;

    (void)state;
    scan_init(&scan, NULL, "<a href='javascript:a()'>b</a>");
    assert_int_equal(scan.facts.facts.len, 0);
    assert_int_equal(scan.facts.nested.len, 1);
    nested = dv_vec_at(&scan.facts.nested, 0);
    assert_true(dv_span_equal_cstr(nested->bytes, "a()"));
    scan_fini(&scan);
}

static davy_status
scan_once(const davy_allocator *hooks, void *ctx)
{
    struct scan scan;
    davy_status st;

    scan_init(&scan, hooks, ctx);
    st = scan.status;
    scan_fini(&scan);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    char page[] = "<div class=a data-b='&lt;c'><script>d()</script>"
                  "<a href='javascript:&#97;()' onclick='&amp;'>"
                  "<script src=f></script><svg><script>&amp;</script>";

    (void)state;
    oom_sweep(scan_once, page, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_widget_is_an_element_with_its_attributes),
        cmocka_unit_test(addresses_are_resolved_and_keep_their_use),
        cmocka_unit_test(code_in_a_page_is_nested),
        cmocka_unit_test(a_script_address_is_code_and_no_address),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

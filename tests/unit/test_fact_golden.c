/* SPDX-License-Identifier: MIT */
/* test_fact_golden.c - the facts of the scripts in tests/golden/facts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fact/fact_js.h"
#include "fact/fact_print.h"
#include "js/js_parse.h"
#include "support/golden.h"
#include "support/guard.h"

struct scan {
    davy_limits limits;
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_url base;
    struct dv_js_tree tree;
    struct dv_fact_js *js;
};

static void
scan_init(struct scan *scan)
{
    *scan = (struct scan){ .limits = { .struct_size = sizeof(davy_limits),
                                       .js_depth = 1000,
                                       .fold_steps = 100000,
                                       .fold_bytes = 100000 } };
    dv_mem_init(&scan->mem, NULL, SIZE_MAX);
    dv_arena_init(&scan->arena, &scan->mem);
    dv_facts_init(&scan->facts, &scan->mem, &scan->arena, 10000);
    dv_js_tree_init(&scan->tree, &scan->mem);
    assert_int_equal(dv_url_parse(&scan->base, &scan->arena,
                                  DV_SPAN_LIT("https://site.example/dir/"),
                                  NULL),
                     DAVY_OK);
    assert_int_equal(dv_fact_js_new(&scan->mem, &scan->limits, &scan->js),
                     DAVY_OK);
}

static void
scan_fini(struct scan *scan)
{
    dv_fact_js_free(scan->js);
    dv_js_tree_fini(&scan->tree);
    dv_facts_fini(&scan->facts);
    dv_arena_fini(&scan->arena);
    assert_int_equal(scan->mem.used, 0);
}

static void
print_nested(const struct dv_facts *facts, struct dv_buf *out)
{
    static const char *const types[] = {
        [DV_NESTED_SCRIPT] = "script",   [DV_NESTED_MODULE] = "module",
        [DV_NESTED_WORKER] = "worker",   [DV_NESTED_HANDLER] = "handler",
        [DV_NESTED_PAGE] = "page",       [DV_NESTED_MARKUP] = "markup",
        [DV_NESTED_BYTES] = "bytes",
    };

    for (size_t i = 0; i < facts->nested.len; i++) {
        const struct dv_nested *nested = dv_vec_at(&facts->nested, i);
        char line[400];

        snprintf(line, sizeof(line), "nested %u..%u %s %s ",
                 (unsigned)nested->at, (unsigned)(nested->at + nested->len),
                 types[nested->type], nested->label);
        assert_int_equal(dv_buf_append_cstr(out, line), DAVY_OK);
        for (size_t k = 0; k < nested->bytes.len; k++) {
            const uint8_t c = nested->bytes.at[k];

            snprintf(line, sizeof(line),
                     c < 0x20 || c == 0x7f ? "\\x%02x" : "%c", c);
            assert_int_equal(dv_buf_append_cstr(out, line), DAVY_OK);
        }
        assert_int_equal(dv_buf_append_byte(out, '\n'), DAVY_OK);
    }
}

static bool
say_facts(const char *name, struct dv_span input, struct dv_buf *out)
{
    struct scan scan;
    struct guard guard;

    if (strcmp(name, "facts") != 0)
        return false;
    scan_init(&scan);
    guard_init(&guard, input.at, input.len);
    assert_int_equal(dv_js_parse(&scan.tree, guard.bytes,
                                 DV_JS_GOAL_SCRIPT_OR_MODULE, &scan.limits),
                     DAVY_OK);
    assert_int_equal(dv_fact_js(scan.js, &scan.facts, &scan.base,
                                &scan.tree),
                     DAVY_OK);
    assert_int_equal(scan.facts.status, DAVY_OK);
    for (size_t i = 0; i < scan.facts.facts.len; i++)
        assert_int_equal(dv_fact_print(&scan.facts,
                                       dv_facts_at(&scan.facts, i), out),
                         DAVY_OK);
    print_nested(&scan.facts, out);
    guard_fini(&guard);
    scan_fini(&scan);
    return true;
}

static void
facts_are_as_written_down(void **state)
{
    (void)state;
    assert_true(golden_run_folder("tests/golden/facts", "js", say_facts) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_as_written_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

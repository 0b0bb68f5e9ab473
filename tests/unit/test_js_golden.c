/* SPDX-License-Identifier: MIT */
/* test_js_golden.c - the trees of the scripts in tests/golden/js. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "js/js_parse.h"
#include "js/js_print.h"
#include "support/golden.h"
#include "support/guard.h"

static bool
goal_of(const char *name, enum dv_js_goal *goal)
{
    if (strcmp(name, "script") == 0)
        *goal = DV_JS_GOAL_SCRIPT;
    else if (strcmp(name, "module") == 0)
        *goal = DV_JS_GOAL_MODULE;
    else if (strcmp(name, "handler") == 0)
        *goal = DV_JS_GOAL_FUNCTION_BODY;
    else if (strcmp(name, "either") == 0)
        *goal = DV_JS_GOAL_SCRIPT_OR_MODULE;
    else
        return false;
    return true;
}

static bool
parse(const char *name, struct dv_span input, struct dv_buf *out)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 1000 };
    enum dv_js_goal goal;
    struct dv_js_tree tree;
    struct dv_mem mem;
    struct guard guard;

    if (!goal_of(name, &goal))
        return false;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    guard_init(&guard, input.at, input.len);
    assert_int_equal(dv_js_parse(&tree, guard.bytes, goal, &limits), DAVY_OK);
    assert_int_equal(dv_js_ast_print(&tree, out), DAVY_OK);
    guard_fini(&guard);
    dv_js_tree_fini(&tree);
    assert_int_equal(mem.used, 0);
    return true;
}

static void
trees_are_as_written_down(void **state)
{
    (void)state;
    assert_true(golden_run_folder("tests/golden/js", "js", parse) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_as_written_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

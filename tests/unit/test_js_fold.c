/* SPDX-License-Identifier: MIT */
/* test_js_fold.c - what js_fold.c and js_builtin_*.c make of expressions is what
 * a JavaScript engine makes of them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "js/js_fold.h"
#include "js/js_parse.h"
#include "support/guard.h"

/* Whether davy must know the value. */
enum promise { FOLDS, MAYBE };

static const struct {
    enum promise promise;
    const char *source;
    struct dv_span value;
} cases[] = {
#define DV_FOLD_ROW(promise, source, value) { promise, source, DV_SPAN_LIT(value) },
#include "js_fold_cases.def"
#undef DV_FOLD_ROW
};

struct run {
    struct dv_mem mem;
    struct dv_js_tree tree;
    struct dv_js_fold fold;
    struct guard guard;
};

static const davy_limits limits = { .struct_size = sizeof(limits),
                                    .js_depth = 1000,
                                    .fold_steps = 100000,
                                    .fold_bytes = 100000 };

static void
run_init(struct run *run, const char *source)
{
    dv_mem_init(&run->mem, NULL, SIZE_MAX);
    dv_js_tree_init(&run->tree, &run->mem);
    dv_js_fold_init(&run->fold, &run->mem);
    guard_init(&run->guard, source, strlen(source));
    assert_int_equal(dv_js_parse(&run->tree, run->guard.bytes,
                                 DV_JS_GOAL_SCRIPT, &limits),
                     DAVY_OK);
    if (run->tree.errors != 0)
        fail_msg("%s: %s", source, run->tree.first.message);
    assert_int_equal(dv_js_fold_run(&run->fold, &run->tree, &limits),
                     DAVY_OK);
}

static void
run_fini(struct run *run)
{
    guard_fini(&run->guard);
    dv_js_fold_fini(&run->fold);
    dv_js_tree_fini(&run->tree);
    assert_int_equal(run->mem.used, 0);
}

/* The expression that is the script's value: of its last statement, or of the
 * last one in a block. */
static uint32_t
last_expression(const struct dv_js_tree *tree)
{
    uint32_t found = 0;

    for (uint32_t id = dv_js_at(tree, tree->root)->a; id != 0;
         id = dv_js_at(tree, id)->next) {
        if (dv_js_kind(tree, id) == DV_JS_EXPRESSION_STATEMENT)
            found = dv_js_at(tree, id)->a;
    }
    return found;
}

static void
say(struct dv_buf *out, const char *text)
{
    assert_int_equal(dv_buf_append_cstr(out, text), DAVY_OK);
}

static void
say_value(struct dv_js_values *v, uint32_t i, struct dv_buf *out)
{
    static const char *const types[] = {
        [DV_JS_UNKNOWN] = "unknown", [DV_JS_UNDEFINED] = "undefined",
        [DV_JS_NULL] = "null",       [DV_JS_BOOLEAN] = "boolean ",
        [DV_JS_NUMBER] = "number ",  [DV_JS_STRING] = "string ",
        [DV_JS_ARRAY] = "array [",   [DV_JS_OBJECT] = "other",
        [DV_JS_REGEXP] = "other",
    };
    const struct dv_js_value value = *dv_js_value_at(v, i);
    char number[32];

    say(out, types[value.type]);
    switch (value.type) {
    case DV_JS_BOOLEAN:
        say(out, value.boolean ? "true" : "false");
        break;
    case DV_JS_NUMBER:
        if (value.number == 0 && 1 / value.number < 0)
            say(out, "-");
        assert_int_equal(
            dv_buf_append(out, dv_span_of(number,
                                          dv_js_value_print_number(
                                              value.number, number))),
            DAVY_OK);
        break;
    case DV_JS_STRING:
        assert_int_equal(dv_buf_append(out, value.text), DAVY_OK);
        break;
    case DV_JS_ARRAY:
        for (size_t k = 0; k < value.count; k++) {
            if (k != 0)
                say(out, "; ");
            say_value(v, dv_js_value_item(v, &value, k), out);
        }
        say(out, "]");
        break;
    default:
        break;
    }
}

static bool
is_as_promised(size_t i)
{
    struct run run;
    struct dv_buf out;
    bool is_right, is_known;

    run_init(&run, cases[i].source);
    dv_buf_init(&out, &run.mem, 1 << 16);
    say_value(&run.fold.values,
              run.fold.of_node[last_expression(&run.tree)], &out);
    is_known = !dv_span_equal_cstr(dv_buf_span(&out), "unknown");
    is_right = dv_span_equal(dv_buf_span(&out), cases[i].value)
               || (!is_known && cases[i].promise == MAYBE);
    if (!is_right)
        print_error("%s\n    is     %.*s\n    but is %.*s\n", cases[i].source,
                    (int)cases[i].value.len,
                    (const char *)cases[i].value.at, (int)out.len,
                    (const char *)out.at);
    dv_buf_fini(&out);
    run_fini(&run);
    return is_right;
}

static void
values_are_those_of_the_language(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(cases); i++)
        wrong += !is_as_promised(i);
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_the_language),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

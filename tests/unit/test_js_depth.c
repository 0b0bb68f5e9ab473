/* SPDX-License-Identifier: MIT */
/* test_js_depth.c - scripts that nest or go on without end. */

#define _GNU_SOURCE

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "js/js_parse.h"
#include "js/js_print.h"
#include "js/js_walk.h"

/* What a small thread has.  Sanitizers and unoptimised builds have frames
 * several times as large. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) \
    || !defined(__OPTIMIZE__)
#define STACK ((size_t)8 << 20)
#else
#define STACK ((size_t)256 << 10)
#endif

struct nest {
    const char *front;
    const char *repeat;
    const char *middle;
    const char *back;
};

/* Nesting that ends as a limit. */
static const struct nest nests[] = {
    { "", "(", "1", ")" },
    { "", "[", "", "]" },
    { "", "{", "", "}" },
    { "x=", "{a:", "1", "}" },
    { "", "a=>", "1", "" },
    { "", "(a)=>", "1", "" },
    { "", "(a=", "1", ")=>1" },
    { "", "async x=>", "1", "" },
    { "", "x=>{", "", "}" },
    { "", "!", "1", "" },
    { "", "- ", "1", "" },
    { "", "typeof ", "a", "" },
    { "", "++", "a", "" },
    { "", "new ", "a", "" },
    { "", "`${", "1", "}`" },
    { "", "a`${", "1", "}`" },
    { "", "a?", "b", ":c" },
    { "", "a?(", "b", "):c" },
    { "", "a=", "b", "" },
    { "", "async(", "x", ")" },
    { "", "import(", "a", ")" },
    { "", "a[", "1", "]" },
    { "", "a?.[", "1", "]" },
    { "", "f(...", "a", ")" },
    { "", "function f(){", "", "}" },
    { "", "(function(){", "", "})" },
    { "x=", "class A extends ", "B", "{}" },
    { "", "class A{a(){", "", "}}" },
    { "", "class A{static{", "", "}}" },
    { "", "x=class{a=", "1", "}" },
    { "", "while(1)", "1", "" },
    { "", "do ", "1;", "while(1);" },
    { "", "for(;;)", "1", "" },
    { "", "if(1)", "1", "" },
    { "", "if(a){", "", "}else{}" },
    { "", "with(a)", "1", "" },
    { "", "try{", "", "}catch{}" },
    { "", "try{}catch(e){", "var e;", "}" },
    { "", "switch(1){case 1:", "", "}" },
    { "let ", "[", "a", "]" },
    { "", "[", "a", "]=1" },
    { "x=", "({a:", "b", "})" },
    { "", "x=function([a=", "b", "]){}" },
    { "x=async()=>{", "await ", "1", "" },
    { "x=function*(){", "yield ", "1", "" }
};

/* Chains without nesting, whatever their length. */
static const struct nest chains[] = {
    { "", "if(a);else ", "b", "" },
    { "", "a?b:", "c", "" },
    { "", "a+", "b", "" },
    { "", "a**", "b", "" },
    { "", "a&&", "b", "" },
    { "", "a??", "b", "" },
    { "", "a,", "b", "" },
    { "", "a.", "b", "" },
    { "f", "()", "", "" },
    { "f", "[0]", "", "" },
    { "f", "`a`", "", "" },
    { "", "var a;", "", "" },
    { "var x", ",x", "", "" },
    { "f(a", ",a", ")", "" },
    { "[", ",", "]", "" },
    { "'", "\\x41", "'", "" },
    { "", "\n", "", "" },
    { "", "//\n", "", "" }
};

/* Broken in a way that makes recoveries work hard. */
static const struct nest broken[] = {
    { "", "(;", "", "" },
    { "", "{;", "", "" },
    { "", "({;", "", "" },
    { "", "[{(", "", "" },
    { "", "a;}", "", "" },
    { "", "f(a b)", "", "" },
    { "", "class{#a;b=c.#a;", "", "}" },
    { "", "'\n", "", "" },
    { "", "`${ }", "", "" },
    { "", "for(x in ", "(y)", ");" },
    { "", "/(?<a>(?:|", "b", "))/" },
    { "", "<a href='b'>\n", "", "" }
};

/* A parse in a thread of its own. */
struct job {
    struct dv_js_tree *tree;
    struct dv_span source;
    davy_status st;
};

static void *
run(void *arg)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 1000 };
    struct job *job = arg;

    job->st = dv_js_parse(job->tree, job->source, DV_JS_GOAL_SCRIPT, &limits);
    return NULL;
}

static davy_status
parse_in_thread(struct dv_js_tree *tree, struct dv_span source)
{
    struct job job = { tree, source, DAVY_MISUSE };
    pthread_attr_t attributes;
    pthread_t thread;

    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run, &job), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    return job.st;
}

static struct dv_span
build(const struct nest *nest, size_t times, bool is_closed)
{
    char *text = malloc(100 + times * 40);
    char *at = text;

    assert_non_null(text);
    at = stpcpy(at, "before;");
    at = stpcpy(at, nest->front);
    for (size_t i = 0; i < times; i++)
        at = stpcpy(at, nest->repeat);
    at = stpcpy(at, nest->middle);
    for (size_t i = 0; is_closed && i < times && nest->back[0] != '\0'; i++)
        at = stpcpy(at, nest->back);
    return dv_span_of(text, (size_t)(at - text));
}

static void
each(const struct nest *nests_of, size_t count, size_t times, bool is_closed,
     int wanted)
{
    for (size_t i = 0; i < count; i++) {
        const struct dv_span source = build(&nests_of[i], times, is_closed);
        struct dv_js_tree tree;
        struct dv_mem mem;
        davy_status st;

        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_js_tree_init(&tree, &mem);
        st = parse_in_thread(&tree, source);
        if (wanted >= 0 && (int)st != wanted)
            fail_msg("%s: status %d", nests_of[i].repeat, (int)st);
        assert_true(st == DAVY_OK || st == DAVY_LIMIT);
        assert_true(tree.root != 0);
        assert_true(dv_js_atom_get(&tree, DV_SPAN_LIT("before")) != 0);
        dv_js_tree_fini(&tree);
        assert_int_equal(mem.used, 0);
        free((void *)(uintptr_t)source.at);
    }
}

static void
a_hundred_levels_are_no_limit(void **state)
{
    (void)state;
    each(nests, DV_COUNT_OF(nests), 100, true, DAVY_OK);
}

static void
a_hundred_thousand_levels_are_a_limit_and_no_crash(void **state)
{
    (void)state;
    each(nests, DV_COUNT_OF(nests), 100000, true, DAVY_LIMIT);
    each(nests, DV_COUNT_OF(nests), 100000, false, DAVY_LIMIT);
}

static void
long_chains_are_no_nesting(void **state)
{
    (void)state;
    each(chains, DV_COUNT_OF(chains), 300000, true, DAVY_OK);
}

static void
broken_scripts_take_linear_time(void **state)
{
    (void)state;
    each(broken, DV_COUNT_OF(broken), 50000, true, -1);
}

/* A million links can be walked and printed. */
static void
a_long_chain_can_be_walked(void **state)
{
    const struct dv_span source = build(&chains[2], 1000000, true);
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 1000 };
    struct dv_js_visit visit;
    struct dv_js_walk walk;
    struct dv_js_tree tree;
    struct dv_buf out;
    struct dv_mem mem;
    uint32_t deepest = 0;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    dv_buf_init(&out, &mem, 1 << 20);
    assert_int_equal(dv_js_parse(&tree, source, DV_JS_GOAL_SCRIPT, &limits),
                     DAVY_OK);
    dv_js_walk_init(&walk, &tree);
    assert_int_equal(dv_js_walk_begin(&walk, tree.root), DAVY_OK);
    while (dv_js_walk_next(&walk, &visit) == DAVY_OK)
        deepest = visit.depth > deepest ? visit.depth : deepest;
    assert_true(deepest > 1000000);
    assert_int_equal(dv_js_ast_print(&tree, &out), DAVY_LIMIT);
    dv_js_walk_fini(&walk);
    dv_buf_fini(&out);
    dv_js_tree_fini(&tree);
    assert_int_equal(mem.used, 0);
    free((void *)(uintptr_t)source.at);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_levels_are_no_limit),
        cmocka_unit_test(a_hundred_thousand_levels_are_a_limit_and_no_crash),
        cmocka_unit_test(long_chains_are_no_nesting),
        cmocka_unit_test(broken_scripts_take_linear_time),
        cmocka_unit_test(a_long_chain_can_be_walked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_eval.c - the evaluator: the language as node has it, effects as they are
 * written down, budgets, and what it does without memory. */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "eval/eval_print.h"
#include "js/js_parse.h"
#include "support/golden.h"
#include "support/guard.h"
#include "support/oom.h"

static const davy_limits limits = {
#define DAVY_LIMIT_ROW(field, number, text) .field = (number),
#include <davy/limits.def>
#undef DAVY_LIMIT_ROW
};

/* What an evaluation says, as lines. */
struct hearing {
    struct dv_mem mem;
    struct dv_js_tree tree;
    struct dv_eval *run;
    struct dv_buf out;
    bool only_log;              /* arguments of console.log alone */
    davy_status status;
};

static void
keep(struct hearing *h, davy_status st)
{
    if (h->status == DAVY_OK)
        h->status = st;
}

static void
hear(void *ctx, struct dv_eval *run, const struct dv_effect *effect)
{
    struct hearing *h = ctx;
    struct dv_span text;
    double number;

    if (!h->only_log) {
        keep(h, dv_eval_print(run, effect, &h->out));
    } else if (dv_span_equal_cstr(effect->path, "console.log")
               && effect->count == 1
               && dv_eval_look(run, effect->args[0], &text, &number)
                      == DV_EFFECT_TEXT) {
        keep(h, dv_buf_append(&h->out, text));
        keep(h, dv_buf_append_byte(&h->out, '\n'));
    }
}

static void
hear_text(void *ctx, struct dv_eval *run, struct dv_span text, size_t at,
          size_t len)
{
    struct hearing *h = ctx;

    (void)run;
    if (!h->only_log)
        keep(h, dv_eval_print_text(text, at, len, &h->out));
}

static void
hear_key(void *ctx, uint32_t node, struct dv_span key)
{
    struct hearing *h = ctx;

    assert_in_range(node, 1, h->tree.count - 1);
    assert_non_null(key.at);
}

static enum dv_worth
worth_all(void *ctx, uint32_t node)
{
    (void)ctx;
    (void)node;
    return DV_WORTH_MUCH;
}

static davy_status
hearing_run(struct hearing *h, const davy_allocator *hooks,
            struct dv_span source, const davy_limits *with, bool only_log)
{
    const struct dv_eval_events events = { .effect = hear,
                                           .text = hear_text,
                                           .key = hear_key,
                                           .worth = worth_all,
                                           .max_steps = with->eval_steps,
                                           .explore_steps = 1000000,
                                           .ctx = h };
    davy_status st;

    *h = (struct hearing){ .only_log = only_log, .status = DAVY_OK };
    dv_mem_init(&h->mem, hooks, SIZE_MAX);
    dv_js_tree_init(&h->tree, &h->mem);
    dv_buf_init(&h->out, &h->mem, 1 << 20);
    st = dv_eval_new(&h->mem, with, &h->run);
    if (st == DAVY_OK)
        st = dv_js_parse(&h->tree, source, DV_JS_GOAL_SCRIPT_OR_MODULE, with);
    if (st == DAVY_OK)
        st = dv_eval_script(h->run, &h->tree, &events);
    return st;
}

static void
hearing_fini(struct hearing *h)
{
    dv_eval_free(h->run);
    dv_buf_fini(&h->out);
    dv_js_tree_fini(&h->tree);
    assert_int_equal(h->mem.used, 0);
}

/* ---- The language ---- */

static void
read_test(const char *path, struct dv_buf *out)
{
    char room[4096];

    golden_read_file(golden_source_path(path, room, sizeof(room)), out);
}

static void
language_is_as_node_has_it(void **state)
{
    struct dv_mem mem;
    struct dv_buf source, wanted;
    struct hearing h;
    size_t line = 1, at = 0;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&source, &mem, 1 << 20);
    dv_buf_init(&wanted, &mem, 1 << 20);
    read_test("tests/eval/language.js", &source);
    read_test("tests/eval/language.txt", &wanted);
    assert_int_equal(hearing_run(&h, NULL, dv_buf_span(&source), &limits,
                                 true),
                     DAVY_OK);
    assert_int_equal(h.status, DAVY_OK);
    while (at < h.out.len && at < wanted.len
           && h.out.at[at] == wanted.at[at])
        line += h.out.at[at++] == '\n';
    if (at < h.out.len || at < wanted.len)
        fail_msg("line %zu of language.txt is\n%.*s", line,
                 (int)(h.out.len - at < 200 ? h.out.len - at : 200),
                 (const char *)h.out.at + at);
    hearing_fini(&h);
    dv_buf_fini(&source);
    dv_buf_fini(&wanted);
}

/* ---- Effects ---- */

static bool
say_effects(const char *name, struct dv_span input, struct dv_buf *out)
{
    struct hearing h;
    struct guard guard;
    davy_status st;

    if (strcmp(name, "effects") != 0)
        return false;
    guard_init(&guard, input.at, input.len);
    st = hearing_run(&h, NULL, guard.bytes, &limits, false);
    assert_true(st == DAVY_OK || st == DAVY_LIMIT);
    assert_int_equal(h.status, DAVY_OK);
    assert_int_equal(dv_buf_append(out, dv_buf_span(&h.out)), DAVY_OK);
    if (st == DAVY_LIMIT) {
        assert_int_equal(dv_buf_append_cstr(out, "limit: "), DAVY_OK);
        assert_int_equal(dv_buf_append_cstr(out, dv_eval_limit(h.run)),
                         DAVY_OK);
        assert_int_equal(dv_buf_append_byte(out, '\n'), DAVY_OK);
    }
    hearing_fini(&h);
    guard_fini(&guard);
    return true;
}

static void
effects_are_as_written_down(void **state)
{
    (void)state;
    assert_true(golden_run_folder("tests/golden/effects", "js", say_effects)
                > 0);
}

/* ---- Budgets ---- */

static void
run_hostile(const char *path)
{
    davy_limits small = limits;
    struct dv_mem mem;
    struct dv_buf source;
    struct hearing h, again;
    davy_status st;

    small.eval_steps = 2000000;
    small.eval_bytes = 16u << 20;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&source, &mem, 1 << 20);
    read_test(path, &source);
    st = hearing_run(&h, NULL, dv_buf_span(&source), &small, false);
    assert_true(st == DAVY_OK || st == DAVY_LIMIT);
    /* The steps that one operation takes at once are charged before. */
    assert_true(dv_eval_steps(h.run) <= 2 * small.eval_steps);
    assert_int_equal(hearing_run(&again, NULL, dv_buf_span(&source), &small,
                                 false),
                     st);
    assert_true(dv_span_equal(dv_buf_span(&h.out), dv_buf_span(&again.out)));
    assert_true(dv_eval_steps(h.run) == dv_eval_steps(again.run));
    hearing_fini(&h);
    hearing_fini(&again);
    dv_buf_fini(&source);
}

static void
hostile_scripts_end_and_always_in_the_same_way(void **state)
{
    char room[4096], path[512];
    DIR *folder = opendir(golden_source_path("fuzz/seeds/eval", room,
                                             sizeof(room)));
    const struct dirent *entry;
    unsigned count = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        const size_t n = strlen(entry->d_name);

        if (n < 4 || strcmp(entry->d_name + n - 3, ".js") != 0)
            continue;
        snprintf(path, sizeof(path), "fuzz/seeds/eval/%s", entry->d_name);
        run_hostile(path);
        count++;
    }
    closedir(folder);
    assert_in_range(count, 10, 1000);
}

/* ---- Without memory ---- */

static davy_status
run_once(const davy_allocator *hooks, void *ctx)
{
    const struct dv_buf *source = ctx;
    struct hearing h;
    const davy_status st = hearing_run(&h, hooks, dv_buf_span(source),
                                       &limits, true);

    hearing_fini(&h);
    return st == DAVY_OK ? h.status : st;
}

static void
lack_of_memory_is_told(void **state)
{
    struct dv_mem mem;
    struct dv_buf source;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&source, &mem, 1 << 20);
    read_test("tests/eval/language.js", &source);
    oom_sweep(run_once, &source, 150);
    dv_buf_fini(&source);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(language_is_as_node_has_it),
        cmocka_unit_test(effects_are_as_written_down),
        cmocka_unit_test(hostile_scripts_end_and_always_in_the_same_way),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

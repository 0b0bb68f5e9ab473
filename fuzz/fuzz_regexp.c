/* SPDX-License-Identifier: MIT */
/* fuzz_regexp.c - a pattern, flags and a text, through every function of the
 * language that takes a regular expression. */

#include <stdio.h>
#include <stdlib.h>

#include "eval/eval.h"
#include "js/js_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char before[] = "var p = \"";
static const char between[] = "\", s = \"";
static const char behind[]
    = "\", r;"
      "try { r = new RegExp(p, f); r.test(s); r.exec(s); s.match(r);"
      "s.search(r); s.split(r); s.split(r, 3); s.replace(r, '$1$&$<n>$`');"
      "s.replace(r, function (m, a) { return a + m; }); r.source; r.flags;"
      "for (var m of s.matchAll(new RegExp(p, f + 'g'))) eval(m); } catch (e) "
      "{ eval(e.message); }";

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
hear(void *ctx, struct dv_eval *run, const struct dv_effect *effect)
{
    (void)ctx;
    (void)run;
    (void)effect;
}

static void
hear_text(void *ctx, struct dv_eval *run, struct dv_span text, size_t at,
          size_t len)
{
    (void)ctx;
    (void)run;
    (void)text;
    (void)at;
    (void)len;
}

static void
hear_key(void *ctx, uint32_t node, struct dv_span key)
{
    (void)ctx;
    (void)node;
    (void)key;
}

static enum dv_worth
none(void *ctx, uint32_t node)
{
    (void)ctx;
    (void)node;
    return DV_WORTH_NOTHING;
}

static davy_status
write_bytes(struct dv_buf *script, const uint8_t *data, size_t size)
{
    davy_status st = DAVY_OK;

    for (size_t i = 0; i < size && st == DAVY_OK; i++) {
        char escape[8];

        snprintf(escape, sizeof(escape), "\\x%02x", data[i]);
        st = dv_buf_append_cstr(script, escape);
    }
    return st;
}

static davy_status
write_script(struct dv_buf *script, const uint8_t *data, size_t size)
{
    static const char flags[] = "gimsuyd";
    const size_t pattern = size < 2 ? 0 : data[0] % (size - 1);
    davy_status st = dv_buf_append_cstr(script, "var f = \"");

    for (unsigned i = 0; size > 1 && i < sizeof(flags) - 1; i++) {
        if (st == DAVY_OK && (data[1] >> i & 1))
            st = dv_buf_append_byte(script, (uint8_t)flags[i]);
    }
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(script, "\";");
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(script, before);
    if (st == DAVY_OK && size > 2)
        st = write_bytes(script, data + 2,
                         pattern < size - 2 ? pattern : size - 2);
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(script, between);
    if (st == DAVY_OK && size > 2 + pattern)
        st = write_bytes(script, data + 2 + pattern, size - 2 - pattern);
    return st == DAVY_OK ? dv_buf_append_cstr(script, behind) : st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 200,
                                 .decode_ratio = 100,
                                 .eval_steps = 100000,
                                 .eval_bytes = 8 << 20,
                                 .eval_text = 1 << 16,
                                 .eval_effects = 200,
                                 .eval_calls = 40,
                                 .eval_depth = 400,
                                 .eval_yields = 200 };
    const struct dv_eval_events events = { .effect = hear,
                                           .text = hear_text,
                                           .key = hear_key,
                                           .worth = none,
                                           .max_steps = limits.eval_steps };
    struct dv_js_tree tree;
    struct dv_buf script;
    struct dv_eval *run;
    struct dv_mem mem;
    davy_status st;

    if (size == 0)
        return 0;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    dv_buf_init(&script, &mem, 1 << 16);
    must(dv_eval_new(&mem, &limits, &run) == DAVY_OK);
    if (write_script(&script, data, size) == DAVY_OK) {
        st = dv_js_parse(&tree, dv_buf_span(&script), DV_JS_GOAL_SCRIPT,
                         &limits);
        must(st == DAVY_OK);
        st = dv_eval_script(run, &tree, &events);
        must(st == DAVY_OK || st == DAVY_LIMIT);
    }
    dv_eval_free(run);
    dv_buf_fini(&script);
    dv_js_tree_fini(&tree);
    must(mem.used == 0);
    return 0;
}

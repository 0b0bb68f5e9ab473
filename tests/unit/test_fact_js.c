/* SPDX-License-Identifier: MIT */
/* test_fact_js.c - scripts that ask for much work, and memory that is refused,
 * from the source to the facts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "fact/fact_js.h"
#include "fact/fact_print.h"
#include "js/js_parse.h"
#include "support/guard.h"
#include "support/oom.h"

/* Linear work takes a tenth of this where a sanitizer slows it down; quadratic
 * work takes minutes. */
#define MAX_SECONDS 20

/* What is said may be this much more than the source. */
#define FOLD_BYTES ((size_t)4 << 20)

static const davy_limits limits = { .struct_size = sizeof(limits),
                                    .js_depth = 1000,
                                    .fold_steps = 2000000,
                                    .fold_bytes = FOLD_BYTES };

struct scan {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_js_tree tree;
    struct dv_fact_js *js;
    davy_status parsed, folded;
};

static void
scan_init(struct scan *scan, const davy_allocator *hooks,
          struct dv_span source)
{
    *scan = (struct scan){ .parsed = DAVY_OK };
    dv_mem_init(&scan->mem, hooks, SIZE_MAX);
    dv_arena_init(&scan->arena, &scan->mem);
    dv_facts_init(&scan->facts, &scan->mem, &scan->arena, 4000000);
    dv_js_tree_init(&scan->tree, &scan->mem);
    scan->folded = dv_fact_js_new(&scan->mem, &limits, &scan->js);
    if (scan->folded != DAVY_OK)
        return;
    scan->parsed = dv_js_parse(&scan->tree, source,
                               DV_JS_GOAL_SCRIPT_OR_MODULE, &limits);
    if (scan->parsed == DAVY_OK || scan->parsed == DAVY_LIMIT)
        scan->folded = dv_fact_js(scan->js, &scan->facts, NULL, &scan->tree);
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

/* ---- Much work ---- */

/* front, then `times` times `repeat` (a # is the number of the round, a $ that
 * of the round before), then back.  `long_text` stands for @ in the front: a
 * text of many letters. */
static const struct hostile {
    const char *front;
    const char *repeat;
    const char *back;
    size_t times;
} hostiles[] = {
    { "x=a", "+a", "", 500000 },
    { "x='a'", "+'a'", "", 250000 },
    { "x=1", "+1", "", 500000 },
    { "x=u", "+'a'+u", "", 160000 },
    { "x=a", "||a", "", 300000 },
    { "x=a", ",a", "", 500000 },
    { "x=a", ".a", "", 500000 },
    { "x=a", ".a()", "", 250000 },
    { "x=a", "[0]", "", 300000 },
    { "x=a", "['b']=1;x=a", "", 100000 },
    { "var x0='ab';", "var x#=x$+x$;", "f(x40)", 40 },
    { "var x0='ab';", "var x#=x$+x$;", "", 30000 },
    { "x='ab'", ".replace(/a/g,'aaaaaaaaaa')", "", 500 },
    { "x='ab'", ".concat('c')", "", 900 },
    { "x='@'", "+x", ";f(x)", 1000 },
    { "x=[", "1,", "].join('')", 500000 },
    { "var x=[@];f(", "x.join(),", ")", 50000 },
    { "var x=[@];f(", "x.reverse().length,", ")", 50000 },
    { "var x=[@];f(", "[...x],", ")", 50000 },
    { "var x=[@];f(", "x.indexOf(1),", ")", 50000 },
    { "var x={", "a#:1,", "};f(x.a1)", 100000 },
    { "var x={a:1,", "a#:1,", "};f(x.a,x.a,x.a,x+'')", 100000 },
    { "f({", "a#:b,", "})", 100000 },
    { "var {", "a#,", "}=x", 100000 },
    { "var {", "a:{b:[c#]},", "}={a:{b:['c']}};f(c1)", 50000 },
    { "var [", "a#,", "]=[1,2,3];f(a0,a1,a2)", 100000 },
    { "{", "{let a#;", "", 900 },
    { "", "{let a=1;f(a)}", "", 100000 },
    { "", "(function(a#){return a#})(1);", "", 100000 },
    { "", "function f#(){var a=b}", "", 100000 },
    { "var a0=window;", "var a#=a$;", "a99999.x()", 100000 },
    { "", "var a#=a%;", "a1.x()", 100000 },
    { "var a=b,b=a;", "a.x();", "", 100000 },
    { "var w=(1,@,window);", "w.a();", "", 100000 },
    { "var w=a||", "a||", "window;w.a();w.b()", 100000 },
    { "var w=(@||a);", "w.a();", "", 100000 },
    { "var w=a=b=c=d=window;", "w.a();", "", 100000 },
    { "var w=a@;", "w.b=1;", "", 100000 },
    { "var x='@';", "f(x);", "", 100000 },
    { "var x='@';", "eval(x);", "", 100000 },
    { "var x='<b>@';", "document.write(x);", "", 100000 },
    { "var x='<b>@';", "document.write(x,x);", "", 100000 },
    { "var x='@';", "fetch(x);", "", 100000 },
    { "var x='@';", "e.src=x;", "", 100000 },
    { "var x='@';", "e={[x]:x};", "", 100000 },
    { "var x='@';", "f({a:x});", "", 100000 },
    { "var x='@';", "x[x];", "", 100000 },
    { "var x='@',o={[x]:1};", "o[x];", "", 100000 },
    { "var x='@';", "import(x);", "", 100000 },
    { "var x='@';", "new Blob([x]);", "", 100000 },
    { "var x='AGFzbQEAAAAA@';", "f(x);", "", 100000 },
    { "var x='@';", "parseInt(x);", "", 100000 },
    { "var x='1@';", "+x;", "", 100000 },
    { "var x='@',y='@';", "x==y;", "", 100000 },
    { "var x='@';", "x.trim();", "", 100000 },
    { "var x='@';", "x.indexOf('b');", "", 100000 },
    { "var x='@';", "x.charAt(3);", "", 100000 },
    { "var x='@';", "x[9];", "", 100000 },
    { "var x='@';", "x.length;", "", 100000 },
    { "var x='@';", "x.split('');", "", 100000 },
    { "var x='@';", "'a'.replace('b',x);", "", 100000 },
    { "var x='@';", "'a'.replace(x,'b');", "", 100000 },
    { "var x='@';", "'a'.indexOf(x);", "", 100000 },
    { "var x='@';", "x.toUpperCase();", "", 100000 },
    { "var x='@';", "atob(x);", "", 100000 },
    { "var x='@';", "btoa(x);", "", 100000 },
    { "var x='%41@';", "unescape(x);", "", 100000 },
    { "var x='@';", "String(x);", "", 100000 },
    { "var x=/@/g;", "'a'.replace(x,'');", "", 100000 },
    { "", "''+0.1;", "", 150000 },
    { "", "''+1e-320;", "", 100000 },
    { "", "'a'.repeat(1e9);", "", 60000 },
    { "x='", "4", "'.repeat(9)", 500000 },
    { "+'", "4", "'", 1000000 },
    { "", "/*'a'*/", "", 150000 },
    { "", "`${", "", 250000 },
    { "`", "${1}", "`", 250000 },
    { "", "class A#{m(){}}", "", 60000 },
    { "try{}catch(e){", "try{}catch(e){}", "}", 60000 },
};

static void
append(struct dv_buf *out, struct dv_span text)
{
    assert_int_equal(dv_buf_append(out, text), DAVY_OK);
}

static void
append_number(struct dv_buf *out, size_t number)
{
    char digits[24];
    size_t n = sizeof(digits);

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    append(out, dv_span_of(digits + n, sizeof(digits) - n));
}

/* What stands for @ in a list, a wrapper, a path or a text. */
static struct dv_span
filler(const struct hostile *hostile)
{
    const char *at = strchr(hostile->front, '@');

    if (at == NULL || at == hostile->front)
        return DV_SPAN_LIT("");
    if (at[1] == ']' || at[-1] == ',')
        return DV_SPAN_LIT("1,");
    if (at[-1] == '(')
        return DV_SPAN_LIT("a||");
    return at[1] == ';' ? DV_SPAN_LIT(".a") : DV_SPAN_LIT("a");
}

static void
write_hostile(const struct hostile *hostile, bool is_used_up,
              struct dv_buf *out)
{
    const struct dv_span fill = filler(hostile);

    dv_buf_clear(out);
    if (is_used_up)
        append(out, DV_SPAN_LIT("x='a'.repeat(1e9);"));
    for (const char *c = hostile->front; *c != '\0'; c++) {
        for (size_t i = 0; *c == '@' && i < 300000 / fill.len; i++)
            append(out, fill);
        if (*c == '@')
            append(out, DV_SPAN_LIT("a"));
        else
            append(out, dv_span_of(c, 1));
    }
    for (size_t i = 1; i <= hostile->times; i++) {
        for (const char *c = hostile->repeat; *c != '\0'; c++) {
            if (*c == '#')
                append_number(out, i);
            else if (*c == '%')
                append_number(out, i + 1);
            else if (*c == '$' && c[1] != '{')
                append_number(out, i - 1);
            else
                append(out, dv_span_of(c, 1));
        }
    }
    append(out, dv_span_cstr(hostile->back));
}

static void
try_hostile(const struct hostile *hostile, struct dv_span source)
{
    const clock_t start = clock();
    struct scan scan;
    struct guard guard;
    double seconds;

    guard_init(&guard, source.at, source.len);
    scan_init(&scan, NULL, guard.bytes);
    seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (getenv("DAVY_TEST_TIMES") != NULL)
        print_message("%6.3f s %9zu bytes, %9zu of facts: %.40s%s\n",
                      seconds, source.len, scan.facts.stream.len,
                      hostile->front, hostile->repeat);
    if (seconds > MAX_SECONDS)
        fail_msg("%s%s takes %.1f s", hostile->front, hostile->repeat,
                 seconds);
    if ((scan.folded != DAVY_OK && scan.folded != DAVY_LIMIT)
        || scan.facts.status != DAVY_OK)
        fail_msg("%s%s: status %d, %d", hostile->front, hostile->repeat,
                 (int)scan.folded, (int)scan.facts.status);
    assert_true(scan.facts.stream.len < 24 * source.len + 2 * FOLD_BYTES);
    scan_fini(&scan);
    guard_fini(&guard);
}

/* Also when nothing is left to fold with: what is refused must cost nothing. */
static void
no_script_takes_more_than_linear_work(void **state)
{
    struct dv_mem mem;
    struct dv_buf source;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&source, &mem, SIZE_MAX);
    for (size_t i = 0; i < DV_COUNT_OF(hostiles); i++) {
        write_hostile(&hostiles[i], false, &source);
        try_hostile(&hostiles[i], dv_buf_span(&source));
        write_hostile(&hostiles[i], true, &source);
        try_hostile(&hostiles[i], dv_buf_span(&source));
    }
    dv_buf_fini(&source);
    assert_int_equal(mem.used, 0);
}

/* ---- Limits ---- */

static bool
has_fact(const struct scan *scan, enum dv_fact_kind kind, const char *text)
{
    for (size_t i = 0; i < scan->facts.facts.len; i++) {
        const struct dv_fact *fact = dv_facts_at(&scan->facts, i);

        if (fact->kind == kind
            && dv_span_equal_cstr(dv_facts_text(&scan->facts, fact), text))
            return true;
    }
    return false;
}

static void
what_follows_a_used_up_budget_still_speaks(void **state)
{
    static const char source[]
        = "var x='ab'.repeat(1e9);f(x);"
          "new CoinHive.Anonymous('key',{n:1});"
          "document.write('<b>','c');eval('g()')";
    struct scan scan;

    (void)state;
    scan_init(&scan, NULL, dv_span_cstr(source));
    assert_int_equal(scan.folded, DAVY_LIMIT);
    assert_int_equal(scan.facts.status, DAVY_OK);
    assert_true(has_fact(&scan, DV_FACT_NEW, "CoinHive.Anonymous"));
    assert_true(has_fact(&scan, DV_FACT_ARG, "key"));
    assert_true(has_fact(&scan, DV_FACT_ARG_KEY, "n=1"));
    assert_int_equal(scan.facts.nested.len, 2);
    scan_fini(&scan);
}

static void
one_object_serves_many_scripts(void **state)
{
    struct scan scan;
    struct dv_js_tree other;

    (void)state;
    scan_init(&scan, NULL, DV_SPAN_LIT("var {a}={a:'x'},b=[1];b.push(a)"));
    dv_js_tree_init(&other, &scan.mem);
    assert_int_equal(dv_js_parse(&other, DV_SPAN_LIT("f(b='y', a)"),
                                 DV_JS_GOAL_SCRIPT, &limits),
                     DAVY_OK);
    dv_facts_clear(&scan.facts);
    assert_int_equal(dv_fact_js(scan.js, &scan.facts, NULL, &other), DAVY_OK);
    assert_true(has_fact(&scan, DV_FACT_ARG, "y"));
    assert_false(has_fact(&scan, DV_FACT_ARG, "x"));
    dv_js_tree_fini(&other);
    scan_fini(&scan);
}

/* ---- Memory that is refused ---- */

static davy_status
say_all(const davy_allocator *hooks, void *ctx)
{
    struct scan scan;
    struct dv_buf out;
    davy_status st;

    scan_init(&scan, hooks, dv_span_cstr(ctx));
    st = scan.parsed;
    if (st == DAVY_OK)
        st = scan.folded;
    if (st == DAVY_OK)
        st = scan.facts.status;
    dv_buf_init(&out, &scan.mem, SIZE_MAX);
    for (size_t i = 0; i < scan.facts.facts.len && st == DAVY_OK; i++)
        st = dv_fact_print(&scan.facts, dv_facts_at(&scan.facts, i), &out);
    dv_buf_fini(&out);
    scan_fini(&scan);
    return st;
}

static void
every_allocation_may_fail(void **state)
{
    static char source[]
        = "var {a, b: [c, ...d], e = 'f'} = {a: 'x', b: ['y']};\n"
          "function g(h = a, {i}) { let j = [a, c].join(''); return j; }\n"
          "new CoinHive.Anonymous('k' + a, {throttle: .5, [c]: `${a}${1}`});\n"
          "eval(atob('Zigp') + unescape('%41')); [72].map(x =>"
          " String.fromCharCode(x)).reverse();\n"
          "document.write('<b>', 'c'); new Blob(['x']); new Worker('w.js');\n"
          "try { f('AGFzbQEAAAABBAFgAAA='); } catch (k) { k.l = 'm'; }\n"
          "for (var n of ['o']) n.p('a.b'.replace(/\\./g, '-').split('-'));\n"
          "q = [0, 97, 115, 109, 1, 0, 0, 0, 1]; class R { s() {} }\n"
          "import('./t.js'); window['u' + 'v'].w('4' + (255).toString(16));\n";

    (void)state;
    oom_sweep(say_all, source, 2000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_script_takes_more_than_linear_work),
        cmocka_unit_test(what_follows_a_used_up_budget_still_speaks),
        cmocka_unit_test(one_object_serves_many_scripts),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

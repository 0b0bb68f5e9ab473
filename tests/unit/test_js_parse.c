/* SPDX-License-Identifier: MIT */
/* test_js_parse.c - which texts are programs (early errors above all; whole
 * suites run in make check-conformance), and what becomes of those that are
 * not. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "js/js_parse.h"
#include "js/js_walk.h"
#include "support/guard.h"
#include "support/oom.h"

static const davy_limits limits = { .struct_size = sizeof(davy_limits),
                                    .js_depth = 1000 };

/* The kinds of goals a text is a program for, as letters: s, m, f. */
struct text {
    const char *goals;
    const char *source;
};

static const struct text texts[] = {
    /* declarations and scopes */
    { "sf", "var a; var a; function a() {} let b" },
    { "", "let a; let a" },
    { "", "let a; var a" },
    { "", "var a; let a" },
    { "", "{ var a; { var b } let b }" },
    { "smf", "{ var a; } { let a }" },
    { "", "let a; { var a }" },
    { "smf", "let a; { let a } function f() { var a }" },
    { "smf", "function f() { function g() { var x } let x }" },
    { "", "function f(a) { let a }" },
    { "smf", "function f(a) { var a; { let a } }" },
    { "sf", "function f(a, a) {}" },
    { "", "function f(a, [a]) {}" },
    { "", "(a, a) => 1" },
    { "", "\"use strict\"; function f(a, a) {}" },
    { "", "({ f(a, a) {} })" },
    { "smf", "try {} catch (a) { var a }" },
    { "", "try {} catch (a) { let a }" },
    { "", "try {} catch ([a]) { var a }" },
    { "", "try {} catch ([a, a]) {}" },
    { "", "try {} catch (a) { for (var a of b); }" },
    { "smf", "try {} catch (a) { for (var a in b); }" },
    { "smf", "try {} catch (a) { try {} catch (a) { var a } }" },
    { "", "let a; try {} catch (a) { var a }" },
    { "sf", "{ function a() {} function a() {} }" },
    { "", "{ function a() {} function* a() {} }" },
    { "", "{ function a() {} var a }" },
    { "sf", "function a() {} function a() {}" },
    { "smf", "function f() { function a() {} var a; function a() {} }" },
    { "", "switch (1) { case 0: let a; default: let a }" },
    { "", "for (let a;;) { var a }" },
    { "smf", "for (let a;;) { let a }" },
    { "", "for (let a of b) { var a }" },
    { "", "let let" },
    { "", "let [let] = 1" },
    { "", "const a" },
    { "", "let { a }" },
    { "sf", "let\na; var let; let" },
    { "sf", "if (1) let\nx" },
    { "", "if (1) let x" },
    { "", "if (1) class C {}" },
    { "sf", "if (1) function f() {}" },
    { "", "while (1) function f() {}" },
    { "sf", "a: function f() {}" },
    { "", "if (1) a: function f() {}" },
    { "", "a: function* f() {}" },
    /* assignment targets and patterns */
    { "smf", "[a, b.c, [d] = e, ...f] = g; ({ a, b: c.d, ...e } = f)" },
    { "", "1 = 2" },
    { "", "f() = 1" },
    { "", "({ a }) = 1" },
    { "", "[([a])] = 1" },
    { "smf", "[(a), (b.c)] = 1; (a) = 1; (a.b)++" },
    { "", "[(a = 1)] = 2" },
    { "", "a?.b = 1" },
    { "", "a => 1 = 2" },
    { "", "[...a, b] = 1" },
    { "", "[...a,] = 1" },
    { "smf", "[...a, ]; f(...a, )" },
    { "", "({ ...{ a } } = 1)" },
    { "", "({ a = 1 })" },
    { "", "f({ a = 1 })" },
    { "smf", "({ a = 1 } = {}); ({ a = 1 }) => a; [{ a = 1 }] = b" },
    { "", "[{ a = 1 }.b] = c" },
    { "smf", "async({ a } = 1); async ({ a = 1 }) => 1" },
    { "", "async({ a = 1 })" },
    { "", "({ __proto__: 1, \"__proto__\": 2 })" },
    { "smf", "({ __proto__: a, __proto__: b } = c)" },
    { "smf", "({ __proto__: 1, __proto__() {}, [\"__proto__\"]: 2 })" },
    { "", "({ a() {} } = 1)" },
    { "", "({ get a() {} }) => 1" },
    { "", "(a.b) => 1" },
    { "", "((a)) => 1" },
    { "", "([(a)]) => 1" },
    { "", "(...a, b) => 1" },
    { "", "(...a)" },
    { "", "(a,)" },
    { "", "()" },
    { "smf", "() => {}; (a,) => 1; (...[a]) => 1; async () => 1" },
    { "", "a\n=> 1" },
    { "", "async a\n=> 1" },
    { "smf", "async\na => 1" },
    { "", "a => {} + 1" },
    { "", "1 + a => 1" },
    { "", "a => {} ? 1 : 2" },
    { "smf", "a ? (b) : c => d; a ? (b, c) => d : e; (a => {}) ? 1 : 2" },
    { "", "++a++" },
    { "", "for (1 of a);" },
    { "", "for (let of a);" },
    { "sf", "for (let in a); for (let.b in c); for (let = 1;;) break" },
    { "", "for (let.b of c);" },
    { "", "for (async of a);" },
    { "smf", "for (async of => {};;) break; for (async.a of b);" },
    { "smf", "for (let of of a); for (let of = 1;;) break" },
    { "sf", "for (var a = 1 in b);" },
    { "", "for (let a = 1 in b);" },
    { "", "for (var a = 1 of b);" },
    { "", "for (var [a] = 1 in b);" },
    { "", "for (var a, b of c);" },
    { "smf", "for (var a = (b in c);;) break; for (a = [b in c];;) break" },
    { "", "for (a of b, c);" },
    { "smf", "for ({ a = 1 } of b); for ([a.b] in c);" },
    { "smf", "for (x => { y in z };;) break" },
    /* operators */
    { "", "-a ** b" },
    { "smf", "(-a) ** b; a ** -b; ++a ** b" },
    { "", "a ?? b || c" },
    { "", "a && b ?? c" },
    { "smf", "(a ?? b) || c; a ?? (b && c)" },
    { "", "new a?.b()" },
    { "", "a?.`b`" },
    { "", "new import(a)" },
    { "smf", "import(a); import(a, b,); new (import(a))" },
    { "", "import()" },
    { "", "delete a\n++" },
    { "sf", "delete a; with (a) b; 010; '\\01'; yield = 1; var static" },
    { "", "'use strict'; 010" },
    { "", "'use strict'; '\\8'" },
    { "", "'\\01'; 'use strict'" },
    { "", "function f() { '\\01'; 'use strict' }" },
    { "", "'use strict'; with (a);" },
    { "", "'use strict'; eval = 1" },
    { "", "'use strict'; arguments++" },
    { "", "'use strict'; delete (a)" },
    { "", "'use strict'; implements" },
    { "", "function eval() { 'use strict' }" },
    { "", "function f(eval) { 'use strict' }" },
    { "", "function f(a = 1) { 'use strict' }" },
    { "sf", "function f(eval) { ('use strict') }" },
    { "sf", "'use\\x20strict'; with (a);" },
    /* jumps */
    { "", "break" },
    { "", "continue" },
    { "", "a: continue a" },
    { "smf", "a: b: while (1) continue a" },
    { "", "while (1) { () => { break } }" },
    { "", "a: { () => { break a } }" },
    { "smf", "a: { break a } switch (1) { case 1: break }" },
    { "", "switch (1) { case 1: continue }" },
    { "", "a: a: 1" },
    { "smf", "a: { () => { a: 1 } } a: 1" },
    { "f", "return 1" },
    { "", "throw\n1" },
    { "f", "return\n1; new.target" },
    { "", "switch (1) { default: default: }" },
    { "", "try {}" },
    /* functions, yield, await */
    { "", "function* g() { yield = 1 }" },
    { "", "function* g(a = yield) {}" },
    { "", "function* g() { (a = yield) => 1 }" },
    { "", "function* g() { function yield() {} yield: 1 }" },
    { "sf", "function* yield() { function* h() {} }" },
    { "", "(function* yield() {})" },
    { "", "async function f(a = await 1) {}" },
    { "", "async (a = await 1) => 1" },
    { "", "async (await) => 1" },
    { "sf", "async function await() {} var await; (await) => 1; await(1)" },
    { "m", "await 1; for await (a of b); export {}" },
    { "m", "await 1" },
    { "", "async function f() { function g() { await 1 } }" },
    { "smf", "async function f() { await a; await await b; return await c }" },
    { "", "async function f() { await a ** 2 }" },
    { "smf", "function* g() { yield; yield\na; yield* b; yield yield c }" },
    { "", "function* g() { yield\n* a }" },
    { "m", "for await (a of b);" },
    { "", "async function f() { for await (a in b); }" },
    { "smf", "async function f() { for await (async of a); }" },
    { "", "({ get a(b) {} })" },
    { "", "({ set a() {} })" },
    { "", "({ set a(...b) {} })" },
    { "", "({ async\na() {} })" },
    { "smf", "({ get() {}, set: 1, async, get a() {}, async *b() {} })" },
    { "f", "new.target" },
    { "", "super.a" },
    { "", "function f() { super.a }" },
    { "", "({ a() { super() } })" },
    { "smf", "({ a() { super.b; () => super.c } })" },
    { "smf", "function f() { new.target; () => new.target }" },
    { "", "() => new.target; }" },
    /* classes */
    { "smf", "class A { a; b = 1; static c; 'd'; [e] = f; #g; static {} }" },
    { "", "class A { constructor() {} constructor() {} }" },
    { "", "class A { get constructor() {} }" },
    { "", "class A { async constructor() {} }" },
    { "smf", "class A { static constructor() {} ['constructor']() {} }" },
    { "", "class A { static prototype() {} }" },
    { "", "class A { constructor }" },
    { "", "class A { #constructor }" },
    { "", "class A { constructor() { super() } }" },
    { "smf", "class A extends B { constructor() { super(); () => super() } }" },
    { "", "class A extends B { a() { super() } }" },
    { "", "class A { #a; #a }" },
    { "smf", "class A { get #a() {} set #a(v) {} }" },
    { "", "class A { get #a() {} static set #a(v) {} }" },
    { "", "class A { a() { this.#b } }" },
    { "smf", "class A { a() { this.#b; class C { #c; d = this.#b } } #b }" },
    { "", "class A extends (b.#c) { #c }" },
    { "", "a.#b" },
    { "smf", "class A { #a; b(c) { return #a in c && #a in d } }" },
    { "", "class A { #a; b(c) { return 1 + #a in c } }" },
    { "", "class A { #a; b(c) { return #a } }" },
    { "", "class A { #a; b(c) { delete c.#a } }" },
    { "", "class A { #a; b(c) { delete (c?.#a) } }" },
    { "", "class A extends B { a() { super.#b } #b }" },
    { "", "class A { a = arguments }" },
    { "", "class A { a = () => arguments }" },
    { "smf", "class A { a = function () { arguments } }" },
    { "", "class A { static { await } }" },
    { "", "class A { static { return } }" },
    { "", "class A { static { arguments } }" },
    { "", "class A { static { let a; var a } }" },
    { "smf", "class A { static { var a; { let b } super.c; new.target } }" },
    { "smf", "class A { static\nb; get\nc() {} static async *d() {} }" },
    { "smf", "class A { static = 1; get; set; async; static static; 'a' }" },
    { "", "class A { a b }" },
    { "", "class let {}" },
    { "", "class A extends B, C {}" },
    { "", "class A { constructor() { with (a); } }" },
    /* modules */
    { "m", "import a, * as b from 'c'; import { d, e as f } from 'g'" },
    { "m", "import 'a' with { type: 'json', 'x': 'y' }; export * from 'b'" },
    { "", "import 'a' with { type: 'json', 'type': 'y' }" },
    { "m", "import { 'a b' as c } from 'd'; export { c as 'e f' }" },
    { "", "import { 'a' } from 'b'" },
    { "", "import { if } from 'a'" },
    { "m", "import { if as a, default as b } from 'a'" },
    { "", "import a, { a } from 'b'" },
    { "", "import { eval } from 'a'" },
    { "", "{ import 'a' }" },
    { "", "export { a }" },
    { "m", "export { a }; let a" },
    { "m", "export { a, a as b, default as c } from 'd'; let c" },
    { "", "export { if }; " },
    { "", "let a; export { a, a }" },
    { "", "export let a; export { b as a }; let b" },
    { "", "export default 1; export default 2" },
    { "", "export let [a, { b: a }] = 1" },
    { "m", "export default function () {} export { a as default2 }; let a" },
    { "m", "export default class {} export * as default2 from 'a'" },
    { "m", "export default async () => 1; export async function a() {}" },
    { "", "export { 'a' }" },
    { "", "export { '\\ud800' as b } from 'c'" },
    { "m", "import.meta.a; new import.meta.b()" },
    { "", "import.meta = 1" },
    { "", "function f() {} var f; export {}" },
    { "", "await: 1; export {}" },
    /* automatic semicolons and odd places */
    { "smf", "a\nb\n++c\nvar d\nd\n/e/f" },
    { "", "a b" },
    { "smf", "do ; while (0) a; do a\nwhile (0)\nb" },
    { "", "for (;\n)" },
    { "", "if (a)" },
    { "smf", "a\n(b)\n[c]\n`d`" },
    { "", "{ a: 1, b: 2 }" },
    { "smf", "({ a: 1, if: 2, 3: 4, 'b': 5, 6n: 7, [c]: d })" },
    { "", "({ if })" },
    { "", "({ 1 })" },
    { "", "v\\u0061r a" },
    { "", "({ \\u0069f })" },
    { "smf", "({ \\u0069f: a.\\u0069f })" },
    { "", "cl\\u0061ss A {}" },
    { "sf", "l\\u0065t\na" },
    { "", "`\\u{g}`" },
    { "smf", "a`\\u{g}`; `\\u{61}`" },
    { "", "/(/" },
    { "", "/a/gg" },
    { "", "/a" },
    { "", "debugger a" },
    { "smf", "; ;; {} {;}" },
    { "", "}" },
    { "", "enum" },
    { "", "a.1" },
    { "smf", "1..a; 1.0.a; 1 .a; 0x1.a" }
};

static bool
accepts(struct dv_js_tree *tree, struct dv_span source, char goal)
{
    const enum dv_js_goal number = goal == 's'   ? DV_JS_GOAL_SCRIPT
                                   : goal == 'm' ? DV_JS_GOAL_MODULE
                                                 : DV_JS_GOAL_FUNCTION_BODY;

    assert_int_equal(dv_js_parse(tree, source, number, &limits), DAVY_OK);
    assert_true(tree->root != 0);
    return tree->errors == 0;
}

static void
programs_are_accepted_and_others_refused(void **state)
{
    struct dv_js_tree tree;
    struct dv_mem mem;
    size_t wrong = 0;

    (void)state;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(texts); i++) {
        struct guard guard;

        guard_init(&guard, texts[i].source, strlen(texts[i].source));
        for (const char *goal = "smf"; *goal != '\0'; goal++) {
            const bool wanted = strchr(texts[i].goals, *goal) != NULL;

            if (accepts(&tree, guard.bytes, *goal) == wanted)
                continue;
            print_error("%c: %s: %s\n", *goal, texts[i].source,
                        wanted ? tree.first.message : "accepted");
            wrong++;
        }
        guard_fini(&guard);
    }
    dv_js_tree_fini(&tree);
    assert_int_equal(mem.used, 0);
    assert_int_equal(wrong, 0);
}

static void
a_cut_anywhere_gives_a_tree(void **state)
{
    struct dv_js_tree tree;
    struct dv_mem mem;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(texts); i++) {
        for (size_t n = 0; n < strlen(texts[i].source); n++) {
            struct guard guard;

            guard_init(&guard, texts[i].source, n);
            (void)accepts(&tree, guard.bytes, "smf"[n % 3]);
            guard_fini(&guard);
        }
    }
    dv_js_tree_fini(&tree);
}

/* ---- Goals and values ------------------------------------------------- */

struct fixture {
    struct dv_mem mem;
    struct dv_js_tree tree;
};

static void
parse(struct fixture *f, const char *source, enum dv_js_goal goal)
{
    dv_mem_init(&f->mem, NULL, SIZE_MAX);
    dv_js_tree_init(&f->tree, &f->mem);
    assert_int_equal(dv_js_parse(&f->tree, dv_span_cstr(source), goal,
                                 &limits), DAVY_OK);
}

static void
done(struct fixture *f)
{
    dv_js_tree_fini(&f->tree);
    assert_int_equal(f->mem.used, 0);
}

/* The `n`-th node of a kind, in the order they were made. */
static uint32_t
find(const struct dv_js_tree *tree, unsigned kind, unsigned n)
{
    for (uint32_t id = 1; id < tree->count; id++) {
        if (dv_js_kind(tree, id) == kind && n-- == 0)
            return id;
    }
    fail_msg("no such node");
    return 0;
}

static void
a_script_becomes_a_module_where_only_a_module_fits(void **state)
{
    static const struct {
        const char *source;
        bool is_module;
    } rows[] = {
        { "a; import b from 'c'", true }, { "export {}", true },
        { "import.meta", true }, { "await a", true },
        { "a", false }, { "await(a)", false }, { "import('a')", false },
        { "with (a) b", false }
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct fixture f;

        parse(&f, rows[i].source, DV_JS_GOAL_SCRIPT_OR_MODULE);
        assert_int_equal(f.tree.errors, 0);
        assert_int_equal(f.tree.is_module, rows[i].is_module);
        done(&f);
    }
}

static void
values_are_read_from_source_or_cooked(void **state)
{
    struct fixture f;
    const struct dv_js_tree *tree = &f.tree;

    (void)state;
    parse(&f, "'plain'; \"\\x41\\u{1f600}\\\n!\"; 0x10; 1_0.5; 1_2n; 0xffn;"
              "/a[/]b/gi; `a${1}\\n\r\nb`; \\u0061b.c; x`\\u`; 'plain'.c",
          DV_JS_GOAL_SCRIPT);
    assert_int_equal(tree->errors, 0);
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_STRING_LITERAL, 0)), "plain"));
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_STRING_LITERAL, 1)),
        "A\xf0\x9f\x98\x80!"));
    assert_true(dv_js_number(tree, find(tree, DV_JS_NUMERIC_LITERAL, 0))
                == 16);
    assert_true(dv_js_number(tree, find(tree, DV_JS_NUMERIC_LITERAL, 1))
                == 10.5);
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_BIGINT_LITERAL, 0)), "12"));
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_BIGINT_LITERAL, 1)), "0xff"));
    assert_true(dv_span_equal_cstr(
        dv_js_regexp_pattern(tree, find(tree, DV_JS_REGEXP_LITERAL, 0)),
        "a[/]b"));
    assert_true(dv_span_equal_cstr(
        dv_js_regexp_flags(tree, find(tree, DV_JS_REGEXP_LITERAL, 0)), "gi"));
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_TEMPLATE_ELEMENT, 0)), "a"));
    assert_true(dv_span_equal_cstr(
        dv_js_string(tree, find(tree, DV_JS_TEMPLATE_ELEMENT, 1)), "\n\nb"));
    assert_true(dv_span_equal_cstr(
        dv_js_raw(tree, find(tree, DV_JS_TEMPLATE_ELEMENT, 1)), "\\n\nb"));
    assert_int_equal(
        dv_js_string(tree, find(tree, DV_JS_TEMPLATE_ELEMENT, 2)).len, 0);
    assert_true(dv_span_equal_cstr(
        dv_js_raw(tree, find(tree, DV_JS_TEMPLATE_ELEMENT, 2)), "\\u"));
    assert_true(dv_span_equal_cstr(
        dv_js_name(tree, find(tree, DV_JS_IDENTIFIER, 0)), "ab"));
    assert_int_equal(dv_js_at(tree, find(tree, DV_JS_IDENTIFIER, 1))->a,
                     dv_js_at(tree, find(tree, DV_JS_IDENTIFIER, 3))->a);
    assert_int_equal(dv_js_atom_get(tree, DV_SPAN_LIT("ab")),
                     dv_js_at(tree, find(tree, DV_JS_IDENTIFIER, 0))->a);
    assert_int_equal(dv_js_atom_get(tree, DV_SPAN_LIT("none")), 0);
    done(&f);
}

/* ---- Errors ----------------------------------------------------------- */

static size_t
count_names(const struct dv_js_tree *tree, const char *name)
{
    size_t count = 0;

    for (uint32_t id = 1; id < tree->count; id++)
        count += dv_js_kind(tree, id) == DV_JS_IDENTIFIER
                 && dv_span_equal_cstr(dv_js_name(tree, id), name);
    return count;
}

static void
what_stands_around_an_error_is_in_the_tree(void **state)
{
    static const char *const sources[] = {
        "good(1); foo(a, b c); good(2)",
        "good(1); x = {a: 1 b: 2}; good(2)",
        "good(1)\nvar = 1\ngood(2)",
        "good(1); ) ] }; good(2)",
        "good(1); 'abc\ngood(2)",
        "good(1); function f() { bad bad; good(2) }",
        "good(1); f(function () { x = ; good(2) })",
        "good(1); class A { a b; c( { } }\ngood(2)",
        "good(1); switch (a) { case 1: b c; case 2: good(2) }",
        "good(1)\n<script>bad</script>\ngood(2)",
        "good(1); foo( ; good(2)",
        "good(1); if (a { b }\nfor (;;) good(2)",
        "good(1); `${a b}`; good(2)",
        "good(1); import 'x'; good(2)",
        "good(1); \x01 @ ; good(2)",
        "good(1); { { { a b } } } good(2)",
        "good(1); bad bad good(2)",
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(sources); i++) {
        struct fixture f;

        parse(&f, sources[i], DV_JS_GOAL_SCRIPT);
        assert_true(f.tree.errors > 0);
        assert_non_null(f.tree.first.message);
        if (count_names(&f.tree, "good") < 2
            && strstr(sources[i], "bad good") == NULL)
            fail_msg("%s: lost a good()", sources[i]);
        done(&f);
    }
}

static void
pieces_of_a_broken_statement_hang_in_it(void **state)
{
    struct fixture f;
    uint32_t id;

    (void)state;
    parse(&f, "a(1).b('c', d(2), e f); g()", DV_JS_GOAL_SCRIPT);
    id = find(&f.tree, DV_JS_ERROR_STATEMENT, 0);
    assert_int_equal(f.tree.errors, 1);
    assert_int_equal(f.tree.first.offset, 20);
    assert_int_equal(dv_js_at(&f.tree, id)->end, 23);
    id = dv_js_at(&f.tree, dv_js_at(&f.tree, id)->a)->a;
    assert_int_equal(dv_js_kind(&f.tree, id), DV_JS_CALL_EXPRESSION);
    assert_int_equal(dv_js_kind(&f.tree, dv_js_at(&f.tree, id)->a),
                     DV_JS_MEMBER_EXPRESSION);
    id = dv_js_at(&f.tree, id)->b;
    assert_int_equal(dv_js_kind(&f.tree, id), DV_JS_STRING_LITERAL);
    id = dv_js_at(&f.tree, id)->next;
    assert_int_equal(dv_js_kind(&f.tree, id), DV_JS_CALL_EXPRESSION);
    done(&f);
}

static davy_status
parse_much(const davy_allocator *hooks, void *ctx)
{
    static const char source[]
        = "import a from 'b' with { c: 'd' }; export { e, e as 'f' }; let e;"
          "class A { #g; static { l: for (;;) break l } h() { this.#g } }"
          "x = a ? b : c + d * e; if (a) b; else if (c) d; `\\x41${f}`;"
          "/(?<a>b)/; '\\x41'; 1_0n; try {} catch (y) { var z } (p, q) => 1;"
          "foo(a, b c); \\u0061b";
    struct dv_js_tree tree;
    struct dv_mem mem;
    davy_status st;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    st = dv_js_parse(&tree, DV_SPAN_LIT(source), DV_JS_GOAL_SCRIPT_OR_MODULE,
                     &limits);
    assert_true(st == DAVY_OK ? tree.root != 0 : tree.root == 0);
    dv_js_tree_fini(&tree);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
refused_memory_is_answered_and_nothing_leaks(void **state)
{
    (void)state;
    oom_sweep(parse_much, NULL, 2000);
}

static void
a_tree_is_used_again(void **state)
{
    struct fixture f;
    size_t peak;

    (void)state;
    parse(&f, "a + '\\x41'", DV_JS_GOAL_SCRIPT);
    peak = f.mem.peak;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(dv_js_parse(&f.tree, DV_SPAN_LIT("b + '\\x42'"),
                                     DV_JS_GOAL_SCRIPT, &limits), DAVY_OK);
        assert_int_equal(count_names(&f.tree, "a"), 0);
        assert_int_equal(count_names(&f.tree, "b"), 1);
        assert_int_equal(dv_js_atom_get(&f.tree, DV_SPAN_LIT("a")), 0);
    }
    assert_int_equal(f.mem.peak, peak);
    dv_js_tree_reset(&f.tree);
    assert_int_equal(f.tree.root, 0);
    done(&f);
}

/* Visits come in source order, each node twice. */
static void
a_walk_enters_and_leaves_every_node(void **state)
{
    struct fixture f;
    struct dv_js_walk walk;
    struct dv_js_visit visit;
    uint32_t entered = 0;
    uint32_t left = 0;
    uint32_t start = 0;

    (void)state;
    parse(&f, "a(b, c + d); if (e) f; else { g }", DV_JS_GOAL_SCRIPT);
    dv_js_walk_init(&walk, &f.tree);
    assert_int_equal(dv_js_walk_begin(&walk, f.tree.root), DAVY_OK);
    while (dv_js_walk_next(&walk, &visit) == DAVY_OK) {
        if (visit.is_leaving) {
            left++;
            continue;
        }
        entered++;
        assert_true(dv_js_at(&f.tree, visit.id)->start >= start);
        start = dv_js_at(&f.tree, visit.id)->start;
        assert_true(visit.depth == 0 ? visit.parent == 0 : visit.parent != 0);
    }
    assert_int_equal(entered, f.tree.count - 1);
    assert_int_equal(left, entered);

    assert_int_equal(dv_js_walk_begin(&walk, f.tree.root), DAVY_OK);
    assert_int_equal(dv_js_walk_next(&walk, &visit), DAVY_OK);
    dv_js_walk_skip(&walk);
    assert_int_equal(dv_js_walk_next(&walk, &visit), DAVY_DECLINED);
    dv_js_walk_fini(&walk);
    done(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_accepted_and_others_refused),
        cmocka_unit_test(a_cut_anywhere_gives_a_tree),
        cmocka_unit_test(a_script_becomes_a_module_where_only_a_module_fits),
        cmocka_unit_test(values_are_read_from_source_or_cooked),
        cmocka_unit_test(what_stands_around_an_error_is_in_the_tree),
        cmocka_unit_test(pieces_of_a_broken_statement_hang_in_it),
        cmocka_unit_test(refused_memory_is_answered_and_nothing_leaks),
        cmocka_unit_test(a_tree_is_used_again),
        cmocka_unit_test(a_walk_enters_and_leaves_every_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_js_scope.c - which declaration each name refers to, and what js_scope.c
 * knows of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "js/js_parse.h"
#include "js/js_scope.h"
#include "support/guard.h"
#include "support/oom.h"

static const davy_limits limits = { .struct_size = sizeof(limits),
                                    .js_depth = 1000 };

struct run {
    struct dv_mem mem;
    struct dv_js_tree tree;
    struct dv_js_scopes scopes;
    davy_status status;
};

static void
run_init(struct run *run, const davy_allocator *hooks, struct dv_span source)
{
    dv_mem_init(&run->mem, hooks, SIZE_MAX);
    dv_js_tree_init(&run->tree, &run->mem);
    dv_js_scopes_init(&run->scopes, &run->mem);
    run->status = dv_js_parse(&run->tree, source, DV_JS_GOAL_SCRIPT_OR_MODULE,
                              &limits);
    if (run->status == DAVY_OK)
        run->status = dv_js_scopes_resolve(&run->scopes, &run->tree);
}

static void
run_fini(struct run *run)
{
    dv_js_scopes_fini(&run->scopes);
    dv_js_tree_fini(&run->tree);
    assert_int_equal(run->mem.used, 0);
}

/* ---- Who is who ---- */

/* Names with a digit, such as x1, are looked at.  All x1 must be one binding,
 * which is another than that of all x2.  In the source the digit is not there:
 * every one of them is called x. */
static const struct {
    const char *title;
    const char *source;
} cases[] = {
    { "a global is one everywhere", "x1; function f() { x1; { x1 } } x1" },
    { "a var belongs to its function",
      "var x1; x1; function f() { x2; var x2; { var x2 } x2 } x1" },
    { "a var in a block belongs to the function", "{ var x1 } x1" },
    { "a let belongs to its block", "x1; { x2; let x2; x2 } x1" },
    { "a const belongs to its block", "let x1; { const x2 = x2; } x1" },
    { "a class belongs to its block", "{ class x1 { } x1 } x2" },
    { "a class sees its own name",
      "class x1 { m() { x1 } } x1" },
    { "a class expression keeps its name for itself",
      "(class x1 { m() { x1 } }); x2" },
    { "a function is hoisted", "x1(); function x1() { x1 }" },
    { "a function in a function is local",
      "function f() { x1(); function x1() { } } x2" },
    { "a function expression keeps its name for itself",
      "(function x1() { x1 }); x2" },
    { "a parameter hides what is outside",
      "var x1; function f(x2) { x2; var x2 } x1" },
    { "a parameter of an arrow", "x1; (x2 => x2); ((x3) => { x3 }); x1" },
    { "an async arrow's", "x1; (async x2 => x2); (async (x3) => x3); x1" },
    { "parameters in patterns",
      "x1; function f({ a: x2 }, [b]) { x2 } x1" },
    { "a rest parameter", "x1; function f(...x2) { x2 } x1" },
    { "presets see parameters", "x1; function f(x2, b = x2) { } x1" },
    { "presets see what is outside", "x1; function f(b = x1) { } x1" },
    { "a method's parameter", "x1; ({ m(x2) { x2 } }); x1" },
    { "a setter's parameter", "x1; ({ set m(x2) { x2 } }); x1" },
    { "a catch's name", "x1; try { x1 } catch (x2) { x2 } finally { x1 } x1" },
    { "a catch's pattern", "x1; try { } catch ({ a: [x2] }) { x2 } x1" },
    { "a catch without a name", "x1; try { } catch { x1 } x1" },
    { "a for's let", "x1; for (let x2 = 0; x2; x2++) { x2 } x1" },
    { "a for's var", "x1; for (var x1 = 0; x1; x1++) { x1 } x1" },
    { "a for-in's const", "x1; for (const x2 in o) x2; x1" },
    { "a for-of's pattern", "x1; for (let [x2] of o) { x2 } x1" },
    { "a for's body is a block of its own",
      "for (let x1;;) { let x2; x2 } x3" },
    { "a switch is one block",
      "x1; switch (y) { case 1: let x2; case 2: x2 } x1" },
    { "closures", "function f() { var x1; return () => () => x1 } x2" },
    { "siblings have nothing in common",
      "{ let x1; x1 } { let x2; x2 } (function () { var x3; x3 })(); x4" },
    { "three levels",
      "let x1; { let x2; { let x3; x3 } x2 } x1" },
    { "what a var hides comes back", "let x1; (function () { var x2; })(); x1" },
    { "patterns declare",
      "{ let { a: x1, b: [c] } = o; x1 } x2" },
    { "a pattern's preset is a use",
      "let x1; { let { a = x1 } = o; } x1" },
    { "a computed key is a use",
      "let x1; ({ [x1]: 1 }); class C { [x1]() { } } let { [x1]: a } = o" },
    { "an import is a module's", "import x1 from 'm'; x1; { let x2; x2 }" },
    { "imports in braces", "import { y as x1 } from 'm'; x1" },
    { "a namespace", "import * as x1 from 'm'; x1" },
    { "an export is a use", "let x1; export { x1 as y }" },
    { "an exported declaration", "export const x1 = 1; x1" },
    { "a static block is a function",
      "x1; class C { static { var x2; x2 } } x1" },
    { "a field sees what is outside", "let x1; class C { a = x1 }" },
    { "a template's expression", "let x1; `${x1}`; x1`a`" },
    { "an optional chain", "let x1; x1?.a?.[x1]" },
    { "a direct write", "let x1; x1 = 1; x1 += 1; x1++; [x1] = a; ({ a: x1 } = b)" },
};

/* The source without the digits, and for each byte of it the digit behind the
 * name that starts there. */
static size_t
strip_digits(const char *marked, char *source, char *digits)
{
    size_t n = 0;

    for (const char *c = marked; *c != '\0'; c++) {
        digits[n] = 0;
        source[n++] = *c;
        if (*c == 'x' && c[1] >= '1' && c[1] <= '9') {
            digits[n - 1] = c[1];
            c++;
        }
    }
    source[n] = '\0';
    return n;
}

static void
check_names(const char *title, const struct run *run, const char *digits)
{
    const struct dv_js_binding *of_digit[10] = { NULL };

    for (uint32_t id = 1; id < run->tree.count; id++) {
        const struct dv_js_node *node = dv_js_at(&run->tree, id);
        const struct dv_js_binding *binding;
        unsigned digit;

        if (node->kind != DV_JS_IDENTIFIER || digits[node->start] == 0
            || node->end - node->start != 1)
            continue;
        digit = (unsigned)(digits[node->start] - '0');
        binding = dv_js_scopes_of(&run->scopes, id);
        if (binding == NULL)
            fail_msg("%s: the name at %u is nobody's", title, node->start);
        if (of_digit[digit] != NULL && of_digit[digit] != binding)
            fail_msg("%s: the name at %u is another than x%u", title,
                     node->start, digit);
        of_digit[digit] = binding;
    }
    for (unsigned i = 0; i < 10; i++) {
        for (unsigned k = 0; k < i; k++) {
            if (of_digit[i] != NULL && of_digit[i] == of_digit[k])
                fail_msg("%s: x%u and x%u are one", title, i, k);
        }
    }
}

static void
each_name_has_its_declaration(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(cases); i++) {
        char source[200], digits[200];
        const size_t n = strip_digits(cases[i].source, source, digits);
        struct guard guard;
        struct run run;

        guard_init(&guard, source, n);
        run_init(&run, NULL, guard.bytes);
        assert_int_equal(run.status, DAVY_OK);
        if (run.tree.errors != 0)
            fail_msg("%s: %s", cases[i].title, run.tree.first.message);
        check_names(cases[i].title, &run, digits);
        run_fini(&run);
        guard_fini(&guard);
    }
}

/* ---- What is known of x ---- */

/* writes; g: global, p: parameter, c: changed in place, v: the value is a node,
 * d: taken out of a pattern. */
static const struct {
    const char *source;
    const char *known;
} bindings[] = {
    { "x", "0 g" },
    { "var x", "0" },
    { "var x = 1", "1 v" },
    { "var x = 1; var x", "1 v" },
    { "var x = 1; var x = 2", "2 v" },
    { "x = 1", "1 gv" },
    { "x += 1", "1 g" },
    { "x++", "1 g" },
    { "window.x = 1; x", "1 gv" },
    { "var x; self.x = 1", "1 v" },
    { "var window; window.x = 1; x", "0 g" },
    { "function x() {}", "1 v" },
    { "class x {}", "1 v" },
    { "(function x() {})", "0" },
    { "(function (x) {})", "0 p" },
    { "(x => 1)", "0 p" },
    { "(function (x) { x = 1 })", "1 pv" },
    { "try {} catch (x) {}", "0 p" },
    { "import x from 'm'", "0 p" },
    { "for (var x in o);", "1" },
    { "for (x of o);", "1 g" },
    { "for (let [x] of o);", "1" },
    { "var [x] = o", "1 d" },
    { "var {x} = o", "1 d" },
    { "var {a: {x}} = o", "1 d" },
    { "var {x = 1} = o", "1 d" },
    { "var [...x] = o", "1" },
    { "var {...x} = o", "1" },
    { "({x} = o)", "1 gd" },
    { "[x] = o; x = 1", "2 gv" },
    { "x.a = 1", "0 gc" },
    { "x.a.b.c = 1", "0 gc" },
    { "x[0]++", "0 gc" },
    { "delete x.a", "0 gc" },
    { "[x.a] = o", "0 gc" },
    { "for (x.a of o);", "0 gc" },
    { "x.push(1)", "0 gc" },
    { "x['push'](1)", "0 gc" },
    { "x.a.sort()", "0 gc" },
    { "var x = []; x.reverse()", "1 v" },
    { "var x = []; x.reverse(); x", "1 vc" },
    { "x.slice(1)", "0 g" },
    { "x.slice(1).sort()", "0 g" },
    { "x()", "0 g" },
    { "f(x)", "0 g" },
    { "function f() {} f(x)", "0 gc" },
    { "(function () {})(x)", "0 gc" },
    { "(function () {}).call(this, x)", "0 gc" },
    { "(() => 1)(x)", "0 gc" },
    { "Object.assign(x, o)", "0 gc" },
    { "Object.assign(o, x)", "0 g" },
    { "var x = [], y = x; y.push(1); y", "1 vc" },
    { "a.x = 1; x", "0 g" },
    { "({ x: 1 }); x", "0 g" },
    { "x: for (;;) break x; y = x", "0 g" },
};

static void
say_known(const struct dv_js_binding *binding, char out[16])
{
    snprintf(out, 16, "%u%s%s%s%s%s%s", (unsigned)binding->writes,
             binding->is_global || binding->is_parameter
                     || binding->is_changed || binding->value != 0
                     || binding->part != 0
                 ? " "
                 : "",
             binding->is_global ? "g" : "", binding->is_parameter ? "p" : "",
             binding->value != 0 ? "v" : "", binding->part != 0 ? "d" : "",
             binding->is_changed ? "c" : "");
}

static const struct dv_js_binding *
binding_of_x(const struct run *run)
{
    for (uint32_t id = 1; id < run->tree.count; id++) {
        const struct dv_js_binding *binding;

        if (dv_js_kind(&run->tree, id) != DV_JS_IDENTIFIER
            || !dv_span_equal_cstr(dv_js_name(&run->tree, id), "x"))
            continue;
        binding = dv_js_scopes_of(&run->scopes, id);
        if (binding != NULL)
            return binding;
    }
    return NULL;
}

static void
writes_and_changes_are_noted(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(bindings); i++) {
        struct run run;
        char known[16] = "nobody";

        run_init(&run, NULL, dv_span_cstr(bindings[i].source));
        assert_int_equal(run.status, DAVY_OK);
        if (binding_of_x(&run) != NULL)
            say_known(binding_of_x(&run), known);
        if (strcmp(known, bindings[i].known) != 0)
            fail_msg("%s: x is \"%s\", but should be \"%s\"",
                     bindings[i].source, known, bindings[i].known);
        run_fini(&run);
    }
}

static void
names_of_other_things_are_nobodys(void **state)
{
    static const char *const sources[] = {
        "a.x", "a?.x", "({ x: 1 })", "({ x() {} })", "class C { x = 1 }",
        "class C { x() {} }", "x: for (;;) continue x",
        "import { x as y } from 'm'", "export { y as x }; var y",
        "export * as x from 'm'", "var { x: y } = o",
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(sources); i++) {
        struct run run;

        run_init(&run, NULL, dv_span_cstr(sources[i]));
        assert_int_equal(run.status, DAVY_OK);
        if (binding_of_x(&run) != NULL)
            fail_msg("%s: x is a variable", sources[i]);
        run_fini(&run);
    }
}

/* ---- Memory ---- */

static davy_status
resolve(const davy_allocator *hooks, void *ctx)
{
    struct run run;
    davy_status st;

    run_init(&run, hooks, dv_span_cstr(ctx));
    st = run.status;
    run_fini(&run);
    return st;
}

static void
every_allocation_may_fail(void **state)
{
    static char source[]
        = "var {a, b: [c, ...d]} = o; function f(g = a, {h}) { let i; { class "
          "J {} } } try {} catch ([k]) {} for (l.m of n) a.push(b); p => q";

    (void)state;
    oom_sweep(resolve, source, 2000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_its_declaration),
        cmocka_unit_test(writes_and_changes_are_noted),
        cmocka_unit_test(names_of_other_things_are_nobodys),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

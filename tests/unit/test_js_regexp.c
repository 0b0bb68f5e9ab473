/* SPDX-License-Identifier: MIT */
/* test_js_regexp.c - which regular expressions there are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "js/js_regexp_syntax.h"
#include "support/guard.h"
#include "support/oom.h"

struct pattern {
    const char *text;
    const char *flags;
};

static const struct pattern good[] = {
    { "a|b|", "" }, { "(?:a)(?=b)(?!c)(?<=d)(?<!e)(f)", "u" },
    { "(?=a)*(?!b){2}", "" }, { "a*?b+?c??d{1}e{1,}f{1,2}?", "u" },
    { "{", "" }, { "}", "" }, { "]", "" }, { "a{", "" }, { "a{1", "" },
    { "a{,2}", "" }, { "x{1}{", "" },
    { "\\1", "" }, { "\\8\\9\\400\\07", "" }, { "(a)\\1", "u" },
    { "\\2(a)(b)", "u" }, { "\\c", "" }, { "\\cA\\ca", "u" }, { "[\\c]", "" },
    { "[\\c1\\c_]", "" }, { "\\u{1}", "" }, { "\\u{10ffff}", "u" },
    { "\\ud83d\\ude00", "u" }, { "[\\ud83d\\ude00-\\ud83d\\ude01]", "u" },
    { "\\x4\\u12\\p{x}\\k<a>\\-", "" }, { "\\x41\\u1234\\/\\^\\$", "u" },
    { "[\\d-a]", "" }, { "[a-\\d]", "" }, { "[-a][a-][^-]", "u" },
    { "[\\b\\-]", "u" }, { "[]", "" }, { "[^]", "u" }, { "\\0", "u" },
    { "(?<a>.)\\k<a>", "" }, { "\\k<a>(?<a>.)", "u" },
    { "(?<a>.)|(?<a>.)", "" }, { "(?:(?<a>.)|b)|(?<a>.)", "" },
    { "(?<\\u0061\\u{62}c$_\xc3\xa9>.)\\k<abc$_\xc3\xa9>", "" },
    { "(?<\\ud835\\udc9c>.)", "" }, { "(?i:a)(?ims:b)(?i-ms:c)(?-i:d)", "" },
    { "\\p{L}\\P{Lu}\\p{General_Category=Lu}\\p{gc=Letter}", "u" },
    { "\\p{Script=Greek}\\p{sc=Grek}\\p{scx=Latn}\\p{ASCII}\\p{Any}", "u" },
    { "\\p{RGI_Emoji}[\\p{Basic_Emoji}]", "v" },
    { "[\\w&&[aeiou]]", "v" }, { "[\\w--\\d--[a-f]]", "v" },
    { "[[a-z][^0-9]\\q{abc|d|}]", "v" }, { "[^\\q{a|b}]", "v" },
    { "[^\\w--\\p{RGI_Emoji}]", "v" }, { "[\\&\\!\\-\\@]", "v" },
    { "[a&b]", "v" }, { "[[[[a]]]]", "v" }, { "[^\\p{RGI_Emoji}&&\\w]", "v" },
    { "a", "dgimsuy" }, { "a", "v" },
    { "[\xf0\x9f\x98\x80-\xf0\x9f\x98\x81]", "u" },
    { "\xe2\x80\xa6*", "" }
};

static const struct pattern bad[] = {
    { "(", "" }, { ")", "" }, { "(?", "" }, { "(?a)", "" }, { "(?<a", "" },
    { "(?<1>.)", "" }, { "(?<>.)", "" }, { "(?<a b>.)", "" },
    { "*", "" }, { "a**", "" }, { "^*", "" }, { "\\b+", "" }, { "(?<=a)*", "" },
    { "(?=a)*", "u" }, { "{1}", "" }, { "a{1}{2}", "" }, { "a{2,1}", "" },
    { "a{99999999999999999999,1}", "" },
    { "{", "u" }, { "}", "u" }, { "]", "u" }, { "a{", "u" }, { "[", "" },
    { "[\\", "" }, { "\\", "" }, { "\\1", "u" }, { "(a)\\2", "u" },
    { "\\00", "u" }, { "\\8", "u" }, { "[\\1]", "u" }, { "\\c", "u" },
    { "\\c1", "u" }, { "[\\c1]", "u" },
    { "\\u{110000}", "u" }, { "\\u{}", "u" }, { "\\u12", "u" },
    { "\\x4", "u" }, { "\\-", "u" }, { "\\a", "u" }, { "\\p", "u" },
    { "\\p{Foo}", "u" }, { "\\p{gc=Foo}", "u" }, { "\\p{Foo=Lu}", "u" },
    { "\\p{Script}", "u" }, { "\\p{lu}", "u" }, { "\\p{L", "u" },
    { "\\p{RGI_Emoji}", "u" }, { "\\P{RGI_Emoji}", "v" },
    { "[b-a]", "" }, { "[\\d-a]", "u" }, { "[a-\\d]", "u" },
    { "[\xf0\x9f\x98\x80-\xf0\x9f\x98\x81]", "" },
    { "(?<a>.)(?<a>.)", "" }, { "((?<a>.)|b)(?<a>.)", "" },
    { "(?<a>.)(?:(?<a>b)|c)", "" },
    { "(?<a>.)\\k<b>", "" }, { "(?<a>.)\\k", "" }, { "\\k<a>", "u" },
    { "\\k", "u" }, { "(?<a>.)[\\k]", "" },
    { "(?ii:a)", "" }, { "(?i-i:a)", "" }, { "(?-:a)", "" },
    { "(?g:a)", "" }, { "(?i--m:a)", "" }, { "(?i", "" },
    { "[a-z&&b]", "v" }, { "[a&&b--c]", "v" }, { "[a&&&b]", "v" },
    { "[a&&]", "v" }, { "[a--]", "v" }, { "[ab&&c]", "v" },
    { "[(]", "v" }, { "[a-]", "v" }, { "[|]", "v" }, { "[a!!b]", "v" },
    { "[b-a]", "v" }, { "[^\\q{ab}]", "v" }, { "[^\\p{RGI_Emoji}]", "v" },
    { "[^[\\p{RGI_Emoji}]]", "v" }, { "[[a]", "v" }, { "[\\q{a]", "v" },
    { "[\\q{\\d}]", "v" }, { "[\\d-a]", "v" },
    { "a", "gg" }, { "a", "uv" }, { "a", "x" }, { "a", "G" }
};

static davy_status
check(struct dv_js_regexp *re, const struct pattern *pattern, size_t len)
{
    struct guard guard;
    davy_status st;

    guard_init(&guard, pattern->text, len);
    st = dv_js_regexp_check(re, guard.bytes, dv_span_cstr(pattern->flags));
    guard_fini(&guard);
    return st;
}

static void
expect(const struct pattern *patterns, size_t count, davy_status wanted)
{
    struct dv_js_regexp re;
    struct dv_mem mem;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_regexp_init(&re, &mem);
    for (size_t i = 0; i < count; i++) {
        if (check(&re, &patterns[i], strlen(patterns[i].text)) != wanted)
            fail_msg("/%s/%s: %s", patterns[i].text, patterns[i].flags,
                     wanted == DAVY_OK ? re.error.message : "accepted");
        for (size_t n = 0; n < strlen(patterns[i].text); n++)
            (void)check(&re, &patterns[i], n);
    }
    dv_js_regexp_fini(&re);
    assert_int_equal(mem.used, 0);
}

static void
patterns_of_the_grammar_are_accepted(void **state)
{
    (void)state;
    expect(good, DV_COUNT_OF(good), DAVY_OK);
}

static void
others_are_refused(void **state)
{
    (void)state;
    expect(bad, DV_COUNT_OF(bad), DAVY_MALFORMED);
}

/* Names in nested alternatives would take quadratic time without a budget. */
static void
deep_and_long_patterns_take_linear_time(void **state)
{
    const size_t n = 100000;
    char *text = malloc(20 * n);
    struct dv_js_regexp re;
    struct dv_mem mem;
    size_t len = 0;

    (void)state;
    assert_non_null(text);
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_regexp_init(&re, &mem);
    for (size_t i = 0; i < n; i++)
        text[len++] = '(';
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, 20, "(?<a%zu>)", i);
    for (size_t i = 0; i < n; i++) {
        text[len++] = '|';
        text[len++] = ')';
    }
    assert_int_equal(dv_js_regexp_check(&re, dv_span_of(text, len),
                                        DV_SPAN_LIT("u")), DAVY_OK);
    dv_js_regexp_fini(&re);
    free(text);
}

static davy_status
check_all(const davy_allocator *hooks, void *ctx)
{
    static const char text[]
        = "((?<a>x)|(?<a>y)\\k<a>(?<b>z))[[a]--[b]](?<\\u0063>.)";
    struct dv_js_regexp re;
    struct dv_mem mem;
    davy_status st;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_js_regexp_init(&re, &mem);
    st = dv_js_regexp_check(&re, DV_SPAN_LIT(text), DV_SPAN_LIT("v"));
    dv_js_regexp_fini(&re);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
refused_memory_is_answered(void **state)
{
    (void)state;
    oom_sweep(check_all, NULL, 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_of_the_grammar_are_accepted),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(deep_and_long_patterns_take_linear_time),
        cmocka_unit_test(refused_memory_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

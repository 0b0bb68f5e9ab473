/* SPDX-License-Identifier: MIT */
/* test_url_regex.c - the regular expressions of lists. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/guard.h"
#include "support/oom.h"
#include "url/url_regex.h"

struct row {
    const char *regex;
    const char *text;
    bool matches;
};

static const struct row rows[] = {
    { "abc", "xxabcxx", true },
    { "abc", "xxABCxx", true },
    { "abc", "xxabxcx", false },
    { "^abc", "abcx", true },
    { "^abc", "xabc", false },
    { "abc$", "xabc", true },
    { "abc$", "abcx", false },
    { "^$", "", true },
    { "^$", "a", false },
    { "^a|b$", "ax", true },
    { "^a|b$", "xb", true },
    { "^a|b$", "xax", false },
    { "^(^a|b)$$", "a", true },
    { "^(^a|b)$$", "xa", false },
    { "(^|\\.)foo", "foo", true },
    { "(^|\\.)foo", "x.foo", true },
    { "(^|\\.)foo", "xfoo", false },
    { "foo(\\/|$)", "foo", true },
    { "foo(\\/|$)", "foo/", true },
    { "foo(\\/|$)", "foox", false },
    { "a.c", "abc", true },
    { "a\\.c", "abc", false },
    { "a\\.c", "a.c", true },
    { "[a-c]x", "bx", true },
    { "[a-c]x", "BX", true },
    { "[a-c]x", "dx", false },
    { "[^a-c]x", "dx", true },
    { "[^a-c]x", "ax", false },
    { "[^a-c]x", "Bx", false },
    { "[a-]x", "-x", true },
    { "[\\w-]{3}x", "a-_x", true },
    { "[a-\\d]x", "-x", true },
    { "[]]", "]", false },
    { "[\\]]", "]", true },
    { "\\d{2,3}x", "1x", false },
    { "\\d{2,3}x", "12x", true },
    { "^\\d{2,3}x", "1234x", false },
    { "^\\d{2}x", "12x", true },
    { "^\\d{2,}x", "12345x", true },
    { "^\\d{2,}x", "1x", false },
    { "^a{0}b", "b", true },
    { "^(ab){2}c", "ababc", true },
    { "^(ab){2}c", "abc", false },
    { "^(a|bc)*d", "abcbcad", true },
    { "^(a|bc)*d", "abcbd", false },
    { "^(a*)*b", "aaab", true },
    { "^(a|b*)+c", "abbac", true },
    { "a+?b", "aab", true },
    { "colou?r", "color", true },
    { "(?:ab)+c", "xababc", true },
    { "^\\D\\S\\W$", "a1.", true },
    { "^\\D\\S\\W$", "11.", false },
    { "\\x2fx", "a/x", true },
    { "\\u002fx", "a/x", true },
    { "a{x}", "a{x}", true },
    { "a{,2}", "a{,2}", true },
    { "x{1", "x{1", true },
    { "()", "anything", true },
    { "a|", "anything", true },
    { "^(https?|wss?):\\/\\/([0-9a-z\\-]+\\.)?([0-9a-z\\-]+\\.)"
      "(bid|date|win)(\\.)?\\/(.*)", "wss://a.b.bid./x", true },
    { "^(https?|wss?):\\/\\/([0-9a-z\\-]+\\.)?([0-9a-z\\-]+\\.)"
      "(bid|date|win)(\\.)?\\/(.*)", "wss://a.b.c.bid/x", false }
};

static davy_status
compile(const char *text, bool is_match_case, struct dv_mem *mem,
        struct dv_url_regex **regex)
{
    dv_mem_init(mem, NULL, SIZE_MAX);
    return dv_url_regex_new(mem, dv_span_cstr(text), is_match_case, regex);
}

static void
expressions_match_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_url_regex *regex;
        struct dv_mem mem;
        struct guard guard;

        if (compile(rows[i].regex, false, &mem, &regex) != DAVY_OK)
            fail_msg("%s is refused", rows[i].regex);
        guard_init(&guard, rows[i].text, strlen(rows[i].text));
        if (dv_url_regex_match(regex, guard.bytes) != rows[i].matches)
            fail_msg("%s on %s", rows[i].regex, rows[i].text);
        guard_fini(&guard);
        dv_url_regex_free(regex);
        assert_int_equal(mem.used, 0);
    }
}

static void
case_counts_when_asked(void **state)
{
    struct dv_url_regex *regex;
    struct dv_mem mem;

    (void)state;
    assert_int_equal(compile("aB[c-d]", true, &mem, &regex), DAVY_OK);
    assert_true(dv_url_regex_match(regex, DV_SPAN_LIT("xaBc")));
    assert_false(dv_url_regex_match(regex, DV_SPAN_LIT("xabc")));
    assert_false(dv_url_regex_match(regex, DV_SPAN_LIT("xaBC")));
    dv_url_regex_free(regex);
}

static void
what_is_not_supported_is_refused(void **state)
{
    static const struct {
        const char *text;
        davy_status st;
    } bad[] = {
        { "(?!a)b", DAVY_DECLINED },     { "(?=a)b", DAVY_DECLINED },
        { "(?<=a)b", DAVY_DECLINED },    { "\\ba", DAVY_DECLINED },
        { "(a)\\1", DAVY_DECLINED },     { "\\p{L}", DAVY_DECLINED },
        { "\\u0439", DAVY_DECLINED },    { "a{600}", DAVY_DECLINED },
        { "a{2000}", DAVY_DECLINED },    { "(a", DAVY_MALFORMED },
        { "a)", DAVY_MALFORMED },        { "[a", DAVY_MALFORMED },
        { "*a", DAVY_MALFORMED },        { "a**", DAVY_MALFORMED },
        { "[b-a]", DAVY_MALFORMED },     { "a{3,2}", DAVY_MALFORMED },
        { "a\\", DAVY_MALFORMED },
        { "((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})",
          DAVY_DECLINED },
        { "(((((((((({9}){9}){9}){9}){9}){9}){9}){9}){9}){9}){9}",
          DAVY_DECLINED },
        { "[ab].{14}[bc].{12}x", DAVY_DECLINED }
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(bad); i++) {
        struct dv_url_regex *regex;
        struct dv_mem mem;
        const davy_status st = compile(bad[i].text, false, &mem, &regex);

        if (st != bad[i].st)
            fail_msg("%s: status %d", bad[i].text, (int)st);
        assert_int_equal(mem.used, 0);
    }
}

static void
deep_groups_are_refused(void **state)
{
    static char text[8000];
    struct dv_url_regex *regex;
    struct dv_mem mem;

    (void)state;
    memset(text, '(', sizeof(text) - 1);
    assert_int_equal(compile(text, false, &mem, &regex), DAVY_DECLINED);
    assert_int_equal(mem.used, 0);
}

static davy_status
compile_some(const davy_allocator *hooks, void *ctx)
{
    davy_status st = DAVY_OK;

    (void)ctx;
    for (size_t i = 0; i < DV_COUNT_OF(rows) && st == DAVY_OK; i += 7) {
        struct dv_url_regex *regex = NULL;
        struct dv_mem mem;

        dv_mem_init(&mem, hooks, SIZE_MAX);
        st = dv_url_regex_new(&mem, dv_span_cstr(rows[i].regex), false,
                              &regex);
        dv_url_regex_free(regex);
    }
    return st;
}

static void
any_refused_allocation_is_an_answer(void **state)
{
    (void)state;
    oom_sweep(compile_some, NULL, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_match_what_they_say),
        cmocka_unit_test(case_counts_when_asked),
        cmocka_unit_test(what_is_not_supported_is_refused),
        cmocka_unit_test(deep_groups_are_refused),
        cmocka_unit_test(any_refused_allocation_is_an_answer)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

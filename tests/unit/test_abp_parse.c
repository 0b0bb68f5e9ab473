/* SPDX-License-Identifier: MIT */
/* test_abp_parse.c - lines of Adblock Plus lists and of hosts files. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/guard.h"
#include "url/abp_parse.h"
#include "url/hosts_file.h"

struct line {
    const char *text;
    enum dv_abp_line kind;
};

static const struct line lines[] = {
    { "", DV_ABP_NOTHING },
    { "   ", DV_ABP_NOTHING },
    { "! comment", DV_ABP_NOTHING },
    { "!#include x.txt", DV_ABP_NOTHING },
    { "[Adblock Plus 2.0]", DV_ABP_NOTHING },
    { "[uBlock Origin]", DV_ABP_NOTHING },
    { "# a comment", DV_ABP_NOTHING },
    { "#", DV_ABP_NOTHING },
    { "##.ad", DV_ABP_COSMETIC },
    { "#@#.ad", DV_ABP_COSMETIC },
    { "example.com##.ad", DV_ABP_COSMETIC },
    { "example.com,~a.example.com#@#.ad", DV_ABP_COSMETIC },
    { "example.com#?#div:has(a)", DV_ABP_COSMETIC },
    { "example.com#$#body { x: y }", DV_ABP_COSMETIC },
    { "example.com#$?#a", DV_ABP_COSMETIC },
    { "example.com#%#//scriptlet('x')", DV_ABP_COSMETIC },
    { "a.example##+js(acis, m, X.Anonymous)", DV_ABP_COSMETIC },
    { "a.example$$script[tag-content=\"x\"]", DV_ABP_COSMETIC },
    { "||example.com^", DV_ABP_FILTER },
    { "/banner/*", DV_ABP_FILTER },
    { "$websocket,domain=a.example", DV_ABP_FILTER },
    { "||a.example^$script,_____,third-party", DV_ABP_FILTER },
    { "||a.example^$csp=worker-src 'none'", DV_ABP_FILTER },
    { "@@||a.example^$csp", DV_ABP_FILTER },
    { "||a.example^$csp", DV_ABP_SKIPPED },
    { "||a.example^$popup", DV_ABP_SKIPPED },
    { "||a.example^$popup,script", DV_ABP_FILTER },
    { "||a.example^$redirect=noop.js", DV_ABP_SKIPPED },
    { "||a.example^$removeparam=x", DV_ABP_SKIPPED },
    { "||a.example^$denyallow=b.example", DV_ABP_SKIPPED },
    { "||a.example^$unheard-of", DV_ABP_SKIPPED },
    { "||a.example^$domain=", DV_ABP_SKIPPED },
    { "||a.example^$script,,image", DV_ABP_FILTER },
    { "@@", DV_ABP_SKIPPED },
    { "*", DV_ABP_SKIPPED },
    { "||", DV_ABP_SKIPPED },
    { "two words", DV_ABP_SKIPPED }
};

static enum dv_abp_line
parse(const char *text, struct dv_abp_filter *filter)
{
    struct guard guard;
    enum dv_abp_line kind;

    /* Once flush against an unreadable page, once to look at the spans. */
    guard_init(&guard, text, strlen(text));
    kind = dv_abp_parse(guard.bytes, filter);
    guard_fini(&guard);
    assert_int_equal(dv_abp_parse(dv_span_cstr(text), filter), kind);
    return kind;
}

static void
lines_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(lines); i++) {
        struct dv_abp_filter filter;

        if (parse(lines[i].text, &filter) != lines[i].kind)
            fail_msg("%s", lines[i].text);
    }
}

static void
assert_pattern(const char *line, const char *wanted)
{
    struct dv_abp_filter f;

    if (parse(line, &f) != DV_ABP_FILTER
        || !dv_span_equal_cstr(f.pattern, wanted))
        fail_msg("%s: pattern is %.*s", line, (int)f.pattern.len,
                 (const char *)f.pattern.at);
}

static void
patterns_lose_anchors_and_options(void **state)
{
    (void)state;
    assert_pattern("||example.com^", "example.com");
    assert_pattern("||example.com^path", "example.com^path");
    assert_pattern("||example.com", "example.com");
    assert_pattern("example.com", "example.com");
    assert_pattern("|https://a|", "https://a");
    assert_pattern("*/x/*", "/x/");
    assert_pattern("/x.js$script", "/x.js");
    assert_pattern("/x$y$script", "/x$y");
    assert_pattern("/x$y/", "x$y");
    assert_pattern("/^x$/$~third-party,domain=a.b", "^x$");
    assert_pattern("@@/x^$xhr", "/x^");
    assert_pattern("$script,domain=a.b", "");
}

static void
a_bare_host_is_a_host(void **state)
{
    struct dv_abp_filter f;

    (void)state;
    parse("example.com", &f);
    assert_true(f.is_host);
    parse("1.2.3.4", &f);
    assert_true(f.is_host);
    parse("miner.min.js", &f);
    assert_false(f.is_host);
    parse("||example.com^$third-party", &f);
    assert_true(f.is_host && f.party == DV_ABP_THIRD_PARTY);
    parse("||example.com$third-party", &f);
    assert_true(f.is_host);
    parse("||example.com^*", &f);
    assert_true(f.is_host);
    parse("||example.com*", &f);
    assert_false(f.is_host);
    parse("*example.com", &f);
    assert_false(f.is_host);
    parse("||example.c", &f);
    assert_false(f.is_host);
    parse("|example.com^", &f);
    assert_false(f.is_host);
    parse("||example.com^|", &f);
    assert_false(f.is_host);
    parse("example", &f);
    assert_false(f.is_host);
}

static uint32_t
types(const char *line)
{
    struct dv_abp_filter f;

    assert_int_equal(parse(line, &f), DV_ABP_FILTER);
    return f.types;
}

static void
types_add_up_or_are_taken_away(void **state)
{
    (void)state;
    assert_int_equal(types("/a"), DV_ABP_DEFAULT);
    assert_int_equal(types("/a$script"), DV_ABP_SCRIPT);
    assert_int_equal(types("/a$script,xhr"), DV_ABP_SCRIPT | DV_ABP_XHR);
    assert_int_equal(types("/a$~script"), DV_ABP_DEFAULT & ~DV_ABP_SCRIPT);
    assert_int_equal(types("/a$all"), DV_ABP_ALL);
    assert_int_equal(types("/a$all,~image"), DV_ABP_ALL & ~DV_ABP_IMAGE);
    assert_int_equal(types("/a$doc,frame"),
                     DV_ABP_DOCUMENT | DV_ABP_SUBDOCUMENT);
    assert_int_equal(types("/a$SCRIPT"), DV_ABP_SCRIPT);
    assert_int_equal(types("/a$beacon,css"),
                     DV_ABP_PING | DV_ABP_STYLESHEET);
}

static void
other_options_are_read(void **state)
{
    struct dv_abp_filter f;
    struct dv_span host;
    bool is_negated;

    (void)state;
    parse("@@|a|$important,match-case,1p,from=a.b|~c.a.b|", &f);
    assert_true(f.is_exception && f.has_start && f.has_end);
    assert_true(f.is_important && f.is_match_case && !f.is_badfilter);
    assert_int_equal(f.party, DV_ABP_FIRST_PARTY);
    assert_true(dv_abp_next_domain(&f.domains, &host, &is_negated));
    assert_true(dv_span_equal_cstr(host, "a.b") && !is_negated);
    assert_true(dv_abp_next_domain(&f.domains, &host, &is_negated));
    assert_true(dv_span_equal_cstr(host, "c.a.b") && is_negated);
    assert_false(dv_abp_next_domain(&f.domains, &host, &is_negated));
    parse("/a$~third-party,badfilter", &f);
    assert_int_equal(f.party, DV_ABP_FIRST_PARTY);
    assert_true(f.is_badfilter);
    parse("$csp=child-src 'none'; frame-src *,domain=a.b", &f);
    assert_true(f.is_csp);
    assert_true(dv_span_equal_cstr(f.csp, "child-src 'none'; frame-src *"));
}

static void
a_skipped_line_says_where_and_why(void **state)
{
    struct dv_abp_filter f;

    (void)state;
    assert_int_equal(parse("  ||a^$script,rewrite=x", &f), DV_ABP_SKIPPED);
    assert_int_equal(f.column, 14);
    assert_string_equal(f.reason, "option is not supported");
}

/* ---- hosts files ------------------------------------------------------ */

struct hosts_row {
    const char *line;
    enum dv_hosts_line kind;
    const char *hosts;                  /* "a b"; `-`: malformed, `.`: local */
};

static const struct hosts_row hosts_rows[] = {
    { "", DV_HOSTS_NOTHING, "" },
    { "# 0.0.0.0 a.example", DV_HOSTS_NOTHING, "" },
    { "  # x", DV_HOSTS_NOTHING, "" },
    { "! x", DV_HOSTS_NOTHING, "" },
    { "0.0.0.0 a.example", DV_HOSTS_HOSTS, "a.example" },
    { "127.0.0.1\ta.example\tb.example # c", DV_HOSTS_HOSTS,
      "a.example b.example" },
    { "::1 a.example", DV_HOSTS_HOSTS, "a.example" },
    { "fe80::1%lo0 localhost", DV_HOSTS_HOSTS, "." },
    { "127.0.0.1 localhost", DV_HOSTS_HOSTS, "." },
    { "A.Example.", DV_HOSTS_HOSTS, "a.example" },
    { "*.a.example", DV_HOSTS_HOSTS, "a.example" },
    { ".a.example", DV_HOSTS_HOSTS, "a.example" },
    { "b\xc3\xbc"
      "cher.example", DV_HOSTS_HOSTS, "xn--bcher-kva.example" },
    { "1.2.3.4", DV_HOSTS_HOSTS, "1.2.3.4" },
    { "com", DV_HOSTS_HOSTS, "-" },
    { "0.0.0.0 com", DV_HOSTS_HOSTS, "-" },
    { "http://a.example/", DV_HOSTS_HOSTS, "-" },
    { "||a.example^", DV_HOSTS_HOSTS, "-" },
    { "0.0.0.0 ads a.example", DV_HOSTS_HOSTS, "- a.example" },
    { "some words here", DV_HOSTS_SKIPPED, "" },
    { "0.0.0.0.0 a.example", DV_HOSTS_SKIPPED, "" }
};

static void
check_hosts(const struct hosts_row *row, struct dv_arena *arena)
{
    struct dv_hosts hosts;
    struct dv_span host;
    char got[200] = "";
    davy_status st;

    if (dv_hosts_parse(dv_span_cstr(row->line), &hosts) != row->kind)
        fail_msg("%s", row->line);
    if (row->kind != DV_HOSTS_HOSTS)
        return;
    while ((st = dv_hosts_next(&hosts, arena, &host)) != DAVY_DECLINED) {
        const size_t n = strlen(got);

        assert_true(st == DAVY_OK || st == DAVY_MALFORMED);
        if (st == DAVY_MALFORMED)
            host = DV_SPAN_LIT("-");
        else if (host.len == 0)
            host = DV_SPAN_LIT(".");
        assert_true(n + host.len + 2 < sizeof(got));
        if (n != 0)
            got[n] = ' ';
        memcpy(got + n + (n != 0), host.at, host.len);
        got[n + (n != 0) + host.len] = '\0';
    }
    assert_string_equal(got, row->hosts);
}

static void
hosts_files_are_read_as_found_in_the_wild(void **state)
{
    struct dv_mem mem;
    struct dv_arena arena;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(hosts_rows); i++)
        check_hosts(&hosts_rows[i], &arena);
    dv_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_told_apart),
        cmocka_unit_test(patterns_lose_anchors_and_options),
        cmocka_unit_test(a_bare_host_is_a_host),
        cmocka_unit_test(types_add_up_or_are_taken_away),
        cmocka_unit_test(other_options_are_read),
        cmocka_unit_test(a_skipped_line_says_where_and_why),
        cmocka_unit_test(hosts_files_are_read_as_found_in_the_wild)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

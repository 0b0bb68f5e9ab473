/* SPDX-License-Identifier: MIT */
/* test_match.c - globs, atoms of regular expressions, the databases. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "match/match.h"
#include "match/match_atom.h"
#include "match/match_glob.h"
#include "support/guard.h"
#include "support/oom.h"

struct fixture {
    struct dv_mem mem;
    struct dv_arena arena;
};

static int
set_up(void **state)
{
    static struct fixture fixture;

    dv_mem_init(&fixture.mem, NULL, SIZE_MAX);
    dv_arena_init(&fixture.arena, &fixture.mem);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;

    dv_arena_fini(&fixture->arena);
    return fixture->mem.used != 0;
}

/* Whether one of the alternatives matches; the text lies at a guard page. */
static bool
matches(const struct dv_glob_set *set, const char *text)
{
    struct guard guard;
    bool is_match = false;

    guard_init(&guard, text, strlen(text));
    for (uint32_t i = 0; i < set->count; i++)
        is_match |= dv_glob_test(&set->at[i], guard.bytes);
    guard_fini(&guard);
    return is_match;
}

static void
globs_match_what_they_say(void **state)
{
    static const struct {
        const char *glob;
        const char *text;
        bool is_match;
    } rows[] = {
        { "CoinHive.Anonymous", "CoinHive.Anonymous", true },
        { "CoinHive.Anonymous", "CoinHive.Anonymou", false },
        { "CoinHive.Anonymous", "xCoinHive.Anonymous", false },
        { "*.Anonymous", "CoinHive.Anonymous", true },
        { "*.Anonymous", ".Anonymous", true },
        { "*.Anonymous", "a.CoinHive.Anonymous", false },
        { "**.Anonymous", "a.CoinHive.Anonymous", true },
        { "Coin*.start", "CoinHive.start", true },
        { "Coin*.start", "CoinHive.x.start", false },
        { "Coin**.start", "CoinHive.x.start", true },
        { "Coin*", "Coin", true },
        { "Coin*", "CoinHive.x", false },
        { "Coin**", "CoinHive.x", true },
        { "**miner**", "xmineryminerz", true },
        { "**miner**", "mine", false },
        { "**min*r**", "a.min.r", false },
        { "**min*r**", "a.min.r.miner", true },
        { "**a*b*c", "aXbXaXbXc", true },
        { "**a*b*c", "a.bc", false },
        { "a**b**c", "a.b.b.c", true },
        { "a**b**c", "ac", false },
        { "ab*ba", "aba", false },
        { "ab*ba", "abba", true },
        { "{CoinHive,coinhive}.{Anonymous,User}", "coinhive.User", true },
        { "{CoinHive,coinhive}.{Anonymous,User}", "coinhive.Token", false },
        { "{,x}abc", "abc", true },
        { "{,x}abc", "xabc", true },
        { "{,x}abc", "yabc", false },
        { "{a*,b}c", "aXc", true },
        { "{a*,b}c", "bXc", false },
        { "\\*abc", "*abc", true },
        { "\\*abc", "xabc", false },
        { "\\{a,b\\}", "{a,b}", true },
        { "{a\\,b,c}", "a,b", true },
        { "{a\\,b,c}", "c", true },
        { "**", "", true },
        { "*", "", true },
        { "*", "a.b", false },
        { "***", "a.b", true },
        { "*{**,x}", "a.b", true },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_glob_set set;
        struct dv_glob_error error;

        assert_int_equal(dv_glob_compile(&f->arena,
                                         dv_span_cstr(rows[i].glob), false,
                                         &set, &error),
                         DAVY_OK);
        if (matches(&set, rows[i].text) != rows[i].is_match)
            fail_msg("%s against %s", rows[i].glob, rows[i].text);
    }
}

static void
globs_without_case_match_in_any(void **state)
{
    static const struct {
        const char *glob;
        const char *text;
        bool is_match;
    } rows[] = {
        { "Stratum+TCP", "sTRATUM+tcp", true },
        { "**MINER**", "xMinerx", true },
        { "a[*z]", "A{X}", false },
        { "a*Z{x,Y}", "AkzY", true },
        { "pre**", "PREfix", true },
        { "**FIX", "preFix", true },
        { "@**`", "`**@", false },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_glob_set set;
        struct dv_glob_error error;

        assert_int_equal(dv_glob_compile(&f->arena,
                                         dv_span_cstr(rows[i].glob), true,
                                         &set, &error),
                         DAVY_OK);
        if (matches(&set, rows[i].text) != rows[i].is_match)
            fail_msg("%s against %s", rows[i].glob, rows[i].text);
    }
}

/* The definition of a glob, word by word; slow. */
static bool
slow_match(const char *glob, const char *text)
{
    if (*glob == '\0')
        return *text == '\0';
    if (glob[0] == '*' && glob[1] == '*')
        return slow_match(glob + 2, text)
               || (*text != '\0' && slow_match(glob, text + 1));
    if (glob[0] == '*')
        return slow_match(glob + 1, text)
               || (*text != '\0' && *text != '.'
                   && slow_match(glob, text + 1));
    return *glob == *text && slow_match(glob + 1, text + 1);
}

static void
random_globs_match_as_the_definition_says(void **state)
{
    static const char *const pieces[] = { "a", "b", ".", "*", "**" };
    struct fixture *f = *state;
    uint32_t seed = 1;

    for (int round = 0; round < 30000; round++) {
        char glob[20] = "";
        char text[10];
        size_t at = 0;
        struct dv_glob_set set;
        struct dv_glob_error error;
        uint32_t bits = seed = seed * 1664525u + 1013904223u;

        for (unsigned i = 0; i < 3 + bits % 5; i++) {
            const char *piece = pieces[(bits >> (4 + 3 * i)) % 5];

            memcpy(glob + at, piece, strlen(piece) + 1);
            at += strlen(piece);
        }
        bits = seed = seed * 1664525u + 1013904223u;
        for (at = 0; at < bits % 9; at++)
            text[at] = "ab."[(bits >> (5 + 2 * at)) % 3];
        text[at] = '\0';
        assert_int_equal(dv_glob_compile(&f->arena, dv_span_cstr(glob), false,
                                         &set, &error),
                         DAVY_OK);
        if (matches(&set, text) != slow_match(glob, text))
            fail_msg("%s against %s", glob, text);
        dv_arena_reset(&f->arena);
    }
}

static void
wrong_globs_are_refused_with_the_place(void **state)
{
    static const struct {
        const char *glob;
        size_t at;
        const char *text;
    } rows[] = {
        { "", 0, "the pattern is empty" },
        { "abc{d", 3, "a brace is not closed" },
        { "abc}d", 3, "a brace is not opened" },
        { "{a{b}}", 2, "braces cannot stand inside braces" },
        { "abc\\", 3, "nothing follows the backslash" },
        { "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", 30,
          "the braces make more than 64 alternatives" },
        { "*0123456789012345678901234567890123456789012345678901234567890123*",
          0,
          "more than 63 literal bytes stand between the first and the last "
          "star" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_glob_set set;
        struct dv_glob_error error = { "", 99 };

        assert_int_equal(dv_glob_compile(&f->arena,
                                         dv_span_cstr(rows[i].glob), false,
                                         &set, &error),
                         DAVY_MALFORMED);
        assert_string_equal(error.text, rows[i].text);
        assert_int_equal(error.at, rows[i].at);
    }
}

static void
the_atom_of_a_glob_is_its_longest_literal_run(void **state)
{
    static const struct {
        const char *glob;
        const char *atom;
        bool is_last;
    } rows[] = {
        { "CoinHive", "CoinHive", true },
        { "Coin*.startMining", ".startMining", true },
        { "CoinHive*.start**", "CoinHive", false },
        { "**a**miner**b", "miner", false },
        { "*", "", false },
        { "**longest*run", "longest", false },
        { "0123456789012345678901234567890123456789",
          "01234567890123456789012345678901", false },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_glob_set set;
        struct dv_glob_error error;

        assert_int_equal(dv_glob_compile(&f->arena,
                                         dv_span_cstr(rows[i].glob), false,
                                         &set, &error),
                         DAVY_OK);
        assert_true(dv_span_equal_cstr(set.at[0].atom, rows[i].atom));
        assert_int_equal(set.at[0].atom_is_last, rows[i].is_last);
    }
}

static void
join_atoms(const struct dv_atom_set *set, char *out, size_t size)
{
    size_t at = 0;

    for (uint32_t i = 0; i < set->count; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%.*s", i ? "|" : "",
                               (int)set->at[i].len,
                               (const char *)set->at[i].at);
    out[at] = '\0';
}

static void
the_atoms_of_an_expression_stand_in_all_it_matches(void **state)
{
    static const struct {
        const char *regex;
        const char *atoms;
    } rows[] = {
        { "coinhive", "coinhive" },
        { "^coinhive$", "coinhive" },
        { "coin.hive", "coin" },
        { "coinhives?", "coinhive" },
        { "coinhives*x", "coinhive" },
        { "coinhives{0,3}", "coinhive" },
        { "coinhives{2}", "coinhives" },
        { "coinhives+x", "coinhives" },
        { "coin{x}abc", "coin{x}abc" },
        { "(monero|xmrig)-x", "monero|xmrig" },
        { "a(monero|xmrig)?bcd", "bcd" },
        { "(?:abc|de)", "" },
        { "(?i)CoinHive", "CoinHive" },
        { "abc|defg", "abc|defg" },
        { "abc|de", "" },
        { "\\.wasm", ".wasm" },
        { "a[.]wasm", "a.wasm" },
        { "[a-z]{32}", "" },
        { "[^]x]abc", "abc" },
        { "[[:alpha:]]x]abc", "x]abc" },
        { "[\\]]longer", "longer" },
        { "\\x41BC", "ABC" },
        { "\\bpool\\b", "pool" },
        { "\\d+pool\\w", "pool" },
        { "a\\/b\\-c", "a/b-c" },
        { "\\p{Lu}abc", "abc" },
        { "\\Qabc\\E", "" },
        { "(?x)a b c d", "" },
        { "(?#abc)def", "" },
        { "(?=abc)def", "" },
        { "(*UTF8)abcd", "" },
        { "abc)", "" },
        { "", "" },
        { "abc+?def", "abc" },
        { "01234567890123456789012345678901234",
          "01234567890123456789012345678901" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_atom_set set;
        char text[200];

        assert_int_equal(dv_atom_of_regex(&f->arena,
                                          dv_span_cstr(rows[i].regex), &set),
                         DAVY_OK);
        join_atoms(&set, text, sizeof(text));
        if (strcmp(text, rows[i].atoms) != 0)
            fail_msg("%s gives %s", rows[i].regex, text);
    }
}

static void
deep_groups_give_up_without_harm(void **state)
{
    struct fixture *f = *state;
    struct dv_atom_set set;
    char text[2001];

    memset(text, '(', 1000);
    memset(text + 1000, ')', 1000);
    text[2000] = '\0';
    assert_int_equal(dv_atom_of_regex(&f->arena, dv_span_cstr(text), &set),
                     DAVY_OK);
    assert_int_equal(set.count, 0);
}

struct seen {
    char text[200];
    size_t len;
    size_t left;                        /* calls before it stops */
};

static bool
note(void *ctx, uint32_t literal, size_t end)
{
    struct seen *seen = ctx;

    seen->len += (size_t)snprintf(seen->text + seen->len,
                                  sizeof(seen->text) - seen->len, "%u@%zu ",
                                  (unsigned)literal, end);
    return --seen->left > 0;
}

static void
literals_are_found_with_their_ends(void **state)
{
    static const struct dv_match_literal table[] = {
        { { (const uint8_t *)"coinhive", 8 }, false },
        { { (const uint8_t *)"hive", 5 }, false },      /* with the NUL */
        { { (const uint8_t *)"MINER", 5 }, true },
    };
    static const char text[] = "\0coinhive\0coinhives\0aMiner";
    struct fixture *f = *state;
    struct dv_match_literals *literals;
    struct dv_match_scratch *first;
    struct dv_match_scratch *second;
    struct seen seen = { .left = 100 };
    struct guard guard;

    assert_int_equal(dv_match_literals_new(&f->mem, table, 3, &literals),
                     DAVY_OK);
    assert_int_equal(dv_match_scratch_for_literals(&f->mem, literals, &first),
                     DAVY_OK);
    assert_int_equal(dv_match_scratch_for_literals(&f->mem, literals,
                                                   &second),
                     DAVY_OK);
    guard_init(&guard, text, sizeof(text) - 1);
    assert_int_equal(dv_match_literals_scan(literals, second, guard.bytes,
                                            note, &seen),
                     DAVY_OK);
    assert_string_equal(seen.text, "0@9 1@10 0@18 2@26 ");
    seen = (struct seen){ .left = 1 };
    assert_int_equal(dv_match_literals_scan(literals, first, guard.bytes,
                                            note, &seen),
                     DAVY_OK);
    assert_string_equal(seen.text, "0@9 ");
    assert_int_equal(dv_match_literals_scan(literals, first,
                                            dv_span_of(NULL, 0), note, &seen),
                     DAVY_OK);
    guard_fini(&guard);
    dv_match_scratch_free(first);
    dv_match_scratch_free(second);
    dv_match_literals_free(literals);
}

struct places {
    unsigned count;
    size_t end;
};

static bool
note_place(void *ctx, uint32_t literal, size_t end)
{
    struct places *places = ctx;

    places->count += literal == 0;
    places->end = end;
    return true;
}

/* One literal at every place of texts of many lengths. */
static void
look_everywhere(const struct dv_match_literals *literals,
                struct dv_match_scratch *scratch, struct dv_span literal)
{
    uint8_t text[256];

    for (size_t length = literal.len; length <= sizeof(text); length++) {
        for (size_t at = 0; at + literal.len <= length; at++) {
            struct places places = { 0, 0 };

            memset(text, 0, sizeof(text));
            memcpy(text + at, literal.at, literal.len);
            assert_int_equal(dv_match_literals_scan(
                                 literals, scratch, dv_span_of(text, length),
                                 note_place, &places),
                             DAVY_OK);
            assert_int_equal(places.count, 1);
            assert_int_equal(places.end, at + literal.len);
        }
    }
}

static void
few_literals_are_found_at_every_place(void **state)
{
    struct fixture *f = *state;
    const struct dv_match_literal table[] = {
        { DV_SPAN_LIT("xmrig"), true },
        { DV_SPAN_LIT("stratum+tcp"), false },
        { DV_SPAN_LIT("x\0m\0r\0i\0g\0"), true },
        { DV_SPAN_LIT("donate-level"), false },
    };

    for (size_t count = 1; count <= DV_COUNT_OF(table); count++) {
        struct dv_match_literals *literals;
        struct dv_match_scratch *scratch;

        assert_int_equal(dv_match_literals_new(&f->mem, table, count,
                                               &literals),
                         DAVY_OK);
        assert_int_equal(dv_match_scratch_for_literals(&f->mem, literals,
                                                       &scratch),
                         DAVY_OK);
        look_everywhere(literals, scratch, table[0].bytes);
        dv_match_scratch_free(scratch);
        dv_match_literals_free(literals);
    }
}

static void
expressions_match_across_lines_and_at_line_breaks(void **state)
{
    static const struct {
        const char *regex;
        const char *text;
        bool is_nocase;
        bool is_match;
    } rows[] = {
        { "^abc$", "abc", false, true },
        { "^abc$", "xabc", false, false },
        { "^abc$", "x\nabc\ny", false, true },
        { "a.c", "a\nc", false, true },
        { "ABC", "xabcx", true, true },
        { "^[a-z]{3}$", "", false, false },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_match_regex *regex;
        struct dv_match_scratch *scratch;
        struct dv_match_error error;
        struct guard guard;
        bool is_match;

        assert_int_equal(dv_match_regex_new(&f->mem,
                                            dv_span_cstr(rows[i].regex),
                                            rows[i].is_nocase, 5, &error,
                                            &regex),
                         DAVY_OK);
        assert_int_equal(dv_match_scratch_new(&f->mem, &scratch), DAVY_OK);
        guard_init(&guard, rows[i].text, strlen(rows[i].text));
        for (int round = 0; round < 2; round++) {
            assert_int_equal(dv_match_regex_test(regex, scratch, guard.bytes,
                                                 &is_match),
                             DAVY_OK);
            assert_int_equal(is_match, rows[i].is_match);
        }
        guard_fini(&guard);
        dv_match_scratch_free(scratch);
        dv_match_regex_free(regex);
    }
}

static void
large_expressions_are_refused_when_they_are_made(void **state)
{
    struct fixture *f = *state;
    struct dv_match_regex *regex;
    struct dv_match_error error;
    struct dv_atom_set atoms;
    const struct dv_span source = DV_SPAN_LIT("(?:[a-f]{3}[0-9]?){400}x");

    assert_int_equal(dv_match_regex_new(&f->mem, source, false, 0, &error,
                                        &regex),
                     DAVY_OK);
    assert_int_equal(dv_match_regex_prepare(regex, &error), DAVY_MALFORMED);
    assert_string_equal(error.text, "Pattern is too large");
    dv_match_regex_free(regex);
    assert_int_equal(dv_atom_of_regex(&f->arena, source, &atoms), DAVY_OK);
    assert_int_equal(atoms.positions, 1601);
}

static void
positions_count_what_repetitions_write_out(void **state)
{
    static const struct {
        const char *regex;
        size_t positions;
    } rows[] = {
        { "abc", 3 },          { "a|bc", 3 },
        { "[a-z]{32}", 32 },   { "a*b+c?", 3 },
        { "(ab{3}){4,5}", 20 }, { "a{3,}", 4 },
        { "a{,3}", 5 },        { "((a{512}){512}){512}", 134217728 },
        { "(?=a)", SIZE_MAX },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_atom_set atoms;

        assert_int_equal(dv_atom_of_regex(&f->arena,
                                          dv_span_cstr(rows[i].regex),
                                          &atoms),
                         DAVY_OK);
        assert_int_equal(atoms.positions, rows[i].positions);
    }
}

static void
choices_of_literals_match_at_every_place(void **state)
{
    struct fixture *f = *state;
    const struct dv_span source = DV_SPAN_LIT("(xmrig|stratum\\+tcp)");
    struct dv_match_regex *regex;
    struct dv_match_scratch *scratch;
    struct dv_match_error error;
    char text[200];
    bool is_match;

    assert_int_equal(dv_match_regex_new(&f->mem, source, false, 0, &error,
                                        &regex),
                     DAVY_OK);
    assert_int_equal(dv_match_scratch_new(&f->mem, &scratch), DAVY_OK);
    for (size_t length = 5; length <= sizeof(text); length++) {
        for (size_t at = 0; at + 5 <= length; at++) {
            memset(text, '.', sizeof(text));
            memcpy(text + at, "xmrig", 5);
            assert_int_equal(dv_match_regex_test(regex, scratch,
                                                 dv_span_of(text, length),
                                                 &is_match),
                             DAVY_OK);
            assert_true(is_match);
        }
    }
    dv_match_scratch_free(scratch);
    dv_match_regex_free(regex);
}

static void
wrong_expressions_are_refused_with_the_reason(void **state)
{
    static const struct {
        const char *regex;
        const char *text;
        bool has_at;
        size_t at;
    } rows[] = {
        { "a(b", "Missing close parenthesis for group started at index 1",
          true, 1 },
        { "a*", "it matches the empty text", false, 0 },
        { "a(?=b)", "Zero-width assertions are not supported", false, 0 },
        { "ab*+*c", "Invalid repeat at index 4", true, 4 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_match_regex *regex;
        struct dv_match_error error;

        assert_int_equal(dv_match_regex_new(&f->mem,
                                            dv_span_cstr(rows[i].regex),
                                            false, 0, &error, &regex),
                         DAVY_MALFORMED);
        assert_string_equal(error.text, rows[i].text);
        assert_int_equal(error.has_at, rows[i].has_at);
        assert_int_equal(error.at, rows[i].at);
    }
}

static davy_status
make_and_scan(const davy_allocator *hooks, void *ctx)
{
    static const struct dv_match_literal table[] = {
        { { (const uint8_t *)"coinhive", 8 }, false },
    };
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_match_literals *literals = NULL;
    struct dv_match_regex *regex = NULL;
    struct dv_match_scratch *scratch = NULL;
    struct dv_match_scratch *inner = NULL;
    bool is_match;
    struct dv_match_error error;
    struct dv_glob_set set;
    struct dv_glob_error wrong;
    struct dv_atom_set atoms;
    davy_status st;

    (void)ctx;
    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    st = dv_match_literals_new(&mem, table, 1, &literals);
    if (st == DAVY_OK)
        st = dv_match_regex_new(&mem, DV_SPAN_LIT("a(bcd|efg)"), false, 0,
                                &error, &regex);
    if (st == DAVY_OK)
        st = dv_match_scratch_for_literals(&mem, literals, &scratch);
    if (st == DAVY_OK)
        st = dv_match_scratch_new(&mem, &inner);
    if (st == DAVY_OK)
        st = dv_match_regex_test(regex, inner, DV_SPAN_LIT("xabcd"),
                                 &is_match);
    if (st == DAVY_OK)
        st = dv_glob_compile(&arena, DV_SPAN_LIT("{a,b}*c**d"), true, &set,
                             &wrong);
    if (st == DAVY_OK)
        st = dv_atom_of_regex(&arena, DV_SPAN_LIT("a(bcd|efg)"), &atoms);
    dv_match_scratch_free(inner);
    dv_match_scratch_free(scratch);
    dv_match_regex_free(regex);
    dv_match_literals_free(literals);
    dv_arena_fini(&arena);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    (void)state;
    oom_sweep(make_and_scan, NULL, 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_what_they_say),
        cmocka_unit_test(globs_without_case_match_in_any),
        cmocka_unit_test(random_globs_match_as_the_definition_says),
        cmocka_unit_test(wrong_globs_are_refused_with_the_place),
        cmocka_unit_test(the_atom_of_a_glob_is_its_longest_literal_run),
        cmocka_unit_test(the_atoms_of_an_expression_stand_in_all_it_matches),
        cmocka_unit_test(deep_groups_give_up_without_harm),
        cmocka_unit_test(literals_are_found_with_their_ends),
        cmocka_unit_test(few_literals_are_found_at_every_place),
        cmocka_unit_test(expressions_match_across_lines_and_at_line_breaks),
        cmocka_unit_test(choices_of_literals_match_at_every_place),
        cmocka_unit_test(wrong_expressions_are_refused_with_the_reason),
        cmocka_unit_test(large_expressions_are_refused_when_they_are_made),
        cmocka_unit_test(positions_count_what_repetitions_write_out),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

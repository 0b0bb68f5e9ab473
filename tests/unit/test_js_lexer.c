/* SPDX-License-Identifier: MIT */
/* test_js_lexer.c - tokens, escapes, words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "js/js_escape.h"
#include "js/js_tokens.h"
#include "js/js_unicode.h"
#include "support/guard.h"

/* Tokens as js_token.def writes them, with one space between. */
static void
spell(struct dv_span source, bool is_script, char *out, size_t size)
{
    struct dv_js_tokens tokens;
    size_t n = 0;

    out[0] = '\0';
    dv_js_tokens_init(&tokens, source, is_script);
    for (;;) {
        const char *text;

        dv_js_tokens_next(&tokens);
        if (tokens.lex.kind == DV_JS_T_END)
            return;
        text = tokens.lex.kind == DV_JS_T_ERROR
                   ? tokens.lex.message
                   : dv_js_token_text(tokens.lex.kind);
        n += (size_t)snprintf(out + n, size - n, "%s%s", n == 0 ? "" : " ",
                              text);
        assert_true(n < size);
    }
}

struct sample {
    const char *source;
    const char *tokens;
};

static void
check_samples(const struct sample *samples, size_t count, bool is_script)
{
    for (size_t i = 0; i < count; i++) {
        struct guard guard;
        char got[500];

        guard_init(&guard, samples[i].source, strlen(samples[i].source));
        spell(guard.bytes, is_script, got, sizeof(got));
        if (strcmp(got, samples[i].tokens) != 0)
            fail_msg("%s: %s instead of %s", samples[i].source, got,
                     samples[i].tokens);
        guard_fini(&guard);
    }
}

static const struct sample samples[] = {
    { "", "" },
    { "\xef\xbb\xbf#!/bin/x\na", "[name]" },
    { "#!a\xe2\x80\xa8" "b", "[name]" },
    { "a.b?.c?.5:1...d", "[name] . [name] ?. [name] ? [number] : "
                         "[number] . . [name]" },
    { "...a .. .5.", "... [name] . . [number] ." },
    { "= == === => ! != !== ", "= == === => ! != !==" },
    { "+ ++ += - -- -= * ** *= **=", "+ ++ += - -- -= * ** *= **=" },
    { "< << <<= <= > >> >>> >= >>= >>>=", "< << <<= <= > >> >>> >= >>= >>>=" },
    { "& && &= &&= | || |= ||= ^ ^= ?? \?\?=",
      "& && &= &&= | || |= ||= ^ ^= ?? \?\?=" },
    { "% %= ~ ; , { } ( ) [ ]", "% %= ~ ; , { } ( ) [ ]" },
    { "@ \x01 \\ \\u0040", "unexpected character unexpected character "
                           "bad escape in a name bad escape in a name [name]" },
    { "if iff instanceof yield \\u0069f", "if [name] instanceof yield [name]" },
    { "caf\xc3\xa9 \xef\xbe\x9f\xcf\x89 \xf0\x9d\x92\x9c",
      "[name] [name] [name]" },
    { "\\u{61}b \\u0063 #p #\\u0070", "[name] [name] [#name] [#name]" },
    { "# a", "unexpected character [name]" },
    { "var\xc2\xa0x\xe2\x80\xafy", "var [name] [name]" },
    { "a\xff", "[name] unexpected character" },
    { "'a\\'b' \"c\\\"\" '\\\n'", "[string] [string] [string]" },
    { "'\xe2\x80\xa8' '\\x4g'", "[string] bad escape in a string [name] "
                                "string without end" },
    { "'a\nb", "string without end [name]" },
    { "'a", "string without end" },
    { "0 1.5e3 .5 0x1f 0b1 0o7 017 08.5 1_0", "[number] [number] [number] "
      "[number] [number] [number] [number] [number] [number]" },
    { "0n 1_0n 0xfn", "[bigint] [bigint] [bigint]" },
    { "1__0", "digit expected in a number [name]" },
    { "0_1", "separator after a leading zero" },
    { "1_", "digit expected in a number" },
    { "0x", "digit expected in a number" },
    { "1e", "digit expected in a number" },
    { "3in", "name directly after a number in" },
    { "`a` `b${c}d${`e`}f` `g", "[`text`] [`text${] [name] [}text${] "
                                "[`text`] [}text`] template without end" },
    { "a / b / c; a = /d/g", "[name] / [name] / [name] ; [name] = [regexp]" },
    { "if (a) /b/.c; (a) / b / c",
      "if ( [name] ) [regexp] . [name] ; ( [name] ) / [name] / [name]" },
    { "/[/]\\//u /= /a/", "[regexp] /= [regexp]" },
    { "= /a", "= regular expression without end" },
    { "= /[/", "= regular expression without end" },
    { "= /a\n+ b", "= regular expression without end + [name]" },
    { "= /a\\", "= regular expression without end" },
    { "a /* b */ c // d\n e /*", "[name] [name] [name] comment without end" }
};

static void
every_token_is_told(void **state)
{
    (void)state;
    check_samples(samples, DV_COUNT_OF(samples), false);
}

static const struct sample script_samples[] = {
    { "<!-- a\nb <!-- c", "[name]" },
    { "--> a\nb", "[name]" },
    { "/* \n */ --> a\nb", "[name]" },
    { "/* */ --> a\nb", "[name]" },
    { "a --> b", "[name] -- > [name]" },
    { "a /*\n*/ --> b", "[name]" },
    { "a <! b", "[name] < ! [name]" }
};

static void
scripts_have_the_comments_of_html(void **state)
{
    (void)state;
    check_samples(script_samples, DV_COUNT_OF(script_samples), true);
}

static void
modules_have_no_comments_of_html(void **state)
{
    static const struct sample module_samples[] = {
        { "<!--a", "< ! -- [name]" },
        { "-->a", "-- > [name]" }
    };

    (void)state;
    check_samples(module_samples, DV_COUNT_OF(module_samples), false);
}

/* Each cut of each sample ends at an unreadable page. */
static void
a_cut_anywhere_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(samples); i++) {
        for (size_t n = 0; n <= strlen(samples[i].source); n++) {
            struct guard guard;
            char got[500];

            guard_init(&guard, samples[i].source, n);
            spell(guard.bytes, true, got, sizeof(got));
            guard_fini(&guard);
        }
    }
}

static void
line_ends_are_noted(void **state)
{
    static const char *const gaps[] = { "\n", "\r", "\xe2\x80\xa8",
                                        "\xe2\x80\xa9", "/*\n*/",
                                        "/*\xe2\x80\xa9*/", "//\n" };
    char text[40];

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(gaps); i++) {
        struct dv_js_lexer lex;

        snprintf(text, sizeof(text), "a %s b c", gaps[i]);
        dv_js_lexer_init(&lex, dv_span_cstr(text), false);
        dv_js_lexer_next(&lex);
        assert_false(lex.flags & DV_JS_TOKEN_NEWLINE);
        dv_js_lexer_next(&lex);
        assert_true(lex.flags & DV_JS_TOKEN_NEWLINE);
        dv_js_lexer_next(&lex);
        assert_false(lex.flags & DV_JS_TOKEN_NEWLINE);
    }
}

static void
every_word_of_the_table_is_found(void **state)
{
    (void)state;
    for (unsigned t = DV_JS_T_BREAK; t < DV_JS_T_NAME; t++) {
        const struct dv_span word = dv_span_cstr(dv_js_token_text(t));
        char longer[20];

        assert_int_equal(dv_js_lexer_word_kind(word), t);
        snprintf(longer, sizeof(longer), "%sx", dv_js_token_text(t));
        assert_int_equal(dv_js_lexer_word_kind(dv_span_cstr(longer)),
                         DV_JS_T_NAME);
    }
}

struct cooked {
    const char *source;
    const char *value;
};

static void
escapes_become_what_they_stand_for(void **state)
{
    static const struct cooked strings[] = {
        { "a\\n\\t\\r\\b\\f\\v\\0b", "a\n\t\r\b\f\v" },
        { "\\x41\\u0042\\u{43}\\u{00000044}", "ABCD" },
        { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
        { "\\u{d83d}\\u{de00}", "\xf0\x9f\x98\x80" },
        { "\\ud83dx\\ude00", "\xed\xa0\xbdx\xed\xb8\x80" },
        { "\\ud83d\\ud83d\\ude00", "\xed\xa0\xbd\xf0\x9f\x98\x80" },
        { "\\141\\7\\1412\\400", "a\7a2 0" },
        { "\\8\\9\\'\\\"\\a\\\xc3\xa9", "89'\"a\xc3\xa9" },
        { "a\\\nb\\\r\nc\\\xe2\x80\xa8" "d", "abcd" }
    };
    struct dv_arena arena;
    struct dv_mem mem;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    for (size_t i = 0; i < DV_COUNT_OF(strings); i++) {
        struct dv_span got;

        assert_true(dv_js_escape_cook(&arena, dv_span_cstr(strings[i].source),
                                      false, &got));
        if (i == 0)
            got.len -= 2;               /* the NUL and what follows */
        assert_true(dv_span_equal_cstr(got, strings[i].value));
    }
    dv_arena_fini(&arena);
    assert_int_equal(mem.used, 0);
}

static void
names_follow_the_tables_of_unicode(void **state)
{
    (void)state;
    assert_true(dv_js_unicode_is_start('a'));
    assert_true(dv_js_unicode_is_start('$'));
    assert_false(dv_js_unicode_is_start('1'));
    assert_true(dv_js_unicode_is_part('1'));
    assert_true(dv_js_unicode_is_start(0xaa));
    assert_false(dv_js_unicode_is_start(0xab));
    assert_true(dv_js_unicode_is_start(0x2f800));
    assert_true(dv_js_unicode_is_part(0x200d));
    assert_false(dv_js_unicode_is_start(0x200d));
    assert_true(dv_js_unicode_is_part(0xe01ef));
    assert_false(dv_js_unicode_is_part(0x10ffff));
    assert_true(dv_js_unicode_is_space(0xfeff));
    assert_false(dv_js_unicode_is_space(0x200b));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_is_told),
        cmocka_unit_test(scripts_have_the_comments_of_html),
        cmocka_unit_test(modules_have_no_comments_of_html),
        cmocka_unit_test(a_cut_anywhere_is_survived),
        cmocka_unit_test(line_ends_are_noted),
        cmocka_unit_test(every_word_of_the_table_is_found),
        cmocka_unit_test(escapes_become_what_they_stand_for),
        cmocka_unit_test(names_follow_the_tables_of_unicode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

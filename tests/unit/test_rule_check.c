/* SPDX-License-Identifier: MIT */
/* test_rule_check.c - every mistake in a rule is said, with its place. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <davy/davy.h>

#include "base/compiler.h"

/* What all snippets of conditions stand behind; they begin in line 11. */
#define HEAD                  \
    "rules:\n"                \
    "- id: DAVY-1\n"          \
    "  title: t\n"            \
    "  layer: api\n"          \
    "  severity: low\n"       \
    "  confidence: low\n"     \
    "  status: experimental\n" \
    "  since: 1.0.0\n"        \
    "  fix: f\n"              \
    "  match:\n"

struct row {
    const char *text;
    const char *messages;
};

static void
print_messages(const davy_messages *messages, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        n += (size_t)snprintf(out + n, size - n, "%s:%u:%u: %s%s%s%s%s\n",
                              m->source, (unsigned)m->line,
                              (unsigned)m->column,
                              m->is_warning ? "warning: " : "", m->text,
                              m->hint[0] ? " (" : "", m->hint,
                              m->hint[0] ? ")" : "");
        assert_true(n < size);
    }
}

static void
assert_messages(const char *head, const struct row *row)
{
    char text[3000];
    char messages[3000];
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;
    davy_status st;

    snprintf(text, sizeof(text), "%s%s", head, row->text);
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    st = davy_builder_add_rules_buffer(builder, "r", text, strlen(text));
    print_messages(davy_builder_messages(builder), messages,
                   sizeof(messages));
    if (strcmp(messages, row->messages) != 0)
        fail_msg("%s\ngives\n%s\nnot\n%s", row->text, messages,
                 row->messages);
    assert_int_equal(st == DAVY_OK, strstr(messages, "warning") != NULL
                                        || messages[0] == '\0');
    assert_int_equal(davy_builder_build(builder, &ruleset), st);
    davy_ruleset_unref(ruleset);
    davy_builder_free(builder);
}

static void
conditions_are_held_against_the_language(void **state)
{
    static const struct row rows[] = {
        { "    call: CoinHive.Anonymous\n", "" },
        { "    all:\n    - any: [{call: abc}, {new: abc}]\n",
          "r:12:27: unknown key \"new\" in a condition (did you mean "
          "\"key\")\n" },
        { "    clal: abc\n",
          "r:11:5: unknown key \"clal\" in a condition (did you mean "
          "\"call\")\n" },
        { "    zzzzzzzzzz: abc\n",
          "r:11:5: unknown key \"zzzzzzzzzz\" in a condition\n" },
        { "    call: abc\n    key: def\n",
          "r:12:5: \"key\" cannot stand beside \"call\" (put both into a list "
          "under \"all\")\n" },
        { "    all: [{call: abc}]\n    any: [{call: abc}]\n",
          "r:12:5: \"any\" cannot stand beside \"all\" (put both into a list "
          "under \"all\")\n" },
        { "    {}\n",
          "r:11:5: a condition needs one of all, any, none, at_least or a "
          "leaf\n" },
        { "    times: 2\n",
          "r:11:5: a condition needs one of all, any, none, at_least or a "
          "leaf\n" },
        { "    abc\n", "r:11:5: a condition must be a mapping\n" },
        { "    - call: abc\n", "r:11:5: a condition must be a mapping\n" },
        { "    all: abc\n", "r:11:10: all must be a list\n" },
        { "    any: []\n", "r:11:10: the list is empty\n" },
        { "    none: [{call: abc}]\n",
          "r:11:5: the rule holds where nothing is found (add a condition "
          "that asks for something)\n" },
        { "    any: [{call: abc}, {none: [{key: def}]}]\n",
          "r:11:5: the rule holds where nothing is found (add a condition "
          "that asks for something)\n" },
        { "    at_least: 1\n    of: [{none: [{key: def}]}, {key: abc}]\n",
          "r:11:5: the rule holds where nothing is found (add a condition "
          "that asks for something)\n" },
        { "    all: [{call: abc}, {none: [{key: def}]}]\n", "" },
        { "    of: [{call: abc}]\n",
          "r:11:5: \"of\" needs \"at_least\" beside it\n" },
        { "    at_least: 2\n    of: [{call: abc}]\n",
          "r:11:15: \"2\" is no whole number from 1 to 1\n" },
        { "    at_least: 0\n    of: [{call: abc}]\n",
          "r:11:15: \"0\" is no whole number from 1 to 1\n" },
        { "    at_least: 1\n    all: [{call: abc}]\n",
          "r:11:5: \"at_least\" cannot stand beside \"all\"\n" },
        { "    at_least: 1\n    call: abc\n",
          "r:11:5: \"at_least\" cannot stand beside \"call\"\n" },
        { "    call: abc\n    times: 0\n",
          "r:12:12: \"0\" is no whole number from 1 to 1000\n" },
        { "    call: abc\n    times: two\n",
          "r:12:12: \"two\" is no whole number from 1 to 1000\n" },
        { "    key: abc\n    args: [{index: 0}]\n",
          "r:12:5: \"args\" cannot stand beside \"key\"\n" },
        { "    call: abc\n    attrs: [x]\n    kinds: [script]\n",
          "r:12:5: \"attrs\" cannot stand beside \"call\"\n"
          "r:13:5: \"kinds\" cannot stand beside \"call\"\n" },
        { "    all: [{all: [{all: [{all: [{all: [{all: [{all: [{all: [{all: "
          "[{all: [{all: [{all: [{all: [{all: [{all: [{all: [{call: abc}]}]}"
          "]}]}]}]}]}]}]}]}]}]}]}]}]}]\n",
          "r:11:116: the conditions are nested more than 16 deep\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_messages(HEAD, &rows[i]);
}

static void
patterns_are_held_against_the_language(void **state)
{
    static const struct row rows[] = {
        { "    call: {equals: abc}\n", "" },
        { "    call: {glob: 'a*', nocase: true}\n",
          "r:11:18: the pattern has no literal run of 3 bytes (write more of "
          "the text, or a regular expression)\n" },
        { "    call: 'ab*'\n",
          "r:11:11: the pattern has no literal run of 3 bytes (write more of "
          "the text, or a regular expression)\n" },
        { "    call: '{abc,de}'\n",
          "r:11:11: the pattern has no literal run of 3 bytes (write more of "
          "the text, or a regular expression)\n" },
        { "    call: '{abc,de'\n",
          "r:11:12: a brace is not closed\n" },
        { "    call: 'abc}'\n", "r:11:15: a brace is not opened\n" },
        { "    call: ''\n", "r:11:12: the pattern is empty\n" },
        { "    call: \"a\\0bcd\"\n", "r:11:11: a pattern holds no NUL\n" },
        { "    call: [abc]\n", "r:11:11: a pattern must be a mapping\n" },
        { "    call: {}\n",
          "r:11:11: a pattern needs one of glob, equals, contains, starts, "
          "ends, regex\n" },
        { "    call: {equal: abc}\n",
          "r:11:12: unknown key \"equal\" in a pattern (did you mean "
          "\"equals\")\n" },
        { "    call: {equals: abc, ends: abc}\n",
          "r:11:25: \"ends\" cannot stand beside \"equals\"\n" },
        { "    call: {equals: [abc]}\n",
          "r:11:20: a pattern must be text\n" },
        { "    call: {equals: abc, nocase: yes}\n",
          "r:11:33: \"yes\" is none of true, false\n" },
        { "    call: {nocase: true}\n",
          "r:11:12: \"nocase\" needs a pattern beside it\n" },
        { "    url: {regex: 'abc('}\n",
          "r:11:22: the expression is wrong: Missing close parenthesis for "
          "group started at index 3\n" },
        { "    url: {regex: '(abc)\\1'}\n",
          "r:11:19: the expression is wrong: Back-references are unsupported "
          "(Vectorscan knows no look-around and no back references)\n" },
        { "    url: {regex: ''}\n", "r:11:18: the expression is empty\n" },
        { "    url: {regex: 'a*'}\n",
          "r:11:19: the expression is wrong: it matches the empty text\n" },
        { "    url: {regex: 'ab{3,600}'}\n",
          "r:11:21: the expression repeats more than 512 times\n" },
        { "    url: {regex: '[a-z]{32}'}\n", "" },
        { "    string: {regex: '^[a-z]{32}$'}\n",
          "r:11:21: warning: the expression is tried on each fact, which "
          "makes scans slow (write a literal run of 3 bytes into the "
          "expression)\n" },
        { "    string: {regex: 'abc[a-z]{32}'}\n", "" },
        { "    call: 'new ab'\n",
          "r:11:11: the pattern has no literal run of 3 bytes (write more of "
          "the text, or a regular expression)\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_messages(HEAD, &rows[i]);
}

static void
leaves_are_held_against_the_language(void **state)
{
    static const struct row rows[] = {
        { "    url: abc\n    kinds: [script, websocket]\n", "" },
        { "    url: abc\n    kinds: [scripts]\n",
          "r:12:13: \"scripts\" is none of any, document, frame, script, "
          "module, worker, wasm, websocket, fetch, link, other, "
          "serviceworker (did you mean "
          "\"script\")\n" },
        { "    url: abc\n    kinds: script\n",
          "r:12:12: \"kinds\" must be a list\n" },
        { "    element: script\n    attrs: ['src=**', {contains: x}]\n", "" },
        { "    element: a\n    attrs: ['href=**']\n", "" },
        { "    element: a\n    attrs: ['a=**']\n",
          "r:11:14: the pattern has no literal run of 3 bytes (write more of "
          "the text, or a regular expression)\n" },
        { "    element: script\n    attrs: src\n",
          "r:12:12: \"attrs\" must be a list\n" },
        { "    wallet: xmr\n", "" },
        { "    wallet: any\n    times: 2\n", "" },
        { "    wallet: XMR\n",
          "r:11:13: \"XMR\" is none of any, xmr, etn, trtl, aeon, sumo, bloc, "
          "rtm-vrsc\n" },
        { "    wallet: xrm\n",
          "r:11:13: \"xrm\" is none of any, xmr, etn, trtl, aeon, sumo, bloc, "
          "rtm-vrsc (did you mean \"xmr\")\n" },
        { "    numbers: [1, 0xff, -1, 0xffffffffffffffff]\n    at_least: 2\n",
          "" },
        { "    numbers: []\n", "r:11:14: \"numbers\" needs 1 to 64 numbers\n" },
        { "    numbers: 5\n", "r:11:14: \"numbers\" must be a list\n" },
        { "    numbers: [1.5, 0x, ff, 0x1ffffffffffffffff]\n",
          "r:11:15: \"1.5\" is no whole number (write it as 123 or 0x7b)\n"
          "r:11:20: \"0x\" is no whole number (write it as 123 or 0x7b)\n"
          "r:11:24: \"ff\" is no whole number (write it as 123 or 0x7b)\n"
          "r:11:28: \"0x1ffffffffffffffff\" is no whole number (write it as "
          "123 or 0x7b)\n" },
        { "    numbers: [1, 2]\n    at_least: 3\n",
          "r:12:15: \"3\" is no whole number from 1 to 2\n" },
        { "    numbers: [1, 2]\n    times: 3\n",
          "r:12:5: \"times\" cannot stand beside \"numbers\"\n" },
        { "    call: abc\n    args: [{index: 0, type: string, regex: '^x$'}, "
          "{key: ab}, {wallet: any, index: 1}, {type: number}]\n",
          "" },
        { "    call: abc\n    args: {index: 0}\n",
          "r:12:11: \"args\" must be a list\n" },
        { "    call: abc\n    args: [abc]\n",
          "r:12:12: an argument must be a mapping\n" },
        { "    call: abc\n    args: [{}]\n",
          "r:12:12: the argument is not asked for anything\n" },
        { "    call: abc\n    args: [{index: -1, equals: x}]\n",
          "r:12:20: \"-1\" is no whole number from 0 to 255\n" },
        { "    call: abc\n    args: [{typ: string}]\n",
          "r:12:13: unknown key \"typ\" in an argument (did you mean "
          "\"type\")\n" },
        { "    call: abc\n    args: [{type: strings, equals: x}]\n",
          "r:12:19: \"strings\" is none of string, number (did you mean "
          "\"string\")\n" },
        { "    call: abc\n    args: [{key: x, equals: x}]\n",
          "r:12:12: an argument is asked for one of a pattern, \"key\" and "
          "\"wallet\" (write two items of the list)\n" },
        { "    call: abc\n    args: [{key: x, type: string}]\n",
          "r:12:21: \"type\" cannot stand beside \"key\" or \"wallet\"\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_messages(HEAD, &rows[i]);
}

static void
rules_are_held_against_their_keys(void **state)
{
    static const struct row rows[] = {
        { "", "r:1:1: the file is empty\n" },
        { "rules: []\n", "" },
        { "rules:\n", "r:1:7: \"rules\" must be a list\n" },
        { "rule: []\n",
          "r:1:1: unknown key \"rule\" in a file of rules (did you mean "
          "\"rules\")\n"
          "r:1:1: a file of rules needs the key \"rules\"\n" },
        { "[]\n", "r:1:1: a file of rules must be a mapping\n" },
        { "rules: [abc]\n", "r:1:9: a rule must be a mapping\n" },
        { "rules:\n- id: DAVY-1\n",
          "r:2:3: a rule needs the key \"title\"\n"
          "r:2:3: a rule needs the key \"layer\"\n"
          "r:2:3: a rule needs the key \"severity\"\n"
          "r:2:3: a rule needs the key \"confidence\"\n"
          "r:2:3: a rule needs the key \"status\"\n"
          "r:2:3: a rule needs the key \"since\"\n"
          "r:2:3: a rule needs the key \"fix\"\n"
          "r:2:3: a rule needs the key \"match\"\n" },
        { HEAD "    call: abc\n  score: 101\n",
          "r:12:10: \"101\" is no whole number from -100 to 100\n" },
        { HEAD "    call: abc\n  score: -100\n", "" },
        { HEAD "    call: abc\n  mitre: [T1496.001, T1, x]\n",
          "r:12:22: \"T1\" is no ATT&CK technique (write it as T1496 or "
          "T1496.001)\n"
          "r:12:26: \"x\" is no ATT&CK technique (write it as T1496 or "
          "T1496.001)\n" },
        { HEAD "    call: abc\n  mitre: T1496\n",
          "r:12:10: the value must be a list\n" },
        { HEAD "    call: abc\n  references: [www.a.example]\n",
          "r:12:16: \"www.a.example\" is no address (begin it with "
          "https://)\n" },
        { HEAD "    call: abc\n  family: ''\n", "" },
        { HEAD "    call: abc\n  scope: pages\n",
          "r:12:10: \"pages\" is none of artifact, page (did you mean "
          "\"page\")\n" },
        { HEAD "    call: abc\n  falsepositives: ['a\n\n\n    b']\n",
          "r:12:20: \"a??b\" is no line of text (use one line of at most 1000 "
          "bytes)\n" },
        { HEAD "    call: abc\n- id: DAVY-1\n  title: ''\n  layer: apis\n"
          "  severity: hgih\n  confidence: sure\n  status: stable\n"
          "  since: 2026-11\n  fix: {a: b}\n  match: {key: abc}\n",
          "r:12:3: a stable rule needs a test with \"detect\"\n"
          "r:12:3: a stable rule needs a test with \"ignore\"\n"
          "r:12:3: the id DAVY-1 is taken by r:2 (ids are never used twice)\n"
          "r:13:10: the value is empty\n"
          "r:14:10: \"apis\" is none of address, markup, api, protocol, code "
          "(did you mean \"api\")\n"
          "r:15:13: \"hgih\" is none of info, low, medium, high, critical "
          "(did you mean \"high\")\n"
          "r:16:15: \"sure\" is none of low, medium, high, conclusive\n"
          "r:18:10: \"2026-11\" is no version (write three numbers, such as "
          "2026.11.0)\n"
          "r:19:8: the value must be text\n" },
        { "rules:\n- id: davy-1\n  title: t\n  layer: api\n  severity: low\n"
          "  confidence: low\n  status: experimental\n  since: 1.0.0\n"
          "  fix: f\n  match: {key: abc}\n",
          "r:2:7: \"davy-1\" is no id (use capital letters, digits and "
          "hyphens, such as DAVY-1001)\n" },
        { HEAD "    call: abc: b\n",
          "r:11:14: this is no YAML: mapping values are not allowed in this "
          "context\n" },
        { HEAD "    call: abc\n  extra: &a b\n",
          "r:12:3: unknown key \"extra\" in a rule\n"
          "r:12:10: anchors are not allowed (write the value out)\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_messages("", &rows[i]);
}

static void
tests_are_held_against_their_keys(void **state)
{
    static const struct row rows[] = {
        { "  - {detect: a, type: js}\n  - {ignore: b, type: url, address: "
          "'https://a.example/'}\n",
          "" },
        { "  - {type: js}\n",
          "r:13:5: a test needs one of \"detect\" and \"ignore\"\n" },
        { "  - {detect: a, ignore: b}\n",
          "r:13:5: a test needs one of \"detect\" and \"ignore\"\n" },
        { "  - {detect: [a]}\n", "r:13:14: the example must be text\n" },
        { "  - {detects: a}\n",
          "r:13:5: a test needs one of \"detect\" and \"ignore\"\n"
          "r:13:6: unknown key \"detects\" in a test (did you mean "
          "\"detect\")\n" },
        { "  - {detect: a, type: css}\n",
          "r:13:23: \"css\" is none of html, js, text, url, frames, files (did "
          "you mean \"js\")\n" },
        { "  - abc\n", "r:13:5: a test must be a mapping\n" },
        { "    abc\n", "r:13:5: \"tests\" must be a list\n" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_messages(HEAD "    call: abc\n  tests:\n", &rows[i]);
}

static void
messages_of_several_files_stand_in_the_order_of_the_files(void **state)
{
    static const char second[] = HEAD "    call: ab\n";
    static const char first[] = "rules: [a]\nx: y\n";
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;
    char messages[1000];

    (void)state;
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "z", first,
                                                   sizeof(first) - 1),
                     DAVY_BAD_RULES);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "a", second,
                                                   sizeof(second) - 1),
                     DAVY_BAD_RULES);
    assert_int_equal(davy_builder_add_rules(builder, "does/not/exist"),
                     DAVY_IO);
    print_messages(davy_builder_messages(builder), messages,
                   sizeof(messages));
    assert_string_equal(
        messages,
        "z:1:9: a rule must be a mapping\n"
        "z:2:1: unknown key \"x\" in a file of rules\n"
        "a:11:11: the pattern has no literal run of 3 bytes (write more of "
        "the text, or a regular expression)\n"
        "does/not/exist:0:0: the file cannot be read: No such file or "
        "directory\n");
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_BAD_RULES);
    assert_null(ruleset);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_MISUSE);
    assert_int_equal(davy_builder_add_rules(builder, "x"), DAVY_MISUSE);
    davy_builder_free(builder);
}

static void
a_flood_of_messages_is_cut_off_and_said(void **state)
{
    char text[16000] = "rules: [";
    size_t at = strlen(text);
    davy_builder *builder;
    const davy_messages *messages;
    size_t n;

    (void)state;
    while (at + 8 < sizeof(text)) {
        memcpy(text + at, "a, ", 3);
        at += 3;
    }
    text[at++] = ']';
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "r", text, at),
                     DAVY_BAD_RULES);
    messages = davy_builder_messages(builder);
    n = davy_messages_count(messages);
    assert_int_equal(n, 1001);
    assert_string_equal(davy_messages_at(messages, n - 1)->text,
                        "there are more messages than are shown");
    assert_null(davy_messages_at(messages, n));
    davy_builder_free(builder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_held_against_the_language),
        cmocka_unit_test(patterns_are_held_against_the_language),
        cmocka_unit_test(leaves_are_held_against_the_language),
        cmocka_unit_test(rules_are_held_against_their_keys),
        cmocka_unit_test(tests_are_held_against_their_keys),
        cmocka_unit_test(
            messages_of_several_files_stand_in_the_order_of_the_files),
        cmocka_unit_test(a_flood_of_messages_is_cut_off_and_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

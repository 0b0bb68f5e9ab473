/* SPDX-License-Identifier: MIT */
/* test_rule_eval.c - leaves and conditions against facts made by hand. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rule/builder.h"
#include "rule/rule_eval.h"
#include "support/oom.h"

#define HEAD(id, confidence)                                              \
    "- id: " id "\n  title: t\n  layer: api\n  severity: low\n"           \
    "  confidence: " confidence "\n  status: experimental\n"              \
    "  since: 1.0.0\n  fix: f\n"

struct bench {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_ruleset *set;
    struct dv_rule_eval *eval;
    struct dv_facts facts;
    davy_limits limits;
};

/* Build a ruleset of `rules` (YAML) and start a target. */
static void
bench_init(struct bench *b, const char *rules)
{
    struct dv_builder *builder;

    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_arena_init(&b->arena, &b->mem);
    b->limits = (davy_limits){ .struct_size = sizeof(b->limits) };
    b->limits.hits = 100;
    assert_int_equal(dv_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(dv_builder_add_rules_bytes(builder, "r",
                                                dv_span_cstr(rules)),
                     DAVY_OK);
    assert_int_equal(dv_builder_build(builder, &b->set), DAVY_OK);
    dv_builder_free(builder);
    assert_int_equal(dv_rule_eval_new(b->set, &b->mem, &b->limits, &b->eval),
                     DAVY_OK);
    dv_facts_init(&b->facts, &b->mem, &b->arena, 100000000);
    dv_rule_eval_begin(b->eval, NULL);
}

static void
bench_fini(struct bench *b)
{
    dv_rule_eval_free(b->eval);
    dv_ruleset_unref(b->set);
    dv_facts_fini(&b->facts);
    dv_arena_fini(&b->arena);
    assert_int_equal(b->mem.used, 0);
}

static uint32_t
add(struct bench *b, enum dv_fact_kind kind, const char *text)
{
    return dv_facts_add(&b->facts, kind, dv_span_cstr(text),
                        b->facts.stream.len, 1);
}

static void
add_to(struct bench *b, enum dv_fact_kind kind, uint32_t parent, uint32_t aux,
       const char *text)
{
    dv_facts_add_to(&b->facts, kind, parent, aux, dv_span_cstr(text), 7, 2);
}

/* Ask about the facts so far, forget them, and give the ids that held. */
static const char *
ask(struct bench *b, uint32_t artifact)
{
    static char ids[1000];
    const struct dv_rule_hit *hits;
    size_t before;
    size_t after;
    size_t n = 0;

    dv_rule_eval_hits(b->eval, &before);
    assert_int_equal(dv_rule_eval_artifact(b->eval, &b->facts, artifact),
                     DAVY_OK);
    hits = dv_rule_eval_hits(b->eval, &after);
    ids[0] = '\0';
    for (size_t i = before; i < after; i++) {
        assert_int_equal(hits[i].artifact, artifact);
        n += (size_t)snprintf(ids + n, sizeof(ids) - n, "%s%s",
                              i > before ? " " : "",
                              dv_ruleset_rule_at(b->set, hits[i].rule)
                                  ->info.id);
    }
    dv_facts_clear(&b->facts);
    return ids;
}

/* ---- Leaves ----------------------------------------------------------- */

/* One fact, and whether a rule of one leaf holds on it. */
struct leaf_row {
    const char *leaf;
    enum dv_fact_kind kind;
    const char *text;
    bool holds;
};

static void
leaves_look_at_facts_of_their_kinds(void **state)
{
    static const struct leaf_row rows[] = {
        { "call: a.bcd", DV_FACT_CALL, "a.bcd", true },
        { "call: a.bcd", DV_FACT_NEW, "a.bcd", true },
        { "call: a.bcd", DV_FACT_MEMBER, "a.bcd", false },
        { "call: a.bcd", DV_FACT_STRING, "a.bcd", false },
        { "call: a.bcd", DV_FACT_CALL, "xa.bcd", false },
        { "call: a.bcd", DV_FACT_CALL, "a.bcde", false },
        { "call: new a.bcd", DV_FACT_CALL, "a.bcd", false },
        { "call: new a.bcd", DV_FACT_NEW, "a.bcd", true },
        { "call: {starts: new a.bcd}", DV_FACT_NEW, "a.bcdx", true },
        { "member: a.bcd", DV_FACT_MEMBER, "a.bcd", true },
        { "member: a.bcd", DV_FACT_CALL, "a.bcd", true },
        { "member: a.bcd", DV_FACT_NEW, "a.bcd", true },
        { "member: a.bcd", DV_FACT_ASSIGN, "a.bcd", true },
        { "member: a.bcd", DV_FACT_DEFINE, "a.bcd", false },
        { "assign: a.bcd", DV_FACT_ASSIGN, "a.bcd", true },
        { "assign: a.bcd", DV_FACT_CALL, "a.bcd", false },
        { "define: abcd", DV_FACT_DEFINE, "abcd", true },
        { "define: abcd", DV_FACT_KEY, "abcd", false },
        { "key: abcd", DV_FACT_KEY, "abcd", true },
        { "key: abcd", DV_FACT_ARG_KEY, "abcd=1", true },
        { "key: abcd", DV_FACT_ARG_KEY, "abcd", true },
        { "key: abcd", DV_FACT_ARG_KEY, "x=abcd", false },
        { "string: abcd", DV_FACT_STRING, "abcd", true },
        { "string: abcd", DV_FACT_ARG, "abcd", true },
        { "string: abcd", DV_FACT_KEY, "abcd", false },
        { "word: login", DV_FACT_STRING, "login", true },
        { "word: login", DV_FACT_KEY, "login", true },
        { "word: login", DV_FACT_ARG, "login", true },
        { "word: login", DV_FACT_ARG_KEY, "login=x", true },
        { "word: login", DV_FACT_MEMBER, "a.b.login", true },
        { "word: login", DV_FACT_CALL, "login", true },
        { "word: login", DV_FACT_NEW, "a.login", true },
        { "word: login", DV_FACT_ASSIGN, "a.login", true },
        { "word: login", DV_FACT_MEMBER, "login.x", false },
        { "word: login", DV_FACT_MEMBER, "login.login", true },
        { "word: login", DV_FACT_STRING, "login now", false },
        { "word: login", DV_FACT_ATTR, "login", false },
        { "word: {contains: login}", DV_FACT_MEMBER, "login.x", false },
        { "word: {contains: login}", DV_FACT_MEMBER, "login.x.mylogins",
          true },
        { "word: {contains: login}", DV_FACT_ARG_KEY, "x=login", false },
        { "word: {contains: login}", DV_FACT_ARG_KEY, "xlogin=login", true },
        { "word: {ends: login}", DV_FACT_ARG_KEY, "xlogin=login", true },
        { "word: {equals: LOGIN, nocase: true}", DV_FACT_STRING, "loGin",
          true },
        { "url: '**/coinhive.min.js'", DV_FACT_URL,
          "https://a.example/coinhive.min.js", true },
        { "url: '**/coinhive.min.js'", DV_FACT_STRING,
          "https://a.example/coinhive.min.js", false },
        { "url: {regex: '^wss?://[^/]+/proxy$'}", DV_FACT_URL,
          "wss://a.example/proxy", true },
        { "url: {regex: '^wss?://[^/]+/proxy$'}", DV_FACT_URL,
          "xwss://a.example/proxy", false },
        { "url: {regex: '[0-9a-f]{32}'}", DV_FACT_URL,
          "https://a.example/00112233445566778899aabbccddeeff", true },
        { "url: {regex: '[0-9a-f]{32}'}", DV_FACT_STRING,
          "00112233445566778899aabbccddeeff", false },
        { "element: coin-miner", DV_FACT_ELEMENT, "coin-miner", true },
        { "attr: 'class=coinhive*'", DV_FACT_ATTR, "class=coinhive-miner",
          true },
        { "attr: 'class=coinhive*'", DV_FACT_ATTR, "id=coinhive-miner",
          false },
        { "wallet: xmr", DV_FACT_WALLET, "xmr:4AbC", true },
        { "wallet: xmr", DV_FACT_WALLET, "etn:4AbC", false },
        { "wallet: any", DV_FACT_WALLET, "etn:4AbC", true },
        { "string: '{abc,**def**}*xyz'", DV_FACT_STRING, "abcxyz", true },
        { "string: '{abc,**def**}*xyz'", DV_FACT_STRING, "1def.2xyz", true },
        { "string: '{abc,**def**}*xyz'", DV_FACT_STRING, "abdxyz", false },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct bench b;
        char rules[600];
        const char *ids;

        snprintf(rules, sizeof(rules), "rules:\n%s  match: {%s}\n",
                 HEAD("D-1", "low"), rows[i].leaf);
        bench_init(&b, rules);
        add(&b, DV_FACT_STRING, "before");
        add(&b, rows[i].kind, rows[i].text);
        add(&b, DV_FACT_STRING, "after");
        ids = ask(&b, 5);
        if ((ids[0] != '\0') != rows[i].holds)
            fail_msg("%s on %s", rows[i].leaf, rows[i].text);
        bench_fini(&b);
    }
}

static void
a_string_leaf_asks_string_arguments_only(void **state)
{
    struct bench b;
    uint32_t call;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low") "  match: {string: '1234'}\n"
                   HEAD("D-2", "low") "  match: {word: '1234'}\n");
    call = add(&b, DV_FACT_CALL, "f");
    add_to(&b, DV_FACT_ARG, call, 256 * DV_ARG_NUMBER, "1234");
    assert_string_equal(ask(&b, 0), "D-2");
    call = add(&b, DV_FACT_CALL, "f");
    add_to(&b, DV_FACT_ARG, call, 256 * DV_ARG_STRING + 3, "1234");
    assert_string_equal(ask(&b, 0), "D-1 D-2");
    bench_fini(&b);
}

static void
kinds_narrow_an_address(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match: {url: '**/proxy', kinds: [websocket, script]}\n");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_LINK, "wss://a/proxy");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_ANY, "wss://a/proxy");
    assert_string_equal(ask(&b, 0), "");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_WEBSOCKET,
           "wss://a/proxy");
    assert_string_equal(ask(&b, 0), "D-1");
    bench_fini(&b);
}

/* ---- Calls and elements ----------------------------------------------- */

#define CALL_RULE                                                  \
    "rules:\n" HEAD("D-1", "low")                                  \
    "  match:\n"                                                   \
    "    call: 'new {CoinHive,coinhive}.Anonymous'\n"              \
    "    args:\n"                                                  \
    "    - {index: 0, type: string, regex: '^[A-Za-z0-9]{8}$'}\n"  \
    "    - {key: {starts: throttle}, index: 1}\n"

static void
arguments_must_all_hold_for_one_call(void **state)
{
    struct bench b;
    uint32_t call;
    uint32_t inner;

    (void)state;
    bench_init(&b, CALL_RULE);
    call = add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
    add_to(&b, DV_FACT_ARG, call, 0, "abcd1234");
    assert_string_equal(ask(&b, 0), "");
    call = add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
    add_to(&b, DV_FACT_ARG_KEY, call, 1, "throttle=0.3");
    call = add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
    add_to(&b, DV_FACT_ARG, call, 0, "abcd1234");
    assert_string_equal(ask(&b, 0), "");
    call = add(&b, DV_FACT_NEW, "coinhive.Anonymous");
    inner = add(&b, DV_FACT_CALL, "g");
    add_to(&b, DV_FACT_ARG, inner, 0, "x");
    add_to(&b, DV_FACT_ARG_KEY, call, 1, "a=b");
    add_to(&b, DV_FACT_ARG_KEY, call, 1, "throttle");
    add_to(&b, DV_FACT_ARG, call, 0, "abcd1234");
    assert_string_equal(ask(&b, 0), "D-1");
    bench_fini(&b);
}

static void
arguments_are_told_apart_by_index_and_type(void **state)
{
    static const struct {
        uint32_t aux;
        const char *text;
        uint32_t key_index;
        bool holds;
    } rows[] = {
        { 0, "abcd1234", 1, true },
        { 1, "abcd1234", 1, false },
        { 0, "abcd1234", 0, false },
        { 0, "abcd123", 1, false },
        { 0, "abcd1234!", 1, false },
        { 256 * DV_ARG_NUMBER, "12345678", 1, false },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct bench b;
        uint32_t call;

        bench_init(&b, CALL_RULE);
        call = add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
        add_to(&b, DV_FACT_ARG, call, rows[i].aux, rows[i].text);
        add_to(&b, DV_FACT_ARG_KEY, call, rows[i].key_index, "throttle=1");
        assert_string_equal(ask(&b, 0), rows[i].holds ? "D-1" : "");
        bench_fini(&b);
    }
}

static void
an_argument_can_be_a_wallet(void **state)
{
    static const struct {
        const char *arg;
        const char *wallet;
        bool holds;
    } rows[] = {
        { "4AbCd", "xmr:4AbCd", true },
        { "4AbCd.rig1", "xmr:4AbCd", true },
        { "4AbCd+1000", "xmr:4AbCd", true },
        { "4AbCde", "xmr:4AbCd", false },
        { "4AbCd", "etn:4AbCd", false },
        { "4AbCd", "xmr:other", false },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct bench b;
        uint32_t call;

        bench_init(&b, "rules:\n" HEAD("D-1", "low")
                       "  match: {call: start, args: [{wallet: xmr}]}\n");
        call = add(&b, DV_FACT_CALL, "start");
        add_to(&b, DV_FACT_ARG, call, 2, rows[i].arg);
        add(&b, DV_FACT_WALLET, rows[i].wallet);
        assert_string_equal(ask(&b, 0), rows[i].holds ? "D-1" : "");
        bench_fini(&b);
    }
}

static void
attributes_must_all_stand_on_one_element(void **state)
{
    struct bench b;
    uint32_t element;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match:\n    element: '{div,a}'\n"
                   "    attrs: ['class=coinhive-miner', 'data-key=**']\n");
    element = add(&b, DV_FACT_ELEMENT, "div");
    add_to(&b, DV_FACT_ATTR, element, 0, "class=coinhive-miner");
    element = add(&b, DV_FACT_ELEMENT, "div");
    add_to(&b, DV_FACT_ATTR, element, 0, "data-key=abc");
    assert_string_equal(ask(&b, 0), "");
    element = add(&b, DV_FACT_ELEMENT, "p");
    add_to(&b, DV_FACT_ATTR, element, 0, "class=coinhive-miner");
    add_to(&b, DV_FACT_ATTR, element, 0, "data-key=abc");
    assert_string_equal(ask(&b, 0), "");
    element = add(&b, DV_FACT_ELEMENT, "a");
    add_to(&b, DV_FACT_ATTR, element, 0, "data-key=abc");
    add_to(&b, DV_FACT_ATTR, element, 0, "class=coinhive-miner");
    assert_string_equal(ask(&b, 0), "D-1");
    /* An attribute of nothing is no crash. */
    add_to(&b, DV_FACT_ATTR, DV_FACT_NONE, 0, "class=coinhive-miner");
    add_to(&b, DV_FACT_ATTR, 999, 0, "class=coinhive-miner");
    assert_string_equal(ask(&b, 0), "");
    bench_fini(&b);
}

/* ---- Numbers ---------------------------------------------------------- */

static void
numbers_are_counted_once_and_modulo_2_to_the_32(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match:\n"
                   "    numbers: [0x6a09e667, 0xbb67ae85, -2, "
                   "0x428a2f98d728ae22]\n"
                   "    at_least: 3\n");
    dv_facts_add_number(&b.facts, 1779033703.0, 1, 1);
    dv_facts_add_number(&b.facts, 1779033703.0, 2, 1);
    dv_facts_add_number(&b.facts, -1150833019.0, 3, 1);  /* 0xbb67ae85 */
    assert_string_equal(ask(&b, 0), "");
    dv_facts_add_number(&b.facts, 1779033703.0, 1, 1);
    dv_facts_add_number(&b.facts, -1150833019.0, 3, 1);
    dv_facts_add_number(&b.facts, 4294967294.0, 3, 1);  /* -2 */
    assert_string_equal(ask(&b, 0), "D-1");
    dv_facts_add_number(&b.facts, 3144134277.0, 1, 1);
    dv_facts_add_number(&b.facts, 4794697086780616226.0, 1, 1);
    dv_facts_add_number(&b.facts, -2.5, 1, 1);
    dv_facts_add_number(&b.facts, (double)NAN, 1, 1);
    dv_facts_add_number(&b.facts, (double)INFINITY, 1, 1);
    assert_string_equal(ask(&b, 0), "");
    dv_facts_add_number(&b.facts, 3144134277.0, 1, 1);
    dv_facts_add_number(&b.facts, 4794697086780616226.0, 1, 1);
    dv_facts_add_number(&b.facts, -2.0, 1, 1);
    assert_string_equal(ask(&b, 0), "D-1");
    bench_fini(&b);
}

/* ---- Conditions ------------------------------------------------------- */

static void
conditions_join_leaves(void **state)
{
    static const struct {
        const char *match;
        const char *words;              /* those that are there */
        bool holds;
    } rows[] = {
        { "all: [{word: aaa}, {word: bbb}]", "aaa bbb", true },
        { "all: [{word: aaa}, {word: bbb}]", "aaa", false },
        { "any: [{word: aaa}, {word: bbb}]", "bbb", true },
        { "any: [{word: aaa}, {word: bbb}]", "ccc", false },
        { "all: [{word: aaa}, {none: [{word: bbb}, {word: ccc}]}]", "aaa",
          true },
        { "all: [{word: aaa}, {none: [{word: bbb}, {word: ccc}]}]",
          "aaa ccc", false },
        { "at_least: 2, of: [{word: aaa}, {word: bbb}, {word: ccc}]",
          "aaa aaa", false },
        { "at_least: 2, of: [{word: aaa}, {word: bbb}, {word: ccc}]",
          "aaa ccc", true },
        { "at_least: 2, of: [{all: [{word: aaa}, {word: bbb}]}, {word: ccc}, "
          "{any: [{word: ddd}, {word: eee}]}]",
          "aaa bbb eee", true },
        { "at_least: 2, of: [{all: [{word: aaa}, {word: bbb}]}, {word: ccc}, "
          "{any: [{word: ddd}, {word: eee}]}]",
          "ddd eee aaa", false },
        { "word: aaa, times: 2", "aaa", false },
        { "word: aaa, times: 2", "aaa bbb aaa", true },
        { "all: [{word: aaa}, {none: [{word: bbb, times: 2}]}]", "aaa bbb",
          true },
        { "all: [{word: aaa}, {none: [{word: bbb, times: 2}]}]",
          "aaa bbb bbb", false },
        { "all: [{none: [{none: [{word: aaa}]}]}]", "aaa", true },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct bench b;
        char rules[600];
        const char *at = rows[i].words;

        snprintf(rules, sizeof(rules), "rules:\n%s  match: {%s}\n",
                 HEAD("D-1", "low"), rows[i].match);
        bench_init(&b, rules);
        for (; *at != '\0'; at += *at == ' ') {
            const size_t n = strcspn(at, " ");

            dv_facts_add(&b.facts, DV_FACT_STRING, dv_span_of(at, n), 1, 1);
            at += n;
        }
        if ((ask(&b, 0)[0] != '\0') != rows[i].holds)
            fail_msg("{%s} on %s", rows[i].match, rows[i].words);
        bench_fini(&b);
    }
}

static void
when_facts_may_be_unreal_none_always_holds(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match: {all: [{word: aaa}, {none: [{word: bbb}]}]}\n");
    add(&b, DV_FACT_STRING, "aaa");
    add(&b, DV_FACT_STRING, "bbb");
    assert_string_equal(ask(&b, 0), "");
    dv_rule_eval_widen(b.eval, true);
    add(&b, DV_FACT_STRING, "aaa");
    add(&b, DV_FACT_STRING, "bbb");
    assert_string_equal(ask(&b, 0), "D-1");
    bench_fini(&b);
}

static void
artifact_rules_start_anew_in_each_artifact(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match: {all: [{word: aaa}, {word: bbb}]}\n");
    add(&b, DV_FACT_STRING, "aaa");
    assert_string_equal(ask(&b, 0), "");
    add(&b, DV_FACT_STRING, "bbb");
    assert_string_equal(ask(&b, 1), "");
    for (uint32_t i = 2; i < 4; i++) {
        add(&b, DV_FACT_STRING, "bbb");
        add(&b, DV_FACT_STRING, "aaa");
        assert_string_equal(ask(&b, i), "D-1");
    }
    bench_fini(&b);
}

static void
page_rules_ask_all_artifacts_together(void **state)
{
    struct bench b;
    const struct dv_rule_hit *hits;
    size_t count;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("D-1", "low") "  scope: page\n"
                   "  match:\n    all:\n    - none: [{word: zzz}]\n"
                   "    - {word: aaa, times: 3}\n    - word: bbb\n"
                   HEAD("D-2", "low") "  scope: page\n"
                   "  match: {numbers: [1, 2], at_least: 2}\n");
    for (int round = 0; round < 2; round++) {
        dv_rule_eval_begin(b.eval, NULL);
        add(&b, DV_FACT_STRING, "bbb");
        dv_facts_add_number(&b.facts, 1, 1, 1);
        assert_string_equal(ask(&b, 3), "");
        add(&b, DV_FACT_STRING, "x");
        dv_facts_add(&b.facts, DV_FACT_STRING, DV_SPAN_LIT("aaa"), 77, 5);
        add(&b, DV_FACT_STRING, "aaa");
        assert_string_equal(ask(&b, 4), "");
        add(&b, DV_FACT_STRING, "aaa");
        dv_facts_add_number(&b.facts, 2, 1, 1);
        assert_string_equal(ask(&b, 5), "");
        assert_int_equal(dv_rule_eval_end(b.eval), DAVY_OK);
        hits = dv_rule_eval_hits(b.eval, &count);
        assert_int_equal(count, 2);
        assert_int_equal(hits[0].artifact, 4);
        assert_int_equal(hits[0].at, 77);
        assert_int_equal(hits[0].len, 5);
        assert_true(dv_span_equal_cstr(hits[0].text, "aaa"));
        assert_int_equal(hits[1].artifact, 3);
    }
    dv_rule_eval_begin(b.eval, NULL);
    assert_int_equal(dv_rule_eval_end(b.eval), DAVY_OK);
    dv_rule_eval_hits(b.eval, &count);
    assert_int_equal(count, 0);
    bench_fini(&b);
}

static void
a_hit_stands_where_the_first_leaf_of_the_rule_matched(void **state)
{
    struct bench b;
    const struct dv_rule_hit *hits;
    char text[301];
    size_t count;

    (void)state;
    memset(text, 'y', 300);
    memcpy(text, "bbb", 3);
    text[300] = '\0';
    bench_init(&b, "rules:\n" HEAD("D-1", "low")
                   "  match:\n    any:\n    - word: zzz\n"
                   "    - string: {starts: bbb}\n    - word: aaa\n");
    dv_facts_add(&b.facts, DV_FACT_STRING, DV_SPAN_LIT("aaa"), 10, 3);
    dv_facts_add(&b.facts, DV_FACT_STRING, dv_span_cstr(text), 20, 4);
    dv_facts_add(&b.facts, DV_FACT_STRING, dv_span_cstr(text), 30, 5);
    assert_string_equal(ask(&b, 9), "D-1");
    hits = dv_rule_eval_hits(b.eval, &count);
    assert_int_equal(hits[0].at, 20);
    assert_int_equal(hits[0].len, 4);
    assert_int_equal(hits[0].text.len, DV_EVIDENCE_BYTES);
    assert_int_equal(hits[0].list_line.len, 0);
    bench_fini(&b);
}

static void
deprecated_rules_are_listed_but_never_asked(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, "rules:\n- id: D-1\n  title: t\n  layer: api\n"
                   "  severity: low\n  confidence: low\n"
                   "  status: deprecated\n  since: 1.0.0\n  fix: f\n"
                   "  match: {any: [{word: aaa}, {numbers: [1]}]}\n");
    add(&b, DV_FACT_STRING, "aaa");
    dv_facts_add_number(&b.facts, 1, 1, 1);
    assert_string_equal(ask(&b, 0), "");
    assert_int_equal(dv_ruleset_rules_count(b.set), 1);
    bench_fini(&b);
}

/* ---- Lists ------------------------------------------------------------ */

static void
add_list(struct dv_builder *builder, const char *name, const char *text,
         davy_confidence confidence, bool is_allow_list)
{
    const davy_list_options options = {
        .struct_size = sizeof(options),
        .format = DAVY_LIST_ABP,
        .confidence = confidence,
        .name = name,
        .is_allow_list = is_allow_list,
    };

    assert_int_equal(dv_builder_add_list_bytes(builder, name,
                                               dv_span_cstr(text), &options),
                     DAVY_OK);
}

static void
lists_bench_init(struct bench *b)
{
    struct dv_builder *builder;

    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_arena_init(&b->arena, &b->mem);
    b->limits = (davy_limits){ .hits = 100 };
    assert_int_equal(dv_builder_new(NULL, &builder), DAVY_OK);
    add_list(builder, "first", "! title\n||miner.example^\n||b.example^\n",
             DAVY_CONFIDENCE_MEDIUM, false);
    add_list(builder, "good", "||ok.miner.example^\n", DAVY_CONFIDENCE_LOW,
             true);
    add_list(builder, "second", "||miner.example^$third-party\n",
             DAVY_CONFIDENCE_HIGH, false);
    assert_int_equal(dv_builder_build(builder, &b->set), DAVY_OK);
    dv_builder_free(builder);
    assert_int_equal(dv_rule_eval_new(b->set, &b->mem, &b->limits, &b->eval),
                     DAVY_OK);
    dv_facts_init(&b->facts, &b->mem, &b->arena, 100000);
    dv_rule_eval_begin(b->eval, NULL);
}

static void
a_list_acts_as_a_rule(void **state)
{
    struct bench b;
    const struct dv_rule_hit *hits;
    const struct dv_rule *rule;
    size_t count;

    (void)state;
    lists_bench_init(&b);
    assert_int_equal(dv_ruleset_rules_count(b.set), 2);
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT,
           "https://x.miner.example/a.js");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT,
           "https://y.miner.example/a.js");
    assert_string_equal(ask(&b, 0), "LIST-1 LIST-3");
    hits = dv_rule_eval_hits(b.eval, &count);
    assert_true(dv_span_equal_cstr(hits[0].list_line, "||miner.example^"));
    assert_true(dv_span_equal_cstr(hits[0].text,
                                   "https://x.miner.example/a.js"));
    assert_int_equal(hits[1].list_line.len, 0);
    rule = dv_ruleset_rule_at(b.set, hits[0].rule);
    assert_true(rule->is_list);
    assert_string_equal(rule->info.title, "Address on the list first");
    assert_string_equal(rule->info.layer, "address");
    assert_string_equal(rule->info.confidence, "medium");
    assert_int_equal(rule->info.score, 40);
    bench_fini(&b);
}

static void
links_allowed_and_relative_addresses_are_no_findings(void **state)
{
    struct bench b;

    (void)state;
    lists_bench_init(&b);
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_LINK,
           "https://miner.example/");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT,
           "https://ok.miner.example/");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT,
           "//miner.example/");
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT, "");
    assert_string_equal(ask(&b, 0), "");
    bench_fini(&b);
}

static void
the_document_decides_what_is_third_party(void **state)
{
    struct bench b;
    struct dv_url document;

    (void)state;
    lists_bench_init(&b);
    assert_int_equal(dv_url_parse(&document, &b.arena,
                                  DV_SPAN_LIT("https://www.miner.example/"),
                                  NULL),
                     DAVY_OK);
    dv_rule_eval_begin(b.eval, &document);
    add_to(&b, DV_FACT_URL, DV_FACT_NONE, DAVY_KIND_SCRIPT,
           "https://miner.example/");
    assert_string_equal(ask(&b, 0), "LIST-1");
    bench_fini(&b);
}

/* ---- Floods ----------------------------------------------------------- */

static void
a_flood_of_matching_calls_is_cut_off_and_said(void **state)
{
    struct bench b;
    size_t count;

    (void)state;
    bench_init(&b, CALL_RULE);
    for (int i = 0; i < 200000; i++)
        add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
    assert_int_equal(dv_rule_eval_artifact(b.eval, &b.facts, 0), DAVY_LIMIT);
    dv_rule_eval_hits(b.eval, &count);
    assert_int_equal(count, 0);
    dv_facts_clear(&b.facts);
    /* The next artifact is asked as if nothing had been. */
    arguments_must_all_hold_for_one_call(state);
    bench_fini(&b);
}

static void
a_flood_of_atoms_does_not_hide_what_is_real(void **state)
{
    static const char piece[] = "CoinHive.Anonymous coinhive";
    const size_t n = 4000000;
    struct bench b;
    uint32_t call;

    (void)state;
    bench_init(&b, CALL_RULE);
    for (int i = 0; i < 100000; i++) {
        add(&b, DV_FACT_STRING, "CoinHive.Anonymous");
        add(&b, DV_FACT_NEW, "xCoinHive.Anonymous");
    }
    dv_facts_open(&b.facts);
    for (size_t i = 0; i < n; i += sizeof(piece))
        dv_facts_write(&b.facts, dv_span_cstr(piece));
    dv_facts_commit(&b.facts, DV_FACT_NEW, DV_FACT_NONE, 0, 1, 1);
    call = add(&b, DV_FACT_NEW, "coinhive.Anonymous");
    add_to(&b, DV_FACT_ARG_KEY, call, 1, "throttle");
    add_to(&b, DV_FACT_ARG, call, 0, "abcd1234");
    assert_string_equal(ask(&b, 0), "D-1");
    bench_fini(&b);
}

static void
the_work_that_facts_can_cost_is_bounded(void **state)
{
    static char rules[60000];
    struct bench b;
    size_t at;

    (void)state;
    at = (size_t)snprintf(rules, sizeof(rules), "rules:\n%s  match:\n    any:\n",
                          HEAD("D-1", "low"));
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(rules + at, sizeof(rules) - at,
                               "    - string: '**abcd*%d**x'\n", i);
    bench_init(&b, rules);
    dv_facts_open(&b.facts);
    for (int i = 0; i < 500000; i++)
        dv_facts_write(&b.facts, DV_SPAN_LIT("abcd"));
    dv_facts_commit(&b.facts, DV_FACT_STRING, DV_FACT_NONE, 0, 1, 1);
    assert_int_equal(dv_rule_eval_artifact(b.eval, &b.facts, 0), DAVY_LIMIT);
    bench_fini(&b);
}

/* ---- Atoms ------------------------------------------------------------ */

static uint32_t seed;

static uint32_t
next_random(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static size_t
random_text(char *out, const char *const *pieces, uint32_t count,
            uint32_t least)
{
    const uint32_t n = least + next_random(4);
    size_t at = 0;

    for (uint32_t i = 0; i < n; i++) {
        const char *piece = pieces[next_random(count)];

        memcpy(out + at, piece, strlen(piece) + 1);
        at += strlen(piece);
    }
    return at;
}

/* A leaf of the language with a random pattern. */
static void
random_leaf(char *out, size_t size)
{
    static const char *const leaves[] = { "word", "string", "member", "key",
                                          "call", "url", "attr" };
    static const char *const forms[] = { "glob", "equals", "contains",
                                         "starts", "ends", "regex" };
    static const char *const pieces[] = { "abc", "ab", "B", ".", "=", "xyz" };
    static const char *const globs[] = { "abc", "ab", "B", ".", "*", "**",
                                         "{abc,xyz}", "{ab,B}" };
    static const char *const regexes[] = { "abc", "ab", "B?", ".", "(abc|xyz)",
                                           "[a-c]", "x+", "^", "$" };
    const uint32_t form = next_random(6);
    char text[100];

    if (form == 0)
        random_text(text, globs, 8, 1);
    else if (form == 5)
        random_text(text, regexes, 9, 1);
    else
        random_text(text, pieces, 6, 1);
    snprintf(out, size, "{%s: {%s: '%s', nocase: %s}}",
             leaves[next_random(7)], forms[form], text,
             next_random(3) == 0 ? "true" : "false");
}

/* A file of those random leaves that the language accepts. */
static unsigned
random_rules(char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "rules:\n");
    unsigned n = 0;

    while (n < 90) {
        char leaf[200];
        char rule[500];
        char file[520];
        struct dv_builder *builder;

        random_leaf(leaf, sizeof(leaf));
        snprintf(rule, sizeof(rule), HEAD("D-%u", "low") "  match: %s\n",
                 100 + n, leaf);
        snprintf(file, sizeof(file), "rules:\n%s", rule);
        assert_int_equal(dv_builder_new(NULL, &builder), DAVY_OK);
        if (dv_builder_add_rules_bytes(builder, "r", dv_span_cstr(file))
            == DAVY_OK) {
            at += (size_t)snprintf(out + at, size - at, "%s", rule);
            n++;
        }
        dv_builder_free(builder);
    }
    return n;
}

/* What a leaf says to one fact, by the words of the language. */
static bool
leaf_matches(struct dv_match_scratch *scratch, const struct dv_leaf *leaf,
             enum dv_fact_kind kind, struct dv_span text)
{
    const enum dv_leaf_view view = dv_leaf_view(leaf->type, kind);
    bool is_match = false;

    if (view == DV_VIEW_NONE)
        return false;
    if (view == DV_VIEW_NAME)
        text = dv_span_slice(text, 0, dv_span_find_byte(text, '='));
    while (view == DV_VIEW_SEGMENT
           && dv_span_find_byte(text, '.') != text.len)
        dv_span_skip(&text, dv_span_find_byte(text, '.') + 1);
    if (leaf->pattern.regex != NULL) {
        assert_int_equal(dv_match_regex_test(leaf->pattern.regex, scratch,
                                             text, &is_match),
                         DAVY_OK);
        return is_match;
    }
    for (uint32_t i = 0; i < leaf->pattern.globs.count; i++)
        is_match |= dv_glob_test(&leaf->pattern.globs.at[i], text);
    return is_match;
}

static void
atoms_miss_nothing_that_a_pattern_matches(void **state)
{
    static const char *const pieces[] = { "abc", "ab", "B", ".", "=", "xyz",
                                          "ABC", "x", "\n" };
    static const enum dv_fact_kind kinds[] = {
        DV_FACT_STRING, DV_FACT_MEMBER, DV_FACT_KEY, DV_FACT_ARG_KEY,
        DV_FACT_CALL, DV_FACT_URL, DV_FACT_ATTR, DV_FACT_ARG,
    };
    static char rules[60000];
    struct dv_match_scratch *scratch;
    struct bench b;
    unsigned held = 0;

    (void)state;
    seed = 7;
    random_rules(rules, sizeof(rules));
    bench_init(&b, rules);
    assert_int_equal(dv_match_scratch_new(&b.mem, &scratch), DAVY_OK);
    for (int round = 0; round < 4000; round++) {
        const enum dv_fact_kind kind = kinds[next_random(8)];
        char expected[1000] = "";
        char text[60];
        size_t n = 0;

        random_text(text, pieces, 9, 1);
        for (size_t i = 0; i < b.set->leaves.len; i++) {
            const struct dv_leaf *leaf = dv_ruleset_leaf_at(b.set, i);

            if (leaf_matches(scratch, leaf, kind, dv_span_cstr(text)))
                n += (size_t)snprintf(
                    expected + n, sizeof(expected) - n, "%s%s",
                    n == 0 ? "" : " ",
                    dv_ruleset_rule_at(b.set, leaf->rule)->info.id);
        }
        add(&b, DV_FACT_DEFINE, "abc.xyz");
        add(&b, kind, text);
        add(&b, DV_FACT_DEFINE, "abc.xyz");
        assert_string_equal(ask(&b, 0), expected);
        held += n != 0;
    }
    assert_true(held > 500);
    dv_match_scratch_free(scratch);
    bench_fini(&b);
}

/* ---- Memory ----------------------------------------------------------- */

static davy_status
evaluate(const davy_allocator *hooks, void *ctx)
{
    struct bench *b = ctx;
    struct dv_mem mem;
    struct dv_rule_eval *eval;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    st = dv_rule_eval_new(b->set, &mem, &b->limits, &eval);
    if (st != DAVY_OK)
        return st;
    dv_rule_eval_begin(eval, NULL);
    st = dv_rule_eval_artifact(eval, &b->facts, 1);
    if (st == DAVY_OK)
        st = dv_rule_eval_artifact(eval, &b->facts, 2);
    if (st == DAVY_OK)
        st = dv_rule_eval_end(eval);
    dv_rule_eval_free(eval);
    assert_int_equal(mem.used, 0);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    struct bench b;
    uint32_t call;

    (void)state;
    bench_init(&b, CALL_RULE HEAD("D-2", "low") "  scope: page\n"
                   "  match: {all: [{word: aaa}, {numbers: [1]}]}\n"
                   HEAD("D-3", "low")
                   "  match: {call: startIt, args: [{wallet: any}]}\n");
    call = add(&b, DV_FACT_NEW, "CoinHive.Anonymous");
    add_to(&b, DV_FACT_ARG_KEY, call, 1, "throttle");
    add_to(&b, DV_FACT_ARG, call, 0, "abcd1234");
    call = add(&b, DV_FACT_CALL, "startIt");
    add_to(&b, DV_FACT_ARG, call, 0, "aaa");
    add(&b, DV_FACT_WALLET, "xmr:aaa");
    dv_facts_add_number(&b.facts, 1, 1, 1);
    assert_int_equal(evaluate(NULL, &b), DAVY_OK);
    oom_sweep(evaluate, &b, 200);
    bench_fini(&b);
}

static void
further_places_are_kept_when_they_are_wanted(void **state)
{
    struct bench b;
    size_t count;
    const struct dv_rule_echo *echoes;

    (void)state;
    bench_init(&b, "rules:\n" HEAD("T-1", "low") "  match:\n    all:\n"
                   "    - url: {contains: 'evil'}\n"
                   "    - word: {equals: 'proof'}\n");
    for (int wanted = 0; wanted < 2; wanted++) {
        dv_rule_eval_begin(b.eval, NULL);
        dv_rule_eval_keep(b.eval, wanted != 0);
        add(&b, DV_FACT_URL, "https://evil.example/1");
        add(&b, DV_FACT_STRING, "proof");
        add(&b, DV_FACT_URL, "https://evil.example/2");
        add(&b, DV_FACT_URL, "https://good.example/");
        add(&b, DV_FACT_STRING, "proof");
        add(&b, DV_FACT_URL, "https://evil.example/3");
        assert_string_equal(ask(&b, 0), "T-1");
        echoes = dv_rule_eval_echoes(b.eval, &count);
        assert_int_equal(count, wanted ? 2 : 0);
        if (wanted)
            assert_true(echoes[0].at < echoes[1].at && echoes[0].len == 1);
    }
    /* A rule that does not hold has no places. */
    dv_rule_eval_begin(b.eval, NULL);
    dv_rule_eval_keep(b.eval, true);
    add(&b, DV_FACT_URL, "https://evil.example/1");
    add(&b, DV_FACT_URL, "https://evil.example/2");
    assert_string_equal(ask(&b, 0), "");
    (void)dv_rule_eval_echoes(b.eval, &count);
    assert_int_equal(count, 0);
    bench_fini(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_look_at_facts_of_their_kinds),
        cmocka_unit_test(a_string_leaf_asks_string_arguments_only),
        cmocka_unit_test(kinds_narrow_an_address),
        cmocka_unit_test(arguments_must_all_hold_for_one_call),
        cmocka_unit_test(arguments_are_told_apart_by_index_and_type),
        cmocka_unit_test(an_argument_can_be_a_wallet),
        cmocka_unit_test(attributes_must_all_stand_on_one_element),
        cmocka_unit_test(numbers_are_counted_once_and_modulo_2_to_the_32),
        cmocka_unit_test(conditions_join_leaves),
        cmocka_unit_test(when_facts_may_be_unreal_none_always_holds),
        cmocka_unit_test(artifact_rules_start_anew_in_each_artifact),
        cmocka_unit_test(page_rules_ask_all_artifacts_together),
        cmocka_unit_test(
            a_hit_stands_where_the_first_leaf_of_the_rule_matched),
        cmocka_unit_test(further_places_are_kept_when_they_are_wanted),
        cmocka_unit_test(deprecated_rules_are_listed_but_never_asked),
        cmocka_unit_test(a_list_acts_as_a_rule),
        cmocka_unit_test(links_allowed_and_relative_addresses_are_no_findings),
        cmocka_unit_test(the_document_decides_what_is_third_party),
        cmocka_unit_test(a_flood_of_matching_calls_is_cut_off_and_said),
        cmocka_unit_test(a_flood_of_atoms_does_not_hide_what_is_real),
        cmocka_unit_test(the_work_that_facts_can_cost_is_bounded),
        cmocka_unit_test(atoms_miss_nothing_that_a_pattern_matches),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

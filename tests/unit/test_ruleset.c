/* SPDX-License-Identifier: MIT */
/* test_ruleset.c - builders, packs, what a ruleset tells, sharing it. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <davy/davy.h>

#include "base/sha256.h"
#include "rule/builder.h"
#include "rule/rule_eval.h"
#include "support/oom.h"

static const char two_rules[]
    = "rules:\n"
      "- id: DAVY-2\n  title: Second\n  layer: code\n  severity: low\n"
      "  confidence: medium\n  status: experimental\n  since: 2026.11.0\n"
      "  fix: Remove it\n  match: {word: {regex: 'hash(rate|es)'}}\n"
      "- id: DAVY-1\n  title: First\n  family: coinhive\n  layer: api\n"
      "  severity: critical\n  confidence: conclusive\n  score: 75\n"
      "  status: stable\n  since: 2026.11.0\n  fix: Remove the script\n"
      "  mitre: [T1496.001, T1496]\n  references: ['https://a.example/']\n"
      "  falsepositives: [Articles, Tests]\n"
      "  match:\n    all:\n    - call: 'new CoinHive.{Anonymous,User}'\n"
      "    - numbers: [1, 2]\n    - element: script\n"
      "      attrs: ['src=**coinhive**']\n"
      "  tests:\n"
      "  - detect: |\n      <script></script>\n"
      "  - ignore: |\n      https://a.example/x\n    type: url\n"
      "    address: https://b.example/\n";

static davy_ruleset *
build_two_rules(void)
{
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;

    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "two.yaml",
                                                   two_rules,
                                                   sizeof(two_rules) - 1),
                     DAVY_OK);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_OK);
    davy_builder_free(builder);
    return ruleset;
}

static void
a_ruleset_tells_about_its_rules_in_order_of_id(void **state)
{
    davy_ruleset *ruleset = build_two_rules();
    davy_rule_info info;

    (void)state;
    assert_int_equal(davy_ruleset_rules_count(ruleset), 2);
    assert_int_equal(davy_ruleset_rule(ruleset, 0, &info), DAVY_OK);
    assert_string_equal(info.id, "DAVY-1");
    assert_string_equal(info.title, "First");
    assert_string_equal(info.family, "coinhive");
    assert_string_equal(info.severity, "critical");
    assert_string_equal(info.confidence, "conclusive");
    assert_string_equal(info.status, "stable");
    assert_string_equal(info.layer, "api");
    assert_string_equal(info.since, "2026.11.0");
    assert_string_equal(info.fix, "Remove the script");
    assert_string_equal(info.source, "two.yaml");
    assert_int_equal(info.line, 11);
    assert_int_equal(info.score, 75);
    assert_int_equal(info.mitre_count, 2);
    assert_string_equal(info.mitre[1], "T1496");
    assert_int_equal(info.references_count, 1);
    assert_string_equal(info.references[0], "https://a.example/");
    assert_int_equal(info.falsepositives_count, 2);
    assert_string_equal(info.falsepositives[1], "Tests");
    assert_int_equal(info.tests_count, 2);
    assert_int_equal(davy_ruleset_rule(ruleset, 1, &info), DAVY_OK);
    assert_string_equal(info.id, "DAVY-2");
    assert_string_equal(info.family, "");
    assert_int_equal(info.score, 35);
    assert_int_equal(info.mitre_count, 0);
    assert_int_equal(info.tests_count, 0);
    assert_int_equal(davy_ruleset_rule(ruleset, 2, &info), DAVY_NOT_FOUND);
    davy_ruleset_unref(ruleset);
}

static void
a_ruleset_hands_out_the_tests_of_its_rules(void **state)
{
    davy_ruleset *ruleset = build_two_rules();
    davy_rule_test test;

    (void)state;
    assert_int_equal(davy_ruleset_rule_test(ruleset, 0, 0, &test), DAVY_OK);
    assert_true(test.must_detect);
    assert_string_equal(test.bytes, "<script></script>\n");
    assert_int_equal(test.length, 18);
    assert_string_equal(test.type, "");
    assert_string_equal(test.address, "");
    assert_int_equal(davy_ruleset_rule_test(ruleset, 0, 1, &test), DAVY_OK);
    assert_false(test.must_detect);
    assert_string_equal(test.bytes, "https://a.example/x");
    assert_int_equal(test.length, 19);
    assert_string_equal(test.type, "url");
    assert_string_equal(test.address, "https://b.example/");
    assert_int_equal(davy_ruleset_rule_test(ruleset, 0, 2, &test),
                     DAVY_NOT_FOUND);
    assert_int_equal(davy_ruleset_rule_test(ruleset, 1, 0, &test),
                     DAVY_NOT_FOUND);
    assert_int_equal(davy_ruleset_rule_test(ruleset, 2, 0, &test),
                     DAVY_NOT_FOUND);
    davy_ruleset_unref(ruleset);
}

static void
scores_follow_confidence_and_layer(void **state)
{
    (void)state;
    assert_int_equal(dv_rule_score(DAVY_CONFIDENCE_LOW), 10);
    assert_int_equal(dv_rule_score(DAVY_CONFIDENCE_MEDIUM), 35);
    assert_int_equal(dv_rule_score(DAVY_CONFIDENCE_HIGH), 60);
    assert_int_equal(dv_rule_score(DAVY_CONFIDENCE_CONCLUSIVE), 80);
    assert_int_equal(dv_rule_list_score(DAVY_CONFIDENCE_LOW), 10);
    assert_int_equal(dv_rule_list_score(DAVY_CONFIDENCE_MEDIUM), 40);
    assert_int_equal(dv_rule_list_score(DAVY_CONFIDENCE_HIGH), 60);
    assert_int_equal(dv_rule_list_score(DAVY_CONFIDENCE_CONCLUSIVE), 80);
}

static void
wrong_calls_are_misuse_and_change_nothing(void **state)
{
    davy_allocator hooks = { .struct_size = sizeof(hooks) };
    davy_builder_options options = { sizeof(options), &hooks };
    davy_list_options list = { .struct_size = 0 };
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    davy_slot *slot = NULL;
    davy_rule_info info;

    (void)state;
    assert_int_equal(davy_builder_new(NULL, NULL), DAVY_MISUSE);
    assert_int_equal(davy_builder_new(&options, &builder), DAVY_MISUSE);
    options.struct_size = 0;
    assert_int_equal(davy_builder_new(&options, &builder), DAVY_MISUSE);
    assert_null(builder);
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_pack(NULL, "x"), DAVY_MISUSE);
    assert_int_equal(davy_builder_add_pack(builder, NULL), DAVY_MISUSE);
    assert_int_equal(davy_builder_add_rules(builder, NULL), DAVY_MISUSE);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "x", NULL, 1),
                     DAVY_MISUSE);
    assert_int_equal(davy_builder_add_list(builder, "x", NULL), DAVY_MISUSE);
    assert_int_equal(davy_builder_add_list(builder, "x", &list), DAVY_MISUSE);
    list.struct_size = sizeof(list);
    list.confidence = (davy_confidence)7;
    assert_int_equal(davy_builder_add_list_buffer(builder, "x", "", 0, &list),
                     DAVY_MISUSE);
    assert_int_equal(davy_builder_build(builder, NULL), DAVY_MISUSE);
    assert_int_equal(davy_messages_count(davy_builder_messages(builder)), 0);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_OK);
    assert_int_equal(davy_ruleset_rule(NULL, 0, &info), DAVY_MISUSE);
    assert_int_equal(davy_ruleset_rule(ruleset, 0, NULL), DAVY_MISUSE);
    assert_int_equal(davy_slot_new(NULL, &slot), DAVY_MISUSE);
    assert_int_equal(davy_slot_swap(NULL, ruleset), DAVY_MISUSE);
    assert_null(davy_slot_get(NULL));
    davy_slot_free(NULL);
    davy_builder_free(NULL);
    davy_ruleset_unref(NULL);
    davy_builder_free(builder);
    assert_string_equal(davy_ruleset_pack_name(ruleset), "");
    davy_ruleset_unref(ruleset);
}

/* ---- Packs ------------------------------------------------------------ */

/* A directory that is taken away at the end. */
struct folder {
    char path[60];
};

static void
folder_init(struct folder *folder)
{
    static unsigned number;
    char name[100];

    snprintf(folder->path, sizeof(folder->path), "./test-pack-%ld-%u",
             (long)getpid(), number++);
    assert_int_equal(mkdir(folder->path, 0700), 0);
    snprintf(name, sizeof(name), "%s/rules", folder->path);
    assert_int_equal(mkdir(name, 0700), 0);
}

static void
folder_fini(struct folder *folder)
{
    static const char *const names[] = { "pack.yaml", "rules/a.yaml", "l.txt",
                                         "ok.txt", "rules", "" };
    char name[100];

    for (size_t i = 0; i < DV_COUNT_OF(names); i++) {
        snprintf(name, sizeof(name), "%s/%s", folder->path, names[i]);
        (void)remove(name);
    }
}

static void
write_file(const struct folder *folder, const char *name, const char *text)
{
    char path[100];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
}

static void
digest_of(const char *text, char hex[65])
{
    uint8_t digest[DV_SHA256_SIZE];
    struct dv_sha256 sha;

    dv_sha256_begin(&sha);
    dv_sha256_feed(&sha, dv_span_cstr(text));
    dv_sha256_finish(&sha, digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static const char list_text[] = "||miner.example^\nminer##cosmetic\n";
static const char allow_text[] = "good.miner.example\n";

static void
write_pack(const struct folder *folder, const char *min_engine,
           const char *spoiled)
{
    char text[3000];
    char rules[65];
    char list[65];
    char allow[65];

    digest_of(two_rules, rules);
    digest_of(list_text, list);
    digest_of(allow_text, allow);
    write_file(folder, "rules/a.yaml", two_rules);
    write_file(folder, "l.txt", list_text);
    write_file(folder, "ok.txt", allow_text);
    snprintf(text, sizeof(text),
             "name: davy-core\nversion: 2026.11.0\nsequence: 1\n"
             "min_engine: %s\nlicence: MIT\nfiles:\n"
             "- {path: rules/a.yaml, kind: rules, sha256: %s}\n"
             "- path: l.txt\n  kind: abp\n  id: DAVY-L001\n"
             "  title: Address of a known miner\n  severity: high\n"
             "  confidence: high\n  family: ''\n  fix: Remove it\n"
             "  source: here\n  sha256: %s\n"
             "- path: ok.txt\n  kind: hosts\n  role: allow\n  id: DAVY-A001\n"
             "  title: Known good\n  sha256: %s\n%s",
             min_engine, rules, list, allow, spoiled);
    write_file(folder, "pack.yaml", text);
}

static void
print_messages(const davy_messages *messages, const char *folder, char *out,
               size_t size)
{
    const size_t skip = strlen(folder) + 1;
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        n += (size_t)snprintf(out + n, size - n, "%s:%u:%u: %s\n",
                              m->source + skip, (unsigned)m->line,
                              (unsigned)m->column, m->text);
    }
}

static void
a_pack_brings_rules_and_lists(void **state)
{
    struct folder folder;
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;
    davy_rule_info info;
    davy_list_info list;

    (void)state;
    folder_init(&folder);
    write_pack(&folder, "0.1.0", "");
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_pack(builder, folder.path), DAVY_OK);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_OK);
    assert_int_equal(davy_messages_count(davy_builder_messages(builder)), 0);
    davy_builder_free(builder);
    assert_string_equal(davy_ruleset_pack_name(ruleset), "davy-core");
    assert_string_equal(davy_ruleset_pack_version(ruleset), "2026.11.0");
    assert_int_equal(davy_ruleset_rules_count(ruleset), 3);
    assert_int_equal(davy_ruleset_rule(ruleset, 2, &info), DAVY_OK);
    assert_string_equal(info.id, "DAVY-L001");
    assert_string_equal(info.title, "Address of a known miner");
    assert_string_equal(info.severity, "high");
    assert_string_equal(info.layer, "address");
    assert_string_equal(info.fix, "Remove it");
    assert_int_equal(info.score, 60);
    assert_int_equal(info.line, 8);
    assert_int_equal(davy_ruleset_lists_count(ruleset), 2);
    assert_int_equal(davy_ruleset_list(ruleset, 0, &list), DAVY_OK);
    assert_string_equal(list.name, "Address of a known miner");
    assert_string_equal(list.confidence, "high");
    assert_int_equal(list.entries, 1);
    assert_int_equal(list.skipped, 1);
    assert_int_equal(davy_ruleset_list(ruleset, 2, &list), DAVY_NOT_FOUND);
    davy_ruleset_unref(ruleset);
    folder_fini(&folder);
}

static void
what_is_wrong_with_a_pack_is_said(void **state)
{
    static const struct {
        const char *min_engine;
        const char *spoiled;
        const char *messages;
        davy_status status;
    } rows[] = {
        { "0.2.0", "",
          "pack.yaml:4:13: the pack needs davy 0.2.0, this is 0.1.0\n",
          DAVY_BAD_RULES },
        { "0.1.0",
          "- {path: ../x, kind: rules, sha256: 00}\n",
          "pack.yaml:24:10: \"../x\" is no path inside the pack\n"
          "pack.yaml:24:37: \"00\" is no SHA-256 digest\n",
          DAVY_BAD_RULES },
        { "0.1.0",
          "- {path: l.txt, kind: hosts, id: DAVY-L001, title: x, severity: "
          "low, confidence: low, sha256: "
          "00000000000000000000000000000000000000000000000000000000000000"
          "00}\n",
          "l.txt:0:0: the file's digest is not the one in pack.yaml\n",
          DAVY_BAD_RULES },
        { "0.1.0",
          "- {path: none.txt, kind: hosts, id: DAVY-L009, title: x, role: "
          "allow, sha256: "
          "00000000000000000000000000000000000000000000000000000000000000"
          "00}\n",
          "none.txt:0:0: the file cannot be read: No such file or "
          "directory\n",
          DAVY_IO },
        { "0.1.0",
          "- {path: l.txt, kind: abp, id: DAVY-L009, title: x, sha256: "
          "00000000000000000000000000000000000000000000000000000000000000"
          "00}\n",
          "pack.yaml:24:3: a list that blocks needs the key \"severity\"\n"
          "pack.yaml:24:3: a list that blocks needs the key "
          "\"confidence\"\n",
          DAVY_BAD_RULES },
        { "0.1.0", "- {path: l.txt, kind: yaml}\n",
          "pack.yaml:24:3: a list of a pack needs the key \"sha256\"\n"
          "pack.yaml:24:3: a list of a pack needs the key \"id\"\n"
          "pack.yaml:24:3: a list of a pack needs the key \"title\"\n"
          "pack.yaml:24:3: a list that blocks needs the key \"severity\"\n"
          "pack.yaml:24:3: a list that blocks needs the key "
          "\"confidence\"\n"
          "pack.yaml:24:23: \"yaml\" is none of rules, abp, hosts, standin\n",
          DAVY_BAD_RULES },
        { "0.1.0", "- x\nsigned: y\n",
          "pack.yaml:24:3: a file of a pack must be a mapping\n"
          "pack.yaml:25:1: unknown key \"signed\" in a pack\n",
          DAVY_BAD_RULES },
    };
    struct folder folder;

    (void)state;
    folder_init(&folder);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        davy_builder *builder;
        char messages[1500];

        write_pack(&folder, rows[i].min_engine, rows[i].spoiled);
        assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
        assert_int_equal(davy_builder_add_pack(builder, folder.path),
                         rows[i].status);
        print_messages(davy_builder_messages(builder), folder.path, messages,
                       sizeof(messages));
        assert_string_equal(messages, rows[i].messages);
        davy_builder_free(builder);
    }
    folder_fini(&folder);
}

static void
an_id_is_taken_once_over_all_files(void **state)
{
    struct folder folder;
    davy_builder *builder;
    const davy_message *message;

    (void)state;
    folder_init(&folder);
    write_pack(&folder, "0.1.0", "");
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "two.yaml",
                                                   two_rules,
                                                   sizeof(two_rules) - 1),
                     DAVY_OK);
    assert_int_equal(davy_builder_add_pack(builder, folder.path),
                     DAVY_BAD_RULES);
    assert_int_equal(davy_messages_count(davy_builder_messages(builder)), 2);
    message = davy_messages_at(davy_builder_messages(builder), 0);
    assert_string_equal(message->text,
                        "the id DAVY-2 is taken by two.yaml:2");
    assert_int_equal(message->line, 2);
    davy_builder_free(builder);
    folder_fini(&folder);
}

static void
a_directory_or_nothing_is_no_file_of_rules(void **state)
{
    davy_builder *builder;

    (void)state;
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules(builder, "."), DAVY_IO);
    assert_int_equal(davy_builder_add_pack(builder, "/nowhere/at/all"),
                     DAVY_IO);
    assert_int_equal(davy_messages_count(davy_builder_messages(builder)), 2);
    davy_builder_free(builder);
}

static void
bad_lines_of_a_list_are_warnings(void **state)
{
    const davy_list_options options = {
        .struct_size = sizeof(options),
        .format = DAVY_LIST_ABP,
        .confidence = DAVY_CONFIDENCE_HIGH,
        .name = "mine",
    };
    static const char text[] = "||a.example^$nonsense\n||b.example^\n";
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;
    const davy_message *message;
    davy_list_info info;

    (void)state;
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_list_buffer(builder, "l.txt", text,
                                                  sizeof(text) - 1, &options),
                     DAVY_OK);
    assert_int_equal(davy_messages_count(davy_builder_messages(builder)), 1);
    message = davy_messages_at(davy_builder_messages(builder), 0);
    assert_true(message->is_warning);
    assert_string_equal(message->source, "l.txt");
    assert_int_equal(message->line, 1);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_OK);
    assert_int_equal(davy_ruleset_list(ruleset, 0, &info), DAVY_OK);
    assert_string_equal(info.name, "mine");
    assert_int_equal(info.entries, 1);
    assert_int_equal(info.skipped, 1);
    davy_ruleset_unref(ruleset);
    davy_builder_free(builder);
}

static void
too_many_lists_are_refused(void **state)
{
    const davy_list_options options = { .struct_size = sizeof(options) };
    davy_builder *builder;

    (void)state;
    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    for (int i = 0; i < 64; i++)
        assert_int_equal(davy_builder_add_list_buffer(builder, "l", "", 0,
                                                      &options),
                         DAVY_OK);
    assert_int_equal(davy_builder_add_list_buffer(builder, "l", "", 0,
                                                  &options),
                     DAVY_BAD_RULES);
    davy_builder_free(builder);
}

/* ---- Sharing ---------------------------------------------------------- */

#define THREADS 8

struct shared {
    davy_slot *slot;
    davy_ruleset *sets[2];
};

/* Ask the current ruleset about one fact; whether it held as it must. */
static bool
ask_once(const davy_ruleset *ruleset, struct dv_mem *mem)
{
    const davy_limits limits = { .hits = 100 };
    struct dv_rule_eval *eval;
    struct dv_arena arena;
    struct dv_facts facts;
    size_t count = 0;

    dv_arena_init(&arena, mem);
    dv_facts_init(&facts, mem, &arena, 100);
    dv_facts_add(&facts, DV_FACT_STRING, DV_SPAN_LIT("hashrate"), 1, 1);
    if (dv_rule_eval_new((const struct dv_ruleset *)ruleset, mem, &limits,
                         &eval)
        == DAVY_OK) {
        dv_rule_eval_begin(eval, NULL);
        if (dv_rule_eval_artifact(eval, &facts, 0) == DAVY_OK)
            (void)dv_rule_eval_hits(eval, &count);
        dv_rule_eval_free(eval);
    }
    dv_facts_fini(&facts);
    dv_arena_fini(&arena);
    return count == 1;
}

static void *
use_and_swap(void *ctx)
{
    struct shared *shared = ctx;
    struct dv_mem mem;
    size_t failures = 0;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    for (int i = 0; i < 300; i++) {
        davy_ruleset *current = davy_slot_get(shared->slot);

        if (i % 10 == 0)
            failures += davy_slot_swap(shared->slot, shared->sets[i / 10 % 2])
                        != DAVY_OK;
        failures += !ask_once(current, &mem);
        davy_ruleset_unref(davy_ruleset_ref(current));
        davy_ruleset_unref(current);
    }
    return (void *)failures;
}

static void
a_ruleset_is_shared_and_swapped_by_eight_threads(void **state)
{
    struct shared shared = { .sets = { build_two_rules(),
                                       build_two_rules() } };
    pthread_t threads[THREADS];

    (void)state;
    assert_int_equal(davy_slot_new(shared.sets[0], &shared.slot), DAVY_OK);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_and_swap,
                                        &shared),
                         0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failures;

        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
    davy_ruleset_unref(shared.sets[0]);
    davy_ruleset_unref(shared.sets[1]);
    davy_slot_free(shared.slot);
}

static void
a_slot_keeps_its_ruleset_alive(void **state)
{
    davy_ruleset *ruleset = build_two_rules();
    davy_ruleset *other = build_two_rules();
    davy_ruleset *got;
    davy_slot *slot;

    (void)state;
    assert_int_equal(davy_slot_new(ruleset, &slot), DAVY_OK);
    davy_ruleset_unref(ruleset);
    got = davy_slot_get(slot);
    assert_ptr_equal(got, ruleset);
    assert_int_equal(davy_slot_swap(slot, other), DAVY_OK);
    davy_ruleset_unref(other);
    assert_int_equal(davy_ruleset_rules_count(got), 2);
    davy_ruleset_unref(got);
    got = davy_slot_get(slot);
    assert_ptr_equal(got, other);
    davy_slot_free(slot);
    assert_int_equal(davy_ruleset_rules_count(got), 2);
    davy_ruleset_unref(got);
}

/* ---- Memory ----------------------------------------------------------- */

static davy_status
build_with(const davy_allocator *hooks, void *ctx)
{
    const davy_builder_options options = { sizeof(options), hooks };
    const davy_list_options list = { .struct_size = sizeof(list) };
    davy_builder *builder;
    davy_ruleset *ruleset = NULL;
    davy_slot *slot;
    davy_status st = davy_builder_new(&options, &builder);

    if (st != DAVY_OK)
        return st;
    st = davy_builder_add_pack(builder, ctx);
    if (st == DAVY_OK)
        st = davy_builder_add_list_buffer(builder, "l", list_text,
                                          sizeof(list_text) - 1, &list);
    if (st == DAVY_OK)
        st = davy_builder_build(builder, &ruleset);
    davy_builder_free(builder);
    if (st == DAVY_OK)
        st = davy_slot_new(ruleset, &slot);
    if (st == DAVY_OK)
        davy_slot_free(slot);
    davy_ruleset_unref(ruleset);
    return st;
}

static davy_status
say_with(const davy_allocator *hooks, void *ctx)
{
    const davy_builder_options options = { sizeof(options), hooks };
    davy_builder *builder;
    davy_status st = davy_builder_new(&options, &builder);

    if (st != DAVY_OK)
        return st;
    st = davy_builder_add_rules_buffer(builder, "bad", ctx, strlen(ctx));
    davy_builder_free(builder);
    return st == DAVY_BAD_RULES ? DAVY_OK : st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    char bad[] = "rules:\n- id: x\n  match: {all: [{call: ab}, {url: {regex: "
                 "'('}}]}\n  tests: [{detect: x}]\n";
    struct folder folder;

    (void)state;
    folder_init(&folder);
    write_pack(&folder, "0.1.0", "");
    oom_sweep(build_with, folder.path, 300);
    oom_sweep(say_with, bad, 300);
    folder_fini(&folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ruleset_tells_about_its_rules_in_order_of_id),
        cmocka_unit_test(a_ruleset_hands_out_the_tests_of_its_rules),
        cmocka_unit_test(scores_follow_confidence_and_layer),
        cmocka_unit_test(wrong_calls_are_misuse_and_change_nothing),
        cmocka_unit_test(a_pack_brings_rules_and_lists),
        cmocka_unit_test(what_is_wrong_with_a_pack_is_said),
        cmocka_unit_test(an_id_is_taken_once_over_all_files),
        cmocka_unit_test(a_directory_or_nothing_is_no_file_of_rules),
        cmocka_unit_test(bad_lines_of_a_list_are_warnings),
        cmocka_unit_test(too_many_lists_are_refused),
        cmocka_unit_test(a_ruleset_is_shared_and_swapped_by_eight_threads),
        cmocka_unit_test(a_slot_keeps_its_ruleset_alive),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

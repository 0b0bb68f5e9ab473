/* SPDX-License-Identifier: MIT */
/* test_scan_threads.c - eight threads share rulesets that are being swapped;
 * run under ThreadSanitizer by ./check. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "support/pack.h"

#define THREADS 8
#define SCANS   40
#define SWAPS   30

static const char rules_text[]
    = "rules:\n"
      "- id: TEST-1\n"
      "  title: A call that only this test makes\n"
      "  layer: api\n"
      "  severity: high\n"
      "  confidence: conclusive\n"
      "  status: experimental\n"
      "  since: 2026.11.0\n"
      "  fix: none\n"
      "  match:\n"
      "    call: 'davyTest.start'\n";

static const char page[]
    = "<!doctype html><title>t</title><p onclick='davyTest.start()'>x</p>"
      "<script>davyTest.start()</script>";

static davy_ruleset *
build(void)
{
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;

    assert_int_equal(davy_builder_new(NULL, &builder), DAVY_OK);
    assert_int_equal(davy_builder_add_rules_buffer(builder, "test",
                                                   rules_text,
                                                   sizeof(rules_text) - 1),
                     DAVY_OK);
    assert_int_equal(davy_builder_build(builder, &ruleset), DAVY_OK);
    davy_builder_free(builder);
    return ruleset;
}

static void *
scan_and_again(void *arg)
{
    davy_slot *slot = arg;
    intptr_t found = 0;

    for (int i = 0; i < SCANS; i++) {
        davy_ruleset *ruleset = davy_slot_get(slot);
        davy_scanner *scanner = NULL;
        const davy_report *report = NULL;

        if (davy_scanner_new(ruleset, NULL, &scanner) == DAVY_OK
            && davy_scan_buffer(scanner, NULL, page, sizeof(page) - 1,
                                &report) == DAVY_OK
            && davy_report_verdict(report) == DAVY_VERDICT_MINER)
            found++;
        davy_scanner_free(scanner);
        davy_ruleset_unref(ruleset);
    }
    return (void *)found;
}

static void
threads_scan_while_rulesets_are_swapped(void **state)
{
    davy_ruleset *first = build();
    davy_slot *slot = NULL;
    pthread_t threads[THREADS];

    (void)state;
    assert_int_equal(davy_slot_new(first, &slot), DAVY_OK);
    davy_ruleset_unref(first);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, scan_and_again,
                                        slot), 0);
    for (int i = 0; i < SWAPS; i++) {
        davy_ruleset *next = build();

        assert_int_equal(davy_slot_swap(slot, next), DAVY_OK);
        davy_ruleset_unref(next);
    }
    for (int i = 0; i < THREADS; i++) {
        void *found = NULL;

        assert_int_equal(pthread_join(threads[i], &found), 0);
        assert_int_equal((intptr_t)found, SCANS);
    }
    davy_slot_free(slot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_scan_while_rulesets_are_swapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

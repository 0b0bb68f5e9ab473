/* SPDX-License-Identifier: MIT */
/* test_scan_split.c - any chunking of the same bytes gives the same report:
 * over every fixture and every rule's own tests. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/corpus.h"
#include "support/pack.h"

/* Up to this size every single cut is tried; above, cuts spread evenly. */
#define SMALL 600
#define SPREAD_CUTS 16

struct fixture {
    davy_ruleset *ruleset;
    davy_scanner *scanner;
};

static int
setup(void **state)
{
    static struct fixture fixture;

    fixture.ruleset = pack_load();
    *state = &fixture;
    return davy_scanner_new(fixture.ruleset, NULL, &fixture.scanner)
           != DAVY_OK;
}

static int
teardown(void **state)
{
    struct fixture *fixture = *state;

    davy_scanner_free(fixture->scanner);
    davy_ruleset_unref(fixture->ruleset);
    return 0;
}

static void
must_equal(const char *what, char *got, const char *expected)
{
    if (strcmp(got, expected) != 0)
        fail_msg("%s:\n%s\n%s", what, got, expected);
    free(got);
}

/* Feed the first `cut` bytes, then the rest. */
static char *
scan_cut(davy_scanner *scanner, const davy_target *target, const char *bytes,
         size_t length, size_t cut)
{
    const davy_report *report = NULL;

    assert_int_equal(davy_scanner_begin(scanner, target), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, bytes, cut), DAVY_OK);
    assert_int_equal(davy_scanner_feed(scanner, bytes + cut, length - cut),
                     DAVY_OK);
    assert_int_equal(davy_scanner_finish(scanner, &report), DAVY_OK);
    return pack_json(report);
}

static void
check_splits(struct fixture *fixture, const char *what,
             const davy_target *target, const char *bytes, size_t length)
{
    static const size_t pieces[] = { 1, 7, 4096 };
    const size_t cuts = length < SMALL ? length : SPREAD_CUTS;
    char *whole = pack_scan(fixture->scanner, target, bytes, length,
                            length + 1);

    for (size_t i = 0; i < 3; i++)
        must_equal(what, pack_scan(fixture->scanner, target, bytes, length,
                                   pieces[i]), whole);
    for (size_t i = 1; i < cuts; i++)
        must_equal(what, scan_cut(fixture->scanner, target, bytes, length,
                                  length / cuts * i), whole);
    free(whole);
}

static void
check_file(void *ctx, const char *path, const char *bytes, size_t length)
{
    const char *slash = strrchr(path, '/');
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = slash == NULL ? path : slash + 1 };

    check_splits(ctx, path, &target, bytes, length);
}

static void
every_fixture_is_split_invariant(void **state)
{
    char folder[4096];

    snprintf(folder, sizeof(folder), "%s/tests/files", pack_top());
    assert_true(corpus_visit(folder, "", check_file, *state) > 20);
}

static void
every_rule_test_is_split_invariant(void **state)
{
    struct fixture *fixture = *state;
    const size_t rules = davy_ruleset_rules_count(fixture->ruleset);
    size_t tests = 0;

    for (size_t i = 0; i < rules; i++) {
        davy_rule_info info;
        davy_rule_test test;

        assert_int_equal(davy_ruleset_rule(fixture->ruleset, i, &info),
                         DAVY_OK);
        for (size_t j = 0; davy_ruleset_rule_test(fixture->ruleset, i, j,
                                                  &test) == DAVY_OK; j++) {
            const davy_target target = { .struct_size = sizeof(target),
                                         .address = test.address };

            check_splits(fixture, info.id, &target, test.bytes, test.length);
            tests++;
        }
    }
    assert_true(tests > 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_is_split_invariant),
        cmocka_unit_test(every_rule_test_is_split_invariant),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

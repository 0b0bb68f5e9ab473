/* SPDX-License-Identifier: MIT */
/* test_scan_files.c - every fixture gets the verdict that tests/files/
 * EXPECTED.txt says. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/pack.h"

#define MAX_FIXTURE 65536

static size_t
read_file(const char *name, char *bytes)
{
    char path[4096];
    FILE *f;
    size_t n;

    snprintf(path, sizeof(path), "%s/tests/files/%s", pack_top(), name);
    f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("%s: cannot be read", path);
    n = fread(bytes, 1, MAX_FIXTURE, f);
    fclose(f);
    return n;
}

static void
check_fixture(davy_scanner *scanner, const char *name, const char *expected)
{
    static char bytes[MAX_FIXTURE];
    const size_t n = read_file(name, bytes);
    const char *slash = strrchr(name, '/');
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = slash == NULL ? name : slash + 1 };
    const davy_report *report = NULL;
    const char *verdict;

    assert_int_equal(davy_scan_buffer(scanner, &target, bytes, n, &report),
                     DAVY_OK);
    verdict = davy_verdict_text(davy_report_verdict(report));
    if (strcmp(verdict, expected) != 0)
        fail_msg("%s is %s (%d points), not %s", name, verdict,
                 davy_report_score(report), expected);
}

static void
every_fixture_gets_the_expected_verdict(void **state)
{
    davy_ruleset *ruleset = pack_load();
    davy_scanner *scanner = NULL;
    char path[4096], name[256], verdict[32];
    size_t fixtures = 0;
    FILE *f;

    (void)state;
    assert_int_equal(davy_scanner_new(ruleset, NULL, &scanner), DAVY_OK);
    snprintf(path, sizeof(path), "%s/tests/files/EXPECTED.txt", pack_top());
    f = fopen(path, "r");
    assert_non_null(f);
    while (fscanf(f, "%255s %31s", name, verdict) == 2) {
        check_fixture(scanner, name, verdict);
        fixtures++;
    }
    fclose(f);
    assert_true(fixtures >= 20);
    davy_scanner_free(scanner);
    davy_ruleset_unref(ruleset);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_gets_the_expected_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_scan_looks.c - both looks at a page together find what Gumbo alone
 * finds: over our fixtures and, where it is installed, documentation of Debian.
 * Limits may differ: a page that holds nothing never meets Gumbo's. */

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

struct fixture {
    davy_ruleset *ruleset;
    davy_scanner *both;                 /* first look, then second */
    davy_scanner *gumbo;                /* second look only */
    size_t stride;                      /* every n-th file */
    size_t seen;
    size_t with_findings;
};

static int
setup(void **state)
{
    static struct fixture fixture;
    const davy_scanner_options options = { sizeof(options), NULL, NULL,
                                           DAVY_SCAN_SECOND_LOOK_ONLY };

    fixture.ruleset = pack_load();
    *state = &fixture;
    return davy_scanner_new(fixture.ruleset, NULL, &fixture.both) != DAVY_OK
           || davy_scanner_new(fixture.ruleset, &options, &fixture.gumbo)
                  != DAVY_OK;
}

static int
teardown(void **state)
{
    struct fixture *fixture = *state;

    davy_scanner_free(fixture->both);
    davy_scanner_free(fixture->gumbo);
    davy_ruleset_unref(fixture->ruleset);
    return 0;
}

static void
cut_limits(char *json)
{
    char *limits = strstr(json, ",\"limits\":[");

    assert_non_null(limits);
    *limits = '\0';
}

static void
check_page(struct fixture *fixture, const char *path, const char *bytes,
           size_t length)
{
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = "page.html",
                                 .address = "http://site.example/a/page" };
    char *both = pack_scan(fixture->both, &target, bytes, length, 65536);
    char *gumbo = pack_scan(fixture->gumbo, &target, bytes, length, 65536);

    cut_limits(both);
    cut_limits(gumbo);
    if (strcmp(both, gumbo) != 0)
        fail_msg("%s:\nboth:  %s\ngumbo: %s", path, both, gumbo);
    if (strstr(both, "\"rule\"") != NULL)
        fixture->with_findings++;
    free(both);
    free(gumbo);
}

/* Documentation pages hold no miner; with one planted at a few places each
 * page exercises both answers. */
static void
check_planted(struct fixture *fixture, const char *path, const char *bytes,
              size_t length)
{
    static const char miner[]
        = "<script>var m=new CoinHive.Anonymous('"
          "0123456789abcdef0123456789ABCDEF',{throttle:0.3});m.start()"
          "</script>";
    const size_t n = sizeof(miner) - 1;
    char *page = malloc(length + n + 1);

    assert_non_null(page);
    for (size_t i = 1; i <= 3; i++) {
        const size_t at = length / 4 * i;

        memcpy(page, bytes, at);
        memcpy(page + at, miner, n);
        memcpy(page + at + n, bytes + at, length - at);
        check_page(fixture, path, page, length + n);
    }
    free(page);
}

static void
visit(void *ctx, const char *path, const char *bytes, size_t length)
{
    struct fixture *fixture = ctx;

    if (fixture->seen++ % fixture->stride != 0)
        return;
    check_page(fixture, path, bytes, length);
    check_planted(fixture, path, bytes, length);
}

static void
our_fixtures_get_one_answer(void **state)
{
    struct fixture *fixture = *state;
    char folder[4096];

    fixture->stride = 1;
    snprintf(folder, sizeof(folder), "%s/tests/files", pack_top());
    assert_true(corpus_visit(folder, "", visit, fixture) > 20);
    assert_true(fixture->with_findings > 20);
}

static void
documentation_gets_one_answer(void **state)
{
    static const char *const folders[] = { "/usr/share/doc/python3.11/html",
                                           "/usr/share/doc/postgresql-doc-15",
                                           "/usr/share/doc/apache2-doc" };
    const char *every = getenv("DAVY_TEST_EVERY");
    struct fixture *fixture = *state;
    size_t pages = 0;

    fixture->stride = every == NULL ? 10 : strtoul(every, NULL, 10);
    for (size_t i = 0; i < 3; i++)
        pages += corpus_visit(folders[i], ".html", visit, fixture);
    if (pages == 0)
        skip();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_fixtures_get_one_answer),
        cmocka_unit_test(documentation_gets_one_answer),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

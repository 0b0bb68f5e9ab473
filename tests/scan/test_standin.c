/* SPDX-License-Identifier: MIT */
/* test_standin.c - the pack's stand-ins: which is chosen, and that they are
 * clean themselves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "support/corpus.h"
#include "support/pack.h"

static void
the_family_and_the_kind_of_request_choose(void **state)
{
    static const struct {
        const char *family;
        davy_kind kind;
        const char *marker;             /* NULL: there is none */
    } rows[] = {
        { "coinhive", DAVY_KIND_SCRIPT, "CoinHive" },
        { "crypto-loot", DAVY_KIND_SCRIPT, "CRLT" },
        { "webminerpool", DAVY_KIND_SCRIPT, "startMining" },
        { "coinhive", DAVY_KIND_ANY, "CoinHive" },
        { "coinhive", DAVY_KIND_MODULE, "export default" },
        { "coinhive", DAVY_KIND_WORKER, "self.close" },
        { "", DAVY_KIND_SERVICE_WORKER, "unregister" },
        { "no such", DAVY_KIND_SCRIPT, "void 0" },
        { NULL, DAVY_KIND_SCRIPT, "void 0" },
        { "coinhive", DAVY_KIND_OTHER, NULL },
        { "coinhive", DAVY_KIND_FRAME, NULL },
    };
    davy_ruleset *rules = pack_load();
    const void *bytes = NULL;
    size_t length = 0;

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const davy_status st = davy_ruleset_standin(
            rules, rows[i].family, rows[i].kind, &bytes, &length);
        char text[8192];

        if (rows[i].marker == NULL) {
            assert_int_equal(st, DAVY_NOT_FOUND);
            continue;
        }
        assert_int_equal(st, DAVY_OK);
        snprintf(text, sizeof(text), "%.*s", (int)length,
                 (const char *)bytes);
        assert_non_null(strstr(text, rows[i].marker));
    }
    assert_int_equal(davy_ruleset_standin(rules, "x", DAVY_KIND_WASM, &bytes,
                                          &length), DAVY_OK);
    assert_int_equal(length, 8);
    assert_memory_equal(bytes, "\0asm\1\0\0\0", 8);
    assert_int_equal(davy_ruleset_standin(NULL, "", DAVY_KIND_ANY, &bytes,
                                          &length), DAVY_MISUSE);
    davy_ruleset_unref(rules);
}

static void
has_no_finding(void *ctx, const char *path, const char *bytes, size_t length)
{
    const davy_target target = { .struct_size = sizeof(target),
                                 .kind = DAVY_KIND_SCRIPT };
    const davy_report *report = NULL;

    assert_int_equal(davy_scan_buffer(ctx, &target, bytes, length, &report),
                     DAVY_OK);
    if (davy_report_findings_count(report) != 0)
        fail_msg("%s: %s", path, pack_json(report));
}

static void
a_standin_has_no_finding_itself(void **state)
{
    davy_ruleset *rules = pack_load();
    davy_scanner *scanner = NULL;
    char path[4096];

    (void)state;
    assert_int_equal(davy_scanner_new(rules, NULL, &scanner), DAVY_OK);
    snprintf(path, sizeof(path), "%s/patterns/standins", pack_top());
    assert_int_equal(corpus_visit(path, ".js", has_no_finding, scanner), 6);
    davy_scanner_free(scanner);
    davy_ruleset_unref(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_family_and_the_kind_of_request_choose),
        cmocka_unit_test(a_standin_has_no_finding_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

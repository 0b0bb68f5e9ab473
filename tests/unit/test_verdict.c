/* SPDX-License-Identifier: MIT */
/* test_verdict.c - the arithmetic of DESIGN 9. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict/verdict.h"

#define LOW  DAVY_CONFIDENCE_LOW
#define HIGH DAVY_CONFIDENCE_HIGH
#define SURE DAVY_CONFIDENCE_CONCLUSIVE

struct row {
    const char *what;
    struct dv_weight weights[4];        /* ends at the first without rule */
    int score;
    davy_verdict verdict;
};

static const struct row rows[] = {
    { "nothing is clean", { { NULL, NULL, NULL, LOW, 0, 0 } }, 0,
      DAVY_VERDICT_CLEAN },
    { "one conclusive finding convicts",
      { { "A", "api", "", SURE, 80, 0 } }, 80, DAVY_VERDICT_MINER },
    { "two strong findings of one layer only raise suspicion",
      { { "A", "api", "", HIGH, 60, 0 }, { "B", "api", "", HIGH, 60, 0 } },
      69, DAVY_VERDICT_SUSPICIOUS },
    { "two strong findings of two layers convict",
      { { "A", "api", "", HIGH, 60, 0 },
        { "B", "address", "", HIGH, 35, 0 } }, 95, DAVY_VERDICT_MINER },
    { "a weak second layer does not convict",
      { { "A", "api", "", HIGH, 60, 0 },
        { "B", "address", "", LOW, 34, 0 } }, 69, DAVY_VERDICT_SUSPICIOUS },
    { "the same rule counts once",
      { { "A", "api", "", HIGH, 35, 0 }, { "A", "api", "", HIGH, 35, 0 } },
      35, DAVY_VERDICT_CLEAN },
    { "a discount counts against weak findings",
      { { "A", "api", "", HIGH, 60, 0 }, { "C", "api", "", HIGH, -40, 0 } },
      20, DAVY_VERDICT_CLEAN },
    { "a discount does not count against a conclusive finding",
      { { "A", "api", "", SURE, 80, 0 }, { "C", "api", "", HIGH, -40, 0 } },
      80, DAVY_VERDICT_MINER },
    { "a score never leaves 0 to 100",
      { { "A", "api", "", SURE, 80, 0 }, { "B", "code", "", SURE, 80, 0 } },
      100, DAVY_VERDICT_MINER },
    { "forty is suspicious", { { "A", "api", "", HIGH, 40, 0 } }, 40,
      DAVY_VERDICT_SUSPICIOUS },
};

static void
the_table_of_verdicts_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct row row = rows[i];
        struct dv_mem mem;
        struct dv_judgement judgement;
        size_t n = 0;

        while (n < 4 && row.weights[n].rule != NULL)
            n++;
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_verdict_init(&judgement, &mem);
        assert_int_equal(dv_verdict_weigh(&judgement, row.weights, n),
                         DAVY_OK);
        if (judgement.score != row.score || judgement.verdict != row.verdict)
            fail_msg("%s: score %d", row.what, judgement.score);
        dv_verdict_fini(&judgement);
        assert_int_equal(mem.used, 0);
    }
}

static void
families_come_heaviest_first(void **state)
{
    struct dv_weight weights[] = {
        { "A", "api", "deepminer", HIGH, 20, 0 },
        { "B", "api", "coinhive", HIGH, 35, 0 },
        { "C", "api", "", HIGH, 60, 0 },
        { "D", "address", "coinhive", HIGH, 10, 0 },
    };
    struct dv_mem mem;
    struct dv_judgement judgement;
    struct dv_family_weight *first;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_verdict_init(&judgement, &mem);
    assert_int_equal(dv_verdict_weigh(&judgement, weights, 4), DAVY_OK);
    assert_int_equal(judgement.families.len, 2);
    first = dv_vec_at(&judgement.families, 0);
    assert_string_equal(first->name, "coinhive");
    assert_int_equal(first->points, 45);
    dv_verdict_fini(&judgement);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_verdicts_holds),
        cmocka_unit_test(families_come_heaviest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

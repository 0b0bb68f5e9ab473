/* SPDX-License-Identifier: MIT */
/* test_html_golden.c - what both looks see in the pages of
 * tests/golden/html. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/golden.h"
#include "support/guard.h"
#include "support/places.h"

static bool
look(const char *name, struct dv_span input, struct dv_buf *out)
{
    const bool is_first = strcmp(name, "first") == 0;
    struct dv_mem mem;
    struct places places;
    struct guard guard;

    if (!is_first && strcmp(name, "second") != 0)
        return false;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    guard_init(&guard, input.at, input.len);
    places_init(&places, &mem, true);
    if (is_first)
        places_first_look(&places, guard.bytes);
    else
        places_second_look(&places, guard.bytes);
    assert_int_equal(dv_buf_append(out, dv_buf_span(&places.lines)),
                     DAVY_OK);
    if (places.status != DAVY_OK)
        assert_int_equal(
            dv_buf_append_cstr(out, places.status == DAVY_LIMIT
                                        ? "gives up\n" : "fails\n"),
            DAVY_OK);
    places_fini(&places);
    guard_fini(&guard);
    assert_int_equal(mem.used, 0);
    return true;
}

static void
both_looks_see_what_the_pages_say(void **state)
{
    (void)state;
    assert_true(golden_run_folder("tests/golden/html", "html", look) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_looks_see_what_the_pages_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_html_mask.c - what Gumbo gets to see, and what it does not. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "html/html_mask.h"
#include "support/guard.h"

static void
assert_masked(const char *page, const char *expected)
{
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_span copy;
    struct guard guard;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_arena_init(&arena, &mem);
    guard_init(&guard, page, strlen(page));
    assert_true(dv_html_mask(guard.bytes, &arena, &copy));
    assert_int_equal(copy.len, strlen(page));
    assert_string_equal((const char *)copy.at, expected);
    guard_fini(&guard);
    dv_arena_fini(&arena);
}

static void
some_names_are_masked_and_nothing_else(void **state)
{
    (void)state;
    assert_masked("<select><SELECT a></Select\n><selects><select-x>select",
                  "<object><object a></object\n><selects><select-x>select");
    assert_masked("<noscript/></noscript><frameset><frame><isindex>",
                  "<noframes/></noframes><xrameset><frame><xsindex>");
    assert_masked("< select>&lt;select><select", "< select>&lt;select><object");
    assert_masked("", "");
    assert_masked("<", "<");
    assert_masked("</", "</");
}

static const struct {
    const char *page;
    bool is_safe;
} rows[] = {
    { "", true },
    { "<html><table><tr><td></table>", true },
    { "<svg><path/></svg><table><tr><td></table>", true },
    { "<svg><title>a</title><style>b</style></svg><td>", true },
    { "<svg><!-- a --><?b?></3></svg><td>", true },
    { "<svg><![CDATA[ a ]]></svg><table>", true },
    { "<table><svg><style><![CDATA[ a ]]></style></svg>", true },
    { "<svg/><td>", true },
    { "<math><mi>a</mi></math><td>", true },
    { "<svg><svg></svg></svg><td>", true },
    { "<svg><td>", false },
    { "<svg></math><td>", false },
    { "<svg><svg></svg><td>", false },
    { "<svg a=b/><td>", false },
    { "<svg", true },
    { "<math><mi><td>", false },
    { "<math><th>", false },
    { "<svg><html>", false },
    { "<svg><template>", false },
    { "<svg><!-- </svg> --><td>", false },
    { "<svg><![CDATA[ </svg> ]]><td>", false },
    { "<svg><g a='</svg>'><td>", false },
    { "<svg></g a='</svg>'><td>", false },
    { "<svg a='</svg>'><td>", false },
    { "<svg><title><style></svg></style></title><td>", false },
    { "<svg><desc><b></b></desc></svg><td>", false },
    { "<svg><foreignObject><p></svg><td>", false },
    { "<script>'<svg>'</script><math></svg><th>", false },
    { "<table><svg><title><![CDATA[a]]></title></svg>", false },
    { "<template><tr><svg><desc>a<![CDATA[b]]>", false },
    { "<svg><title><![CDATA[a]]></title></svg>", true },
};

static void
pages_that_could_stop_gumbo_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct guard guard;

        guard_init(&guard, rows[i].page, strlen(rows[i].page));
        if (dv_html_mask_is_safe(guard.bytes) != rows[i].is_safe)
            fail_msg("%s", rows[i].page);
        guard_fini(&guard);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_names_are_masked_and_nothing_else),
        cmocka_unit_test(pages_that_could_stop_gumbo_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

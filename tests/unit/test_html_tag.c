/* SPDX-License-Identifier: MIT */
/* test_html_tag.c - one tag and its attributes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "html/html_tag.h"
#include "support/guard.h"
#include "support/oom.h"

/* name[/] {name=value}... of the tag, or "none". */
static void
print_tag(const struct dv_html_tag *tag, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "%.*s%s %zu", (int)tag->name.len,
                                (const char *)tag->name.at,
                                tag->is_self_closing ? "/" : "", tag->len);

    for (size_t i = 0; i < tag->attrs_len; i++)
        n += (size_t)snprintf(out + n, size - n, " {%.*s=%.*s}",
                              (int)tag->attrs[i].name.len,
                              (const char *)tag->attrs[i].name.at,
                              (int)tag->attrs[i].value.len,
                              (const char *)tag->attrs[i].value.at);
}

static const struct {
    const char *page;
    const char *tag;
} rows[] = {
    { "<a>", "a 3" },
    { "<A>x", "A 3" },
    { "</a >", "a 5" },
    { "<a/>", "a/ 4" },
    { "<a / >", "a 6" },
    { "<a b>", "a 5 {b=}" },
    { "<a b=c>", "a 7 {b=c}" },
    { "<a b=c/>", "a 8 {b=c/}" },
    { "<a b=\"c\"/>", "a/ 10 {b=c}" },
    { "<a b='c>'d=\"e'\">", "a 16 {b=c>} {d=e'}" },
    { "<a b = c d\t=\n\"e\">", "a 17 {b=c} {d=e}" },
    { "<a/b/c=d>", "a 9 {b=} {c=d}" },
    { "<a =b>", "a 6 {=b=}" },
    { "<a ==b>", "a 7 {==b}" },
    { "<a b==c>", "a 8 {b==c}" },
    { "<a b=>", "a 6 {b=}" },
    { "<a b=\"\">", "a 8 {b=}" },
    { "<a b='c'\"d\">", "a 12 {b=c} {\"d\"=}" },
    { "<a\"b>", "a\"b 5" },
    { "<a<b>", "a<b 5" },
    { "<a <b>", "a 6 {<b=}" },
    { "<a b=c<d>", "a 9 {b=c<d}" },
    { "<a b / = c>", "a 11 {b=} {==} {c=}" },
    { "<a\rb=c\r>", "a 8 {b=c}" },
    { "<a\fb\f=\fc>", "a 9 {b=c}" },
    { "<a b=`c d`>", "a 11 {b=`c} {d`=}" },
    { "", "none" },
    { "<", "none" },
    { "</", "none" },
    { "<1>", "none" },
    { "< a>", "none" },
    { "<!a>", "none" },
    { "</>", "none" },
    { "a>", "none" },
    { "<a", "none" },
    { "<a ", "none" },
    { "<a b", "none" },
    { "<a b ", "none" },
    { "<a b=", "none" },
    { "<a b=c", "none" },
    { "<a b=\"c>", "none" },
    { "<a b='", "none" },
    { "<a b=\"c\"", "none" },
    { "<a /", "none" },
};

static void
tags_are_read_as_the_standard_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_mem mem;
        struct dv_html_tagger tagger;
        struct dv_html_tag tag;
        struct guard guard;
        char got[200] = "none";

        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_html_tagger_init(&tagger, &mem);
        guard_init(&guard, rows[i].page, strlen(rows[i].page));
        if (dv_html_tag_read(&tagger, guard.bytes, 0, &tag) == DAVY_OK) {
            bool is_self_closing;

            print_tag(&tag, got, sizeof(got));
            assert_int_equal(dv_html_tag_end(guard.bytes, 0,
                                             &is_self_closing), tag.len);
            assert_int_equal(is_self_closing, tag.is_self_closing);
        } else {
            assert_int_equal(dv_html_tag_end(guard.bytes, 0, NULL),
                             guard.bytes.len);
        }
        assert_string_equal(got, rows[i].tag);
        guard_fini(&guard);
        dv_html_tagger_fini(&tagger);
        assert_int_equal(mem.used, 0);
    }
}

static void
the_first_attribute_of_a_name_counts(void **state)
{
    struct dv_mem mem;
    struct dv_html_tagger tagger;
    struct dv_html_tag tag;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_html_tagger_init(&tagger, &mem);
    assert_int_equal(dv_html_tag_read(&tagger,
                                      DV_SPAN_LIT("<a Href=1 href=2>"), 0,
                                      &tag), DAVY_OK);
    assert_true(dv_span_equal_cstr(
        dv_html_tag_attr(&tag, DV_SPAN_LIT("href"))->value, "1"));
    assert_null(dv_html_tag_attr(&tag, DV_SPAN_LIT("src")));
    dv_html_tagger_fini(&tagger);
}

static void
no_more_attributes_are_kept_than_the_limit(void **state)
{
    const size_t n = DV_HTML_MAX_ATTRS + 10;
    char *page = malloc(2 * n + 4);
    struct dv_mem mem;
    struct dv_html_tagger tagger;
    struct dv_html_tag tag;

    (void)state;
    assert_non_null(page);
    memcpy(page, "<a", 2);
    for (size_t i = 0; i < n; i++)
        memcpy(page + 2 + 2 * i, " b", 2);
    page[2 + 2 * n] = '>';
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_html_tagger_init(&tagger, &mem);
    assert_int_equal(dv_html_tag_read(&tagger, dv_span_of(page, 2 * n + 3), 0,
                                      &tag), DAVY_OK);
    assert_true(tag.is_cut);
    assert_int_equal(tag.attrs_len, DV_HTML_MAX_ATTRS);
    assert_int_equal(tag.len, 2 * n + 3);
    dv_html_tagger_fini(&tagger);
    free(page);
}

static davy_status
read_once(const davy_allocator *hooks, void *ctx)
{
    struct dv_mem mem;
    struct dv_html_tagger tagger;
    struct dv_html_tag tag;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_html_tagger_init(&tagger, &mem);
    st = dv_html_tag_read(&tagger, dv_span_cstr(ctx), 0, &tag);
    dv_html_tagger_fini(&tagger);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    char page[] = "<a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D"
                  " E F G H I J K L M N O P Q R S T U V W X Y Z>";

    (void)state;
    oom_sweep(read_once, page, 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_read_as_the_standard_says),
        cmocka_unit_test(the_first_attribute_of_a_name_counts),
        cmocka_unit_test(no_more_attributes_are_kept_than_the_limit),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

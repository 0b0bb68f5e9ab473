/* SPDX-License-Identifier: MIT */
/* test_decode_meta.c - what pages say of their encoding. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "decode/decode_meta.h"
#include "support/guard.h"

static const char *
prescan(struct dv_span page)
{
    struct guard guard;
    const char *name;

    guard_init(&guard, page.at, page.len);
    name = dv_encoding_name(dv_meta_prescan(guard.bytes));
    guard_fini(&guard);
    return name;
}

static void
labels_are_found_in_any_case_and_between_white_space(void **state)
{
    static const struct {
        const char *label, *name;
    } rows[] = {
        { "utf-8", "UTF-8" },
        { "UTF8", "UTF-8" },
        { " \t\r\n\fLatin1 ", "windows-1252" },
        { "iso-8859-1", "windows-1252" },
        { "us-ascii", "windows-1252" },
        { "gb2312", "GBK" },
        { "x-sjis", "Shift_JIS" },
        { "ks_c_5601-1987", "EUC-KR" },
        { "big5-hkscs", "Big5" },
        { "utf-16", "UTF-16LE" },
        { "iso-2022-kr", "replacement" },
        { "hz-gb-2312", "replacement" },
        { "x-user-defined", "x-user-defined" },
        { "utf-7", "" },
        { "utf-32", "" },
        { "cesu-8", "" },
        { "\vutf-8", "" },
        { "utf 8", "" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_string_equal(
            dv_encoding_name(dv_encoding_find(dv_span_cstr(rows[i].label))),
            rows[i].name);
    assert_int_equal(dv_encoding_find(dv_span_of(NULL, 0)),
                     DV_ENCODING_NONE);
}

static void
each_label_is_found(void **state)
{
    static const struct {
        const char *label;
        enum dv_encoding encoding;
    } rows[] = {
#define DV_LABEL_ROW(label, NAME) { label, DV_ENCODING_##NAME },
#include "decode/decode_label.def"
#undef DV_LABEL_ROW
    };

    (void)state;
    assert_int_equal(DV_COUNT_OF(rows), 228);
    assert_int_equal(DV_ENCODINGS, 1 + 40);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        assert_int_equal(dv_encoding_find(dv_span_cstr(rows[i].label)),
                         rows[i].encoding);
}

static void
a_page_is_prescanned_as_the_standard_says(void **state)
{
    static const struct {
        const char *page, *name;
    } rows[] = {
        { "", "" },
        { "<p>nothing", "" },
        { "<meta charset=gbk>", "GBK" },
        { "<META CHARSET = 'GBK' >", "GBK" },
        { "<meta charset=\"gbk\"/>", "GBK" },
        { "<meta/charset=gbk>", "GBK" },
        { "<meta\tcharset\n=\fgbk >", "GBK" },
        { "<meta charset=gbk", "" },            /* out of bytes */
        { "<meta charset='gbk", "" },
        { "<meta charset=gbk x", "" },
        { "<metadata charset=gbk>", "" },
        { "<metacharset=gbk>", "" },
        { "<meta =charset=gbk>", "" },
        { "<meta charset>", "" },
        { "<meta charset=nonsense><meta charset=gbk>", "GBK" },
        { "<meta charset=utf-16><meta charset=gbk>", "UTF-8" },
        { "<meta charset=utf-16be>", "UTF-8" },
        { "<meta charset=x-user-defined>", "windows-1252" },
        { "<meta charset=gbk charset=big5>", "GBK" },

        /* content needs a pragma, in any order */
        { "<meta http-equiv=content-type content='text/html; charset=gbk'>",
          "GBK" },
        { "<meta content='text/html; charset=gbk' http-equiv=Content-Type>",
          "GBK" },
        { "<meta content='text/html; charset=gbk'>", "" },
        { "<meta http-equiv=refresh content='text/html; charset=gbk'>", "" },
        { "<meta http-equiv=content-type content='text/html'>", "" },
        { "<meta http-equiv=x http-equiv=content-type content=charset=gbk>",
          "" },
        { "<meta content=charset=big5 charset=gbk>", "GBK" },
        { "<meta charset=gbk content=charset=big5>", "GBK" },
        { "<meta charset=nonsense http-equiv=content-type "
          "content=charset=gbk>", "" },

        /* other constructs */
        { "<!-- <meta charset=gbk> --><meta charset=big5>", "Big5" },
        { "<!--><meta charset=gbk>", "GBK" },
        { "<!---><meta charset=gbk>", "GBK" },
        { "<!-- <meta charset=gbk>", "" },
        { "<!doctype x '<meta charset=gbk>'><meta charset=big5>", "Big5" },
        { "<!x <meta charset=gbk>", "" },
        { "<?x <meta charset=gbk>", "" },
        { "</ <meta charset=gbk>", "" },
        { "</p x='<meta charset=gbk>'><meta charset=big5>", "Big5" },
        { "<p x='<meta charset=gbk>'><meta charset=big5>", "Big5" },
        { "<p x=<meta charset=gbk>", "" },
        { "<p x='>'><meta charset=gbk>", "GBK" },
        { "<p/x='><meta charset=gbk>", "GBK" }, /* the name is p/x=' */
        { "<script>'<meta charset=gbk>'</script>", "GBK" },
        { "<1><meta charset=gbk>", "GBK" },
        { "< <<meta charset=gbk>", "GBK" },
        { "<title><meta charset=gbk></title>", "GBK" },

        /* an XML declaration counts only when no meta does */
        { "<?xml version='1.0' encoding='gbk'?>", "GBK" },
        { "<?xml version='1.0' encoding = \"gbk\"?>", "GBK" },
        { "<?xml encoding='gbk'?><meta charset=big5>", "Big5" },
        { "<?xml encoding='utf-16'?>", "UTF-8" },
        { "<?xml encoding='x-user-defined'?>", "x-user-defined" },
        { "<?xml encoding='g bk'?>", "" },
        { "<?xml encoding=gbk?>", "" },
        { "<?xml encoding='gbk?>", "" },
        { "<?xml encoding='gbk'", "" },
        { "<?xml?>encoding='gbk'>", "" },
        { "<?XML encoding='gbk'?>", "" },
        { " <?xml encoding='gbk'?>", "" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const char *const name = prescan(dv_span_cstr(rows[i].page));

        if (strcmp(name, rows[i].name) != 0)
            fail_msg("%s: '%s', not '%s'", rows[i].page, name, rows[i].name);
    }
    assert_string_equal(prescan(DV_SPAN_LIT("<\0?\0x\0")), "UTF-16LE");
    assert_string_equal(prescan(DV_SPAN_LIT("\0<\0?\0x")), "UTF-16BE");
}

static void
the_content_of_a_meta_element_is_searched_for_charset(void **state)
{
    static const struct {
        const char *content, *name;
    } rows[] = {
        { "charset=gbk", "GBK" },
        { "text/html;charset=gbk", "GBK" },
        { "CHARSET = gbk", "GBK" },
        { "charset='gbk'", "GBK" },
        { "charset=\"gbk\"", "GBK" },
        { "charset='gbk", "" },
        { "charset=\"gbk'", "" },
        { "charset=gbk;x", "GBK" },
        { "charset=gbk x", "GBK" },
        { "charset=gbk'", "" },
        { "charset", "" },
        { "charset=", "" },
        { "charset charset=gbk", "GBK" },
        { "charsetcharset=gbk", "GBK" },
        { "charset x; charset=gbk", "GBK" },
        { "charset=x; charset=gbk", "" },
        { "xcharset=gbk", "GBK" },
        { "char set=gbk", "" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct guard guard;

        guard_init(&guard, rows[i].content, strlen(rows[i].content));
        assert_string_equal(dv_encoding_name(dv_meta_content(guard.bytes)),
                            rows[i].name);
        guard_fini(&guard);
    }
}

static void
only_the_first_kilobyte_counts(void **state)
{
    static const char meta[] = "<meta charset=gbk>";
    char page[1100];

    (void)state;
    for (size_t at = 1000; at <= 1010; at++) {
        memset(page, ' ', sizeof(page));
        memcpy(page + at, meta, sizeof(meta) - 1);
        assert_string_equal(prescan(dv_span_of(page, sizeof(page))),
                            at + sizeof(meta) - 1 <= 1024 ? "GBK" : "");
    }
}

static void
a_page_cut_off_anywhere_is_survived(void **state)
{
    static const char page[]
        = "<?xml version='1.0' encoding='big5'?><!-- x --><p a=b c='d'/>"
          "<meta content=\"text/html; charset='gbk'\" http-equiv "
          "= content-type >";

    (void)state;
    for (size_t n = 0; n < sizeof(page); n++)
        assert_string_equal(prescan(dv_span_of(page, n)),
                            n == sizeof(page) - 1 ? "GBK"
                            : n >= 37             ? "Big5"
                                                  : "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_found_in_any_case_and_between_white_space),
        cmocka_unit_test(each_label_is_found),
        cmocka_unit_test(a_page_is_prescanned_as_the_standard_says),
        cmocka_unit_test(
            the_content_of_a_meta_element_is_searched_for_charset),
        cmocka_unit_test(only_the_first_kilobyte_counts),
        cmocka_unit_test(a_page_cut_off_anywhere_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_decode_mime.c - values of Content-Type headers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_mime.h"
#include "support/guard.h"

static void
check(struct dv_span header, const char *essence, const char *charset)
{
    struct guard guard;
    struct dv_mime mime;
    davy_status st;

    guard_init(&guard, header.at, header.len);
    st = dv_mime_parse(guard.bytes, &mime);
    guard_fini(&guard);
    assert_int_equal(st, essence == NULL ? DAVY_MALFORMED : DAVY_OK);
    assert_string_equal(mime.essence, essence == NULL ? "" : essence);
    assert_string_equal(mime.charset, charset);
}

static void
headers_are_read_as_browsers_read_them(void **state)
{
    /* After web-platform-tests mimesniff/mime-types. */
    static const struct {
        const char *header, *essence, *charset;
    } rows[] = {
        { "text/html", "text/html", "" },
        { "text/html;charset=gbk", "text/html", "gbk" },
        { "TEXT/HTML;CHARSET=GBK", "text/html", "GBK" },
        { "text/html;charset=gbk;charset=windows-1255", "text/html", "gbk" },
        { "text/html;charset=();charset=GBK", "text/html", "()" },
        { "text/html;charset =gbk", "text/html", "" },
        { "text/html ;charset=gbk", "text/html", "gbk" },
        { "text/html; charset=gbk", "text/html", "gbk" },
        { "text/html;charset= gbk", "text/html", " gbk" },
        { "text/html;charset='gbk'", "text/html", "'gbk'" },
        { "text/html;charset=gbk;", "text/html", "gbk" },
        { "text/html;test;charset=gbk", "text/html", "gbk" },
        { "text/html;test=;charset=gbk", "text/html", "gbk" },
        { "text/html;;;;charset=gbk", "text/html", "gbk" },
        { "text/html;charset=;charset=gbk", "text/html", "gbk" },
        { "text/html;charset=\"gbk\"", "text/html", "gbk" },
        { "text/html;charset=\"gbk", "text/html", "gbk" },
        { "text/html;charset=gbk\"", "text/html", "gbk\"" },
        { "text/html;charset=\" gbk\"", "text/html", " gbk" },
        { "text/html;charset=\"\\ gbk\"", "text/html", " gbk" },
        { "text/html;charset=\"\\g\\b\\k\"", "text/html", "gbk" },
        { "text/html;charset=\"gbk\"x", "text/html", "gbk" },
        { "text/html;charset=\"\";charset=GBK", "text/html", "" },
        { "text/html;charset=\";charset=GBK", "text/html", ";charset=GBK" },
        { "text/html;a=\";charset=x\";charset=gbk", "text/html", "gbk" },
        { "text/html;charset={gbk}", "text/html", "{gbk}" },
        { "text/html;charset=\x7f;charset=gbk", "text/html", "gbk" },
        { "text/html;charset=\"\x01\";charset=gbk", "text/html", "gbk" },
        { "text/html;a]=bar;charset=gbk", "text/html", "gbk" },
        { "text/html;charset=\"\\", "text/html", "\\" },
        { "\t\r\n text/html \n", "text/html", "" },
        { "!#$%&'*+-.^_`|~0a/b", "!#$%&'*+-.^_`|~0a/b", "" },
        { "", NULL, "" },
        { "text", NULL, "" },
        { "text/", NULL, "" },
        { "/html", NULL, "" },
        { "text/html,text/html", NULL, "" },
        { "te xt/html;charset=gbk", NULL, "" },
        { "text/ht ml", NULL, "" },
        { "charset=gbk", NULL, "" },
        { ";charset=gbk", NULL, "" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        check(dv_span_cstr(rows[i].header), rows[i].essence,
              rows[i].charset);
    check(DV_SPAN_LIT("text/ht\0ml"), NULL, "");
    check(DV_SPAN_LIT("text/html;charset=g\0bk"), "text/html", "");
}

static void
names_that_are_too_long_are_refused(void **state)
{
    char header[400];

    (void)state;
    memset(header, 'a', sizeof(header));
    header[127] = '/';
    check(dv_span_of(header, 128 + 128), NULL, "");
    header[255] = ';';
    memcpy(header + 256, "charset=", 8);
    {
        struct dv_mime mime;

        assert_int_equal(dv_mime_parse(dv_span_of(header, sizeof(header)),
                                       &mime),
                         DAVY_OK);
        assert_int_equal(strlen(mime.essence), 255);
        assert_string_equal(mime.charset, "");
        assert_int_equal(dv_mime_parse(dv_span_of(header, 264 + 63), &mime),
                         DAVY_OK);
        assert_int_equal(strlen(mime.charset), 63);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read_as_browsers_read_them),
        cmocka_unit_test(names_that_are_too_long_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

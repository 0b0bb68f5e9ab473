/* SPDX-License-Identifier: MIT */
/* test_decode_charset.c - finds encodings and converts to UTF-8. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "decode/decode_charset.h"
#include "support/guard.h"
#include "support/oom.h"

#define BAD "\xef\xbf\xbd"              /* U+FFFD */

static struct dv_charset
charset_of(const char *label)
{
    return (struct dv_charset){ dv_encoding_find(dv_span_cstr(label)), 0 };
}

/* Convert from a guard page and compare; the end must be found again. */
static void
check(const char *label, struct dv_span bytes, struct dv_span want)
{
    const struct dv_charset charset = charset_of(label);
    struct guard guard;
    struct dv_mem mem;
    struct dv_buf room;
    struct dv_span text;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&room, &mem, SIZE_MAX);
    guard_init(&guard, bytes.at, bytes.len);
    assert_int_equal(dv_charset_to_utf8(guard.bytes, &charset, &room, &text),
                     DAVY_OK);
    if (!dv_span_equal(text, want))
        fail_msg("%s: '%.*s', not '%.*s'", label, (int)text.len,
                 (const char *)text.at, (int)want.len,
                 (const char *)want.at);
    if (bytes.len != 0 && want.len != 0)
        assert_int_equal(
            dv_charset_source_offset(guard.bytes, &charset, want.len),
            bytes.len);
    guard_fini(&guard);
    dv_buf_fini(&room);
    assert_int_equal(mem.used, 0);
}

static void
an_encoding_is_found_in_the_right_order(void **state)
{
    static const struct {
        enum dv_charset_use use;
        const char *label;
        enum dv_encoding fallback;
        const char *bytes, *name;
        size_t bom;
    } rows[] = {
        { DV_CHARSET_PAGE, "", 0, "<p>", "UTF-8", 0 },
        { DV_CHARSET_PAGE, "", 0, "<p>\xc3\xa9", "UTF-8", 0 },
        { DV_CHARSET_PAGE, "", 0, "<p>\xe9", "windows-1252", 0 },
        { DV_CHARSET_PAGE, "", DV_ENCODING_GBK, "<p>\xe9", "GBK", 0 },
        { DV_CHARSET_PAGE, "", 0, "<meta charset=big5>", "Big5", 0 },
        { DV_CHARSET_PAGE, "gbk", 0, "<meta charset=big5>", "GBK", 0 },
        { DV_CHARSET_PAGE, "nonsense", 0, "<meta charset=big5>", "Big5", 0 },
        { DV_CHARSET_PAGE, "gbk", 0, "\xef\xbb\xbf<p>", "UTF-8", 3 },
        { DV_CHARSET_PAGE, "gbk", 0, "\xff\xfe<p>", "UTF-16LE", 2 },
        { DV_CHARSET_PAGE, "gbk", 0, "\xfe\xff<p>", "UTF-16BE", 2 },
        { DV_CHARSET_PAGE, "gbk", 0, "\xef\xbb", "GBK", 0 },
        { DV_CHARSET_PAGE, "utf-16", 0, "<p>", "UTF-16LE", 0 },
        { DV_CHARSET_SCRIPT, "", 0, "\xe9", "UTF-8", 0 },
        { DV_CHARSET_SCRIPT, "", 0, "//<meta charset=big5>", "UTF-8", 0 },
        { DV_CHARSET_SCRIPT, "", DV_ENCODING_GBK, "x", "GBK", 0 },
        { DV_CHARSET_SCRIPT, "big5", DV_ENCODING_GBK, "x", "Big5", 0 },
        { DV_CHARSET_SCRIPT, "big5", 0, "\xff\xfex", "UTF-16LE", 2 },
        { DV_CHARSET_UTF8, "big5", DV_ENCODING_GBK, "x", "UTF-8", 0 },
        { DV_CHARSET_UTF8, "", 0, "\xef\xbb\xbfx", "UTF-8", 3 },
        { DV_CHARSET_UTF8, "", 0, "\xff\xfex", "UTF-8", 0 },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const struct dv_charset_hint hint = {
            .use = rows[i].use,
            .label = dv_span_cstr(rows[i].label),
            .fallback = rows[i].fallback,
        };
        struct dv_charset charset;

        dv_charset_find(dv_span_cstr(rows[i].bytes), &hint, &charset);
        assert_string_equal(dv_encoding_name(charset.encoding),
                            rows[i].name);
        assert_int_equal(charset.bom, rows[i].bom);
    }
}

static void
text_that_is_utf_8_already_is_not_copied(void **state)
{
    static const struct {
        const char *label;
        size_t bom;
        const char *bytes;
    } rows[] = {
        { "utf-8", 0, "caf\xc3\xa9" },
        { "utf-8", 3, "\xef\xbb\xbf" "caf\xc3\xa9" },
        { "utf-8", 0, "broken \xe9\xff" },
        { "latin1", 0, "plain" },
        { "gbk", 0, "plain \\ ~" },
        { "shift_jis", 0, "plain \\ ~" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct dv_charset charset = charset_of(rows[i].label);
        const struct dv_span bytes = dv_span_cstr(rows[i].bytes);
        struct dv_mem mem;
        struct dv_buf room;
        struct dv_span text;

        charset.bom = rows[i].bom;
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&room, &mem, SIZE_MAX);
        assert_int_equal(dv_charset_to_utf8(bytes, &charset, &room, &text),
                         DAVY_OK);
        assert_ptr_equal(text.at, bytes.at + charset.bom);
        assert_int_equal(text.len, bytes.len - charset.bom);
        assert_int_equal(mem.peak, 0);
        assert_int_equal(dv_charset_source_offset(bytes, &charset, 2),
                         2 + charset.bom);
        assert_int_equal(dv_charset_source_offset(bytes, &charset, 999),
                         bytes.len);
    }
}

static void
single_bytes_convert_by_the_tables_of_the_standard(void **state)
{
    static const struct {
        const char *label, *bytes, *text;
    } rows[] = {
        { "windows-1252", "caf\xe9 \x80\x81\x9f", "caf\xc3\xa9 \xe2\x82\xac"
                                                 "\xc2\x81\xc5\xb8" },
        { "iso-8859-1", "\x93x\x94", "\xe2\x80\x9cx\xe2\x80\x9d" },
        { "windows-1251", "\xcf\xf0\xe8", "\xd0\x9f\xd1\x80\xd0\xb8" },
        { "koi8-r", "\xf0\xd2\xc9", "\xd0\x9f\xd1\x80\xd0\xb8" },
        { "ibm866", "\x8f\xe0\xa8", "\xd0\x9f\xd1\x80\xd0\xb8" },
        { "iso-8859-8-i", "\xe0", "\xd7\x90" },
        { "windows-1253", "\xaa<", BAD "<" },
        { "x-user-defined", "a\x80\xff", "a\xef\x9e\x80\xef\x9f\xbf" },
        { "macintosh", "\xf0", "\xef\xa3\xbf" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        check(rows[i].label, dv_span_cstr(rows[i].bytes),
              dv_span_cstr(rows[i].text));
}

static void
utf_16_converts_and_mends_what_is_broken(void **state)
{
    static const struct {
        const char *label;
        struct dv_span bytes, text;
    } rows[] = {
#define ROW(label, bytes, text) \
    { label, { (const uint8_t *)(bytes), sizeof(bytes) - 1 }, \
      { (const uint8_t *)(text), sizeof(text) - 1 } }
        ROW("utf-16le", "<\0p\0>\0", "<p>"),
        ROW("utf-16be", "\0<\0p\0>", "<p>"),
        ROW("utf-16", "\xac\x20", "\xe2\x82\xac"),
        ROW("utf-16le", "\x3d\xd8\x00\xde", "\xf0\x9f\x98\x80"),
        ROW("utf-16be", "\xd8\x3d\xde\x00x", "\xf0\x9f\x98\x80" BAD),
        ROW("utf-16le", "\x3d\xd8x\0", BAD "x"),
        ROW("utf-16le", "\x00\xdex\0", BAD "x"),
        ROW("utf-16le", "\x3d\xd8", BAD),
        ROW("utf-16le", "\x3d\xd8x", BAD),
        ROW("utf-16le", "\x3d\xd8\x3d\xd8\x00\xde", BAD "\xf0\x9f\x98\x80"),
        ROW("utf-16le", "", ""),
#undef ROW
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        check(rows[i].label, rows[i].bytes, rows[i].text);
}

static void
long_characters_convert(void **state)
{
    static const struct {
        const char *label, *bytes, *text;
    } rows[] = {
        { "gbk", "<p>\xd6\xd0\xce\xc4</p>", "<p>\xe4\xb8\xad\xe6\x96\x87</p>" },
        { "gb18030", "\x81\x30\x81\x30\x80", "\xc2\x80\xe2\x82\xac" },
        { "gb18030", "\x94\x39\xda\x33", "\xf0\x9f\x92\xa9" },
        { "gb2312", "\xa3\xa0", "\xe3\x80\x80" },
        { "big5", "\xa4\xa4\xa4\xe5", "\xe4\xb8\xad\xe6\x96\x87" },
        { "big5", "\x88\x62\x88\xa5\x88\x66", "\xc3\x8a\xcc\x84\xc3\xaa\xcc\x8c"
                                              "\xc3\x8a" },
        { "big5", "\x8e\x69", "\xe7\xae\xb8" },
        { "shift_jis", "\x93\xfa\x96\x7b \x83\x5c \xb1\x80",
          "\xe6\x97\xa5\xe6\x9c\xac \xe3\x82\xbd \xef\xbd\xb1\xc2\x80" },
        { "euc-jp", "\xc6\xfc\xcb\xdc \x8e\xb1 \x8f\xb0\xa1",
          "\xe6\x97\xa5\xe6\x9c\xac \xef\xbd\xb1 \xe4\xb8\x82" },
        { "euc-kr", "\xc7\xd1 \x81\x41", "\xed\x95\x9c \xea\xb0\x82" },
        { "iso-2022-jp", "a\x1b$B\x46\x7c\x4b\x5c\x1b(B\\",
          "a\xe6\x97\xa5\xe6\x9c\xac\\" },
        { "iso-2022-jp", "\x1b(J\\~\x1b(I1\x1b(B\\~",
          "\xc2\xa5\xe2\x80\xbe\xef\xbd\xb1\\~" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        check(rows[i].label, dv_span_cstr(rows[i].bytes),
              dv_span_cstr(rows[i].text));
}

static void
ascii_behind_a_lead_byte_is_never_swallowed(void **state)
{
    static const struct {
        const char *label, *bytes, *text;
    } rows[] = {
        { "shift_jis", "\x81<script>", BAD "<script>" },
        { "shift_jis", "\x81\"x", BAD "\"x" },
        { "shift_jis", "\xa0\xfd\xff", BAD BAD BAD },
        { "shift_jis", "\x81\xff<", BAD "<" },
        { "shift_jis", "\xeb\x9f<", BAD "<" },
        { "shift_jis", "\x81", BAD },
        { "big5", "\x81<", BAD "<" },
        { "big5", "\x81\x40\\", BAD "@\\" },
        { "big5", "\x80\xff<", BAD BAD "<" },
        { "gbk", "\x81<", BAD "<" },
        { "gbk", "\x81\x7f", BAD "\x7f" },
        { "gbk", "\xff<", BAD "<" },
        { "gbk", "\x81", BAD },
        { "gb18030", "\x81\x30<", BAD "0<" },
        { "gb18030", "\x81\x30\x81<", BAD "0" BAD "<" },
        { "gb18030", "\x81\x30\x81", BAD },
        { "gb18030", "\x81\x30", BAD },
        { "gb18030", "\xfe\x39\xfe\x39<", BAD "<" },
        { "euc-kr", "\x81<", BAD "<" },
        { "euc-kr", "\xa2\xe8" "9<", BAD "9<" },
        { "euc-kr", "\xc9\x41", BAD "A" },
        { "euc-jp", "\xa1<", BAD "<" },
        { "euc-jp", "\x8e<\x8e\x80<", BAD "<" BAD "<" },
        { "euc-jp", "\x8f<\x8f\xa1<", BAD "<" BAD "<" },
        { "euc-jp", "\x8f\xa1\xa1<", BAD "<" },
        { "euc-jp", "\x80\xa0<", BAD BAD "<" },
        { "euc-jp", "\x8f\xa1", BAD },
        { "iso-2022-jp", "\x1b$B\x46<\x1b", "\xe9\x8a\x85" BAD },
        { "iso-2022-jp", "\x1b$B<\x1b(B<", BAD "<" },
        { "iso-2022-jp", "\x1b(B\x1b(B<", BAD "<" },
        { "iso-2022-jp", "\x1b(<\x0e\x80", BAD "(<" BAD BAD },
        { "iso-2022-jp", "\x1b", BAD },
        { "iso-2022-jp", "\x1b$", BAD "$" },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++)
        check(rows[i].label, dv_span_cstr(rows[i].bytes),
              dv_span_cstr(rows[i].text));
}

static void
dangerous_encodings_are_nothing(void **state)
{
    (void)state;
    check("iso-2022-kr", DV_SPAN_LIT("<script>x</script>"),
          DV_SPAN_LIT(""));
    check("hz-gb-2312", DV_SPAN_LIT(""), DV_SPAN_LIT(""));
}

/* All that has a converter, and a text of each that has every kind of
 * sequence in it. */
static const char *const labels[] = { "windows-1252", "gbk",      "gb18030",
                                      "big5",         "euc-jp",   "shift_jis",
                                      "iso-2022-jp",  "euc-kr",   "utf-16le",
                                      "utf-16be",     "ibm866" };

static void
make_text(uint8_t *bytes, size_t n, uint32_t seed)
{
    static const char pieces[] = "<\"\\\x1b$B(J0\x81\x30\x81\x30\x8f\xb0\xa1"
                                 "\xa4\xa4\x88\x62\xff\x80";

    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = seed >> 31 ? (uint8_t)(seed >> 16)
                              : (uint8_t)pieces[(seed >> 16)
                                                % (sizeof(pieces) - 1)];
    }
}

static void
every_offset_has_a_place_in_the_source(void **state)
{
    uint8_t bytes[300];

    (void)state;
    for (size_t l = 0; l < DV_COUNT_OF(labels); l++) {
        const struct dv_charset charset = charset_of(labels[l]);
        struct dv_mem mem;
        struct dv_buf room, head_room;
        struct dv_span text, head;
        size_t last = 0;

        make_text(bytes, sizeof(bytes), (uint32_t)l);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&room, &mem, SIZE_MAX);
        dv_buf_init(&head_room, &mem, SIZE_MAX);
        assert_int_equal(dv_charset_to_utf8(dv_span_of(bytes, sizeof(bytes)),
                                            &charset, &room, &text),
                         DAVY_OK);
        assert_true(dv_utf8_is_valid(text));
        for (size_t i = 0; i <= text.len; i++) {
            const size_t at = dv_charset_source_offset(
                dv_span_of(bytes, sizeof(bytes)), &charset, i);

            assert_true(at >= last && at <= sizeof(bytes));
            last = at;
            if (i < text.len && text.at[i] < 0x80
                && dv_encoding_kind(charset.encoding) != DV_ENCODING_UTF16BE
                && dv_encoding_kind(charset.encoding) != DV_ENCODING_JIS)
                assert_int_equal(bytes[at], text.at[i]);
            /* What stands before the place makes what stands before i. */
            assert_int_equal(dv_charset_to_utf8(dv_span_of(bytes, at),
                                                &charset, &head_room, &head),
                             DAVY_OK);
            assert_true(head.len <= i);
            assert_true(dv_span_starts_with(text, head));
        }
        dv_buf_fini(&room);
        dv_buf_fini(&head_room);
    }
}

static void
offsets_far_into_a_text_are_right(void **state)
{
    enum { REPEATS = 5000 };
    static uint8_t bytes[3 * REPEATS];
    const struct dv_charset charset = charset_of("gbk");

    (void)state;
    for (size_t i = 0; i < REPEATS; i++)
        memcpy(bytes + 3 * i, "\xd6\xd0x", 3);  /* 3 bytes become 4 */
    for (size_t i = 0; i < REPEATS; i += 7) {
        const struct dv_span in = dv_span_of(bytes, sizeof(bytes));

        assert_int_equal(dv_charset_source_offset(in, &charset, 4 * i),
                         3 * i);
        assert_int_equal(dv_charset_source_offset(in, &charset, 4 * i + 1),
                         3 * i);
        assert_int_equal(dv_charset_source_offset(in, &charset, 4 * i + 3),
                         3 * i + 2);
    }
}

static void
a_full_buffer_keeps_the_beginning(void **state)
{
    uint8_t bytes[200];

    (void)state;
    for (size_t l = 0; l < DV_COUNT_OF(labels); l++) {
        const struct dv_charset charset = charset_of(labels[l]);
        struct dv_mem mem;
        struct dv_buf whole, part;
        struct dv_span text, head;

        make_text(bytes, sizeof(bytes), (uint32_t)l);
        dv_mem_init(&mem, NULL, SIZE_MAX);
        dv_buf_init(&whole, &mem, SIZE_MAX);
        assert_int_equal(dv_charset_to_utf8(dv_span_of(bytes, sizeof(bytes)),
                                            &charset, &whole, &text),
                         DAVY_OK);
        for (size_t max = 0; max < text.len; max++) {
            dv_buf_init(&part, &mem, max);
            assert_int_equal(
                dv_charset_to_utf8(dv_span_of(bytes, sizeof(bytes)),
                                   &charset, &part, &head),
                DAVY_LIMIT);
            assert_true(dv_span_starts_with(text, head));
            assert_true(head.len + 8 > max);
            dv_buf_fini(&part);
        }
        dv_buf_fini(&whole);
    }
}

static davy_status
convert_with_hooks(const davy_allocator *hooks, void *ctx)
{
    uint8_t bytes[2000];
    davy_status st = DAVY_OK;
    struct dv_mem mem;
    struct dv_buf room;
    struct dv_span text;

    (void)ctx;
    make_text(bytes, sizeof(bytes), 1);
    dv_mem_init(&mem, hooks, SIZE_MAX);
    for (size_t l = 0; l < DV_COUNT_OF(labels) && st == DAVY_OK; l++) {
        const struct dv_charset charset = charset_of(labels[l]);

        dv_buf_init(&room, &mem, SIZE_MAX);
        st = dv_charset_to_utf8(dv_span_of(bytes, sizeof(bytes)), &charset,
                                &room, &text);
        dv_buf_fini(&room);
    }
    assert_int_equal(mem.used, 0);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    (void)state;
    oom_sweep(convert_with_hooks, NULL, 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_encoding_is_found_in_the_right_order),
        cmocka_unit_test(text_that_is_utf_8_already_is_not_copied),
        cmocka_unit_test(single_bytes_convert_by_the_tables_of_the_standard),
        cmocka_unit_test(utf_16_converts_and_mends_what_is_broken),
        cmocka_unit_test(long_characters_convert),
        cmocka_unit_test(ascii_behind_a_lead_byte_is_never_swallowed),
        cmocka_unit_test(dangerous_encodings_are_nothing),
        cmocka_unit_test(every_offset_has_a_place_in_the_source),
        cmocka_unit_test(offsets_far_into_a_text_are_right),
        cmocka_unit_test(a_full_buffer_keeps_the_beginning),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

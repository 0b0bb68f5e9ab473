/* SPDX-License-Identifier: MIT */
/* test_decode_base64.c - base64 by the standards and as it is met. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_base64.h"
#include "support/transform.h"

/* RFC 4648, section 10. */
static const struct transform_row vectors[] = {
    { "", "" },           { "Zg==", "f" },          { "Zm8=", "fo" },
    { "Zm9v", "foo" },    { "Zm9vYg==", "foob" },   { "Zm9vYmE=", "fooba" },
    { "Zm9vYmFy", "foobar" },
};

static void
the_vectors_of_rfc_4648_decode(void **state)
{
    (void)state;
    transform_holds(dv_decode_base64, vectors, DV_COUNT_OF(vectors));
    transform_holds(dv_decode_atob, vectors, DV_COUNT_OF(vectors));
}

static void
the_vectors_of_rfc_4648_encode(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(vectors); i++) {
        const struct dv_span plain = dv_span_cstr(vectors[i].want);

        transform_gives(dv_encode_base64, plain, dv_span_cstr(vectors[i].in));
        transform_survives(dv_encode_base64, plain);
    }
}

static void
atob_is_forgiving_as_the_standard_says_and_no_more(void **state)
{
    /* After web-platform-tests html/webappapis/atob/base64.any.js. */
    static const struct transform_row rows[] = {
        { "ab", "i" },          { "abc", "i\xb7" },  { "abcd", "i\xb7\x1d" },
        { "ab==", "i" },        { "abc=", "i\xb7" }, { " abcd", "i\xb7\x1d" },
        { "ab\t\n\f\r =\t=", "i" },  { " ", "" },    { "a\nb\nc\nd", "i\xb7\x1d" },
        { "Y=Q=", NULL },       { "a", NULL },       { "abcde", NULL },
        { "=", NULL },          { "==", NULL },      { "===", NULL },
        { "====", NULL },       { "a=", NULL },      { "a==", NULL },
        { "a===", NULL },       { "ab=", NULL },     { "ab===", NULL },
        { "abc==", NULL },      { "abcd=", NULL },   { "abcd==", NULL },
        { "abcd====", NULL },   { "abcde=", NULL },  { "abcde===", NULL },
        { "=a", NULL },         { "=aaa", NULL },    { "==ab", NULL },
        { "ab=d", NULL },       { "ab\vcd", NULL },  { "ab\xc2\xa0" "cd", NULL },
        { "ab-_", NULL },       { "A/", "\x03" },    { "AA/", NULL },
        { "Zm9v=Zm9v", NULL },  { "YQ==YQ==", NULL }, { "~~", NULL },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (strcmp(rows[i].in, "AA/") != 0)
            transform_holds(dv_decode_atob, &rows[i], 1);
    }
    transform_gives(dv_decode_atob, DV_SPAN_LIT("AA/"),
                    dv_span_of("\0\x0f", 2));
    transform_refuses(dv_decode_atob, dv_span_of("ab\0cd", 5));
    transform_gives(dv_decode_atob, dv_span_of(NULL, 0), dv_span_of(NULL, 0));
}

static void
base64_of_the_wild_decodes(void **state)
{
    static const struct transform_row rows[] = {
        { "Zm9vYg", "foob" },           /* no padding */
        { "Zm9vYg=", "foob" },          /* too little */
        { "Zm9vYmE=====", "fooba" },    /* too much */
        { "Zm9v\r\nYmFy\r\n", "foobar" },
        { "Zg==Zm8=Zm9v", "ffofoo" },   /* pieces that were joined */
        { "-_-_", "\xfb\xff\xbf" },     /* URL-safe */
        { "-/+_", "\xfb\xff\xbf" },     /* mixed */
        { "Zm9vY", "foo" },             /* cut off within a quantum */
        { "Zm9vYmFyZm9vYmFyZm9v#YmFy", "foobarfoobarfoobar" },
        { "  ", "" },
        { "Z", NULL },
        { "<p>Hello, world!</p>", NULL },
        { "{\"a\":1}", NULL },
    };

    (void)state;
    transform_holds(dv_decode_base64, rows, DV_COUNT_OF(rows));
}

static davy_status
decode_swapped(struct dv_span in, struct dv_buf *out)
{
    return dv_decode_base64_with(in, DV_BASE64_SWAPPED, out);
}

static void
another_alphabet_can_be_given(void **state)
{
    static const struct transform_row rows[] = {
        { "zM9VyMfY", "foobar" },
        { "q29PBKHPDMu", "CoinHive" },
        { "--", NULL },
    };

    (void)state;
    transform_holds(decode_swapped, rows, DV_COUNT_OF(rows));
}

static void
every_byte_comes_back_in_every_position(void **state)
{
    struct dv_mem mem;
    struct dv_buf text;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&text, &mem, SIZE_MAX);
    for (unsigned n = 1; n <= 9; n++) {
        for (unsigned b = 0; b < 256; b++) {
            uint8_t bytes[9];

            for (unsigned i = 0; i < n; i++)
                bytes[i] = (uint8_t)(b * (i + 1) + i);
            dv_buf_clear(&text);
            assert_int_equal(dv_encode_base64(dv_span_of(bytes, n), &text),
                             DAVY_OK);
            transform_gives(dv_decode_atob, dv_buf_span(&text),
                            dv_span_of(bytes, n));
            transform_gives(dv_decode_base64, dv_buf_span(&text),
                            dv_span_of(bytes, n));
        }
    }
    dv_buf_fini(&text);
}

static void
the_claim_takes_base64_and_leaves_words(void **state)
{
    static const struct {
        const char *text;
        bool is_claimed;
    } rows[] = {
        { "Q29pbkhpdmU=", true },
        { "AGFzbQEAAAABBgFgAX8BfwMCAQAHBwEDZmFjAAAK", true },
        { "QW5vbnltb3Vz", true },
        { "QW5v\nbnlt\nb3Vz", true },
        { "constructor", false },
        { "ADDEVENTLISTENER", false },
        { "two words of text.", false },
        { "Zm9v", false },
        { "Zm9vYmFyZ", false },
        { "https://a.example/b", false },
        { "", false },
        { "====", false },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const struct dv_span text = dv_span_cstr(rows[i].text);

        if (dv_decode_base64_looks_like(text) != rows[i].is_claimed)
            fail_msg("%s", rows[i].text);
    }
}

static void
the_claim_reads_no_more_than_both_ends(void **state)
{
    char text[1000];

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "aB3"[i % 3];
    assert_true(dv_decode_base64_looks_like(dv_span_of(text, sizeof(text))));
    text[500] = '!';
    assert_true(dv_decode_base64_looks_like(dv_span_of(text, sizeof(text))));
    text[990] = '!';
    assert_false(dv_decode_base64_looks_like(dv_span_of(text, sizeof(text))));
    text[100] = '!';
    assert_false(dv_decode_base64_looks_like(dv_span_of(text, 120)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_decode),
        cmocka_unit_test(the_vectors_of_rfc_4648_encode),
        cmocka_unit_test(atob_is_forgiving_as_the_standard_says_and_no_more),
        cmocka_unit_test(base64_of_the_wild_decodes),
        cmocka_unit_test(another_alphabet_can_be_given),
        cmocka_unit_test(every_byte_comes_back_in_every_position),
        cmocka_unit_test(the_claim_takes_base64_and_leaves_words),
        cmocka_unit_test(the_claim_reads_no_more_than_both_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

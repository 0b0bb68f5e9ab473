/* SPDX-License-Identifier: MIT */
/* test_http_body.c - bodies come out of their framing, or the framing is
 * refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy/http_body.h"

struct result {
    enum http_body_state state;
    char data[64];
    size_t length;
    size_t used;
};

/* Read `text` in pieces of `step` bytes. */
static struct result
read_body(enum http_body kind, uint64_t length, const char *text, size_t step)
{
    struct result r = { .state = HTTP_BODY_MORE };
    const size_t total = strlen(text);
    struct http_body_reader reader;

    http_body_begin(&reader, kind, length);
    while (r.used < total || r.state == HTTP_BODY_DATA) {
        const size_t left = total - r.used;
        struct http_text data = { NULL, 0 };
        size_t used;

        r.state = http_body_read(&reader, text + r.used,
                                 left < step ? left : step, &used, &data);
        assert_true(r.length + data.length <= sizeof(r.data));
        if (data.length > 0)
            memcpy(r.data + r.length, data.at, data.length);
        r.length += data.length;
        r.used += used;
        if (r.state == HTTP_BODY_END || r.state == HTTP_BODY_BAD)
            break;
    }
    return r;
}

static void
good_bodies_are_read_in_any_pieces(void **state)
{
    static const struct {
        enum http_body kind;
        uint64_t length;
        const char *text;
        const char *data;
        size_t rest;                    /* bytes behind the body */
    } rows[] = {
        { HTTP_BODY_LENGTH, 5, "helloGET", "hello", 3 },
        { HTTP_BODY_CHUNKED, 0, "5\r\nhello\r\n0\r\n\r\n", "hello", 0 },
        { HTTP_BODY_CHUNKED, 0, "5\r\nhello\r\n0\r\n\r\nGET", "hello", 3 },
        { HTTP_BODY_CHUNKED, 0, "3\r\nhel\r\n002\r\nlo\r\n0\r\n\r\n", "hello",
          0 },
        { HTTP_BODY_CHUNKED, 0, "A\r\n0123456789\r\n0\r\n\r\n", "0123456789",
          0 },
        { HTTP_BODY_CHUNKED, 0, "5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n",
          "hello", 0 },
        { HTTP_BODY_CHUNKED, 0, "5\r\nhello\r\n0\r\nX: y\r\nZ:\r\n\r\n",
          "hello", 0 },
        { HTTP_BODY_CHUNKED, 0, "0\r\n\r\n", "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t step = 1; step < 40; step++) {
            const struct result r = read_body(rows[i].kind, rows[i].length,
                                              rows[i].text, step);

            assert_int_equal(r.state, HTTP_BODY_END);
            assert_int_equal(r.length, strlen(rows[i].data));
            assert_memory_equal(r.data, rows[i].data, r.length);
            assert_int_equal(strlen(rows[i].text) - r.used, rows[i].rest);
        }
    }
}

static void
bad_framing_is_refused(void **state)
{
    static const char *const rows[] = {
        "\r\n", "0x5\r\nhello\r\n", "+5\r\nhello\r\n", "-1\r\n", " 5\r\n",
        "5 \r\nhello\r\n", "5\nhello\n0\n\n", "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX\r\n", "5\r\nhello\r\n0\n\r\n", "g\r\n",
        "1000000000000000\r\n", "5;a\nb\r\nhello\r\n", "5;a\001\r\nhello\r\n",
        "0\r\nX: y\n\r\n", "0\r\n X: folded\r\n\r\n", "0\r\n\rX",
        "5\r\r\nhello\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t step = 1; step < 20; step++)
            assert_int_equal(read_body(HTTP_BODY_CHUNKED, 0, rows[i],
                                       step).state,
                             HTTP_BODY_BAD);
    }
}

static void
an_endless_line_is_refused(void **state)
{
    static char text[20000];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    memcpy(text, "5;", 2);
    assert_int_equal(read_body(HTTP_BODY_CHUNKED, 0, text, 1000).state,
                     HTTP_BODY_BAD);
    memcpy(text, "0\r\nA:", 5);
    assert_int_equal(read_body(HTTP_BODY_CHUNKED, 0, text, 1000).state,
                     HTTP_BODY_BAD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_bodies_are_read_in_any_pieces),
        cmocka_unit_test(bad_framing_is_refused),
        cmocka_unit_test(an_endless_line_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

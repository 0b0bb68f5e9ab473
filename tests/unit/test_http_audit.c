/* SPDX-License-Identifier: MIT */
/* test_http_audit.c - heads are understood in one way or refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proxy/http_audit.h"
#include "support/guard.h"

struct heads {
    struct http_head head;
    struct http_request request;
};

static unsigned
judge(struct heads *h, const char *bytes, size_t length)
{
    const unsigned status = http_head_read(&h->head, bytes, length);

    return status != 0 ? status : http_audit(&h->head, &h->request);
}

static void
ambiguous_heads_are_refused(void **state)
{
    static const struct {
        const char *what;
        const char *head;
        size_t length;
        unsigned status;
    } rows[] = {
#define HTTP_CASE_ROW(what, head, status) \
    { what, head, sizeof(head) - 1, status },
#include "unit/http_cases.def"
#undef HTTP_CASE_ROW
    };
    struct heads *h = calloc(1, sizeof(*h));

    (void)state;
    assert_non_null(h);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t scanned = 0;

        print_message("%s\n", rows[i].what);
        assert_int_equal(http_head_end(rows[i].head, rows[i].length,
                                       &scanned),
                         rows[i].length);
        assert_int_equal(judge(h, rows[i].head, rows[i].length),
                         rows[i].status);
    }
    free(h);
}

static void
the_end_of_a_head_is_found_byte_by_byte(void **state)
{
    static const char text[] = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nmore";
    const size_t end = sizeof(text) - 1 - strlen("more");
    size_t scanned = 0;

    (void)state;
    for (size_t n = 0; n < end; n++)
        assert_int_equal(http_head_end(text, n, &scanned), 0);
    assert_int_equal(http_head_end(text, end, &scanned), end);
    scanned = 0;
    assert_int_equal(http_head_end(text, sizeof(text) - 1, &scanned), end);
}

static void
a_request_is_taken_apart(void **state)
{
    static const char text[]
        = "GET http://EXAMPLE.org:8080/a?b=c HTTP/1.1\r\nHost: example.org\r\n"
          "Connection: close, X-Hop\r\nX-Hop: 1\r\nX-Kept: 2\r\n\r\n";
    struct heads *h = calloc(1, sizeof(*h));

    (void)state;
    assert_non_null(h);
    assert_int_equal(judge(h, text, sizeof(text) - 1), 0);
    assert_string_equal(h->request.host, "example.org");
    assert_int_equal(h->request.port, 8080);
    assert_true(http_text_equal(h->request.path, "/a?b=c"));
    assert_false(h->request.keeps_alive);
    assert_true(http_is_connection_option(&h->head, http_text("x-hop")));
    assert_false(http_is_connection_option(&h->head, http_text("X-Kept")));
    free(h);
}

static void
no_cut_reads_past_the_end(void **state)
{
    static const char text[]
        = "POST http://[::1]:1/ HTTP/1.1\r\nHost: [::1]:1\r\nVia: 1.1 a, 1.1 b"
          "\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
    struct heads *h = calloc(1, sizeof(*h));

    (void)state;
    assert_non_null(h);
    for (size_t n = 1; n < sizeof(text); n++) {
        struct guard guard;

        guard_init(&guard, text, n);
        (void)judge(h, (const char *)guard.bytes.at, n);
        guard_fini(&guard);
    }
    free(h);
}

static void
answers_are_mended(void **state)
{
    char text[] = "HTTP/1.1 200 Fine\r\nA: x\001y\r\nno field\r\nB:\r\n\r\n";
    struct http_head *head = calloc(1, sizeof(*head));

    (void)state;
    assert_non_null(head);
    assert_true(http_head_read_reply(head, text, sizeof(text) - 1));
    assert_int_equal(head->status, 200);
    assert_true(http_text_equal(head->reason, "Fine"));
    assert_int_equal(head->count, 2);
    assert_true(http_text_equal(head->fields[0].value, "x y"));
    free(head);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ambiguous_heads_are_refused),
        cmocka_unit_test(the_end_of_a_head_is_found_byte_by_byte),
        cmocka_unit_test(a_request_is_taken_apart),
        cmocka_unit_test(no_cut_reads_past_the_end),
        cmocka_unit_test(answers_are_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_ws_frame.c - frames, extensions, messages that are inflated. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "frame/ws_extension.h"
#include "frame/ws_frame.h"
#include "frame/ws_inflate.h"
#include "support/guard.h"
#include "support/oom.h"

/* ---- Frames ---- */

/* Data in quotes by message, `!` and the reason when it is broken. */
static void
read_frames(struct dv_ws_frame *frame, struct dv_span bytes,
            struct dv_buf *log)
{
    for (;;) {
        enum dv_ws_event event;
        struct dv_span data;
        const davy_status st = dv_ws_frame_next(frame, &bytes, &event, &data);

        if (st != DAVY_OK) {
            assert_int_equal(st, DAVY_MALFORMED);
            assert_int_equal(dv_buf_append_byte(log, '!'), DAVY_OK);
            assert_int_equal(dv_buf_append_cstr(log, frame->error), DAVY_OK);
            return;
        }
        if (event == DV_WS_NOTHING)
            return;
        if (event == DV_WS_DATA)
            assert_int_equal(dv_buf_append(log, data), DAVY_OK);
        else
            assert_int_equal(dv_buf_append_byte(log, '|'), DAVY_OK);
    }
}

#define ROW(client, deflate, bytes, log) \
    { client, deflate, bytes, sizeof(bytes) - 1, log }

static const struct {
    bool from_client, may_compress;
    const char *bytes;
    size_t length;
    const char *log;
} rows[] = {
    /* The examples of RFC 6455, 5.7. */
    ROW(false, false, "\x81\x05Hello", "Hello|"),
    ROW(true, false, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "Hello|"),
    ROW(false, false, "\x01\x03Hel\x80\x02lo", "Hello|"),
    ROW(false, false, "\x89\x05Hello\x82\x01x", "x|"),
    ROW(false, false, "\x01\x03Hel\x89\x00\x80\x02lo", "Hello|"),
    ROW(false, false, "\x81\x00\x82\x00", "||"),
    ROW(false, false, "\x82\x7e\x00\x7e"
        "123456789012345678901234567890123456789012345678901234567890123"
        "123456789012345678901234567890123456789012345678901234567890123",
        "123456789012345678901234567890123456789012345678901234567890123"
        "123456789012345678901234567890123456789012345678901234567890123|"),
    ROW(false, true, "\xc1\x01x\x81\x01y", "x|y|"),
    ROW(false, true, "\x41\x01x\x80\x01y", "xy|"),
    ROW(false, false, "\x88\x02\x03\xe8", ""),
    ROW(false, false, "\x88\x00\x89\x00", ""),

    ROW(false, false, "\xc1\x01x",
        "!compressed bit where nothing is compressed"),
    ROW(false, true, "\x01\x01x\xc0\x01y",
        "x!compressed bit where nothing is compressed"),
    ROW(false, true, "\xc9\x00",
        "!compressed bit where nothing is compressed"),
    ROW(false, true, "\xa1\x01x", "!reserved bit"),
    ROW(false, true, "\x91\x01x", "!reserved bit"),
    ROW(false, false, "\x83\x00", "!unknown opcode"),
    ROW(false, false, "\x8b\x00", "!unknown opcode"),
    ROW(false, false, "\x09\x00", "!control frame in fragments"),
    ROW(false, false, "\x89\x7e\x00\x7e", "!long control frame"),
    ROW(false, false, "\x80\x00", "!continuation of nothing"),
    ROW(false, false, "\x01\x01x\x81\x01y", "x!message inside of a message"),
    ROW(false, false, "\x81\x85\x37\xfa\x21\x3d", "!masked frame of a server"),
    ROW(true, false, "\x81\x05Hello", "!frame without a mask"),
    ROW(false, false, "\x81\x7e\x00\x7d",
        "!length that is not the shortest"),
    ROW(false, false, "\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff",
        "!length that is not the shortest"),
    ROW(false, false, "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00",
        "!length with its highest bit set"),
    ROW(false, false, "\x88\x01\x03", "!half a status code"),
    ROW(false, false, "\x88\x00\x81\x01x", "!data behind a close frame"),
};

static void
frames_are_read_in_any_chunking(void **state)
{
    struct dv_mem mem;
    struct dv_buf log;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        for (size_t cut = 0; cut <= rows[i].length; cut++) {
            struct dv_ws_frame frame;
            struct guard first, second;

            guard_init(&first, rows[i].bytes, cut);
            guard_init(&second, rows[i].bytes + cut, rows[i].length - cut);
            dv_ws_frame_init(&frame, rows[i].from_client,
                             rows[i].may_compress);
            dv_buf_clear(&log);
            read_frames(&frame, first.bytes, &log);
            if (frame.error == NULL)
                read_frames(&frame, second.bytes, &log);
            if (!dv_span_equal_cstr(dv_buf_span(&log), rows[i].log))
                fail_msg("row %zu cut at %zu: %.*s", i, cut, (int)log.len,
                         (char *)log.at);
            guard_fini(&first);
            guard_fini(&second);
        }
    }
    dv_buf_fini(&log);
}

static void
a_frame_may_be_longer_than_any_memory(void **state)
{
    static const uint8_t head[] = { 0x82, 0x7f, 0x7f, 0xff, 0xff, 0xff,
                                    0xff, 0xff, 0xff, 0xff };
    static const uint8_t body[5000];
    struct dv_span in = dv_span_of(head, sizeof(head));
    struct dv_ws_frame frame;
    enum dv_ws_event event;
    struct dv_span data;
    size_t total = 0;

    (void)state;
    dv_ws_frame_init(&frame, false, false);
    assert_int_equal(dv_ws_frame_next(&frame, &in, &event, &data), DAVY_OK);
    in = dv_span_of(body, sizeof(body));
    do {
        assert_int_equal(dv_ws_frame_next(&frame, &in, &event, &data),
                         DAVY_OK);
        total += event == DV_WS_DATA ? data.len : 0;
    } while (event != DV_WS_NOTHING);
    assert_int_equal(total, sizeof(body));
}

/* ---- Extensions ---- */

static void
an_answer_says_what_was_agreed_on(void **state)
{
    static const struct {
        const char *header;
        davy_status status;
        int deflate, client_forgets, server_forgets;
    } headers[] = {
        { "", DAVY_OK, 0, 0, 0 },
        { " , ,", DAVY_OK, 0, 0, 0 },
        { "permessage-deflate", DAVY_OK, 1, 0, 0 },
        { "permessage-deflate; client_no_context_takeover", DAVY_OK, 1, 1, 0 },
        { "permessage-deflate ;server_no_context_takeover; "
          "server_max_window_bits=10; client_max_window_bits=\"15\"",
          DAVY_OK, 1, 0, 1 },
        { "permessage-deflate,permessage-deflate", DAVY_UNSUPPORTED, 0, 0, 0 },
        { "x-webkit-deflate-frame", DAVY_UNSUPPORTED, 0, 0, 0 },
        { "permessage-deflate; server_max_window_bits=7", DAVY_MALFORMED, 0,
          0, 0 },
        { "permessage-deflate; server_max_window_bits=16", DAVY_MALFORMED, 0,
          0, 0 },
        { "permessage-deflate; client_max_window_bits", DAVY_MALFORMED, 0, 0,
          0 },
        { "permessage-deflate; client_no_context_takeover=1", DAVY_MALFORMED,
          0, 0, 0 },
        { "permessage-deflate; mystery", DAVY_MALFORMED, 0, 0, 0 },
        { "permessage-deflate;", DAVY_MALFORMED, 0, 0, 0 },
        { "permessage-deflate \"", DAVY_MALFORMED, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(headers); i++) {
        struct dv_ws_extension extension = { .has_deflate = false };
        struct guard guard;

        guard_init(&guard, headers[i].header, strlen(headers[i].header));
        assert_int_equal(dv_ws_extension_read(guard.bytes, &extension),
                         headers[i].status);
        assert_int_equal(extension.has_deflate, headers[i].deflate);
        assert_int_equal(extension.forgets[0], headers[i].client_forgets);
        assert_int_equal(extension.forgets[1], headers[i].server_forgets);
        guard_fini(&guard);
    }
}

/* ---- Inflate ---- */

static davy_status
to_log(void *ctx, struct dv_span piece)
{
    return dv_buf_append(ctx, piece);
}

/* The examples of RFC 7692, 7.2.3: one message each, then its text. */
static const struct {
    const char *bytes;
    size_t length;
} messages[] = {
    { "\xf2\x48\xcd\xc9\xc9\x07\x00", 7 },
    { "\xf2\x00\x11\x00\x00", 5 },      /* by the window of the first */
    { "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11 },
    { "\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8 },  /* a final block */
    { "\xf2\x00\x11\x00\x00", 5 },      /* and the window goes on */
    { "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13 },
};

static davy_status
inflate_all(const davy_allocator *hooks, void *ctx)
{
    const size_t cut = *(size_t *)ctx;
    const struct dv_ws_growth growth = { 200, (size_t)1 << 20 };
    struct dv_ws_inflate inflate;
    struct dv_mem mem;
    struct dv_buf log;
    davy_status st = DAVY_OK;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    dv_ws_inflate_init(&inflate, &mem, false, growth);
    for (size_t i = 0; i < DV_COUNT_OF(messages) && st == DAVY_OK; i++) {
        const struct dv_span in = dv_span_of(messages[i].bytes,
                                             messages[i].length);

        dv_buf_clear(&log);
        st = dv_ws_inflate_feed(&inflate, dv_span_slice(in, 0, cut), to_log,
                                &log);
        if (st == DAVY_OK)
            st = dv_ws_inflate_feed(&inflate,
                                    dv_span_slice(in, cut, SIZE_MAX), to_log,
                                    &log);
        if (st == DAVY_OK)
            st = dv_ws_inflate_end(&inflate, to_log, &log);
        if (st == DAVY_OK)
            assert_true(dv_span_equal_cstr(dv_buf_span(&log), "Hello"));
    }
    dv_ws_inflate_fini(&inflate);
    dv_buf_fini(&log);
    return st;
}

static void
messages_are_inflated_in_any_chunking(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= 13; cut++)
        assert_int_equal(inflate_all(NULL, &cut), DAVY_OK);
}

static void
inflating_may_be_refused_memory(void **state)
{
    size_t cut = 1;

    (void)state;
    oom_sweep(inflate_all, &cut, 100);
}

static void
a_direction_without_takeover_forgets(void **state)
{
    const struct dv_ws_growth growth = { 200, 1000 };
    struct dv_ws_inflate inflate;
    struct dv_mem mem;
    struct dv_buf log;
    davy_status st;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    dv_ws_inflate_init(&inflate, &mem, true, growth);
    assert_int_equal(dv_ws_inflate_feed(&inflate, dv_span_of(messages[0].bytes,
                                                             7),
                                        to_log, &log), DAVY_OK);
    assert_int_equal(dv_ws_inflate_end(&inflate, to_log, &log), DAVY_OK);
    assert_int_equal(mem.used, log.cap);
    st = dv_ws_inflate_feed(&inflate, dv_span_of(messages[1].bytes, 5), to_log,
                            &log);
    assert_int_equal(st, DAVY_MALFORMED);
    dv_ws_inflate_fini(&inflate);
    dv_buf_fini(&log);
    assert_int_equal(mem.used, 0);
}

static void
windows_that_are_copied_count_as_text(void **state)
{
    const struct dv_ws_growth growth = { 200, 1000 };
    struct dv_ws_inflate inflate;
    struct dv_mem mem;
    struct dv_buf log;
    davy_status st = DAVY_OK;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    dv_ws_inflate_init(&inflate, &mem, false, growth);
    for (int i = 0; i < 100 && st == DAVY_OK; i++)
        st = dv_ws_inflate_feed(&inflate, DV_SPAN_LIT("\x03\x00\x03\x00"),
                                to_log, &log);
    assert_int_equal(st, DAVY_LIMIT);
    dv_ws_inflate_fini(&inflate);
    dv_buf_fini(&log);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_in_any_chunking),
        cmocka_unit_test(a_frame_may_be_longer_than_any_memory),
        cmocka_unit_test(an_answer_says_what_was_agreed_on),
        cmocka_unit_test(messages_are_inflated_in_any_chunking),
        cmocka_unit_test(inflating_may_be_refused_memory),
        cmocka_unit_test(a_direction_without_takeover_forgets),
        cmocka_unit_test(windows_that_are_copied_count_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_socket.c - connections that are judged while they speak. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "support/oom.h"
#include "support/pack.h"

/* What one side says; `>` is the client, `<` the server. */
struct talk {
    const char *lines[8];               /* "> text"; NULL ends */
    davy_verdict verdict;
    const char *rule;                   /* first finding; NULL: none */
};

#define WALLET                                                         \
    "41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJ" \
    "mESQqvgG5tvcPqp5cNbRV5aNmTBrVJ"

static const struct talk talks[] = {
    { { "> {\"type\":\"auth\",\"params\":{\"version\":7,\"site_key\":\"k\","
        "\"type\":\"anonymous\",\"user\":null,\"goal\":0}}",
        "< {\"type\":\"authed\",\"params\":{\"token\":\"\",\"hashes\":0}}" },
      DAVY_VERDICT_MINER, "DAVY-1271" },
    { { "> {\"identifier\":\"handshake\",\"pool\":\"p\",\"login\":\"l\","
        "\"password\":\"\",\"userid\":\"\",\"version\":8}" },
      DAVY_VERDICT_MINER, "DAVY-1272" },
    { { "> {\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}" },
      DAVY_VERDICT_MINER, "DAVY-1273" },
    { { "> {\"id\":1,\"method\":\"login\",\"params\":{\"login\":\"" WALLET
        ".rig\",\"pass\":\"x\",\"agent\":\"a\",\"algo\":[\"rx/0\"]}}" },
      DAVY_VERDICT_MINER, "DAVY-1274" },
    { { "> {\"message\":\"hello, is mining.subscribe a word?\"}",
        "< {\"message\":\"auth, site_key, job_id and hash_accepted are\"}",
        "> {\"type\":\"auth\",\"token\":\"t\"}",
        "< {\"type\":\"job\",\"job_id\":4,\"result\":\"ok\"}" },
      DAVY_VERDICT_CLEAN, NULL },
    { { "> {\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"eth_subscribe\","
        "\"params\":[\"newHeads\"]}",
        "< {\"jsonrpc\":\"2.0\",\"result\":\"0x9c\",\"id\":1}" },
      DAVY_VERDICT_CLEAN, NULL },
};

/* ---- Making frames ---- */

struct bench {
    davy_ruleset *rules;
    struct dv_mem mem;
    struct dv_buf wire;                 /* one message */
    struct dv_buf packed;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    if (b == NULL)
        return 1;
    b->rules = pack_load();
    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_buf_init(&b->wire, &b->mem, SIZE_MAX);
    dv_buf_init(&b->packed, &b->mem, SIZE_MAX);
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;

    davy_ruleset_unref(b->rules);
    dv_buf_fini(&b->wire);
    dv_buf_fini(&b->packed);
    free(b);
    return 0;
}

static void
put(struct dv_buf *out, const void *bytes, size_t length)
{
    assert_int_equal(dv_buf_append(out, dv_span_of(bytes, length)), DAVY_OK);
}

static void
put_frame(struct dv_buf *out, uint8_t first, bool is_masked,
          struct dv_span payload)
{
    static const uint8_t mask[] = { 0x37, 0xfa, 0x21, 0x3d };
    const uint8_t length[] = { 126, (uint8_t)(payload.len >> 8),
                               (uint8_t)payload.len };
    const bool is_long = payload.len > 125;
    uint8_t head[] = { first, is_long ? length[0] : length[2] };

    head[1] |= is_masked ? 0x80 : 0;
    put(out, head, 2);
    put(out, length + 1, is_long ? 2 : 0);
    put(out, mask, is_masked ? 4 : 0);
    for (size_t i = 0; i < payload.len; i++) {
        const uint8_t byte = payload.at[i] ^ (is_masked ? mask[i & 3] : 0);

        put(out, &byte, 1);
    }
}

/* Deflate a message as RFC 7692 wants it, without its last four bytes. */
static struct dv_span
pack(struct bench *b, z_stream *z, struct dv_span text)
{
    uint8_t room[4096];

    z->next_in = (Bytef *)(uintptr_t)text.at;
    z->avail_in = (uInt)text.len;
    z->next_out = room;
    z->avail_out = sizeof(room);
    assert_int_equal(deflate(z, Z_SYNC_FLUSH), Z_OK);
    dv_buf_clear(&b->packed);
    put(&b->packed, room, sizeof(room) - z->avail_out - 4);
    return dv_buf_span(&b->packed);
}

enum wire { PLAIN, FRAGMENTS, DEFLATED, LINES, WIRES };

static struct dv_span
message(struct bench *b, enum wire wire, z_stream *z, const char *line)
{
    const bool from_client = line[0] == '>';
    struct dv_span text = dv_span_cstr(line + 2);
    const size_t half = text.len / 2;

    dv_buf_clear(&b->wire);
    switch (wire) {
    case PLAIN:
        put_frame(&b->wire, 0x81, from_client, text);
        break;
    case FRAGMENTS:
        put_frame(&b->wire, 0x01, from_client, dv_span_slice(text, 0, half));
        put_frame(&b->wire, 0x89, from_client, DV_SPAN_LIT("ping"));
        put_frame(&b->wire, 0x80, from_client,
                  dv_span_slice(text, half, SIZE_MAX));
        break;
    case DEFLATED:
        put_frame(&b->wire, 0xc1, from_client, pack(b, z, text));
        break;
    default:
        put(&b->wire, text.at, text.len);
        put(&b->wire, "\n", 1);
    }
    return dv_buf_span(&b->wire);
}

/* ---- Talking ---- */

static davy_status
feed_pieces(davy_socket *socket, davy_direction from, struct dv_span bytes,
            size_t piece, davy_verdict *verdict)
{
    davy_status st = DAVY_OK;

    for (size_t at = 0; at < bytes.len && st == DAVY_OK; at += piece) {
        const struct dv_span part = dv_span_slice(bytes, at, piece);

        st = davy_socket_feed(socket, from, part.at, part.len, verdict);
    }
    return st;
}

static davy_status
run_talk(struct bench *b, const struct talk *talk, enum wire wire,
         size_t piece, davy_socket *socket)
{
    davy_verdict verdict = DAVY_VERDICT_CLEAN;
    davy_status st = DAVY_OK;
    z_stream streams[2];

    memset(streams, 0, sizeof(streams));
    for (int i = 0; i < 2; i++)
        assert_int_equal(deflateInit2(&streams[i], 9, Z_DEFLATED, -15, 8,
                                      Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t i = 0; i < 8 && talk->lines[i] != NULL && st == DAVY_OK;
         i++) {
        const char *line = talk->lines[i];
        const davy_direction from = line[0] == '>' ? DAVY_FROM_CLIENT
                                                   : DAVY_FROM_SERVER;

        st = feed_pieces(socket, from,
                         message(b, wire, &streams[from], line), piece,
                         &verdict);
    }
    for (int i = 0; i < 2; i++)
        (void)deflateEnd(&streams[i]);
    if (st == DAVY_OK)
        assert_int_equal(verdict,
                         davy_report_verdict(davy_socket_report(socket)));
    return st;
}

static davy_status
open_socket(struct bench *b, enum wire wire, const davy_allocator *hooks,
            davy_socket **socket)
{
    const davy_socket_options options = {
        .struct_size = sizeof(options),
        .allocator = hooks,
        .kind = wire == LINES ? DAVY_SOCKET_STREAM : DAVY_SOCKET_WEBSOCKET,
        .address = "wss://pool.example/proxy",
        .document = "https://page.example/",
        .extensions = wire == DEFLATED ? "permessage-deflate" : NULL,
    };

    return davy_socket_new(b->rules, &options, socket);
}

static void
check_talk(struct bench *b, const struct talk *talk, enum wire wire)
{
    static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 7, 16, 61 };
    char *expected = NULL;

    for (size_t i = 0; i < DV_COUNT_OF(pieces); i++) {
        davy_socket *socket = NULL;
        const davy_report *report;
        const davy_finding *first;
        char *json;

        assert_int_equal(open_socket(b, wire, NULL, &socket), DAVY_OK);
        assert_int_equal(run_talk(b, talk, wire, pieces[i], socket), DAVY_OK);
        report = davy_socket_report(socket);
        assert_int_equal(davy_report_verdict(report), talk->verdict);
        first = davy_report_finding(report, 0);
        if (talk->rule == NULL)
            assert_null(first);
        else
            assert_string_equal(first->rule, talk->rule);
        json = pack_json(report);
        if (expected == NULL)
            expected = json;
        else
            assert_string_equal(json, expected);
        if (json != expected)
            free(json);
        davy_socket_free(socket);
    }
    free(expected);
}

static void
miners_are_told_by_what_they_say(void **state)
{
    for (size_t i = 0; i < DV_COUNT_OF(talks); i++) {
        for (int wire = PLAIN; wire < WIRES; wire++)
            check_talk(*state, &talks[i], (enum wire)wire);
    }
}

static void
a_finding_shows_what_was_said(void **state)
{
    struct bench *b = *state;
    davy_socket *socket = NULL;
    const davy_finding *finding;

    assert_int_equal(open_socket(b, PLAIN, NULL, &socket), DAVY_OK);
    assert_int_equal(run_talk(b, &talks[2], PLAIN, SIZE_MAX, socket), DAVY_OK);
    finding = davy_report_finding(davy_socket_report(socket), 0);
    assert_non_null(strstr(finding->evidence, "mining.subscribe"));
    assert_string_equal(finding->path, "websocket");
    assert_int_equal(finding->offset, 0);
    davy_socket_free(socket);
}

/* ---- Broken and hostile peers ---- */

static void
a_broken_frame_ends_the_judgement(void **state)
{
    struct bench *b = *state;
    davy_socket *socket = NULL;

    assert_int_equal(open_socket(b, PLAIN, NULL, &socket), DAVY_OK);
    assert_string_equal(davy_socket_error(socket), "");
    assert_int_equal(davy_socket_feed(socket, DAVY_FROM_CLIENT, "\x81\x05H", 3,
                                      NULL), DAVY_MALFORMED);
    assert_string_equal(davy_socket_error(socket), "frame without a mask");
    assert_int_equal(davy_socket_feed(socket, DAVY_FROM_SERVER, "", 0, NULL),
                     DAVY_MALFORMED);
    davy_socket_free(socket);
}

static void
a_bomb_is_not_inflated_to_its_end(void **state)
{
    struct bench *b = *state;
    davy_socket *socket = NULL;
    struct dv_buf zeros;
    uint8_t room[8192];
    z_stream z;
    davy_status st = DAVY_OK;

    memset(&z, 0, sizeof(z));
    dv_buf_init(&zeros, &b->mem, SIZE_MAX);
    assert_int_equal(dv_buf_reserve(&zeros, 4 << 20), DAVY_OK);
    memset(zeros.at, 0, 4 << 20);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = zeros.at;
    z.avail_in = 4 << 20;
    z.next_out = room;
    z.avail_out = sizeof(room);
    assert_int_equal(deflate(&z, Z_SYNC_FLUSH), Z_OK);
    dv_buf_clear(&b->wire);
    put_frame(&b->wire, 0xc2, false,
              dv_span_of(room, sizeof(room) - z.avail_out - 4));
    assert_int_equal(open_socket(b, DEFLATED, NULL, &socket), DAVY_OK);
    st = davy_socket_feed(socket, DAVY_FROM_SERVER, b->wire.at, b->wire.len,
                          NULL);
    assert_int_equal(st, DAVY_LIMIT);
    assert_int_equal(davy_report_limits_count(davy_socket_report(socket)), 1);
    (void)deflateEnd(&z);
    davy_socket_free(socket);
    dv_buf_fini(&zeros);
}

static void
wrong_arguments_are_misuse(void **state)
{
    struct bench *b = *state;
    davy_socket_options options = { .struct_size = sizeof(options) };
    davy_socket *socket = NULL;

    assert_int_equal(davy_socket_new(b->rules, NULL, &socket), DAVY_MISUSE);
    assert_int_equal(davy_socket_new(NULL, &options, &socket), DAVY_MISUSE);
    options.extensions = "mux";
    assert_int_equal(davy_socket_new(b->rules, &options, &socket),
                     DAVY_UNSUPPORTED);
    options.extensions = NULL;
    assert_int_equal(davy_socket_new(b->rules, &options, &socket), DAVY_OK);
    assert_int_equal(davy_socket_feed(socket, (davy_direction)2, "", 0, NULL),
                     DAVY_MISUSE);
    assert_int_equal(davy_socket_feed(NULL, DAVY_FROM_CLIENT, "", 0, NULL),
                     DAVY_MISUSE);
    davy_socket_free(socket);
    davy_socket_free(NULL);
}

/* ---- Memory ---- */

static davy_status
talk_deflated(const davy_allocator *hooks, void *ctx)
{
    struct bench *b = ctx;
    davy_socket *socket = NULL;
    davy_status st = open_socket(b, DEFLATED, hooks, &socket);

    if (st == DAVY_OK)
        st = run_talk(b, &talks[0], DEFLATED, 16, socket);
    davy_socket_free(socket);
    return st;
}

static void
memory_may_be_refused_at_any_time(void **state)
{
    oom_sweep(talk_deflated, *state, 300);
}

static void
an_idle_connection_needs_little_memory(void **state)
{
    struct bench *b = *state;
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .memory = 12 << 10 };
    const davy_socket_options options = { .struct_size = sizeof(options),
                                          .limits = &limits };
    davy_socket *socket = NULL;

    assert_int_equal(davy_socket_new(b->rules, &options, &socket), DAVY_OK);
    assert_int_equal(davy_socket_feed(socket, DAVY_FROM_SERVER,
                                      "\x81\x07{\"a\":1}\x89\x00", 11, NULL),
                     DAVY_OK);
    davy_socket_free(socket);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(miners_are_told_by_what_they_say),
        cmocka_unit_test(a_finding_shows_what_was_said),
        cmocka_unit_test(a_broken_frame_ends_the_judgement),
        cmocka_unit_test(a_bomb_is_not_inflated_to_its_end),
        cmocka_unit_test(wrong_arguments_are_misuse),
        cmocka_unit_test(memory_may_be_refused_at_any_time),
        cmocka_unit_test(an_idle_connection_needs_little_memory),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* fuzz_ws_frame.c - a connection fed whole, and byte by byte: the same answer.
 *
 * The first byte of the input chooses: bit 0 the first direction, bit 1
 * permessage-deflate, bit 2 a plain stream, bit 3 no context takeover.  The
 * second says after how many bytes the directions change (0: never).  An input
 * that begins with # is text: hex digits and comments (hex.h). */

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "fuzz/hex.h"
#include "scan/socket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules_text[]
    = "rules:\n"
      "- id: T-1\n  title: t\n  layer: protocol\n  severity: high\n"
      "  confidence: conclusive\n  status: experimental\n  since: 1.0.0\n"
      "  fix: f\n  match:\n    any:\n"
      "    - dialect: {regex: 'coinhive|stratum|cryptonote|webminer|ethash'}\n"
      "    - word: 'nonce'\n"
      "    - wallet: any\n";

static davy_ruleset *rules;

static void
require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void
load_rules(void)
{
    davy_builder *builder = NULL;

    require(davy_builder_new(NULL, &builder) == DAVY_OK, "no builder");
    require(davy_builder_add_rules_buffer(builder, "rules", rules_text,
                                          sizeof(rules_text) - 1) == DAVY_OK,
            "the rules are wrong");
    require(davy_builder_build(builder, &rules) == DAVY_OK, "no ruleset");
    davy_builder_free(builder);
}

static davy_socket *
open_socket(uint8_t how)
{
    const davy_socket_options options = {
        .struct_size = sizeof(options),
        .kind = how & 4 ? DAVY_SOCKET_STREAM : DAVY_SOCKET_WEBSOCKET,
        .extensions = !(how & 2) ? NULL
                      : how & 8  ? "permessage-deflate; "
                                   "client_no_context_takeover; "
                                   "server_no_context_takeover"
                                 : "permessage-deflate",
    };
    davy_socket *socket = NULL;

    require(davy_socket_new(rules, &options, &socket) == DAVY_OK,
            "no socket");
    return socket;
}

/* Feed in turns of `turn` bytes, in pieces of `piece`. */
static davy_status
talk(davy_socket *socket, struct dv_span bytes, unsigned from, size_t turn,
     size_t piece)
{
    davy_status st = DAVY_OK;

    for (; bytes.len > 0 && st == DAVY_OK; from ^= 1) {
        struct dv_span part = dv_span_slice(bytes, 0,
                                            turn == 0 ? SIZE_MAX : turn);

        dv_span_skip(&bytes, part.len);
        while (part.len > 0 && st == DAVY_OK) {
            const struct dv_span bite = dv_span_slice(part, 0, piece);

            st = davy_socket_feed(socket, (davy_direction)from, bite.at,
                                  bite.len, NULL);
            dv_span_skip(&part, bite.len);
        }
    }
    return st;
}

static int
to_buf(void *ctx, const char *bytes, size_t length)
{
    return dv_buf_append(ctx, dv_span_of(bytes, length)) != DAVY_OK;
}

/* The report in writing; how many bytes were fed depends on the chunks when
 * one was refused. */
static void
write_report(davy_socket *socket, struct dv_buf *out)
{
    static const davy_json_options options = { .struct_size = sizeof(options),
                                               .target = "t" };

    socket->report.bytes = 0;
    require(davy_report_write_json(davy_socket_report(socket), &options,
                                   to_buf, out) == DAVY_OK, "no JSON");
}

static int
check(const uint8_t *data, size_t size)
{
    static const size_t pieces[] = { SIZE_MAX, 1, 5 };
    struct dv_buf reports[3];
    davy_status answers[3];
    struct dv_mem mem;

    if (size < 2)
        return 0;
    if (rules == NULL)
        load_rules();
    dv_mem_init(&mem, NULL, SIZE_MAX);
    for (int i = 0; i < 3; i++) {
        davy_socket *socket = open_socket(data[0]);

        dv_buf_init(&reports[i], &mem, SIZE_MAX);
        answers[i] = talk(socket, dv_span_of(data + 2, size - 2), data[0] & 1,
                          data[1], pieces[i]);
        write_report(socket, &reports[i]);
        davy_socket_free(socket);
    }
    for (int i = 1; i < 3; i++) {
        /* How much is too much is told to some bytes only. */
        if (answers[i] == DAVY_LIMIT || answers[0] == DAVY_LIMIT)
            break;
        require(answers[i] == answers[0], "another status");
        require(dv_span_equal(dv_buf_span(&reports[i]),
                              dv_buf_span(&reports[0])), "another report");
    }
    for (int i = 0; i < 3; i++)
        dv_buf_fini(&reports[i]);
    require(mem.used == 0, "a leak");
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    size_t length;
    int result;

    if (size == 0 || data[0] != '#')
        return check(data, size);
    bytes = malloc(size);
    require(bytes != NULL, "no memory");
    length = fuzz_read_hex(data, size, bytes);
    result = check(bytes, length);
    free(bytes);
    return result;
}

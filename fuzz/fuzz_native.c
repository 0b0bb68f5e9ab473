/* SPDX-License-Identifier: MIT */
/* fuzz_native.c - reads a program, script or archive in two chunkings.
 *
 * An input that begins with # is text: pairs of hex digits, with anything
 * between them, and comments from # to the end of the line.  Any chunking
 * must say the same. */

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "fuzz/hex.h"
#include "native/native.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_INPUT ((size_t)1 << 16)

static const struct dv_native_term table[] = {
    { { (const uint8_t *)"xmrig", 5 }, true,
      DV_NATIVE_IN_FILES | DV_NATIVE_IN_NAMES },
    { { (const uint8_t *)"pool", 4 }, false,
      DV_NATIVE_IN_FILES | DV_NATIVE_IN_NAMES },
};

static const struct dv_native_limits limits = { 4, 64, 100 };

static void
require(bool holds)
{
    if (!holds)
        abort();
}

/* Pieces of `piece` bytes, each flush against the end of its block. */
static void
read_pieces(struct dv_native *native, struct dv_span bytes, size_t piece)
{
    require(dv_native_begin(native, DV_SPAN_LIT("setup.sh")) == DAVY_OK);
    while (bytes.len > 0) {
        const struct dv_span part = dv_span_slice(bytes, 0, piece);
        uint8_t *exact = malloc(part.len);

        require(exact != NULL);
        memcpy(exact, part.at, part.len);
        require(dv_native_feed(native, dv_span_of(exact, part.len))
                == DAVY_OK);
        free(exact);
        dv_span_skip(&bytes, part.len);
    }
    require(dv_native_end(native) == DAVY_OK);
}

static void
require_same(const struct dv_native *a, const struct dv_native *b)
{
    require(dv_native_format(a) == dv_native_format(b));
    require(a->notes == b->notes && a->nodes.len == b->nodes.len
            && a->finds.len == b->finds.len);
    for (size_t i = 0; i < a->nodes.len; i++)
        require(dv_span_equal(dv_native_node_at(a, i)->path,
                              dv_native_node_at(b, i)->path));
    for (size_t i = 0; i < a->finds.len; i++) {
        const struct dv_native_find *one = dv_native_find_at(a, i);
        const struct dv_native_find *other = dv_native_find_at(b, i);

        require(one->kind == other->kind && one->node == other->node
                && one->at == other->at && one->len == other->len
                && one->line == other->line
                && dv_span_equal(one->text, other->text));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dv_mem mem;
    struct dv_native_terms *terms;
    struct dv_native whole, pieces;
    struct dv_span bytes = dv_span_of(data, size);
    uint8_t *room;

    if (size > MAX_INPUT)
        return 0;
    room = malloc(size + 1);
    require(room != NULL);
    if (size > 1 && data[0] == '#' && data[1] == ' ')
        bytes = dv_span_of(room, fuzz_read_hex(data, size, room));
    dv_mem_init(&mem, NULL, SIZE_MAX);
    require(dv_native_terms_new(&mem, table, DV_COUNT_OF(table), &terms)
            == DAVY_OK);
    dv_native_init(&whole, &mem, terms, &limits);
    dv_native_init(&pieces, &mem, terms, &limits);
    read_pieces(&whole, bytes, bytes.len);
    read_pieces(&pieces, bytes, 1 + size % 97);
    require_same(&whole, &pieces);
    dv_native_fini(&whole);
    dv_native_fini(&pieces);
    dv_native_terms_free(terms);
    require(mem.used == 0);
    free(room);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* native_events.h - what the readers of archives say while they read. */

#ifndef DV_NATIVE_EVENTS_H
#define DV_NATIVE_EVENTS_H

#include "base/mem.h"
#include "base/span.h"

/* Bytes of a member's path that are kept. */
#define DV_NATIVE_PATH ((size_t)256)

/* What could not be looked at. */
enum dv_native_note {
    DV_NATIVE_NOTE_ENCRYPTED,
    DV_NATIVE_NOTE_METHOD,
    DV_NATIVE_NOTE_BROKEN,
    DV_NATIVE_NOTE_RATIO,
    DV_NATIVE_NOTE_DEPTH,
    DV_NATIVE_NOTE_TEXTS,
    DV_NATIVE_NOTES
};

/* Between open and close comes the member's data, in order and any chunking.
 * An answer other than DAVY_OK ends the reading. */
struct dv_native_events {
    /* `at`: where the member's bytes stand in the archive when they are
     * `is_stored` as they are, else where what they were made of begins. */
    davy_status (*open)(void *ctx, struct dv_span path, uint64_t at,
                        bool is_stored);
    davy_status (*data)(void *ctx, struct dv_span bytes);
    davy_status (*close)(void *ctx);

    /* The directory of the archive names a member. */
    davy_status (*name)(void *ctx, struct dv_span path, uint64_t at);

    void (*note)(void *ctx, enum dv_native_note note);
    void *ctx;
};

/* Bytes that are collected until there are enough of them. */
struct dv_native_collect {
    size_t len;
    size_t wanted;
};

/* Move bytes from `in` to `room`, which has `room_size`; what does not fit is
 * passed over.  True once `wanted` came. */
static inline bool
dv_native_collect(struct dv_native_collect *c, uint8_t *room, size_t room_size,
                  struct dv_span *in)
{
    const struct dv_span piece = dv_span_slice(*in, 0, c->wanted - c->len);
    const size_t left = c->len < room_size ? room_size - c->len : 0;
    const struct dv_span kept = dv_span_slice(piece, 0, left);

    if (kept.len > 0)
        memcpy(room + c->len, kept.at, kept.len);
    c->len += piece.len;
    if (piece.len > 0)
        dv_span_skip(in, piece.len);
    return c->len == c->wanted;
}

#endif

/* SPDX-License-Identifier: MIT */
/* url_out.h - writes the serialised address, percent-encoding as it goes. */

#ifndef DV_URL_OUT_H
#define DV_URL_OUT_H

#include "base/arena.h"

/* Sets of bytes that are percent-encoded (URL Standard, 1.3), as bits. */
enum dv_url_set {
    DV_URL_SET_C0 = 1,
    DV_URL_SET_FRAGMENT = 2,
    DV_URL_SET_QUERY = 4,
    DV_URL_SET_SPECIAL_QUERY = 8,
    DV_URL_SET_PATH = 16,
    DV_URL_SET_USERINFO = 32
};

/* Most addresses fit into `small`; only the finished text goes to the arena.
 * A refused request for memory sticks in `has_failed`. */
struct dv_url_out {
    struct dv_arena *arena;
    uint8_t *at;
    size_t len;
    size_t cap;
    bool has_failed;
    uint8_t small[512];
};

/* The sets each ASCII byte is in; all others are in all of them. */
extern const uint8_t dv_url_out_sets[256];

/* Whether `byte` stands for itself. */
static inline bool
dv_url_out_is_plain(uint8_t byte, enum dv_url_set set)
{
    return !(dv_url_out_sets[byte] & (unsigned)set);
}

void dv_url_out_init(struct dv_url_out *out, struct dv_arena *arena);

void dv_url_out_put(struct dv_url_out *out, struct dv_span bytes);
void dv_url_out_byte(struct dv_url_out *out, uint8_t byte);

/* Write `bytes`, with those of `set` as %XX. */
void dv_url_out_encode(struct dv_url_out *out, struct dv_span bytes,
                       enum dv_url_set set);

/* Insert `bytes` at offset `at` of what was written. */
void dv_url_out_insert(struct dv_url_out *out, size_t at,
                       struct dv_span bytes);

/* The finished text, in the arena; false when memory was refused. */
bool dv_url_out_finish(struct dv_url_out *out, struct dv_span *text);

/* Undo %XX into a new piece of `arena`; other bytes stay. */
bool dv_url_percent_decode(struct dv_arena *arena, struct dv_span bytes,
                           struct dv_span *decoded);

#endif

/* SPDX-License-Identifier: MIT */
/* words.h - the strings of JSON-like text, one after the other, in any chunking
 * and a few bytes of memory (RFC 8259). */

#ifndef DV_WORDS_H
#define DV_WORDS_H

#include "base/compiler.h"
#include "base/span.h"

/* Bytes of a string that are kept; no word of a protocol is longer, and a
 * wallet with a worker's name is not. */
#define DV_WORDS_BYTES ((size_t)160)

enum dv_words_state {
    DV_WORDS_OUTSIDE,
    DV_WORDS_INSIDE,                    /* of a string */
    DV_WORDS_ESCAPE,                    /* behind a backslash in it */
    DV_WORDS_HEX,                       /* in the digits of \u */
    DV_WORDS_BEHIND,                    /* a string ended: key or value? */
    DV_WORDS_NESTED,                    /* in a string that holds JSON */
    DV_WORDS_NESTED_ESCAPE,
    DV_WORDS_INNER,                     /* in a string in there */
    DV_WORDS_INNER_ESCAPE,
    DV_WORDS_INNER_BEHIND
};

/* Reads one direction of a connection. */
struct dv_words {
    enum dv_words_state state;
    bool is_cut;                        /* the string is longer than kept */
    uint8_t len;
    uint8_t digits;                     /* of \u, read */
    uint16_t code;
    uint8_t text[DV_WORDS_BYTES];
};

/* Gets a string that was read whole; a key when a colon stands behind it. */
typedef void (*dv_words_sink)(void *ctx, struct dv_span word, bool is_key);

void dv_words_init(struct dv_words *words);

/* Strings also count inside of strings (`"{\"a\":1}"`), one level deep.  What
 * is no JSON has strings, too, or none. */
void dv_words_feed(struct dv_words *words, struct dv_span text,
                   dv_words_sink sink, void *ctx);

/* The message ends: a string without its end is none. */
void dv_words_end(struct dv_words *words, dv_words_sink sink, void *ctx);

#endif

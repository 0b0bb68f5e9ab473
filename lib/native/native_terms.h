/* SPDX-License-Identifier: MIT */
/* native_terms.h - the literal runs that rules look for in programs, as ASCII
 * and as UTF-16, compiled into one database. */

#ifndef DV_NATIVE_TERMS_H
#define DV_NATIVE_TERMS_H

#include "match/match.h"

/* Where a run is looked for: a bit for each dv_native_class of files, and
 * names. */
#define DV_NATIVE_IN_NAMES   0x80u
#define DV_NATIVE_IN_FILES   0x07u
#define DV_NATIVE_IN(class_) (1u << (class_))

/* The longest one, in ASCII. */
#define DV_NATIVE_TERM_BYTES ((size_t)32)

struct dv_native_term {
    struct dv_span bytes;               /* printable ASCII */
    bool is_nocase;
    uint8_t where;                      /* DV_NATIVE_IN* */
};

struct dv_native_terms;

/* Of `count` (> 0) terms, which may go away.  Frozen and shared by any number
 * of threads.  Answers as dv_match_literals_new. */
davy_status dv_native_terms_new(struct dv_mem *mem,
                                const struct dv_native_term *table,
                                size_t count, struct dv_native_terms **terms);
void dv_native_terms_free(struct dv_native_terms *terms);

size_t dv_native_terms_count(const struct dv_native_terms *terms);

/* What a hit is: term number, bytes, and bytes of one character. */
struct dv_native_hit {
    uint32_t term;
    uint8_t length;
    uint8_t width;                      /* 2 for UTF-16 */
    uint8_t where;
    size_t end;                         /* behind its last byte */
};

/* False stops the scan. */
typedef bool (*dv_native_hit_fn)(void *ctx, const struct dv_native_hit *hit);

/* Answers as dv_match_literals_scan. */
davy_status dv_native_terms_scan(const struct dv_native_terms *terms,
                                 struct dv_match_scratch *scratch,
                                 struct dv_span bytes, dv_native_hit_fn fn,
                                 void *ctx);

davy_status dv_native_terms_scratch(const struct dv_native_terms *terms,
                                    struct dv_mem *mem,
                                    struct dv_match_scratch **scratch);

#endif

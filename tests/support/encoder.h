/* SPDX-License-Identifier: MIT */
/* encoder.h - makes pages and their coded forms, so that no test needs a
 * binary file. */

#ifndef TEST_ENCODER_H
#define TEST_ENCODER_H

#include "base/span.h"

/* Owned bytes; what cannot be had ends the test program. */
struct page {
    uint8_t *at;
    size_t len;
};

/* `n` bytes of varied but compressible text, always the same. */
void page_of_text(struct page *page, size_t n);

void page_append(struct page *page, struct dv_span tail);
void page_free(struct page *page);

static inline struct dv_span
page_span(const struct page *page)
{
    return dv_span_of(page->at, page->len);
}

typedef void (*encode_fn)(struct dv_span in, struct page *coded);

void encode_gzip(struct dv_span in, struct page *coded);
void encode_zlib(struct dv_span in, struct page *coded);
void encode_raw(struct dv_span in, struct page *coded);
void encode_brotli(struct dv_span in, struct page *coded);
void encode_zstd(struct dv_span in, struct page *coded);

/* A zstd frame of unknown length that asks for a window of 2^window_log. */
void encode_zstd_window(struct dv_span in, int window_log,
                        struct page *coded);

/* A bomb: `n` zero bytes. */
void encode_zeros(encode_fn encode, size_t n, struct page *coded);

#endif

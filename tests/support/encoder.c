/* SPDX-License-Identifier: MIT */
/* encoder.c - makes coded bodies with the encoders of the libraries. */

#include "support/encoder.h"

#include <brotli/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

static void
need(bool is_well, const char *what)
{
    if (is_well)
        return;
    fprintf(stderr, "encoder: %s\n", what);
    exit(1);
}

static void
page_alloc(struct page *page, size_t n)
{
    page->at = malloc(n == 0 ? 1 : n);
    page->len = n;
    need(page->at != NULL, "out of memory");
}

void
page_of_text(struct page *page, size_t n)
{
    static const char *const words[] = { "<p>",   "var ",   "return ", "\n",
                                         "</p>",  "function ", "0x",   ", ",
                                         "class", " = ",    "(a, b)",  ";" };
    uint32_t seed = 1;
    size_t at = 0;

    page_alloc(page, n);
    while (at < n) {
        const char *word;

        seed = seed * 1664525u + 1013904223u;
        word = words[(seed >> 16) % 12];
        while (*word != '\0' && at < n)
            page->at[at++] = (uint8_t)*word++;
        if (at < n)
            page->at[at++] = (uint8_t)('a' + (seed >> 24) % 26);
    }
}

void
page_append(struct page *page, struct dv_span tail)
{
    page->at = realloc(page->at, page->len + tail.len + 1);
    need(page->at != NULL, "out of memory");
    if (tail.len != 0)
        memcpy(page->at + page->len, tail.at, tail.len);
    page->len += tail.len;
}

void
page_free(struct page *page)
{
    free(page->at);
    *page = (struct page){ NULL, 0 };
}

static void
encode_deflate(struct dv_span in, int window_bits, struct page *coded)
{
    z_stream z = { 0 };

    need(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY)
             == Z_OK,
         "deflateInit2");
    page_alloc(coded, deflateBound(&z, (uLong)in.len));
    z.next_in = (Bytef *)(uintptr_t)in.at;
    z.avail_in = (uInt)in.len;
    z.next_out = coded->at;
    z.avail_out = (uInt)coded->len;
    need(deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
    coded->len = z.total_out;
    deflateEnd(&z);
}

void
encode_gzip(struct dv_span in, struct page *coded)
{
    encode_deflate(in, 15 + 16, coded);
}

void
encode_zlib(struct dv_span in, struct page *coded)
{
    encode_deflate(in, 15, coded);
}

void
encode_raw(struct dv_span in, struct page *coded)
{
    encode_deflate(in, -15, coded);
}

void
encode_brotli(struct dv_span in, struct page *coded)
{
    page_alloc(coded, BrotliEncoderMaxCompressedSize(in.len) + 16);
    need(BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                               in.len, in.at, &coded->len, coded->at),
         "BrotliEncoderCompress");
}

void
encode_zstd(struct dv_span in, struct page *coded)
{
    page_alloc(coded, ZSTD_compressBound(in.len));
    coded->len = ZSTD_compress(coded->at, coded->len, in.at, in.len, 3);
    need(!ZSTD_isError(coded->len), "ZSTD_compress");
}

void
encode_zstd_window(struct dv_span in, int window_log, struct page *coded)
{
    ZSTD_CCtx *const zstd = ZSTD_createCCtx();
    ZSTD_inBuffer from = { in.at, in.len, 0 };
    ZSTD_outBuffer to;

    page_alloc(coded, ZSTD_compressBound(in.len) + 100);
    to = (ZSTD_outBuffer){ coded->at, coded->len, 0 };
    need(zstd != NULL, "ZSTD_createCCtx");
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, window_log);
    need(ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_flush) == 0,
         "ZSTD_compressStream2");
    need(ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_end) == 0,
         "ZSTD_compressStream2");
    coded->len = to.pos;
    ZSTD_freeCCtx(zstd);
}

void
encode_zeros(encode_fn encode, size_t n, struct page *coded)
{
    uint8_t *const zeros = calloc(n, 1);

    need(zeros != NULL, "out of memory");
    encode(dv_span_of(zeros, n), coded);
    free(zeros);
}

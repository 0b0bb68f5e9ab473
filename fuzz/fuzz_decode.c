/* SPDX-License-Identifier: MIT */
/* fuzz_decode.c - feeds every decoder; the first byte chooses one.
 *
 * a atob  b base64  c charset (then the label up to a line feed)  e escapes
 * g content codings (then the header up to a line feed)  h hex
 * m Content-Type  p percent, URI, unescape  t page or script without label
 *
 * A capital letter says that the rest is written with backslash escapes, so
 * that seeds with any bytes are text.
 *
 * Beyond survival it checks what must hold: encoders are undone by decoders,
 * text stays text, bounds are kept, offsets stay inside. */

#include <stdint.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "decode/decode_base64.h"
#include "decode/decode_chain.h"
#include "decode/decode_charset.h"
#include "decode/decode_escape.h"
#include "decode/decode_hex.h"
#include "decode/decode_meta.h"
#include "decode/decode_mime.h"
#include "decode/decode_percent.h"
#include "decode/decode_wtf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_DECODED ((size_t)1 << 22)

struct fuzz {
    struct dv_mem mem;
    struct dv_buf a, b;
};

static void
need(bool holds)
{
    if (!holds)
        abort();
}

typedef davy_status (*transform_fn)(struct dv_span, struct dv_buf *);

/* `out` is only ever appended to, and nothing is left by a refusal. */
static davy_status
transform(struct fuzz *f, transform_fn fn, struct dv_span in)
{
    davy_status st;

    dv_buf_clear(&f->a);
    st = fn(in, &f->a);
    need(st == DAVY_OK || f->a.len == 0);
    return st;
}

/* What `encode` makes of `in` is made undone by `decode`. */
static void
round_trip(struct fuzz *f, transform_fn encode, transform_fn decode,
           struct dv_span in)
{
    if (transform(f, encode, in) != DAVY_OK)
        return;
    dv_buf_clear(&f->b);
    need(decode(dv_buf_span(&f->a), &f->b) == DAVY_OK);
    need(dv_span_equal(dv_buf_span(&f->b), in));
}

/* The part before the first line feed, and the rest. */
static struct dv_span
take_line(struct dv_span *in)
{
    const size_t n = dv_span_find_byte(*in, '\n');
    const struct dv_span line = dv_span_slice(*in, 0, n);

    dv_span_skip(in, n < in->len ? n + 1 : n);
    return line;
}

static void
fuzz_base64(struct fuzz *f, struct dv_span in)
{
    const bool is_atob = transform(f, dv_decode_atob, in) == DAVY_OK;

    dv_buf_clear(&f->b);
    if (is_atob) {                      /* lenient is never stricter */
        need(dv_decode_base64(in, &f->b) == DAVY_OK);
        need(dv_span_equal(dv_buf_span(&f->a), dv_buf_span(&f->b)));
    }
    (void)transform(f, dv_decode_base64, in);
    (void)dv_decode_base64_looks_like(in);
    round_trip(f, dv_encode_base64, dv_decode_atob, in);
}

static void
fuzz_percent(struct fuzz *f, struct dv_span in)
{
    const bool is_text = dv_utf8_is_valid(in);

    need(transform(f, dv_decode_percent, in) == DAVY_OK);
    need(f->a.len <= in.len);
    (void)transform(f, dv_decode_uri, in);
    if (transform(f, dv_decode_uri_component, in) == DAVY_OK && is_text)
        need(dv_utf8_is_valid(dv_buf_span(&f->a)));
    need(transform(f, dv_decode_unescape, in) == DAVY_OK);
    if (is_text) {
        round_trip(f, dv_encode_uri_component, dv_decode_uri_component, in);
        round_trip(f, dv_encode_escape, dv_decode_unescape, in);
        round_trip(f, dv_wtf8_to_bytes, dv_wtf8_from_bytes, in);
    }
    round_trip(f, dv_wtf8_from_bytes, dv_wtf8_to_bytes, in);
}

static void
fuzz_chain(struct fuzz *f, struct dv_span in)
{
    const struct dv_span header = take_line(&in);
    const struct dv_chain_input input = {
        .bytes = in,
        .header = header,
        .is_sniffed = header.len % 2 == 0,
        .max_depth = 5,
        .bounds = { MAX_DECODED, 200 },
    };
    struct dv_chain_output out;

    need(dv_decode_chain(&input, &f->a, &f->b, &out) != DAVY_NO_MEMORY);
    need(out.depth <= 5 && out.decoded <= MAX_DECODED);
}

static void
convert(struct fuzz *f, struct dv_span in, const struct dv_charset *charset)
{
    struct dv_span text;
    size_t at, last = 0;

    need(dv_charset_to_utf8(in, charset, &f->a, &text) == DAVY_OK);
    need(charset->encoding == DV_ENCODING_UTF_8 || dv_utf8_is_valid(text));
    for (size_t i = 0; i <= 16; i++) {
        at = dv_charset_source_offset(in, charset, text.len * i / 16);
        need(at >= last && at <= in.len);
        last = at;
    }
}

static void
fuzz_charset(struct fuzz *f, struct dv_span in, bool has_label)
{
    struct dv_charset_hint hint = { .use = DV_CHARSET_PAGE };
    struct dv_charset charset;

    if (has_label)
        hint.label = take_line(&in);
    dv_charset_find(in, &hint, &charset);
    convert(f, in, &charset);
    hint.use = DV_CHARSET_SCRIPT;
    dv_charset_find(in, &hint, &charset);
    convert(f, in, &charset);
    (void)dv_meta_content(in);
}

static void
fuzz_one(struct fuzz *f, uint8_t what, struct dv_span in)
{
    struct dv_mime mime;

    switch (what) {
    case 'a':
    case 'b':
        fuzz_base64(f, in);
        break;
    case 'c':
    case 't':
        fuzz_charset(f, in, what == 'c');
        break;
    case 'e':
        need(transform(f, dv_decode_escape, in) == DAVY_OK);
        need(f->a.len <= in.len);
        break;
    case 'g':
        fuzz_chain(f, in);
        break;
    case 'h':
        (void)transform(f, dv_decode_hex, in);
        break;
    case 'm':
        need((dv_mime_parse(in, &mime) == DAVY_OK) == (*mime.essence != 0));
        need(memchr(mime.charset, '\0', sizeof(mime.charset)) != NULL);
        break;
    case 'p':
        fuzz_percent(f, in);
        break;
    }
}

/* An input of which every byte may be written as \xNN; in memory of exactly
 * its size, so that AddressSanitizer sees each byte read too many. */
static void
fuzz_escaped(struct fuzz *f, uint8_t what, struct dv_span in)
{
    uint8_t *exact;

    need(dv_decode_escape(in, &f->a) == DAVY_OK);
    if (dv_wtf8_to_bytes(dv_buf_span(&f->a), &f->b) != DAVY_OK)
        return;
    exact = malloc(f->b.len + 1);
    need(exact != NULL);
    if (f->b.len != 0)
        memcpy(exact + 1, f->b.at, f->b.len);
    in = dv_span_of(exact + 1, f->b.len);
    dv_buf_clear(&f->a);
    dv_buf_clear(&f->b);
    fuzz_one(f, what, in);
    free(exact);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz f;
    struct dv_span in;

    if (size == 0)
        return 0;
    in = dv_span_of(data + 1, size - 1);
    dv_mem_init(&f.mem, NULL, SIZE_MAX);
    dv_buf_init(&f.a, &f.mem, SIZE_MAX);
    dv_buf_init(&f.b, &f.mem, SIZE_MAX);
    if (dv_ascii_is_upper(data[0]))
        fuzz_escaped(&f, dv_ascii_lower(data[0]), in);
    else
        fuzz_one(&f, data[0], in);
    dv_buf_fini(&f.a);
    dv_buf_fini(&f.b);
    need(f.mem.used == 0);
    return 0;
}

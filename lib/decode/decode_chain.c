/* SPDX-License-Identifier: MIT */
/* decode_chain.c - undoes content codings layer by layer (RFC 9110, 8.4). */

#include "decode/decode_chain.h"

#include "decode/decode_brotli.h"
#include "decode/decode_gzip.h"
#include "decode/decode_zstd.h"

struct coding {
    struct dv_span name;
    davy_status (*undo)(struct dv_span, const struct dv_decode_bounds *,
                        struct dv_buf *);
    struct dv_span magic;
};

/* DV_SPAN_LIT is no constant expression; its members are. */
#define CONSTANT(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static const struct coding codings[] = {
#define DV_CODING_ROW(name, function, magic) \
    { CONSTANT(name), function, CONSTANT(magic) },
#include "decode/decode_coding.def"
#undef DV_CODING_ROW
};

struct chain {
    const struct dv_chain_input *in;
    struct dv_chain_output *out;
    struct dv_buf *next, *other;        /* they change places at each layer */
    size_t tried;                       /* layers, undone or not */
    davy_status status;                 /* the first trouble */
};

static const struct coding *
find_coding(struct dv_span name)
{
    for (size_t i = 0; i < DV_COUNT_OF(codings); i++) {
        if (dv_span_equal_nocase(name, codings[i].name))
            return &codings[i];
    }
    return NULL;
}

static const struct coding *
sniff_coding(struct dv_span bytes)
{
    for (size_t i = 0; i < DV_COUNT_OF(codings); i++) {
        if (codings[i].magic.len != 0
            && dv_span_starts_with(bytes, codings[i].magic))
            return &codings[i];
    }
    return NULL;
}

/* Take the last element off a list; empty ones are none (RFC 9110, 5.6.1). */
static bool
take_last(struct dv_span *list, struct dv_span *token)
{
    while (list->len > 0) {
        size_t from = list->len;

        while (from > 0 && list->at[from - 1] != ',')
            from--;
        *token = dv_span_trim(dv_span_slice(*list, from, list->len));
        list->len = from == 0 ? 0 : from - 1;
        if (token->len != 0)
            return true;
    }
    return false;
}

static bool
knows_all(struct dv_span header, struct dv_span *unknown)
{
    struct dv_span token;

    while (take_last(&header, &token)) {
        if (find_coding(token) == NULL) {
            *unknown = token;
            return false;
        }
    }
    return true;
}

static void
note(struct chain *chain, davy_status st)
{
    if (chain->status == DAVY_OK || st == DAVY_NO_MEMORY)
        chain->status = st;
}

/* Undo one layer; false when it stayed on. */
static bool
undo(struct chain *chain, const struct coding *coding)
{
    struct dv_chain_output *const out = chain->out;
    struct dv_decode_bounds bounds = chain->in->bounds;
    struct dv_buf *const buf = chain->next;
    davy_status st;

    if (coding->undo == NULL || out->bytes.len == 0)
        return false;
    if (chain->tried == chain->in->max_depth) {
        note(chain, DAVY_LIMIT);
        return false;
    }
    chain->tried++;
    bounds.max_bytes -= out->decoded;
    dv_buf_clear(buf);
    st = coding->undo(out->bytes, &bounds, buf);
    note(chain, st);
    if (st == DAVY_NO_MEMORY || (st != DAVY_OK && buf->len == 0))
        return false;
    out->bytes = dv_buf_span(buf);
    out->decoded += buf->len;
    out->depth++;
    chain->next = chain->other;
    chain->other = buf;
    return true;
}

davy_status
dv_decode_chain(const struct dv_chain_input *in, struct dv_buf *a,
                struct dv_buf *b, struct dv_chain_output *out)
{
    struct chain chain = { .in = in, .out = out, .next = a, .other = b };
    struct dv_span header = in->header;
    struct dv_span token;
    bool is_undone = in->is_sniffed;

    dv_buf_clear(a);
    dv_buf_clear(b);
    *out = (struct dv_chain_output){ .bytes = in->bytes };
    if (!knows_all(header, &out->unknown)) {
        note(&chain, DAVY_DECLINED);
        header.len = 0;
    }
    while (chain.status != DAVY_NO_MEMORY && take_last(&header, &token))
        (void)undo(&chain, find_coding(token));
    while (is_undone && chain.status != DAVY_NO_MEMORY) {
        const struct coding *const coding = sniff_coding(out->bytes);

        is_undone = coding != NULL && undo(&chain, coding);
    }
    return chain.status;
}

/* SPDX-License-Identifier: MIT */
/* native_terms.c - compiles the literal runs of rules twice, since programs for
 * Windows keep their texts as UTF-16LE. */

#include "native/native_terms.h"

#include "base/compiler.h"

#define WIDE_BYTES (2 * DV_NATIVE_TERM_BYTES)

struct row {
    uint8_t length;                     /* of the ASCII form */
    uint8_t where;
};

struct dv_native_terms {
    struct dv_mem *mem;
    struct dv_match_literals *literals; /* all as ASCII, then all wide */
    struct row *rows;
    size_t count;
};

static davy_status
compile(struct dv_native_terms *terms, const struct dv_native_term *table,
        struct dv_match_literal *literals, uint8_t (*wide)[WIDE_BYTES])
{
    const size_t count = terms->count;

    for (size_t i = 0; i < count; i++) {
        const struct dv_span bytes = dv_span_slice(table[i].bytes, 0,
                                                   DV_NATIVE_TERM_BYTES);

        for (size_t j = 0; j < bytes.len; j++)
            wide[i][2 * j] = bytes.at[j];
        literals[i] = (struct dv_match_literal){ bytes, table[i].is_nocase };
        literals[count + i] = (struct dv_match_literal){
            dv_span_of(wide[i], 2 * bytes.len), table[i].is_nocase
        };
        terms->rows[i] = (struct row){ (uint8_t)bytes.len, table[i].where };
    }
    return dv_match_literals_new(terms->mem, literals, 2 * count,
                                 &terms->literals);
}

davy_status
dv_native_terms_new(struct dv_mem *mem, const struct dv_native_term *table,
                    size_t count, struct dv_native_terms **terms)
{
    struct dv_native_terms *made = dv_mem_calloc(mem, 1, sizeof(*made));
    struct dv_match_literal *literals
        = dv_mem_calloc(mem, 2 * count, sizeof(*literals));
    uint8_t (*wide)[WIDE_BYTES] = dv_mem_calloc(mem, count, WIDE_BYTES);
    davy_status st = DAVY_NO_MEMORY;

    if (made == NULL || literals == NULL || wide == NULL)
        goto done;
    made->mem = mem;
    made->count = count;
    made->rows = dv_mem_calloc(mem, count, sizeof(*made->rows));
    if (made->rows == NULL)
        goto done;
    st = compile(made, table, literals, wide);
    if (st != DAVY_OK)
        goto done;
    *terms = made;
    made = NULL;
done:
    dv_mem_free(mem, literals, 2 * count * sizeof(*literals));
    dv_mem_free(mem, wide, count * WIDE_BYTES);
    if (made != NULL && made->mem == NULL)
        dv_mem_free(mem, made, sizeof(*made));
    else
        dv_native_terms_free(made);
    return st;
}

void
dv_native_terms_free(struct dv_native_terms *terms)
{
    if (terms == NULL)
        return;
    dv_match_literals_free(terms->literals);
    dv_mem_free(terms->mem, terms->rows, terms->count * sizeof(*terms->rows));
    dv_mem_free(terms->mem, terms, sizeof(*terms));
}

size_t
dv_native_terms_count(const struct dv_native_terms *terms)
{
    return terms->count;
}

struct relay {
    const struct dv_native_terms *terms;
    dv_native_hit_fn fn;
    void *ctx;
};

static bool
relay_hit(void *ctx, uint32_t literal, size_t end)
{
    const struct relay *relay = ctx;
    const struct dv_native_terms *terms = relay->terms;
    const bool is_wide = literal >= terms->count;
    const uint32_t term = literal - (is_wide ? (uint32_t)terms->count : 0);
    const struct dv_native_hit hit = {
        .term = term,
        .length = (uint8_t)(terms->rows[term].length << is_wide),
        .width = is_wide ? 2 : 1,
        .where = terms->rows[term].where,
        .end = end,
    };

    return relay->fn(relay->ctx, &hit);
}

davy_status
dv_native_terms_scan(const struct dv_native_terms *terms,
                     struct dv_match_scratch *scratch, struct dv_span bytes,
                     dv_native_hit_fn fn, void *ctx)
{
    struct relay relay = { terms, fn, ctx };

    return dv_match_literals_scan(terms->literals, scratch, bytes, relay_hit,
                                  &relay);
}

davy_status
dv_native_terms_scratch(const struct dv_native_terms *terms,
                        struct dv_mem *mem,
                        struct dv_match_scratch **scratch)
{
    return dv_match_scratch_for_literals(mem, terms->literals, scratch);
}

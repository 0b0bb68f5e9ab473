/* SPDX-License-Identifier: MIT */
/* fact.c - the store that stages write facts into and rules read. */

#include "fact/fact.h"

/* Offsets are 32 bits wide, which keeps a fact at 40 bytes. */
#define MAX_STREAM ((size_t)1 << 31)

/* More artifacts inside one than any budget lets us look at. */
#define MAX_NESTED ((size_t)1 << 20)

static const char *const kind_names[DV_FACT_KINDS] = {
#define DV_FACT_ROW(NAME, name, grouped, text) name,
#include "fact/fact.def"
#undef DV_FACT_ROW
};

const char *
dv_fact_kind_name(enum dv_fact_kind kind)
{
    return kind_names[kind];
}

void
dv_facts_init(struct dv_facts *facts, struct dv_mem *mem,
              struct dv_arena *arena, size_t max_facts)
{
    *facts = (struct dv_facts){ .mem = mem, .arena = arena };
    dv_buf_init(&facts->stream, mem, MAX_STREAM);
    dv_vec_init(&facts->facts, mem, sizeof(struct dv_fact), max_facts);
    dv_vec_init(&facts->nested, mem, sizeof(struct dv_nested), MAX_NESTED);
}

void
dv_facts_fini(struct dv_facts *facts)
{
    dv_buf_fini(&facts->stream);
    dv_vec_fini(&facts->facts);
    dv_vec_fini(&facts->nested);
}

void
dv_facts_clear(struct dv_facts *facts)
{
    dv_buf_clear(&facts->stream);
    dv_vec_clear(&facts->facts);
    dv_vec_clear(&facts->nested);
    facts->status = DAVY_OK;
}

static void
note_refusal(struct dv_facts *facts, davy_status st)
{
    if (st != DAVY_OK && facts->status != DAVY_NO_MEMORY)
        facts->status = st;
}

void
dv_facts_write(struct dv_facts *facts, struct dv_span piece)
{
    note_refusal(facts, dv_buf_append(&facts->stream, piece));
}

void
dv_facts_open(struct dv_facts *facts)
{
    if (facts->stream.len == 0)
        note_refusal(facts, dv_buf_append_byte(&facts->stream, 0));
}

/* Where the text that is being written starts: behind the last fact's NUL. */
static size_t
open_text(const struct dv_facts *facts)
{
    const struct dv_fact *last;

    if (facts->facts.len == 0)
        return 1;
    last = dv_facts_at(facts, facts->facts.len - 1);
    return (size_t)last->text + last->text_len + 1;
}

uint32_t
dv_facts_commit(struct dv_facts *facts, enum dv_fact_kind kind,
                uint32_t parent, uint32_t aux, size_t at, size_t len)
{
    const size_t text = open_text(facts);
    const size_t text_len = facts->stream.len - text;
    struct dv_fact *fact;

    if (facts->status != DAVY_OK)
        return DV_FACT_NONE;
    note_refusal(facts, dv_buf_append_byte(&facts->stream, 0));
    if (facts->status != DAVY_OK)
        return DV_FACT_NONE;
    fact = dv_vec_push(&facts->facts);
    if (fact == NULL) {
        note_refusal(facts, dv_vec_is_full(&facts->facts) ? DAVY_LIMIT
                                                          : DAVY_NO_MEMORY);
        return DV_FACT_NONE;
    }
    fact->kind = (uint8_t)kind;
    fact->aux = aux;
    fact->parent = parent;
    fact->text = (uint32_t)text;
    fact->text_len = (uint32_t)text_len;
    fact->at = (uint32_t)at;
    fact->len = (uint32_t)len;
    return (uint32_t)(facts->facts.len - 1);
}

uint32_t
dv_facts_add_to(struct dv_facts *facts, enum dv_fact_kind kind,
                uint32_t parent, uint32_t aux, struct dv_span text, size_t at,
                size_t len)
{
    dv_facts_open(facts);
    dv_facts_write(facts, text);
    return dv_facts_commit(facts, kind, parent, aux, at, len);
}

uint32_t
dv_facts_add(struct dv_facts *facts, enum dv_fact_kind kind,
             struct dv_span text, size_t at, size_t len)
{
    return dv_facts_add_to(facts, kind, DV_FACT_NONE, 0, text, at, len);
}

void
dv_facts_add_number(struct dv_facts *facts, double number, size_t at,
                    size_t len)
{
    const uint32_t i = dv_facts_add(facts, DV_FACT_NUMBER,
                                    dv_span_of(NULL, 0), at, len);

    if (i != DV_FACT_NONE)
        dv_facts_at(facts, i)->number = number;
}

void
dv_facts_add_nested(struct dv_facts *facts, const struct dv_nested *nested)
{
    struct dv_nested *slot = dv_vec_push(&facts->nested);

    if (slot != NULL)
        *slot = *nested;
    else
        note_refusal(facts, dv_vec_is_full(&facts->nested) ? DAVY_LIMIT
                                                           : DAVY_NO_MEMORY);
}

struct dv_fact *
dv_facts_find(const struct dv_facts *facts, size_t end)
{
    size_t low = 0;
    size_t high = facts->facts.len;

    while (low < high) {                /* the last fact that starts < end */
        const size_t mid = low + (high - low) / 2;

        if (dv_facts_at(facts, mid)->text < end)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return NULL;
    return dv_facts_at(facts, low - 1);
}

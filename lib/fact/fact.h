/* SPDX-License-Identifier: MIT */
/* fact.h - typed observations about one artifact, without opinion. */

#ifndef DV_FACT_H
#define DV_FACT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum dv_fact_kind {
#define DV_FACT_ROW(NAME, name, grouped, text) DV_FACT_##NAME,
#include "fact/fact.def"
#undef DV_FACT_ROW
    DV_FACT_KINDS
};

/* Types of constant arguments, in the second byte of aux. */
enum dv_arg_type { DV_ARG_STRING, DV_ARG_NUMBER, DV_ARG_OTHER };

/* No fact: the parent of a fact that stands alone, the answer of a refused
 * add. */
#define DV_FACT_NONE UINT32_MAX

struct dv_fact {
    uint8_t kind;                       /* enum dv_fact_kind */
    uint32_t aux;                       /* see fact.def */
    uint32_t parent;                    /* index of a fact, DV_FACT_NONE */
    uint32_t text;                      /* offset in the stream */
    uint32_t text_len;
    uint32_t at;                        /* place in the artifact's bytes */
    uint32_t len;
    double number;                      /* DV_FACT_NUMBER only */
};

/* What a piece of code found inside an artifact is. */
enum dv_nested_type {
    DV_NESTED_SCRIPT,                   /* classic script text */
    DV_NESTED_MODULE,                   /* module script text */
    DV_NESTED_WORKER,                   /* text of a worker */
    DV_NESTED_HANDLER,                  /* body of an event handler */
    DV_NESTED_PAGE,                     /* markup of a document: srcdoc */
    DV_NESTED_MARKUP,                   /* markup of a fragment: innerHTML */
    DV_NESTED_BYTES                     /* to be sniffed: data:, wasm bytes */
};

/* Something inside this artifact that is an artifact of its own. */
struct dv_nested {
    enum dv_nested_type type;
    const char *label;                  /* "eval", "worker"; static text */
    uint32_t number;                    /* from 1 among those of this label;
                                         * 0: not counted */
    struct dv_span bytes;               /* in the artifact or in `arena` */
    uint32_t at;                        /* place it stands for */
    uint32_t len;
    bool is_verbatim;                   /* bytes are artifact[at..at+len) */
    bool is_evaluated;                  /* as a part of what holds it */
    const char *content_type;           /* of data: addresses, or NULL */
};

/* The facts of one artifact.  All texts lie in one stream, each with a NUL
 * before and behind it, so that one pattern scan sees them all.  Errors stick:
 * add what you see, look at `status` once at the end. */
struct dv_facts {
    struct dv_mem *mem;
    struct dv_arena *arena;             /* texts of nested artifacts */
    struct dv_buf stream;
    struct dv_vec facts;                /* struct dv_fact, by text offset */
    struct dv_vec nested;               /* struct dv_nested */
    davy_status status;                 /* OK, LIMIT or NO_MEMORY */
};

void dv_facts_init(struct dv_facts *facts, struct dv_mem *mem,
                   struct dv_arena *arena, size_t max_facts);
void dv_facts_fini(struct dv_facts *facts);

/* Forget everything, keep the room.  The arena is its owner's. */
void dv_facts_clear(struct dv_facts *facts);

/* Add a fact with its whole text; the index, or DV_FACT_NONE when refused
 * (status says why). */
uint32_t dv_facts_add(struct dv_facts *facts, enum dv_fact_kind kind,
                      struct dv_span text, size_t at, size_t len);

/* As above for a grouped fact: parent and aux are set. */
uint32_t dv_facts_add_to(struct dv_facts *facts, enum dv_fact_kind kind,
                         uint32_t parent, uint32_t aux, struct dv_span text,
                         size_t at, size_t len);

/* Write a text piece by piece: append to facts->stream with dv_facts_write,
 * then commit.  Between open and commit nothing else may be added. */
void dv_facts_open(struct dv_facts *facts);
void dv_facts_write(struct dv_facts *facts, struct dv_span piece);
uint32_t dv_facts_commit(struct dv_facts *facts, enum dv_fact_kind kind,
                         uint32_t parent, uint32_t aux, size_t at,
                         size_t len);

/* A numeric literal. */
void dv_facts_add_number(struct dv_facts *facts, double number, size_t at,
                         size_t len);

/* Remember an artifact inside this one; refused when memory is. */
void dv_facts_add_nested(struct dv_facts *facts,
                         const struct dv_nested *nested);

static inline struct dv_fact *
dv_facts_at(const struct dv_facts *facts, size_t i)
{
    return dv_vec_at(&facts->facts, i);
}

/* The text of a fact; valid until the next add. */
static inline struct dv_span
dv_facts_text(const struct dv_facts *facts, const struct dv_fact *fact)
{
    return dv_span_of(facts->stream.at + fact->text, fact->text_len);
}

/* The fact whose text holds the byte before stream offset `end`, i.e. the one
 * in which a pattern match ended; NULL for a match in separators only. */
struct dv_fact *dv_facts_find(const struct dv_facts *facts, size_t end);

/* The name in fact.def. */
const char *dv_fact_kind_name(enum dv_fact_kind kind);

#endif

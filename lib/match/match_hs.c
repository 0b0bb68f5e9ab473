/* SPDX-License-Identifier: MIT */
/* match_hs.c - the only file that knows Vectorscan (libhs). */

#include "match/match.h"

#include <hs.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/ascii.h"

/* Vectorscan 5.4.9 overlooks places near the end of a text when a database has
 * few literals and all are longer than 3 bytes (seen with up to 8 of them, on
 * AVX2: tests/unit/test_match.c).  So it is with expressions that are a choice
 * of literals.  A short one that stands nowhere cures that. */
#define FILLER "\xfb\xfd\xf8"

/* One type per database kind, so that they cannot be mixed up. */
struct dv_match_literals {
    struct dv_mem *mem;
    size_t count;                       /* without a filler */
    hs_database_t *db;
};

struct dv_match_regex {
    struct dv_mem *mem;
    size_t size;                        /* of this struct */
    unsigned flags;
    uint32_t number;
    _Atomic(hs_database_t *) db;        /* NULL until it is asked */
    char source[];
};

struct dv_match_scratch {
    struct dv_mem *mem;
    hs_scratch_t *room;
    uint64_t served[DV_MATCH_REGEXES / 64];     /* bit: large enough for it */
};

/* Columns of the table that hs_compile_lit_multi takes. */
struct columns {
    const char **texts;
    unsigned *flags;
    unsigned *ids;
    size_t *lengths;
    size_t count;
};

/* What the callback of Vectorscan needs to reach ours. */
struct relay {
    size_t count;
    dv_match_fn fn;
    void *ctx;
};

static davy_status
status_of(hs_error_t code)
{
    switch (code) {
    case HS_SUCCESS:
    case HS_SCAN_TERMINATED:
        return DAVY_OK;
    case HS_NOMEM:
        return DAVY_NO_MEMORY;
    case HS_ARCH_ERROR:
        return DAVY_DECLINED;
    case HS_COMPILER_ERROR:
        return DAVY_MALFORMED;
    default:
        return DAVY_MISUSE;
    }
}

/* ---- Literals --------------------------------------------------------- */

#define FEW 32

static void
columns_fini(struct dv_mem *mem, struct columns *c)
{
    dv_mem_free(mem, c->texts, c->count * sizeof(*c->texts));
    dv_mem_free(mem, c->flags, c->count * sizeof(*c->flags));
    dv_mem_free(mem, c->ids, c->count * sizeof(*c->ids));
    dv_mem_free(mem, c->lengths, c->count * sizeof(*c->lengths));
}

static bool
columns_init(struct dv_mem *mem, struct columns *c,
             const struct dv_match_literal *table, size_t literals)
{
    const size_t count = literals < FEW ? literals + 1 : literals;

    *c = (struct columns){ .count = count };
    c->texts = dv_mem_calloc(mem, count, sizeof(*c->texts));
    c->flags = dv_mem_calloc(mem, count, sizeof(*c->flags));
    c->ids = dv_mem_calloc(mem, count, sizeof(*c->ids));
    c->lengths = dv_mem_calloc(mem, count, sizeof(*c->lengths));
    if (c->texts == NULL || c->flags == NULL || c->ids == NULL
        || c->lengths == NULL)
        return false;
    for (size_t i = 0; i < literals; i++) {
        c->texts[i] = (const char *)table[i].bytes.at;
        c->lengths[i] = table[i].bytes.len;
        c->flags[i] = table[i].is_nocase ? HS_FLAG_CASELESS : 0;
        c->ids[i] = (unsigned)i;
    }
    if (count > literals) {
        c->texts[literals] = FILLER;
        c->lengths[literals] = sizeof(FILLER) - 1;
        c->ids[literals] = (unsigned)literals;
    }
    return true;
}

static davy_status
compile_literals(const struct columns *c, hs_database_t **db)
{
    hs_compile_error_t *why = NULL;
    const hs_error_t code
        = hs_compile_lit_multi(c->texts, c->flags, c->ids, c->lengths,
                               (unsigned)c->count, HS_MODE_BLOCK, NULL, db,
                               &why);

    hs_free_compile_error(why);
    return status_of(code);
}

davy_status
dv_match_literals_new(struct dv_mem *mem, const struct dv_match_literal *table,
                      size_t count, struct dv_match_literals **literals)
{
    struct columns c = { .count = 0 };
    struct dv_match_literals *made = dv_mem_calloc(mem, 1, sizeof(*made));
    davy_status st = DAVY_NO_MEMORY;

    if (made == NULL)
        return st;
    made->mem = mem;
    made->count = count;
    if (columns_init(mem, &c, table, count))
        st = compile_literals(&c, &made->db);
    columns_fini(mem, &c);
    if (st == DAVY_OK)
        *literals = made;
    else
        dv_match_literals_free(made);
    return st;
}

void
dv_match_literals_free(struct dv_match_literals *literals)
{
    if (literals == NULL)
        return;
    hs_free_database(literals->db);
    dv_mem_free(literals->mem, literals, sizeof(*literals));
}

static int
relay_match(unsigned id, unsigned long long from, unsigned long long to,
            unsigned flags, void *ctx)
{
    const struct relay *relay = ctx;

    (void)from;
    (void)flags;
    if (id >= relay->count)
        return 0;                       /* the filler */
    return relay->fn(relay->ctx, id, (size_t)to) ? 0 : 1;
}

davy_status
dv_match_literals_scan(const struct dv_match_literals *literals,
                       struct dv_match_scratch *scratch, struct dv_span text,
                       dv_match_fn fn, void *ctx)
{
    struct relay relay = { literals->count, fn, ctx };

    if (text.len == 0)
        return DAVY_OK;
    if (text.len > UINT32_MAX)
        return DAVY_LIMIT;
    return status_of(hs_scan(literals->db, (const char *)text.at,
                             (unsigned)text.len, 0, scratch->room,
                             relay_match, &relay));
}

/* ---- Regular expressions ---------------------------------------------- */

/* Vectorscan says "... at index 7." */
static void
find_index(struct dv_match_error *error)
{
    static const char lead[] = "at index ";
    const char *at = strstr(error->text, lead);

    if (at == NULL)
        return;
    error->at = 0;
    for (at += sizeof(lead) - 1; dv_ascii_is_digit((uint8_t)*at); at++)
        error->at = error->at * 10 + (size_t)(*at - '0');
    error->has_at = true;
}

static void
copy_reason(const char *reason, struct dv_match_error *error)
{
    size_t n = strlen(reason);

    if (n >= sizeof(error->text))
        n = sizeof(error->text) - 1;
    while (n > 0 && (reason[n - 1] == '.' || reason[n - 1] == ' '))
        n--;
    memcpy(error->text, reason, n);
    error->text[n] = '\0';
    find_index(error);
}

/* The answer for a refused expression; frees `why`. */
static davy_status
refuse(hs_error_t code, hs_compile_error_t *why, struct dv_match_error *error)
{
    *error = (struct dv_match_error){ .at = 0 };
    if (code != HS_SUCCESS && why != NULL)
        copy_reason(why->message, error);
    hs_free_compile_error(why);
    return status_of(code);
}

/* Syntax, and that something must be there to match. */
static davy_status
check_source(const struct dv_match_regex *regex, struct dv_match_error *error)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *why = NULL;
    const hs_error_t code = hs_expression_info(regex->source, regex->flags,
                                               &info, &why);
    davy_status st = refuse(code, why, error);

    if (st == DAVY_OK && info->min_width == 0) {
        copy_reason("it matches the empty text", error);
        st = DAVY_MALFORMED;
    }
    free(info);                         /* Vectorscan's default allocator */
    return st;
}

davy_status
dv_match_regex_new(struct dv_mem *mem, struct dv_span source, bool is_nocase,
                   uint32_t number, struct dv_match_error *error,
                   struct dv_match_regex **regex)
{
    const size_t size = sizeof(struct dv_match_regex) + source.len + 1;
    struct dv_match_regex *made = dv_mem_calloc(mem, 1, size);
    davy_status st;

    if (made == NULL)
        return DAVY_NO_MEMORY;
    made->mem = mem;
    made->size = size;
    made->number = number;
    made->flags = HS_FLAG_MULTILINE | HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH
                  | (is_nocase ? HS_FLAG_CASELESS : 0u);
    atomic_init(&made->db, NULL);
    if (source.len != 0)
        memcpy(made->source, source.at, source.len);
    st = check_source(made, error);
    if (st == DAVY_OK)
        *regex = made;
    else
        dv_match_regex_free(made);
    return st;
}

void
dv_match_regex_free(struct dv_match_regex *regex)
{
    if (regex == NULL)
        return;
    hs_free_database(atomic_load(&regex->db));
    dv_mem_free(regex->mem, regex, regex->size);
}

/* The automaton, made when it is not there yet.  Threads that come at the same
 * time make one each; the first one is kept. */
static davy_status
get_database(const struct dv_match_regex *regex, hs_database_t **db,
             struct dv_match_error *error)
{
    _Atomic(hs_database_t *) *place = &((struct dv_match_regex *)regex)->db;
    const char *const sources[] = { regex->source, "\\xfb\\xfd\\xf8" };
    const unsigned flags[] = { regex->flags, 0 };
    const unsigned ids[] = { 0, 1 };
    hs_database_t *made = NULL;
    hs_compile_error_t *why = NULL;
    hs_error_t code;

    *db = atomic_load_explicit(place, memory_order_acquire);
    if (*db != NULL)
        return DAVY_OK;
    code = hs_compile_multi(sources, flags, ids, 2, HS_MODE_BLOCK, NULL, &made,
                            &why);
    if (code != HS_SUCCESS)
        return refuse(code, why, error);
    if (atomic_compare_exchange_strong(place, db, made))
        *db = made;
    else
        hs_free_database(made);         /* *db is the other's now */
    return DAVY_OK;
}

davy_status
dv_match_regex_prepare(const struct dv_match_regex *regex,
                       struct dv_match_error *error)
{
    hs_database_t *db;

    return get_database(regex, &db, error);
}

static int
note_match(unsigned id, unsigned long long from, unsigned long long to,
           unsigned flags, void *ctx)
{
    (void)from;
    (void)to;
    (void)flags;
    *(bool *)ctx |= id == 0;
    return id == 0;
}

/* Make the scratch large enough, once for each expression. */
static davy_status
serve(struct dv_match_scratch *scratch, const struct dv_match_regex *regex,
      const hs_database_t *db)
{
    const uint64_t bit = UINT64_C(1) << regex->number % 64;
    uint64_t *word = &scratch->served[regex->number / 64
                                      % DV_COUNT_OF(scratch->served)];

    if (*word & bit)
        return DAVY_OK;
    if (hs_alloc_scratch(db, &scratch->room) != HS_SUCCESS)
        return DAVY_NO_MEMORY;
    *word |= bit;
    return DAVY_OK;
}

davy_status
dv_match_regex_test(const struct dv_match_regex *regex,
                    struct dv_match_scratch *scratch, struct dv_span text,
                    bool *is_match)
{
    const char *at = text.len == 0 ? "" : (const char *)text.at;
    struct dv_match_error unused;
    hs_database_t *db;

    *is_match = false;
    if (get_database(regex, &db, &unused) != DAVY_OK
        || serve(scratch, regex, db) != DAVY_OK)
        return DAVY_NO_MEMORY;
    if (text.len > UINT32_MAX)
        text.len = UINT32_MAX;
    (void)hs_scan(db, at, (unsigned)text.len, 0, scratch->room, note_match,
                  is_match);
    return DAVY_OK;
}

/* ---- Scratch ---------------------------------------------------------- */

davy_status
dv_match_scratch_new(struct dv_mem *mem, struct dv_match_scratch **scratch)
{
    struct dv_match_scratch *made = dv_mem_calloc(mem, 1, sizeof(*made));

    if (made == NULL)
        return DAVY_NO_MEMORY;
    made->mem = mem;
    *scratch = made;
    return DAVY_OK;
}

davy_status
dv_match_scratch_for_literals(struct dv_mem *mem,
                              const struct dv_match_literals *literals,
                              struct dv_match_scratch **scratch)
{
    struct dv_match_scratch *made;
    davy_status st = dv_match_scratch_new(mem, &made);

    if (st != DAVY_OK)
        return st;
    st = status_of(hs_alloc_scratch(literals->db, &made->room));
    if (st == DAVY_OK)
        *scratch = made;
    else
        dv_match_scratch_free(made);
    return st;
}

void
dv_match_scratch_free(struct dv_match_scratch *scratch)
{
    if (scratch == NULL)
        return;
    hs_free_scratch(scratch->room);
    dv_mem_free(scratch->mem, scratch, sizeof(*scratch));
}

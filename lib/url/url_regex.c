/* SPDX-License-Identifier: MIT */
/* url_regex.c - deterministic states by subset construction, and matching. */

#include "url/url_regex.h"

#include "base/vec.h"
#include "url/url_regex_parse.h"

/* Bounds on the table, which has 2 bytes for each state and class.  The
 * largest of the public lists' expressions need a tenth of it. */
#define MAX_STATES 4096
#define MAX_TABLE  131072

/* Longer expressions do not fit into 512 positions. */
#define MAX_TEXT 8192

/* How often the two ends of a text are fed: so many anchors of one kind may
 * stand one behind the other, as in ^(^a|b). */
#define ANCHORS 2

#define ACCEPT  UINT16_MAX
#define DEAD    (UINT16_MAX - 1)
#define HASHED  (MAX_STATES * 2)        /* a power of two */

struct dv_url_regex {
    struct dv_mem *mem;
    uint16_t *table;                    /* states x classes */
    size_t table_len;
    uint16_t classes;
    uint16_t start;                     /* the state behind the beginning */
    uint8_t class_of[DV_URL_REGEX_SYMBOLS];
};

/* The construction's workshop. */
struct builder {
    const struct dv_url_regex_nfa *nfa;
    struct dv_url_regex *regex;
    struct dv_vec states;               /* struct dv_url_regex_set */
    struct dv_vec rows;                 /* uint16_t, classes for each state */
    uint16_t symbol_of[DV_URL_REGEX_SYMBOLS];   /* one for each class */
    uint16_t hashed[HASHED];            /* state + 1, 0 = free */
};

/* Symbols that the same positions take are one class. */
static bool
find_classes(struct builder *b)
{
    struct dv_url_regex *regex = b->regex;

    for (unsigned s = 0; s < DV_URL_REGEX_SYMBOLS; s++) {
        unsigned c = 0;

        while (c < regex->classes
               && !dv_url_regex_set_equal(&b->nfa->on[s],
                                          &b->nfa->on[b->symbol_of[c]]))
            c++;
        if (c > UINT8_MAX)
            return false;
        if (c == regex->classes)
            b->symbol_of[regex->classes++] = (uint16_t)s;
        regex->class_of[s] = (uint8_t)c;
    }
    return true;
}

static size_t
hash_set(const struct dv_url_regex_set *set)
{
    uint64_t hash = 0;

    for (unsigned i = 0; i < DV_URL_REGEX_WORDS; i++) {
        hash = (hash ^ set->word[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (size_t)hash;
}

/* The number of the state that stands for `set`, made when it is new.
 * DAVY_LIMIT when there are too many. */
static davy_status
find_state(struct builder *b, const struct dv_url_regex_set *set,
           uint16_t *state)
{
    size_t i = hash_set(set) & (HASHED - 1);
    struct dv_url_regex_set *fresh;

    for (; b->hashed[i] != 0; i = (i + 1) & (HASHED - 1)) {
        *state = (uint16_t)(b->hashed[i] - 1);
        if (dv_url_regex_set_equal(dv_vec_at(&b->states, *state), set))
            return DAVY_OK;
    }
    fresh = dv_vec_push(&b->states);
    if (fresh == NULL)
        return dv_vec_is_full(&b->states) ? DAVY_LIMIT : DAVY_NO_MEMORY;
    *fresh = *set;
    *state = (uint16_t)(b->states.len - 1);
    b->hashed[i] = (uint16_t)b->states.len;
    return DAVY_OK;
}

/* The positions that may match next: those that follow, and always those that
 * begin, because a match may stand anywhere. */
static void
next_positions(const struct dv_url_regex_nfa *nfa,
               const struct dv_url_regex_set *from,
               struct dv_url_regex_set *next)
{
    *next = nfa->first;
    for (unsigned i = 0; i < DV_URL_REGEX_WORDS; i++) {
        uint64_t word = from->word[i];

        for (unsigned bit = 0; word != 0; bit++, word >>= 1) {
            if (word & 1)
                dv_url_regex_set_join(next, &nfa->follow[i * 64 + bit]);
        }
    }
}

static davy_status
add_row(struct builder *b, uint16_t state)
{
    const struct dv_url_regex_set from
        = *(struct dv_url_regex_set *)dv_vec_at(&b->states, state);
    struct dv_url_regex_set next;

    next_positions(b->nfa, &from, &next);
    for (unsigned c = 0; c < b->regex->classes; c++) {
        struct dv_url_regex_set to;
        struct dv_url_regex_set last;
        uint16_t *cell = dv_vec_push(&b->rows);
        davy_status st = DAVY_OK;

        if (cell == NULL)
            return dv_vec_is_full(&b->rows) ? DAVY_LIMIT : DAVY_NO_MEMORY;
        dv_url_regex_set_meet(&to, &next, &b->nfa->on[b->symbol_of[c]]);
        if (dv_url_regex_set_meet(&last, &to, &b->nfa->last))
            *cell = ACCEPT;
        else
            st = find_state(b, &to, cell);
        if (st != DAVY_OK)
            return st;
    }
    return DAVY_OK;
}

/* A state that no byte and no end leads out of: without a match so far there
 * is none.  Only the empty set can be one. */
static void
mark_dead(struct builder *b)
{
    const unsigned classes = b->regex->classes;
    const unsigned begin = b->regex->class_of[DV_URL_REGEX_BEGIN];
    uint16_t *rows = b->rows.at;

    for (uint16_t s = 0; s < b->states.len; s++) {
        bool is_dead = true;

        for (unsigned c = 0; c < classes; c++)
            is_dead = is_dead && (c == begin || rows[s * classes + c] == s);
        if (!is_dead)
            continue;
        for (size_t i = 0; i < b->rows.len; i++) {
            if (rows[i] == s)
                rows[i] = DEAD;
        }
        return;
    }
}

static uint16_t
next_state(const struct dv_url_regex *regex, uint16_t state, unsigned symbol)
{
    if (state >= DEAD)
        return state;
    return regex->table[(size_t)state * regex->classes
                        + regex->class_of[symbol]];
}

/* DAVY_OK; DAVY_LIMIT when the table would be too large. */
static davy_status
build_table(struct builder *b)
{
    const struct dv_url_regex_set nothing = { { 0 } };
    struct dv_url_regex *regex = b->regex;
    uint16_t state;
    davy_status st;

    if (!find_classes(b))
        return DAVY_LIMIT;
    st = find_state(b, &nothing, &state);
    for (uint16_t s = 0; st == DAVY_OK && s < b->states.len; s++)
        st = add_row(b, s);
    if (st != DAVY_OK)
        return st;
    mark_dead(b);
    regex->table = dv_mem_alloc(regex->mem, b->rows.len * sizeof(uint16_t));
    if (regex->table == NULL)
        return DAVY_NO_MEMORY;
    regex->table_len = b->rows.len;
    memcpy(regex->table, b->rows.at, b->rows.len * sizeof(uint16_t));
    state = b->nfa->is_nullable ? ACCEPT : 0;
    for (int i = 0; i < ANCHORS; i++)
        state = next_state(regex, state, DV_URL_REGEX_BEGIN);
    regex->start = state;
    return DAVY_OK;
}

static davy_status
determinise(struct dv_url_regex *regex, const struct dv_url_regex_nfa *nfa)
{
    struct builder *b = dv_mem_calloc(regex->mem, 1, sizeof(*b));
    davy_status st;

    if (b == NULL)
        return DAVY_NO_MEMORY;
    b->nfa = nfa;
    b->regex = regex;
    dv_vec_init(&b->states, regex->mem, sizeof(struct dv_url_regex_set),
                MAX_STATES);
    dv_vec_init(&b->rows, regex->mem, sizeof(uint16_t), MAX_TABLE);
    st = build_table(b);
    dv_vec_fini(&b->states);
    dv_vec_fini(&b->rows);
    dv_mem_free(regex->mem, b, sizeof(*b));
    return st == DAVY_LIMIT ? DAVY_DECLINED : st;
}

davy_status
dv_url_regex_new(struct dv_mem *mem, struct dv_span text,
                 bool is_match_case, struct dv_url_regex **regex)
{
    struct dv_url_regex *fresh = dv_mem_calloc(mem, 1, sizeof(*fresh));
    struct dv_url_regex_nfa *nfa = dv_mem_calloc(mem, 1, sizeof(*nfa));
    davy_status st = DAVY_NO_MEMORY;

    if (fresh == NULL || nfa == NULL)
        goto done;
    fresh->mem = mem;
    st = text.len > MAX_TEXT ? DAVY_DECLINED
                             : dv_url_regex_parse(text, is_match_case, nfa);
    if (st == DAVY_OK)
        st = determinise(fresh, nfa);
    if (st == DAVY_OK) {
        *regex = fresh;
        fresh = NULL;
    }
done:
    dv_mem_free(mem, nfa, sizeof(*nfa));
    if (fresh != NULL)
        fresh->mem = mem;
    dv_url_regex_free(fresh);
    return st;
}

void
dv_url_regex_free(struct dv_url_regex *regex)
{
    struct dv_mem *mem;

    if (regex == NULL)
        return;
    mem = regex->mem;
    dv_mem_free(mem, regex->table, regex->table_len * sizeof(uint16_t));
    dv_mem_free(mem, regex, sizeof(*regex));
}

bool
dv_url_regex_match(const struct dv_url_regex *regex, struct dv_span text)
{
    const uint16_t *table = regex->table;
    const size_t classes = regex->classes;
    uint16_t state = regex->start;

    for (size_t i = 0; i < text.len && state < DEAD; i++)
        state = table[state * classes + regex->class_of[text.at[i]]];
    for (int i = 0; i < ANCHORS; i++)
        state = next_state(regex, state, DV_URL_REGEX_END);
    return state == ACCEPT;
}

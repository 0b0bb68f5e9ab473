/* SPDX-License-Identifier: MIT */
/* rule_compile.c - collects the atoms of all leaves in one literal database
 * and builds the tables that lead from a hit back to the leaf. */

#include "rule/rule_compile.h"

#include <stdlib.h>

#include "base/strmap.h"
#include "match/match_atom.h"
#include "rule/rule_pattern.h"

/* An atom with the separator of the fact stream behind it.  (The one before it
 * would help as much, but Vectorscan takes a literal that begins with a NUL
 * for an empty one.) */
#define MAX_ATOM (DV_ATOM_BYTES + 1)
#define MAX_REFS ((size_t)1 << 22)

/* A reference before they are grouped by atom. */
struct loose_ref {
    uint32_t atom;
    struct dv_ruleset_ref ref;
};

struct compiler {
    struct dv_ruleset *set;
    struct dv_strmap by_bytes;          /* case flag and bytes -> atom */
    struct dv_vec literals;             /* struct dv_match_literal */
    struct dv_vec tails;                /* struct dv_ruleset_atom */
    struct dv_vec refs;                 /* struct loose_ref */
};

/* ---- Order ------------------------------------------------------------ */

struct sort_row {
    const char *id;
    uint32_t from;
};

static int
compare_rows(const void *a, const void *b)
{
    const struct sort_row *x = a;
    const struct sort_row *y = b;

    return strcmp(x->id, y->id);
}

static void
renumber(struct dv_ruleset *set, const uint32_t *to)
{
    for (size_t i = 0; i < set->leaves.len; i++) {
        struct dv_leaf *leaf = dv_ruleset_leaf_at(set, i);

        leaf->rule = to[leaf->rule];
    }
    for (size_t i = 0; i < set->lists.len; i++) {
        struct dv_ruleset_list *list = dv_vec_at(&set->lists, i);

        if (list->rule != DV_RULE_NONE)
            list->rule = to[list->rule];
    }
}

static void
move_rules(struct dv_ruleset *set, const struct sort_row *rows,
           struct dv_rule *sorted, uint32_t *to)
{
    const size_t n = set->rules.len;

    for (size_t i = 0; i < n; i++) {
        sorted[i] = *dv_ruleset_rule_at(set, rows[i].from);
        to[rows[i].from] = (uint32_t)i;
    }
    memcpy(set->rules.at, sorted, n * sizeof(*sorted));
    renumber(set, to);
}

static davy_status
sort_rules(struct dv_ruleset *set)
{
    const size_t n = set->rules.len;
    struct sort_row *rows = dv_mem_calloc(&set->mem, n, sizeof(*rows));
    struct dv_rule *sorted = dv_mem_calloc(&set->mem, n, sizeof(*sorted));
    uint32_t *to = dv_mem_calloc(&set->mem, n, sizeof(*to));
    davy_status st = DAVY_NO_MEMORY;

    if (rows == NULL || sorted == NULL || to == NULL)
        goto done;
    st = DAVY_OK;
    if (n == 0)
        goto done;
    for (size_t i = 0; i < n; i++) {
        rows[i].id = dv_ruleset_rule_at(set, i)->info.id;
        rows[i].from = (uint32_t)i;
    }
    qsort(rows, n, sizeof(*rows), compare_rows);
    move_rules(set, rows, sorted, to);
done:
    dv_mem_free(&set->mem, rows, n * sizeof(*rows));
    dv_mem_free(&set->mem, sorted, n * sizeof(*sorted));
    dv_mem_free(&set->mem, to, n * sizeof(*to));
    return st;
}

/* ---- Atoms ------------------------------------------------------------ */

const struct dv_pattern *
dv_leaf_anchor(const struct dv_leaf *leaf)
{
    return leaf->anchor < 0 ? &leaf->pattern
                            : &leaf->parts[leaf->anchor].pattern;
}

/* Whether all that the leaf asks about ends where the fact's text ends. */
static bool
has_tail(const struct dv_leaf *leaf)
{
    bool is_whole = true;

    for (unsigned kind = 0; leaf->anchor < 0 && kind < DV_FACT_KINDS; kind++)
        is_whole &= dv_leaf_view(leaf->type, kind) != DV_VIEW_NAME;
    return is_whole;
}

/* The atom of these bytes, made when it is new.  False without memory. */
static bool
intern(struct compiler *c, struct dv_span bytes, bool is_nocase,
       const struct dv_ruleset_atom *shape, uint32_t *atom)
{
    uint8_t key[MAX_ATOM + 1];
    struct dv_span kept;
    struct dv_match_literal *literal;
    struct dv_ruleset_atom *slot;
    const uint32_t *found;

    key[0] = is_nocase;
    memcpy(key + 1, bytes.at, bytes.len);
    found = dv_strmap_get(&c->by_bytes, dv_span_of(key, bytes.len + 1));
    if (found != NULL) {
        *atom = *found;
        return true;
    }
    *atom = (uint32_t)c->literals.len;
    if (!dv_arena_copy(&c->set->arena, dv_span_of(key, bytes.len + 1), &kept)
        || dv_strmap_put(&c->by_bytes, kept, *atom) == NULL)
        return false;
    literal = dv_vec_push(&c->literals);
    slot = dv_vec_push(&c->tails);
    if (literal == NULL || slot == NULL)
        return false;
    literal->bytes = dv_span_slice(kept, 1, SIZE_MAX);
    literal->is_nocase = is_nocase;
    *slot = *shape;
    return true;
}

static bool
add_ref(struct compiler *c, struct dv_span atom, bool is_nocase, bool has_nul,
        struct dv_ruleset_ref ref)
{
    uint8_t bytes[MAX_ATOM] = { 0 };
    const struct dv_ruleset_atom shape = { .tail = has_nul,
                                           .length = (uint8_t)atom.len };
    struct loose_ref *slot;
    uint32_t number;

    memcpy(bytes, atom.at, atom.len);
    if (!intern(c, dv_span_of(bytes, atom.len + has_nul), is_nocase, &shape,
                &number))
        return false;
    slot = dv_vec_push(&c->refs);
    if (slot == NULL)
        return false;
    slot->atom = number;
    slot->ref = ref;
    return true;
}

static bool
add_globs(struct compiler *c, uint32_t number, const struct dv_leaf *leaf,
          const struct dv_pattern *pattern)
{
    const bool is_tailed = has_tail(leaf);

    for (uint32_t i = 0; i < pattern->globs.count; i++) {
        const struct dv_glob *glob = &pattern->globs.at[i];
        const struct dv_ruleset_ref ref = {
            .leaf = number,
            .glob = (uint16_t)i,
            .is_proof = glob->how == DV_GLOB_CONTAINS
                        && glob->atom.len == glob->text.len,
        };

        if (!add_ref(c, glob->atom, glob->is_nocase,
                     is_tailed && glob->atom_is_last, ref))
            return false;
    }
    return true;
}

static bool
add_regex(struct compiler *c, uint32_t number,
          const struct dv_pattern *pattern)
{
    const struct dv_ruleset_ref ref = { .leaf = number };

    for (uint32_t i = 0; i < pattern->atoms_count; i++) {
        if (!add_ref(c, pattern->atoms[i], pattern->is_nocase, false, ref))
            return false;
    }
    return true;
}

static void
add_unanchored(struct dv_ruleset *set, uint32_t number,
               const struct dv_leaf *leaf)
{
    set->unanchored[set->unanchored_count++] = number;
    for (unsigned kind = 0; kind < DV_FACT_KINDS; kind++) {
        if (dv_leaf_view(leaf->type, kind) != DV_VIEW_NONE)
            set->unanchored_kinds |= UINT32_C(1) << kind;
    }
}

static bool
add_leaf(struct compiler *c, uint32_t number)
{
    const struct dv_leaf *leaf = dv_ruleset_leaf_at(c->set, number);
    const struct dv_pattern *pattern = dv_leaf_anchor(leaf);

    if (dv_ruleset_rule_at(c->set, leaf->rule)->is_deprecated
        || leaf->type == DV_LEAF_NUMBERS)
        return true;
    if (leaf->type == DV_LEAF_WALLET || dv_pattern_atom(pattern) == 0) {
        add_unanchored(c->set, number, leaf);
        return true;
    }
    return pattern->regex != NULL ? add_regex(c, number, pattern)
                                  : add_globs(c, number, leaf, pattern);
}

/* Group the references by atom: a counting sort into the frozen tables. */
static bool
group_refs(struct compiler *c)
{
    struct dv_ruleset *set = c->set;
    const size_t n = c->literals.len;
    uint32_t sum = 0;

    set->atoms = dv_arena_calloc(&set->arena, n + 1, sizeof(*set->atoms));
    set->atom_refs = dv_arena_calloc(&set->arena, c->refs.len + 1,
                                     sizeof(*set->atom_refs));
    if (set->atoms == NULL || set->atom_refs == NULL)
        return false;
    if (n != 0)
        memcpy(set->atoms, c->tails.at, n * sizeof(*set->atoms));
    for (size_t i = 0; i < c->refs.len; i++) {
        const struct loose_ref *loose = dv_vec_at(&c->refs, i);

        set->atoms[loose->atom].first++;
    }
    for (size_t i = 0; i <= n; i++) {   /* first becomes the end ... */
        sum += set->atoms[i].first;
        set->atoms[i].first = sum;
    }
    for (size_t i = c->refs.len; i > 0; i--) {  /* ... and then the start */
        const struct loose_ref *loose = dv_vec_at(&c->refs, i - 1);

        set->atom_refs[--set->atoms[loose->atom].first] = loose->ref;
    }
    set->atoms_count = (uint32_t)n;
    set->atom_refs_count = (uint32_t)c->refs.len;
    return true;
}

static davy_status
compile_atoms(struct dv_ruleset *set)
{
    struct compiler c = { .set = set };
    davy_status st = DAVY_NO_MEMORY;

    dv_strmap_init(&c.by_bytes, &set->mem);
    dv_vec_init(&c.literals, &set->mem, sizeof(struct dv_match_literal),
                MAX_REFS);
    dv_vec_init(&c.tails, &set->mem, sizeof(struct dv_ruleset_atom),
                MAX_REFS);
    dv_vec_init(&c.refs, &set->mem, sizeof(struct loose_ref), MAX_REFS);
    set->unanchored = dv_arena_calloc(&set->arena, set->leaves.len,
                                      sizeof(*set->unanchored));
    if (set->unanchored == NULL)
        goto done;
    for (uint32_t i = 0; i < set->leaves.len; i++) {
        if (!add_leaf(&c, i))
            goto done;
    }
    if (!group_refs(&c))
        goto done;
    st = DAVY_OK;
    if (c.literals.len != 0)
        st = dv_match_literals_new(&set->mem, c.literals.at, c.literals.len,
                                   &set->literals);
done:
    dv_strmap_fini(&c.by_bytes);
    dv_vec_fini(&c.literals);
    dv_vec_fini(&c.tails);
    dv_vec_fini(&c.refs);
    return st;
}

/* ---- Native ----------------------------------------------------------- */

/* Where the texts of a leaf are looked for; 0: it asks no such facts. */
static uint8_t
native_place(const struct dv_ruleset *set, const struct dv_leaf *leaf)
{
    if (dv_ruleset_rule_at(set, leaf->rule)->is_deprecated)
        return 0;
    if (leaf->type == DV_LEAF_FILE)
        return DV_NATIVE_IN_NAMES;
    if (leaf->type != DV_LEAF_TEXT)
        return 0;
    return leaf->kinds == 0 ? DV_NATIVE_IN_FILES : (uint8_t)leaf->kinds;
}

/* The term of these bytes, made when it is new.  False without memory. */
static bool
add_term(struct dv_vec *terms, struct dv_span bytes, bool is_nocase,
         uint8_t where)
{
    struct dv_native_term *term;

    for (size_t i = 0; i < terms->len; i++) {
        term = dv_vec_at(terms, i);
        if (term->is_nocase == is_nocase && dv_span_equal(term->bytes, bytes)) {
            term->where |= where;
            return true;
        }
    }
    term = dv_vec_push(terms);
    if (term == NULL)
        return false;
    *term = (struct dv_native_term){ bytes, is_nocase, where };
    return true;
}

static bool
add_terms(const struct dv_ruleset *set, const struct dv_leaf *leaf,
          struct dv_vec *terms)
{
    const struct dv_pattern *pattern = &leaf->pattern;
    const uint8_t where = native_place(set, leaf);
    bool is_done = true;

    if (where == 0)
        return true;
    for (uint32_t i = 0; i < pattern->globs.count && is_done; i++)
        is_done = add_term(terms, pattern->globs.at[i].atom,
                           pattern->globs.at[i].is_nocase, where);
    for (uint32_t i = 0; i < pattern->atoms_count && is_done; i++)
        is_done = add_term(terms, pattern->atoms[i], pattern->is_nocase,
                           where);
    return is_done;
}

static davy_status
compile_native(struct dv_ruleset *set)
{
    struct dv_vec terms;
    davy_status st = DAVY_OK;

    dv_vec_init(&terms, &set->mem, sizeof(struct dv_native_term), MAX_REFS);
    for (size_t i = 0; i < set->leaves.len && st == DAVY_OK; i++) {
        if (!add_terms(set, dv_ruleset_leaf_at(set, i), &terms))
            st = DAVY_NO_MEMORY;
    }
    if (st == DAVY_OK && terms.len != 0)
        st = dv_native_terms_new(&set->mem, terms.at, terms.len,
                                 &set->native);
    dv_vec_fini(&terms);
    return st;
}

/* ---- Numbers ---------------------------------------------------------- */

size_t
dv_rule_number_slot(const struct dv_ruleset *set, double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    bits *= UINT64_C(0x9e3779b97f4a7c15);       /* Fibonacci hashing */
    return (size_t)(bits >> 32) & (set->numbers_size - 1);
}

static void
put_number(struct dv_ruleset *set, double value, uint32_t leaf, uint32_t bit)
{
    size_t slot = dv_rule_number_slot(set, value);

    while (set->numbers[slot].leaf != DV_RULE_NONE)
        slot = (slot + 1) & (set->numbers_size - 1);
    set->numbers[slot] = (struct dv_ruleset_number){ value, leaf, bit };
}

static bool
asks_numbers(const struct dv_ruleset *set, const struct dv_leaf *leaf)
{
    return leaf->type == DV_LEAF_NUMBERS
           && !dv_ruleset_rule_at(set, leaf->rule)->is_deprecated;
}

static davy_status
compile_numbers(struct dv_ruleset *set)
{
    size_t total = 0;
    size_t size = 16;

    for (size_t i = 0; i < set->leaves.len; i++) {
        if (asks_numbers(set, dv_ruleset_leaf_at(set, i)))
            total += dv_ruleset_leaf_at(set, i)->numbers_count;
    }
    if (total == 0)
        return DAVY_OK;
    while (size < total * 2)
        size *= 2;
    set->numbers = dv_arena_calloc(&set->arena, size, sizeof(*set->numbers));
    if (set->numbers == NULL)
        return DAVY_NO_MEMORY;
    set->numbers_size = size;
    for (size_t i = 0; i < size; i++)
        set->numbers[i].leaf = DV_RULE_NONE;
    for (uint32_t i = 0; i < set->leaves.len; i++) {
        const struct dv_leaf *leaf = dv_ruleset_leaf_at(set, i);

        for (uint32_t j = 0; asks_numbers(set, leaf)
                             && j < leaf->numbers_count; j++)
            put_number(set, leaf->numbers[j], i, j);
    }
    return DAVY_OK;
}

/* ---- The whole -------------------------------------------------------- */

davy_status
dv_rule_compile(struct dv_ruleset *set)
{
    davy_status st = dv_listset_freeze(&set->listset);

    if (st == DAVY_OK)
        st = sort_rules(set);
    if (st == DAVY_OK)
        st = compile_atoms(set);
    if (st == DAVY_OK)
        st = compile_native(set);
    if (st == DAVY_OK)
        st = compile_numbers(set);
    return st;
}

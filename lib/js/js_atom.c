/* SPDX-License-Identifier: MIT */
/* js_atom.c - a hash table of names, open addressing, at most 3/4 full. */

#include "js/js_atom.h"

#define FIRST_ATOMS ((uint32_t)64)

void
dv_js_atoms_init(struct dv_js_atoms *atoms, struct dv_mem *mem)
{
    memset(atoms, 0, sizeof(*atoms));
    atoms->mem = mem;

    /* Addresses are random per process, which is all the secrecy we need. */
    atoms->secret = (uint64_t)(uintptr_t)atoms * UINT64_C(0x9e3779b97f4a7c15)
                    ^ (uint64_t)(uintptr_t)mem;
}

void
dv_js_atoms_clear(struct dv_js_atoms *atoms)
{
    if (atoms->slots != NULL)
        memset(atoms->slots, 0, atoms->slot_count * sizeof(*atoms->slots));
    memset(atoms->single, 0, sizeof(atoms->single));
    atoms->count = atoms->text == NULL ? 0 : 1;
}

void
dv_js_atoms_fini(struct dv_js_atoms *atoms)
{
    struct dv_mem *mem = atoms->mem;

    dv_mem_free(mem, atoms->text, atoms->cap * sizeof(*atoms->text));
    dv_mem_free(mem, atoms->hashes, atoms->cap * sizeof(*atoms->hashes));
    dv_mem_free(mem, atoms->slots, atoms->slot_count * sizeof(*atoms->slots));
    dv_js_atoms_init(atoms, mem);
}

/* The 1 to 8 bytes at `at` as a number, without reading past them. */
static uint64_t
load_short(const uint8_t *at, size_t n)
{
    uint32_t low, high;

    if (n >= 4) {
        memcpy(&low, at, 4);
        memcpy(&high, at + n - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    return (uint64_t)at[0] << 16 | (uint64_t)at[n / 2] << 8 | at[n - 1];
}

/* The finaliser of MurmurHash3 (Appleby, public domain): each bit of the
 * input moves each bit of the result. */
static uint64_t
mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

static uint32_t
hash_of(const struct dv_js_atoms *atoms, struct dv_span name)
{
    uint64_t h = atoms->secret + name.len;

    for (; name.len > 8; dv_span_skip(&name, 8)) {
        uint64_t word;

        memcpy(&word, name.at, 8);
        h = mix(h ^ word) + atoms->secret;
    }
    if (name.len > 0)
        h = mix(h ^ load_short(name.at, name.len));
    return (uint32_t)h;
}

/* The place of `name`, or the free one where it belongs. */
static uint32_t *
find_slot(const struct dv_js_atoms *atoms, struct dv_span name, uint32_t hash)
{
    const uint32_t mask = atoms->slot_count - 1;

    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        const uint32_t atom = atoms->slots[i];

        if (atom == 0
            || (atoms->hashes[atom] == hash
                && dv_span_equal(atoms->text[atom], name)))
            return &atoms->slots[i];
    }
}

static bool
grow_names(struct dv_js_atoms *atoms)
{
    const uint32_t cap = atoms->cap == 0 ? FIRST_ATOMS : atoms->cap * 2;
    struct dv_span *text;
    uint32_t *hashes;

    if (atoms->cap > UINT32_MAX / 8)
        return false;
    text = dv_mem_alloc(atoms->mem, cap * sizeof(*text));
    hashes = dv_mem_alloc(atoms->mem, cap * sizeof(*hashes));
    if (text == NULL || hashes == NULL) {
        dv_mem_free(atoms->mem, text, cap * sizeof(*text));
        dv_mem_free(atoms->mem, hashes, cap * sizeof(*hashes));
        return false;
    }
    if (atoms->cap != 0) {
        memcpy(text, atoms->text, atoms->count * sizeof(*text));
        memcpy(hashes, atoms->hashes, atoms->count * sizeof(*hashes));
        dv_mem_free(atoms->mem, atoms->text, atoms->cap * sizeof(*text));
        dv_mem_free(atoms->mem, atoms->hashes, atoms->cap * sizeof(*hashes));
    }
    atoms->text = text;
    atoms->hashes = hashes;
    atoms->cap = cap;
    if (atoms->count == 0) {
        text[0] = DV_SPAN_LIT("");
        hashes[0] = 0;
        atoms->count = 1;
    }
    return true;
}

static bool
grow_slots(struct dv_js_atoms *atoms)
{
    const uint32_t old_count = atoms->slot_count;
    const uint32_t count = old_count == 0 ? FIRST_ATOMS * 2 : old_count * 2;
    uint32_t *slots = dv_mem_calloc(atoms->mem, count, sizeof(*slots));

    if (slots == NULL)
        return false;
    dv_mem_free(atoms->mem, atoms->slots, old_count * sizeof(*slots));
    atoms->slots = slots;
    atoms->slot_count = count;
    for (uint32_t atom = 1; atom < atoms->count; atom++) {
        uint32_t i = atoms->hashes[atom] & (count - 1);

        while (slots[i] != 0)
            i = (i + 1) & (count - 1);
        slots[i] = atom;
    }
    return true;
}

static uint32_t
put_hashed(struct dv_js_atoms *atoms, struct dv_span name)
{
    const uint32_t hash = hash_of(atoms, name);
    uint32_t *slot;

    if (atoms->count == atoms->cap && !grow_names(atoms))
        return 0;
    if (atoms->count >= atoms->slot_count / 4 * 3 && !grow_slots(atoms))
        return 0;
    slot = find_slot(atoms, name, hash);
    if (*slot != 0)
        return *slot;
    atoms->text[atoms->count] = name;
    atoms->hashes[atoms->count] = hash;
    *slot = atoms->count++;
    return *slot;
}

/* Minified scripts consist of names of one letter: these need no hash. */
uint32_t
dv_js_atoms_put(struct dv_js_atoms *atoms, struct dv_span name)
{
    if (name.len == 1 && name.at[0] < DV_COUNT_OF(atoms->single)) {
        uint32_t *atom = &atoms->single[name.at[0]];

        if (*atom == 0)
            *atom = put_hashed(atoms, name);
        return *atom;
    }
    return put_hashed(atoms, name);
}

uint32_t
dv_js_atoms_get(const struct dv_js_atoms *atoms, struct dv_span name)
{
    if (atoms->slot_count == 0)
        return 0;
    return *find_slot(atoms, name, hash_of(atoms, name));
}

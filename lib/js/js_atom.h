/* SPDX-License-Identifier: MIT */
/* js_atom.h - a table of distinct names: the same name, the same number. */

#ifndef DV_JS_ATOM_H
#define DV_JS_ATOM_H

#include "base/mem.h"
#include "base/span.h"

/* Numbers start at 1; text[0] is empty and stands for no name. */
struct dv_js_atoms {
    struct dv_mem *mem;
    struct dv_span *text;               /* by number; count >= 1 once used */
    uint32_t *hashes;                   /* by number */
    uint32_t *slots;                    /* hash table of numbers, 0 is free */
    uint32_t count, cap;                /* of text and hashes */
    uint32_t slot_count;                /* a power of two, or 0 */
    uint32_t single[128];               /* names of one ASCII character */
    uint64_t secret;                    /* chosen names cannot collide */
};

void dv_js_atoms_init(struct dv_js_atoms *atoms, struct dv_mem *mem);
void dv_js_atoms_clear(struct dv_js_atoms *atoms);
void dv_js_atoms_fini(struct dv_js_atoms *atoms);

/* The number of `name`, which is borrowed when new; 0 when memory is
 * refused. */
uint32_t dv_js_atoms_put(struct dv_js_atoms *atoms,
                         struct dv_span name) DV_MUST_CHECK;

/* The number of `name`, or 0. */
uint32_t dv_js_atoms_get(const struct dv_js_atoms *atoms, struct dv_span name);

#endif

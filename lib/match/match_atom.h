/* SPDX-License-Identifier: MIT */
/* match_atom.h - finds literal runs that a regular expression cannot match
 * without. */

#ifndef DV_MATCH_ATOM_H
#define DV_MATCH_ATOM_H

#include "base/arena.h"
#include "base/span.h"

/* Alternatives that one expression may be found by. */
#define DV_ATOM_SET 64

/* Shorter runs stand everywhere. */
#define DV_ATOM_LEAST 3

/* Every text that matches holds at least one of these. */
struct dv_atom_set {
    struct dv_span *at;
    uint32_t count;                     /* 0: no run is long enough */
    bool is_nocase;                     /* the expression says (?i) */
    size_t positions;                   /* bytes and classes once repetitions
                                         * are written out; SIZE_MAX when not
                                         * understood */
};

/* Read `source` in the syntax of PCRE as far as Vectorscan supports it.  What
 * is not understood gives an empty set, never a wrong one.  DAVY_OK or
 * DAVY_NO_MEMORY. */
davy_status dv_atom_of_regex(struct dv_arena *arena, struct dv_span source,
                             struct dv_atom_set *set);

#endif

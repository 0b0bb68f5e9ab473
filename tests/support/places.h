/* SPDX-License-Identifier: MIT */
/* places.h - both looks at a page, kept and compared. */

#ifndef TEST_PLACES_H
#define TEST_PLACES_H

#include "base/arena.h"
#include "base/vec.h"
#include "html/html_place.h"

/* The places of one look, as lines of dv_html_place_print and as records to be
 * compared. */
struct places {
    struct dv_mem *mem;
    struct dv_arena arena;              /* texts of the look */
    struct dv_vec all;                  /* struct places_one */
    struct dv_buf lines;
    bool with_lines;
    davy_status status;                 /* of the look */
};

void places_init(struct places *places, struct dv_mem *mem, bool with_lines);
void places_fini(struct places *places);

/* Run a look; places->status is its answer, or that of keeping its places. */
void places_first_look(struct places *places, struct dv_span page);
void places_second_look(struct places *places, struct dv_span page);

/* The law: each place of `second` is one of `first`, alike in kind, use, text
 * and source.  False, with the offending line in `line`, when it is broken. */
bool places_are_within(struct places *second, struct places *first,
                       struct dv_buf *line);

/* Run both looks over `page` and hold them against the law.  A look that gave
 * up is no breach; *decided says whether both came to an end. */
bool places_obey_the_law(struct dv_mem *mem, struct dv_span page,
                         struct dv_buf *line, bool *decided);

#endif

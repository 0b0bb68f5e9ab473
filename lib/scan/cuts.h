/* SPDX-License-Identifier: MIT */
/* cuts.h - remembers where code stands in a page, and says what has to be cut
 * out of the page's bytes so that a finding goes. */

#ifndef DV_CUTS_H
#define DV_CUTS_H

#include "base/span.h"
#include "base/vec.h"
#include "html/html_place.h"

/* A span of the root's text that has to go, and how. */
struct dv_cut {
    davy_cut kind;
    size_t at;
    size_t len;
};

/* A place of the page, small: a page has many and few are cut. */
struct dv_cut_place {
    uint32_t at, len;                   /* as in struct dv_html_place */
    uint32_t tag_at;
    uint8_t kind;                       /* enum dv_html_kind */
    bool is_source;                     /* address of a script element */
    bool is_json;                       /* address in the text of one */
};

/* The places of the root, when the root is a page. */
struct dv_cuts {
    struct dv_vec places;               /* struct dv_cut_place */
    struct dv_html_tagger tagger;
    struct dv_html_tag tag;             /* the one that was read last */
    size_t work;                        /* bytes of tags read again */
    bool has_tag;
    bool is_page;
    bool is_sorted;
};

void dv_cuts_init(struct dv_cuts *cuts, struct dv_mem *mem);
void dv_cuts_fini(struct dv_cuts *cuts);
void dv_cuts_clear(struct dv_cuts *cuts);

/* Remember a place.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_cuts_note(struct dv_cuts *cuts,
                         const struct dv_html_place *place) DV_MUST_CHECK;

/* What to cut out of `text`, the root, for a finding at `at`..`at`+`len`: the
 * outermost thing in the root that holds it; all of the root when it is no
 * page, or a page that was made to cost too much.  When a script's address is
 * cut, `integrity` gets the value of the attribute that would keep another
 * script from running; else its kind is NONE.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_cuts_find(struct dv_cuts *cuts, struct dv_span text, size_t at,
                         size_t len, struct dv_cut *cut,
                         struct dv_cut *integrity) DV_MUST_CHECK;

#endif

/* SPDX-License-Identifier: MIT */
/* html_walk.h - turns one start tag into the places it holds.
 *
 * Both looks at a page come here: the first with every tag there could be,
 * the second with the tags that are elements of the document.  Which attribute
 * of which element is what stands in html_place.def and nowhere else. */

#ifndef DV_HTML_WALK_H
#define DV_HTML_WALK_H

#include "base/vec.h"
#include "html/html_place.h"
#include "html/html_script.h"

/* Labels that places are counted under: the kinds, then the rows of
 * html_place.def, then the two JSON blocks. */
enum dv_html_label {
#define DV_HTML_KIND_ROW(NAME, name, text) DV_HTML_LABEL_##NAME,
#include "html/html_place.def"
#undef DV_HTML_KIND_ROW
    DV_HTML_LABEL_ROWS,
    DV_HTML_LABEL_LAST_ROW = DV_HTML_LABEL_ROWS - 1
#define DV_HTML_PLACE_ROW(tag, attr, where, KIND, USE, READ) + 1
#include "html/html_place.def"
#undef DV_HTML_PLACE_ROW
    ,
    DV_HTML_LABEL_IMPORTMAP,
    DV_HTML_LABEL_SPECULATION,
    DV_HTML_LABELS
};

struct dv_html_walk {
    struct dv_span page;
    struct dv_arena *arena;             /* decoded texts */
    const struct dv_html_sink *sink;
    struct dv_html_tagger tagger;
    struct dv_html_tag tag;             /* the one that is looked at */
    struct dv_vec traits;               /* struct dv_html_trait */
    uint32_t numbers[DV_HTML_LABELS];   /* places handed out */
    uint8_t first_row[27];              /* index by letter, see html_row.h */
    size_t work;                        /* bytes of scripts read or made */
    davy_status status;                 /* OK, LIMIT, NO_MEMORY; sticks */
};

void dv_html_walk_init(struct dv_html_walk *walk, struct dv_mem *mem,
                       struct dv_arena *arena, struct dv_span page,
                       const struct dv_html_sink *sink);
void dv_html_walk_fini(struct dv_html_walk *walk);

/* Hand out the places of the start tag whose `<` is page.at[at], as `ns` heeds
 * them; walk->tag is the tag then.  With DV_HTML_NS_ANY nothing is known of
 * where it stands.  False when no tag token begins there. */
bool dv_html_walk_tag(struct dv_html_walk *walk, size_t at, unsigned ns);

/* For html_row.c: remember a failure; decode a value (false and a status when
 * memory is refused); set where `piece`, a part of the `value` that `raw`
 * became, comes from; number a place and hand it out. */
void dv_html_walk_fail(struct dv_html_walk *walk, davy_status st);
bool dv_html_walk_decode(struct dv_html_walk *walk, struct dv_span raw,
                         struct dv_span *value) DV_MUST_CHECK;
void dv_html_walk_source(const struct dv_html_walk *walk,
                         struct dv_html_place *place, struct dv_span raw,
                         struct dv_span value, struct dv_span piece);
void dv_html_walk_emit(struct dv_html_walk *walk,
                       struct dv_html_place *place, size_t label);

#endif

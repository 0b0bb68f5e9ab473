/* SPDX-License-Identifier: MIT */
/* html_script.h - where the text of a script element ends, and whether it is
 * code. */

#ifndef DV_HTML_SCRIPT_H
#define DV_HTML_SCRIPT_H

#include "base/arena.h"
#include "html/html_place.h"

/* Namespaces, as a set. */
#define DV_HTML_NS_HTML    1u
#define DV_HTML_NS_FOREIGN 2u
#define DV_HTML_NS_ANY     4u           /* the first look */

/* Where the script data that begins at `from` ends: at the `</script` that the
 * states find which know of `<!--` (HTML Standard, 13.2.5.4 and
 * 13.2.5.15-31), or page.len.  `first` may be NULL; it gets the first
 * `</script` of all. */
size_t dv_html_script_end(struct dv_span page, size_t from, size_t *first);

/* The text of an SVG script, which is markup like any other: references are
 * decoded, CDATA sections unwrapped, comments and tags left out. */
struct dv_html_foreign {
    struct dv_span text;                /* in the page or in the arena */
    size_t end;                         /* of `</script`, or page.len */
    bool is_verbatim;                   /* text is page[from..end) */
    bool has_tags;                      /* elements stand inside */
};

/* False when memory is refused. */
bool dv_html_script_foreign(struct dv_span page, size_t from,
                            struct dv_arena *arena,
                            struct dv_html_foreign *foreign) DV_MUST_CHECK;

/* What `type` and, in HTML, `language` make of a script's text.  False when
 * memory is refused. */
bool dv_html_script_code(const struct dv_html_tag *tag, unsigned ns,
                         struct dv_arena *arena,
                         enum dv_html_code *code) DV_MUST_CHECK;

#endif

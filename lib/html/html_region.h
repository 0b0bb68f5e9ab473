/* SPDX-License-Identifier: MIT */
/* html_region.h - how far SVG and MathML may reach in a page, told without a
 * tree. */

#ifndef DV_HTML_REGION_H
#define DV_HTML_REGION_H

#include "base/span.h"

/* Tags are counted wherever they stand, in comments and strings, too.  So SVG
 * may be thought open when it is not; it is never thought closed when it is
 * open, in Gumbo or any browser. */
struct dv_html_region {
    struct dv_span page;
    size_t svg;                         /* elements open */
    size_t math;
    bool is_lost;                       /* what is closed cannot be told */
};

static inline bool
dv_html_region_is_open(const struct dv_html_region *region)
{
    return region->svg + region->math > 0 || region->is_lost;
}

/* Whether the tag whose `<` is page.at[at] is a start tag of svg or math. */
bool dv_html_region_begins(struct dv_span page, size_t at);

/* Look at the `<` at page.at[at].  While the region is open, each `<` of the
 * page must be shown in order; else only those where one begins. */
void dv_html_region_step(struct dv_html_region *region, size_t at);

#endif

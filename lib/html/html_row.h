/* SPDX-License-Identifier: MIT */
/* html_row.h - the rows of html_place.def: found, and read from a tag. */

#ifndef DV_HTML_ROW_H
#define DV_HTML_ROW_H

#include "html/html_walk.h"

/* Rows [from, to) of one tag name. */
struct dv_html_range {
    size_t from;
    size_t to;
};

/* The row of `attr` among those of `range`, or else of any element, that one
 * of the namespaces `ns` heeds; its number, or SIZE_MAX. */
size_t dv_html_row_match(struct dv_html_range range, struct dv_span attr,
                         unsigned ns);

/* Whether two rows hand out the same places. */
bool dv_html_row_same(size_t a, size_t b);

/* The rows of the tag called `name`; `first` is an index made by the function
 * below. */
struct dv_html_range dv_html_row_range(const uint8_t first[27],
                                       struct dv_span name);

/* Where the rows of each letter begin. */
void dv_html_row_index(uint8_t first[27]);

/* Hand out what `attr` of walk->tag says by row `number`. */
void dv_html_row_emit(struct dv_html_walk *walk, size_t number,
                      const struct dv_html_attr *attr);

#endif

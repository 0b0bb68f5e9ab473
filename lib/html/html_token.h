/* SPDX-License-Identifier: MIT */
/* html_token.h - the first look at a page: every place there could be.
 *
 * It over-approximates: whatever html_doc can report of a page is reported
 * here too, and what stands in comments, text areas, strings of scripts and so
 * on as well.  It can be wrong only by taking too much. */

#ifndef DV_HTML_TOKEN_H
#define DV_HTML_TOKEN_H

#include "base/arena.h"
#include "html/html_place.h"

/* Hand out the places of `page` in the order of their tags.  Texts that are
 * not in the page live as long as `arena`.  DAVY_OK; DAVY_LIMIT when the page
 * is made to be read over and over (`<a <a <a ...`) and the work was given up:
 * the places handed out are not all, the second look has to decide;
 * DAVY_NO_MEMORY. */
davy_status dv_html_token(struct dv_mem *mem, struct dv_arena *arena,
                          struct dv_span page,
                          const struct dv_html_sink *sink) DV_MUST_CHECK;

#endif

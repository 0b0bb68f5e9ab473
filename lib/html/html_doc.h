/* SPDX-License-Identifier: MIT */
/* html_doc.h - the second look at a page: the places that are really there. */

#ifndef DV_HTML_DOC_H
#define DV_HTML_DOC_H

#include "base/arena.h"
#include "html/html_place.h"

/* Hand out the places of `page` that a browser with scripting on heeds, in the
 * order of their tags.  Texts that are not in the page live as long as
 * `arena`.  DAVY_OK; DAVY_LIMIT when the page is too deep, too costly, or such
 * that Gumbo and browsers may differ: then nothing was handed out and the
 * first look's answer stands; DAVY_NO_MEMORY.
 *
 * Of `limits` html_depth and memory are heeded. */
davy_status dv_html_doc(struct dv_mem *mem, struct dv_arena *arena,
                        const davy_limits *limits, struct dv_span page,
                        const struct dv_html_sink *sink) DV_MUST_CHECK;

#endif

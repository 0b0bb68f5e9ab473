/* SPDX-License-Identifier: MIT */
/* html_mask.h - the copy of a page that Gumbo gets to see.
 *
 * Gumbo 0.10.1 follows the standard of 2014 with scripting off.  The copy has
 * the same length and the same tags at the same places, but names that make
 * Gumbo do what browsers do now:
 *
 * - noscript becomes noframes, whose content is raw text: with scripting on,
 *   nothing in it is an element (13.2.6.4.4).
 * - select becomes object: since 2025 a select holds any content, while Gumbo
 *   drops it; object is as special and as much of a scope, and inline too.
 * - isindex and frameset become names of no meaning: the first is gone; what
 *   decides between body and frameset cannot drop the whole body so. */

#ifndef DV_HTML_MASK_H
#define DV_HTML_MASK_H

#include "base/arena.h"
#include "base/span.h"

/* A masked copy in `arena`, with a NUL behind it: Gumbo reads one byte too far
 * at a reference that ends the page.  False when memory is refused. */
bool dv_html_mask(struct dv_span page, struct dv_arena *arena,
                  struct dv_span *copy) DV_MUST_CHECK;

/* Whether Gumbo can be shown `page`.  Debian's Gumbo keeps its assertions, and
 * stops the whole program when one fails.  All that fail come from elements of
 * SVG and MathML that have names of HTML's tables, or from CDATA inside of
 * HTML inside of SVG inside of a table.  This answers false for each page that
 * could hold such, and for some others that nest HTML in SVG. */
bool dv_html_mask_is_safe(struct dv_span page);

#endif

/* SPDX-License-Identifier: MIT */
/* fact_html.h - turns a place in a page into facts. */

#ifndef DV_FACT_HTML_H
#define DV_FACT_HTML_H

#include "fact/fact.h"
#include "html/html_place.h"
#include "url/url.h"

/* Add what `place` means; addresses are resolved against `base` as in
 * dv_fact_url_add.
 *
 *  - ELEMENT: a DV_FACT_ELEMENT, and a DV_FACT_ATTR for each trait;
 *  - SCRIPT, HANDLER, SRCDOC: a nested artifact called as the kind and
 *    numbered as the place; nothing for scripts that are no code;
 *  - ADDRESS, REFRESH: what dv_fact_url_add says, with the place's use; where
 *    a click leads is a URL fact of DAVY_KIND_LINK;
 *  - BASE: nothing; the first one is the base of all other addresses, and who
 *    walks the page has to mind it.
 *
 * Texts that are not verbatim are not copied: the look's arena must be
 * facts->arena, or live as long. */
void dv_fact_html_place(struct dv_facts *facts, const struct dv_url *base,
                        const struct dv_html_place *place);

#endif

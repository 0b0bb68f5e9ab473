/* SPDX-License-Identifier: MIT */
/* portal_html.h - pieces of the portal's pages. */

#ifndef PORTAL_HTML_H
#define PORTAL_HTML_H

#include "proxy/portal_page.h"

/* Text from outside: what could move a cursor becomes visible, and all of it
 * is text in an element and in a quoted attribute. */
void portal_put_text(struct bytes *out, const char *text);

/* A cell of a table; `element` ("code") stands around the text, or "". */
void portal_put_cell(struct bytes *out, const char *text,
                     const char *element);

/* The beginning of a table and its head; `columns` end with NULL. */
void portal_begin_table(struct bytes *out, const char *const *columns);
void portal_end_table(struct bytes *out);

/* What the configuration says, for the page of policies. */
void portal_put_policies(struct bytes *out, const struct conf *conf);

#endif

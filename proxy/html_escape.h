/* SPDX-License-Identifier: MIT */
/* html_escape.h - text inside of markup. */

#ifndef HTML_ESCAPE_H
#define HTML_ESCAPE_H

#include "proxy/bytes.h"

/* Append `text` so that it is text in an element and in a quoted attribute. */
void html_escape(struct bytes *out, const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/* portal_html.c - text and tables. */

#include "proxy/portal_html.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "proxy/html_escape.h"

void
portal_put_text(struct bytes *out, const char *text)
{
    char *clean = text_clean(text);

    html_escape(out, clean);
    free(clean);
}

void
portal_put_cell(struct bytes *out, const char *text, const char *element)
{
    bytes_format(out, "<td%s>%s%s%s",
                 strcmp(element, "code") == 0 ? " class=\"id\"" : "",
                 element[0] == '\0' ? "" : "<", element,
                 element[0] == '\0' ? "" : ">");
    portal_put_text(out, text);
    if (element[0] != '\0')
        bytes_format(out, "</%s>", element);
    bytes_append_text(out, "</td>");
}

void
portal_begin_table(struct bytes *out, const char *const *columns)
{
    bytes_append_text(out, "<div class=\"table\"><table>\n<thead><tr>");
    for (; *columns != NULL; columns++)
        bytes_format(out, "<th scope=\"col\">%s</th>", *columns);
    bytes_append_text(out, "</tr></thead>\n<tbody>\n");
}

void
portal_end_table(struct bytes *out)
{
    bytes_append_text(out, "</tbody>\n</table></div>\n");
}

/* SPDX-License-Identifier: MIT */
/* html_escape.c - the five characters that are not themselves. */

#include "proxy/html_escape.h"

void
html_escape(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            bytes_append_text(out, "&amp;");
            break;
        case '<':
            bytes_append_text(out, "&lt;");
            break;
        case '>':
            bytes_append_text(out, "&gt;");
            break;
        case '"':
            bytes_append_text(out, "&quot;");
            break;
        case '\'':
            bytes_append_text(out, "&#39;");
            break;
        default:
            bytes_append(out, text, 1);
        }
    }
}

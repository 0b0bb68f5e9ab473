/* SPDX-License-Identifier: MIT */
/* block_page.c - the same words as HTML, plain text and JSON. */

#include "proxy/block_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/json.h"
#include "common/text.h"
#include "proxy/html_escape.h"

enum block_page_format
block_page_format(const struct http_head *request)
{
    for (size_t i = 0; i < request->count; i++) {
        struct http_text list = request->fields[i].value, member;

        if (request->fields[i].id != HTTP_ACCEPT)
            continue;
        while (http_next_member(&list, &member)) {
            const char *semicolon = memchr(member.at, ';', member.length);

            if (semicolon != NULL)
                member.length = (size_t)(semicolon - member.at);
            member = http_trim(member);
            if (http_text_equal_nocase(member, "text/html")
                || http_text_equal_nocase(member, "application/xhtml+xml"))
                return BLOCK_PAGE_HTML;
            if (http_text_equal_nocase(member, "application/json"))
                return BLOCK_PAGE_JSON;
            if (http_text_equal_nocase(member, "text/plain"))
                return BLOCK_PAGE_TEXT;
        }
    }
    return BLOCK_PAGE_TEXT;
}

const char *
block_page_type(enum block_page_format format)
{
    static const char *const types[] = {
        [BLOCK_PAGE_HTML] = "text/html; charset=utf-8",
        [BLOCK_PAGE_TEXT] = "text/plain; charset=utf-8",
        [BLOCK_PAGE_JSON] = "application/json",
    };

    return types[format];
}

/* ---- HTML ---- */

static void
put_row(struct bytes *out, const char *label, const char *text,
        const char *element)
{
    char *clean;

    if (text[0] == '\0')
        return;
    clean = text_clean(text);
    bytes_format(out, "<dt>%s</dt><dd><%s>", label, element);
    html_escape(out, clean);
    bytes_format(out, "</%s></dd>\n", element);
    free(clean);
}

static void
write_html(const struct block_page *page, struct bytes *out)
{
    static const char head[]
        = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n"
          "<meta name=\"robots\" content=\"noindex\">\n<title>";
    static const char style[]
        = "</title>\n<style>\n"
          ":root { color-scheme: light dark }\n"
          "body { font: 17px/1.5 system-ui, sans-serif; max-width: 40em;\n"
          "  margin: 12vh auto; padding: 0 1.2em }\n"
          "h1 { font-size: 1.6em; line-height: 1.2 }\n"
          "dt { font-weight: 600; margin-top: .8em }\n"
          "dd { margin: 0; overflow-wrap: anywhere }\n"
          "code { font: .92em/1.4 ui-monospace, monospace }\n"
          "footer { margin-top: 3em; opacity: .75; font-size: .85em }\n"
          "</style>\n</head>\n<body>\n<main>\n<h1>";

    bytes_append_text(out, head);
    html_escape(out, page->title);
    bytes_append_text(out, style);
    html_escape(out, page->title);
    bytes_append_text(out, "</h1>\n<p>");
    html_escape(out, page->reason);
    bytes_append_text(out, "</p>\n<dl>\n");
    put_row(out, "Address", page->address, "code");
    put_row(out, "What was found", page->evidence, "code");
    put_row(out, "Rule", page->rule, "code");
    put_row(out, "What you can do", page->todo, "span");
    put_row(out, "Ticket", page->ticket, "code");
    bytes_append_text(out, "</dl>\n</main>\n<footer>davyd stopped this before "
                           "it reached your browser.</footer>\n"
                           "</body>\n</html>\n");
}

/* ---- Plain text and JSON ---- */

static void
put_line(struct bytes *out, const char *label, const char *text)
{
    char *clean;

    if (text[0] == '\0')
        return;
    clean = text_clean(text);
    bytes_format(out, "%-15s %s\n", label, clean);
    free(clean);
}

static void
write_text(const struct block_page *page, struct bytes *out)
{
    bytes_format(out, "%s\n\n%s\n\n", page->title, page->reason);
    put_line(out, "Address", page->address);
    put_line(out, "What was found", page->evidence);
    put_line(out, "Rule", page->rule);
    put_line(out, "What you can do", page->todo);
    put_line(out, "Ticket", page->ticket);
}

static void
write_json(const struct block_page *page, struct bytes *out)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    if (file == NULL)
        fatal("no memory for a page");
    fputs("{\"error\":", file);
    json_write_string(file, page->title);
    json_write_member(file, "reason", page->reason);
    json_write_member(file, "address", page->address);
    json_write_member(file, "rule", page->rule);
    json_write_member(file, "evidence", page->evidence);
    json_write_member(file, "ticket", page->ticket);
    fputs("}\n", file);
    if (fclose(file) != 0)
        fatal("no memory for a page");
    bytes_append(out, text, length);
    free(text);
}

void
block_page_write(const struct block_page *page,
                 enum block_page_format format, struct bytes *out)
{
    switch (format) {
    case BLOCK_PAGE_HTML:
        write_html(page, out);
        break;
    case BLOCK_PAGE_TEXT:
        write_text(page, out);
        break;
    case BLOCK_PAGE_JSON:
        write_json(page, out);
        break;
    }
}

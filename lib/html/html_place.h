/* SPDX-License-Identifier: MIT */
/* html_place.h - one place in a page where code or an address can stand. */

#ifndef DV_HTML_PLACE_H
#define DV_HTML_PLACE_H

#include "base/buf.h"
#include "html/html_tag.h"

enum dv_html_kind {
#define DV_HTML_KIND_ROW(NAME, name, text) DV_HTML_##NAME,
#include "html/html_place.def"
#undef DV_HTML_KIND_ROW
    DV_HTML_KINDS
};

/* What the text of a script element is (HTML Standard, 4.12.1.1). */
enum dv_html_code {
    DV_HTML_CODE_CLASSIC,
    DV_HTML_CODE_MODULE,
    DV_HTML_CODE_IMPORTMAP,
    DV_HTML_CODE_SPECULATION,
    DV_HTML_CODE_DATA                   /* anything else: never run */
};

/* An attribute of an ELEMENT: id, class, and names with a hyphen, but not
 * aria-.  The name is in lower case, the value decoded. */
struct dv_html_trait {
    struct dv_span name;
    struct dv_span value;
    size_t at;                          /* value in the page */
    size_t len;
};

/* Spans named at/len are offsets in the page; `text` is borrowed from the page
 * when is_verbatim, else it lies in the arena of the look. */
struct dv_html_place {
    enum dv_html_kind kind;
    davy_kind use;                      /* what an address is loaded as */
    enum dv_html_code code;             /* of SCRIPT; else CLASSIC */
    struct dv_span text;                /* value, script, or name of ELEMENT */
    size_t at;                          /* source of `text`; of ELEMENT the */
    size_t len;                         /* whole start tag */
    bool is_verbatim;                   /* text is page[at..at+len) */
    size_t tag_at;                      /* start tag */
    size_t tag_len;
    size_t element_at;                  /* SCRIPT: from <script to behind */
    size_t element_len;                 /* </script>; else the start tag */
    const char *label;                  /* "script", "a@href"; static text */
    uint32_t number;                    /* from 1, among those of this label */
    const struct dv_html_trait *traits; /* of ELEMENT */
    size_t traits_len;
};

/* Who gets the places.  Everything a place points to but its texts is good
 * for the call only. */
struct dv_html_sink {
    void (*place)(void *ctx, const struct dv_html_place *place);
    void *ctx;
};

/* The name in html_place.def. */
const char *dv_html_kind_name(enum dv_html_kind kind);

/* Write one line: kind, use, label, at..len, text escaped and cut to 60 bytes;
 * for an ELEMENT also its traits.  Answers as dv_buf_append. */
davy_status dv_html_place_print(const struct dv_html_place *place,
                                struct dv_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/* html_json.h - the addresses in import maps and speculation rules. */

#ifndef DV_HTML_JSON_H
#define DV_HTML_JSON_H

#include "base/arena.h"
#include "base/span.h"

enum dv_html_json_kind {
    DV_HTML_JSON_IMPORTMAP,             /* values below imports and scopes */
    DV_HTML_JSON_SPECULATION            /* values below urls */
};

/* Reads the strings of a JSON text one by one, without judging its grammar:
 * a browser that refuses the text runs nothing, and we may take too much. */
struct dv_html_json {
    struct dv_span text;
    struct dv_arena *arena;             /* strings with escapes */
    enum dv_html_json_kind kind;
    size_t at;
    unsigned depth;
    bool is_wanted;                     /* the key asks for the values below */
};

void dv_html_json_init(struct dv_html_json *json, struct dv_span text,
                       enum dv_html_json_kind kind, struct dv_arena *arena);

/* The next address: `raw` as it stands in the text (without its quotes),
 * `value` decoded.  DAVY_OK, DAVY_DECLINED at the end, DAVY_NO_MEMORY. */
davy_status dv_html_json_next(struct dv_html_json *json, struct dv_span *raw,
                              struct dv_span *value) DV_MUST_CHECK;

#endif

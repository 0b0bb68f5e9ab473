/* SPDX-License-Identifier: MIT */
/* html_place.c - prints places, one a line. */

#include "html/html_place.h"

#include <stdio.h>

/* Bytes of a text that are shown. */
#define SHOWN ((size_t)60)

static const char *const kind_names[DV_HTML_KINDS] = {
#define DV_HTML_KIND_ROW(NAME, name, text) name,
#include "html/html_place.def"
#undef DV_HTML_KIND_ROW
};

static const char *const code_names[] = {
    [DV_HTML_CODE_CLASSIC] = "classic",
    [DV_HTML_CODE_MODULE] = "module",
    [DV_HTML_CODE_IMPORTMAP] = "importmap",
    [DV_HTML_CODE_SPECULATION] = "speculationrules",
    [DV_HTML_CODE_DATA] = "data",
};

static const char *
name_of_use(davy_kind use)
{
    switch (use) {
#define DAVY_KIND_ROW(NAME, number, text) \
    case DAVY_KIND_##NAME:                \
        return text;
#include <davy/kinds.def>
#undef DAVY_KIND_ROW
    }
    return "?";
}

const char *
dv_html_kind_name(enum dv_html_kind kind)
{
    return kind_names[kind];
}

/* Append `text` in quotes, bytes that are no printable ASCII as \xNN. */
static davy_status
print_text(struct dv_span text, struct dv_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    davy_status st = dv_buf_append_byte(out, '"');

    for (size_t i = 0; i < text.len && i < SHOWN && st == DAVY_OK; i++) {
        const uint8_t c = text.at[i];
        const uint8_t escape[] = { '\\', 'x', (uint8_t)digits[c >> 4],
                                   (uint8_t)digits[c & 15] };

        if (c == '\n')
            st = dv_buf_append_cstr(out, "\\n");
        else if (c == '"' || c == '\\')
            st = dv_buf_append(out, dv_span_of(c == '"' ? "\\\"" : "\\\\", 2));
        else if (c < ' ' || c > '~')
            st = dv_buf_append(out, dv_span_of(escape, sizeof(escape)));
        else
            st = dv_buf_append_byte(out, c);
    }
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(out, text.len > SHOWN ? "\"..." : "\"");
    return st;
}

static davy_status
print_trait(const struct dv_html_trait *trait, struct dv_buf *out)
{
    davy_status st = dv_buf_append_byte(out, ' ');

    if (st == DAVY_OK)
        st = dv_buf_append(out, trait->name);
    if (st == DAVY_OK)
        st = dv_buf_append_byte(out, '=');
    return st == DAVY_OK ? print_text(trait->value, out) : st;
}

davy_status
dv_html_place_print(const struct dv_html_place *place, struct dv_buf *out)
{
    char head[128];
    davy_status st;

    (void)snprintf(head, sizeof(head), "%s %s %s[%lu] %zu..%zu ",
                   kind_names[place->kind],
                   place->kind == DV_HTML_SCRIPT ? code_names[place->code]
                                                 : name_of_use(place->use),
                   place->label, (unsigned long)place->number, place->at,
                   place->at + place->len);
    st = dv_buf_append_cstr(out, head);
    if (st == DAVY_OK)
        st = print_text(place->text, out);
    for (size_t i = 0; i < place->traits_len && st == DAVY_OK; i++)
        st = print_trait(&place->traits[i], out);
    return st == DAVY_OK ? dv_buf_append_byte(out, '\n') : st;
}

/* SPDX-License-Identifier: MIT */
/* fact_print.c - a fact as a line of text, for people and tests. */

#include "fact/fact_print.h"

#include <stdio.h>

#include "base/compiler.h"

/* Text of a fact that is shown. */
#define MAX_SHOWN ((size_t)200)

static const char *const url_kinds[] = {
#define DAVY_KIND_ROW(NAME, number, text) [number] = text,
#include <davy/kinds.def>
#undef DAVY_KIND_ROW
};

static const char *const arg_types[] = { [DV_ARG_STRING] = "string",
                                         [DV_ARG_NUMBER] = "number",
                                         [DV_ARG_OTHER] = "other" };

static const char *const classes[] = { "program", "script", "text" };

static davy_status
print_aux(const struct dv_fact *fact, struct dv_buf *out)
{
    char text[64];

    switch (fact->kind) {
    case DV_FACT_URL:
        snprintf(text, sizeof(text), " %s",
                 fact->aux < DV_COUNT_OF(url_kinds) ? url_kinds[fact->aux]
                                                    : "?");
        break;
    case DV_FACT_TEXT:
        snprintf(text, sizeof(text), " %s", classes[fact->aux % 3]);
        break;
    case DV_FACT_ARG:
        snprintf(text, sizeof(text), " %u %s", (unsigned)fact->aux & 255,
                 arg_types[(fact->aux >> 8) % 3]);
        break;
    case DV_FACT_ARG_KEY:
        snprintf(text, sizeof(text), " %u", (unsigned)fact->aux);
        break;
    case DV_FACT_NUMBER:
        snprintf(text, sizeof(text), " %.17g", fact->number);
        break;
    default:
        return DAVY_OK;
    }
    return dv_buf_append_cstr(out, text);
}

static davy_status
print_text(struct dv_span text, struct dv_buf *out)
{
    davy_status st = dv_buf_append_cstr(out, " \"");

    for (size_t i = 0; i < text.len && i < MAX_SHOWN && st == DAVY_OK; i++) {
        const uint8_t c = text.at[i];
        char escaped[8];

        if (c == '"' || c == '\\') {
            st = dv_buf_append_byte(out, '\\');
        } else if (c < 0x20 || c == 0x7f) {
            snprintf(escaped, sizeof(escaped), "\\x%02x", (unsigned)c);
            st = dv_buf_append_cstr(out, escaped);
            continue;
        }
        if (st == DAVY_OK)
            st = dv_buf_append_byte(out, c);
    }
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(out, text.len > MAX_SHOWN ? "\"..." : "\"");
    return st;
}

davy_status
dv_fact_print(const struct dv_facts *facts, const struct dv_fact *fact,
              struct dv_buf *out)
{
    char place[48];
    davy_status st = DAVY_OK;

    if (fact->parent != DV_FACT_NONE)
        st = dv_buf_append_cstr(out, "  ");
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(
            out, dv_fact_kind_name((enum dv_fact_kind)fact->kind));
    snprintf(place, sizeof(place), " %u..%u", (unsigned)fact->at,
             (unsigned)(fact->at + fact->len));
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(out, place);
    if (st == DAVY_OK)
        st = print_aux(fact, out);
    if (st == DAVY_OK && fact->kind != DV_FACT_NUMBER)
        st = print_text(dv_facts_text(facts, fact), out);
    if (st == DAVY_OK)
        st = dv_buf_append_byte(out, '\n');
    return st;
}

/* SPDX-License-Identifier: MIT */
/* eval_print.c - what a script does, as text. */

#include "eval/eval_print.h"

#include <stdio.h>

/* Lists in lists, and items of one, that are shown. */
#define MAX_DEPTH 4u
#define MAX_ITEMS 16u

struct printer {
    struct dv_eval *run;
    struct dv_buf *out;
    davy_status status;
};

static void
put(struct printer *p, const char *text)
{
    if (p->status == DAVY_OK)
        p->status = dv_buf_append_cstr(p->out, text);
}

static void
put_string(struct printer *p, struct dv_span text)
{
    put(p, "\"");
    for (size_t i = 0; i < text.len && p->status == DAVY_OK; i++) {
        const uint8_t c = text.at[i];
        char escaped[8];

        if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\') {
            p->status = dv_buf_append_byte(p->out, c);
            continue;
        }
        snprintf(escaped, sizeof(escaped),
                 c == '"' || c == '\\' ? "\\%c" : c == '\n' ? "\\n" : "\\x%02x",
                 (unsigned)c);
        put(p, escaped);
    }
    put(p, "\"");
}

static void put_value(struct printer *p, struct dv_value v, unsigned depth);

static void
put_items(struct printer *p, struct dv_value v, unsigned depth,
          bool has_keys)
{
    struct dv_value item;
    struct dv_span key;
    size_t i = 0;

    put(p, has_keys ? "{" : "[");
    for (; i < MAX_ITEMS && depth < MAX_DEPTH
           && dv_eval_look_at(p->run, v, i, &key, &item);
         i++) {
        if (i > 0)
            put(p, ", ");
        if (has_keys && p->status == DAVY_OK)
            p->status = dv_buf_append(p->out, key);
        if (has_keys)
            put(p, ": ");
        put_value(p, item, depth + 1);
    }
    if (dv_eval_look_at(p->run, v, i, &key, &item))
        put(p, i == 0 ? "..." : ", ...");
    put(p, has_keys ? "}" : "]");
}

static void
put_value(struct printer *p, struct dv_value v, unsigned depth)
{
    struct dv_span text;
    double number;
    char bytes[48];

    switch (dv_eval_look(p->run, v, &text, &number)) {
    case DV_EFFECT_TEXT:
        put_string(p, text);
        break;
    case DV_EFFECT_NUMBER:
        snprintf(bytes, sizeof(bytes), "%.17g", number);
        put(p, bytes);
        break;
    case DV_EFFECT_SIMPLE:
        if (p->status == DAVY_OK)
            p->status = dv_buf_append(p->out, text);
        break;
    case DV_EFFECT_LIST:
        put_items(p, v, depth, false);
        break;
    case DV_EFFECT_OBJECT:
        put_items(p, v, depth, true);
        break;
    case DV_EFFECT_BYTES:
        snprintf(bytes, sizeof(bytes), "<%zu bytes>", text.len);
        put(p, bytes);
        break;
    case DV_EFFECT_OTHER:
        put(p, "?");
        break;
    }
}

static void
put_place(struct printer *p, size_t at, size_t len)
{
    char text[48];

    snprintf(text, sizeof(text), "%zu..%zu ", at, at + len);
    put(p, text);
}

davy_status
dv_eval_print(struct dv_eval *run, const struct dv_effect *effect,
              struct dv_buf *out)
{
    struct printer p = { run, out, DAVY_OK };

    put_place(&p, effect->at, effect->len);
    if (effect->kind == DV_EFFECT_NEW)
        put(&p, "new ");
    if (p.status == DAVY_OK)
        p.status = dv_buf_append(out, effect->path);
    if (effect->tag.len > 0) {
        put(&p, " <");
        if (p.status == DAVY_OK)
            p.status = dv_buf_append(out, effect->tag);
        put(&p, ">");
    }
    put(&p, effect->kind == DV_EFFECT_ASSIGN ? " = " : "(");
    for (size_t i = 0; i < effect->count; i++) {
        if (i > 0)
            put(&p, ", ");
        put_value(&p, effect->args[i], 0);
    }
    put(&p, effect->kind == DV_EFFECT_ASSIGN ? "\n" : ")\n");
    return p.status;
}

davy_status
dv_eval_print_text(struct dv_span text, size_t at, size_t len,
                   struct dv_buf *out)
{
    struct printer p = { NULL, out, DAVY_OK };

    put_place(&p, at, len);
    put_string(&p, text);
    put(&p, "\n");
    return p.status;
}

/* SPDX-License-Identifier: MIT */
/* rule_message.c - collects messages with their places. */

#include "rule/rule_message.h"

#include <stdio.h>
#include <stdlib.h>

/* One sentence; quoted texts are cut before this. */
#define MAX_TEXT 400

struct dv_message {
    davy_message shown;
    uint32_t source_number;             /* order of the sources */
    uint32_t number;                    /* order of saying: keeps sort stable */
};

void
dv_messages_init(struct dv_messages *messages, struct dv_mem *mem)
{
    *messages = (struct dv_messages){ .source = { "", 0 } };
    dv_arena_init(&messages->arena, mem);
    dv_vec_init(&messages->items, mem, sizeof(struct dv_message *),
                DV_MESSAGES_MAX + 1);
}

void
dv_messages_fini(struct dv_messages *messages)
{
    dv_vec_fini(&messages->items);
    dv_arena_fini(&messages->arena);
}

static const char *
copy_text(struct dv_arena *arena, const char *text)
{
    const size_t n = strlen(text) + 1;
    uint8_t *copy = dv_arena_bytes(arena, n);

    if (copy != NULL)
        memcpy(copy, text, n);
    return (const char *)copy;
}

davy_status
dv_messages_open(struct dv_messages *messages, const char *name)
{
    const char *copy = copy_text(&messages->arena, name);

    if (copy == NULL)
        return DAVY_NO_MEMORY;
    messages->source = (struct dv_source){ copy, ++messages->sources };
    return DAVY_OK;
}

void
dv_messages_return(struct dv_messages *messages, struct dv_source source)
{
    messages->source = source;
}

/* Control bytes of a hostile file must not reach a terminal. */
static void
make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text < 0x20 || *text == 0x7f)
            *text = '?';
    }
}

static davy_status
add(struct dv_messages *messages, const davy_message *shown)
{
    struct dv_message *m = dv_arena_calloc(&messages->arena, 1, sizeof(*m));
    struct dv_message **slot;

    if (m == NULL)
        return DAVY_NO_MEMORY;
    m->shown = *shown;
    m->shown.source = messages->source.name;
    m->shown.text = copy_text(&messages->arena, shown->text);
    m->shown.hint = copy_text(&messages->arena, shown->hint);
    m->source_number = messages->source.number;
    m->number = (uint32_t)messages->items.len;
    if (m->shown.text == NULL || m->shown.hint == NULL)
        return DAVY_NO_MEMORY;
    slot = dv_vec_push(&messages->items);
    if (slot == NULL)
        return DAVY_NO_MEMORY;
    *slot = m;
    return DAVY_OK;
}

/* The message that stands for all that are left out. */
static davy_status
say_cut(struct dv_messages *messages)
{
    static const davy_message shown = {
        .code = DAVY_LIMIT,
        .is_warning = 1,
        .text = "there are more messages than are shown",
        .hint = "mend these first",
    };

    if (messages->is_cut)
        return DAVY_OK;
    messages->is_cut = true;
    return add(messages, &shown);
}

davy_status
dv_messages_vsay(struct dv_messages *messages, davy_status code,
                 bool is_warning, struct dv_place place, const char *hint,
                 const char *fmt, va_list args)
{
    char text[MAX_TEXT];
    davy_message shown = {
        .code = code,
        .is_warning = is_warning,
        .text = text,
        .line = place.line,
        .column = place.column,
        .hint = hint == NULL ? "" : hint,
    };

    if (!is_warning)
        messages->errors++;
    if (messages->items.len >= DV_MESSAGES_MAX)
        return say_cut(messages);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    make_printable(text);
    return add(messages, &shown);
}

davy_status
dv_messages_say(struct dv_messages *messages, davy_status code,
                bool is_warning, struct dv_place place, const char *hint,
                const char *fmt, ...)
{
    davy_status st;
    va_list args;

    va_start(args, fmt);
    st = dv_messages_vsay(messages, code, is_warning, place, hint, fmt, args);
    va_end(args);
    return st;
}

static int
compare(const void *a, const void *b)
{
    const struct dv_message *x = *(struct dv_message *const *)a;
    const struct dv_message *y = *(struct dv_message *const *)b;

    if (x->source_number != y->source_number)
        return x->source_number < y->source_number ? -1 : 1;
    if (x->shown.line != y->shown.line)
        return x->shown.line < y->shown.line ? -1 : 1;
    if (x->shown.column != y->shown.column)
        return x->shown.column < y->shown.column ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

void
dv_messages_sort(struct dv_messages *messages)
{
    /* The note that some are left out stays last. */
    const size_t n = messages->items.len - messages->is_cut;

    if (n > 1)
        qsort(messages->items.at, n, sizeof(struct dv_message *), compare);
}

size_t
dv_messages_count(const struct dv_messages *messages)
{
    return messages->items.len;
}

const davy_message *
dv_messages_at(const struct dv_messages *messages, size_t i)
{
    struct dv_message *const *item;

    if (i >= messages->items.len)
        return NULL;
    item = dv_vec_at(&messages->items, i);
    return &(*item)->shown;
}

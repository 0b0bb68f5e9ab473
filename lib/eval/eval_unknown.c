/* SPDX-License-Identifier: MIT */
/* eval_unknown.c - what nobody can know, and what is told about it. */

#include "eval/eval_run.h"

/* Longer paths say nothing more. */
#define MAX_DEPTH 12u

const struct dv_path *
dv_path_of_key(struct dv_eval *run, const struct dv_text *key)
{
    struct dv_path *path = dv_heap_alloc(&run->heap, sizeof(*path));

    if (!dv_eval_has(run, key) || !dv_eval_has(run, path))
        return NULL;
    path->name = key;
    path->depth = 1;
    return path;
}

const struct dv_path *
dv_path_of_cstr(struct dv_eval *run, const char *name)
{
    return dv_path_of_key(run, dv_text_key_of_cstr(&run->heap, name));
}

static struct dv_value
step(struct dv_eval *run, const struct dv_path *from,
     const struct dv_text *name)
{
    struct dv_path *path;

    if (from == NULL || from->depth >= MAX_DEPTH)
        return dv_unknown();
    path = dv_heap_alloc(&run->heap, sizeof(*path));
    if (!dv_eval_has(run, path))
        return dv_unknown();
    *path = (struct dv_path){ from, name, from->depth + 1 };
    return dv_value_unknown(path);
}

struct dv_value
dv_eval_unknown(struct dv_eval *run, const struct dv_path *from,
                const struct dv_text *name)
{
    return name->is_symbol ? dv_unknown() : step(run, from, name);
}

struct dv_value
dv_eval_unknown_call(struct dv_eval *run, const struct dv_path *from)
{
    return step(run, from, NULL);
}

/* How much a value says. */
static unsigned
weight_of(struct dv_value v)
{
    switch (v.tag) {
    case DV_V_UNDEFINED:
    case DV_V_NULL:
    case DV_V_EMPTY:
        return 0;
    case DV_V_UNKNOWN:
        return v.path == NULL ? 1 : 3;
    case DV_V_BOOLEAN:
        return 2;
    default:
        return 4;
    }
}

struct dv_value
dv_eval_either(struct dv_eval *run, struct dv_value a, struct dv_value b)
{
    const unsigned x = weight_of(a), y = weight_of(b);

    if (x != y)
        return x > y ? a : b;
    if (x < 3 && a.tag == b.tag && a.tag != DV_V_BOOLEAN)
        return a;
    if (x == 3 || a.tag == DV_V_OBJECT || dv_value_strictly_equal(run, a, b))
        return a;
    return b.tag == DV_V_OBJECT ? b : dv_unknown();
}

/* ---- Telling ---- */

static bool
write_path(struct dv_eval *run, const struct dv_path *path)
{
    const struct dv_path *steps[MAX_DEPTH + 1];
    size_t count = 0;

    for (; path != NULL && count <= MAX_DEPTH; path = path->from)
        steps[count++] = path;
    while (count-- > 0) {
        bool is_good = true;

        if (steps[count]->name == NULL) {
            is_good = dv_buf_append_cstr(&run->out, "()") == DAVY_OK;
        } else {
            if (run->out.len > 0)
                is_good = dv_buf_append_byte(&run->out, '.') == DAVY_OK;
            is_good = is_good
                      && dv_text_write(&run->heap, steps[count]->name,
                                       &run->out);
        }
        if (!is_good)
            return false;
    }
    return true;
}

static struct dv_span
tag_of(struct dv_eval *run, const struct dv_object *object, size_t from)
{
    struct dv_text *tag = object != NULL && object->class == DV_C_HOST
                              ? object->data
                              : NULL;

    if (tag == NULL || !dv_text_write(&run->heap, tag, &run->out))
        return dv_span_of(NULL, 0);
    return dv_span_of(run->out.at + from, run->out.len - from);
}

void
dv_eval_place(const struct dv_eval *run, size_t *at, size_t *len)
{
    const struct dv_js_node *node
        = dv_node(run, run->node != 0 ? run->node : run->place);

    *at = node->start;
    *len = node->end - node->start;
}

void
dv_eval_tell(struct dv_eval *run, enum dv_effect_kind kind,
             const struct dv_path *path, const struct dv_object *object,
             const struct dv_value *args, size_t count)
{
    struct dv_effect effect = { .kind = kind, .args = args, .count = count };
    size_t length;

    if (path == NULL || run->effects == run->limits->eval_effects
        || !dv_eval_step(run, 16))
        return;
    run->effects++;
    dv_buf_clear(&run->out);
    if (!write_path(run, path))
        return;
    length = run->out.len;
    effect.tag = tag_of(run, object, length);
    effect.path = dv_span_of(run->out.at, length);
    if (effect.tag.len > 0)
        effect.tag = dv_span_of(run->out.at + length, effect.tag.len);
    effect.at = run->unit->at;
    effect.len = run->unit->len;
    if (!run->unit->is_nested) {
        effect.node = run->node;
        dv_eval_place(run, &effect.at, &effect.len);
    }
    run->events->effect(run->events->ctx, run, &effect);
}

/* Shorter and longer ones are not words. */
#define MIN_TOLD 2u
#define MAX_TOLD 4096u

void
dv_eval_tell_text(struct dv_eval *run, struct dv_value v)
{
    size_t at = run->unit->at, len = run->unit->len;
    struct dv_text *text = v.text;

    if (v.tag != DV_V_STRING || !text->is_made || text->is_told
        || text->length < MIN_TOLD || text->length > MAX_TOLD
        || !dv_text_flat(&run->heap, text)
        || run->effects == run->limits->eval_effects)
        return;
    text->is_told = true;
    text = dv_text_key(&run->heap, text);
    if (text == NULL || (text != v.text && text->is_told)
        || !dv_eval_step(run, 4 + text->length / 16))
        return;
    text->is_told = true;
    run->effects++;
    if (!run->unit->is_nested)
        dv_eval_place(run, &at, &len);
    run->events->text(run->events->ctx, run,
                      dv_text_utf8(&run->heap, text), at, len);
}

/* ---- Looking at what is told ---- */

static enum dv_effect_type
look_at_object(struct dv_eval *run, struct dv_object *object,
               struct dv_span *text)
{
    switch (object->class) {
    case DV_C_ARRAY:
    case DV_C_ARGUMENTS:
        return DV_EFFECT_LIST;
    case DV_C_BUFFER:
    case DV_C_TYPED:
        *text = dv_typed_bytes(object);
        return DV_EFFECT_BYTES;
    case DV_C_WRAPPER:
        return dv_eval_look(run, *(struct dv_value *)object->data, text,
                            &(double){ 0 });
    case DV_C_OBJECT:
        return DV_EFFECT_OBJECT;
    default:
        return DV_EFFECT_OTHER;
    }
}

enum dv_effect_type
dv_eval_look(struct dv_eval *run, struct dv_value v, struct dv_span *text,
             double *number)
{
    *text = dv_span_of(NULL, 0);
    switch (v.tag) {
    case DV_V_STRING:
        *text = dv_text_utf8(&run->heap, v.text);
        return DV_EFFECT_TEXT;
    case DV_V_NUMBER:
        *number = v.number;
        return DV_EFFECT_NUMBER;
    case DV_V_BIGINT:
        *number = (double)v.bigint;
        return DV_EFFECT_NUMBER;
    case DV_V_BOOLEAN:
        *text = dv_span_cstr(v.boolean ? "true" : "false");
        return DV_EFFECT_SIMPLE;
    case DV_V_NULL:
        *text = DV_SPAN_LIT("null");
        return DV_EFFECT_SIMPLE;
    case DV_V_UNDEFINED:
        *text = DV_SPAN_LIT("undefined");
        return DV_EFFECT_SIMPLE;
    case DV_V_OBJECT:
        return look_at_object(run, v.object, text);
    default:
        return DV_EFFECT_OTHER;
    }
}

bool
dv_eval_look_at(struct dv_eval *run, struct dv_value v, size_t i,
                struct dv_span *key, struct dv_value *item)
{
    const struct dv_object *object = v.object;
    struct dv_span text;

    if (object->class == DV_C_ARRAY || object->class == DV_C_ARGUMENTS) {
        if (i >= object->items_len)
            return false;
        *item = object->items[i];
        return true;
    }
    if (i >= object->count)
        return false;
    *item = object->properties[i].flags & DV_PROP_ACCESSOR
                ? dv_unknown()
                : object->properties[i].value;
    *key = dv_span_of(NULL, 0);
    if (object->properties[i].key->is_symbol
        || (object->properties[i].flags & DV_PROP_DELETED)) {
        *item = dv_unknown();
        return true;
    }
    text = dv_text_utf8(&run->heap,
                        (struct dv_text *)object->properties[i].key);
    return dv_arena_copy(&run->heap.arena, text, key);
}

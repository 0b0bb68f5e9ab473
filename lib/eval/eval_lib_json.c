/* SPDX-License-Identifier: MIT */
/* eval_lib_json.c - JSON (ECMA-262, 25.5). */

#include "eval/eval_lib.h"
#include "js/js_number.h"

/* Nested lists and objects, both ways. */
#define MAX_DEPTH 200u

/* ---- Reading ---- */

struct reader {
    struct dv_text *text;
    uint32_t at;
    unsigned depth;
};

static unsigned
peek(const struct reader *r)
{
    return r->at < r->text->length ? dv_text_unit(r->text, r->at) : 0;
}

static void
skip_space(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n'
           || peek(r) == '\r')
        r->at++;
}

static struct dv_value
fail(struct dv_eval *run)
{
    return dv_eval_throw_error(run, run->syntax_error_proto,
                               "Unexpected token in JSON");
}

static bool
eat(struct reader *r, unsigned c)
{
    skip_space(r);
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

static bool
read_hex(struct reader *r, unsigned *unit)
{
    *unit = 0;
    for (unsigned i = 0; i < 4; i++) {
        const unsigned c = peek(r);
        const int digit = c >= '0' && c <= '9'                  ? (int)c - '0'
                          : (c | 32) >= 'a' && (c | 32) <= 'f' ? (int)(c | 32)
                                                                      - 'a' + 10
                                                                : -1;

        if (digit < 0)
            return false;
        *unit = *unit << 4 | (unsigned)digit;
        r->at++;
    }
    return true;
}

/* Behind the opening quote. */
static struct dv_value
read_string(struct dv_eval *run, struct reader *r)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint32_t end = r->at, n = 0;
    uint16_t *units;

    while (end < r->text->length && dv_text_unit(r->text, end) != '"')
        end += dv_text_unit(r->text, end) == '\\' ? 2 : 1;
    if (end >= r->text->length || !dv_eval_step(run, (end - r->at) / 16))
        return fail(run);
    units = dv_heap_alloc(&run->heap, (end - r->at + 1) * sizeof(*units));
    if (!dv_eval_has(run, units))
        return dv_value_undefined();
    while (r->at < end) {
        unsigned c = peek(r);
        const char *name;

        r->at++;
        if (c < 0x20)
            return fail(run);
        if (c == '\\') {
            c = peek(r);
            r->at++;
            name = c != 0 && c < 128 ? strchr(names, (int)c) : NULL;
            if (name != NULL)
                c = (unsigned char)values[name - names];
            else if (c != 'u' || !read_hex(r, &c))
                return fail(run);
        }
        units[n++] = (uint16_t)c;
    }
    r->at = end + 1;
    return dv_eval_text(run, dv_text_of_units(&run->heap, units, n));
}

static struct dv_value
read_number(struct dv_eval *run, struct reader *r)
{
    char room[64];
    size_t n = 0;
    const bool is_negative = peek(r) == '-';

    r->at += is_negative;
    while (peek(r) != 0 && peek(r) < 128
           && strchr("0123456789.eE+-", (int)peek(r)) != NULL) {
        if (n < sizeof(room))
            room[n++] = (char)peek(r);
        r->at++;
    }
    if (n == 0 || room[0] < '0' || room[0] > '9')
        return fail(run);
    return dv_value_number((is_negative ? -1 : 1)
                           * dv_js_number_decimal(dv_span_of(room, n)));
}

static struct dv_value read_value(struct dv_eval *run, struct reader *r);

static struct dv_value
read_array(struct dv_eval *run, struct reader *r)
{
    struct dv_object *list = dv_eval_array(run);

    if (list == NULL || eat(r, ']'))
        return dv_eval_object(run, list);
    do {
        const struct dv_value v = read_value(run, r);

        if (run->flow != DV_FLOW_NORMAL)
            return v;
        if (!dv_object_push(&run->heap, list, v))
            return dv_eval_object(run, NULL);
    } while (eat(r, ','));
    return eat(r, ']') ? dv_value_object(list) : fail(run);
}

static struct dv_value
read_object(struct dv_eval *run, struct reader *r)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_OBJECT,
                                             run->object_proto);
    struct dv_value key, v;

    if (object == NULL || eat(r, '}'))
        return dv_eval_object(run, object);
    do {
        if (!eat(r, '"'))
            return fail(run);
        key = read_string(run, r);
        if (run->flow != DV_FLOW_NORMAL || !eat(r, ':'))
            return fail(run);
        v = read_value(run, r);
        if (run->flow != DV_FLOW_NORMAL
            || !dv_eval_put(run, object, dv_text_key(&run->heap, key.text),
                            v))
            return dv_value_undefined();
    } while (eat(r, ','));
    return eat(r, '}') ? dv_value_object(object) : fail(run);
}

static bool
eat_word(struct reader *r, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i < n; i++) {
        if (r->at + i >= r->text->length
            || dv_text_unit(r->text, r->at + i) != (unsigned char)word[i])
            return false;
    }
    r->at += (uint32_t)n;
    return true;
}

static struct dv_value
read_value(struct dv_eval *run, struct reader *r)
{
    struct dv_value v;

    if (!dv_eval_step(run, 1))
        return dv_value_undefined();
    if (r->depth >= MAX_DEPTH)
        return fail(run);
    r->depth++;
    if (eat(r, '"'))
        v = read_string(run, r);
    else if (eat(r, '['))
        v = read_array(run, r);
    else if (eat(r, '{'))
        v = read_object(run, r);
    else if (eat_word(r, "true"))
        v = dv_value_boolean(true);
    else if (eat_word(r, "false"))
        v = dv_value_boolean(false);
    else if (eat_word(r, "null"))
        v = dv_value_null();
    else
        v = read_number(run, r);
    r->depth--;
    return v;
}

FN(json_parse)
{
    struct reader r = { .at = 0 };
    struct dv_value v;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)))
        return dv_unknown();
    if (!dv_eval_flat(run, ARG(0), &r.text))
        return dv_unknown();
    v = read_value(run, &r);
    skip_space(&r);
    return run->flow == DV_FLOW_NORMAL && r.at < r.text->length ? fail(run)
                                                                : v;
}

/* ---- Writing ---- */

struct writer {
    struct dv_text *all;
    unsigned depth;
};

static bool
put(struct dv_eval *run, struct writer *w, const char *text)
{
    w->all = w->all == NULL
                 ? NULL
                 : dv_text_join(&run->heap, w->all,
                                dv_text_of_cstr(&run->heap, text));
    return dv_eval_has(run, w->all);
}

static bool
put_text(struct dv_eval *run, struct writer *w, struct dv_text *text)
{
    uint16_t *units;
    size_t n = 0;

    if (!dv_eval_has(run, dv_text_flat(&run->heap, text) ? text : NULL)
        || !dv_eval_step(run, text->length / 16))
        return false;
    units = dv_heap_alloc(&run->heap,
                          ((size_t)text->length * 6 + 2) * sizeof(*units));
    if (!dv_eval_has(run, units))
        return false;
    units[n++] = '"';
    for (uint32_t i = 0; i < text->length; i++) {
        static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
        const unsigned c = dv_text_unit(text, i);
        const char *name = c != 0 && c < 128 ? strchr(from, (int)c) : NULL;

        if (name != NULL) {
            units[n++] = '\\';
            units[n++] = (uint16_t)to[name - from];
        } else if (c < 0x20) {
            units[n++] = '\\';
            units[n++] = 'u';
            units[n++] = '0';
            units[n++] = '0';
            units[n++] = (uint16_t)('0' + (c >> 4));
            units[n++] = (uint16_t)"0123456789abcdef"[c & 15];
        } else {
            units[n++] = (uint16_t)c;
        }
    }
    units[n++] = '"';
    text = dv_text_of_units(&run->heap, units, n);
    w->all = text == NULL ? NULL : dv_text_join(&run->heap, w->all, text);
    return dv_eval_has(run, w->all);
}

static bool write_value(struct dv_eval *run, struct writer *w,
                        struct dv_value v);

static bool
write_list(struct dv_eval *run, struct writer *w, struct dv_value v)
{
    for (uint32_t i = 0; i < v.object->length; i++) {
        const struct dv_value item = dv_eval_get_index(run, v, i);

        if (run->flow != DV_FLOW_NORMAL || !put(run, w, i == 0 ? "[" : ",")
            || !(item.tag == DV_V_UNDEFINED || dv_value_is_callable(item)
                     ? put(run, w, "null")
                     : write_value(run, w, item)))
            return false;
    }
    return put(run, w, v.object->length == 0 ? "[]" : "]");
}

static bool
write_object(struct dv_eval *run, struct writer *w, struct dv_value v)
{
    struct dv_object *keys = dv_eval_keys(run, v.object, true, false);
    bool is_first = true;

    for (uint32_t i = 0; keys != NULL && i < keys->items_len; i++) {
        const struct dv_value item = dv_eval_get_value(run, v,
                                                       keys->items[i]);

        if (run->flow != DV_FLOW_NORMAL)
            return false;
        if (item.tag == DV_V_UNDEFINED || dv_value_is_callable(item)
            || item.tag == DV_V_SYMBOL)
            continue;
        if (!put(run, w, is_first ? "{" : ",")
            || !put_text(run, w, keys->items[i].text) || !put(run, w, ":")
            || !write_value(run, w, item))
            return false;
        is_first = false;
    }
    return put(run, w, is_first ? "{}" : "}");
}

/* What is unknown is written "?": the shape of a message says much. */
static bool
write_value(struct dv_eval *run, struct writer *w, struct dv_value v)
{
    struct dv_text *text;
    struct dv_value to_json;
    bool is_good;

    if (!dv_eval_step(run, 1) || w->depth >= MAX_DEPTH)
        return false;
    if (dv_is_unknown(v))
        return put(run, w, "\"?\"");
    if (v.tag == DV_V_OBJECT) {
        to_json = dv_eval_get(run, v, run->key_to_json);
        if (dv_value_is_callable(to_json))
            v = dv_eval_call(run, to_json, v, NULL, 0);
        if (run->flow != DV_FLOW_NORMAL)
            return false;
        if (v.tag == DV_V_OBJECT && v.object->class == DV_C_WRAPPER)
            v = *(struct dv_value *)v.object->data;
    }
    switch (v.tag) {
    case DV_V_STRING:
        return put_text(run, w, v.text);
    case DV_V_OBJECT:
        w->depth++;
        is_good = v.object->class == DV_C_ARRAY ? write_list(run, w, v)
                                                : write_object(run, w, v);
        w->depth--;
        return is_good;
    case DV_V_NUMBER:
    case DV_V_BOOLEAN:
    case DV_V_NULL:
        if (v.tag == DV_V_NUMBER && !__builtin_isfinite(v.number))
            return put(run, w, "null");
        if (!dv_eval_to_text(run, v, &text))
            return false;
        w->all = dv_text_join(&run->heap, w->all, text);
        return dv_eval_has(run, w->all);
    default:
        return put(run, w, "\"?\"");
    }
}

FN(json_stringify)
{
    struct writer w = { .all = run->heap.empty };

    UNUSED_SELF;
    if (ARG(0).tag == DV_V_UNDEFINED || dv_value_is_callable(ARG(0)))
        return dv_value_undefined();
    if (dv_is_unknown(ARG(0)) || !write_value(run, &w, ARG(0)))
        return dv_unknown();
    return dv_value_text(w.all);
}

bool
dv_eval_world_json(struct dv_eval *run)
{
    static const struct dv_native_row rows[] = {
        { "parse", json_parse, 2 },
        { "stringify", json_stringify, 3 },
    };
    struct dv_object *json = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);

    return json != NULL
           && dv_eval_add_natives(run, json, rows, DV_COUNT_OF(rows))
           && dv_object_put_cstr(&run->heap, run->global, "JSON",
                                 dv_value_object(json), DV_PROP_HIDDEN);
}

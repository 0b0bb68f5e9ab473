/* SPDX-License-Identifier: MIT */
/* eval_access.c - reading and writing properties (ECMA-262, 10.1, 10.4). */

#include "base/compiler.h"
#include "eval/eval_run.h"

/* Prototypes behind each other. */
#define MAX_CHAIN 1000u

struct dv_object *
dv_eval_proto_of(struct dv_eval *run, struct dv_value v)
{
    switch (v.tag) {
    case DV_V_OBJECT:
        return v.object->proto;
    case DV_V_STRING:
        return run->string_proto;
    case DV_V_NUMBER:
        return run->number_proto;
    case DV_V_BOOLEAN:
        return run->boolean_proto;
    case DV_V_BIGINT:
        return run->bigint_proto;
    case DV_V_SYMBOL:
        return run->symbol_proto;
    default:
        return NULL;
    }
}

struct dv_accessor *
dv_eval_accessor(struct dv_eval *run, struct dv_object *get,
                 struct dv_object *set)
{
    struct dv_accessor *accessor = dv_heap_alloc(&run->heap,
                                                 sizeof(*accessor));

    if (!dv_eval_has(run, accessor))
        return NULL;
    accessor->get = get;
    accessor->set = set;
    return accessor;
}

/* ---- Things that are not properties in memory ---- */

/* Of strings: their length and characters. */
static bool
get_of_text(struct dv_eval *run, struct dv_text *text,
            const struct dv_text *key, struct dv_value *value)
{
    uint32_t i;

    if (key == run->key_length) {
        *value = dv_value_number(text->length);
        return true;
    }
    if (!dv_text_is_index(key, &i) || i >= text->length)
        return false;
    if (!dv_eval_has(run, dv_text_flat(&run->heap, text) ? text : NULL))
        return true;
    *value = dv_eval_text(run, dv_text_of_unit(&run->heap,
                                               dv_text_unit(text, i)));
    return true;
}

static bool
is_list(const struct dv_object *object)
{
    return object->class == DV_C_ARRAY || object->class == DV_C_ARGUMENTS;
}

/* Items, lengths, `name` and the like; true when `*value` is the answer. */
static bool
get_special(struct dv_eval *run, struct dv_object *object,
            const struct dv_text *key, struct dv_value *value)
{
    const struct dv_value *inner;
    uint32_t i;

    switch (object->class) {
    case DV_C_ARRAY:
    case DV_C_ARGUMENTS:
        if (key == run->key_length) {
            *value = dv_value_number(object->length);
            return true;
        }
        if (!dv_text_is_index(key, &i))
            return false;
        *value = dv_object_item(object, i);
        return value->tag != DV_V_EMPTY;
    case DV_C_TYPED:
        if (!dv_text_is_index(key, &i))
            return false;
        *value = dv_typed_get(object->data, i);
        return true;
    case DV_C_WRAPPER:
        inner = object->data;
        return inner->tag == DV_V_STRING
               && get_of_text(run, inner->text, key, value);
    case DV_C_FUNCTION:
        return dv_object_find(object, key) == NULL
               && dv_function_special(run, object, key, value);
    default:
        return false;
    }
}

static struct dv_value
trap(struct dv_eval *run, struct dv_object *proxy, const char *name,
     const struct dv_value *args, size_t count, bool *is_done)
{
    const struct dv_value *pair = proxy->data;  /* target, handler */
    struct dv_value method = dv_eval_get_cstr(run, pair[1], name);

    *is_done = run->flow != DV_FLOW_NORMAL || dv_value_is_callable(method);
    return dv_value_is_callable(method) && run->flow == DV_FLOW_NORMAL
               ? dv_eval_call(run, method, pair[1], args, count)
               : dv_value_undefined();
}

static struct dv_value
get_of_proxy(struct dv_eval *run, struct dv_object *proxy,
             const struct dv_text *key, struct dv_value receiver)
{
    const struct dv_value *pair = proxy->data;
    const struct dv_value args[] = { pair[0],
                                     key->is_symbol
                                         ? (struct dv_value){
                                               .tag = DV_V_SYMBOL,
                                               .text = (struct dv_text *)key }
                                         : dv_value_text(
                                               (struct dv_text *)key),
                                     receiver };
    struct dv_value value;
    bool is_done;

    if (run->calls >= run->limits->eval_calls)
        return dv_unknown();
    run->calls++;
    value = trap(run, proxy, "get", args, 3, &is_done);
    if (!is_done)
        value = dv_eval_get(run, pair[0], key);
    run->calls--;
    return value;
}

/* ---- Reading ---- */

static struct dv_value
value_of(struct dv_eval *run, const struct dv_property *property,
         struct dv_value receiver)
{
    if (!(property->flags & DV_PROP_ACCESSOR))
        return property->value;
    return property->accessor->get == NULL
               ? dv_value_undefined()
               : dv_eval_call(run, dv_value_object(property->accessor->get),
                              receiver, NULL, 0);
}

static struct dv_value
get_along(struct dv_eval *run, struct dv_object *object,
          const struct dv_text *key, struct dv_value receiver)
{
    const struct dv_object *open = NULL;
    struct dv_value value;

    for (unsigned i = 0; object != NULL && i < MAX_CHAIN;
         object = object->proto, i++) {
        const struct dv_property *property;

        if (object->class == DV_C_PROXY)
            return get_of_proxy(run, object, key, receiver);
        if (get_special(run, object, key, &value))
            return value;
        property = dv_object_find(object, key);
        if (property != NULL)
            return value_of(run, property, receiver);
        if (object->is_open && open == NULL)
            open = object;
    }
    if (key == run->key_proto && receiver.tag == DV_V_OBJECT)
        return receiver.object->proto == NULL
                   ? dv_value_null()
                   : dv_value_object(receiver.object->proto);
    if (open == NULL)
        return dv_value_undefined();
    return open == run->global
               ? dv_value_unknown(dv_path_of_key(run, key))
               : dv_eval_unknown(run, open->path, key);
}

struct dv_value
dv_eval_get(struct dv_eval *run, struct dv_value v, const struct dv_text *key)
{
    struct dv_value value;

    if (key == NULL || !dv_eval_step(run, 1))
        return dv_value_undefined();
    switch (v.tag) {
    case DV_V_OBJECT:
        return get_along(run, v.object, key, v);
    case DV_V_UNKNOWN:
    case DV_V_EMPTY:
        return dv_eval_unknown(run, v.tag == DV_V_EMPTY ? NULL : v.path, key);
    case DV_V_UNDEFINED:
    case DV_V_NULL:
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "Cannot read properties of undefined");
    case DV_V_STRING:
        if (get_of_text(run, v.text, key, &value))
            return value;
        return get_along(run, run->string_proto, key, v);
    default:
        return get_along(run, dv_eval_proto_of(run, v), key, v);
    }
}

struct dv_value
dv_eval_get_cstr(struct dv_eval *run, struct dv_value object, const char *key)
{
    const struct dv_text *text = dv_text_key_of_cstr(&run->heap, key);

    return dv_eval_has(run, text) ? dv_eval_get(run, object, text)
                                  : dv_value_undefined();
}

static bool
as_index(struct dv_value key, uint32_t *i)
{
    if (key.tag != DV_V_NUMBER || !(key.number >= 0)
        || key.number >= 4294967295.0)
        return false;
    *i = (uint32_t)key.number;
    return *i == key.number;
}

struct dv_value
dv_eval_get_index(struct dv_eval *run, struct dv_value v, uint32_t i)
{
    struct dv_value item;

    if (v.tag == DV_V_OBJECT && is_list(v.object)) {
        item = dv_object_item(v.object, i);
        if (item.tag != DV_V_EMPTY)
            return item;
    } else if (v.tag == DV_V_OBJECT && v.object->class == DV_C_TYPED) {
        return dv_typed_get(v.object->data, i);
    } else if (v.tag == DV_V_STRING && i < v.text->length
               && dv_text_flat(&run->heap, v.text)) {
        return dv_eval_text(run, dv_text_of_unit(&run->heap,
                                                 dv_text_unit(v.text, i)));
    }
    return dv_eval_get(run, v, dv_text_key_of_index(&run->heap, i));
}

struct dv_value
dv_eval_get_value(struct dv_eval *run, struct dv_value object,
                  struct dv_value key)
{
    const struct dv_text *name;
    uint32_t i;

    if (as_index(key, &i))
        return dv_eval_get_index(run, object, i);
    if (dv_value_is_nullish(object))
        return dv_eval_get(run, object, run->key_length);
    if (dv_is_unknown(key) || !dv_eval_key(run, key, &name))
        return dv_unknown();
    dv_eval_tell_text(run, key);
    return dv_eval_get(run, object, name);
}

enum dv_truth
dv_eval_has_property(struct dv_eval *run, struct dv_object *object,
                     const struct dv_text *key)
{
    struct dv_value value;
    bool is_open = false;

    for (unsigned i = 0; object != NULL && i < MAX_CHAIN;
         object = object->proto, i++) {
        if (object->class == DV_C_PROXY)
            return DV_UNSURE;
        if (get_special(run, object, key, &value)
            || dv_object_find(object, key) != NULL)
            return DV_TRUE;
        is_open = is_open || object->is_open;
    }
    return is_open ? DV_UNSURE : DV_FALSE;
}

/* ---- Writing ---- */

/* A setter on the way, or what must not be written. */
static const struct dv_property *
find_along(const struct dv_object *object, const struct dv_text *key)
{
    for (unsigned i = 0; object != NULL && i < MAX_CHAIN;
         object = object->proto, i++) {
        const struct dv_property *property = dv_object_find(object, key);

        if (property != NULL)
            return property;
    }
    return NULL;
}

static bool
set_special(struct dv_eval *run, struct dv_object *object,
            const struct dv_text *key, struct dv_value value)
{
    uint32_t i;
    double length;

    if (object->class == DV_C_TYPED && dv_text_is_index(key, &i)) {
        dv_typed_set(run, object->data, i, value);
        return true;
    }
    if (!is_list(object))
        return false;
    if (key == run->key_length) {
        if (dv_eval_number(run, value, &length) && length >= 0
            && length < 4294967296.0)
            dv_object_set_length(object, (uint32_t)length);
        return true;
    }
    if (!dv_text_is_index(key, &i) || object->is_frozen)
        return false;
    if (!dv_object_set_item(&run->heap, object, i, value))
        (void)dv_eval_has(run, NULL);
    return true;
}

static bool
set_of_proxy(struct dv_eval *run, struct dv_object *proxy,
             const struct dv_text *key, struct dv_value value)
{
    const struct dv_value *pair = proxy->data;
    const struct dv_value args[] = { pair[0],
                                     dv_value_text((struct dv_text *)key),
                                     value, dv_value_object(proxy) };
    bool is_done = false;

    if (run->calls >= run->limits->eval_calls)
        return true;
    run->calls++;
    if (!key->is_symbol)
        (void)trap(run, proxy, "set", args, 4, &is_done);
    if (!is_done)
        dv_eval_set(run, pair[0], key, value);
    run->calls--;
    return true;
}

static void
tell_assignment(struct dv_eval *run, const struct dv_path *from,
                const struct dv_object *object, const struct dv_text *key,
                struct dv_value value)
{
    const struct dv_value target = dv_eval_unknown(run, from, key);

    if (dv_is_unknown(target))
        dv_eval_tell(run, DV_EFFECT_ASSIGN, target.path, object, &value, 1);
}

static void
set_on_object(struct dv_eval *run, struct dv_object *object,
              const struct dv_text *key, struct dv_value value)
{
    const struct dv_property *found;
    struct dv_property *own;

    if (object->class == DV_C_PROXY && set_of_proxy(run, object, key, value))
        return;
    if (set_special(run, object, key, value))
        return;
    found = find_along(object, key);
    if (found != NULL && (found->flags & DV_PROP_ACCESSOR)) {
        if (found->accessor->set != NULL)
            (void)dv_eval_call(run, dv_value_object(found->accessor->set),
                               dv_value_object(object), &value, 1);
        return;
    }
    if (value.tag == DV_V_OBJECT && value.object->class == DV_C_FUNCTION
        && ((struct dv_function *)value.object->data)->owner == NULL)
        ((struct dv_function *)value.object->data)->owner = object;
    if (object->class == DV_C_HOST)
        tell_assignment(run, object->path, object, key, value);
    if (found == NULL && key == run->key_proto) {
        if (value.tag == DV_V_OBJECT || value.tag == DV_V_NULL)
            object->proto = value.tag == DV_V_NULL ? NULL : value.object;
        return;
    }
    if ((found != NULL && !(found->flags & DV_PROP_WRITABLE))
        || (object->is_frozen && dv_object_find(object, key) == NULL))
        return;
    own = dv_object_find(object, key);
    if (own != NULL) {
        own->value = value;
        return;
    }
    if (!dv_object_put(&run->heap, object, key, value, DV_PROP_PLAIN))
        (void)dv_eval_has(run, NULL);
}

void
dv_eval_set(struct dv_eval *run, struct dv_value v, const struct dv_text *key,
            struct dv_value value)
{
    if (key == NULL || !dv_eval_step(run, 1))
        return;
    if (v.tag == DV_V_OBJECT)
        set_on_object(run, v.object, key, value);
    else if (v.tag == DV_V_UNKNOWN)
        tell_assignment(run, v.path, NULL, key, value);
    else if (dv_value_is_nullish(v))
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Cannot set properties of undefined");
}

void
dv_eval_set_value(struct dv_eval *run, struct dv_value object,
                  struct dv_value key, struct dv_value value)
{
    const struct dv_text *name;
    uint32_t i;

    if (as_index(key, &i) && object.tag == DV_V_OBJECT
        && !object.object->is_frozen) {
        if (is_list(object.object)) {
            if (!dv_object_set_item(&run->heap, object.object, i, value))
                (void)dv_eval_has(run, NULL);
            return;
        }
        if (object.object->class == DV_C_TYPED) {
            dv_typed_set(run, object.object->data, i, value);
            return;
        }
    }
    if (!dv_is_unknown(key) && dv_eval_key(run, key, &name)) {
        dv_eval_tell_text(run, key);
        dv_eval_tell_text(run, value);
        dv_eval_set(run, object, name, value);
    }
}

bool
dv_eval_delete(struct dv_eval *run, struct dv_value v,
               const struct dv_text *key)
{
    uint32_t i;

    (void)run;
    if (v.tag != DV_V_OBJECT)
        return true;
    if (is_list(v.object) && dv_text_is_index(key, &i)
        && i < v.object->items_len)
        v.object->items[i] = dv_value_empty();
    else
        dv_object_delete(v.object, key);
    return true;
}

/* ---- Lists ---- */

struct dv_object *
dv_eval_array(struct dv_eval *run)
{
    struct dv_object *array = dv_object_new(&run->heap, DV_C_ARRAY,
                                            run->array_proto);

    return dv_eval_has(run, array) ? array : NULL;
}

struct dv_value
dv_eval_array_of(struct dv_eval *run, const struct dv_value *items,
                 size_t count)
{
    struct dv_object *array = dv_eval_array(run);

    for (size_t i = 0; array != NULL && i < count; i++) {
        if (!dv_object_push(&run->heap, array, items[i]))
            return dv_eval_object(run, NULL);
    }
    return dv_eval_object(run, array);
}

bool
dv_eval_length(struct dv_eval *run, struct dv_value v, uint32_t *length)
{
    double number;

    if (v.tag == DV_V_OBJECT && is_list(v.object)) {
        *length = v.object->length;
        return true;
    }
    v = dv_eval_get(run, v, run->key_length);
    if (run->flow != DV_FLOW_NORMAL || dv_is_unknown(v)
        || !dv_eval_integer(run, v, 0, &number))
        return false;
    *length = number < 0 ? 0
              : number > UINT32_MAX ? UINT32_MAX
                                    : (uint32_t)number;
    return true;
}

/* ---- Keys ---- */

static bool
push_key(struct dv_eval *run, struct dv_object *list, struct dv_text *key)
{
    struct dv_value v = { .tag = key != NULL && key->is_symbol ? DV_V_SYMBOL
                                                               : DV_V_STRING,
                          .text = key };

    return dv_eval_step(run, 1) && dv_eval_has(run, key)
           && dv_eval_has(run, dv_object_push(&run->heap, list, v) ? key
                                                                   : NULL);
}

/* Indexes among properties come first, in order. */
static bool
push_indexes(struct dv_eval *run, struct dv_object *list,
             const struct dv_object *object)
{
    uint32_t i, previous = 0;
    bool is_first = true;

    for (;;) {
        const struct dv_property *next = NULL;
        uint32_t least = UINT32_MAX;

        if (!dv_eval_step(run, object->count / 8 + 1))
            return false;
        for (uint32_t k = 0; k < object->count; k++) {
            const struct dv_property *p = &object->properties[k];

            if ((p->flags & (DV_PROP_DELETED | DV_PROP_ENUMERABLE))
                    != DV_PROP_ENUMERABLE
                || !dv_text_is_index(p->key, &i)
                || (!is_first && i <= previous) || i >= least)
                continue;
            least = i;
            next = p;
        }
        if (next == NULL)
            return true;
        if (!push_key(run, list, (struct dv_text *)next->key))
            return false;
        previous = least;
        is_first = false;
    }
}

static uint32_t
count_items(const struct dv_object *object)
{
    switch (object->class) {
    case DV_C_ARRAY:
    case DV_C_ARGUMENTS:
        return object->items_len;
    case DV_C_TYPED:
        return (uint32_t)((struct dv_typed *)object->data)->length;
    case DV_C_WRAPPER:
        return ((struct dv_value *)object->data)->tag == DV_V_STRING
                   ? ((struct dv_value *)object->data)->text->length
                   : 0;
    default:
        return 0;
    }
}

struct dv_object *
dv_eval_keys(struct dv_eval *run, struct dv_object *object,
             bool only_enumerable, bool with_symbols)
{
    struct dv_object *list = dv_eval_array(run);
    bool has_index = false;
    uint32_t index;

    if (object->class == DV_C_PROXY)
        object = dv_eval_to_object(run,
                                   *(const struct dv_value *)object->data);
    if (list == NULL || object == NULL)
        return NULL;
    for (uint32_t i = 0; i < count_items(object); i++) {
        if (is_list(object) && object->items[i].tag == DV_V_EMPTY)
            continue;
        if (!push_key(run, list, dv_text_key_of_index(&run->heap, i)))
            return NULL;
    }
    if (!only_enumerable && !with_symbols && is_list(object)
        && !push_key(run, list, (struct dv_text *)run->key_length))
        return NULL;
    for (uint32_t i = 0; i < object->count; i++)
        has_index = has_index
                    || dv_text_is_index(object->properties[i].key, &index);
    if (has_index && !push_indexes(run, list, object))
        return NULL;
    for (uint32_t i = 0; i < object->count; i++) {
        const struct dv_property *p = &object->properties[i];

        if ((p->flags & DV_PROP_DELETED) || p->key->is_symbol != with_symbols
            || (only_enumerable && !(p->flags & DV_PROP_ENUMERABLE))
            || dv_text_is_index(p->key, &index))
            continue;
        if (!push_key(run, list, (struct dv_text *)p->key))
            return NULL;
    }
    return list;
}

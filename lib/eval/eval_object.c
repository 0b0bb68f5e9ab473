/* SPDX-License-Identifier: MIT */
/* eval_object.c - properties and items. */

#include "eval/eval_object.h"

#include "base/compiler.h"

/* More properties than this are found by their hash. */
#define MAX_LINEAR 8u

/* An item so far behind the last one does not make a list of holes. */
#define MAX_GAP 4096u

struct dv_object *
dv_object_new(struct dv_heap *heap, enum dv_class class,
              struct dv_object *proto)
{
    struct dv_object *object = dv_heap_alloc(heap, sizeof(*object));

    if (object == NULL)
        return NULL;
    object->class = (uint8_t)class;
    object->proto = proto;
    return object;
}

/* Symbols have no hash of their own. */
static uint32_t
hash_of(const struct dv_text *key)
{
    return key->is_symbol ? (uint32_t)((uintptr_t)key >> 4) * 2654435761u
                          : key->hash;
}

/* The slot of the index that holds `key`, or the free one for it. */
static uint32_t
slot_of(const struct dv_object *object, const struct dv_text *key)
{
    const uint32_t mask = object->index_cap - 1;
    uint32_t at = hash_of(key) & mask;

    while (object->index[at] != 0
           && object->properties[object->index[at] - 1].key != key)
        at = (at + 1) & mask;
    return at;
}

static struct dv_property *
find_any(const struct dv_object *object, const struct dv_text *key)
{
    if (object->index != NULL) {
        const uint32_t number = object->index[slot_of(object, key)];

        return number == 0 ? NULL : &object->properties[number - 1];
    }
    for (uint32_t i = 0; i < object->count; i++) {
        if (object->properties[i].key == key)
            return &object->properties[i];
    }
    return NULL;
}

struct dv_property *
dv_object_find(const struct dv_object *object, const struct dv_text *key)
{
    struct dv_property *property = find_any(object, key);

    return property == NULL || (property->flags & DV_PROP_DELETED)
               ? NULL
               : property;
}

static bool
make_index(struct dv_heap *heap, struct dv_object *object)
{
    uint32_t *index = dv_heap_alloc(heap,
                                    object->cap * 2 * sizeof(*index));

    if (index == NULL)
        return false;
    object->index = index;
    object->index_cap = object->cap * 2;
    for (uint32_t i = 0; i < object->count; i++)
        index[slot_of(object, object->properties[i].key)] = i + 1;
    return true;
}

static bool
make_room(struct dv_heap *heap, struct dv_object *object)
{
    const uint32_t cap = object->cap == 0 ? 4 : object->cap * 2;
    struct dv_property *all;

    if (object->count < object->cap)
        return true;
    all = dv_heap_grow(heap, object->properties, object->count, cap,
                       sizeof(*all));
    if (all == NULL)
        return false;
    object->properties = all;
    object->cap = cap;
    return object->count < MAX_LINEAR || make_index(heap, object);
}

struct dv_property *
dv_object_make(struct dv_heap *heap, struct dv_object *object,
               const struct dv_text *key)
{
    struct dv_property *property = find_any(object, key);

    if (property != NULL) {
        if (property->flags & DV_PROP_DELETED)
            *property = (struct dv_property){ .key = key };
        return property;
    }
    if (!make_room(heap, object))
        return NULL;
    if (object->index != NULL)
        object->index[slot_of(object, key)] = object->count + 1;
    property = &object->properties[object->count++];
    *property = (struct dv_property){ .key = key };
    return property;
}

bool
dv_object_put(struct dv_heap *heap, struct dv_object *object,
              const struct dv_text *key, struct dv_value value,
              unsigned flags)
{
    struct dv_property *property
        = key == NULL ? NULL : dv_object_make(heap, object, key);

    if (property == NULL)
        return false;
    property->flags = flags;
    property->value = value;
    return true;
}

bool
dv_object_put_cstr(struct dv_heap *heap, struct dv_object *object,
                   const char *key, struct dv_value value, unsigned flags)
{
    return dv_object_put(heap, object, dv_text_key_of_cstr(heap, key), value,
                         flags);
}

void
dv_object_delete(struct dv_object *object, const struct dv_text *key)
{
    struct dv_property *property = find_any(object, key);

    if (property != NULL) {
        property->flags = DV_PROP_DELETED;
        property->value = dv_value_undefined();
    }
}

/* ---- Items ---- */

static bool
room_for_items(struct dv_heap *heap, struct dv_object *object, uint32_t count)
{
    uint32_t cap = object->items_cap;
    struct dv_value *items;

    if (count <= cap)
        return true;
    cap = cap < 4 ? 4 : cap;
    while (cap < count)
        cap = cap > UINT32_MAX / 2 ? UINT32_MAX : cap * 2;
    items = dv_heap_grow(heap, object->items, object->items_len, cap,
                         sizeof(*items));
    if (items == NULL)
        return false;
    object->items = items;
    object->items_cap = cap;
    return true;
}

bool
dv_object_set_item(struct dv_heap *heap, struct dv_object *object, uint32_t i,
                   struct dv_value value)
{
    if (i >= object->length)
        object->length = i + 1;
    if (i >= object->items_len && i - object->items_len > MAX_GAP)
        return dv_object_put(heap, object, dv_text_key_of_index(heap, i),
                             value, DV_PROP_PLAIN);
    if (i >= object->items_len) {
        if (!room_for_items(heap, object, i + 1))
            return false;
        for (uint32_t k = object->items_len; k < i; k++)
            object->items[k] = dv_value_empty();
        object->items_len = i + 1;
    }
    object->items[i] = value;
    return true;
}

bool
dv_object_push(struct dv_heap *heap, struct dv_object *object,
               struct dv_value value)
{
    return object->length < UINT32_MAX
           && dv_object_set_item(heap, object, object->length, value);
}

void
dv_object_set_length(struct dv_object *object, uint32_t length)
{
    object->length = length;
    if (object->items_len > length)
        object->items_len = length;
}

/* SPDX-License-Identifier: MIT */
/* eval_lib_map.c - Map, Set and their weak kinds (ECMA-262, 24). */

#include "eval/eval_lib.h"

/* Keys are found by their text or place; entries stay in order. */
struct entry {
    struct dv_value key, value;
    uint32_t next;              /* in its bucket, + 1 */
    bool is_gone;
};

struct map {
    struct entry *entries;
    uint32_t count, cap, live;
    uint32_t *buckets;
    uint32_t bucket_count;      /* a power of 2 */
};

static bool
hash_of(struct dv_eval *run, struct dv_value v, uint32_t *hash)
{
    uint64_t bits = v.tag;
    struct dv_text *key;

    switch (v.tag) {
    case DV_V_STRING:
        key = dv_text_key(&run->heap, v.text);
        if (!dv_eval_has(run, key))
            return false;
        bits ^= key->hash;
        break;
    case DV_V_NUMBER:
        if (v.number != 0)
            memcpy(&bits, &v.number, sizeof(bits));
        break;
    case DV_V_BOOLEAN:
        bits ^= v.boolean ? 2 : 4;
        break;
    case DV_V_OBJECT:
    case DV_V_SYMBOL:
        bits ^= (uint64_t)(uintptr_t)v.object >> 4;
        break;
    default:
        break;
    }
    *hash = (uint32_t)((bits ^ bits >> 32) * 2654435761u);
    return true;
}

static struct entry *
find(struct dv_eval *run, const struct map *map, struct dv_value key)
{
    uint32_t hash, i;

    if (map->bucket_count == 0 || !dv_eval_step(run, 1)
        || !hash_of(run, key, &hash))
        return NULL;
    for (i = map->buckets[hash & (map->bucket_count - 1)]; i != 0;
         i = map->entries[i - 1].next) {
        struct entry *entry = &map->entries[i - 1];

        if (!entry->is_gone && dv_value_same(run, entry->key, key))
            return entry;
    }
    return NULL;
}

static bool
grow(struct dv_eval *run, struct map *map)
{
    const uint32_t cap = map->cap == 0 ? 8 : map->cap * 2;

    map->entries = dv_heap_grow(&run->heap, map->entries, map->count, cap,
                                sizeof(*map->entries));
    map->buckets = dv_heap_alloc(&run->heap,
                                 cap * 2 * sizeof(*map->buckets));
    if (!dv_eval_has(run, map->entries) || !dv_eval_has(run, map->buckets))
        return false;
    map->cap = cap;
    map->bucket_count = cap * 2;
    for (uint32_t i = 0; i < map->count; i++) {
        uint32_t hash, *bucket;

        if (!hash_of(run, map->entries[i].key, &hash))
            return false;
        bucket = &map->buckets[hash & (map->bucket_count - 1)];
        map->entries[i].next = *bucket;
        *bucket = i + 1;
    }
    return true;
}

static bool
set(struct dv_eval *run, struct map *map, struct dv_value key,
    struct dv_value value)
{
    struct entry *entry = find(run, map, key);
    uint32_t hash, *bucket;

    if (entry != NULL) {
        entry->value = value;
        return true;
    }
    if ((map->count == map->cap && !grow(run, map))
        || !hash_of(run, key, &hash))
        return false;
    bucket = &map->buckets[hash & (map->bucket_count - 1)];
    map->entries[map->count] = (struct entry){ key, value, *bucket, false };
    *bucket = ++map->count;
    map->live++;
    return true;
}

static struct map *
this_map(struct dv_value self)
{
    return dv_value_is_class(self, DV_C_MAP)
                   || dv_value_is_class(self, DV_C_SET)
               ? self.object->data
               : NULL;
}

struct filling {
    struct map *map;
    bool is_set;
};

static bool
fill(struct dv_eval *run, struct dv_value item, void *ctx)
{
    const struct filling *filling = ctx;

    if (filling->is_set)
        return set(run, filling->map, item, item);
    return set(run, filling->map, dv_eval_get_index(run, item, 0),
               dv_eval_get_index(run, item, 1));
}

static struct dv_value
construct(struct dv_eval *run, struct dv_value items, bool is_set)
{
    struct dv_object *object
        = dv_object_new(&run->heap, is_set ? DV_C_SET : DV_C_MAP,
                        is_set ? run->set_proto : run->map_proto);
    struct filling filling = { dv_heap_alloc(&run->heap, sizeof(struct map)),
                               is_set };

    if (!dv_eval_has(run, object) || !dv_eval_has(run, filling.map))
        return dv_value_undefined();
    object->data = filling.map;
    if (!dv_value_is_nullish(items) && !dv_is_unknown(items))
        dv_eval_iterate(run, items, fill, &filling);
    return dv_value_object(object);
}

FN(map_construct)
{
    UNUSED_SELF;
    return construct(run, ARG(0), false);
}

FN(set_construct)
{
    UNUSED_SELF;
    return construct(run, ARG(0), true);
}

FN(map_get)
{
    const struct map *map = this_map(self);
    const struct entry *entry;

    if (map == NULL || dv_is_unknown(ARG(0)))
        return dv_unknown();
    entry = find(run, map, ARG(0));
    return entry == NULL ? dv_value_undefined() : entry->value;
}

FN(map_set)
{
    struct map *map = this_map(self);

    if (map != NULL)
        (void)set(run, map, ARG(0), ARG(1));
    return self;
}

FN(set_add)
{
    struct map *map = this_map(self);

    if (map != NULL)
        (void)set(run, map, ARG(0), ARG(0));
    return self;
}

FN(map_has)
{
    const struct map *map = this_map(self);

    if (map == NULL || dv_is_unknown(ARG(0)))
        return dv_unknown();
    return dv_value_boolean(find(run, map, ARG(0)) != NULL);
}

FN(map_delete)
{
    struct map *map = this_map(self);
    struct entry *entry = map == NULL ? NULL : find(run, map, ARG(0));

    if (entry == NULL)
        return dv_value_boolean(false);
    entry->is_gone = true;
    map->live--;
    return dv_value_boolean(true);
}

FN(map_clear)
{
    struct map *map = this_map(self);

    UNUSED_ARGS;
    if (map != NULL)
        *map = (struct map){ .entries = NULL };
    return dv_value_undefined();
}

FN(map_size)
{
    const struct map *map = this_map(self);

    UNUSED_ARGS;
    return map == NULL ? dv_unknown() : dv_value_number(map->live);
}

FN(map_for_each)
{
    const struct map *map = this_map(self);

    for (uint32_t i = 0; map != NULL && i < map->count
                         && run->flow == DV_FLOW_NORMAL;
         i++) {
        const struct dv_value words[] = { map->entries[i].value,
                                          map->entries[i].key, self };

        if (!map->entries[i].is_gone)
            (void)dv_eval_call(run, ARG(0), ARG(1), words, 3);
    }
    return dv_value_undefined();
}

static struct dv_value
iterator(struct dv_eval *run, struct dv_value self, int what)
{
    const struct map *map = this_map(self);
    struct dv_object *list = dv_eval_array(run);

    if (map == NULL || list == NULL)
        return dv_unknown();
    for (uint32_t i = 0; i < map->count && dv_eval_step(run, 1); i++) {
        const struct entry *entry = &map->entries[i];
        const struct dv_value pair[] = { entry->key, entry->value };
        const struct dv_value v
            = what == 'k'   ? entry->key
              : what == 'v' ? entry->value
                            : dv_eval_array_of(run, pair, 2);

        if (!entry->is_gone && !dv_object_push(&run->heap, list, v))
            return dv_eval_object(run, NULL);
    }
    return dv_eval_list_iterator(run, list);
}

FN(map_keys)
{
    UNUSED_ARGS;
    return iterator(run, self, 'k');
}

FN(map_values)
{
    UNUSED_ARGS;
    return iterator(run, self, 'v');
}

FN(map_entries)
{
    UNUSED_ARGS;
    return iterator(run, self, 'e');
}

static const struct dv_native_row map_methods[] = {
    { "get", map_get, 1 },         { "set", map_set, 2 },
    { "has", map_has, 1 },         { "delete", map_delete, 1 },
    { "clear", map_clear, 0 },     { "forEach", map_for_each, 1 },
    { "keys", map_keys, 0 },       { "values", map_values, 0 },
    { "entries", map_entries, 0 },
};

static const struct dv_native_row set_methods[] = {
    { "add", set_add, 1 },         { "has", map_has, 1 },
    { "delete", map_delete, 1 },   { "clear", map_clear, 0 },
    { "forEach", map_for_each, 1 }, { "keys", map_values, 0 },
    { "values", map_values, 0 },   { "entries", map_entries, 0 },
};

static bool
finish(struct dv_eval *run, struct dv_object *proto, dv_native_fn *items)
{
    struct dv_object *size = dv_eval_native(run, "get size", map_size, 0);
    struct dv_object *all = dv_eval_native(run, "[Symbol.iterator]", items,
                                           0);

    if (size == NULL || all == NULL)
        return false;
    dv_eval_define_accessor(run, proto,
                            dv_text_key_of_cstr(&run->heap, "size"), size,
                            true);
    return dv_object_put(&run->heap, proto, run->symbol_iterator,
                         dv_value_object(all), DV_PROP_HIDDEN);
}

bool
dv_eval_world_map(struct dv_eval *run)
{
    return dv_eval_add_class(run, "WeakMap", NULL, map_construct,
                             run->map_proto)
               != NULL
           && dv_eval_add_class(run, "WeakSet", NULL, set_construct,
                                run->set_proto)
                  != NULL
           && dv_eval_add_class(run, "Map", NULL, map_construct,
                                run->map_proto)
                  != NULL
           && dv_eval_add_class(run, "Set", NULL, set_construct,
                                run->set_proto)
                  != NULL
           && dv_eval_add_natives(run, run->map_proto, map_methods,
                                  DV_COUNT_OF(map_methods))
           && dv_eval_add_natives(run, run->set_proto, set_methods,
                                  DV_COUNT_OF(set_methods))
           && finish(run, run->map_proto, map_entries)
           && finish(run, run->set_proto, map_values);
}

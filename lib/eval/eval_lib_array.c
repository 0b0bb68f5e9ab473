/* SPDX-License-Identifier: MIT */
/* eval_lib_array.c - Array (ECMA-262, 23.1).  Most methods work on anything
 * with a length, as the originals do. */

#include <math.h>

#include "eval/eval_lib.h"

static bool
push(struct dv_eval *run, struct dv_object *list, struct dv_value v)
{
    return dv_eval_has(run, dv_object_push(&run->heap, list, v) ? list
                                                                : NULL);
}

static struct dv_value
item(struct dv_eval *run, struct dv_value list, uint32_t i)
{
    return dv_eval_step(run, 1) ? dv_eval_get_index(run, list, i)
                                : dv_value_undefined();
}

static bool
is_array(struct dv_value v)
{
    return dv_value_is_class(v, DV_C_ARRAY);
}

/* A relative index, as slice has it. */
static bool
position(struct dv_eval *run, struct dv_value v, uint32_t length,
         double otherwise, uint32_t *at)
{
    double number;

    if (!dv_eval_integer(run, v, otherwise, &number))
        return false;
    if (number < 0)
        number = fmax(0, number + length);
    *at = number > length ? length : (uint32_t)number;
    return true;
}

FN(array_construct)
{
    struct dv_object *list = dv_eval_array(run);

    UNUSED_SELF;
    if (list == NULL)
        return dv_value_undefined();
    if (count == 1 && dv_is_unknown(args[0]))
        return dv_unknown();
    if (count == 1 && args[0].tag == DV_V_NUMBER) {
        if (!(args[0].number >= 0) || args[0].number > 4294967295.0)
            return dv_eval_throw_error(run, run->range_error_proto,
                                       "Invalid array length");
        list->length = (uint32_t)args[0].number;
        return dv_value_object(list);
    }
    return dv_eval_array_of(run, args, count);
}

FN(array_is_array)
{
    UNUSED_SELF;
    return dv_is_unknown(ARG(0)) ? dv_unknown()
                                 : dv_value_boolean(is_array(ARG(0)));
}

FN(array_of)
{
    UNUSED_SELF;
    return dv_eval_array_of(run, args, count);
}

struct dv_value
dv_eval_array_from(struct dv_eval *run, struct dv_value self,
                   const struct dv_value *args, size_t count)
{
    struct dv_object *list = dv_eval_array(run);
    uint32_t length;

    UNUSED_SELF;
    if (list == NULL || dv_is_unknown(ARG(0)))
        return dv_unknown();
    if (ARG(0).tag == DV_V_STRING || is_array(ARG(0))
        || dv_value_is_callable(dv_eval_get(run, ARG(0),
                                            run->symbol_iterator))) {
        if (!dv_eval_collect(run, ARG(0), list))
            return dv_value_undefined();
    } else if (run->flow == DV_FLOW_NORMAL
               && dv_eval_length(run, ARG(0), &length)) {
        for (uint32_t i = 0; i < length && run->flow == DV_FLOW_NORMAL; i++) {
            if (!push(run, list, item(run, args[0], i)))
                return dv_value_undefined();
        }
    }
    for (uint32_t i = 0; dv_value_is_callable(ARG(1)) && i < list->items_len
                         && run->flow == DV_FLOW_NORMAL;
         i++) {
        const struct dv_value both[] = { list->items[i], dv_value_number(i) };

        list->items[i] = dv_eval_call(run, args[1], ARG(2), both, 2);
    }
    return dv_value_object(list);
}

FN(array_push)
{
    if (!is_array(self)) {
        uint32_t length;

        if (self.tag != DV_V_OBJECT || !dv_eval_length(run, self, &length))
            return dv_unknown();
        for (size_t i = 0; i < count; i++)
            dv_eval_set_value(run, self, dv_value_number(length++), args[i]);
        dv_eval_set(run, self, run->key_length, dv_value_number(length));
        return dv_value_number(length);
    }
    for (size_t i = 0; i < count; i++) {
        if (!push(run, self.object, args[i]))
            return dv_value_undefined();
    }
    return dv_value_number(self.object->length);
}

FN(array_pop)
{
    struct dv_value v;

    UNUSED_ARGS;
    if (!is_array(self))
        return dv_unknown();
    if (self.object->length == 0)
        return dv_value_undefined();
    v = item(run, self, self.object->length - 1);
    dv_object_set_length(self.object, self.object->length - 1);
    return v;
}

FN(array_shift)
{
    struct dv_object *list = self.object;
    struct dv_value v;

    UNUSED_ARGS;
    if (!is_array(self))
        return dv_unknown();
    if (list->length == 0)
        return dv_value_undefined();
    v = item(run, self, 0);
    if (list->items_len > 0) {          /* the room before it is not used
                                         * again */
        list->items++;
        list->items_len--;
        list->items_cap--;
    }
    list->length--;
    return v;
}

/* Take `gone` items at `at` out and put `args` there. */
static bool
splice(struct dv_eval *run, struct dv_object *list, uint32_t at,
       uint32_t gone, const struct dv_value *args, size_t count)
{
    const uint32_t length = list->length;
    const uint32_t tail = at + gone < list->items_len
                              ? list->items_len - at - gone
                              : 0;
    struct dv_value *items;

    if (!dv_eval_step(run, (tail + count) / 16 + 1))
        return false;
    items = dv_heap_grow(&run->heap, list->items,
                         at < list->items_len ? at : list->items_len,
                         (size_t)at + count + tail + 4, sizeof(*items));
    if (!dv_eval_has(run, items))
        return false;
    for (uint32_t i = list->items_len; i < at; i++)
        items[i] = dv_value_empty();
    if (count > 0)
        memcpy(items + at, args, count * sizeof(*items));
    if (tail > 0)
        memcpy(items + at + count, list->items + at + gone,
               tail * sizeof(*items));
    list->items = items;
    list->items_len = at + (uint32_t)count + tail;
    list->items_cap = list->items_len + 4;
    list->length = length - gone + (uint32_t)count;
    return true;
}

FN(array_unshift)
{
    if (!is_array(self)
        || !splice(run, self.object, 0, 0, args, count))
        return dv_unknown();
    return dv_value_number(self.object->length);
}

static struct dv_value
part(struct dv_eval *run, struct dv_value list, uint32_t from, uint32_t to)
{
    struct dv_object *made = dv_eval_array(run);

    for (uint32_t i = from; made != NULL && i < to; i++) {
        if (!push(run, made, item(run, list, i))
            || run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
    }
    return dv_eval_object(run, made);
}

FN(array_splice)
{
    uint32_t at, gone, end;
    struct dv_value removed;
    double number;

    if (!is_array(self) || count == 0)
        return count == 0 ? dv_eval_array_of(run, NULL, 0) : dv_unknown();
    if (!position(run, args[0], self.object->length, 0, &at)
        || !dv_eval_integer(run, count < 2 ? dv_value_number(INFINITY)
                                           : args[1],
                            0, &number))
        return dv_unknown();
    gone = number < 0 ? 0
           : number > self.object->length - at ? self.object->length - at
                                               : (uint32_t)number;
    end = at + gone;
    removed = part(run, self, at, end);
    if (run->flow != DV_FLOW_NORMAL
        || !splice(run, self.object, at, gone, count > 2 ? args + 2 : NULL,
                   count > 2 ? count - 2 : 0))
        return dv_value_undefined();
    return removed;
}

FN(array_slice)
{
    uint32_t length, from, to;

    if (!dv_eval_length(run, self, &length)
        || !position(run, ARG(0), length, 0, &from)
        || !position(run, ARG(1), length, length, &to))
        return dv_unknown();
    return part(run, self, from, to);
}

FN(array_concat)
{
    struct dv_object *made = dv_eval_array(run);

    for (size_t i = 0; made != NULL && i <= count; i++) {
        const struct dv_value v = i == 0 ? self : args[i - 1];
        uint32_t length = 0;

        if (!is_array(v)) {
            if (!push(run, made, v))
                return dv_value_undefined();
            continue;
        }
        length = v.object->length;
        for (uint32_t k = 0; k < length; k++) {
            if (!push(run, made, item(run, v, k))
                || run->flow != DV_FLOW_NORMAL)
                return dv_value_undefined();
        }
    }
    return dv_eval_object(run, made);
}

FN(array_join)
{
    struct dv_text *all = run->heap.empty, *between, *text;
    uint32_t length;

    if (run->calls >= run->limits->eval_calls
        || !dv_eval_length(run, self, &length))
        return dv_unknown();
    if (ARG(0).tag == DV_V_UNDEFINED)
        between = dv_text_of_cstr(&run->heap, ",");
    else if (!dv_eval_to_text(run, ARG(0), &between))
        return dv_unknown();
    for (uint32_t i = 0; i < length; i++) {
        const struct dv_value v = item(run, self, i);

        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (i > 0)
            all = dv_text_join(&run->heap, all, between);
        if (!dv_eval_has(run, all))
            return dv_value_undefined();
        if (dv_value_is_nullish(v))
            continue;
        if (!dv_eval_to_text(run, v, &text))
            return dv_unknown();
        all = dv_text_join(&run->heap, all, text);
        if (!dv_eval_has(run, all))
            return dv_value_undefined();
    }
    return dv_value_text(all);
}

FN(array_to_string)
{
    UNUSED_ARGS;
    return array_join(run, self, NULL, 0);
}

FN(array_reverse)
{
    struct dv_object *list = self.object;

    UNUSED_ARGS;
    if (!is_array(self) || !dv_eval_step(run, list->items_len / 8))
        return dv_unknown();
    for (uint32_t i = 0; i < list->items_len / 2; i++) {
        const struct dv_value v = list->items[i];

        list->items[i] = list->items[list->items_len - 1 - i];
        list->items[list->items_len - 1 - i] = v;
    }
    return self;
}

static struct dv_value
find(struct dv_eval *run, struct dv_value list, struct dv_value wanted,
     struct dv_value start, bool is_last, bool is_includes)
{
    uint32_t length, from = 0;

    if (dv_is_unknown(wanted) || !dv_eval_length(run, list, &length)
        || (!is_last && !position(run, start, length, 0, &from)))
        return dv_unknown();
    for (uint32_t n = from; n < length; n++) {
        const uint32_t i = is_last ? length - 1 - n : n;
        const struct dv_value v = item(run, list, i);

        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (is_includes ? dv_value_same(run, v, wanted)
                        : dv_value_strictly_equal(run, v, wanted))
            return is_includes ? dv_value_boolean(true) : dv_value_number(i);
    }
    return is_includes ? dv_value_boolean(false) : dv_value_number(-1);
}

FN(array_index_of)
{
    return find(run, self, ARG(0), ARG(1), false, false);
}

FN(array_last_index_of)
{
    return find(run, self, ARG(0), ARG(1), true, false);
}

FN(array_includes)
{
    return find(run, self, ARG(0), ARG(1), false, true);
}

/* ---- With a function ---- */

enum walk { EACH, MAP, FILTER, SOME, EVERY, FIND, FIND_INDEX, FLAT_MAP };

static struct dv_value
call_with(struct dv_eval *run, struct dv_value fn, struct dv_value self,
          struct dv_value v, uint32_t i, struct dv_value list)
{
    const struct dv_value words[] = { v, dv_value_number(i), list };

    return dv_eval_call(run, fn, self, words, 3);
}

/* Of an unknown list: once, with an unknown item. */
static struct dv_value
walk_unknown(struct dv_eval *run, const struct dv_value *args, size_t count)
{
    if (dv_value_is_callable(ARG(0)))
        (void)call_with(run, args[0], ARG(1), dv_unknown(), 0, dv_unknown());
    return dv_unknown();
}

static struct dv_value
walk(struct dv_eval *run, struct dv_value self, const struct dv_value *args,
     size_t count, enum walk what)
{
    struct dv_object *made = dv_eval_array(run);
    uint32_t length;

    if (made == NULL || !dv_eval_length(run, self, &length))
        return walk_unknown(run, args, count);
    for (uint32_t i = 0; i < length && run->flow == DV_FLOW_NORMAL; i++) {
        struct dv_value v = is_array(self) ? dv_object_item(self.object, i)
                                           : item(run, self, i);
        struct dv_value result;
        enum dv_truth is_true;

        if (!dv_eval_step(run, 1))
            break;
        if (v.tag == DV_V_EMPTY) {
            if (what == MAP)
                made->length++;
            continue;
        }
        result = call_with(run, ARG(0), ARG(1), v, i, self);
        if (run->flow != DV_FLOW_NORMAL)
            break;
        is_true = what <= MAP || what == FLAT_MAP ? DV_FALSE
                                                  : dv_eval_truth(run, result);
        if (what == MAP)
            (void)push(run, made, result);
        else if (what == FLAT_MAP && is_array(result))
            (void)dv_eval_collect(run, result, made);
        else if (what == FLAT_MAP)
            (void)push(run, made, result);
        else if (what == FILTER && is_true != DV_FALSE)
            (void)push(run, made, v);
        else if (what == SOME && is_true == DV_TRUE)
            return dv_value_boolean(true);
        else if (what == EVERY && is_true == DV_FALSE)
            return dv_value_boolean(false);
        else if (what == FIND && is_true == DV_TRUE)
            return v;
        else if (what == FIND_INDEX && is_true == DV_TRUE)
            return dv_value_number(i);
    }
    switch (what) {
    case MAP:
    case FILTER:
    case FLAT_MAP:
        return dv_value_object(made);
    case SOME:
    case EVERY:
        return dv_value_boolean(what == EVERY);
    case FIND_INDEX:
        return dv_value_number(-1);
    default:
        return dv_value_undefined();
    }
}

#define WALK(name, WHAT)                        \
    FN(name)                                    \
    {                                           \
        return walk(run, self, args, count, WHAT); \
    }
WALK(array_for_each, EACH)
WALK(array_map, MAP)
WALK(array_filter, FILTER)
WALK(array_some, SOME)
WALK(array_every, EVERY)
WALK(array_find, FIND)
WALK(array_find_index, FIND_INDEX)
WALK(array_flat_map, FLAT_MAP)
#undef WALK

static struct dv_value
reduce(struct dv_eval *run, struct dv_value self, const struct dv_value *args,
       size_t count, bool is_right)
{
    struct dv_value all = ARG(1);
    uint32_t length, n = 0;

    if (!dv_eval_length(run, self, &length))
        return walk_unknown(run, args, count);
    if (count < 2) {
        if (length == 0)
            return dv_eval_throw_error(run, run->type_error_proto,
                                       "Reduce of empty array");
        all = item(run, self, is_right ? length - 1 : 0);
        n = 1;
    }
    for (; n < length && run->flow == DV_FLOW_NORMAL; n++) {
        const uint32_t i = is_right ? length - 1 - n : n;
        const struct dv_value words[] = { all, item(run, self, i),
                                          dv_value_number(i), self };

        if (run->flow == DV_FLOW_NORMAL)
            all = dv_eval_call(run, ARG(0), dv_value_undefined(), words, 4);
    }
    return all;
}

FN(array_reduce)
{
    return reduce(run, self, args, count, false);
}

FN(array_reduce_right)
{
    return reduce(run, self, args, count, true);
}

/* Whether `a` comes behind `b`. */
static bool
is_behind(struct dv_eval *run, struct dv_value compare, struct dv_value a,
          struct dv_value b)
{
    const struct dv_value both[] = { a, b };
    struct dv_text *x, *y;
    double order;

    if (a.tag == DV_V_UNDEFINED || b.tag == DV_V_UNDEFINED)
        return a.tag == DV_V_UNDEFINED && b.tag != DV_V_UNDEFINED;
    if (dv_value_is_callable(compare))
        return dv_eval_number(run, dv_eval_call(run, compare,
                                                dv_value_undefined(), both,
                                                2),
                              &order)
               && order > 0;
    return dv_eval_flat(run, a, &x) && dv_eval_flat(run, b, &y)
           && dv_text_compare(x, y) > 0;
}

/* Merge sort of a copy, from the bottom: stable, and no worse for any order or
 * for a comparison that changes the list. */
FN(array_sort)
{
    struct dv_value *from, *to;
    uint32_t n;

    if (!is_array(self))
        return dv_unknown();
    n = self.object->items_len;
    from = dv_heap_grow(&run->heap, self.object->items, n, n, sizeof(*from));
    to = dv_heap_alloc(&run->heap, n * sizeof(*to));
    if (!dv_eval_has(run, from) || !dv_eval_has(run, to))
        return dv_value_undefined();
    for (uint32_t width = 1; width < n; width *= 2) {
        struct dv_value *swap = from;

        for (uint32_t low = 0; low < n; low += 2 * width) {
            const uint32_t middle = n - low < width ? n : low + width;
            const uint32_t high = n - middle < width ? n : middle + width;
            uint32_t a = low, b = middle;

            for (uint32_t i = low; i < high; i++) {
                if (!dv_eval_step(run, 1))
                    return dv_value_undefined();
                if (a < middle
                    && (b >= high
                        || !is_behind(run, ARG(0), from[a], from[b])))
                    to[i] = from[a++];
                else
                    to[i] = from[b++];
                if (run->flow != DV_FLOW_NORMAL)
                    return dv_value_undefined();
            }
        }
        from = to;
        to = swap;
    }
    if (n > self.object->items_len)     /* the comparison may have cut it */
        n = self.object->items_len;
    if (n > 0)
        memcpy(self.object->items, from, n * sizeof(*from));
    return self;
}

FN(array_fill)
{
    uint32_t length, from, to;

    if (!dv_eval_length(run, self, &length)
        || !position(run, ARG(1), length, 0, &from)
        || !position(run, ARG(2), length, length, &to))
        return dv_unknown();
    for (uint32_t i = from; i < to && dv_eval_step(run, 1); i++)
        dv_eval_set_value(run, self, dv_value_number(i), ARG(0));
    return self;
}

static void
flatten(struct dv_eval *run, struct dv_value list, double depth,
        struct dv_object *into, unsigned level)
{
    for (uint32_t i = 0; i < list.object->length
                         && run->flow == DV_FLOW_NORMAL;
         i++) {
        const struct dv_value v = item(run, list, i);

        if (is_array(v) && depth >= 1 && level < 100)
            flatten(run, v, depth - 1, into, level + 1);
        else if (!push(run, into, v))
            return;
    }
}

FN(array_flat)
{
    struct dv_object *made = dv_eval_array(run);
    double depth;

    if (made == NULL || !is_array(self)
        || !dv_eval_integer(run, ARG(0), 1, &depth))
        return dv_unknown();
    flatten(run, self, depth, made, 0);
    return dv_value_object(made);
}

FN(array_at)
{
    uint32_t length;
    double i;

    if (!dv_eval_length(run, self, &length)
        || !dv_eval_integer(run, ARG(0), 0, &i))
        return dv_unknown();
    if (i < 0)
        i += length;
    return i < 0 || i >= length ? dv_value_undefined()
                                : item(run, self, (uint32_t)i);
}

FN(array_keys)
{
    struct dv_object *list = dv_eval_array(run);
    uint32_t length;

    UNUSED_ARGS;
    if (list == NULL || !dv_eval_length(run, self, &length))
        return dv_unknown();
    for (uint32_t i = 0; i < length && dv_eval_step(run, 1); i++) {
        if (!push(run, list, dv_value_number(i)))
            break;
    }
    return dv_eval_list_iterator(run, list);
}

FN(array_entries)
{
    struct dv_object *list = dv_eval_array(run);
    uint32_t length;

    UNUSED_ARGS;
    if (list == NULL || !dv_eval_length(run, self, &length))
        return dv_unknown();
    for (uint32_t i = 0; i < length && dv_eval_step(run, 1); i++) {
        const struct dv_value pair[] = { dv_value_number(i),
                                         item(run, self, i) };

        if (!push(run, list, dv_eval_array_of(run, pair, 2)))
            break;
    }
    return dv_eval_list_iterator(run, list);
}

FN(array_values)
{
    UNUSED_ARGS;
    return self.tag == DV_V_OBJECT ? dv_eval_list_iterator(run, self.object)
                                   : dv_unknown();
}

FN(object_itself)
{
    UNUSED_ARGS;
    return self;
}

static const struct dv_native_row rows[] = {
    { "isArray", array_is_array, 1 },
    { "of", array_of, 0 },
    { "from", dv_eval_array_from, 1 },
};

static const struct dv_native_row methods[] = {
    { "push", array_push, 1 },
    { "pop", array_pop, 0 },
    { "shift", array_shift, 0 },
    { "unshift", array_unshift, 1 },
    { "splice", array_splice, 2 },
    { "slice", array_slice, 2 },
    { "concat", array_concat, 1 },
    { "join", array_join, 1 },
    { "toString", array_to_string, 0 },
    { "reverse", array_reverse, 0 },
    { "indexOf", array_index_of, 1 },
    { "lastIndexOf", array_last_index_of, 1 },
    { "includes", array_includes, 1 },
    { "forEach", array_for_each, 1 },
    { "map", array_map, 1 },
    { "filter", array_filter, 1 },
    { "some", array_some, 1 },
    { "every", array_every, 1 },
    { "find", array_find, 1 },
    { "findIndex", array_find_index, 1 },
    { "flatMap", array_flat_map, 1 },
    { "reduce", array_reduce, 1 },
    { "reduceRight", array_reduce_right, 1 },
    { "sort", array_sort, 1 },
    { "fill", array_fill, 1 },
    { "flat", array_flat, 0 },
    { "at", array_at, 1 },
    { "keys", array_keys, 0 },
    { "entries", array_entries, 0 },
    { "values", array_values, 0 },
};

bool
dv_eval_world_array(struct dv_eval *run)
{
    static const struct dv_native_row next[] = {
        { "next", dv_eval_iterator_next, 0 },
    };
    static const struct dv_native_row generator[] = {
        { "next", dv_eval_generator_next, 1 },
        { "return", dv_eval_generator_return, 1 },
        { "throw", dv_eval_generator_return, 1 },
    };
    struct dv_object *class = dv_eval_add_class(run, "Array", array_construct,
                                                array_construct,
                                                run->array_proto);
    struct dv_object *same = dv_eval_native(run, "[Symbol.iterator]",
                                            object_itself, 0);
    struct dv_value values;

    if (class == NULL || same == NULL
        || !dv_eval_add_natives(run, class, rows, DV_COUNT_OF(rows))
        || !dv_eval_add_natives(run, run->array_proto, methods,
                                DV_COUNT_OF(methods))
        || !dv_eval_add_natives(run, run->iterator_proto, next, 1)
        || !dv_eval_add_natives(run, run->generator_proto, generator,
                                DV_COUNT_OF(generator)))
        return false;
    values = dv_eval_get_cstr(run, dv_value_object(run->array_proto),
                              "values");
    return dv_object_put(&run->heap, run->array_proto, run->symbol_iterator,
                         values, DV_PROP_HIDDEN)
           && dv_object_put(&run->heap, run->iterator_proto,
                            run->symbol_iterator, dv_value_object(same),
                            DV_PROP_HIDDEN)
           && dv_object_put(&run->heap, run->generator_proto,
                            run->symbol_iterator, dv_value_object(same),
                            DV_PROP_HIDDEN);
}

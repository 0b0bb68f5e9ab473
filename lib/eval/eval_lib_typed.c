/* SPDX-License-Identifier: MIT */
/* eval_lib_typed.c - ArrayBuffer, typed arrays and DataView (ECMA-262, 23.2,
 * 25.1, 25.3).  Little endian, as all browsers are. */

#include <math.h>
#include <stdio.h>

#include "eval/eval_lib.h"

enum type {
#define DV_TYPED_ROW(NAME, name, type, read) TYPE_##NAME,
#include "eval/eval_typed.def"
#undef DV_TYPED_ROW
    TYPES
};

static const struct {
    const char *name;
    uint8_t size;
} types[] = {
#define DV_TYPED_ROW(NAME, name, type, read) { name, sizeof(type) },
#include "eval/eval_typed.def"
#undef DV_TYPED_ROW
};

/* ---- Buffers ---- */

static struct dv_object *
new_buffer(struct dv_eval *run, size_t length)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_BUFFER,
                                             run->buffer_proto);
    struct dv_buffer *buffer = dv_heap_alloc(&run->heap, sizeof(*buffer));

    if (!dv_eval_has(run, object) || !dv_eval_has(run, buffer)
        || !dv_eval_step(run, length / 256))
        return NULL;
    buffer->at = dv_heap_alloc(&run->heap, length + 1);
    if (!dv_eval_has(run, buffer->at))
        return NULL;
    buffer->length = length;
    object->data = buffer;
    return object;
}

static struct dv_object *
new_typed(struct dv_eval *run, struct dv_object *buffer, unsigned type,
          size_t offset, size_t length)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_TYPED,
                                             run->typed_protos[type]);
    struct dv_typed *typed = dv_heap_alloc(&run->heap, sizeof(*typed));

    if (!dv_eval_has(run, buffer) || !dv_eval_has(run, object)
        || !dv_eval_has(run, typed))
        return NULL;
    *typed = (struct dv_typed){ buffer, type, offset, length };
    object->data = typed;
    return object;
}

struct dv_object *
dv_typed_of_bytes(struct dv_eval *run, struct dv_span bytes)
{
    struct dv_object *buffer = new_buffer(run, bytes.len);

    if (buffer == NULL)
        return NULL;
    if (bytes.len > 0)
        memcpy(((struct dv_buffer *)buffer->data)->at, bytes.at, bytes.len);
    return new_typed(run, buffer, TYPE_UINT8, 0, bytes.len);
}

struct dv_span
dv_typed_bytes(const struct dv_object *object)
{
    const struct dv_buffer *buffer;
    const struct dv_typed *typed;

    if (object->class == DV_C_BUFFER) {
        buffer = object->data;
        return dv_span_of(buffer->at, buffer->length);
    }
    typed = object->data;
    buffer = typed->buffer->data;
    return dv_span_of(buffer->at + typed->offset,
                      typed->length * types[typed->type].size);
}

/* ---- Items ---- */

static struct dv_value
read_item(const uint8_t *at, unsigned type)
{
    switch (type) {
#define DV_TYPED_ROW(NAME, name, type, read)  \
    case TYPE_##NAME: {                       \
        type item;                            \
                                              \
        memcpy(&item, at, sizeof(item));      \
        return dv_value_##read(item);         \
    }
#include "eval/eval_typed.def"
#undef DV_TYPED_ROW
    default:
        return dv_value_undefined();
    }
}

static void
write_item(uint8_t *at, unsigned type, double number)
{
    const int32_t whole = dv_eval_int32(number);
    const int64_t large = fabs(number) < 9e18 ? (int64_t)number : 0;
    const float narrow = (float)number;

    switch (type) {
    case TYPE_FLOAT32:
        memcpy(at, &narrow, sizeof(narrow));
        break;
    case TYPE_FLOAT64:
        memcpy(at, &number, sizeof(number));
        break;
    case TYPE_BIGINT64:
    case TYPE_BIGUINT64:
        memcpy(at, &large, sizeof(large));
        break;
    case TYPE_CLAMPED:
        *at = number > 255 ? 255 : number > 0 ? (uint8_t)lrint(number) : 0;
        break;
    default:
        memcpy(at, &whole, types[type].size);
        break;
    }
}

struct dv_value
dv_typed_get(const struct dv_typed *typed, size_t i)
{
    const struct dv_buffer *buffer = typed->buffer->data;

    if (i >= typed->length)
        return dv_value_undefined();
    return read_item(buffer->at + typed->offset + i * types[typed->type].size,
                     typed->type);
}

void
dv_typed_set(struct dv_eval *run, const struct dv_typed *typed, size_t i,
             struct dv_value value)
{
    const struct dv_buffer *buffer = typed->buffer->data;
    double number = 0;

    if (i >= typed->length)
        return;
    if (value.tag == DV_V_NUMBER)
        number = value.number;
    else if (!dv_eval_number(run, value, &number))
        number = 0;                     /* what is unknown cannot be kept */
    write_item(buffer->at + typed->offset + i * types[typed->type].size,
               typed->type, number);
}

/* ---- ArrayBuffer ---- */

FN(buffer_construct)
{
    double length;

    UNUSED_SELF;
    if (!dv_eval_integer(run, ARG(0), 0, &length))
        return dv_unknown();
    if (length < 0 || length > 4294967295.0)
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "Array buffer allocation failed");
    return dv_eval_object(run, new_buffer(run, (size_t)length));
}

FN(buffer_length)
{
    UNUSED_ARGS;
    if (dv_value_is_class(self, DV_C_BUFFER)
        || dv_value_is_class(self, DV_C_TYPED))
        return dv_value_number((double)dv_typed_bytes(self.object).len);
    return dv_unknown();
}

static void
range(struct dv_eval *run, const struct dv_value *args, size_t count,
      size_t length, size_t *from, size_t *to)
{
    double a = 0, b = (double)length;

    (void)dv_eval_integer(run, ARG(0), 0, &a);
    (void)dv_eval_integer(run, ARG(1), (double)length, &b);
    a = a < 0 ? fmax(0, a + (double)length) : fmin(a, (double)length);
    b = b < 0 ? fmax(0, b + (double)length) : fmin(b, (double)length);
    *from = (size_t)a;
    *to = b < a ? (size_t)a : (size_t)b;
}

FN(buffer_slice)
{
    struct dv_object *made;
    struct dv_span bytes;
    size_t from, to;

    if (!dv_value_is_class(self, DV_C_BUFFER))
        return dv_unknown();
    bytes = dv_typed_bytes(self.object);
    range(run, args, count, bytes.len, &from, &to);
    made = new_buffer(run, to - from);
    if (made != NULL && to > from)
        memcpy(((struct dv_buffer *)made->data)->at, bytes.at + from,
               to - from);
    return dv_eval_object(run, made);
}

/* ---- Typed arrays ---- */

static struct dv_value
view_of(struct dv_eval *run, struct dv_object *buffer, unsigned type,
        const struct dv_value *args, size_t count)
{
    const size_t all = ((struct dv_buffer *)buffer->data)->length;
    double offset, length;

    if (!dv_eval_integer(run, ARG(1), 0, &offset))
        return dv_unknown();
    if (offset < 0 || offset > (double)all)
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "Start offset is outside the bounds of "
                                   "the buffer");
    if (!dv_eval_integer(run, ARG(2),
                         floor(((double)all - offset) / types[type].size),
                         &length))
        return dv_unknown();
    if (length < 0 || offset + length * types[type].size > (double)all)
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "Invalid typed array length");
    return dv_eval_object(run, new_typed(run, buffer, type, (size_t)offset,
                                         (size_t)length));
}

static struct dv_value
make(struct dv_eval *run, unsigned type, size_t length)
{
    struct dv_object *buffer;

    if (length > UINT32_MAX)
        return dv_eval_throw_error(run, run->range_error_proto,
                                   "Invalid typed array length");
    buffer = new_buffer(run, length * types[type].size);
    return dv_eval_object(run, buffer == NULL ? NULL
                                              : new_typed(run, buffer, type,
                                                          0, length));
}

static struct dv_value
of_items(struct dv_eval *run, unsigned type, struct dv_value list)
{
    struct dv_value made;
    uint32_t length;

    if (list.tag == DV_V_OBJECT && list.object->class != DV_C_ARRAY
        && list.object->class != DV_C_TYPED
        && dv_value_is_callable(dv_eval_get(run, list,
                                            run->symbol_iterator))) {
        struct dv_object *items = dv_eval_array(run);

        if (items == NULL || !dv_eval_collect(run, list, items))
            return dv_unknown();
        list = dv_value_object(items);
    }
    if (run->flow != DV_FLOW_NORMAL || !dv_eval_length(run, list, &length))
        return dv_unknown();
    made = make(run, type, length);
    for (uint32_t i = 0; i < length && run->flow == DV_FLOW_NORMAL
                         && dv_eval_step(run, 1);
         i++)
        dv_typed_set(run, made.object->data, i,
                     dv_eval_get_index(run, list, i));
    return made;
}

FN(typed_construct)
{
    const unsigned type = (unsigned)run->bound.number;
    double length;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)))
        return dv_unknown();
    if (dv_value_is_class(ARG(0), DV_C_BUFFER))
        return view_of(run, args[0].object, type, args, count);
    if (ARG(0).tag == DV_V_OBJECT)
        return of_items(run, type, args[0]);
    if (!dv_eval_integer(run, ARG(0), 0, &length))
        return dv_unknown();
    return length < 0 ? make(run, type, SIZE_MAX)
                      : make(run, type, (size_t)length);
}

FN(typed_from)
{
    const unsigned type = (unsigned)run->bound.number;
    const struct dv_value items
        = dv_value_is_callable(ARG(1))
              ? dv_eval_array_from(run, self, args, count)
              : ARG(0);

    if (run->flow != DV_FLOW_NORMAL || dv_is_unknown(items))
        return dv_unknown();
    return of_items(run, type, items);
}

FN(typed_of)
{
    const unsigned type = (unsigned)run->bound.number;

    UNUSED_SELF;
    return of_items(run, type, dv_eval_array_of(run, args, count));
}

static struct dv_typed *
this_typed(struct dv_value self)
{
    return dv_value_is_class(self, DV_C_TYPED) ? self.object->data : NULL;
}

FN(typed_length)
{
    const struct dv_typed *typed = this_typed(self);

    UNUSED_ARGS;
    return typed == NULL ? dv_unknown()
                         : dv_value_number((double)typed->length);
}

FN(typed_offset)
{
    const struct dv_typed *typed = this_typed(self);

    UNUSED_ARGS;
    return typed == NULL ? dv_unknown()
                         : dv_value_number((double)typed->offset);
}

FN(typed_buffer)
{
    const struct dv_typed *typed = this_typed(self);

    UNUSED_ARGS;
    return typed == NULL ? dv_unknown() : dv_value_object(typed->buffer);
}

FN(typed_set)
{
    const struct dv_typed *typed = this_typed(self);
    double offset;
    uint32_t length;

    if (typed == NULL || dv_is_unknown(ARG(0))
        || !dv_eval_integer(run, ARG(1), 0, &offset) || offset < 0
        || !dv_eval_length(run, ARG(0), &length))
        return dv_unknown();
    for (uint32_t i = 0; i < length && dv_eval_step(run, 1); i++)
        dv_typed_set(run, typed, (size_t)offset + i,
                     dv_eval_get_index(run, args[0], i));
    return dv_value_undefined();
}

static struct dv_value
part(struct dv_eval *run, struct dv_value self, const struct dv_value *args,
     size_t count, bool is_copy)
{
    const struct dv_typed *typed = this_typed(self);
    struct dv_value made;
    size_t from, to;

    if (typed == NULL)
        return dv_unknown();
    range(run, args, count, typed->length, &from, &to);
    if (!is_copy)
        return dv_eval_object(
            run, new_typed(run, typed->buffer, typed->type,
                           typed->offset + from * types[typed->type].size,
                           to - from));
    made = make(run, typed->type, to - from);
    if (run->flow == DV_FLOW_NORMAL && to > from)
        memcpy((uint8_t *)dv_typed_bytes(made.object).at,
               dv_typed_bytes(self.object).at
                   + from * types[typed->type].size,
               (to - from) * types[typed->type].size);
    return made;
}

FN(typed_subarray)
{
    return part(run, self, args, count, false);
}

FN(typed_slice)
{
    return part(run, self, args, count, true);
}

/* ---- DataView ---- */

FN(view_construct)
{
    struct dv_value made;

    UNUSED_SELF;
    if (!dv_value_is_class(ARG(0), DV_C_BUFFER))
        return dv_unknown();
    made = view_of(run, args[0].object, TYPE_UINT8, args, count);
    if (made.tag == DV_V_OBJECT) {
        made.object->class = DV_C_VIEW;
        made.object->proto = run->view_proto;
    }
    return made;
}

/* The place of an item; NULL when it is outside. */
static uint8_t *
place(struct dv_eval *run, struct dv_value self, struct dv_value at,
      unsigned type)
{
    const struct dv_typed *typed;
    double offset;

    if (!dv_value_is_class(self, DV_C_VIEW)
        || !dv_eval_integer(run, at, 0, &offset))
        return NULL;
    typed = self.object->data;
    if (offset < 0 || offset + types[type].size > (double)typed->length) {
        (void)dv_eval_throw_error(run, run->range_error_proto,
                                  "Offset is outside the bounds of the "
                                  "DataView");
        return NULL;
    }
    return ((struct dv_buffer *)typed->buffer->data)->at + typed->offset
           + (size_t)offset;
}

static void
turn(uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        const uint8_t byte = at[i];

        at[i] = at[size - 1 - i];
        at[size - 1 - i] = byte;
    }
}

FN(view_get)
{
    const unsigned type = (unsigned)run->bound.number;
    const uint8_t *at = place(run, self, ARG(0), type);
    uint8_t room[8];

    if (at == NULL)
        return dv_unknown();
    memcpy(room, at, types[type].size);
    if (dv_eval_truth(run, ARG(1)) != DV_TRUE)
        turn(room, types[type].size);
    return read_item(room, type);
}

FN(view_set)
{
    const unsigned type = (unsigned)run->bound.number;
    uint8_t *at = place(run, self, ARG(0), type);
    double number = 0;

    if (at == NULL)
        return dv_unknown();
    (void)dv_eval_number(run, ARG(1), &number);
    write_item(at, type, number);
    if (dv_eval_truth(run, ARG(2)) != DV_TRUE)
        turn(at, types[type].size);
    return dv_value_undefined();
}

/* ---- The classes ---- */

static bool
add_getter(struct dv_eval *run, struct dv_object *proto, const char *name,
           dv_native_fn *fn)
{
    struct dv_object *getter = dv_eval_native(run, name, fn, 0);

    if (getter == NULL)
        return false;
    dv_eval_define_accessor(run, proto,
                            dv_text_key_of_cstr(&run->heap, name), getter,
                            true);
    return run->flow == DV_FLOW_NORMAL;
}

static bool
add_bound(struct dv_eval *run, struct dv_object *object, const char *first,
          const char *second, dv_native_fn *fn, unsigned type)
{
    char name[32];
    const struct dv_value made = dv_eval_native_with(run, fn,
                                                     dv_value_number(type));

    (void)snprintf(name, sizeof(name), "%s%s", first, second);
    return run->flow == DV_FLOW_NORMAL
           && dv_object_put_cstr(&run->heap, object, name, made,
                                 DV_PROP_HIDDEN);
}

static bool
add_type(struct dv_eval *run, unsigned type)
{
    struct dv_object *proto = dv_object_new(&run->heap, DV_C_OBJECT,
                                            run->typed_proto);
    struct dv_object *class;
    char name[32];

    (void)snprintf(name, sizeof(name), "%sArray", types[type].name);
    run->typed_protos[type] = proto;
    if (proto == NULL)
        return false;
    class = dv_eval_add_class(run, name, NULL, typed_construct, proto);
    if (class == NULL)
        return false;
    ((struct dv_native_data *)class->data)->bound = dv_value_number(type);
    return add_bound(run, class, "from", "", typed_from, type)
           && add_bound(run, class, "of", "", typed_of, type)
           && dv_object_put_cstr(&run->heap, class, "BYTES_PER_ELEMENT",
                                 dv_value_number(types[type].size), 0)
           && dv_object_put_cstr(&run->heap, proto, "BYTES_PER_ELEMENT",
                                 dv_value_number(types[type].size), 0)
           && add_bound(run, run->view_proto, "get", types[type].name,
                        view_get, type)
           && add_bound(run, run->view_proto, "set", types[type].name,
                        view_set, type);
}

bool
dv_eval_world_typed(struct dv_eval *run)
{
    static const struct dv_native_row methods[] = {
        { "set", typed_set, 1 },
        { "subarray", typed_subarray, 2 },
        { "slice", typed_slice, 2 },
    };
    static const struct dv_native_row slice[] = {
        { "slice", buffer_slice, 2 },
    };
    static const char *const shared[] = {
        "join", "indexOf", "lastIndexOf", "includes", "forEach", "some",
        "every", "find", "findIndex", "reduce", "reduceRight", "fill", "at",
        "keys", "values", "entries", "toString", "map", "filter",
    };
    const struct dv_value array = dv_value_object(run->array_proto);

    for (size_t i = 0; i < DV_COUNT_OF(shared); i++) {
        if (!dv_object_put_cstr(&run->heap, run->typed_proto, shared[i],
                                dv_eval_get_cstr(run, array, shared[i]),
                                DV_PROP_HIDDEN))
            return false;
    }
    for (unsigned type = 0; type < TYPES; type++) {
        if (!add_type(run, type))
            return false;
    }
    return dv_eval_add_class(run, "ArrayBuffer", NULL, buffer_construct,
                             run->buffer_proto)
               != NULL
           && dv_eval_add_class(run, "DataView", NULL, view_construct,
                                run->view_proto)
                  != NULL
           && dv_object_put(&run->heap, run->typed_proto,
                            run->symbol_iterator,
                            dv_eval_get_cstr(run, array, "values"),
                            DV_PROP_HIDDEN)
           && dv_eval_add_natives(run, run->typed_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->buffer_proto, slice, 1)
           && add_getter(run, run->typed_proto, "length", typed_length)
           && add_getter(run, run->typed_proto, "byteLength", buffer_length)
           && add_getter(run, run->typed_proto, "byteOffset", typed_offset)
           && add_getter(run, run->typed_proto, "buffer", typed_buffer)
           && add_getter(run, run->buffer_proto, "byteLength",
                         buffer_length);
}

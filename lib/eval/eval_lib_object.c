/* SPDX-License-Identifier: MIT */
/* eval_lib_object.c - Object, Function, Error, Symbol, Reflect and Proxy
 * (ECMA-262, 20.1, 20.2, 20.5, 20.4, 28). */

#include "eval/eval_lib.h"

/* ---- Object ---- */

FN(object_construct)
{
    struct dv_object *object;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)))
        return ARG(0);
    if (!dv_value_is_nullish(ARG(0)))
        return dv_eval_object(run, dv_eval_to_object(run, ARG(0)));
    object = dv_object_new(&run->heap, DV_C_OBJECT, run->object_proto);
    return dv_eval_object(run, object);
}

enum entry { KEYS, VALUES, ENTRIES };

static struct dv_value
list_entries(struct dv_eval *run, struct dv_value v, enum entry what)
{
    struct dv_object *object, *keys, *list;

    if (dv_is_unknown(v))
        return dv_unknown();
    if (dv_value_is_nullish(v))
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "Cannot convert undefined to object");
    object = dv_eval_to_object(run, v);
    keys = object == NULL ? NULL : dv_eval_keys(run, object, true, false);
    if (keys == NULL || what == KEYS)
        return dv_eval_object(run, keys);
    list = dv_eval_array(run);
    for (uint32_t i = 0; list != NULL && i < keys->items_len; i++) {
        struct dv_value pair[2] = { keys->items[i],
                                    dv_eval_get_value(run, v,
                                                      keys->items[i]) };

        if (run->flow != DV_FLOW_NORMAL
            || !dv_eval_has(run,
                            dv_object_push(&run->heap, list,
                                           what == VALUES
                                               ? pair[1]
                                               : dv_eval_array_of(run, pair,
                                                                  2))
                                ? list
                                : NULL))
            return dv_value_undefined();
    }
    return dv_eval_object(run, list);
}

FN(object_keys)
{
    UNUSED_SELF;
    return list_entries(run, ARG(0), KEYS);
}

FN(object_values)
{
    UNUSED_SELF;
    return list_entries(run, ARG(0), VALUES);
}

FN(object_entries)
{
    UNUSED_SELF;
    return list_entries(run, ARG(0), ENTRIES);
}

FN(object_names)
{
    struct dv_object *object;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)) || dv_value_is_nullish(ARG(0)))
        return dv_unknown();
    object = dv_eval_to_object(run, ARG(0));
    return dv_eval_object(run, object == NULL
                                   ? NULL
                                   : dv_eval_keys(run, object, false, false));
}

FN(object_symbols)
{
    UNUSED_SELF;
    if (ARG(0).tag != DV_V_OBJECT)
        return dv_unknown();
    return dv_eval_object(run, dv_eval_keys(run, ARG(0).object, false, true));
}

FN(object_assign)
{
    UNUSED_SELF;
    for (size_t i = 1; i < count && run->flow == DV_FLOW_NORMAL; i++) {
        struct dv_object *keys;

        if (dv_is_unknown(args[i]) && ARG(0).tag == DV_V_OBJECT)
            ARG(0).object->is_open = true;
        if (args[i].tag != DV_V_OBJECT)
            continue;
        keys = dv_eval_keys(run, args[i].object, true, false);
        for (uint32_t k = 0; keys != NULL && k < keys->items_len; k++)
            dv_eval_set_value(run, args[0], keys->items[k],
                              dv_eval_get_value(run, args[i],
                                                keys->items[k]));
    }
    return ARG(0);
}

static void
define_from(struct dv_eval *run, struct dv_object *object,
            const struct dv_text *key, struct dv_value descriptor)
{
    static const struct {
        const char *name;
        unsigned flag;
    } rows[] = { { "writable", DV_PROP_WRITABLE },
                 { "enumerable", DV_PROP_ENUMERABLE },
                 { "configurable", DV_PROP_CONFIGURABLE } };
    const struct dv_value get = dv_eval_get(run, descriptor, run->key_get);
    const struct dv_value set = dv_eval_get(run, descriptor, run->key_set);
    struct dv_value value;
    unsigned flags = 0;

    if (dv_value_is_callable(get))
        dv_eval_define_accessor(run, object, key, get.object, true);
    if (dv_value_is_callable(set))
        dv_eval_define_accessor(run, object, key, set.object, false);
    if (dv_value_is_callable(get) || dv_value_is_callable(set))
        return;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const enum dv_truth is_set = dv_eval_truth(
            run, dv_eval_get_cstr(run, descriptor, rows[i].name));

        if (is_set != DV_FALSE)
            flags |= rows[i].flag;
    }
    value = dv_eval_get(run, descriptor, run->key_value);
    if (object->class == DV_C_ARRAY || object->class == DV_C_TYPED)
        dv_eval_set(run, dv_value_object(object), key, value);
    else if (!dv_object_put(&run->heap, object, key, value, flags))
        (void)dv_eval_has(run, NULL);
}

FN(object_define)
{
    const struct dv_text *key;

    UNUSED_SELF;
    if (ARG(0).tag == DV_V_OBJECT && ARG(2).tag == DV_V_OBJECT
        && !dv_is_unknown(ARG(1)) && dv_eval_key(run, ARG(1), &key)) {
        if (key == run->symbol_iterator)
            run->has_own_iterators = true;
        define_from(run, ARG(0).object, key, ARG(2));
    }
    return ARG(0);
}

FN(object_define_all)
{
    struct dv_object *keys;

    UNUSED_SELF;
    if (ARG(0).tag != DV_V_OBJECT || ARG(1).tag != DV_V_OBJECT)
        return ARG(0);
    keys = dv_eval_keys(run, ARG(1).object, true, false);
    for (uint32_t i = 0; keys != NULL && i < keys->items_len; i++)
        define_from(run, args[0].object, keys->items[i].text,
                    dv_eval_get_value(run, args[1], keys->items[i]));
    return ARG(0);
}

FN(object_create)
{
    struct dv_object *object = dv_object_new(
        &run->heap, DV_C_OBJECT,
        ARG(0).tag == DV_V_OBJECT ? ARG(0).object : NULL);
    const struct dv_value both[] = { dv_eval_object(run, object), ARG(1) };

    if (object != NULL && dv_is_unknown(ARG(0)))
        object->is_open = true;
    return ARG(1).tag == DV_V_OBJECT ? object_define_all(run, self, both, 2)
                                     : both[0];
}

FN(object_prototype)
{
    struct dv_object *proto;

    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)))
        return dv_unknown();
    proto = dv_eval_proto_of(run, ARG(0));
    return proto == NULL ? dv_value_null() : dv_value_object(proto);
}

FN(object_set_prototype)
{
    UNUSED_SELF;
    if (ARG(0).tag == DV_V_OBJECT)
        ARG(0).object->proto = ARG(1).tag == DV_V_OBJECT ? ARG(1).object
                                                         : NULL;
    return ARG(0);
}

FN(object_freeze)
{
    UNUSED_SELF;
    return ARG(0);
}

FN(object_is_frozen)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_value_boolean(false);
}

FN(object_is)
{
    UNUSED_SELF;
    if (dv_is_unknown(ARG(0)) || dv_is_unknown(ARG(1)))
        return dv_unknown();
    return dv_value_boolean(dv_value_same(run, ARG(0), ARG(1)));
}

FN(object_descriptor)
{
    struct dv_object *made = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);
    const struct dv_property *property;
    const struct dv_text *key;

    UNUSED_SELF;
    if (ARG(0).tag != DV_V_OBJECT || dv_is_unknown(ARG(1))
        || !dv_eval_key(run, ARG(1), &key) || !dv_eval_has(run, made))
        return dv_unknown();
    property = dv_object_find(ARG(0).object, key);
    if (property == NULL && !ARG(0).object->is_open
        && dv_eval_has_property(run, ARG(0).object, key) != DV_TRUE)
        return dv_value_undefined();
    if (property != NULL && (property->flags & DV_PROP_ACCESSOR)) {
        if (property->accessor->get != NULL)
            (void)dv_eval_put(run, made, run->key_get,
                              dv_value_object(property->accessor->get));
        if (property->accessor->set != NULL)
            (void)dv_eval_put(run, made, run->key_set,
                              dv_value_object(property->accessor->set));
    } else {
        (void)dv_eval_put(run, made, run->key_value,
                          dv_eval_get(run, ARG(0), key));
        (void)dv_object_put_cstr(&run->heap, made, "writable",
                                 dv_value_boolean(true), DV_PROP_PLAIN);
    }
    (void)dv_object_put_cstr(&run->heap, made, "enumerable",
                             dv_value_boolean(true), DV_PROP_PLAIN);
    (void)dv_object_put_cstr(&run->heap, made, "configurable",
                             dv_value_boolean(true), DV_PROP_PLAIN);
    return dv_value_object(made);
}

static bool
add_pair(struct dv_eval *run, struct dv_value item, void *ctx)
{
    const struct dv_text *key;
    const struct dv_value name = dv_eval_get_index(run, item, 0);

    if (run->flow != DV_FLOW_NORMAL || dv_is_unknown(name)
        || !dv_eval_key(run, name, &key))
        return run->flow == DV_FLOW_NORMAL;
    return dv_eval_put(run, ctx, key, dv_eval_get_index(run, item, 1));
}

FN(object_from_entries)
{
    struct dv_object *made = dv_object_new(&run->heap, DV_C_OBJECT,
                                           run->object_proto);

    UNUSED_SELF;
    if (dv_eval_has(run, made)) {
        made->is_open = dv_is_unknown(ARG(0));
        dv_eval_iterate(run, ARG(0), add_pair, made);
    }
    return dv_eval_object(run, made);
}

FN(object_has_own)
{
    const bool is_method = !dv_value_is_callable(self);
    const struct dv_value object = is_method ? self : ARG(0);
    const struct dv_text *key;
    struct dv_value v;

    if (object.tag != DV_V_OBJECT || object.object->class == DV_C_PROXY
        || object.object->is_open)
        return dv_unknown();
    v = is_method ? ARG(0) : ARG(1);
    if (dv_is_unknown(v) || !dv_eval_key(run, v, &key))
        return dv_unknown();
    if (dv_object_find(object.object, key) != NULL)
        return dv_value_boolean(true);
    if (object.object->class == DV_C_OBJECT)
        return dv_value_boolean(false);
    return dv_value_boolean(
        dv_eval_has_property(run, object.object, key) == DV_TRUE
        && (object.object->proto == NULL
            || dv_eval_has_property(run, object.object->proto, key)
                   != DV_TRUE));
}

static const char *
tag_of(struct dv_value v)
{
    if (v.tag == DV_V_UNDEFINED)
        return "[object Undefined]";
    if (v.tag == DV_V_NULL)
        return "[object Null]";
    if (v.tag == DV_V_STRING)
        return "[object String]";
    if (v.tag == DV_V_NUMBER)
        return "[object Number]";
    if (v.tag == DV_V_BOOLEAN)
        return "[object Boolean]";
    if (v.tag != DV_V_OBJECT)
        return "[object Object]";
    if (v.object->is_callable)
        return "[object Function]";
    switch (v.object->class) {
    case DV_C_ARRAY:
        return "[object Array]";
    case DV_C_ARGUMENTS:
        return "[object Arguments]";
    case DV_C_ERROR:
        return "[object Error]";
    case DV_C_DATE:
        return "[object Date]";
    case DV_C_REGEXP:
        return "[object RegExp]";
    case DV_C_PROMISE:
        return "[object Promise]";
    case DV_C_WRAPPER:
        return tag_of(*(struct dv_value *)v.object->data);
    default:
        return "[object Object]";
    }
}

FN(object_to_string)
{
    struct dv_text *text;
    struct dv_value tag = dv_value_undefined();

    UNUSED_ARGS;
    if (dv_is_unknown(self))
        return dv_unknown();
    if (self.tag == DV_V_OBJECT && !self.object->is_open)
        tag = dv_eval_get(run, self, run->symbol_to_string_tag);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (tag.tag == DV_V_STRING) {
        text = dv_text_join(&run->heap,
                            dv_text_of_cstr(&run->heap, "[object "),
                            tag.text);
        return dv_eval_text(run, text == NULL
                                     ? NULL
                                     : dv_text_join(&run->heap, text,
                                                    run->heap.latin[']']));
    }
    if (self.tag == DV_V_OBJECT && self.object == run->global)
        return dv_eval_text(run, dv_text_of_cstr(&run->heap,
                                                 "[object Window]"));
    return dv_eval_text(run, dv_text_of_cstr(&run->heap, tag_of(self)));
}

FN(object_value_of)
{
    UNUSED_ARGS;
    if (self.tag == DV_V_OBJECT && self.object->class == DV_C_WRAPPER)
        return *(struct dv_value *)self.object->data;
    (void)run;
    return self;
}

FN(object_is_prototype)
{
    if (ARG(0).tag != DV_V_OBJECT || self.tag != DV_V_OBJECT)
        return dv_value_boolean(false);
    for (const struct dv_object *o = ARG(0).object->proto;
         o != NULL && dv_eval_step(run, 1); o = o->proto) {
        if (o == self.object)
            return dv_value_boolean(true);
    }
    return dv_value_boolean(false);
}

FN(object_define_getter)
{
    const struct dv_text *key;

    if (self.tag == DV_V_OBJECT && dv_value_is_callable(ARG(1))
        && !dv_is_unknown(ARG(0)) && dv_eval_key(run, ARG(0), &key))
        dv_eval_define_accessor(run, self.object, key, ARG(1).object, true);
    return dv_value_undefined();
}

static const struct dv_native_row object_rows[] = {
    { "keys", object_keys, 1 },
    { "values", object_values, 1 },
    { "entries", object_entries, 1 },
    { "getOwnPropertyNames", object_names, 1 },
    { "getOwnPropertySymbols", object_symbols, 1 },
    { "assign", object_assign, 2 },
    { "defineProperty", object_define, 3 },
    { "defineProperties", object_define_all, 2 },
    { "create", object_create, 2 },
    { "getPrototypeOf", object_prototype, 1 },
    { "setPrototypeOf", object_set_prototype, 2 },
    { "freeze", object_freeze, 1 },
    { "seal", object_freeze, 1 },
    { "preventExtensions", object_freeze, 1 },
    { "isFrozen", object_is_frozen, 1 },
    { "isSealed", object_is_frozen, 1 },
    { "is", object_is, 2 },
    { "getOwnPropertyDescriptor", object_descriptor, 2 },
    { "fromEntries", object_from_entries, 1 },
    { "hasOwn", object_has_own, 2 },
};

static const struct dv_native_row object_methods[] = {
    { "hasOwnProperty", object_has_own, 1 },
    { "propertyIsEnumerable", object_has_own, 1 },
    { "isPrototypeOf", object_is_prototype, 1 },
    { "toString", object_to_string, 0 },
    { "toLocaleString", object_to_string, 0 },
    { "valueOf", object_value_of, 0 },
    { "__defineGetter__", object_define_getter, 2 },
};

bool
dv_eval_world_object(struct dv_eval *run)
{
    struct dv_object *class = dv_eval_add_class(run, "Object",
                                                object_construct,
                                                object_construct,
                                                run->object_proto);

    return class != NULL
           && dv_eval_add_natives(run, class, object_rows,
                                  DV_COUNT_OF(object_rows))
           && dv_eval_add_natives(run, run->object_proto, object_methods,
                                  DV_COUNT_OF(object_methods));
}

/* ---- Function ---- */

FN(function_call)
{
    return dv_eval_call(run, self, ARG(0), count > 0 ? args + 1 : args,
                        count > 0 ? count - 1 : 0);
}

FN(function_apply)
{
    struct dv_object *list = dv_eval_array(run);
    uint32_t length;

    if (list == NULL)
        return dv_value_undefined();
    if (dv_is_unknown(ARG(1)))
        return dv_eval_call(run, self, ARG(0), &args[1], 1);
    if (!dv_value_is_nullish(ARG(1))) {
        if (!dv_eval_length(run, ARG(1), &length))
            return dv_unknown();
        for (uint32_t i = 0; i < length && dv_eval_step(run, 1); i++) {
            if (!dv_object_push(&run->heap, list,
                                dv_eval_get_index(run, args[1], i)))
                return dv_eval_object(run, NULL);
        }
    }
    return run->flow == DV_FLOW_NORMAL
               ? dv_eval_call(run, self, ARG(0), list->items, list->items_len)
               : dv_value_undefined();
}

FN(function_bind)
{
    struct dv_object *object;
    struct dv_bound *bound;

    if (!dv_value_is_callable(self))
        return dv_unknown();
    object = dv_object_new(&run->heap, DV_C_BOUND, run->function_proto);
    bound = dv_heap_alloc(&run->heap, sizeof(*bound));
    if (!dv_eval_has(run, object) || !dv_eval_has(run, bound))
        return dv_value_undefined();
    bound->target = self;
    bound->self = ARG(0);
    bound->count = count > 0 ? count - 1 : 0;
    bound->args = dv_heap_grow(&run->heap, args + (count > 0), bound->count,
                               bound->count + 1, sizeof(*args));
    object->data = bound;
    object->is_callable = true;
    return dv_eval_object(run, bound->args == NULL ? NULL : object);
}

FN(function_to_string)
{
    UNUSED_ARGS;
    if (self.tag != DV_V_OBJECT || !self.object->is_callable)
        return dv_unknown();
    if (self.object->class == DV_C_FUNCTION)
        return dv_eval_text(run, dv_eval_function_text(run, self.object));
    return self.object->class == DV_C_NATIVE
               ? dv_eval_text(run, dv_eval_function_text(run, self.object))
               : dv_eval_text(run, dv_text_of_cstr(&run->heap,
                                                   "function () { "
                                                   "[native code] }"));
}

/* new Function("a", "b", "code"): "(function anonymous(a,b\n) {\ncode\n})". */
FN(function_construct)
{
    struct dv_text *text = dv_text_of_cstr(&run->heap,
                                           "(function anonymous(");
    struct dv_value made;
    struct dv_unit *unit;

    UNUSED_SELF;
    dv_eval_tell(run, DV_EFFECT_CODE, dv_path_of_cstr(run, "Function"), NULL,
                 args, count);
    for (size_t i = 0; i < count && text != NULL; i++) {
        struct dv_text *word;

        if (!dv_eval_to_text(run, args[i], &word))
            return dv_unknown();
        if (i + 1 == count)
            text = dv_text_join(&run->heap, text,
                                dv_text_of_cstr(&run->heap, "\n) {\n"));
        else if (i > 0)
            text = dv_text_join(&run->heap, text,
                                dv_text_of_cstr(&run->heap, ","));
        text = text == NULL ? NULL : dv_text_join(&run->heap, text, word);
    }
    if (text != NULL)
        text = dv_text_join(&run->heap, text,
                            dv_text_of_cstr(&run->heap, count == 0
                                                            ? "\n) {\n\n})"
                                                            : "\n})"));
    if (!dv_eval_has(run, text) || run->calls >= run->limits->eval_calls)
        return dv_unknown();
    unit = dv_eval_unit(run, text, DV_JS_GOAL_SCRIPT);
    if (unit == NULL)
        return dv_value_undefined();
    run->calls++;
    made = dv_eval_program(run, unit, run->global_env);
    run->calls--;
    return made;
}

static const struct dv_native_row function_methods[] = {
    { "call", function_call, 1 },
    { "apply", function_apply, 2 },
    { "bind", function_bind, 1 },
    { "toString", function_to_string, 0 },
};

bool
dv_eval_world_function(struct dv_eval *run)
{
    return dv_eval_add_class(run, "Function", function_construct,
                             function_construct, run->function_proto)
               != NULL
           && dv_eval_add_natives(run, run->function_proto, function_methods,
                                  DV_COUNT_OF(function_methods));
}

/* ---- Error ---- */

FN(error_construct)
{
    struct dv_object *error = dv_object_new(&run->heap, DV_C_ERROR,
                                            run->error_proto);
    struct dv_text *text = NULL;

    if (!dv_eval_has(run, error))
        return dv_value_undefined();
    if (self.tag == DV_V_OBJECT) {
        const struct dv_value proto = dv_eval_get(run, self,
                                                  run->key_prototype);

        if (proto.tag == DV_V_OBJECT)
            error->proto = proto.object;
    }
    if (run->bound.tag == DV_V_OBJECT)
        error->proto = run->bound.object;
    if (ARG(0).tag != DV_V_UNDEFINED && dv_eval_to_text(run, ARG(0), &text))
        (void)dv_object_put(&run->heap, error, run->key_message,
                            dv_value_text(text), DV_PROP_HIDDEN);
    (void)dv_object_put(&run->heap, error, run->key_stack, dv_unknown(),
                        DV_PROP_HIDDEN);
    return dv_value_object(error);
}

FN(error_to_string)
{
    const struct dv_value name = dv_eval_get(run, self, run->key_name);
    const struct dv_value message = dv_eval_get(run, self, run->key_message);
    struct dv_text *text, *rest;

    UNUSED_ARGS;
    if (!dv_eval_to_text(run, name, &text)
        || !dv_eval_to_text(run, message, &rest))
        return dv_unknown();
    if (rest->length == 0)
        return dv_value_text(text);
    text = dv_text_join(&run->heap, text, dv_text_of_cstr(&run->heap, ": "));
    return dv_eval_text(run, text == NULL
                                 ? NULL
                                 : dv_text_join(&run->heap, text, rest));
}

struct dv_value
dv_eval_throw(struct dv_eval *run, struct dv_value value)
{
    if (run->flow == DV_FLOW_NORMAL) {
        run->flow = DV_FLOW_THROW;
        run->value = value;
    }
    return dv_value_undefined();
}

struct dv_value
dv_eval_throw_error(struct dv_eval *run, struct dv_object *proto,
                    const char *message)
{
    struct dv_object *error = dv_object_new(&run->heap, DV_C_ERROR, proto);

    if (!dv_eval_has(run, error)
        || !dv_eval_put(run, error, run->key_message,
                        dv_eval_text(run, dv_text_of_cstr(&run->heap,
                                                          message)))
        || !dv_eval_put(run, error, run->key_stack, dv_unknown()))
        return dv_value_undefined();
    return dv_eval_throw(run, dv_value_object(error));
}

static bool
add_error(struct dv_eval *run, const char *name, struct dv_object *proto)
{
    struct dv_object *class = dv_eval_add_class(run, name, error_construct,
                                                error_construct, proto);

    if (class == NULL)
        return false;
    if (proto != run->error_proto) {
        proto->proto = run->error_proto;
        ((struct dv_native_data *)class->data)->bound
            = dv_value_object(proto);
    }
    return dv_object_put(&run->heap, proto, run->key_name,
                         dv_eval_text(run, dv_text_of_cstr(&run->heap, name)),
                         DV_PROP_HIDDEN)
           && dv_object_put(&run->heap, proto, run->key_message,
                            dv_value_text(run->heap.empty), DV_PROP_HIDDEN);
}

bool
dv_eval_world_error(struct dv_eval *run)
{
    static const struct dv_native_row methods[] = {
        { "toString", error_to_string, 0 },
    };
    static const char *const others[] = { "EvalError", "URIError",
                                          "AggregateError", "DOMException" };

    for (size_t i = 0; i < DV_COUNT_OF(others); i++) {
        struct dv_object *proto = dv_object_new(&run->heap, DV_C_OBJECT,
                                                run->error_proto);

        if (proto == NULL || !add_error(run, others[i], proto))
            return false;
    }
    return add_error(run, "Error", run->error_proto)
           && add_error(run, "TypeError", run->type_error_proto)
           && add_error(run, "RangeError", run->range_error_proto)
           && add_error(run, "SyntaxError", run->syntax_error_proto)
           && add_error(run, "ReferenceError", run->reference_error_proto)
           && dv_eval_add_natives(run, run->error_proto, methods, 1);
}

/* ---- Symbol ---- */

static struct dv_value
make_symbol(struct dv_eval *run, const char *text)
{
    struct dv_text *symbol = dv_heap_alloc(&run->heap, sizeof(*symbol));
    const struct dv_text *name = dv_text_of_cstr(&run->heap, text);

    if (!dv_eval_has(run, symbol) || !dv_eval_has(run, name))
        return dv_value_undefined();
    *symbol = *name;
    symbol->is_symbol = true;
    symbol->is_key = false;
    return (struct dv_value){ .tag = DV_V_SYMBOL, .text = symbol };
}

FN(symbol_call)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return make_symbol(run, "Symbol()");
}

FN(symbol_for)
{
    struct dv_value kept = run->bound;
    const struct dv_text *key;
    struct dv_value symbol;

    UNUSED_SELF;
    if (kept.tag != DV_V_OBJECT || !dv_eval_key(run, ARG(0), &key))
        return dv_unknown();
    symbol = dv_eval_get(run, kept, key);
    if (symbol.tag != DV_V_SYMBOL) {
        symbol = make_symbol(run, "Symbol()");
        (void)dv_eval_put(run, kept.object, key, symbol);
    }
    return symbol;
}

FN(symbol_to_string)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_eval_text(run, dv_text_of_cstr(&run->heap, "Symbol()"));
}

/* What Object.prototype.toString calls some objects. */
static bool
add_tag(struct dv_eval *run, struct dv_object *proto, const char *name)
{
    return dv_object_put(&run->heap, proto, run->symbol_to_string_tag,
                         dv_eval_text(run, dv_text_of_cstr(&run->heap, name)),
                         DV_PROP_CONFIGURABLE);
}

bool
dv_eval_world_symbol(struct dv_eval *run)
{
    static const struct dv_native_row methods[] = {
        { "toString", symbol_to_string, 0 },
        { "valueOf", object_value_of, 0 },
    };
    struct dv_object *class = dv_eval_add_class(run, "Symbol", symbol_call,
                                                NULL, run->symbol_proto);
    struct dv_object *kept = dv_object_new(&run->heap, DV_C_OBJECT, NULL);
    struct dv_value by_name;
    const struct {
        const char *name;
        const struct dv_text **at;
    } known[] = {
        { "iterator", &run->symbol_iterator },
        { "asyncIterator", &run->symbol_async_iterator },
        { "toPrimitive", &run->symbol_to_primitive },
        { "toStringTag", &run->symbol_to_string_tag },
        { "hasInstance", &run->symbol_has_instance },
    };

    if (class == NULL || kept == NULL)
        return false;
    for (size_t i = 0; i < DV_COUNT_OF(known); i++) {
        const struct dv_value symbol = make_symbol(run, known[i].name);

        if (run->flow != DV_FLOW_NORMAL)
            return false;
        *known[i].at = symbol.text;
        if (!dv_object_put_cstr(&run->heap, class, known[i].name, symbol, 0))
            return false;
    }
    by_name = dv_eval_native_with(run, symbol_for, dv_value_object(kept));
    return run->flow == DV_FLOW_NORMAL
           && dv_object_put_cstr(&run->heap, class, "for", by_name,
                                 DV_PROP_HIDDEN)
           && dv_eval_add_natives(run, run->symbol_proto, methods,
                                  DV_COUNT_OF(methods))
           && add_tag(run, run->iterator_proto, "Array Iterator")
           && add_tag(run, run->generator_proto, "Generator")
           && add_tag(run, run->map_proto, "Map")
           && add_tag(run, run->set_proto, "Set")
           && add_tag(run, run->promise_proto, "Promise")
           && add_tag(run, run->buffer_proto, "ArrayBuffer")
           && add_tag(run, run->symbol_proto, "Symbol");
}

/* ---- Reflect and Proxy ---- */

FN(reflect_get)
{
    UNUSED_SELF;
    return dv_eval_get_value(run, ARG(0), ARG(1));
}

FN(reflect_set)
{
    UNUSED_SELF;
    dv_eval_set_value(run, ARG(0), ARG(1), ARG(2));
    return dv_value_boolean(true);
}

FN(reflect_has)
{
    UNUSED_SELF;
    return dv_eval_binary(run, DV_JS_T_IN, ARG(1), ARG(0));
}

FN(reflect_apply)
{
    UNUSED_SELF;
    return function_apply(run, ARG(0), count > 0 ? args + 1 : args,
                          count > 0 ? count - 1 : 0);
}

FN(reflect_construct)
{
    struct dv_object *list = dv_eval_array(run);

    UNUSED_SELF;
    if (list == NULL || !dv_eval_collect(run, ARG(1), list))
        return dv_value_undefined();
    return dv_eval_construct(run, ARG(0), list->items, list->items_len,
                             dv_value_is_callable(ARG(2)) ? ARG(2) : ARG(0));
}

FN(reflect_delete)
{
    const struct dv_text *key;

    UNUSED_SELF;
    if (!dv_is_unknown(ARG(1)) && dv_eval_key(run, ARG(1), &key))
        (void)dv_eval_delete(run, ARG(0), key);
    return dv_value_boolean(true);
}

FN(proxy_construct)
{
    struct dv_object *proxy;
    struct dv_value *pair;

    UNUSED_SELF;
    if (ARG(0).tag != DV_V_OBJECT || ARG(1).tag != DV_V_OBJECT)
        return ARG(0);
    proxy = dv_object_new(&run->heap, DV_C_PROXY, ARG(0).object->proto);
    pair = dv_heap_alloc(&run->heap, 2 * sizeof(*pair));
    if (!dv_eval_has(run, proxy) || !dv_eval_has(run, pair))
        return dv_value_undefined();
    pair[0] = args[0];
    pair[1] = args[1];
    proxy->data = pair;
    proxy->is_callable = args[0].object->is_callable;
    return dv_value_object(proxy);
}

static const struct dv_native_row reflect_rows[] = {
    { "get", reflect_get, 2 },
    { "set", reflect_set, 3 },
    { "has", reflect_has, 2 },
    { "apply", reflect_apply, 3 },
    { "construct", reflect_construct, 2 },
    { "deleteProperty", reflect_delete, 2 },
    { "defineProperty", object_define, 3 },
    { "getPrototypeOf", object_prototype, 1 },
    { "setPrototypeOf", object_set_prototype, 2 },
    { "ownKeys", object_names, 1 },
    { "getOwnPropertyDescriptor", object_descriptor, 2 },
};

bool
dv_eval_world_reflect(struct dv_eval *run)
{
    struct dv_object *reflect = dv_object_new(&run->heap, DV_C_OBJECT,
                                              run->object_proto);
    struct dv_object *proto = dv_object_new(&run->heap, DV_C_OBJECT, NULL);

    return reflect != NULL && proto != NULL
           && dv_eval_add_natives(run, reflect, reflect_rows,
                                  DV_COUNT_OF(reflect_rows))
           && dv_object_put_cstr(&run->heap, run->global, "Reflect",
                                 dv_value_object(reflect), DV_PROP_HIDDEN)
           && dv_eval_add_class(run, "Proxy", NULL, proxy_construct, proto)
                  != NULL;
}

/* SPDX-License-Identifier: MIT */
/* eval_browser.c - the model of the browser: what is known of it.  All else is
 * an unknown with a path, which tells by itself what is done to it. */

#include "eval/eval_lib.h"

/* Tell a call of something that is known. */
static void
tell(struct dv_eval *run, const char *path, const struct dv_value *args,
     size_t count, bool is_new)
{
    dv_eval_tell(run, is_new ? DV_EFFECT_NEW : DV_EFFECT_CALL,
                 dv_path_of_cstr(run, path), NULL, args, count);
}

/* An open object that stands for `path`. */
static struct dv_object *
host(struct dv_eval *run, const struct dv_path *path)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_HOST, NULL);

    if (!dv_eval_has(run, object))
        return NULL;
    object->is_open = true;
    object->path = path;
    return object;
}

/* ---- Code from text ---- */

FN(global_eval)
{
    UNUSED_SELF;
    if (ARG(0).tag != DV_V_STRING) {
        if (dv_is_unknown(ARG(0)))
            tell(run, "eval", args, count, false);
        return ARG(0);
    }
    return dv_eval_text_code(run, args[0].text, run->global_env);
}

static struct dv_value
timer(struct dv_eval *run, const char *name, const struct dv_value *args,
      size_t count)
{
    tell(run, name, args, count, false);
    if (dv_value_is_callable(ARG(0)))
        dv_eval_later(run, args[0], dv_value_undefined(),
                      count > 2 ? args + 2 : NULL, count > 2 ? count - 2 : 0);
    else if (ARG(0).tag == DV_V_STRING)
        dv_eval_later(run, dv_value_object(run->eval_function),
                      dv_value_undefined(), args, 1);
    return dv_value_number(1);
}

#define TIMER(name, path)                     \
    FN(name)                                  \
    {                                         \
        UNUSED_SELF;                          \
        return timer(run, path, args, count); \
    }
TIMER(global_set_timeout, "setTimeout")
TIMER(global_set_interval, "setInterval")
TIMER(global_set_immediate, "setImmediate")
TIMER(global_animation_frame, "requestAnimationFrame")
TIMER(global_idle_callback, "requestIdleCallback")
TIMER(global_microtask, "queueMicrotask")
#undef TIMER

/* ---- Elements ---- */

FN(document_create)
{
    struct dv_object *element = host(run, dv_path_of_cstr(
                                              run, "document.createElement()"));
    struct dv_text *tag;

    UNUSED_SELF;
    tell(run, "document.createElement", args, count, false);
    if (element == NULL || !dv_eval_flat(run, ARG(0), &tag))
        return dv_eval_object(run, element);
    element->data = tag;
    return dv_value_object(element);
}

/* ---- Chance ---- */

/* Always the same. */
FN(crypto_random_values)
{
    struct dv_span bytes;

    UNUSED_SELF;
    if (!dv_value_is_class(ARG(0), DV_C_TYPED))
        return ARG(0);
    bytes = dv_typed_bytes(args[0].object);
    if (dv_eval_step(run, 1 + bytes.len / 16) && bytes.len > 0)
        memset((uint8_t *)(uintptr_t)bytes.at, 0x5a, bytes.len);
    return args[0];
}

/* ---- Making it ---- */

static bool
add_hosts(struct dv_eval *run)
{
    static const char *const objects[] = {
#define DV_BROWSER_OBJECT(path) path,
#include "eval/eval_browser.def"
#undef DV_BROWSER_OBJECT
    };
    static const char *const selves[] = {
#define DV_BROWSER_SELF(name) name,
#include "eval/eval_browser.def"
#undef DV_BROWSER_SELF
    };

    for (size_t i = 0; i < DV_COUNT_OF(objects); i++) {
        struct dv_object *object = host(run, dv_path_of_cstr(run,
                                                             objects[i]));

        if (object == NULL
            || !dv_object_put_cstr(&run->heap, run->global, objects[i],
                                   dv_value_object(object), DV_PROP_HIDDEN))
            return false;
    }
    for (size_t i = 0; i < DV_COUNT_OF(selves); i++) {
        if (!dv_object_put_cstr(&run->heap, run->global, selves[i],
                                dv_value_object(run->global),
                                DV_PROP_HIDDEN))
            return false;
    }
    return true;
}

bool
dv_eval_world_browser(struct dv_eval *run)
{
    static const struct dv_native_row globals[] = {
        { "setTimeout", global_set_timeout, 2 },
        { "setInterval", global_set_interval, 2 },
        { "setImmediate", global_set_immediate, 1 },
        { "requestAnimationFrame", global_animation_frame, 1 },
        { "requestIdleCallback", global_idle_callback, 1 },
        { "queueMicrotask", global_microtask, 1 },
    };
    static const struct dv_native_row document_rows[] = {
        { "createElement", document_create, 1 },
    };
    static const struct dv_native_row crypto_rows[] = {
        { "getRandomValues", crypto_random_values, 1 },
    };
    struct dv_value document, crypto;

    run->eval_function = dv_eval_native(run, "eval", global_eval, 1);
    if (run->eval_function == NULL || !add_hosts(run)
        || !dv_object_put_cstr(&run->heap, run->global, "eval",
                               dv_value_object(run->eval_function),
                               DV_PROP_HIDDEN))
        return false;
    document = dv_eval_get_cstr(run, dv_value_object(run->global),
                                "document");
    crypto = dv_eval_get_cstr(run, dv_value_object(run->global), "crypto");
    return document.tag == DV_V_OBJECT && crypto.tag == DV_V_OBJECT
           && dv_eval_add_natives(run, crypto.object, crypto_rows,
                                  DV_COUNT_OF(crypto_rows))
           && dv_eval_add_natives(run, document.object, document_rows,
                                  DV_COUNT_OF(document_rows))
           && dv_eval_add_natives(run, run->global, globals,
                                  DV_COUNT_OF(globals));
}

/* SPDX-License-Identifier: MIT */
/* eval_class.c - classes (ECMA-262, 15.7). */

#include "eval/eval_run.h"

static uint32_t
constructor_of(struct dv_eval *run, uint32_t body)
{
    for (uint32_t id = dv_node(run, body)->a; id != 0;
         id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);

        if (node->kind == DV_JS_METHOD_DEFINITION
            && node->op == DV_JS_T_CONSTRUCTOR)
            return node->b;
    }
    return 0;
}

/* A constructor that nobody wrote passes everything on. */
static struct dv_value
default_constructor(struct dv_eval *run, struct dv_value self,
                    const struct dv_value *args, size_t count)
{
    const struct dv_class_data *class = (void *)run->bound.object->data;
    struct dv_value made;

    (void)self;
    if (class->parent.tag == DV_V_EMPTY) {
        made = dv_eval_object(run, dv_object_new(&run->heap, DV_C_OBJECT,
                                                 class->proto));
    } else {
        made = dv_eval_construct(run, class->parent, args, count,
                                 class->parent);
        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (made.tag != DV_V_OBJECT) {
            const struct dv_path *path = dv_is_unknown(made) ? made.path
                                                             : NULL;

            made = dv_eval_object(run, dv_object_new(&run->heap, DV_C_OBJECT,
                                                     class->proto));
            if (made.tag == DV_V_OBJECT) {
                made.object->is_open = true;
                made.object->path = path;
            }
        }
        if (made.tag == DV_V_OBJECT)
            made.object->proto = class->proto;
    }
    if (run->flow == DV_FLOW_NORMAL)
        dv_eval_fields(run, class, made);
    return made;
}

static struct dv_object *
make_default(struct dv_eval *run, struct dv_class_data *class)
{
    struct dv_object *holder = dv_object_new(&run->heap, DV_C_HOST, NULL);
    struct dv_object *object;

    if (!dv_eval_has(run, holder))
        return NULL;
    holder->data = class;
    object = dv_eval_native(run, "", NULL, 0);
    if (object != NULL) {
        struct dv_native_data *data = object->data;

        data->construct = default_constructor;
        data->bound = dv_value_object(holder);
    }
    return object;
}

static void
define_method(struct dv_eval *run, const struct dv_js_node *node,
              struct dv_object *target, struct dv_env *env)
{
    const struct dv_text *key = dv_eval_property_key(
        run, node->a, node->flags & DV_JS_COMPUTED, env);
    struct dv_object *function;

    if (run->flow != DV_FLOW_NORMAL)
        return;
    function = dv_eval_closure(run, node->b, env, target, key);
    if (function == NULL || key == NULL)
        return;
    if (node->op == DV_JS_T_GET || node->op == DV_JS_T_SET)
        dv_eval_define_accessor(run, target, key, function,
                                node->op == DV_JS_T_GET);
    else if (!dv_object_put(&run->heap, target, key,
                            dv_value_object(function), DV_PROP_HIDDEN))
        (void)dv_eval_has(run, NULL);
}

/* Run `fields` and static blocks, with `this`. */
static void
run_elements(struct dv_eval *run, const struct dv_class_data *class,
             struct dv_value self, bool is_static)
{
    struct dv_unit *unit = run->unit;
    struct dv_frame frame = { .caller = run->frame,
                              .self = self,
                              .home = is_static && self.tag == DV_V_OBJECT
                                          ? self.object
                                          : class->proto,
                              .maybe = dv_value_empty() };

    run->unit = class->unit;
    run->frame = &frame;
    for (uint32_t id = dv_node(run, class->body)->a;
         id != 0 && run->flow == DV_FLOW_NORMAL; id = dv_node(run, id)->next) {
        const struct dv_js_node *node = dv_node(run, id);
        const struct dv_text *key;
        struct dv_value v;

        if (node->kind == DV_JS_STATIC_BLOCK && is_static) {
            frame.env = dv_env_new(run, class->env,
                                   dv_unit_layout(run, class->unit, id));
            if (frame.env == NULL)
                break;
            frame.env->is_function = true;
            dv_eval_hoist(run, frame.env->layout, frame.env);
            dv_eval_statements(run, node->a, frame.env);
            if (run->flow == DV_FLOW_RETURN)
                run->flow = DV_FLOW_NORMAL;
        }
        if (node->kind != DV_JS_PROPERTY_DEFINITION
            || ((node->flags & DV_JS_STATIC) != 0) != is_static)
            continue;
        key = dv_eval_property_key(run, node->a, node->flags & DV_JS_COMPUTED,
                                   class->env);
        if (run->flow != DV_FLOW_NORMAL)
            break;
        frame.env = class->env;
        v = dv_eval_named(run, node->b, class->env, key);
        if (run->flow == DV_FLOW_NORMAL && key != NULL
            && self.tag == DV_V_OBJECT)
            (void)dv_eval_put(run, self.object, key, v);
    }
    run->frame = frame.caller;
    run->unit = unit;
}

void
dv_eval_fields(struct dv_eval *run, const struct dv_class_data *class,
               struct dv_value self)
{
    run_elements(run, class, self, false);
}

static bool
set_parent(struct dv_eval *run, struct dv_class_data *class,
           struct dv_object *proto, struct dv_object *constructor)
{
    const struct dv_value parent = class->parent;
    struct dv_value up;

    if (parent.tag == DV_V_NULL) {
        proto->proto = NULL;
        class->parent = dv_value_empty();
        return true;
    }
    if (dv_is_unknown(parent)) {
        proto->is_open = true;
        return true;
    }
    if (!dv_value_is_callable(parent)) {
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Class extends value is not a constructor");
        return false;
    }
    up = dv_eval_get(run, parent, run->key_prototype);
    if (up.tag == DV_V_OBJECT)
        proto->proto = up.object;
    else if (dv_is_unknown(up))
        proto->is_open = true;
    constructor->proto = parent.object;
    return run->flow == DV_FLOW_NORMAL;
}

static struct dv_object *
make_constructor(struct dv_eval *run, struct dv_class_data *class,
                 struct dv_object *proto, struct dv_env *env,
                 const struct dv_text *name)
{
    const uint32_t written = constructor_of(run, class->body);
    struct dv_object *object;

    if (written == 0)
        return make_default(run, class);
    object = dv_eval_closure(run, written, env, proto, name);
    if (object != NULL) {
        ((struct dv_function *)object->data)->class = class;
        object->is_class = true;
    }
    return object;
}

struct dv_value
dv_eval_class(struct dv_eval *run, uint32_t id, struct dv_env *env,
              const struct dv_text *name)
{
    const struct dv_js_node *node = dv_node(run, id);
    const struct dv_layout *layout = dv_unit_layout(run, run->unit, id);
    struct dv_class_data *class = dv_heap_alloc(&run->heap, sizeof(*class));
    struct dv_object *proto = dv_object_new(&run->heap, DV_C_OBJECT,
                                            run->object_proto);
    struct dv_object *constructor;

    if (layout != NULL)
        env = dv_env_new(run, env, layout);
    if (env == NULL || !dv_eval_has(run, class) || !dv_eval_has(run, proto))
        return dv_value_undefined();
    dv_env_capture(env);
    class->unit = run->unit;
    class->body = node->c;
    class->env = env;
    class->proto = proto;
    class->parent = node->b == 0 ? dv_value_empty()
                                 : dv_eval_expression(run, node->b, env);
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    if (node->a != 0)
        name = dv_unit_key(run, run->unit, node->a);
    constructor = make_constructor(run, class, proto, env, name);
    if (constructor == NULL
        || (class->parent.tag != DV_V_EMPTY
            && !set_parent(run, class, proto, constructor)))
        return dv_value_undefined();
    if (layout != NULL)                 /* the class's own name */
        env->slots[0] = dv_value_object(constructor);
    (void)dv_object_put(&run->heap, constructor, run->key_prototype,
                        dv_value_object(proto), 0);
    (void)dv_object_put(&run->heap, proto, run->key_constructor,
                        dv_value_object(constructor), DV_PROP_HIDDEN);
    for (uint32_t e = dv_node(run, node->c)->a;
         e != 0 && run->flow == DV_FLOW_NORMAL; e = dv_node(run, e)->next) {
        const struct dv_js_node *element = dv_node(run, e);

        if (element->kind == DV_JS_METHOD_DEFINITION
            && element->op != DV_JS_T_CONSTRUCTOR)
            define_method(run, element,
                          element->flags & DV_JS_STATIC ? constructor : proto,
                          env);
    }
    if (run->flow == DV_FLOW_NORMAL)
        run_elements(run, class, dv_value_object(constructor), true);
    return dv_value_object(constructor);
}

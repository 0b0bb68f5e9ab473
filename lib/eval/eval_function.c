/* SPDX-License-Identifier: MIT */
/* eval_function.c - functions: making, calling and constructing them
 * (ECMA-262, 10.2 to 10.4, 13.3). */

#include "base/compiler.h"
#include "eval/eval_run.h"

/* Runs of one function with arguments that say nothing: while the uncalled ones
 * are explored, and before. */
#define MAX_EXPLORED 6u
#define MAX_UNSURE   40u

/* ---- Making ---- */

struct dv_object *
dv_eval_closure(struct dv_eval *run, uint32_t node, struct dv_env *env,
                struct dv_object *home, const struct dv_text *name)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_FUNCTION,
                                             run->function_proto);
    struct dv_function *f = dv_heap_alloc(&run->heap, sizeof(*f));
    struct dv_object **listed;

    if (!dv_eval_has(run, object) || !dv_eval_has(run, f))
        return NULL;
    f->unit = run->unit;
    f->node = node;
    f->env = env;
    f->home = home;
    f->name = name;
    if (dv_js_kind(run->unit->tree, node)
        == DV_JS_ARROW_FUNCTION_EXPRESSION) {
        f->self = run->frame->self;
        f->new_target = run->frame->new_target;
        f->arrow_home = run->frame->home;
    }
    object->data = f;
    object->is_callable = true;
    dv_env_capture(env);
    listed = dv_vec_push(&run->functions);
    if (listed == NULL)
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
    if (!dv_eval_has(run, listed))
        return NULL;
    *listed = object;
    return object;
}

struct dv_object *
dv_eval_native(struct dv_eval *run, const char *name, dv_native_fn *fn,
               unsigned length)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_NATIVE,
                                             run->function_proto);
    struct dv_native_data *data = dv_heap_alloc(&run->heap, sizeof(*data));

    if (!dv_eval_has(run, object) || !dv_eval_has(run, data))
        return NULL;
    data->fn = fn;
    object->data = data;
    object->is_callable = true;
    if (!dv_object_put(&run->heap, object, run->key_name,
                       dv_eval_text(run, dv_text_key_of_cstr(&run->heap,
                                                             name)),
                       DV_PROP_CONFIGURABLE)
        || !dv_object_put(&run->heap, object, run->key_length,
                          dv_value_number(length), DV_PROP_CONFIGURABLE))
        return dv_eval_has(run, NULL) ? object : NULL;
    return object;
}

struct dv_value
dv_eval_native_with(struct dv_eval *run, dv_native_fn *fn,
                    struct dv_value bound)
{
    struct dv_object *object = dv_eval_native(run, "", fn, 1);

    if (object != NULL)
        ((struct dv_native_data *)object->data)->bound = bound;
    return dv_eval_object(run, object);
}

static struct dv_value
make_prototype(struct dv_eval *run, struct dv_object *function,
               unsigned flags)
{
    struct dv_object *proto = dv_object_new(
        &run->heap, DV_C_OBJECT,
        flags & DV_JS_GENERATOR ? run->generator_proto : run->object_proto);

    if (!dv_eval_has(run, proto))
        return dv_value_undefined();
    if (!(flags & DV_JS_GENERATOR))
        (void)dv_eval_put(run, proto, run->key_constructor,
                          dv_value_object(function));
    (void)dv_eval_put(run, function, run->key_prototype,
                      dv_value_object(proto));
    return dv_value_object(proto);
}

bool
dv_function_special(struct dv_eval *run, struct dv_object *function,
                    const struct dv_text *key, struct dv_value *value)
{
    const struct dv_function *f = function->data;
    const struct dv_js_node *node = dv_js_at(f->unit->tree, f->node);
    unsigned count = 0;

    if (key == run->key_prototype) {
        if (node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION
            || (node->flags & DV_JS_ASYNC))
            return false;
        *value = make_prototype(run, function, node->flags);
        return true;
    }
    if (key == run->key_name) {
        *value = f->name == NULL ? dv_value_text(run->heap.empty)
                                 : dv_value_text((struct dv_text *)f->name);
        return true;
    }
    if (key != run->key_length)
        return false;
    for (uint32_t id = node->b; id != 0;
         id = dv_js_at(f->unit->tree, id)->next) {
        const unsigned kind = dv_js_kind(f->unit->tree, id);

        if (kind == DV_JS_ASSIGNMENT_PATTERN || kind == DV_JS_REST_ELEMENT)
            break;
        count++;
    }
    *value = dv_value_number(count);
    return true;
}

struct dv_text *
dv_eval_function_text(struct dv_eval *run, struct dv_object *function)
{
    const struct dv_function *f = function->data;
    const struct dv_value name = dv_eval_get(run, dv_value_object(function),
                                             run->key_name);
    struct dv_text *text;

    if (function->class == DV_C_FUNCTION)
        return dv_text_of_utf8(&run->heap, dv_js_source(f->unit->tree,
                                                        f->node));
    text = dv_text_of_cstr(&run->heap, "function ");
    if (text != NULL && name.tag == DV_V_STRING)
        text = dv_text_join(&run->heap, text, name.text);
    return text == NULL
               ? NULL
               : dv_text_join(&run->heap, text,
                              dv_text_of_cstr(&run->heap,
                                              "() { [native code] }"));
}

/* ---- Running ---- */

static struct dv_value
arguments_of(struct dv_eval *run, struct dv_object *function,
             const struct dv_value *args, size_t count)
{
    struct dv_object *list = dv_object_new(&run->heap, DV_C_ARGUMENTS,
                                           run->object_proto);

    for (size_t i = 0; list != NULL && i < count; i++) {
        if (!dv_object_push(&run->heap, list, args[i]))
            list = NULL;
    }
    if (!dv_eval_has(run, list)
        || !dv_object_put(&run->heap, list, run->key_callee,
                          dv_value_object(function), DV_PROP_HIDDEN))
        return dv_value_undefined();
    return dv_value_object(list);
}

/* Parameters and `arguments`, and the function's own name. */
static void
bind_arguments(struct dv_eval *run, struct dv_object *function,
               const struct dv_js_node *node, struct dv_env *env,
               const struct dv_value *args, size_t count)
{
    const bool is_arrow = node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION;
    uint32_t slot;
    size_t i = 0;

    if (!is_arrow && dv_js_atom_get(run->unit->tree, DV_SPAN_LIT("arguments"))
        && env->layout != NULL
        && dv_layout_find(env->layout, run->key_arguments, &slot))
        env->slots[slot] = arguments_of(run, function, args, count);
    if (node->kind == DV_JS_FUNCTION_EXPRESSION && node->a != 0
        && !(node->flags & DV_JS_FUNCTION_METHOD))
        dv_env_init(run, env, node->a, dv_value_object(function));
    for (uint32_t id = node->b; id != 0 && run->flow == DV_FLOW_NORMAL;
         id = dv_node(run, id)->next, i++) {
        if (dv_node(run, id)->kind == DV_JS_REST_ELEMENT) {
            dv_eval_bind(run, dv_node(run, id)->a,
                         dv_eval_rest(run, args, count, i),
                         env, DV_JS_T_VAR);
            break;
        }
        if (dv_node(run, id)->kind == DV_JS_IDENTIFIER)
            dv_env_init(run, env, id, dv_eval_arg(args, count, i));
        else
            dv_eval_bind(run, id, dv_eval_arg(args, count, i), env,
                         DV_JS_T_VAR);
    }
}

static struct dv_value
run_body(struct dv_eval *run, const struct dv_js_node *node,
         struct dv_env *env)
{
    struct dv_value result = dv_value_undefined();

    if (node->flags & DV_JS_EXPRESSION
        && node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION) {
        result = dv_eval_expression(run, node->c, env);
    } else if (node->c != 0) {
        dv_eval_hoist(run, env->layout, env);
        if (run->flow == DV_FLOW_NORMAL)
            dv_eval_statements(run, dv_node(run, node->c)->a, env);
        if (run->flow == DV_FLOW_RETURN) {
            run->flow = DV_FLOW_NORMAL;
            result = run->value;
        }
    }
    if (run->flow == DV_FLOW_BREAK || run->flow == DV_FLOW_CONTINUE)
        run->flow = DV_FLOW_NORMAL;
    return result;
}

struct dv_value
dv_function_run(struct dv_eval *run, struct dv_object *function,
                struct dv_value self, const struct dv_value *args,
                size_t count, struct dv_value new_target,
                struct dv_object *yields)
{
    struct dv_function *f = function->data;
    struct dv_unit *unit = run->unit;
    const uint32_t call = run->node, place = run->place;
    const struct dv_js_node *node = dv_js_at(f->unit->tree, f->node);
    const bool is_arrow = node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION;
    struct dv_frame frame = { .caller = run->frame,
                              .function = function,
                              .self = self,
                              .new_target = new_target,
                              .home = f->home,
                              .maybe = dv_value_empty(),
                              .yields = yields };
    struct dv_value result = dv_value_undefined();

    f->unit->visits[f->node] |= 0x80;
    if (is_arrow) {
        frame.self = f->self;
        frame.new_target = f->new_target;
        frame.home = f->arrow_home;
    } else if (dv_value_is_nullish(self) && !(node->flags & DV_JS_STRICT)) {
        frame.self = dv_value_object(run->global);
    }
    run->unit = f->unit;
    if (f->unit != unit)
        run->node = 0;                  /* it is one of another text */
    frame.env = dv_env_new(run, f->env,
                           dv_unit_layout(run, f->unit, f->node));
    if (frame.env != NULL) {
        frame.env->is_function = true;
        run->frame = &frame;
        run->calls++;
        bind_arguments(run, function, node, frame.env, args, count);
        if (run->flow == DV_FLOW_NORMAL)
            result = run_body(run, node, frame.env);
        if (frame.maybe.tag != DV_V_EMPTY && run->flow == DV_FLOW_NORMAL)
            result = dv_eval_either(run, frame.maybe, result);
        run->calls--;
        run->frame = frame.caller;
        dv_env_release(run, frame.env);
    }
    run->unit = unit;
    run->node = call;
    run->place = place;
    if (!dv_value_is_nullish(new_target) && !is_arrow
        && result.tag != DV_V_OBJECT && run->flow == DV_FLOW_NORMAL)
        return frame.self;
    return result;
}

static struct dv_value
run_async(struct dv_eval *run, struct dv_object *function,
          struct dv_value self, const struct dv_value *args, size_t count)
{
    const struct dv_value result
        = dv_function_run(run, function, self, args, count,
                          dv_value_undefined(), NULL);
    struct dv_value reason;

    if (run->flow == DV_FLOW_NORMAL)
        return dv_eval_promise_of(run, result, false);
    if (run->flow != DV_FLOW_THROW)
        return dv_value_undefined();
    reason = run->value;
    run->flow = DV_FLOW_NORMAL;
    return dv_eval_promise_of(run, reason, true);
}

static bool
says_nothing(struct dv_value v, bool is_exploring)
{
    return v.tag == DV_V_UNKNOWN
           || (v.tag == DV_V_OBJECT
               && (is_exploring || v.object->class == DV_C_HOST));
}

/* Where it is not sure that it runs at all, or with what, each function is run
 * some times, and then only with arguments that say something, or without any
 * where none are taken: decoders are, and so are the functions that hold their
 * texts. */
static bool
is_known_enough(struct dv_eval *run, const struct dv_function *f,
                const struct dv_value *args, size_t count)
{
    uint8_t *runs = &f->unit->runs[f->node];
    bool is_known = true, says_something = !run->is_exploring;

    for (size_t i = 0; i < count && is_known; i++) {
        is_known = !says_nothing(args[i], run->is_exploring);
        says_something |= args[i].tag != DV_V_UNDEFINED;
    }
    if ((is_known && says_something && count > 0)
        || (run->unsure == 0 && count == 0)
        || dv_js_at(f->unit->tree, f->node)->b == 0)
        return true;
    if (*runs >= (run->is_exploring ? MAX_EXPLORED : MAX_UNSURE))
        return false;
    (*runs)++;
    return true;
}

static struct dv_value
call_script(struct dv_eval *run, struct dv_object *function,
            struct dv_value self, const struct dv_value *args, size_t count)
{
    struct dv_function *f = function->data;
    const unsigned flags = dv_js_at(f->unit->tree, f->node)->flags;

    if (run->calls >= run->limits->eval_calls
        || !is_known_enough(run, f, args, count))
        return dv_unknown();
    if (flags & DV_JS_GENERATOR)
        return dv_eval_generator(run, function, self, args, count);
    if (flags & DV_JS_ASYNC)
        return run_async(run, function, self, args, count);
    return dv_function_run(run, function, self, args, count,
                           dv_value_undefined(), NULL);
}

static struct dv_value
call_native(struct dv_eval *run, const struct dv_native_data *data,
            dv_native_fn *fn, struct dv_value self,
            const struct dv_value *args, size_t count)
{
    const struct dv_value outer = run->bound;
    struct dv_value result;

    if (fn == NULL)                     /* only by new, or never */
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "Illegal constructor");
    if (run->calls >= run->limits->eval_calls)
        return dv_unknown();
    run->calls++;
    run->bound = data->bound;
    result = fn(run, self, args, count);
    run->bound = outer;
    run->calls--;
    return result;
}

static struct dv_value
call_bound(struct dv_eval *run, const struct dv_bound *bound,
           const struct dv_value *args, size_t count, bool is_new)
{
    struct dv_value result, *all;

    if (run->calls >= run->limits->eval_calls)
        return dv_unknown();
    all = dv_heap_alloc(&run->heap,
                        (bound->count + count + 1) * sizeof(*all));
    if (!dv_eval_has(run, all))
        return dv_value_undefined();
    if (bound->count > 0)
        memcpy(all, bound->args, bound->count * sizeof(*all));
    if (count > 0)
        memcpy(all + bound->count, args, count * sizeof(*all));
    run->calls++;
    result = is_new ? dv_eval_construct(run, bound->target, all,
                                        bound->count + count, bound->target)
                    : dv_eval_call(run, bound->target, bound->self, all,
                                   bound->count + count);
    run->calls--;
    return result;
}

static struct dv_value
call_proxy(struct dv_eval *run, struct dv_object *proxy, const char *name,
           struct dv_value self, const struct dv_value *args, size_t count)
{
    const struct dv_value *pair = proxy->data;
    const struct dv_value method = dv_eval_get_cstr(run, pair[1], name);
    const struct dv_value words[] = { pair[0], self,
                                      dv_eval_array_of(run, args, count) };
    const struct dv_value swapped[] = { words[0], words[2], pair[0] };
    const bool is_apply = name[0] == 'a';
    struct dv_value result;

    if (run->flow != DV_FLOW_NORMAL
        || run->calls >= run->limits->eval_calls)
        return dv_unknown();
    run->calls++;
    if (dv_value_is_callable(method))
        result = dv_eval_call(run, method, pair[1],
                              is_apply ? words : swapped, 3);
    else if (is_apply)
        result = dv_eval_call(run, pair[0], self, args, count);
    else
        result = dv_eval_construct(run, pair[0], args, count, pair[0]);
    run->calls--;
    return result;
}

/* fetch(..).then(f): f gets what is known by the path fetch(). */
static void
go_on(struct dv_eval *run, const struct dv_path *path,
      const struct dv_value *args, size_t count)
{
    const struct dv_value result = dv_value_unknown(
        path == NULL ? NULL : path->from);

    if (path != NULL && path->from != NULL && path->name == run->key_then
        && dv_value_is_callable(dv_eval_arg(args, count, 0)))
        dv_eval_later(run, args[0], dv_value_undefined(), &result, 1);
}

struct dv_value
dv_eval_call(struct dv_eval *run, struct dv_value callee,
             struct dv_value self, const struct dv_value *args, size_t count)
{
    if (!dv_eval_step(run, 4))
        return dv_value_undefined();
    if (dv_is_unknown(callee)) {
        dv_eval_tell(run, DV_EFFECT_CALL, callee.path,
                     self.tag == DV_V_OBJECT ? self.object : NULL, args,
                     count);
        go_on(run, callee.path, args, count);
        return dv_eval_unknown_call(run, callee.path);
    }
    if (!dv_value_is_callable(callee))
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "value is not a function");
    switch (callee.object->class) {
    case DV_C_FUNCTION:
        if (callee.object->is_class)
            return dv_eval_throw_error(run, run->type_error_proto,
                                       "Class constructor cannot be invoked "
                                       "without 'new'");
        return call_script(run, callee.object, self, args, count);
    case DV_C_BOUND:
        return call_bound(run, callee.object->data, args, count, false);
    case DV_C_PROXY:
        return call_proxy(run, callee.object, "apply", self, args, count);
    default:
        return call_native(run, callee.object->data,
                           ((struct dv_native_data *)callee.object->data)->fn,
                           self, args, count);
    }
}

struct dv_value
dv_eval_invoke(struct dv_eval *run, struct dv_value object,
               const char *method, const struct dv_value *args, size_t count)
{
    const struct dv_value callee = dv_eval_get_cstr(run, object, method);

    return run->flow == DV_FLOW_NORMAL
               ? dv_eval_call(run, callee, object, args, count)
               : dv_value_undefined();
}

/* ---- Constructing ---- */

static struct dv_object *
prototype_for(struct dv_eval *run, struct dv_value new_target)
{
    const struct dv_value proto = dv_eval_get(run, new_target,
                                              run->key_prototype);

    return proto.tag == DV_V_OBJECT ? proto.object : run->object_proto;
}

static struct dv_value
construct_script(struct dv_eval *run, struct dv_object *function,
                 const struct dv_value *args, size_t count,
                 struct dv_value new_target)
{
    struct dv_function *f = function->data;
    const struct dv_js_node *node = dv_js_at(f->unit->tree, f->node);
    struct dv_value self = dv_value_empty();

    if (node->kind == DV_JS_ARROW_FUNCTION_EXPRESSION
        || (node->flags & (DV_JS_GENERATOR | DV_JS_ASYNC)))
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "value is not a constructor");
    if (run->calls >= run->limits->eval_calls)
        return dv_unknown();
    if (f->class == NULL || f->class->parent.tag == DV_V_EMPTY) {
        self = dv_eval_object(run, dv_object_new(
                                       &run->heap, DV_C_OBJECT,
                                       prototype_for(run, new_target)));
        if (run->flow == DV_FLOW_NORMAL && f->class != NULL)
            dv_eval_fields(run, f->class, self);
    }
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    return dv_function_run(run, function, self, args, count, new_target,
                           NULL);
}

struct dv_value
dv_eval_construct(struct dv_eval *run, struct dv_value callee,
                  const struct dv_value *args, size_t count,
                  struct dv_value new_target)
{
    const struct dv_native_data *native;
    struct dv_value made;

    if (!dv_eval_step(run, 4))
        return dv_value_undefined();
    if (dv_is_unknown(callee)) {
        dv_eval_tell(run, DV_EFFECT_NEW, callee.path, NULL, args, count);
        return dv_eval_unknown_call(run, callee.path);
    }
    if (!dv_value_is_callable(callee))
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "value is not a constructor");
    switch (callee.object->class) {
    case DV_C_FUNCTION:
        return construct_script(run, callee.object, args, count, new_target);
    case DV_C_BOUND:
        return call_bound(run, callee.object->data, args, count, true);
    case DV_C_PROXY:
        return call_proxy(run, callee.object, "construct",
                          dv_value_undefined(), args, count);
    default:
        break;
    }
    native = callee.object->data;
    if (native->construct == NULL)
        return dv_eval_throw_error(run, run->type_error_proto,
                                   "value is not a constructor");
    made = call_native(run, native, native->construct, callee, args, count);
    if (made.tag == DV_V_OBJECT && new_target.tag == DV_V_OBJECT
        && new_target.object != callee.object)
        made.object->proto = prototype_for(run, new_target);
    return made;
}

/* ---- Exploring ---- */

void
dv_eval_explore(struct dv_eval *run, struct dv_object *function)
{
    struct dv_function *f = function->data;
    const struct dv_js_node *node = dv_js_at(f->unit->tree, f->node);
    struct dv_object *owner = f->home != NULL ? f->home : f->owner;
    struct dv_value args[8], self = dv_unknown();
    size_t count = 0;

    for (uint32_t id = node->b; id != 0 && count < DV_COUNT_OF(args);
         id = dv_js_at(f->unit->tree, id)->next)
        args[count++] = dv_unknown();
    if (owner != NULL && owner != run->global) {
        struct dv_object *made = dv_object_new(&run->heap, DV_C_OBJECT,
                                               owner);

        self = dv_eval_object(run, made);
        if (made != NULL)
            made->is_open = true;
    }
    if (run->flow != DV_FLOW_NORMAL)
        return;
    if (function->is_class)
        (void)dv_eval_construct(run, dv_value_object(function), args, count,
                                dv_value_object(function));
    else if (node->flags & DV_JS_GENERATOR)
        (void)dv_eval_invoke(run, dv_eval_generator(run, function, self, args,
                                                    count),
                             "next", NULL, 0);
    else
        (void)dv_eval_call(run, dv_value_object(function), self, args, count);
}

/* SPDX-License-Identifier: MIT */
/* js_builtin_array.c - methods of arrays (ECMA-262, 23.1.3). */

#include "base/compiler.h"
#include "js/js_builtin.h"

static struct dv_js_value
self_list(const struct dv_js_call *call)
{
    return *dv_js_value_at(call->values, call->self);
}

static uint32_t
join(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_js_value list = self_list(call);
    struct dv_span separator = DV_SPAN_LIT(",");

    if (call->count > 0 && !dv_js_arg_text(call, 0, &separator))
        return 0;
    dv_js_value_build(v);
    for (size_t i = 0; i < list.count; i++) {
        const uint32_t item = dv_js_value_item(v, &list, i);
        const uint8_t type = dv_js_value_at(v, item)->type;

        if (i != 0)
            dv_js_value_add(v, separator);
        if (type == DV_JS_NULL || type == DV_JS_UNDEFINED)
            continue;
        if (!dv_js_value_add_string(v, item))
            return 0;
    }
    return dv_js_value_built(v);
}

static uint32_t
reverse(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_js_value list = self_list(call);
    const uint32_t first = (uint32_t)v->items.len;

    for (size_t i = list.count; i > 0; i--)
        dv_js_value_push(v, dv_js_value_item(v, &list, i - 1));
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

static void
push_all(struct dv_js_values *v, const struct dv_js_value *list)
{
    for (size_t i = 0; i < list->count; i++)
        dv_js_value_push(v, dv_js_value_item(v, list, i));
}

static uint32_t
concat(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_js_value list = self_list(call);
    const uint32_t first = (uint32_t)v->items.len;

    push_all(v, &list);
    for (size_t i = 0; i < call->count; i++) {
        const struct dv_js_value arg = *dv_js_value_at(v, call->args[i]);

        if (arg.type == DV_JS_ARRAY)
            push_all(v, &arg);
        else if (arg.type == DV_JS_UNKNOWN)
            return 0;
        else
            dv_js_value_push(v, call->args[i]);
    }
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

static double
from_end(double index, double count)
{
    if (index < 0)
        index += count;
    return index < 0 ? 0 : index > count ? count : index;
}

static uint32_t
slice(const struct dv_js_call *call)
{
    struct dv_js_values *v = call->values;
    const struct dv_js_value list = self_list(call);
    const uint32_t first = (uint32_t)v->items.len;
    double from, to;

    if (!dv_js_arg_integer(call, 0, 0, &from)
        || !dv_js_arg_integer(call, 1, list.count, &to))
        return 0;
    to = from_end(to, list.count);
    for (double i = from_end(from, list.count); i < to; i++)
        dv_js_value_push(v, dv_js_value_item(v, &list, (size_t)i));
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

uint32_t
dv_js_builtin_array(const struct dv_js_call *call, struct dv_span name)
{
    static const struct dv_js_builtin_row rows[] = {
        { "concat", concat },   { "join", join },
        { "reverse", reverse }, { "slice", slice },
        { "toReversed", reverse }, { "toString", join },
    };

    return dv_js_builtin_find(rows, DV_COUNT_OF(rows), call, name);
}

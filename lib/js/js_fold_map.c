/* SPDX-License-Identifier: MIT */
/* js_fold_map.c - lists of codes that a script turns into characters. */

#include "js/js_fold.h"

static const struct dv_js_node *
node_at(const struct dv_js_fold *f, uint32_t id)
{
    return dv_js_at(f->tree, id);
}

static bool
has_path(struct dv_js_fold *f, uint32_t id, const char *path)
{
    dv_buf_clear(&f->path);
    if (dv_js_fold_global_path(f, id, &f->path) != DAVY_OK)
        return false;
    return dv_span_equal_cstr(dv_buf_span(&f->path), path);
}

/* What a function of the shape `x => ..` or `function (x) { return ..; }`
 * returns, or 0. */
static uint32_t
returned_by(const struct dv_js_fold *f, uint32_t function)
{
    const struct dv_js_node *node = node_at(f, function);

    if ((node->kind != DV_JS_ARROW_FUNCTION_EXPRESSION
         && node->kind != DV_JS_FUNCTION_EXPRESSION)
        || node->b == 0 || node_at(f, node->b)->next != 0
        || dv_js_kind(f->tree, node->b) != DV_JS_IDENTIFIER)
        return 0;
    node = node_at(f, node->c);
    if (node->kind != DV_JS_BLOCK_STATEMENT)
        return node_at(f, function)->c;
    node = node_at(f, node->a);
    return node->kind == DV_JS_RETURN_STATEMENT ? node->a : 0;
}

/* [..].map(x => String.fromCharCode(x)).  By its name alone the function would
 * take the place and the list for codes, too. */
static bool
maps_to_characters(struct dv_js_fold *f, uint32_t function)
{
    const uint32_t returned = returned_by(f, function);
    const struct dv_js_node *call = node_at(f, returned);

    return returned != 0 && call->kind == DV_JS_CALL_EXPRESSION
           && call->b != 0 && node_at(f, call->b)->next == 0
           && dv_js_kind(f->tree, call->b) == DV_JS_IDENTIFIER
           && dv_js_scopes_of(&f->scopes, call->b)
                  == dv_js_scopes_of(&f->scopes, node_at(f, function)->b)
           && has_path(f, call->a, "String.fromCharCode");
}

uint32_t
dv_js_fold_map(struct dv_js_fold *f, const struct dv_js_node *call,
               uint32_t self)
{
    struct dv_js_values *v = &f->values;
    const struct dv_js_value list = *dv_js_value_at(v, self);
    const uint32_t first = (uint32_t)v->items.len;

    if (list.type != DV_JS_ARRAY || call->b == 0
        || !maps_to_characters(f, call->b))
        return 0;
    for (size_t i = 0; i < list.count && v->status == DAVY_OK; i++) {
        double code;

        if (!dv_js_value_to_number(v, dv_js_value_item(v, &list, i), &code))
            return 0;
        dv_js_value_build(v);
        dv_js_value_add_unit(v, (uint32_t)dv_js_value_int32(code) & 0xffff);
        dv_js_value_push(v, dv_js_value_built(v));
    }
    return dv_js_value_list(v, DV_JS_ARRAY, first);
}

/* SPDX-License-Identifier: MIT */
/* eval_convert.c - type conversion (ECMA-262, 7.1). */

#include <math.h>
#include <stdio.h>

#include "eval/eval_run.h"
#include "js/js_value.h"

enum dv_truth
dv_eval_truth(struct dv_eval *run, struct dv_value v)
{
    (void)run;
    switch (v.tag) {
    case DV_V_UNDEFINED:
    case DV_V_NULL:
        return DV_FALSE;
    case DV_V_BOOLEAN:
        return v.boolean ? DV_TRUE : DV_FALSE;
    case DV_V_NUMBER:
        return v.number == 0 || isnan(v.number) ? DV_FALSE : DV_TRUE;
    case DV_V_BIGINT:
        return v.bigint == 0 ? DV_FALSE : DV_TRUE;
    case DV_V_STRING:
        return v.text->length == 0 ? DV_FALSE : DV_TRUE;
    case DV_V_UNKNOWN:
    case DV_V_EMPTY:
        return DV_UNSURE;
    default:
        return DV_TRUE;
    }
}

static bool
is_primitive(struct dv_value v)
{
    return v.tag != DV_V_OBJECT;
}

struct dv_value
dv_eval_primitive(struct dv_eval *run, struct dv_value v, bool wants_text)
{
    if (v.tag == DV_V_EMPTY)
        return dv_unknown();
    if (is_primitive(v))
        return v;
    if (v.object->class == DV_C_HOST)
        return dv_value_unknown(v.object->path);
    if (v.object->class == DV_C_DATE)
        wants_text = true;
    for (unsigned i = 0; i < 2; i++) {
        const struct dv_value method
            = dv_eval_get(run, v, wants_text == (i == 0)
                                      ? run->key_to_string
                                      : run->key_value_of);
        struct dv_value result;

        if (run->flow != DV_FLOW_NORMAL)
            return dv_value_undefined();
        if (dv_is_unknown(method))
            return dv_unknown();
        if (!dv_value_is_callable(method))
            continue;
        result = dv_eval_call(run, method, v, NULL, 0);
        if (run->flow != DV_FLOW_NORMAL || is_primitive(result))
            return result;
    }
    return dv_eval_throw_error(run, run->type_error_proto,
                               "Cannot convert object to primitive value");
}

bool
dv_eval_number(struct dv_eval *run, struct dv_value v, double *number)
{
    switch (v.tag) {
    case DV_V_NUMBER:
        *number = v.number;
        return true;
    case DV_V_UNDEFINED:
        *number = NAN;
        return true;
    case DV_V_NULL:
        *number = 0;
        return true;
    case DV_V_BOOLEAN:
        *number = v.boolean;
        return true;
    case DV_V_BIGINT:
        *number = (double)v.bigint;
        return true;
    case DV_V_STRING:
        if (!dv_eval_step(run, v.text->length / 64))
            return false;
        *number = dv_js_value_number_of_text(dv_text_utf8(&run->heap,
                                                          v.text));
        return true;
    case DV_V_SYMBOL:
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Cannot convert a Symbol to a number");
        return false;
    case DV_V_OBJECT:
        v = dv_eval_primitive(run, v, false);
        return run->flow == DV_FLOW_NORMAL && is_primitive(v)
               && dv_eval_number(run, v, number);
    default:
        return false;
    }
}

bool
dv_eval_integer(struct dv_eval *run, struct dv_value v, double otherwise,
                double *number)
{
    if (v.tag == DV_V_UNDEFINED) {
        *number = otherwise;
        return true;
    }
    if (!dv_eval_number(run, v, number))
        return false;
    *number = isnan(*number) ? 0 : trunc(*number);
    return true;
}

int32_t
dv_eval_int32(double number)
{
    if (number >= -2147483648.0 && number <= 2147483647.0)
        return (int32_t)number;
    return dv_js_value_int32(number);
}

struct dv_text *
dv_eval_text_of_number(struct dv_eval *run, double number)
{
    char room[32];

    if (number >= 0 && number < 4294967295.0 && number == floor(number))
        return dv_text_key_of_index(&run->heap, (uint32_t)number);
    return dv_text_of_latin(&run->heap, (const uint8_t *)room,
                            dv_js_value_print_number(number, room));
}

static struct dv_text *
text_of_bigint(struct dv_eval *run, int64_t number)
{
    char room[24];

    (void)snprintf(room, sizeof(room), "%lld", (long long)number);
    return dv_text_of_cstr(&run->heap, room);
}

bool
dv_eval_to_text(struct dv_eval *run, struct dv_value v, struct dv_text **text)
{
    switch (v.tag) {
    case DV_V_STRING:
        *text = v.text;
        return true;
    case DV_V_NUMBER:
        *text = dv_eval_text_of_number(run, v.number);
        break;
    case DV_V_BIGINT:
        *text = text_of_bigint(run, v.bigint);
        break;
    case DV_V_BOOLEAN:
        *text = dv_text_key_of_cstr(&run->heap,
                                    v.boolean ? "true" : "false");
        break;
    case DV_V_NULL:
        *text = dv_text_key_of_cstr(&run->heap, "null");
        break;
    case DV_V_UNDEFINED:
        *text = dv_text_key_of_cstr(&run->heap, "undefined");
        break;
    case DV_V_SYMBOL:
        (void)dv_eval_throw_error(run, run->type_error_proto,
                                  "Cannot convert a Symbol to a string");
        return false;
    case DV_V_OBJECT:
        v = dv_eval_primitive(run, v, true);
        return run->flow == DV_FLOW_NORMAL && is_primitive(v)
               && dv_eval_to_text(run, v, text);
    default:
        return false;
    }
    return dv_eval_has(run, *text);
}

bool
dv_eval_flat(struct dv_eval *run, struct dv_value v, struct dv_text **text)
{
    return dv_eval_to_text(run, v, text)
           && dv_eval_has(run, dv_text_flat(&run->heap, *text) ? *text
                                                               : NULL);
}

bool
dv_eval_key(struct dv_eval *run, struct dv_value v, const struct dv_text **key)
{
    struct dv_text *text;

    if (v.tag == DV_V_OBJECT)
        v = dv_eval_primitive(run, v, true);
    if (run->flow != DV_FLOW_NORMAL)
        return false;
    if (v.tag == DV_V_SYMBOL) {
        *key = v.text;
        return true;
    }
    if (!dv_eval_to_text(run, v, &text))
        return false;
    *key = dv_text_key(&run->heap, text);
    return dv_eval_has(run, *key);
}

struct dv_object *
dv_eval_to_object(struct dv_eval *run, struct dv_value v)
{
    struct dv_object *object;
    struct dv_value *inner;

    if (v.tag == DV_V_OBJECT)
        return v.object;
    object = dv_object_new(&run->heap, DV_C_WRAPPER,
                           dv_eval_proto_of(run, v));
    inner = dv_heap_alloc(&run->heap, sizeof(*inner));
    if (!dv_eval_has(run, object) || !dv_eval_has(run, inner))
        return NULL;
    *inner = v;
    object->data = inner;
    return object;
}

const char *
dv_eval_typeof(struct dv_value v)
{
    switch (v.tag) {
    case DV_V_UNDEFINED:
        return "undefined";
    case DV_V_BOOLEAN:
        return "boolean";
    case DV_V_NUMBER:
        return "number";
    case DV_V_BIGINT:
        return "bigint";
    case DV_V_STRING:
        return "string";
    case DV_V_SYMBOL:
        return "symbol";
    case DV_V_OBJECT:                   /* it may be a worker, where others are
                                         * not there */
        return v.object->is_callable ? "function"
               : v.object->is_open   ? NULL
                                     : "object";
    case DV_V_NULL:
        return "object";
    default:
        return NULL;
    }
}

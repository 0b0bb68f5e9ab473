/* SPDX-License-Identifier: MIT */
/* fact_computed.c - what only an evaluation can tell.
 *
 * Evaluating costs more than everything else, and almost no library needs it:
 * a script is evaluated when a sink takes something that is put together or
 * decoded, or when what is called is named that way. */

#include "base/compiler.h"
#include "fact/fact_js_impl.h"

/* How many names and branches are followed. */
#define MAX_DEPTH 4u

/* And how many terms of a sum. */
#define MAX_TERMS 32u

static const struct dv_js_value *
value_of(const struct dv_fact_js *js, uint32_t id)
{
    return dv_js_fold_of(&js->fold, id);
}

bool
dv_fact_js_is_constant(const struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_values *v = &js->fold.values;
    const struct dv_js_value *value = value_of(js, id);

    if (value->type == DV_JS_UNKNOWN)
        return false;
    for (size_t i = 0; value->type == DV_JS_ARRAY && i < value->count
                       && i < DV_FACT_JS_MAX_ITEMS;
         i++) {
        if (dv_js_value_item(v, value, i) == 0)
            return false;
    }
    return true;
}

/* What a name is set to, when that happens once; else 0. */
static uint32_t
set_to(const struct dv_fact_js *js, uint32_t identifier)
{
    const struct dv_js_binding *binding
        = dv_js_scopes_of(&js->fold.scopes, identifier);

    return binding == NULL || binding->writes != 1 || binding->part != 0
               ? 0
               : binding->value;
}

/* Functions whose result is a text that was hidden. */
static bool
is_decoder(struct dv_span name)
{
    static const char *const names[] = {
        "atob", "unescape", "decodeURIComponent", "decodeURI", "fromCharCode",
        "fromCodePoint", "join", "replace", "replaceAll", "concat", "decode",
        "charAt", "substr", "substring", "slice", "toString", "trim",
        "toLowerCase", "padEnd", "at",
    };

    for (size_t i = 0; i < DV_COUNT_OF(names); i++) {
        if (dv_span_equal_cstr(name, names[i]))
            return true;
    }
    return false;
}

static bool
has_constant_arguments(const struct dv_fact_js *js, uint32_t head)
{
    if (head == 0)
        return false;
    for (uint32_t id = head; id != 0; id = dv_fact_js_node(js, id)->next) {
        if (value_of(js, id)->type != DV_JS_NUMBER
            && value_of(js, id)->type != DV_JS_STRING)
            return false;
    }
    return true;
}

static bool
is_own(const struct dv_fact_js *js, uint32_t identifier)
{
    const struct dv_js_binding *binding
        = dv_js_scopes_of(&js->fold.scopes, identifier);

    return binding != NULL && !binding->is_global;
}

/* f("..."), with a function of the script's own: what string arrays use. */
static bool
is_decoding(const struct dv_fact_js *js, const struct dv_js_node *call)
{
    const struct dv_js_node *callee = dv_fact_js_node(js, call->a);

    if (callee->kind == DV_JS_IDENTIFIER)
        return is_decoder(dv_js_name(js->tree, call->a))
               || (is_own(js, call->a)
                   && has_constant_arguments(js, call->b));
    if (callee->kind != DV_JS_MEMBER_EXPRESSION)
        return false;
    if (callee->flags & DV_JS_COMPUTED)
        return value_of(js, callee->b)->type != DV_JS_STRING
               || is_decoder(value_of(js, callee->b)->text);
    return is_decoder(dv_js_name(js->tree, callee->b));
}

static bool is_put_together(const struct dv_fact_js *js, uint32_t id,
                            unsigned depth);

static bool
is_text(const struct dv_fact_js *js, uint32_t id, unsigned depth)
{
    return value_of(js, id)->type == DV_JS_STRING
           || is_put_together(js, id, depth);
}

/* Whether one of the terms is a text; a long sum that begins without one is
 * none of ours. */
static bool
is_sum_of_texts(const struct dv_fact_js *js, uint32_t id, unsigned depth)
{
    const struct dv_js_node *node = dv_fact_js_node(js, id);

    for (unsigned terms = 0; terms < MAX_TERMS; terms++) {
        if (node->kind != DV_JS_BINARY_EXPRESSION
            || node->op != DV_JS_T_ADD)
            return is_text(js, id, depth);
        if (is_text(js, node->b, depth))
            return true;
        id = node->a;
        node = dv_fact_js_node(js, id);
    }
    return true;
}

/* Whether an expression is visibly a text that is put together or decoded. */
static bool
is_put_together(const struct dv_fact_js *js, uint32_t id, unsigned depth)
{
    const struct dv_js_node *node = dv_fact_js_node(js, id);

    if (id == 0 || depth == 0 || value_of(js, id)->type != DV_JS_UNKNOWN)
        return false;
    switch (node->kind) {
    case DV_JS_BINARY_EXPRESSION:
        return node->op == DV_JS_T_ADD && is_sum_of_texts(js, id, depth - 1);
    case DV_JS_TEMPLATE_LITERAL:
        return true;
    case DV_JS_CALL_EXPRESSION:
        return is_decoding(js, node);
    case DV_JS_MEMBER_EXPRESSION:       /* names[7], names[d(7)] */
        return (node->flags & DV_JS_COMPUTED)
               && (value_of(js, node->b)->type == DV_JS_NUMBER
                   || is_put_together(js, node->b, depth - 1));
    case DV_JS_IDENTIFIER:
        return is_put_together(js, set_to(js, id), depth - 1);
    case DV_JS_CONDITIONAL_EXPRESSION:
        return is_put_together(js, node->b, depth - 1)
               || is_put_together(js, node->c, depth - 1);
    case DV_JS_LOGICAL_EXPRESSION:
        return is_put_together(js, node->a, depth - 1)
               || is_put_together(js, node->b, depth - 1);
    case DV_JS_ASSIGNMENT_EXPRESSION:
    case DV_JS_AWAIT_EXPRESSION:
        return is_put_together(js,
                               node->kind == DV_JS_AWAIT_EXPRESSION ? node->a
                                                                    : node->b,
                               depth - 1);
    default:
        return false;
    }
}

/* Whether an expression may be a text that is not known. */
static bool
may_be_text(const struct dv_fact_js *js, uint32_t id)
{
    switch (dv_js_kind(js->tree, id)) {
    case DV_JS_FUNCTION_EXPRESSION:
    case DV_JS_ARROW_FUNCTION_EXPRESSION:
    case DV_JS_CLASS_EXPRESSION:
    case DV_JS_OBJECT_EXPRESSION:
    case DV_JS_REGEXP_LITERAL:
    case DV_JS_THIS_EXPRESSION:
        return false;
    default:
        return !dv_fact_js_is_constant(js, id);
    }
}

/* window[x], document[x]: any x may be a hidden word. */
static bool
is_of_browser(const struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_binding *binding;

    if (dv_js_kind(js->tree, id) != DV_JS_IDENTIFIER)
        return false;
    binding = dv_js_scopes_of(&js->fold.scopes, id);
    return binding != NULL && binding->is_global
           && (binding->is_global_object
               || dv_span_equal_cstr(dv_js_name(js->tree, id), "document"));
}

/* Whether the key of a member is a text that is not known, and no mere index
 * into what the script has itself. */
static bool
has_hidden_key(const struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *node;

    for (unsigned depth = MAX_DEPTH;
         depth > 0 && id != 0
         && dv_js_kind(js->tree, id) == DV_JS_IDENTIFIER;
         depth--)
        id = set_to(js, id);
    node = dv_fact_js_node(js, id);
    if (id == 0 || node->kind != DV_JS_MEMBER_EXPRESSION
        || !(node->flags & DV_JS_COMPUTED)
        || value_of(js, node->b)->type != DV_JS_UNKNOWN)
        return false;
    return is_of_browser(js, node->a)
           || is_put_together(js, node->b, MAX_DEPTH);
}

static bool
is_hidden_argument(const struct dv_fact_js *js, const struct dv_sink *sink,
                   uint32_t argument)
{
    if (sink->action == DV_SINK_ATTRIBUTE)      /* the value is behind it */
        argument = dv_fact_js_node(js, argument)->next;
    return sink->takes == DV_SINK_TAKES_TEXT
               ? may_be_text(js, argument)
               : is_put_together(js, argument, MAX_DEPTH);
}

/* f("..." + x)(): what f is, the text says. */
static bool
is_of_text(const struct dv_fact_js *js, uint32_t callee)
{
    const struct dv_js_node *node = dv_fact_js_node(js, callee);

    if (node->kind != DV_JS_CALL_EXPRESSION)
        return false;
    for (uint32_t a = node->b; a != 0; a = dv_fact_js_node(js, a)->next) {
        if (is_put_together(js, a, MAX_DEPTH))
            return true;
    }
    return false;
}

bool
dv_fact_js_is_computed_call(const struct dv_fact_js *js,
                            const struct dv_js_node *call)
{
    const struct dv_span path = dv_buf_span(&js->path);
    uint32_t count = 0, i = 0;

    if (has_hidden_key(js, call->a) || is_of_text(js, call->a))
        return true;
    for (uint32_t a = call->b; a != 0; a = dv_fact_js_node(js, a)->next)
        count++;
    for (const struct dv_sink *sink = dv_sinks_find(&js->sinks, path, NULL);
         sink != NULL; sink = dv_sinks_find(&js->sinks, path, sink)) {
        i = 0;
        for (uint32_t a = call->b; a != 0;
             a = dv_fact_js_node(js, a)->next, i++) {
            if (dv_sink_takes(sink, i, count)
                && is_hidden_argument(js, sink, a))
                return true;
        }
    }
    return false;
}

bool
dv_fact_js_is_computed_assignment(const struct dv_fact_js *js,
                                  const struct dv_js_node *assignment)
{
    static const char *const words[] = { "src",       "srcdoc",
                                         "innerHTML", "outerHTML",
                                         "text",      "textContent",
                                         "innerText" };
    const struct dv_span word
        = dv_sink_last_segment(dv_buf_span(&js->path));

    if (has_hidden_key(js, assignment->a))
        return is_text(js, assignment->b, MAX_DEPTH);
    for (size_t i = 0; i < DV_COUNT_OF(words); i++) {
        if (dv_span_equal_cstr(word, words[i]))
            return is_put_together(js, assignment->b, MAX_DEPTH);
    }
    return false;
}

/* What flattened code calls everything by. */
bool
dv_fact_js_is_caller(const struct dv_fact_js *js,
                     const struct dv_js_node *function)
{
    const struct dv_js_node *body = dv_fact_js_node(js, function->c);
    const struct dv_js_node *statement = dv_fact_js_node(js, body->a);
    const struct dv_js_node *call = dv_fact_js_node(js, statement->a);
    const uint32_t *of_node = js->fold.scopes.of_node;

    return function->c != 0 && body->kind == DV_JS_BLOCK_STATEMENT
           && body->a != 0 && statement->kind == DV_JS_RETURN_STATEMENT
           && statement->a != 0 && call->kind == DV_JS_CALL_EXPRESSION
           && function->b != 0 && call->a != 0
           && dv_js_kind(js->tree, call->a) == DV_JS_IDENTIFIER
           && dv_js_kind(js->tree, function->b) == DV_JS_IDENTIFIER
           && of_node[call->a] == of_node[function->b];
}

bool
dv_fact_js_is_computed_import(const struct dv_fact_js *js, uint32_t source)
{
    return is_put_together(js, source, MAX_DEPTH);
}

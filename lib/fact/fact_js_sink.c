/* SPDX-License-Identifier: MIT */
/* fact_js_sink.c - what a script loads, runs and writes with constant texts. */

#include "base/compiler.h"
#include "decode/decode_base64.h"
#include "fact/fact_js_impl.h"
#include "fact/fact_url.h"

/* One decoded module; larger ones are found by the limit on decoded bytes. */
#define MAX_MODULE ((size_t)32 << 20)

static const struct dv_js_value *
value_of(const struct dv_fact_js *js, uint32_t id)
{
    return dv_js_fold_of(&js->fold, id);
}

/* The constant text may lie in the values' arena, which the next script takes
 * back: keep a copy with the facts. */
static void
add_nested(struct dv_fact_js *js, enum dv_nested_type type, const char *label,
           struct dv_span text, const struct dv_js_node *node)
{
    struct dv_nested nested = { .type = type,
                                .label = label,
                                .at = node->start,
                                .len = node->end - node->start };

    if (text.len == 0 || !dv_fact_js_afford(js, text, node))
        return;
    if (!dv_arena_copy(js->facts->arena, text, &nested.bytes))
        js->facts->status = DAVY_NO_MEMORY;
    else
        dv_facts_add_nested(js->facts, &nested);
}

static void
add_markup(struct dv_fact_js *js, const char *label, struct dv_span text,
           const struct dv_js_node *node)
{
    if (dv_sink_looks_like_markup(text))
        add_nested(js, DV_NESTED_MARKUP, label, text, node);
}

static void
load(struct dv_fact_js *js, uint32_t argument, davy_kind kind)
{
    const struct dv_js_node *node = dv_fact_js_node(js, argument);
    const struct dv_js_value *value = value_of(js, argument);

    if (value->type == DV_JS_STRING
        && dv_fact_js_afford(js, value->text, node))
        dv_fact_url_add(js->facts, js->base, value->text, kind, node->start,
                        node->end - node->start);
}

/* One of the pieces of a text that `call` makes. */
static void
add_piece(struct dv_fact_js *js, uint32_t value, struct dv_buf *out,
          const struct dv_js_node *call)
{
    const struct dv_js_value *piece = dv_js_value_at(&js->fold.values, value);

    if (piece->type == DV_JS_STRING && dv_fact_js_afford(js, piece->text, call)
        && dv_buf_append(out, piece->text) == DAVY_NO_MEMORY)
        js->facts->status = DAVY_NO_MEMORY;
}

/* All arguments of document.write are written behind each other. */
static void
write_all(struct dv_fact_js *js, const struct dv_sink *sink, uint32_t head,
          uint32_t skip, const struct dv_js_node *call)
{
    struct dv_buf all;

    while (skip-- > 0 && head != 0)
        head = dv_fact_js_node(js, head)->next;
    dv_buf_init(&all, js->mem, js->limits->fold_bytes);
    for (uint32_t id = head; id != 0; id = dv_fact_js_node(js, id)->next)
        add_piece(js, js->fold.of_node[id], &all, call);
    add_markup(js, sink->label, dv_buf_span(&all), call);
    dv_buf_fini(&all);
}

/* The list of a blob's parts; one that is changed later still has most of the
 * parts that it was made of. */
static struct dv_js_value
parts_of(const struct dv_fact_js *js, uint32_t argument)
{
    const struct dv_js_binding *binding
        = dv_js_scopes_of(&js->fold.scopes, argument);

    if (binding != NULL && binding->is_changed && binding->writes == 1
        && binding->value != 0)
        argument = binding->value;
    return *value_of(js, argument);
}

static void
add_blob(struct dv_fact_js *js, const struct dv_sink *sink, uint32_t argument,
         const struct dv_js_node *call)
{
    const struct dv_js_value list = parts_of(js, argument);
    struct dv_span text;
    struct dv_buf all;

    if (list.type != DV_JS_ARRAY
        || list.count > js->limits->fold_bytes - js->copied)
        return;
    js->copied += list.count;
    dv_buf_init(&all, js->mem, js->limits->fold_bytes);
    for (size_t i = 0; i < list.count; i++)
        add_piece(js, dv_js_value_item(&js->fold.values, &list, i), &all,
                  call);
    text = dv_buf_span(&all);
    if (text.len > 1 && dv_sink_looks_like_markup(dv_span_slice(text, 0, 2)))
        add_nested(js, DV_NESTED_MARKUP, sink->label, text, call);
    else
        add_nested(js, DV_NESTED_WORKER, sink->label, text, call);
    dv_buf_fini(&all);
}

/* What a created element is for: document.createElement("script"). */
static bool
created_element(const struct dv_fact_js *js, uint32_t object,
                struct dv_span *tag)
{
    const struct dv_js_tree *tree = js->tree;
    const struct dv_js_binding *binding;
    const struct dv_js_node *call;
    struct dv_span name;

    if (object != 0 && dv_js_kind(tree, object) == DV_JS_IDENTIFIER) {
        binding = dv_js_scopes_of(&js->fold.scopes, object);
        object = binding != NULL && binding->writes == 1 ? binding->value
                                                         : 0;
    }
    if (object == 0 || dv_js_kind(tree, object) != DV_JS_CALL_EXPRESSION)
        return false;
    call = dv_js_at(tree, object);
    if (call->a == 0 || call->b == 0
        || dv_js_kind(tree, call->a) != DV_JS_MEMBER_EXPRESSION
        || value_of(js, call->b)->type != DV_JS_STRING)
        return false;
    call = dv_js_at(tree, call->a);
    if (call->b == 0 || dv_js_kind(tree, call->b) != DV_JS_IDENTIFIER)
        name = value_of(js, call->b)->text;
    else
        name = dv_js_name(tree, call->b);
    *tag = value_of(js, dv_js_at(tree, object)->b)->text;
    return dv_span_equal_cstr(name, "createElement");
}

static void
set_address(struct dv_fact_js *js, uint32_t object, uint32_t value)
{
    const struct dv_js_node *node = dv_fact_js_node(js, value);
    const struct dv_js_value *address = value_of(js, value);
    struct dv_span tag;

    if (address->type != DV_JS_STRING
        || !dv_fact_js_afford(js, address->text, node))
        return;
    dv_fact_url_add(js->facts, js->base, address->text,
                    created_element(js, object, &tag)
                        ? dv_sink_kind_by_tag(tag)
                        : dv_sink_kind_by_address(address->text),
                    node->start, node->end - node->start);
}

/* x.setAttribute("src", "...") */
static void
set_attribute(struct dv_fact_js *js, const struct dv_js_node *call,
              uint32_t name)
{
    const uint32_t value = dv_fact_js_node(js, name)->next;

    if (value == 0
        || dv_js_kind(js->tree, call->a) != DV_JS_MEMBER_EXPRESSION)
        return;
    if (value_of(js, name)->type == DV_JS_STRING
        && (dv_span_equal_cstr(value_of(js, name)->text, "src")
            || dv_span_equal_cstr(value_of(js, name)->text, "data")))
        set_address(js, dv_fact_js_node(js, call->a)->a, value);
}

/* WebAssembly.instantiateStreaming(fetch("x.wasm")) */
static void
load_streamed(struct dv_fact_js *js, uint32_t argument, davy_kind kind)
{
    const struct dv_js_node *inner = dv_fact_js_node(js, argument);

    if (inner->kind == DV_JS_CALL_EXPRESSION && inner->b != 0)
        load(js, inner->b, kind);
}

/* $.ajax({ url: "...", dataType: "script" }) */
static void
load_by_options(struct dv_fact_js *js, uint32_t argument, davy_kind kind)
{
    const struct dv_js_values *v = &js->fold.values;
    const struct dv_js_node *node = dv_fact_js_node(js, argument);
    const struct dv_js_value options = *value_of(js, argument);
    const struct dv_js_value *address, *type;

    if (options.type != DV_JS_OBJECT)
        return;
    address = dv_js_value_at(v, dv_js_value_property(v, &options,
                                                     DV_SPAN_LIT("url")));
    type = dv_js_value_at(v, dv_js_value_property(v, &options,
                                                  DV_SPAN_LIT("dataType")));
    if (address->type != DV_JS_STRING
        || !dv_fact_js_afford(js, address->text, node))
        return;
    if (type->type == DV_JS_STRING && dv_span_equal_cstr(type->text, "script"))
        kind = DAVY_KIND_SCRIPT;
    dv_fact_url_add(js->facts, js->base, address->text, kind, node->start,
                    node->end - node->start);
}

static bool
is_created_script(const struct dv_fact_js *js, uint32_t object)
{
    struct dv_span tag;

    return created_element(js, object, &tag)
           && dv_sink_kind_by_tag(tag) == DAVY_KIND_SCRIPT;
}

/* s.appendChild(document.createTextNode("...")) for a created script s */
static void
append_text(struct dv_fact_js *js, const struct dv_sink *sink,
            const struct dv_js_node *call, uint32_t argument)
{
    const struct dv_js_node *made = dv_fact_js_node(js, argument);
    const struct dv_js_node *maker;

    if (dv_js_kind(js->tree, call->a) != DV_JS_MEMBER_EXPRESSION
        || !is_created_script(js, dv_fact_js_node(js, call->a)->a)
        || made->kind != DV_JS_CALL_EXPRESSION || made->b == 0
        || dv_js_kind(js->tree, made->a) != DV_JS_MEMBER_EXPRESSION)
        return;
    maker = dv_fact_js_node(js, made->a);
    if (dv_js_kind(js->tree, maker->b) == DV_JS_IDENTIFIER
        && dv_span_equal_cstr(dv_js_name(js->tree, maker->b),
                              "createTextNode")
        && value_of(js, made->b)->type == DV_JS_STRING)
        add_nested(js, DV_NESTED_SCRIPT, sink->label,
                   value_of(js, made->b)->text, call);
}

static void
apply(struct dv_fact_js *js, const struct dv_sink *sink,
      const struct dv_js_node *call, uint32_t argument, uint32_t index)
{
    switch (sink->action) {
    case DV_SINK_LOAD:
        load(js, argument, sink->kind);
        break;
    case DV_SINK_STREAM:
        load_streamed(js, argument, sink->kind);
        break;
    case DV_SINK_OPTIONS:
        load_by_options(js, argument, sink->kind);
        break;
    case DV_SINK_CODE:
        if (value_of(js, argument)->type == DV_JS_STRING)
            add_nested(js, DV_NESTED_SCRIPT, sink->label,
                       value_of(js, argument)->text, call);
        break;
    case DV_SINK_NODE:
        break;
    case DV_SINK_TEXT:
        append_text(js, sink, call, argument);
        break;
    case DV_SINK_MARKUP:
        write_all(js, sink, call->b, index, call);
        break;
    case DV_SINK_BLOB:
        add_blob(js, sink, argument, call);
        break;
    case DV_SINK_ATTRIBUTE:
        set_attribute(js, call, argument);
        break;
    }
}

static void
apply_to_arguments(struct dv_fact_js *js, const struct dv_sink *sink,
                   const struct dv_js_node *call)
{
    uint32_t index = 0, count = 0;

    for (uint32_t id = call->b; id != 0; id = dv_fact_js_node(js, id)->next)
        count++;
    for (uint32_t id = call->b; id != 0;
         id = dv_fact_js_node(js, id)->next, index++) {
        if (dv_sink_takes(sink, index, count))
            apply(js, sink, call, id, index);
    }
}

void
dv_fact_js_sink_call(struct dv_fact_js *js, uint32_t id)
{
    const struct dv_js_node *call = dv_fact_js_node(js, id);
    const struct dv_span path = dv_buf_span(&js->path);

    if (call->b == 0)
        return;
    for (const struct dv_sink *sink = dv_sinks_find(&js->sinks, path, NULL);
         sink != NULL; sink = dv_sinks_find(&js->sinks, path, sink))
        apply_to_arguments(js, sink, call);
}

static bool
is_one_of(struct dv_span word, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dv_span_equal_cstr(word, words[i]))
            return true;
    }
    return false;
}

void
dv_fact_js_sink_assign(struct dv_fact_js *js, uint32_t id)
{
    static const char *const markup[] = { "innerHTML", "outerHTML",
                                          "srcdoc" };
    static const char *const texts[] = { "text", "textContent", "innerText",
                                         "innerHTML" };
    static const char *const places[] = { "location", "location.href",
                                          "document.location" };
    const struct dv_js_node *node = dv_fact_js_node(js, id);
    const struct dv_span path = dv_buf_span(&js->path);
    const struct dv_span word = dv_sink_last_segment(path);

    if (node->b == 0 || value_of(js, node->b)->type != DV_JS_STRING)
        return;
    if (is_one_of(path, places, DV_COUNT_OF(places))) {
        load(js, node->b, DAVY_KIND_LINK);
        return;
    }
    if (dv_js_kind(js->tree, node->a) != DV_JS_MEMBER_EXPRESSION)
        return;
    if (is_one_of(word, texts, DV_COUNT_OF(texts))
        && is_created_script(js, dv_fact_js_node(js, node->a)->a))
        add_nested(js, DV_NESTED_SCRIPT, "script text",
                   value_of(js, node->b)->text, node);
    else if (is_one_of(word, markup, DV_COUNT_OF(markup)))
        add_markup(js, dv_span_equal_cstr(word, "srcdoc") ? "srcdoc"
                                                          : "innerHTML",
                   value_of(js, node->b)->text, node);
    else if (dv_span_equal_cstr(word, "src"))
        set_address(js, dv_fact_js_node(js, node->a)->a, node->b);
}

/* ---- Modules in strings and arrays ---- */

void
dv_fact_js_sink_string(struct dv_fact_js *js, struct dv_span text,
                       const struct dv_js_node *node)
{
    static const char magic[] = "AGFzbQ";       /* base64 of \0asm */
    struct dv_buf bytes;
    size_t at;

    if (text.len < 16)
        return;
    at = dv_span_starts_with(text, DV_SPAN_LIT("data:"))
             ? dv_span_find_byte(dv_span_slice(text, 0, 256), ',') + 1
             : 0;
    if (!dv_span_starts_with(dv_span_slice(text, at, text.len),
                             dv_span_cstr(magic))
        || !dv_fact_js_afford(js, text, node))
        return;
    dv_buf_init(&bytes, js->mem, MAX_MODULE);
    if (dv_decode_base64(dv_span_slice(text, at, text.len), &bytes)
        == DAVY_OK)
        add_nested(js, DV_NESTED_BYTES, "wasm", dv_buf_span(&bytes), node);
    dv_buf_fini(&bytes);
}

void
dv_fact_js_sink_bytes(struct dv_fact_js *js, uint32_t id)
{
    static const uint8_t magic[] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };
    const struct dv_js_values *v = &js->fold.values;
    const struct dv_js_value list = *value_of(js, id);
    struct dv_buf bytes;
    bool is_module = list.type == DV_JS_ARRAY && list.count > sizeof(magic);

    for (size_t i = 0; is_module && i < sizeof(magic); i++) {
        const struct dv_js_value *item
            = dv_js_value_at(v, dv_js_value_item(v, &list, i));

        is_module = item->type == DV_JS_NUMBER && item->number == magic[i];
    }
    if (!is_module)
        return;
    dv_buf_init(&bytes, js->mem, MAX_MODULE);
    for (size_t i = 0; i < list.count; i++) {
        const struct dv_js_value *item
            = dv_js_value_at(v, dv_js_value_item(v, &list, i));

        if (dv_buf_append_byte(&bytes,
                               (uint8_t)dv_js_value_int32(item->number))
            != DAVY_OK)
            break;
    }
    add_nested(js, DV_NESTED_BYTES, "wasm", dv_buf_span(&bytes),
               dv_fact_js_node(js, id));
    dv_buf_fini(&bytes);
}

/* SPDX-License-Identifier: MIT */
/* fact_eval.c - what a script does, when it is evaluated, as facts.
 *
 * What folding said of a call in the same words is not said again. */

#include "fact/fact_eval.h"

#include "base/compiler.h"
#include "eval/eval_print.h"
#include "fact/fact_js_impl.h"
#include "fact/fact_url.h"
#include "fact/fact_wallet.h"

struct dv_fact_eval {
    struct dv_eval *run;
    struct dv_buf path, text, all;      /* of the effect at hand */
};

/* One effect on its way into the facts. */
struct telling {
    struct dv_fact_js *js;
    struct dv_fact_eval *eval;
    const struct dv_effect *effect;
    struct dv_span path, tag;
};

static bool
afford(struct dv_fact_js *js, size_t length)
{
    if (length > js->limits->fold_bytes - js->copied) {
        js->is_cut = true;
        return false;
    }
    js->copied += length;
    return true;
}

/* A value as text, kept in eval->text. */
static enum dv_effect_type
look(const struct telling *t, struct dv_value v, struct dv_span *text)
{
    struct dv_buf *kept = &t->eval->text;
    char room[32];
    double number;
    enum dv_effect_type type = dv_eval_look(t->eval->run, v, text, &number);

    if (type == DV_EFFECT_NUMBER)
        *text = dv_span_of(room, dv_js_value_print_number(number, room));
    dv_buf_clear(kept);
    if (type == DV_EFFECT_LIST || type == DV_EFFECT_OBJECT
        || type == DV_EFFECT_OTHER)
        return type;
    if (!afford(t->js, text->len) || dv_buf_append(kept, *text) != DAVY_OK)
        return DV_EFFECT_OTHER;
    *text = dv_buf_span(kept);
    return type;
}

/* ---- Nested artifacts ---- */

static void
add_nested(const struct telling *t, enum dv_nested_type type,
           const char *label, struct dv_span text)
{
    struct dv_facts *facts = t->js->facts;
    struct dv_nested nested = { .type = type,
                                .label = label,
                                .at = (uint32_t)t->effect->at,
                                .len = (uint32_t)t->effect->len,
                                .is_evaluated
                                = t->effect->kind == DV_EFFECT_CODE };

    if (text.len == 0)
        return;
    for (size_t i = 0; i < facts->nested.len; i++) {
        struct dv_nested *known = dv_vec_at(&facts->nested, i);

        if (dv_span_equal(known->bytes, text)) {
            known->is_evaluated = known->is_evaluated || nested.is_evaluated;
            return;
        }
    }
    if (!dv_arena_copy(facts->arena, text, &nested.bytes))
        facts->status = DAVY_NO_MEMORY;
    else
        dv_facts_add_nested(facts, &nested);
}

static bool
is_module(struct dv_span bytes)
{
    return dv_span_starts_with(bytes, DV_SPAN_LIT("\0asm"));
}

static void
add_blob(const struct telling *t, const char *label, struct dv_value list)
{
    struct dv_buf *all = &t->eval->all;
    struct dv_span text, key;
    struct dv_value item;
    enum dv_effect_type type;

    dv_buf_clear(all);
    for (size_t i = 0; dv_eval_look_at(t->eval->run, list, i, &key, &item);
         i++) {
        type = look(t, item, &text);
        if (type != DV_EFFECT_LIST && type != DV_EFFECT_OBJECT
            && type != DV_EFFECT_OTHER
            && dv_buf_append(all, text) != DAVY_OK)
            return;
    }
    text = dv_buf_span(all);
    if (is_module(text))
        add_nested(t, DV_NESTED_BYTES, "wasm", text);
    else if (text.len > 1
             && dv_sink_looks_like_markup(dv_span_slice(text, 0, 2)))
        add_nested(t, DV_NESTED_MARKUP, label, text);
    else
        add_nested(t, DV_NESTED_WORKER, label, text);
}

/* All arguments behind each other, from `skip` on. */
static void
add_markup(const struct telling *t, const char *label, size_t skip)
{
    struct dv_buf *all = &t->eval->all;
    struct dv_span text;

    dv_buf_clear(all);
    for (size_t i = skip; i < t->effect->count; i++) {
        if (look(t, t->effect->args[i], &text) == DV_EFFECT_TEXT
            && dv_buf_append(all, text) != DAVY_OK)
            return;
    }
    if (dv_sink_looks_like_markup(dv_buf_span(all)))
        add_nested(t, DV_NESTED_MARKUP, label, dv_buf_span(all));
}

/* ---- Addresses ---- */

static void
add_address(const struct telling *t, struct dv_span address, davy_kind kind)
{
    dv_fact_url_add(t->js->facts, t->js->base, address, kind, t->effect->at,
                    t->effect->len);
}

static davy_kind
kind_of_element(const struct telling *t, struct dv_span address)
{
    return t->tag.len > 0 ? dv_sink_kind_by_tag(t->tag)
                          : dv_sink_kind_by_address(address);
}

static void
add_by_options(const struct telling *t, struct dv_value options,
               davy_kind kind)
{
    struct dv_value item;
    struct dv_span key, text;

    for (size_t i = 0;
         dv_eval_look_at(t->eval->run, options, i, &key, &item); i++) {
        if (dv_span_equal_cstr(key, "url")
            && look(t, item, &text) == DV_EFFECT_TEXT)
            add_address(t, text, kind);
    }
}

static void
set_attribute(const struct telling *t)
{
    struct dv_span text;
    bool is_address;

    if (t->effect->count < 2
        || look(t, t->effect->args[0], &text) != DV_EFFECT_TEXT)
        return;
    is_address = dv_span_equal_cstr(text, "src")
                 || dv_span_equal_cstr(text, "data");
    if (is_address && look(t, t->effect->args[1], &text) == DV_EFFECT_TEXT)
        add_address(t, text, kind_of_element(t, text));
}

/* ---- Sinks ---- */

static void
apply(const struct telling *t, const struct dv_sink *sink, size_t i)
{
    struct dv_span text;
    const enum dv_effect_type type = look(t, t->effect->args[i], &text);

    switch (sink->action) {
    case DV_SINK_LOAD:
        if (type == DV_EFFECT_TEXT)
            add_address(t, text, sink->kind);
        break;
    case DV_SINK_OPTIONS:
        if (type == DV_EFFECT_OBJECT)
            add_by_options(t, t->effect->args[i], sink->kind);
        break;
    case DV_SINK_CODE:
        if (type == DV_EFFECT_TEXT)
            add_nested(t, DV_NESTED_SCRIPT, sink->label, text);
        break;
    case DV_SINK_MARKUP:
        add_markup(t, sink->label, i);
        break;
    case DV_SINK_BLOB:
        if (type == DV_EFFECT_LIST)
            add_blob(t, sink->label, t->effect->args[i]);
        break;
    case DV_SINK_ATTRIBUTE:
        set_attribute(t);
        break;
    case DV_SINK_NODE:
    case DV_SINK_STREAM:                /* the fetch() in it says it */
    case DV_SINK_TEXT:
        break;
    }
}

static void
tell_sinks(const struct telling *t)
{
    const struct dv_sinks *sinks = &t->js->sinks;

    for (const struct dv_sink *sink = dv_sinks_find(sinks, t->path, NULL);
         sink != NULL; sink = dv_sinks_find(sinks, t->path, sink)) {
        for (size_t i = 0; i < t->effect->count; i++) {
            if (dv_sink_takes(sink, i, t->effect->count))
                apply(t, sink, i);
        }
    }
}

static void
tell_assignment(const struct telling *t)
{
    const struct dv_span word = dv_sink_last_segment(t->path);
    const bool is_script = dv_span_equal_nocase(t->tag,
                                                DV_SPAN_LIT("script"));
    struct dv_span text;

    dv_facts_add(t->js->facts, DV_FACT_ASSIGN, t->path, t->effect->at,
                 t->effect->len);
    if (look(t, t->effect->args[0], &text) != DV_EFFECT_TEXT)
        return;
    if (dv_span_equal_cstr(word, "src"))
        add_address(t, text, kind_of_element(t, text));
    else if (dv_span_equal_cstr(word, "href")
             && dv_span_ends_with(t->path, DV_SPAN_LIT("location.href")))
        add_address(t, text, DAVY_KIND_LINK);
    else if (is_script
             && (dv_span_equal_cstr(word, "text")
                 || dv_span_equal_cstr(word, "textContent")
                 || dv_span_equal_cstr(word, "innerText")
                 || dv_span_equal_cstr(word, "innerHTML")))
        add_nested(t, DV_NESTED_SCRIPT, "script text", text);
    else if ((dv_span_equal_cstr(word, "innerHTML")
              || dv_span_equal_cstr(word, "outerHTML")
              || dv_span_equal_cstr(word, "srcdoc"))
             && dv_sink_looks_like_markup(text))
        add_nested(t, DV_NESTED_MARKUP, "innerHTML", text);
}

/* ---- Calls ---- */

static void
add_keys(const struct telling *t, uint32_t call, uint32_t index,
         struct dv_value object)
{
    struct dv_facts *facts = t->js->facts;
    struct dv_value item;
    struct dv_span key, text;

    for (size_t i = 0;
         dv_eval_look_at(t->eval->run, object, i, &key, &item); i++) {
        const enum dv_effect_type type = look(t, item, &text);

        if (key.len == 0 || !afford(t->js, key.len))
            continue;
        dv_facts_open(facts);
        dv_facts_write(facts, key);
        if (type == DV_EFFECT_TEXT || type == DV_EFFECT_NUMBER
            || type == DV_EFFECT_SIMPLE) {
            dv_facts_write(facts, DV_SPAN_LIT("="));
            dv_facts_write(facts, text);
        }
        dv_facts_commit(facts, DV_FACT_ARG_KEY, call, index, t->effect->at,
                        t->effect->len);
    }
}

static void
add_argument(const struct telling *t, uint32_t call, uint32_t index)
{
    const struct dv_value v = t->effect->args[index];
    struct dv_span text;
    const enum dv_effect_type type = look(t, v, &text);
    const unsigned kind = type == DV_EFFECT_TEXT     ? DV_ARG_STRING
                          : type == DV_EFFECT_NUMBER ? DV_ARG_NUMBER
                                                     : DV_ARG_OTHER;

    if (type == DV_EFFECT_OBJECT)
        add_keys(t, call, index, v);
    else if (type == DV_EFFECT_TEXT || type == DV_EFFECT_NUMBER
             || type == DV_EFFECT_SIMPLE)
        dv_facts_add_to(t->js->facts, DV_FACT_ARG, call, index | kind << 8,
                        text, t->effect->at, t->effect->len);
}

/* Whether folding knows each argument that is known here. */
static bool
knows_arguments(const struct telling *t, uint32_t head)
{
    const struct dv_fact_js *js = t->js;
    size_t i = 0;

    for (uint32_t id = head; id != 0; id = dv_fact_js_node(js, id)->next) {
        const unsigned folded = dv_js_fold_of(&js->fold, id)->type;
        struct dv_span text;
        double number;
        enum dv_effect_type type;

        if (i == t->effect->count)
            return false;
        type = dv_eval_look(t->eval->run, t->effect->args[i++], &text,
                            &number);
        if ((type == DV_EFFECT_TEXT && folded != DV_JS_STRING)
            || (type == DV_EFFECT_NUMBER && folded != DV_JS_NUMBER)
            || (type == DV_EFFECT_OBJECT && folded != DV_JS_OBJECT)
            || (type == DV_EFFECT_LIST && !dv_fact_js_is_constant(js, id))
            || type == DV_EFFECT_BYTES)
            return false;
    }
    return i == t->effect->count;
}

/* Folding said the same: same path, and all that is known. */
static bool
is_said(const struct telling *t)
{
    struct dv_fact_js *js = t->js;
    const struct dv_js_node *node;

    if (t->effect->node == 0)
        return false;
    node = dv_fact_js_node(js, t->effect->node);
    if ((node->kind != DV_JS_CALL_EXPRESSION
         && node->kind != DV_JS_NEW_EXPRESSION)
        || node->a == 0 || t->effect->kind == DV_EFFECT_ASSIGN)
        return false;
    dv_buf_clear(&js->path);
    return dv_js_fold_path(&js->fold, node->a, &js->path) == DAVY_OK
           && dv_span_equal(dv_buf_span(&js->path), t->path)
           && knows_arguments(t, node->b);
}

static void
tell_call(const struct telling *t)
{
    struct dv_facts *facts = t->js->facts;
    const uint32_t call
        = dv_facts_add(facts,
                       t->effect->kind == DV_EFFECT_NEW ? DV_FACT_NEW
                                                        : DV_FACT_CALL,
                       t->path, t->effect->at, t->effect->len);
    struct dv_span text;

    for (uint32_t i = 0; i < t->effect->count && i < 256; i++)
        add_argument(t, call, i);
    for (uint32_t i = 0; i < t->effect->count && i < 256; i++) {
        const enum dv_effect_type type = look(t, t->effect->args[i], &text);

        if (type == DV_EFFECT_TEXT)
            dv_fact_wallet_add(facts, text, t->effect->at, t->effect->len);
        if (type == DV_EFFECT_BYTES && is_module(text))
            add_nested(t, DV_NESTED_BYTES, "wasm", text);
        if (type == DV_EFFECT_TEXT && i == 0
            && dv_span_equal_cstr(t->path, "import"))
            add_address(t, text, DAVY_KIND_MODULE);
    }
    tell_sinks(t);
}

/* For whoever watches: a line for `effect`, or for a text when it is NULL. */
static void
show(struct dv_fact_js *js, const struct dv_effect *effect,
     struct dv_span text, size_t at, size_t len)
{
    struct dv_buf *line = &js->eval->all;
    davy_status st;

    if (js->told == NULL || js->facts->status != DAVY_OK)
        return;
    dv_buf_clear(line);
    st = effect != NULL ? dv_eval_print(js->eval->run, effect, line)
                        : dv_eval_print_text(text, at, len, line);
    if (st == DAVY_OK)
        st = js->told(js->told_ctx, dv_buf_span(line));
    if (st == DAVY_NO_MEMORY)
        js->facts->status = st;
}

static void
on_effect(void *ctx, struct dv_eval *run, const struct dv_effect *effect)
{
    struct dv_fact_js *js = ctx;
    struct telling t = { .js = js, .eval = js->eval, .effect = effect };

    (void)run;
    show(js, effect, dv_span_of("", 0), 0, 0);
    if (js->facts->status != DAVY_OK)
        return;
    dv_buf_clear(&js->eval->path);
    if (dv_buf_append(&js->eval->path, effect->path) != DAVY_OK
        || dv_buf_append(&js->eval->path, effect->tag) != DAVY_OK)
        return;
    t.path = dv_span_slice(dv_buf_span(&js->eval->path), 0,
                           effect->path.len);
    t.tag = dv_span_slice(dv_buf_span(&js->eval->path), effect->path.len,
                          js->eval->path.len);
    if (!afford(js, t.path.len))
        return;
    if (is_said(&t)) {
        if (effect->kind == DV_EFFECT_CODE)
            tell_sinks(&t);
        return;
    }
    if (effect->kind == DV_EFFECT_ASSIGN)
        tell_assignment(&t);
    else
        tell_call(&t);
}

/* A text that was put together, and means something to the script. */
static void
on_text(void *ctx, struct dv_eval *run, struct dv_span text, size_t at,
        size_t len)
{
    struct dv_fact_js *js = ctx;

    (void)run;
    show(js, NULL, text, at, len);
    if (js->facts->status != DAVY_OK || !afford(js, text.len))
        return;
    dv_facts_add(js->facts, DV_FACT_STRING, text, at, len);
    dv_fact_wallet_add(js->facts, text, at, len);
}

static void
on_key(void *ctx, uint32_t node, struct dv_span key)
{
    struct dv_fact_js *js = ctx;
    struct dv_span copy;
    struct dv_span *slot;

    if (key.len == 0 || js->facts->status != DAVY_OK || !afford(js, key.len))
        return;
    slot = dv_arena_copy(js->facts->arena, key, &copy) ? dv_vec_push(&js->keys)
                                                       : NULL;
    if (slot == NULL) {
        js->facts->status = DAVY_NO_MEMORY;
        return;
    }
    *slot = copy;
    js->key_of[node] = (uint32_t)js->keys.len;
}

/* Functions from which a sink is reached, those that hold it first. */
static enum dv_worth
worth(void *ctx, uint32_t node)
{
    const struct dv_fact_js *js = ctx;

    if (js->roles[node] & DV_ROLE_HOLDS)
        return DV_WORTH_MUCH;
    return js->roles[node] & DV_ROLE_REACHES ? DV_WORTH_SOME : DV_WORTH_NOTHING;
}

/* Steps for what nobody calls: a library has a few places that are worth it, a
 * script that hides hundreds. */
static uint64_t
steps_for(const struct dv_fact_js *js)
{
    const uint64_t few = 60000, each = 40000, most = 8000000;

    return js->computed > (most - few) / each ? most
                                              : few + js->computed * each;
}

/* ---- Running ---- */

void
dv_fact_eval_free(struct dv_fact_js *js)
{
    struct dv_fact_eval *eval = js->eval;

    if (eval == NULL)
        return;
    dv_eval_free(eval->run);
    dv_buf_fini(&eval->path);
    dv_buf_fini(&eval->text);
    dv_buf_fini(&eval->all);
    dv_mem_free(js->mem, eval, sizeof(*eval));
    js->eval = NULL;
}

static davy_status
make(struct dv_fact_js *js)
{
    struct dv_fact_eval *eval = dv_mem_calloc(js->mem, 1, sizeof(*eval));

    if (eval == NULL)
        return DAVY_NO_MEMORY;
    dv_buf_init(&eval->path, js->mem, js->limits->eval_text);
    dv_buf_init(&eval->text, js->mem, js->limits->fold_bytes);
    dv_buf_init(&eval->all, js->mem, js->limits->fold_bytes);
    js->eval = eval;
    return dv_eval_new(js->mem, js->limits, &eval->run);
}

davy_status
dv_fact_eval(struct dv_fact_js *js, const char **limit)
{
    const struct dv_eval_events events = {
        .effect = on_effect,
        .text = on_text,
        .key = on_key,
        .worth = worth,
        .max_steps = js->eval_steps,
        .explore_steps = steps_for(js),
        .ctx = js,
    };
    davy_status st = js->eval == NULL ? make(js) : DAVY_OK;

    if (st != DAVY_OK) {
        dv_fact_eval_free(js);
        return st;
    }
    st = dv_eval_script(js->eval->run, js->tree, &events);
    *limit = dv_eval_limit(js->eval->run);
    js->eval_steps -= dv_eval_steps(js->eval->run) < js->eval_steps
                          ? dv_eval_steps(js->eval->run)
                          : js->eval_steps;
    return st;
}

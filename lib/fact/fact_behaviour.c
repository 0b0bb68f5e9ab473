/* SPDX-License-Identifier: MIT */
/* fact_behaviour.c - miners by what they do.
 *
 * A node is made after everything below it (js_ast.h), so that what is below it
 * are the nodes before it that begin no earlier.  Looking there is bounded by
 * `left`: a script with loops in loops in loops is not looked at to the end. */

#include "fact/fact_behaviour.h"

#include "base/compiler.h"
#include "fact/fact_js_impl.h"

static const char *const names[] = {
#define DV_BEHAVIOUR_ROW(NAME, name, text) name,
#include "fact/fact_behaviour.def"
#undef DV_BEHAVIOUR_ROW
};

enum behaviour {
#define DV_BEHAVIOUR_ROW(NAME, name, text) BEHAVIOUR_##NAME,
#include "fact/fact_behaviour.def"
#undef DV_BEHAVIOUR_ROW
};

/* Looks at nodes, for each node of the tree. */
#define LOOKS 24u

#define MAX_NAMES 24u

/* Calls that send something. */
#define MAX_SENDS 64u

/* Divisions of that kind that are looked at. */
#define MAX_DIVISIONS 8u

/* Variables, and properties by their names. */
struct names {
    uint32_t binding[MAX_NAMES], property[MAX_NAMES];
    unsigned bindings, properties;
};

struct seeing {
    struct dv_fact_js *js;
    uint64_t left;
    uint32_t sends[MAX_SENDS];  /* calls that send something */
    unsigned send_count;
    struct names counted;       /* in this loop */
    struct names found;         /* what was computed of them */
};

static const struct dv_js_node *
at(const struct seeing *s, uint32_t id)
{
    return dv_fact_js_node(s->js, id);
}

static void
say(struct seeing *s, enum behaviour which, const struct dv_js_node *node)
{
    dv_facts_add(s->js->facts, DV_FACT_BEHAVIOUR, dv_span_cstr(names[which]),
                 node->start, node->end - node->start);
}

/* The node before `id` that is below `top`, or 0. */
static uint32_t
below(struct seeing *s, uint32_t top, uint32_t id)
{
    if (id <= 1 || s->left == 0 || at(s, id - 1)->start < at(s, top)->start)
        return 0;
    s->left--;
    return id - 1;
}

/* ---- Names ---- */

/* FNV-1a; 0 for none. */
static uint32_t
hash_of(struct dv_span text)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 16777619u;
    return text.len == 0 ? 0 : hash | 1;
}

/* A name of one's own, or a property by its name. */
static bool
name_of(const struct seeing *s, uint32_t id, uint32_t *binding,
        uint32_t *property)
{
    const struct dv_js_node *node = at(s, id);

    *binding = *property = 0;
    if (id != 0 && node->kind == DV_JS_IDENTIFIER)
        *binding = s->js->fold.scopes.of_node[id];
    else if (id != 0 && node->kind == DV_JS_MEMBER_EXPRESSION)
        *property = hash_of(dv_fact_js_key(s->js, id));
    return *binding != 0 || *property != 0;
}

static bool
holds(const uint32_t *list, unsigned count, uint32_t number)
{
    for (unsigned i = 0; i < count; i++) {
        if (list[i] == number)
            return true;
    }
    return false;
}

static void
keep(const struct seeing *s, struct names *set, uint32_t id)
{
    uint32_t binding, property;

    if (!name_of(s, id, &binding, &property))
        return;
    if (binding != 0 && set->bindings < MAX_NAMES
        && !holds(set->binding, set->bindings, binding))
        set->binding[set->bindings++] = binding;
    if (property != 0 && set->properties < MAX_NAMES
        && !holds(set->property, set->properties, property))
        set->property[set->properties++] = property;
}

static bool
is_in(const struct seeing *s, const struct names *set, uint32_t id)
{
    uint32_t binding, property;

    return name_of(s, id, &binding, &property)
           && ((binding != 0 && holds(set->binding, set->bindings, binding))
               || (property != 0
                   && holds(set->property, set->properties, property)));
}

/* Whether a name of the set stands in an expression. */
static bool
speaks_of(struct seeing *s, const struct names *set, uint32_t top)
{
    if (top == 0 || (set->bindings == 0 && set->properties == 0))
        return false;
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        if (is_in(s, set, id))
            return true;
    }
    return false;
}

/* ---- Loops that search ---- */

static void
note_counted(struct seeing *s, uint32_t id)
{
    const struct dv_js_node *node = at(s, id);
    struct names one = { .bindings = 0 };

    if (node->kind == DV_JS_UPDATE_EXPRESSION)
        keep(s, &s->counted, node->a);
    if (node->kind != DV_JS_ASSIGNMENT_EXPRESSION)
        return;
    keep(s, &one, node->a);
    if (node->op == DV_JS_T_ASSIGN_ADD
        || (node->op == DV_JS_T_ASSIGN && speaks_of(s, &one, node->b)))
        keep(s, &s->counted, node->a);
}

/* The last name of what is called. */
static struct dv_span
called(const struct seeing *s, const struct dv_js_node *call)
{
    if (call->a != 0 && at(s, call->a)->kind == DV_JS_IDENTIFIER)
        return dv_js_name(s->js->tree, call->a);
    if (call->a != 0 && at(s, call->a)->kind == DV_JS_MEMBER_EXPRESSION)
        return dv_fact_js_key(s->js, call->a);
    return dv_span_of("", 0);
}

static bool
is_one_of(struct dv_span word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dv_span_equal_cstr(word, words[i]))
            return true;
    }
    return false;
}

/* Math.min(a, b) is no hash of a. */
static bool
is_arithmetic(struct dv_span word)
{
    static const char *const words[] = { "min",  "max",   "floor", "ceil",
                                         "abs",  "round", "pow",   "sqrt",
                                         "sign", "trunc" };

    return is_one_of(word, words, DV_COUNT_OF(words));
}

/* A call that gets something counted, or something computed of that. */
static bool
is_call_of(struct seeing *s, uint32_t top)
{
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);

        if (node->kind != DV_JS_CALL_EXPRESSION
            || is_arithmetic(called(s, node)))
            continue;
        for (uint32_t a = node->b; a != 0; a = at(s, a)->next) {
            if (speaks_of(s, &s->counted, a) || speaks_of(s, &s->found, a))
                return true;
        }
    }
    return false;
}

static void
note_found(struct seeing *s, uint32_t id)
{
    const struct dv_js_node *node = at(s, id);
    const bool is_declared = node->kind == DV_JS_VARIABLE_DECLARATOR;

    if (!is_declared
        && (node->kind != DV_JS_ASSIGNMENT_EXPRESSION
            || node->op != DV_JS_T_ASSIGN))
        return;
    if (node->b != 0 && !is_in(s, &s->counted, node->a)
        && (is_call_of(s, node->b) || speaks_of(s, &s->found, node->b)))
        keep(s, &s->found, node->a);
}

static bool
is_less(unsigned op)
{
    return op == DV_JS_T_LT || op == DV_JS_T_GT || op == DV_JS_T_LE
           || op == DV_JS_T_GE;
}

/* hash < target: one side was computed in the loop, the other was not, and is
 * no number that stands there. */
static bool
is_test(struct seeing *s, uint32_t top)
{
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);
        uint32_t side, other;

        if (node->kind != DV_JS_BINARY_EXPRESSION || !is_less(node->op))
            continue;
        side = speaks_of(s, &s->found, node->a) || is_call_of(s, node->a)
                   ? node->a
                   : node->b;
        other = side == node->a ? node->b : node->a;
        if ((side == node->a || speaks_of(s, &s->found, side)
             || is_call_of(s, side))
            && !speaks_of(s, &s->counted, other)
            && at(s, other)->kind != DV_JS_NUMERIC_LITERAL)
            return true;
    }
    return false;
}

static bool
is_send(const struct seeing *s, const struct dv_js_node *node)
{
    static const char *const words[] = { "postMessage", "send", "emit",
                                         "submit", "fetch" };

    return node->kind == DV_JS_CALL_EXPRESSION && node->b != 0
           && is_one_of(called(s, node), words, DV_COUNT_OF(words));
}

/* Whether what was counted is sent away below `top`: a pool has no use for a
 * result without its nonce. */
static bool
sends(struct seeing *s, uint32_t top)
{
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);

        if (!is_send(s, node))
            continue;
        for (uint32_t a = node->b; a != 0; a = at(s, a)->next) {
            if (speaks_of(s, &s->counted, a))
                return true;
        }
    }
    return false;
}

/* Whether the search ends below `top`. */
static bool
ends(struct seeing *s, uint32_t top)
{
    static const char *const words[] = { "close", "terminate", "resolve",
                                         "clearInterval" };

    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);

        if (node->kind == DV_JS_RETURN_STATEMENT
            || node->kind == DV_JS_BREAK_STATEMENT
            || node->kind == DV_JS_THROW_STATEMENT
            || (node->kind == DV_JS_CALL_EXPRESSION
                && is_one_of(called(s, node), words, DV_COUNT_OF(words))))
            return true;
    }
    return false;
}

/* The test and what is done when it holds, of statements and of &&. */
static bool
branch_of(const struct dv_js_node *node, uint32_t *test, uint32_t *then)
{
    *test = node->a;
    *then = node->b;
    return node->kind == DV_JS_IF_STATEMENT
           || node->kind == DV_JS_CONDITIONAL_EXPRESSION
           || (node->kind == DV_JS_LOGICAL_EXPRESSION
               && node->op == DV_JS_T_AND);
}

/* Whether somebody could hear of what happens below `top`. */
static bool
may_send(const struct seeing *s, uint32_t top)
{
    for (unsigned i = 0; i < s->send_count; i++) {
        if (s->sends[i] < top && at(s, s->sends[i])->start >= at(s, top)->start)
            return true;
    }
    return false;
}

static void
look_at_loop(struct seeing *s, uint32_t top)
{
    uint32_t test, then, first = top;

    if (!may_send(s, top))
        return;

    s->counted = s->found = (struct names){ .bindings = 0 };
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        note_counted(s, id);
        first = id;
    }
    if (s->counted.bindings == 0 && s->counted.properties == 0)
        return;
    for (uint32_t id = first; id < top; id++)
        note_found(s, id);
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        if (branch_of(at(s, id), &test, &then) && test != 0 && then != 0
            && sends(s, then) && is_test(s, test)) {
            say(s, ends(s, then) ? BEHAVIOUR_PROOF : BEHAVIOUR_SEARCH,
                at(s, top));
            return;
        }
    }
}

/* A function that is handed to a timer inside of itself. */
static bool
calls_itself_later(struct seeing *s, uint32_t top)
{
    static const char *const words[] = { "setTimeout", "setImmediate",
                                         "requestAnimationFrame",
                                         "requestIdleCallback",
                                         "queueMicrotask" };
    uint32_t self;

    if (at(s, top)->kind == DV_JS_ARROW_FUNCTION_EXPRESSION
        || at(s, top)->a == 0)
        return false;
    self = s->js->fold.scopes.of_node[at(s, top)->a];
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);

        if (node->kind == DV_JS_CALL_EXPRESSION && node->b != 0
            && at(s, node->b)->kind == DV_JS_IDENTIFIER
            && s->js->fold.scopes.of_node[node->b] == self
            && is_one_of(called(s, node), words, DV_COUNT_OF(words)))
            return true;
    }
    return false;
}

/* ---- Pauses ---- */

static bool
is_whole(const struct seeing *s, uint32_t id)
{
    const struct dv_js_value *value = dv_js_fold_of(&s->js->fold, id);

    return value->type == DV_JS_NUMBER
           && (value->number == 1 || value->number == 100);
}

/* x / (1 - x) or (1 - x) / x, maybe times something. */
static bool
is_odds(struct seeing *s, uint32_t id)
{
    const struct dv_js_node *node = at(s, id);
    const uint32_t sides[2] = { node->a, node->b };

    for (unsigned i = 0; i < 2; i++) {
        const struct dv_js_node *rest = at(s, sides[i]);
        struct names share = { .bindings = 0 };

        if (rest->kind != DV_JS_BINARY_EXPRESSION || rest->op != DV_JS_T_SUB
            || !is_whole(s, rest->a))
            continue;
        keep(s, &share, rest->b);
        if (speaks_of(s, &share, sides[1 - i]))
            return true;
    }
    return false;
}

static bool
encloses(const struct seeing *s, uint32_t outer, const struct dv_js_node *inner)
{
    return outer != 0 && at(s, outer)->start <= inner->start
           && at(s, outer)->end >= inner->end;
}

static bool
is_timer(const struct seeing *s, const struct dv_js_node *node)
{
    static const char *const words[] = { "setTimeout", "setInterval", "sleep",
                                         "delay", "wait" };

    return node->kind == DV_JS_CALL_EXPRESSION && node->b != 0
           && is_one_of(called(s, node), words, DV_COUNT_OF(words));
}

/* Whether a timer waits for `division`, or for a name that it gives a value. */
static void
look_at_pause(struct seeing *s, const struct dv_js_node *division)
{
    struct names pauses = { .bindings = 0 };

    for (uint32_t id = 1; id < s->js->tree->count; id++) {
        const struct dv_js_node *node = at(s, id);

        if ((node->kind == DV_JS_VARIABLE_DECLARATOR
             || node->kind == DV_JS_ASSIGNMENT_EXPRESSION)
            && encloses(s, node->b, division))
            keep(s, &pauses, node->a);
    }
    for (uint32_t id = 1; id < s->js->tree->count; id++) {
        const struct dv_js_node *node = at(s, id);

        if (!is_timer(s, node))
            continue;
        for (uint32_t a = node->b; a != 0; a = at(s, a)->next) {
            const unsigned kind = at(s, a)->kind;

            if (kind != DV_JS_FUNCTION_EXPRESSION
                && kind != DV_JS_ARROW_FUNCTION_EXPRESSION
                && (encloses(s, a, division) || speaks_of(s, &pauses, a))) {
                say(s, BEHAVIOUR_THROTTLE, division);
                return;
            }
        }
    }
}

/* ---- Relays ---- */

/* The path of what an expression names, with keys that were computed; empty
 * when it has none. */
static struct dv_span
path_of(struct seeing *s, uint32_t id)
{
    struct dv_js_fold *fold = &s->js->fold;
    struct dv_buf *path = &s->js->path;
    const struct dv_js_node *node = at(s, id);
    const bool is_member = node->kind == DV_JS_MEMBER_EXPRESSION;

    dv_buf_clear(path);
    if (dv_js_fold_path(fold, is_member ? node->a : id, path) != DAVY_OK
        || (is_member
            && (dv_buf_append(path, DV_SPAN_LIT(".")) != DAVY_OK
                || dv_buf_append(path, dv_fact_js_key(s->js, id))
                       != DAVY_OK)))
        return dv_span_of("", 0);
    return dv_buf_span(path);
}

/* The function that node `id` makes a handler of messages: x.onmessage = f; or
 * 0.  *of is the path, until the next one is asked for. */
static uint32_t
message_handler(struct seeing *s, uint32_t id, struct dv_span *of)
{
    const struct dv_js_node *node = at(s, id);

    if (node->kind != DV_JS_ASSIGNMENT_EXPRESSION || node->a == 0
        || at(s, node->a)->kind != DV_JS_MEMBER_EXPRESSION
        || !dv_span_equal_cstr(dv_fact_js_key(s->js, node->a), "onmessage"))
        return 0;
    *of = path_of(s, node->a);
    return node->b;
}

/* The function that an expression is, or names; or 0. */
static uint32_t
function_of(const struct seeing *s, uint32_t id)
{
    const struct dv_js_binding *binding;

    if (id == 0 || at(s, id)->kind != DV_JS_IDENTIFIER)
        return id;
    binding = dv_js_scopes_of(&s->js->fold.scopes, id);
    return binding == NULL || binding->writes != 1 || binding->part != 0
               ? 0
               : binding->value;
}

/* Whether below `top`, or in a function called there, something is called whose
 * path ends with `end`. */
static bool
calls(struct seeing *s, uint32_t top, struct dv_span end, bool goes_deeper)
{
    for (uint32_t id = top; id != 0; id = below(s, top, id)) {
        const struct dv_js_node *node = at(s, id);
        uint32_t inner;

        if (node->kind != DV_JS_CALL_EXPRESSION || node->a == 0)
            continue;
        if (dv_span_ends_with(path_of(s, node->a), end))
            return true;
        inner = goes_deeper && at(s, node->a)->kind == DV_JS_IDENTIFIER
                    ? function_of(s, node->a)
                    : 0;
        if (inner != 0 && calls(s, inner, end, false))
            return true;
    }
    return false;
}

static void
look_at_handlers(struct seeing *s)
{
    bool goes_in = false, goes_out = false;

    for (uint32_t id = s->js->tree->count; --id > 0;) {
        struct dv_span of;
        const uint32_t handler = message_handler(s, id, &of);

        if (handler == 0)
            continue;
        if (dv_span_ends_with(of, DV_SPAN_LIT("WebSocket().onmessage")))
            goes_in = goes_in
                      || calls(s, handler, DV_SPAN_LIT(".postMessage"), true);
        else if (dv_span_ends_with(of, DV_SPAN_LIT("Worker().onmessage")))
            goes_out = goes_out
                       || calls(s, handler, DV_SPAN_LIT("WebSocket().send"),
                                true);
        if (goes_in && goes_out) {
            say(s, BEHAVIOUR_RELAY, at(s, id));
            return;
        }
    }
}

/* ---- Consent ---- */

/* The function that node `id` makes a handler of clicks, or 0. */
static uint32_t
click_handler(const struct seeing *s, uint32_t id)
{
    const struct dv_js_node *node = at(s, id);
    const struct dv_js_value *type;

    if (node->kind == DV_JS_ASSIGNMENT_EXPRESSION) {
        return node->a != 0
                       && at(s, node->a)->kind == DV_JS_MEMBER_EXPRESSION
                       && dv_span_equal_cstr(dv_fact_js_key(s->js, node->a),
                                             "onclick")
                   ? function_of(s, node->b)
                   : 0;
    }
    if (node->kind != DV_JS_CALL_EXPRESSION || node->b == 0)
        return 0;
    if (dv_span_equal_cstr(called(s, node), "click"))
        return function_of(s, node->b);
    type = dv_js_fold_of(&s->js->fold, node->b);
    return at(s, node->b)->next != 0 && type->type == DV_JS_STRING
                   && dv_span_equal_cstr(type->text, "click")
               ? function_of(s, at(s, node->b)->next)
               : 0;
}

static bool
is_start(const struct seeing *s, uint32_t id)
{
    static const char *const words[] = { "start", "startMining",
                                         "EverythingIsLife", "PerfektStart",
                                         "EverythingIsBinary" };

    return at(s, id)->kind == DV_JS_CALL_EXPRESSION
           && is_one_of(called(s, at(s, id)), words, DV_COUNT_OF(words));
}

static void
look_at_clicks(struct seeing *s)
{
    const struct dv_js_node *shown = NULL;
    size_t all = 0, clicked = 0;

    for (uint32_t id = 1; id < s->js->tree->count; id++)
        all += is_start(s, id);
    for (uint32_t id = 1; all > 0 && id < s->js->tree->count; id++) {
        const uint32_t handler = click_handler(s, id);

        for (uint32_t i = handler; i != 0; i = below(s, handler, i)) {
            if (is_start(s, i)) {
                shown = at(s, i);
                clicked++;
            }
        }
    }
    if (shown != NULL && clicked >= all)
        say(s, BEHAVIOUR_CLICK, shown);
}

void
dv_fact_behaviour(struct dv_fact_js *js)
{
    struct seeing s = { .js = js,
                        .left = (uint64_t)js->tree->count * LOOKS };
    unsigned divisions = 0;

    for (uint32_t id = 1; id < js->tree->count && s.left > 0; id++) {
        const struct dv_js_node *node = at(&s, id);

        switch (node->kind) {
        case DV_JS_WHILE_STATEMENT:
        case DV_JS_DO_WHILE_STATEMENT:
        case DV_JS_FOR_STATEMENT:
            look_at_loop(&s, id);
            break;
        case DV_JS_FUNCTION_DECLARATION:
        case DV_JS_FUNCTION_EXPRESSION:
            if (may_send(&s, id) && calls_itself_later(&s, id))
                look_at_loop(&s, id);
            break;
        case DV_JS_CALL_EXPRESSION:
            if (s.send_count < MAX_SENDS && is_send(&s, node))
                s.sends[s.send_count++] = id;
            break;
        case DV_JS_BINARY_EXPRESSION:
            if (node->op == DV_JS_T_DIV && divisions < MAX_DIVISIONS
                && is_odds(&s, id)) {
                look_at_pause(&s, node);
                divisions++;
            }
            break;
        default:
            break;
        }
    }
    look_at_handlers(&s);
    look_at_clicks(&s);
}

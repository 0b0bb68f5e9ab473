/* SPDX-License-Identifier: MIT */
/* eval_run.h - one evaluation, between the files of eval/.
 *
 * Functions that evaluate leave what happened beside their result in run->flow:
 * whoever called them goes on only when it is DV_FLOW_NORMAL.  Where two
 * things may happen, both do, one after the other in the same world
 * (docs/adr/0010); run->doubt counts how often something may have ended. */

#ifndef DV_EVAL_RUN_H
#define DV_EVAL_RUN_H

#include "eval/eval.h"
#include "eval/eval_object.h"
#include "js/js_parse.h"

enum dv_flow {
    DV_FLOW_NORMAL,
    DV_FLOW_BREAK,
    DV_FLOW_CONTINUE,
    DV_FLOW_RETURN,
    DV_FLOW_THROW,
    DV_FLOW_OVER                /* a budget, or memory */
};

/* The names of one scope, in the order of their slots, and the functions that
 * are made when it is entered. */
struct dv_layout {
    const struct dv_text **names;
    uint8_t *flags;             /* enum dv_name_flag */
    uint32_t count, cap;
    uint32_t *index;            /* of names by hash, + 1; NULL for few */
    uint32_t index_cap;         /* a power of 2 */
    struct dv_declared *functions;
    uint32_t function_count, function_cap;
};

struct dv_declared {
    uint32_t node, slot;
};

enum dv_name_flag {
    DV_NAME_CONST = 1,
    DV_NAME_LEXICAL = 2,        /* let, const, class: EMPTY before its line */
    DV_NAME_OUTER = 4,          /* a block's function that is a var as well */
    DV_NAME_VAR = 8             /* functions of a Program: not in this list */
};

/* Where the name of an Identifier node was found the last time. */
struct dv_found {
    const struct dv_layout *layout;
    uint16_t hops, slot;
};

/* One source text, parsed. */
struct dv_unit {
    struct dv_unit *next;
    const struct dv_js_tree *tree;
    struct dv_js_tree own;      /* of evaluated text */
    struct dv_text **keys;      /* by atom, made when they are asked for */
    void **made;                /* by node: layouts of scopes, texts of strings,
                                 * constants, keys that were told */
    struct dv_found *found;     /* by node */
    uint8_t *visits;            /* by node: of choices; 0x80: was called */
    uint8_t *runs;              /* by node: of functions that are explored */
    size_t at, len;             /* place in the script that evaluated it */
    bool is_nested;
};

struct dv_env {
    struct dv_env *parent;
    const struct dv_layout *layout;     /* NULL: of an object */
    struct dv_value *slots;
    uint32_t cap;                       /* of slots */
    bool is_captured;
    bool is_function;                   /* where var goes */
    struct dv_object *object;           /* with, the global one; what a direct
                                         * eval declared */
};

struct dv_function {
    struct dv_unit *unit;
    uint32_t node;
    struct dv_env *env;
    const struct dv_text *name;
    struct dv_object *home;     /* of methods, for super; NULL */
    struct dv_object *owner;    /* that had it first as a property, or NULL */
    struct dv_value self;       /* of an arrow: `this` and new.target */
    struct dv_value new_target;
    struct dv_object *arrow_home;
    struct dv_class_data *class;        /* of a constructor, or NULL */
    uint32_t later;             /* how often it was put off */
};

struct dv_class_data {
    struct dv_unit *unit;
    uint32_t body;              /* ClassBody, for its fields */
    struct dv_env *env;
    struct dv_object *proto;
    struct dv_value parent;     /* EMPTY: extends nothing */
    const struct dv_text **keys;        /* of fields with computed keys */
};

typedef struct dv_value dv_native_fn(struct dv_eval *run,
                                     struct dv_value self,
                                     const struct dv_value *args,
                                     size_t count);

struct dv_native_data {
    dv_native_fn *fn;
    dv_native_fn *construct;    /* NULL: no constructor */
    struct dv_value bound;      /* for closures of ours */
};

struct dv_bound {
    struct dv_value target, self;
    struct dv_value *args;
    size_t count;
};

struct dv_frame {
    struct dv_frame *caller;
    struct dv_object *function; /* NULL: of a script */
    struct dv_env *env;         /* where var goes */
    struct dv_value self;
    struct dv_value new_target;
    struct dv_object *home;     /* for super */
    struct dv_value maybe;      /* what may have been returned; EMPTY: none */
    struct dv_object *yields;   /* of a generator: an array */
};

/* A catch that did not run. */
struct dv_handler {
    struct dv_unit *unit;
    uint32_t node;
    struct dv_env *env;
    struct dv_value self;
    struct dv_object *home;
};

/* What waits for the script's end. */
struct dv_job {
    struct dv_value function;
    struct dv_value self;
    struct dv_value args[2];
    size_t count;
    uint32_t node;              /* which call put it off */
};

struct dv_eval {
    struct dv_heap heap;
    struct dv_mem *mem;
    const davy_limits *limits;
    const struct dv_eval_events *events;
    struct dv_unit *units;
    struct dv_unit *unit;       /* whose code runs */
    uint32_t node;              /* which call, for places of effects */
    uint32_t place;             /* else which statement of the script */
    size_t at, len;             /* the last place in the script itself */
    enum dv_flow flow;
    struct dv_value value;      /* returned or thrown */
    uint32_t label;             /* atom of break and continue, or 0 */
    uint32_t labels[4];         /* of the statement that comes */
    size_t label_count;
    struct dv_value last;       /* of the statements of a Program */
    bool has_own_iterators;     /* a script changed those of arrays */
    const struct dv_text *symbol_iterator, *symbol_async_iterator,
        *symbol_to_primitive, *symbol_to_string_tag, *symbol_has_instance;
    bool was_cut;               /* a loop used up its share */
    unsigned depth, calls;
    unsigned unsure;            /* arms that may not be taken, around us */
    uint64_t doubt;
    bool is_short;              /* an optional chain ended early */
    bool has_dynamic;           /* with, or names made by a direct eval */
    bool is_exploring;          /* what nobody called, after the script */
    struct dv_frame *frame;
    struct dv_value bound;      /* of the function of ours that runs */
    struct dv_env *global_env;
    struct dv_object *global;
    struct dv_vec jobs;         /* struct dv_job */
    size_t next_job;
    struct dv_vec spine;        /* uint32_t: of sums that are evaluated */
    struct dv_vec handlers;     /* struct dv_handler: not run yet */
    struct dv_vec functions;    /* struct dv_object *: all of the script's */
    struct dv_env *spare[8];    /* not captured, by slots */
    size_t effects;
    uint64_t main_steps;
    const char *limit;          /* that the script itself met; NULL: none */
    uint32_t choice;            /* never 0 */
    uint32_t asked_time;        /* how often */
    struct dv_buf out;          /* for effects */
    struct dv_object *typed_protos[16];  /* by type */
    void *regexps;              /* eval_lib_regexp.c */

#define DV_PROTO_ROW(name) struct dv_object *name;
#include "eval/eval_proto.def"
#undef DV_PROTO_ROW

#define DV_KEY_ROW(name, text) const struct dv_text *key_##name;
#include "eval/eval_key.def"
#undef DV_KEY_ROW
};

/* ---- What goes wrong ---- */

/* Both answer undefined.  `message` of an error of JavaScript's kind. */
struct dv_value dv_eval_throw(struct dv_eval *run, struct dv_value value);
struct dv_value dv_eval_throw_error(struct dv_eval *run,
                                    struct dv_object *proto,
                                    const char *message);
struct dv_value dv_eval_over(struct dv_eval *run);

/* A pointer that must be there while the run goes on; else the flow ends. */
static inline bool
dv_eval_has(struct dv_eval *run, const void *at)
{
    if (DV_LIKELY(at != NULL))
        return true;
    run->flow = DV_FLOW_OVER;
    return false;
}

/* One step of work; false when the run is over. */
static inline bool
dv_eval_step(struct dv_eval *run, uint64_t steps)
{
    if (DV_LIKELY(dv_heap_charge(&run->heap, steps)))
        return true;
    run->flow = DV_FLOW_OVER;
    return false;
}

static inline struct dv_value
dv_eval_text(struct dv_eval *run, struct dv_text *text)
{
    return dv_eval_has(run, text) ? dv_value_text(text)
                                  : dv_value_undefined();
}

static inline struct dv_value
dv_eval_object(struct dv_eval *run, struct dv_object *object)
{
    return dv_eval_has(run, object) ? dv_value_object(object)
                                    : dv_value_undefined();
}

static inline struct dv_value
dv_eval_arg(const struct dv_value *args, size_t count, size_t i)
{
    return i < count ? args[i] : dv_value_undefined();
}

/* ---- Unknown things (eval_unknown.c) ---- */

const struct dv_path *dv_path_of_key(struct dv_eval *run,
                                     const struct dv_text *key);
const struct dv_path *dv_path_of_cstr(struct dv_eval *run, const char *name);
struct dv_value dv_eval_unknown(struct dv_eval *run,
                                const struct dv_path *from,
                                const struct dv_text *name);
struct dv_value dv_eval_unknown_call(struct dv_eval *run,
                                     const struct dv_path *from);
static inline struct dv_value
dv_unknown(void)
{
    return dv_value_unknown(NULL);
}

static inline bool
dv_is_unknown(struct dv_value v)
{
    return v.tag == DV_V_UNKNOWN;
}

/* What a value is when it may be either. */
struct dv_value dv_eval_either(struct dv_eval *run, struct dv_value a,
                               struct dv_value b);

/* Tell what happens to something unknown: a call, construction, assignment. */
void dv_eval_tell(struct dv_eval *run, enum dv_effect_kind kind,
                  const struct dv_path *path, const struct dv_object *object,
                  const struct dv_value *args, size_t count);

/* Where in the script itself we are; its unit must be the one that runs. */
void dv_eval_place(const struct dv_eval *run, size_t *at, size_t *len);

/* Tell a computed text, once. */
void dv_eval_tell_text(struct dv_eval *run, struct dv_value v);

/* ---- Conversions (eval_convert.c) ---- */

enum dv_truth { DV_FALSE, DV_TRUE, DV_UNSURE };

enum dv_truth dv_eval_truth(struct dv_eval *run, struct dv_value v);

/* 7.1.1; UNKNOWN stays. */
struct dv_value dv_eval_primitive(struct dv_eval *run, struct dv_value v,
                                  bool wants_text);
/* False when unknown, or not NORMAL any more. */
bool dv_eval_number(struct dv_eval *run, struct dv_value v, double *number);
bool dv_eval_to_text(struct dv_eval *run, struct dv_value v,
                     struct dv_text **text);
/* A flat one. */
bool dv_eval_flat(struct dv_eval *run, struct dv_value v,
                  struct dv_text **text);
/* 7.1.19: an interned text or symbol. */
bool dv_eval_key(struct dv_eval *run, struct dv_value v,
                 const struct dv_text **key);
/* 7.1.5; `otherwise` for undefined. */
bool dv_eval_integer(struct dv_eval *run, struct dv_value v, double otherwise,
                     double *number);
struct dv_object *dv_eval_to_object(struct dv_eval *run, struct dv_value v);
struct dv_text *dv_eval_text_of_number(struct dv_eval *run, double number);
const char *dv_eval_typeof(struct dv_value v);
int32_t dv_eval_int32(double number);

/* ---- Operators (eval_operator.c) ---- */

bool dv_value_strictly_equal(struct dv_eval *run, struct dv_value a,
                             struct dv_value b);
bool dv_value_same(struct dv_eval *run, struct dv_value a, struct dv_value b);
enum dv_truth dv_eval_loosely_equal(struct dv_eval *run, struct dv_value a,
                                    struct dv_value b);
struct dv_value dv_eval_binary(struct dv_eval *run, unsigned op,
                               struct dv_value a, struct dv_value b);
struct dv_value dv_eval_unary(struct dv_eval *run, unsigned op,
                              struct dv_value v);
struct dv_value dv_eval_add(struct dv_eval *run, struct dv_value a,
                            struct dv_value b);

/* 19.2.5 */
dv_native_fn dv_eval_parse_int;

/* ---- Properties (eval_access.c) ---- */

struct dv_value dv_eval_get(struct dv_eval *run, struct dv_value object,
                            const struct dv_text *key);
struct dv_value dv_eval_get_cstr(struct dv_eval *run, struct dv_value object,
                                 const char *key);
struct dv_value dv_eval_get_value(struct dv_eval *run, struct dv_value object,
                                  struct dv_value key);
struct dv_value dv_eval_get_index(struct dv_eval *run, struct dv_value object,
                                  uint32_t index);
void dv_eval_set(struct dv_eval *run, struct dv_value object,
                 const struct dv_text *key, struct dv_value value);
void dv_eval_set_value(struct dv_eval *run, struct dv_value object,
                       struct dv_value key, struct dv_value value);
enum dv_truth dv_eval_has_property(struct dv_eval *run,
                                   struct dv_object *object,
                                   const struct dv_text *key);
bool dv_eval_delete(struct dv_eval *run, struct dv_value object,
                    const struct dv_text *key);
/* The prototype in which methods of this value are found, or NULL. */
struct dv_object *dv_eval_proto_of(struct dv_eval *run, struct dv_value v);

/* Own keys in order (10.1.11.1), as an array of texts; NULL when over. */
struct dv_object *dv_eval_keys(struct dv_eval *run, struct dv_object *object,
                               bool only_enumerable, bool with_symbols);

struct dv_object *dv_eval_array(struct dv_eval *run);
/* 23.1.2.1 */
dv_native_fn dv_eval_array_from;
struct dv_value dv_eval_array_of(struct dv_eval *run,
                                 const struct dv_value *items, size_t count);

/* Those from `from` on. */
static inline struct dv_value
dv_eval_rest(struct dv_eval *run, const struct dv_value *items, size_t count,
             size_t from)
{
    return from < count
               ? dv_eval_array_of(run, items + from, count - from)
               : dv_eval_array_of(run, NULL, 0);
}

/* Length of an array-like; false when it is unknown. */
bool dv_eval_length(struct dv_eval *run, struct dv_value v, uint32_t *length);

/* A getter of ours, or a method, by key; what proxies and elements need. */
struct dv_accessor *dv_eval_accessor(struct dv_eval *run,
                                     struct dv_object *get,
                                     struct dv_object *set);

/* ---- Buffers (eval_lib_typed.c) ---- */

struct dv_buffer {
    uint8_t *at;
    size_t length;
};

struct dv_typed {
    struct dv_object *buffer;
    unsigned type;
    size_t offset, length;      /* in bytes, in items */
};

struct dv_span dv_typed_bytes(const struct dv_object *object);
struct dv_value dv_typed_get(const struct dv_typed *typed, size_t i);
void dv_typed_set(struct dv_eval *run, const struct dv_typed *typed, size_t i,
                  struct dv_value value);
struct dv_object *dv_typed_of_bytes(struct dv_eval *run, struct dv_span bytes);

/* ---- Iteration (eval_iterate.c) ---- */

/* Called with each item; false stops.  Unknown iterables give one unknown. */
typedef bool dv_item_fn(struct dv_eval *run, struct dv_value item, void *ctx);
void dv_eval_iterate(struct dv_eval *run, struct dv_value iterable,
                     dv_item_fn *fn, void *ctx);
/* All items as an array; false when not NORMAL. */
bool dv_eval_collect(struct dv_eval *run, struct dv_value iterable,
                     struct dv_object *into);
struct dv_value dv_eval_list_iterator(struct dv_eval *run,
                                      struct dv_object *list);
dv_native_fn dv_eval_iterator_next, dv_eval_generator_next,
    dv_eval_generator_return;

/* ---- Functions (eval_function.c) ---- */

struct dv_value dv_eval_call(struct dv_eval *run, struct dv_value callee,
                             struct dv_value self,
                             const struct dv_value *args, size_t count);
struct dv_value dv_eval_construct(struct dv_eval *run, struct dv_value callee,
                                  const struct dv_value *args, size_t count,
                                  struct dv_value new_target);
struct dv_value dv_eval_invoke(struct dv_eval *run, struct dv_value object,
                               const char *method,
                               const struct dv_value *args, size_t count);
struct dv_object *dv_eval_closure(struct dv_eval *run, uint32_t node,
                                  struct dv_env *env, struct dv_object *home,
                                  const struct dv_text *name);
struct dv_object *dv_eval_native(struct dv_eval *run, const char *name,
                                 dv_native_fn *fn, unsigned length);
/* As above, with a value that the function can ask for while it runs. */
struct dv_value dv_eval_native_with(struct dv_eval *run, dv_native_fn *fn,
                                    struct dv_value bound);
struct dv_text *dv_eval_function_text(struct dv_eval *run,
                                      struct dv_object *function);
/* `prototype`, `name` and `length` of a function; made when asked for. */
bool dv_function_special(struct dv_eval *run, struct dv_object *function,
                         const struct dv_text *key, struct dv_value *value);
/* Call it with unknown arguments, as somebody unknown might. */
void dv_eval_explore(struct dv_eval *run, struct dv_object *function);
struct dv_value dv_eval_promise_of(struct dv_eval *run, struct dv_value value,
                                   bool is_rejected);
struct dv_value dv_eval_generator(struct dv_eval *run,
                                  struct dv_object *function,
                                  struct dv_value self,
                                  const struct dv_value *args, size_t count);
/* Run its body whole; what it yields is in `yields`. */
struct dv_value dv_function_run(struct dv_eval *run,
                                struct dv_object *function,
                                struct dv_value self,
                                const struct dv_value *args, size_t count,
                                struct dv_value new_target,
                                struct dv_object *yields);
struct dv_value dv_eval_await(struct dv_eval *run, struct dv_value v);

/* ---- Code (eval_unit.c, eval_env.c, eval_statement.c, eval_expression.c) - */

/* Parse `text`; NULL with a SyntaxError thrown, or over. */
struct dv_unit *dv_eval_unit(struct dv_eval *run, struct dv_text *text,
                             enum dv_js_goal goal);
bool dv_unit_prepare(struct dv_eval *run, struct dv_unit *unit);
const struct dv_text *dv_unit_key(struct dv_eval *run, struct dv_unit *unit,
                                  uint32_t identifier);
/* The names of the scope that begins at `node`; NULL when it has none. */
const struct dv_layout *dv_unit_layout(struct dv_eval *run,
                                       struct dv_unit *unit, uint32_t node);
/* The names that var and functions declare in a Program. */
const struct dv_layout *dv_unit_vars(struct dv_eval *run,
                                     struct dv_unit *unit);
bool dv_layout_find(const struct dv_layout *layout,
                    const struct dv_text *name, uint32_t *slot);
struct dv_env *dv_env_new(struct dv_eval *run, struct dv_env *parent,
                          const struct dv_layout *layout);
struct dv_env *dv_env_of_object(struct dv_eval *run, struct dv_env *parent,
                                struct dv_object *object);
/* The environment may be used for another scope, unless it was captured. */
void dv_env_release(struct dv_eval *run, struct dv_env *env);
void dv_env_capture(struct dv_env *env);

struct dv_value dv_env_get(struct dv_eval *run, struct dv_env *env,
                           uint32_t identifier);
void dv_env_set(struct dv_eval *run, struct dv_env *env, uint32_t identifier,
                struct dv_value value);
/* Give a declared name its first value. */
void dv_env_init(struct dv_eval *run, struct dv_env *env, uint32_t identifier,
                 struct dv_value value);

/* Run a script's or eval's statements. */
struct dv_value dv_eval_program(struct dv_eval *run, struct dv_unit *unit,
                                struct dv_env *env);
void dv_eval_statements(struct dv_eval *run, uint32_t head,
                        struct dv_env *env);
void dv_eval_statement(struct dv_eval *run, uint32_t id, struct dv_env *env);
void dv_eval_hoist(struct dv_eval *run, const struct dv_layout *layout,
                   struct dv_env *env);
struct dv_value dv_eval_expression(struct dv_eval *run, uint32_t id,
                                   struct dv_env *env);
struct dv_value dv_eval_named(struct dv_eval *run, uint32_t id,
                              struct dv_env *env, const struct dv_text *name);
struct dv_value dv_eval_class(struct dv_eval *run, uint32_t id,
                              struct dv_env *env, const struct dv_text *name);
void dv_eval_fields(struct dv_eval *run, const struct dv_class_data *class,
                    struct dv_value self);
/* NULL when it is unknown, or not NORMAL. */
const struct dv_text *dv_eval_property_key(struct dv_eval *run, uint32_t key,
                                           bool is_computed,
                                           struct dv_env *env);
const struct dv_text *dv_eval_private_key(struct dv_eval *run, uint32_t id);
void dv_eval_define_accessor(struct dv_eval *run, struct dv_object *object,
                             const struct dv_text *key,
                             struct dv_object *function, bool is_getter);
/* The value of a StringLiteral, kept. */
struct dv_value dv_unit_string(struct dv_eval *run, struct dv_unit *unit,
                               uint32_t id);
struct dv_value dv_eval_regexp(struct dv_eval *run, struct dv_text *pattern,
                               struct dv_text *flags);

/* Bind a pattern: `op` is VAR, LET, CONST, or 0 for an assignment. */
void dv_eval_bind(struct dv_eval *run, uint32_t pattern, struct dv_value v,
                  struct dv_env *env, unsigned op);

void dv_eval_explore_handler(struct dv_eval *run,
                             const struct dv_handler *handler);

/* Whether a choice at `node` may still be explored both ways. */
bool dv_eval_may_explore(struct dv_eval *run, uint32_t node);
/* Which of two ways to go, when both were gone often enough. */
bool dv_eval_choose(struct dv_eval *run);

/* eval("..."), new Function, string timers. */
struct dv_value dv_eval_text_code(struct dv_eval *run, struct dv_text *text,
                                  struct dv_env *env);

/* Another reason to run a function, later. */
void dv_eval_later(struct dv_eval *run, struct dv_value function,
                   struct dv_value self, const struct dv_value *args,
                   size_t count);
void dv_eval_run_jobs(struct dv_eval *run);

static inline const struct dv_js_node *
dv_node(const struct dv_eval *run, uint32_t id)
{
    return dv_js_at(run->unit->tree, id);
}

/* ---- The world (eval_world.c, eval_lib_*.c, eval_browser.c) ---- */

bool dv_eval_regexps_new(struct dv_eval *run);
void dv_eval_regexps_clear(struct dv_eval *run);
void dv_eval_regexps_free(struct dv_eval *run);

struct dv_native_row {
    const char *name;
    dv_native_fn *fn;
    uint8_t length;
};

bool dv_eval_put(struct dv_eval *run, struct dv_object *object,
                 const struct dv_text *key, struct dv_value value);
bool dv_eval_add_natives(struct dv_eval *run, struct dv_object *object,
                         const struct dv_native_row *rows, size_t count);
/* A constructor under its name on the global object. */
struct dv_object *dv_eval_add_class(struct dv_eval *run, const char *name,
                                    dv_native_fn *call, dv_native_fn *construct,
                                    struct dv_object *proto);
bool dv_eval_make_world(struct dv_eval *run);

#define DV_WORLD_ROW(name) bool dv_eval_world_##name(struct dv_eval *run);
#include "eval/eval_world.def"
#undef DV_WORLD_ROW

#endif

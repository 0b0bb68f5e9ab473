/* SPDX-License-Identifier: MIT */
/* js_heap.h - what lives while a script is evaluated: values, texts, objects.
 *
 * Everything is drawn from one arena and taken back whole when the run ends, so
 * nothing is ever freed too early; a budget bounds it.  A run that used up a
 * budget, or found no memory, is over: heap->over says why, and from then on
 * every call that can fail does.
 *
 * What nobody can know is UNKNOWN.  It may carry the path by which it was
 * reached ("navigator.hardwareConcurrency", "CoinHive.Anonymous()"), which is
 * what rules ask about. */

#ifndef DV_JS_HEAP_H
#define DV_JS_HEAP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum dv_js_tag {
    DV_JS_V_UNDEFINED,
    DV_JS_V_NULL,
    DV_JS_V_BOOLEAN,
    DV_JS_V_NUMBER,
    DV_JS_V_BIGINT,             /* 64 bits; what needs more is unknown */
    DV_JS_V_STRING,
    DV_JS_V_SYMBOL,
    DV_JS_V_OBJECT,
    DV_JS_V_UNKNOWN,
    DV_JS_V_EMPTY               /* a hole, a let before its line; never seen by
                                 * scripts */
};

struct dv_js_text;
struct dv_js_object;
struct dv_js_path;

struct dv_jsv {
    uint8_t tag;                /* enum dv_js_tag */
    union {
        bool boolean;
        double number;
        int64_t bigint;
        struct dv_js_text *text;        /* STRING, SYMBOL */
        struct dv_js_object *object;
        const struct dv_js_path *path;  /* UNKNOWN; may be NULL */
    };
};

/* How an unknown was reached: one step behind another. */
struct dv_js_path {
    const struct dv_js_path *from;      /* NULL: a name of its own */
    const struct dv_js_text *name;      /* NULL: the result of a call, "()" */
    uint32_t depth;
};

enum dv_js_form { DV_JS_LATIN, DV_JS_WIDE, DV_JS_ROPE };

/* UTF-16 code units, in bytes where all are below 256. */
struct dv_js_text {
    uint32_t length;
    uint8_t form;               /* enum dv_js_form */
    bool is_key;                /* the only one with this content */
    bool is_symbol;             /* equal to nothing but itself */
    bool is_made;               /* computed: stands nowhere in the source */
    bool is_told;               /* among the strings of the run */
    uint32_t hash;              /* of keys */
    union {
        const uint8_t *latin;
        const uint16_t *wide;
        struct {
            struct dv_js_text *left, *right;
        };
    };
};

enum dv_js_class {
    DV_JS_C_OBJECT,
    DV_JS_C_ARRAY,
    DV_JS_C_ARGUMENTS,
    DV_JS_C_FUNCTION,           /* of the script */
    DV_JS_C_NATIVE,             /* of ours */
    DV_JS_C_BOUND,
    DV_JS_C_ERROR,
    DV_JS_C_WRAPPER,            /* Boolean, Number, String, Symbol, BigInt */
    DV_JS_C_DATE,
    DV_JS_C_REGEXP,
    DV_JS_C_MAP,                /* and Set */
    DV_JS_C_BUFFER,
    DV_JS_C_TYPED,              /* and DataView */
    DV_JS_C_PROMISE,
    DV_JS_C_GENERATOR,
    DV_JS_C_ITERATOR,           /* of ours */
    DV_JS_C_PROXY,
    DV_JS_C_HOST                /* of the browser */
};

enum dv_js_attribute {
    DV_JS_WRITABLE = 1,
    DV_JS_ENUMERABLE = 2,
    DV_JS_CONFIGURABLE = 4,
    DV_JS_PLAIN = 7,            /* all of them */
    DV_JS_HIDDEN = 5,           /* as methods of ours are */
    DV_JS_ACCESSOR = 8,
    DV_JS_DELETED = 16          /* the key stays in its place */
};

struct dv_js_accessor {
    struct dv_js_object *get, *set;     /* or NULL */
};

struct dv_js_property {
    const struct dv_js_text *key;
    uint32_t flags;             /* enum dv_js_attribute */
    union {
        struct dv_jsv value;
        struct dv_js_accessor *accessor;
    };
};

struct dv_js_object {
    struct dv_js_object *proto;
    struct dv_js_property *properties;
    uint32_t *index;            /* of properties by hash, + 1; NULL for few */
    uint32_t count, cap;        /* of properties */
    uint32_t index_cap;         /* a power of 2 */
    uint8_t class;              /* enum dv_js_class */
    bool is_frozen;             /* nothing may be added */
    bool is_open;               /* what it has not is unknown, not undefined */
    bool is_callable;
    bool is_told;               /* an unknown has seen it */
    uint32_t length;            /* of an array */
    uint32_t items_len, items_cap;
    struct dv_jsv *items;       /* of an array: [0, items_len), EMPTY holes */
    const struct dv_js_path *path;      /* of what a host object stands for */
    void *data;                 /* of its class */
};

/* Why a run ends early. */
enum dv_js_over {
    DV_JS_GOES_ON,
#define DV_JS_BUDGET_ROW(NAME, field, text) DV_JS_OVER_##NAME,
#include "js/js_budget.def"
#undef DV_JS_BUDGET_ROW
    DV_JS_OVER_MEMORY           /* refused: DAVY_NO_MEMORY */
};

struct dv_js_heap {
    struct dv_mem *mem;
    struct dv_arena arena;
    enum dv_js_over over;
    size_t max_bytes;           /* of the arena */
    uint64_t steps, max_steps;
    size_t max_text;            /* code units of one text */
    struct dv_js_text **keys;   /* hash table, by content */
    uint32_t keys_count, keys_cap;      /* a power of 2 */
    struct dv_js_text *latin[256];      /* texts of one unit */
    struct dv_js_text *empty;
    struct dv_js_text *number[1024];    /* keys of small indexes */
    struct dv_buf scratch;
    struct dv_vec stack;        /* of texts, while a rope is read */
};

davy_status dv_js_heap_init(struct dv_js_heap *heap, struct dv_mem *mem);
void dv_js_heap_fini(struct dv_js_heap *heap);

/* Everything before is gone. */
davy_status dv_js_heap_reset(struct dv_js_heap *heap);

/* Zeroed; NULL when the run is over. */
void *dv_js_heap_alloc(struct dv_js_heap *heap, size_t size);

/* `at` with `old` items of `size` bytes moved to room for `count`. */
void *dv_js_heap_grow(struct dv_js_heap *heap, const void *at, size_t old,
                      size_t count, size_t size);

/* False, always: the run ends for this reason. */
bool dv_js_heap_end(struct dv_js_heap *heap, enum dv_js_over why);

/* Charge work; false when the run is over. */
static inline bool
dv_js_heap_charge(struct dv_js_heap *heap, uint64_t steps)
{
    heap->steps += steps;
    if (DV_UNLIKELY(heap->steps > heap->max_steps))
        return dv_js_heap_end(heap, DV_JS_OVER_STEPS);
    return heap->over == DV_JS_GOES_ON;
}

/* ---- Values ---- */

static inline struct dv_jsv
dv_jsv_undefined(void)
{
    return (struct dv_jsv){ .tag = DV_JS_V_UNDEFINED };
}

static inline struct dv_jsv
dv_jsv_null(void)
{
    return (struct dv_jsv){ .tag = DV_JS_V_NULL };
}

static inline struct dv_jsv
dv_jsv_boolean(bool boolean)
{
    return (struct dv_jsv){ .tag = DV_JS_V_BOOLEAN, .boolean = boolean };
}

static inline struct dv_jsv
dv_jsv_number(double number)
{
    return (struct dv_jsv){ .tag = DV_JS_V_NUMBER, .number = number };
}

static inline struct dv_jsv
dv_jsv_bigint(int64_t bigint)
{
    return (struct dv_jsv){ .tag = DV_JS_V_BIGINT, .bigint = bigint };
}

static inline struct dv_jsv
dv_jsv_text(struct dv_js_text *text)
{
    return (struct dv_jsv){ .tag = DV_JS_V_STRING, .text = text };
}

static inline struct dv_jsv
dv_jsv_object(struct dv_js_object *object)
{
    return (struct dv_jsv){ .tag = DV_JS_V_OBJECT, .object = object };
}

static inline struct dv_jsv
dv_jsv_unknown(const struct dv_js_path *path)
{
    return (struct dv_jsv){ .tag = DV_JS_V_UNKNOWN, .path = path };
}

static inline struct dv_jsv
dv_jsv_empty(void)
{
    return (struct dv_jsv){ .tag = DV_JS_V_EMPTY };
}

static inline bool
dv_jsv_is_nullish(struct dv_jsv v)
{
    return v.tag == DV_JS_V_UNDEFINED || v.tag == DV_JS_V_NULL;
}

static inline bool
dv_jsv_is_callable(struct dv_jsv v)
{
    return v.tag == DV_JS_V_OBJECT && v.object->is_callable;
}

static inline bool
dv_jsv_is_class(struct dv_jsv v, enum dv_js_class class)
{
    return v.tag == DV_JS_V_OBJECT && v.object->class == class;
}

#endif

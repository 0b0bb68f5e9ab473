/* SPDX-License-Identifier: MIT */
/* eval_heap.h - what lives while a script is evaluated: values, texts, objects.
 *
 * Everything is drawn from one arena and taken back whole when the run ends, so
 * nothing is ever freed too early; a budget bounds it.  A run that used up a
 * budget, or found no memory, is over: heap->over says why, and from then on
 * every call that can fail does.
 *
 * What nobody can know is UNKNOWN.  It may carry the path by which it was
 * reached ("navigator.hardwareConcurrency", "CoinHive.Anonymous()"), which is
 * what rules ask about. */

#ifndef DV_EVAL_HEAP_H
#define DV_EVAL_HEAP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum dv_value_tag {
    DV_V_UNDEFINED,
    DV_V_NULL,
    DV_V_BOOLEAN,
    DV_V_NUMBER,
    DV_V_BIGINT,             /* 64 bits; what needs more is unknown */
    DV_V_STRING,
    DV_V_SYMBOL,
    DV_V_OBJECT,
    DV_V_UNKNOWN,
    DV_V_EMPTY               /* a hole, a let before its line; never seen by
                                 * scripts */
};

struct dv_text;
struct dv_object;
struct dv_path;

struct dv_value {
    uint8_t tag;                /* enum dv_value_tag */
    union {
        bool boolean;
        double number;
        int64_t bigint;
        struct dv_text *text;        /* STRING, SYMBOL */
        struct dv_object *object;
        const struct dv_path *path;  /* UNKNOWN; may be NULL */
    };
};

/* How an unknown was reached: one step behind another. */
struct dv_path {
    const struct dv_path *from;      /* NULL: a name of its own */
    const struct dv_text *name;      /* NULL: the result of a call, "()" */
    uint32_t depth;
};

enum dv_text_form { DV_TEXT_LATIN, DV_TEXT_WIDE, DV_TEXT_ROPE };

/* UTF-16 code units, in bytes where all are below 256. */
struct dv_text {
    uint32_t length;
    uint8_t form;               /* enum dv_text_form */
    bool is_key;                /* the only one with this content */
    bool is_symbol;             /* equal to nothing but itself */
    bool is_made;               /* computed: stands nowhere in the source */
    bool is_told;               /* already among the texts of the run */
    uint32_t hash;              /* of keys */
    union {
        const uint8_t *latin;
        const uint16_t *wide;
        struct {
            struct dv_text *left, *right;
        };
    };
};

enum dv_class {
    DV_C_OBJECT,
    DV_C_ARRAY,
    DV_C_ARGUMENTS,
    DV_C_FUNCTION,              /* of the script */
    DV_C_NATIVE,                /* of ours */
    DV_C_BOUND,
    DV_C_ERROR,
    DV_C_WRAPPER,               /* Boolean, Number, String, Symbol, BigInt */
    DV_C_DATE,
    DV_C_REGEXP,
    DV_C_MAP,                   /* and WeakMap */
    DV_C_SET,                   /* and WeakSet */
    DV_C_BUFFER,
    DV_C_TYPED,
    DV_C_VIEW,                  /* DataView */
    DV_C_PROMISE,
    DV_C_GENERATOR,
    DV_C_ITERATOR,              /* of ours */
    DV_C_PROXY,
    DV_C_HOST,                  /* of the browser */
    DV_C_BODY                   /* bytes: Blob, Response, streams */
};

enum dv_attribute {
    DV_PROP_WRITABLE = 1,
    DV_PROP_ENUMERABLE = 2,
    DV_PROP_CONFIGURABLE = 4,
    DV_PROP_PLAIN = 7,            /* all of them */
    DV_PROP_HIDDEN = 5,           /* as methods of ours are */
    DV_PROP_ACCESSOR = 8,
    DV_PROP_DELETED = 16          /* the key stays in its place */
};

struct dv_accessor {
    struct dv_object *get, *set;     /* or NULL */
};

struct dv_property {
    const struct dv_text *key;
    uint32_t flags;             /* enum dv_attribute */
    union {
        struct dv_value value;
        struct dv_accessor *accessor;
    };
};

struct dv_object {
    struct dv_object *proto;
    struct dv_property *properties;
    uint32_t *index;            /* of properties by hash, + 1; NULL for few */
    uint32_t count, cap;        /* of properties */
    uint32_t index_cap;         /* a power of 2 */
    uint8_t class;              /* enum dv_class */
    bool is_frozen;             /* nothing may be added */
    bool is_open;               /* what it has not is unknown, not undefined */
    bool is_callable;
    bool is_class;              /* a constructor that is only called by new */
    uint32_t length;            /* of an array */
    uint32_t items_len, items_cap;
    struct dv_value *items;       /* of an array: [0, items_len), EMPTY holes */
    const struct dv_path *path;      /* of what a host object stands for */
    void *data;                 /* of its class */
};

/* Why a run ends early. */
enum dv_over {
    DV_OVER_NOT,
#define DV_BUDGET_ROW(NAME, field, text) DV_OVER_##NAME,
#include "eval/eval_budget.def"
#undef DV_BUDGET_ROW
    DV_OVER_MEMORY           /* refused: DAVY_NO_MEMORY */
};

struct dv_heap {
    struct dv_mem *mem;
    struct dv_arena arena;
    enum dv_over over;
    size_t max_bytes;           /* of the arena */
    uint64_t steps, max_steps;
    size_t max_text;            /* code units of one text */
    struct dv_text **keys;   /* hash table, by content */
    uint32_t keys_count, keys_cap;      /* a power of 2 */
    struct dv_text *latin[256];      /* texts of one unit */
    struct dv_text *empty;
    struct dv_text *number[1024];    /* keys of small indexes */
    struct dv_buf scratch;
    struct dv_vec stack;        /* of texts, while a rope is read */
};

davy_status dv_heap_init(struct dv_heap *heap, struct dv_mem *mem);
void dv_heap_fini(struct dv_heap *heap);

/* Everything before is gone. */
davy_status dv_heap_reset(struct dv_heap *heap);

/* Zeroed; NULL when the run is over. */
void *dv_heap_alloc(struct dv_heap *heap, size_t size);

/* `at` with `old` items of `size` bytes moved to room for `count`. */
void *dv_heap_grow(struct dv_heap *heap, const void *at, size_t old,
                      size_t count, size_t size);

/* False, always: the run ends for this reason. */
bool dv_heap_end(struct dv_heap *heap, enum dv_over why);

/* Charge work; false when the run is over. */
static inline bool
dv_heap_charge(struct dv_heap *heap, uint64_t steps)
{
    heap->steps += steps;
    if (DV_UNLIKELY(heap->steps > heap->max_steps))
        return dv_heap_end(heap, DV_OVER_STEPS);
    return heap->over == DV_OVER_NOT;
}

/* ---- Values ---- */

static inline struct dv_value
dv_value_undefined(void)
{
    return (struct dv_value){ .tag = DV_V_UNDEFINED };
}

static inline struct dv_value
dv_value_null(void)
{
    return (struct dv_value){ .tag = DV_V_NULL };
}

static inline struct dv_value
dv_value_boolean(bool boolean)
{
    return (struct dv_value){ .tag = DV_V_BOOLEAN, .boolean = boolean };
}

static inline struct dv_value
dv_value_number(double number)
{
    return (struct dv_value){ .tag = DV_V_NUMBER, .number = number };
}

static inline struct dv_value
dv_value_bigint(int64_t bigint)
{
    return (struct dv_value){ .tag = DV_V_BIGINT, .bigint = bigint };
}

static inline struct dv_value
dv_value_text(struct dv_text *text)
{
    return (struct dv_value){ .tag = DV_V_STRING, .text = text };
}

static inline struct dv_value
dv_value_object(struct dv_object *object)
{
    return (struct dv_value){ .tag = DV_V_OBJECT, .object = object };
}

static inline struct dv_value
dv_value_unknown(const struct dv_path *path)
{
    return (struct dv_value){ .tag = DV_V_UNKNOWN, .path = path };
}

static inline struct dv_value
dv_value_empty(void)
{
    return (struct dv_value){ .tag = DV_V_EMPTY };
}

static inline bool
dv_value_is_nullish(struct dv_value v)
{
    return v.tag == DV_V_UNDEFINED || v.tag == DV_V_NULL;
}

static inline bool
dv_value_is_callable(struct dv_value v)
{
    return v.tag == DV_V_OBJECT && v.object->is_callable;
}

static inline bool
dv_value_is_class(struct dv_value v, enum dv_class class)
{
    return v.tag == DV_V_OBJECT && v.object->class == class;
}

#endif

/* SPDX-License-Identifier: MIT */
/* fact_js_impl.h - what the files of fact_js share. */

#ifndef DV_FACT_JS_IMPL_H
#define DV_FACT_JS_IMPL_H

#include "fact/fact_eval.h"
#include "fact/fact_js.h"
#include "fact/fact_reach.h"
#include "fact/fact_sink.h"
#include "js/js_fold.h"

struct dv_fact_js {
    struct dv_mem *mem;
    const davy_limits *limits;
    struct dv_js_fold fold;
    struct dv_buf path;                 /* of the node at hand */
    uint8_t *roles;                     /* of each node */
    size_t roles_cap;
    size_t copied;                      /* bytes said beyond the source's */
    bool is_cut;                        /* something was too much */
    struct dv_facts *facts;
    const struct dv_url *base;
    const struct dv_js_tree *tree;
    struct dv_sinks sinks;
    struct dv_fact_eval *eval;          /* made when it is first needed */
    dv_effect_fn *told;                 /* or NULL */
    void *told_ctx;
    struct dv_reach reach;
    struct dv_vec keys;                 /* struct dv_span: of computed members,
                                         * as the evaluation found them */
    uint32_t *key_of;                   /* by node, + 1; only while keys.len */
    size_t key_of_cap;
    uint64_t eval_steps;                /* left for this target's scripts */
    bool talks;                         /* to a worker, a page, a server */
    size_t computed;                    /* how often a sink takes something
                                         * that only an evaluation can tell */
};

/* What is already said of a node by its parent. */
#define DV_ROLE_SAID    1u      /* its value is part of another fact */
#define DV_ROLE_CALLEE  2u      /* its path is that of a call */
#define DV_ROLE_PATH    4u      /* it is the beginning of a longer path */
#define DV_ROLE_TARGET  8u      /* it is assigned */
#define DV_ROLE_COMPUTED 16u    /* a sink takes something from it that only an
                                 * evaluation can tell */
#define DV_ROLE_REACHES 32u     /* a function, class or handler in which, or
                                 * behind which, that happens */
#define DV_ROLE_HOLDS   64u     /* in which it does */

/* Items of a list that are looked at one by one. */
#define DV_FACT_JS_MAX_ITEMS ((size_t)64)

static inline const struct dv_js_node *
dv_fact_js_node(const struct dv_fact_js *js, uint32_t id)
{
    return dv_js_at(js->tree, id);
}

/* Whether `text`, said for `node`, may be copied once more: a name of a long
 * constant must not say it over and over.  limits->fold_bytes bounds what is
 * said beyond the text of the script. */
bool dv_fact_js_afford(struct dv_fact_js *js, struct dv_span text,
                       const struct dv_js_node *node);

/* Whether a FunctionExpression does nothing but call its first argument with
 * the others: function (f, a) { return f(a); }. */
bool dv_fact_js_is_caller(const struct dv_fact_js *js,
                          const struct dv_js_node *function);

/* The name of the property that a MemberExpression asks for; empty when it is
 * not known. */
struct dv_span dv_fact_js_key(const struct dv_fact_js *js, uint32_t member);

/* Whether a value, and the items of a list, are constant. */
bool dv_fact_js_is_constant(const struct dv_fact_js *js, uint32_t id);

/* Whether a call or construction, or an assignment, with the path in js->path
 * gives something to a sink that only an evaluation can tell, or calls what
 * only an evaluation can name. */
bool dv_fact_js_is_computed_call(const struct dv_fact_js *js,
                                 const struct dv_js_node *call);
bool dv_fact_js_is_computed_assignment(const struct dv_fact_js *js,
                                       const struct dv_js_node *assignment);
bool dv_fact_js_is_computed_import(const struct dv_fact_js *js,
                                   uint32_t source);

/* A call or construction with the path in js->path: what it loads or runs. */
void dv_fact_js_sink_call(struct dv_fact_js *js, uint32_t id);

/* `x.src = "..."`, `x.innerHTML = "..."`: path in js->path. */
void dv_fact_js_sink_assign(struct dv_fact_js *js, uint32_t id);

/* A constant string that holds a module or a worker in some coding. */
void dv_fact_js_sink_string(struct dv_fact_js *js, struct dv_span text,
                            const struct dv_js_node *node);

/* An array of numbers that is a WebAssembly module. */
void dv_fact_js_sink_bytes(struct dv_fact_js *js, uint32_t id);

#endif

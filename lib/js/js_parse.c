/* SPDX-License-Identifier: MIT */
/* js_parse.c - source text of JavaScript into a tree: the whole of it. */

#include "js/js_parse.h"

#include "js/js_parse_state.h"

/* Offsets are 32 bits; 2 GiB leaves room for sums. */
#define LONGEST_SOURCE ((size_t)1 << 31)

/* Second tries of recoveries, each of which may read the rest of the source. */
#define SECOND_TRIES 8

static void
init_parser(struct dv_js_parser *p, struct dv_js_tree *tree, bool is_module)
{
    struct dv_mem *const mem = tree->mem;

    *p = (struct dv_js_parser){ .tree = tree, .recover_again = SECOND_TRIES,
                                .arrow_at = UINT32_MAX };
    dv_vec_init(&p->pending, mem, sizeof(struct pending), UINT32_MAX);
    dv_vec_init(&p->marks, mem, sizeof(uint8_t), UINT32_MAX);
    dv_vec_init(&p->exports, mem, sizeof(uint32_t), UINT32_MAX);
    dv_js_declare_init(&p->names, mem);
    dv_js_regexp_init(&p->regexp, mem);
    dv_js_lexer_init(&p->lex, tree->source, !is_module);
}

static void
fini_parser(struct dv_js_parser *p)
{
    dv_vec_fini(&p->pending);
    dv_vec_fini(&p->marks);
    dv_vec_fini(&p->exports);
    dv_js_declare_fini(&p->names);
    dv_js_regexp_fini(&p->regexp);
}

static uint32_t
context_of(enum dv_js_goal goal)
{
    switch (goal) {
    case DV_JS_GOAL_MODULE:
        return C_STRICT | C_MODULE | C_ASYNC;
    case DV_JS_GOAL_FUNCTION_BODY:
        return C_RETURN | C_NEW_TARGET;
    case DV_JS_GOAL_SCRIPT:
    case DV_JS_GOAL_SCRIPT_OR_MODULE:
        break;
    }
    return 0;
}

static void
parse_program(struct dv_js_parser *p, enum dv_js_goal goal)
{
    struct dv_js_tree *const tree = p->tree;
    struct list list = { 0, 0 };
    uint32_t root;

    p->context = context_of(goal);
    if (dv_js_tree_add(tree, DV_JS_NONE, 0, 0) != 0   /* node 0 */
        || tree->count == 0 || !dv_js_declare_enter(&p->names, true)) {
        p->status = DAVY_NO_MEMORY;
        return;
    }
    next(p);
    dv_js_parse_directives(p, &list, DV_JS_T_END, 0, true);
    dv_js_parse_statements(p, &list, DV_JS_T_END, 0);
    if (goal == DV_JS_GOAL_MODULE)
        dv_js_parse_check_exports(p);
    root = make(p, DV_JS_PROGRAM, 0, list.head, 0);
    if (root == 0)
        return;
    node_of(p, root)->end = (uint32_t)tree->source.len;
    if (p->context & C_STRICT)
        node_of(p, root)->flags |= DV_JS_STRICT;
    if (goal == DV_JS_GOAL_MODULE)
        node_of(p, root)->flags |= DV_JS_MODULE;
    tree->root = root;
    tree->is_module = goal == DV_JS_GOAL_MODULE;
    tree->nodes[0] = (struct dv_js_node){ .kind = DV_JS_NONE };
}

/* One parse for one goal; says whether a script looked like a module. */
static davy_status
parse_as(struct dv_js_tree *tree, struct dv_span source, enum dv_js_goal goal,
         uint32_t depth, bool *wants_module)
{
    struct dv_js_parser p;
    davy_status st;

    dv_js_tree_reset(tree);
    tree->source = source;
    init_parser(&p, tree, goal == DV_JS_GOAL_MODULE);
    p.depth_limit = depth;
    p.may_be_module = goal == DV_JS_GOAL_SCRIPT_OR_MODULE;
    parse_program(&p, goal);
    st = p.status;
    if (st == DAVY_OK && p.hit_limit)
        st = DAVY_LIMIT;
    *wants_module = p.wants_module
                    || (tree->errors > 0 && p.last_await_name != 0);
    fini_parser(&p);
    if (st == DAVY_NO_MEMORY)
        dv_js_tree_reset(tree);
    return st;
}

davy_status
dv_js_parse(struct dv_js_tree *tree, struct dv_span source,
            enum dv_js_goal goal, const davy_limits *limits)
{
    const uint32_t depth = limits->js_depth > UINT32_MAX / 2
                               ? UINT32_MAX / 2
                               : (uint32_t)limits->js_depth;
    const bool is_cut = source.len > LONGEST_SOURCE;
    bool wants_module;
    davy_status st;

    if (is_cut)
        source.len = LONGEST_SOURCE;
    st = parse_as(tree, source, goal, depth, &wants_module);
    if (goal == DV_JS_GOAL_SCRIPT_OR_MODULE && wants_module
        && st != DAVY_NO_MEMORY)
        st = parse_as(tree, source, DV_JS_GOAL_MODULE, depth, &wants_module);
    return st == DAVY_OK && is_cut ? DAVY_LIMIT : st;
}

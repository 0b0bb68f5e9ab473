/* SPDX-License-Identifier: MIT */
/* html_guard.h - memory for Gumbo, which checks neither memory nor effort.
 *
 * Gumbo takes whatever the allocator answers for good, and has parts that cost
 * the depth of the tree, or the number of attributes, for each byte.  But
 * whatever it does, it asks for memory.  So the guard counts there, and leaves
 * by longjmp when memory is refused or a bound is passed; all that Gumbo holds
 * is in the guard's arena and goes with it. */

#ifndef DV_HTML_GUARD_H
#define DV_HTML_GUARD_H

#include <setjmp.h>

#include "base/arena.h"

/* Sizes that are kept apart for reuse: multiples of 16 up to 512, and the
 * powers of two behind. */
#define DV_HTML_GUARD_LISTS 64

/* Nodes that are made but not yet hung into the tree: an element, while the
 * text before it is.  The rest are other things of a node's size. */
#define DV_HTML_GUARD_PENDING 8

struct dv_html_guard_limits {
    size_t node_size;                   /* sizeof of a tree's node */
    size_t parent_at;                   /* where it points to its parent */
    size_t attr_size;                   /* sizeof of an attribute */
    size_t depth;                       /* of the tree */
    size_t attrs;                       /* attributes of one tag */
    size_t memory;                      /* bytes out at a time */
    size_t work;                        /* see html_guard.c */
};

struct dv_html_guard_node;

struct dv_html_guard {
    struct dv_html_guard_limits limits;
    struct dv_arena arena;
    void *lists[DV_HTML_GUARD_LISTS];   /* freed pieces, by size */
    struct dv_html_guard_node *nodes;   /* depth by address */
    size_t nodes_len;
    size_t nodes_cap;                   /* a power of two, or 0 */
    uint8_t *pending[DV_HTML_GUARD_PENDING];    /* nodes without a parent */
    size_t pending_len;
    size_t depth;                       /* of the node settled last */
    size_t attrs;                       /* since the last node */
    size_t used;
    size_t work;
    davy_status status;                 /* why the guard left */
    jmp_buf out;                        /* set by the user before any request */
};

void dv_html_guard_init(struct dv_html_guard *guard, struct dv_mem *mem,
                        const struct dv_html_guard_limits *limits);
void dv_html_guard_fini(struct dv_html_guard *guard);

/* In the shape that Gumbo wants.  The first never answers NULL: it leaves to
 * guard->out with guard->status set. */
void *dv_html_guard_alloc(void *guard, size_t n);
void dv_html_guard_free(void *guard, void *at);

#endif

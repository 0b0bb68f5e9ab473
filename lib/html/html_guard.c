/* SPDX-License-Identifier: MIT */
/* html_guard.c - counts what Gumbo does by what it asks for. */

#include "html/html_guard.h"

#include <stdalign.h>

/* Before each piece stands the list it goes back to. */
struct head {
    alignas(max_align_t) size_t list;
};

/* A piece in a list. */
struct freed {
    struct freed *next;
};

struct dv_html_guard_node {
    const void *at;                     /* NULL: free */
    size_t depth;
};

#define SMALL_STEP  ((size_t)16)
#define SMALL_LISTS ((size_t)32)
#define FIRST_NODES ((size_t)256)

void
dv_html_guard_init(struct dv_html_guard *guard, struct dv_mem *mem,
                   const struct dv_html_guard_limits *limits)
{
    memset(guard, 0, sizeof(*guard));
    guard->limits = *limits;
    dv_arena_init(&guard->arena, mem);
}

void
dv_html_guard_fini(struct dv_html_guard *guard)
{
    dv_mem_free(guard->arena.mem, guard->nodes,
                guard->nodes_cap * sizeof(*guard->nodes));
    dv_arena_fini(&guard->arena);
}

static void
leave(struct dv_html_guard *guard, davy_status st)
{
    guard->status = st;
    longjmp(guard->out, 1);
}

/* The list for pieces of `n` bytes, and the room they have. */
static size_t
list_of(size_t n, size_t *room)
{
    size_t list = (n + SMALL_STEP - 1) / SMALL_STEP;

    *room = list * SMALL_STEP;
    if (list <= SMALL_LISTS)
        return list - (list > 0);
    list = SMALL_LISTS;
    for (*room = 1024; *room < n && list < DV_HTML_GUARD_LISTS - 1; list++)
        *room *= 2;
    return list;
}

/* Addresses of nodes differ above bit 4; the product spreads them. */
static size_t
slot_of(const struct dv_html_guard *guard, const void *at)
{
    const uint64_t mixed
        = ((uint64_t)(uintptr_t)at >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(mixed >> 32) & (guard->nodes_cap - 1);

    while (guard->nodes[i].at != NULL && guard->nodes[i].at != at)
        i = (i + 1) & (guard->nodes_cap - 1);
    return i;
}

static void
grow_nodes(struct dv_html_guard *guard)
{
    struct dv_html_guard_node *old = guard->nodes;
    const size_t old_cap = guard->nodes_cap;
    const size_t cap = old_cap == 0 ? FIRST_NODES : old_cap * 2;
    struct dv_html_guard_node *nodes
        = dv_mem_calloc(guard->arena.mem, cap, sizeof(*nodes));

    if (nodes == NULL)
        leave(guard, DAVY_NO_MEMORY);
    guard->nodes = nodes;
    guard->nodes_cap = cap;
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].at != NULL)
            nodes[slot_of(guard, old[i].at)] = old[i];
    }
    dv_mem_free(guard->arena.mem, old, old_cap * sizeof(*old));
}

/* The node asked for last has been hung into the tree: note its depth.  Other
 * things are as large as a node, so its parent is looked up, not followed. */
static void
settle_last_node(struct dv_html_guard *guard)
{
    const void *parent;
    size_t slot;

    if (guard->last_node == NULL)
        return;
    memcpy(&parent, guard->last_node + guard->limits.parent_at,
           sizeof(parent));
    slot = slot_of(guard, parent);
    guard->depth = guard->nodes[slot].at != NULL && parent != NULL
                       ? guard->nodes[slot].depth + 1 : 0;
    slot = slot_of(guard, guard->last_node);
    guard->nodes_len += guard->nodes[slot].at == NULL;
    guard->nodes[slot].at = guard->last_node;
    guard->nodes[slot].depth = guard->depth;
    guard->last_node = NULL;
    if (guard->depth > guard->limits.depth)
        leave(guard, DAVY_LIMIT);
}

static void
begin_node(struct dv_html_guard *guard, void *node)
{
    if (guard->nodes_len >= guard->nodes_cap / 2)
        grow_nodes(guard);
    settle_last_node(guard);
    memset(node, 0, guard->limits.node_size);
    guard->last_node = node;
    guard->attrs = 0;
}

/* Each tag and each text asks for memory in proportion to its length, and may
 * have cost the depth of the tree, or the attributes before it, each time. */
static void
count_work(struct dv_html_guard *guard, size_t n)
{
    guard->work += (1 + n / 16) * (8 + guard->depth);
    if (n == guard->limits.attr_size) {
        guard->attrs++;
        guard->work += guard->attrs;
    }
    if (guard->attrs > guard->limits.attrs
        || guard->work > guard->limits.work)
        leave(guard, DAVY_LIMIT);
}

static void *
take_piece(struct dv_html_guard *guard, size_t n)
{
    size_t room;
    const size_t list = list_of(n, &room);
    struct freed *old = guard->lists[list];
    struct head *head;

    if (room < n)
        leave(guard, DAVY_LIMIT);
    guard->used += room;
    if (guard->used > guard->limits.memory)
        leave(guard, DAVY_LIMIT);
    if (old != NULL) {
        guard->lists[list] = old->next;
        return old;
    }
    head = dv_arena_alloc(&guard->arena, sizeof(*head) + room);
    if (head == NULL)
        leave(guard, DAVY_NO_MEMORY);
    head->list = list;
    return head + 1;
}

void *
dv_html_guard_alloc(void *ctx, size_t n)
{
    struct dv_html_guard *guard = ctx;
    void *piece = take_piece(guard, n == 0 ? 1 : n);

    if (n == guard->limits.node_size)
        begin_node(guard, piece);
    count_work(guard, n);
    return piece;
}

void
dv_html_guard_free(void *ctx, void *at)
{
    struct dv_html_guard *guard = ctx;
    struct freed *piece = at;
    size_t list;

    if (at == NULL)
        return;
    if (at == guard->last_node)
        guard->last_node = NULL;
    list = ((struct head *)at - 1)->list;
    guard->used -= list < SMALL_LISTS ? (list + 1) * SMALL_STEP
                                      : (size_t)1024 << (list - SMALL_LISTS);
    piece->next = guard->lists[list];
    guard->lists[list] = piece;
}

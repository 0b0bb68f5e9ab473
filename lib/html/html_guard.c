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

static void
settle(struct dv_html_guard *guard, const void *node, size_t depth)
{
    const size_t slot = slot_of(guard, node);

    guard->nodes_len += guard->nodes[slot].at == NULL;
    guard->nodes[slot].at = node;
    guard->nodes[slot].depth = depth;
    guard->depth = depth;
    if (depth > guard->limits.depth)
        leave(guard, DAVY_LIMIT);
}

/* Note the depth of the nodes that have been hung into the tree.  Other things
 * are as large as a node, so a parent is looked up, never followed. */
static void
settle_pending(struct dv_html_guard *guard)
{
    size_t kept = 0;

    for (size_t i = guard->pending_len; i > 0; i--) {
        uint8_t *node = guard->pending[i - 1];
        const void *parent;
        size_t slot;

        memcpy(&parent, node + guard->limits.parent_at, sizeof(parent));
        if (parent == NULL)
            continue;
        slot = slot_of(guard, parent);
        settle(guard, node, guard->nodes[slot].at != NULL
                                ? guard->nodes[slot].depth + 1 : 0);
        guard->pending[i - 1] = NULL;
    }
    for (size_t i = 0; i < guard->pending_len; i++) {
        if (guard->pending[i] != NULL)
            guard->pending[kept++] = guard->pending[i];
    }
    guard->pending_len = kept;
}

static void
begin_node(struct dv_html_guard *guard, void *node)
{
    if (guard->nodes_len + DV_HTML_GUARD_PENDING >= guard->nodes_cap / 2)
        grow_nodes(guard);
    settle_pending(guard);
    if (guard->pending_len == DV_HTML_GUARD_PENDING) {
        /* One that was never hung in; should it be, it is deep at worst. */
        settle(guard, guard->pending[0], guard->depth + 1);
        guard->pending_len--;
        memmove(guard->pending, guard->pending + 1,
                guard->pending_len * sizeof(guard->pending[0]));
    }
    memset(node, 0, guard->limits.node_size);
    guard->pending[guard->pending_len++] = node;
    guard->attrs = 0;
}

static void
forget_node(struct dv_html_guard *guard, const void *node)
{
    for (size_t i = 0; i < guard->pending_len; i++) {
        if (guard->pending[i] != node)
            continue;
        guard->pending_len--;
        guard->pending[i] = guard->pending[guard->pending_len];
        return;
    }
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
    forget_node(guard, at);
    list = ((struct head *)at - 1)->list;
    guard->used -= list < SMALL_LISTS ? (list + 1) * SMALL_STEP
                                      : (size_t)1024 << (list - SMALL_LISTS);
    piece->next = guard->lists[list];
    guard->lists[list] = piece;
}

/* SPDX-License-Identifier: MIT */
/* js_walk.c - a walk whose stack is on the heap. */

#include "js/js_walk.h"

/* One node that was entered and not yet left. */
struct frame {
    uint32_t id;
    uint32_t at;                        /* sibling to visit next, or 0 */
    uint8_t slot;                       /* slot that `at` is in; 4: no more */
    uint8_t own_slot;                   /* slot of the parent */
    bool is_new;                        /* not yet entered */
};

void
dv_js_walk_init(struct dv_js_walk *walk, const struct dv_js_tree *tree)
{
    walk->tree = tree;
    dv_vec_init(&walk->stack, tree->mem, sizeof(struct frame), UINT32_MAX);
}

void
dv_js_walk_fini(struct dv_js_walk *walk)
{
    dv_vec_fini(&walk->stack);
}

static davy_status
push(struct dv_js_walk *walk, uint32_t id, uint8_t own_slot)
{
    struct frame *frame = dv_vec_push(&walk->stack);

    if (frame == NULL)
        return DAVY_NO_MEMORY;
    frame->id = id;
    frame->own_slot = own_slot;
    frame->is_new = true;
    return DAVY_OK;
}

davy_status
dv_js_walk_begin(struct dv_js_walk *walk, uint32_t root)
{
    dv_vec_clear(&walk->stack);
    return root == 0 ? DAVY_OK : push(walk, root, 0);
}

static bool
holds_nodes(const struct dv_js_node *node, unsigned slot)
{
    const unsigned type = dv_js_shapes[node->kind].slot[slot].type;

    return type == DV_JS_SLOT_ONE || type == DV_JS_SLOT_LIST;
}

/* Point `frame` at its next child; false when there is none. */
static bool
next_child(const struct dv_js_tree *tree, struct frame *frame, uint32_t *id)
{
    const struct dv_js_node *node = dv_js_at(tree, frame->id);

    while (frame->at == 0 && frame->slot < 4) {
        if (holds_nodes(node, frame->slot))
            frame->at = node->slot[frame->slot];
        if (frame->at == 0)
            frame->slot++;
    }
    if (frame->at == 0)
        return false;
    *id = frame->at;
    return true;
}

/* Step over the child that next_child named. */
static void
pass_child(const struct dv_js_tree *tree, struct frame *frame)
{
    const struct dv_js_node *node = dv_js_at(tree, frame->id);

    frame->at = dv_js_shapes[node->kind].slot[frame->slot].type
                        == DV_JS_SLOT_LIST
                    ? dv_js_at(tree, frame->at)->next
                    : 0;
    if (frame->at == 0)
        frame->slot++;
}

static void
describe(const struct dv_js_walk *walk, const struct frame *frame,
         struct dv_js_visit *visit, bool is_leaving)
{
    visit->id = frame->id;
    visit->parent = 0;
    if (walk->stack.len > 1)
        visit->parent = ((const struct frame *)dv_vec_at(
                             &walk->stack, walk->stack.len - 2))->id;
    visit->slot = frame->own_slot;
    visit->depth = (uint32_t)walk->stack.len - 1;
    visit->is_leaving = is_leaving;
}

davy_status
dv_js_walk_next(struct dv_js_walk *walk, struct dv_js_visit *visit)
{
    struct frame *top;
    uint32_t child;

    if (walk->stack.len == 0)
        return DAVY_DECLINED;
    top = dv_vec_at(&walk->stack, walk->stack.len - 1);
    if (!top->is_new && next_child(walk->tree, top, &child)) {
        const uint8_t slot = top->slot;

        pass_child(walk->tree, top);
        if (push(walk, child, slot) != DAVY_OK)
            return DAVY_NO_MEMORY;
        top = dv_vec_at(&walk->stack, walk->stack.len - 1);
    }
    if (top->is_new) {
        top->is_new = false;
        describe(walk, top, visit, false);
        return DAVY_OK;
    }
    describe(walk, top, visit, true);
    dv_vec_pop(&walk->stack);
    return DAVY_OK;
}

void
dv_js_walk_skip(struct dv_js_walk *walk)
{
    dv_vec_pop(&walk->stack);
}

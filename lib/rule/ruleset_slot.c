/* SPDX-License-Identifier: MIT */
/* ruleset_slot.c - the place where the current ruleset is swapped.
 *
 * Getting means reading a pointer and counting up what it points to; between
 * the two, a swap could free it.  A mutex held for these few instructions is
 * the simplest thing that is right; it is taken once per target. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "rule/ruleset.h"

struct dv_slot {
    struct dv_mem mem;
    pthread_mutex_t lock;
    struct dv_ruleset *current;
};

davy_status
dv_slot_new(struct dv_ruleset *set, struct dv_slot **slot)
{
    struct dv_mem mem;
    struct dv_slot *made;

    dv_mem_init(&mem, &set->mem.hooks, SIZE_MAX);
    made = dv_mem_calloc(&mem, 1, sizeof(*made));
    if (made == NULL)
        return DAVY_NO_MEMORY;
    made->mem = mem;
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        dv_mem_free(&mem, made, sizeof(*made));
        return DAVY_NO_MEMORY;
    }
    made->current = dv_ruleset_ref(set);
    *slot = made;
    return DAVY_OK;
}

struct dv_ruleset *
dv_slot_get(struct dv_slot *slot)
{
    struct dv_ruleset *set;

    (void)pthread_mutex_lock(&slot->lock);
    set = dv_ruleset_ref(slot->current);
    (void)pthread_mutex_unlock(&slot->lock);
    return set;
}

void
dv_slot_swap(struct dv_slot *slot, struct dv_ruleset *set)
{
    struct dv_ruleset *old;

    dv_ruleset_ref(set);
    (void)pthread_mutex_lock(&slot->lock);
    old = slot->current;
    slot->current = set;
    (void)pthread_mutex_unlock(&slot->lock);
    dv_ruleset_unref(old);              /* may free: not under the lock */
}

void
dv_slot_free(struct dv_slot *slot)
{
    struct dv_mem mem;

    if (slot == NULL)
        return;
    dv_ruleset_unref(slot->current);
    (void)pthread_mutex_destroy(&slot->lock);
    mem = slot->mem;
    dv_mem_free(&mem, slot, sizeof(*slot));
}

/* SPDX-License-Identifier: MIT */
/* folderset.c - which folders were entered: open addressing, half full. */

#include "cli/folderset.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

#define FIRST_ROOM 64

void
folderset_init(struct folderset *set)
{
    memset(set, 0, sizeof(*set));
}

void
folderset_fini(struct folderset *set)
{
    free(set->slots);
    folderset_init(set);
}

void
folderset_clear(struct folderset *set)
{
    if (set->count > 0)
        memset(set->slots, 0, set->room * sizeof(*set->slots));
    set->count = 0;
}

/* The slot that has this folder, or the free one where it belongs. */
static struct folderset_id *
find(const struct folderset *set, dev_t device, ino_t inode)
{
    const uint64_t mixed = ((uint64_t)inode ^ (uint64_t)device << 32)
                           * 0x9e3779b97f4a7c15U;

    for (size_t i = (size_t)(mixed >> 20);; i++) {
        struct folderset_id *slot = &set->slots[i & (set->room - 1)];

        if (!slot->is_used
            || (slot->device == device && slot->inode == inode))
            return slot;
    }
}

static void
grow(struct folderset *set)
{
    const struct folderset old = *set;

    set->room = old.room == 0 ? FIRST_ROOM : old.room * 2;
    set->slots = fatal_alloc(set->room * sizeof(*set->slots));
    for (size_t i = 0; i < old.room; i++) {
        const struct folderset_id *id = &old.slots[i];

        if (id->is_used)
            *find(set, id->device, id->inode) = *id;
    }
    free(old.slots);
}

bool
folderset_add(struct folderset *set, dev_t device, ino_t inode)
{
    struct folderset_id *slot;

    if (set->count * 2 >= set->room)
        grow(set);
    slot = find(set, device, inode);
    if (slot->is_used)
        return false;
    *slot = (struct folderset_id){ device, inode, true };
    set->count++;
    return true;
}

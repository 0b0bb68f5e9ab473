/* SPDX-License-Identifier: MIT */
/* folderset.h - which folders were entered, by device and inode. */

#ifndef FOLDERSET_H
#define FOLDERSET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct folderset_id {
    dev_t device;
    ino_t inode;
    bool is_used;
};

struct folderset {
    struct folderset_id *slots;
    size_t room;                        /* 0, or a power of two */
    size_t count;
};

void folderset_init(struct folderset *set);
void folderset_fini(struct folderset *set);

/* Forget all, keep the room. */
void folderset_clear(struct folderset *set);

/* False when it was there. */
bool folderset_add(struct folderset *set, dev_t device, ino_t inode);

#endif

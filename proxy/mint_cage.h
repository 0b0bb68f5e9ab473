/* SPDX-License-Identifier: MIT */
/* mint_cage.h - takes from a process what it does not need. */

#ifndef MINT_CAGE_H
#define MINT_CAGE_H

#include <stdbool.h>
#include <sys/types.h>

enum mint_cage_files {
    MINT_CAGE_READS,                    /* any file, where root started us */
    MINT_CAGE_NONE
};

/* For keeper and key process: this name, no signal but SIGKILL ends it, it dies
 * with its parent (whose id is `parent`), nobody may look into its memory, no
 * core files; root becomes nobody, with the one right named. */
void mint_cage_enter(const char *name, pid_t parent,
                     enum mint_cage_files files);

/* Close all descriptors from 3 on that are not in `kept`. */
void mint_cage_close_others(const int *kept, unsigned count);

/* For the key process: memory stays out of swap if that is allowed, no new
 * descriptors, no system calls but those of mint_syscall.def.  False when the
 * last could not be had. */
bool mint_cage_lock(void);

#endif

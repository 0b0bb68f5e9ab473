/* SPDX-License-Identifier: MIT */
/* worker_cage.h - what davyd may still ask of the kernel once it serves. */

#ifndef WORKER_CAGE_H
#define WORKER_CAGE_H

#include "proxy/conf.h"

/* From now on only the calls of worker_syscall.def, of this thread and all that
 * it starts: no program can be executed, no process made or looked into, no
 * memory written and run.  What becomes of other calls `calls` says; a note
 * says when nothing can be done. */
void worker_cage_enter(enum conf_calls calls);

#endif

/* SPDX-License-Identifier: MIT */
/* worker_cage.c - the filter of the process that reads what strangers send.
 *
 * A refused call fails with ENOSYS: glibc and libraries ask for new calls first
 * and know what to do without them, so that a system that is younger than our
 * list works on.  The kernel's log says what was refused where seccomp's
 * `actions_logged` has errno in it, as it is on Debian. */

#include "proxy/worker_cage.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"
#include "proxy/cage.h"

#define ALL_BITS UINT64_MAX

/* On s390 the flags of clone(2) are behind the stack. */
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

void
worker_cage_enter(enum conf_calls calls)
{
    const struct cage_call rows[] = {
#define WORKER_SYSCALL_ROW(name)     { #name, 0, 0, 0, false },
#define WORKER_SYSCALL_REFUSED(name) { #name, 0, 0, 0, true },
#define WORKER_SYSCALL_BITS(name, argument, mask, value) \
    { #name, argument, mask, (uint64_t)(value), false },
#include "proxy/worker_syscall.def"
#undef WORKER_SYSCALL_ROW
#undef WORKER_SYSCALL_REFUSED
#undef WORKER_SYSCALL_BITS
        /* abort(3) sends to its own process. */
        { "tgkill", 0, ALL_BITS, (uint64_t)getpid(), false },
    };

    if (calls == CONF_CALLS_ALL
        || cage_filter(rows, sizeof(rows) / sizeof(rows[0]),
                       calls == CONF_CALLS_KILL ? CAGE_KILL : CAGE_REFUSE))
        return;
    log_note("davyd runs without a filter of system calls");
}

/* SPDX-License-Identifier: MIT */
/* mint_cage.c - takes from a process what it does not need. */

#include "proxy/mint_cage.h"

#include <dirent.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/log.h"
#include "common/text.h"
#include "proxy/cage.h"
#include "proxy/mint_wire.h"

/* User and group `nobody` of every Linux. */
#define NOBODY 65534

/* A terminal's or a service manager's signals go to all processes; these two
 * are needed until davyd itself has ended. */
static void
ignore_signals(void)
{
    static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGQUIT,
                                   SIGUSR1, SIGUSR2, SIGPIPE, SIGTSTP };

    for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        signal(signals[i], SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
}

/* Not through exit, whose handlers are davyd's. */
static _Noreturn void
end_with(const char *message)
{
    log_error("%s", message);
    _exit(MINT_SERVER_BROKEN);
}

/* Root becomes nobody, who for now keeps the right to read files. */
static void
drop_root(void)
{
    const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

    if (geteuid() != 0)
        return;
    (void)setrlimit(RLIMIT_MEMLOCK, &all);      /* for mint_cage_lock */
    prctl(PR_SET_KEEPCAPS, 1);
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0
        || setresuid(NOBODY, NOBODY, NOBODY) != 0)
        end_with("the key process cannot give up the rights of root");
}

void
mint_cage_enter(const char *name, pid_t parent, enum mint_cage_files files)
{
    const uint64_t kept = files == MINT_CAGE_READS
                              ? (uint64_t)1 << CAP_DAC_READ_SEARCH
                              : 0;
    const struct rlimit none = { 0, 0 };

    ignore_signals();
    prctl(PR_SET_NAME, name);
    (void)setrlimit(RLIMIT_CORE, &none);
    drop_root();
    if (!cage_keep_capabilities(kept)
        || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        end_with("the key process cannot give up its rights");
    /* Both are lost with a change of user, so they come behind it. */
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);                       /* it died before we asked */
}

static bool
is_kept(int fd, const int *kept, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (kept[i] == fd)
            return true;
    }
    return fd < 3;
}

void
mint_cage_close_others(const int *kept, unsigned count)
{
    DIR *dir = opendir("/proc/self/fd");
    const struct dirent *entry;
    unsigned long long fd;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL) {
        if (text_read_number(entry->d_name, false, &fd)
            && (int)fd != dirfd(dir) && !is_kept((int)fd, kept, count))
            close((int)fd);
    }
    closedir(dir);
}

static bool
filter_calls(void)
{
    static const struct cage_call calls[] = {
#define MINT_SYSCALL_ROW(name) { #name, 0, 0, 0, false },
#define MINT_SYSCALL_BITS(name, argument, mask, value) \
    { #name, argument, mask, value, false },
#include "proxy/mint_syscall.def"
#undef MINT_SYSCALL_ROW
#undef MINT_SYSCALL_BITS
    };

    return cage_filter(calls, sizeof(calls) / sizeof(calls[0]), CAGE_KILL);
}

bool
mint_cage_lock(void)
{
    const struct rlimit none = { 0, 0 };
    struct rlimit memory;

    /* With a limit, later requests for memory would fail at it. */
    if (getrlimit(RLIMIT_MEMLOCK, &memory) == 0
        && memory.rlim_cur == RLIM_INFINITY)
        (void)mlockall(MCL_CURRENT | MCL_FUTURE);
    else
        (void)mlockall(MCL_CURRENT);
    (void)setrlimit(RLIMIT_NOFILE, &none);
    (void)setrlimit(RLIMIT_NPROC, &none);
    return filter_calls();
}

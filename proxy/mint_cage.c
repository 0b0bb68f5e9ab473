/* SPDX-License-Identifier: MIT */
/* mint_cage.c - takes from a process what it does not need. */

#include "proxy/mint_cage.h"

#include <dirent.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#include "common/log.h"
#include "common/text.h"
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

static void
drop_root(void)
{
    const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

    if (geteuid() != 0)
        return;
    (void)setrlimit(RLIMIT_MEMLOCK, &all);      /* for mint_cage_lock */
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0
        || setresuid(NOBODY, NOBODY, NOBODY) != 0)
        end_with("the key process cannot give up the rights of root");
}

void
mint_cage_enter(const char *name, pid_t parent)
{
    const struct rlimit none = { 0, 0 };

    ignore_signals();
    prctl(PR_SET_NAME, name);
    (void)setrlimit(RLIMIT_CORE, &none);
    drop_root();
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

#if defined(HAVE_SECCOMP) && !defined(__SANITIZE_ADDRESS__)
static bool
allow_calls(scmp_filter_ctx filter)
{
    static const int calls[] = {
#define MINT_SYSCALL_ROW(name) SCMP_SYS(name),
#include "proxy/mint_syscall.def"
#undef MINT_SYSCALL_ROW
    };
    static const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mmap2),
                                SCMP_SYS(mprotect) };
    const struct scmp_arg_cmp no_code
        = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);

    /* Those that a processor does not have are negative. */
    for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (calls[i] >= 0
            && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    }
    for (unsigned i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        if (maps[i] >= 0
            && seccomp_rule_add(filter, SCMP_ACT_ALLOW, maps[i], 1, no_code)
                   != 0)
            return false;
    }
    return true;
}

static bool
filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    const bool is_loaded = filter != NULL && allow_calls(filter)
                           && seccomp_load(filter) == 0;

    seccomp_release(filter);
    return is_loaded;
}
#else
/* Without libseccomp, and under sanitizers, which make calls of their own. */
static bool
filter_calls(void)
{
    return false;
}
#endif

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

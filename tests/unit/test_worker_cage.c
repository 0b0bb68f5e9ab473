/* SPDX-License-Identifier: MIT */
/* test_worker_cage.c - behind the workers' filter threads, names and files
 * work; programs, processes and new code do not. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/cage.h"
#include "proxy/worker_cage.h"

/* 0 when the filter did what it should; else the line that says. */
typedef int inmate_fn(void);

#define EXPECT(claim)          \
    do {                       \
        if (!(claim))          \
            return __LINE__ & 0xff; \
    } while (0)

/* The wait status of a process that runs `fn` behind the filter. */
static int
run_caged(inmate_fn *fn, enum conf_calls calls)
{
    const pid_t pid = fork();
    int status = -1;

    if (pid == 0) {
        worker_cage_enter(calls);
        _exit(fn());
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static bool
is_refused(long result)
{
    return result == -1 && errno == ENOSYS;
}

static int
execute(void)
{
    char program[] = "/bin/true";
    char *words[] = { program, NULL };
    char *variables[] = { NULL };

    EXPECT(is_refused(execve(program, words, variables)));
    EXPECT(is_refused(syscall(SYS_execveat, AT_FDCWD, program, words,
                              variables, 0)));
    EXPECT(system("true") != 0);
    return 0;
}

static int
make_processes(void)
{
    EXPECT(is_refused(fork()));
    EXPECT(is_refused(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL)));
    EXPECT(is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
    EXPECT(is_refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)));
    EXPECT(is_refused(kill(getppid(), 0)));
    EXPECT(is_refused(syscall(SYS_tgkill, getppid(), getppid(), 0)));
    EXPECT(is_refused(prctl(PR_SET_DUMPABLE, 1)));
    return 0;
}

static int
make_code(void)
{
    const size_t size = 4096;
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    EXPECT(page == MAP_FAILED && errno == ENOSYS);
    page = mmap(NULL, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    EXPECT(is_refused(mprotect(page, size, PROT_READ | PROT_EXEC)));
    EXPECT(mprotect(page, size, PROT_READ) == 0);
    EXPECT(munmap(page, size) == 0);
    return 0;
}

static int
change_files(void)
{
    EXPECT(is_refused(unlink("/nowhere")));
    EXPECT(is_refused(rename("/nowhere", "/nobody")));
    EXPECT(is_refused(mkdir("/nowhere", 0700)));
    EXPECT(is_refused(chmod("/nowhere", 0700)));
    EXPECT(is_refused(symlink("/nowhere", "/nobody")));
    return 0;
}

static int
open_odd_sockets(void)
{
    EXPECT(is_refused(socket(AF_PACKET, SOCK_RAW, 0)));
    EXPECT(is_refused(socket(AF_VSOCK, SOCK_STREAM, 0)));
    EXPECT(is_refused(syscall(SYS_bpf, 0, NULL, 0)));
    EXPECT(is_refused(syscall(SYS_io_uring_setup, 1, NULL)));
    return 0;
}

static void *
set_flag(void *flag)
{
    *(int *)flag = 1;
    return NULL;
}

static int
work(void)
{
    struct addrinfo *info = NULL;
    pthread_t thread;
    int flag = 0;
    int fd;

    EXPECT(pthread_create(&thread, NULL, set_flag, &flag) == 0);
    EXPECT(pthread_join(thread, NULL) == 0 && flag == 1);
    EXPECT(getaddrinfo("localhost", "80", NULL, &info) == 0);
    freeaddrinfo(info);
    (void)getaddrinfo("nobody.invalid", "80", NULL, &info);
    fd = open("/dev/null", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    EXPECT(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
    fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT(fd >= 0 || errno == EAFNOSUPPORT);
    free(malloc((size_t)64 << 20));
    return 0;
}

static int
abort_itself(void)
{
    abort();
}

static void
only_what_serving_needs_is_allowed(void **state)
{
    static const struct {
        const char *name;
        inmate_fn *fn;
    } rows[] = {
        { "execute", execute },           { "processes", make_processes },
        { "code", make_code },            { "files", change_files },
        { "sockets", open_odd_sockets },  { "work", work },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const int status = run_caged(rows[i].fn, CONF_CALLS_REFUSE);

        if (status != 0)
            print_message("%s: %x\n", rows[i].name, (unsigned)status);
        assert_int_equal(status, 0);
    }
}

static void
with_kill_the_process_ends(void **state)
{
    int status;

    (void)state;
    assert_int_equal(run_caged(work, CONF_CALLS_KILL), 0);
    status = run_caged(execute, CONF_CALLS_KILL);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void
an_abort_is_an_abort(void **state)
{
    const int status = run_caged(abort_itself, CONF_CALLS_KILL);

    (void)state;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void
with_all_nothing_is_refused(void **state)
{
    const int status = run_caged(execute, CONF_CALLS_ALL);

    (void)state;
    assert_int_equal(status, 0);        /* it has become true(1) */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_serving_needs_is_allowed),
        cmocka_unit_test(with_kill_the_process_ends),
        cmocka_unit_test(an_abort_is_an_abort),
        cmocka_unit_test(with_all_nothing_is_refused),
    };

    if (!cage_can_filter()) {
        puts("no filter of system calls was built in");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

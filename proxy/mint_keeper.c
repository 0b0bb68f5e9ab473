/* SPDX-License-Identifier: MIT */
/* mint_keeper.c - starts the key process, and again when it dies.
 *
 * The keeper holds the authority's files open, so that it needs no rights to
 * open them later, but never reads the key.  It is forked while davyd has one
 * thread; from then on only it forks. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/fatal.h"
#include "common/log.h"
#include "proxy/ca_store.h"
#include "proxy/mint_cage.h"
#include "proxy/mint_wire.h"

/* A key process that dies within a second is started again after a pause,
 * which doubles each time up to this. */
#define MAX_PAUSE_MS 4096

/* The file, when owner and mode are right; -1 after a message. */
static int
open_checked(const char *dir, int folder, const char *name,
             const char *(*find_fault)(int))
{
    const int file = ca_store_open_file(folder, name);
    const char *fault = file < 0 ? strerror(errno) : find_fault(file);

    if (fault == NULL)
        return file;
    log_error("%s/%s: %s; davyd ca doctor knows what to do", dir, name,
              fault);
    if (file >= 0)
        close(file);
    return -1;
}

static bool
open_files(const char *dir, int *certificate_file, int *key_file)
{
    const int folder = ca_store_open(dir);
    const char *fault = folder < 0 ? strerror(errno)
                                   : ca_store_folder_fault(folder);

    *certificate_file = *key_file = -1;
    if (fault != NULL) {
        log_error("%s: %s; davyd ca doctor knows what to do", dir, fault);
    } else {
        *certificate_file = open_checked(dir, folder, CA_STORE_CERTIFICATE,
                                         ca_store_certificate_fault);
        *key_file = open_checked(dir, folder, CA_STORE_KEY,
                                 ca_store_key_fault);
    }
    if (folder >= 0)
        close(folder);
    return *certificate_file >= 0 && *key_file >= 0;
}

static time_t
seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void
pause_for(unsigned ms)
{
    const struct timespec span = { ms / 1000, (long)(ms % 1000) * 1000000 };

    nanosleep(&span, NULL);
}

/* The wait status of one key process. */
static int
run_server(const struct mint_bench *bench, int certificate_file,
           int key_file, unsigned generation)
{
    const pid_t keeper = getpid();
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        mint_cage_enter("davyd-key", keeper);
        mint_server_run(bench, certificate_file, key_file, generation);
    }
    if (pid < 0) {
        log_error("the key process cannot be started: %s", strerror(errno));
        return MINT_SERVER_BROKEN << 8;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static bool
has_ended_with(int status, int code)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

void
mint_keeper_run(const struct mint_bench *bench)
{
    int *kept = fatal_alloc((bench->count + 2) * sizeof(*kept));
    int certificate_file, key_file;
    unsigned pause = 0;

    if (!open_files(bench->state_dir, &certificate_file, &key_file))
        _exit(MINT_SERVER_BROKEN);
    memcpy(kept, bench->sockets, bench->count * sizeof(*kept));
    kept[bench->count] = certificate_file;
    kept[bench->count + 1] = key_file;
    mint_cage_close_others(kept, bench->count + 2);
    mint_cage_enter("davyd-keeper", bench->parent);
    for (unsigned generation = 1;; generation++) {
        const time_t start = seconds_now();
        const int status = run_server(bench, certificate_file, key_file,
                                      generation);

        if (has_ended_with(status, MINT_SERVER_DONE)
            || (generation == 1
                && has_ended_with(status, MINT_SERVER_BROKEN)))
            _exit(WEXITSTATUS(status));
        log_error("the key process died (%s %d); it is started again",
                  WIFSIGNALED(status) ? "signal" : "status",
                  WIFSIGNALED(status) ? WTERMSIG(status)
                                      : WEXITSTATUS(status));
        if (seconds_now() - start > 1)
            pause = 0;
        pause_for(pause);
        pause = pause == 0 ? 1 : pause < MAX_PAUSE_MS ? pause * 2 : pause;
    }
}

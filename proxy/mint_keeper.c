/* SPDX-License-Identifier: MIT */
/* mint_keeper.c - starts the key process, and again when it dies or when there
 * is a new authority.
 *
 * The keeper opens the authority's files, but never reads the key.  It is
 * forked while davyd has one thread and all its rights; from then on only it
 * forks.  Files that work are kept open until newer ones work. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

struct files {
    int certificate;
    int key;                            /* both, or both -1 */
};

static const struct files no_files = { -1, -1 };

struct keeper {
    const struct mint_bench *bench;
    struct files files;                 /* that work */
    struct files fresh;                 /* that are to be tried */
    unsigned generation;
    unsigned pause;
    bool is_proven;                     /* or the first failure is the end */
};

static void
close_files(struct files *files)
{
    if (files->certificate >= 0)
        close(files->certificate);
    if (files->key >= 0)
        close(files->key);
    *files = no_files;
}

static void
say_fault(const char *dir, const char *name, const char *fault)
{
    if (fault == NULL)
        fault = strerror(errno);
    log_error("%s%s%s: %s (for user %u); davyd ca doctor knows what to do",
              dir, name[0] == '\0' ? "" : "/", name, fault,
              (unsigned)geteuid());
}

/* The file, when owner and mode are right; -1 after a message. */
static int
open_checked(const char *dir, int folder, const char *name,
             const char *(*find_fault)(int))
{
    const int file = ca_store_open_file(folder, name);
    const char *fault = file < 0 ? NULL : find_fault(file);

    if (file >= 0 && fault == NULL)
        return file;
    say_fault(dir, name, fault);
    if (file >= 0)
        close(file);
    return -1;
}

static bool
open_files(const char *dir, struct files *files)
{
    const int folder = ca_store_open(dir);
    const char *fault = folder < 0 ? NULL : ca_store_folder_fault(folder);

    *files = no_files;
    if (folder < 0 || fault != NULL) {
        say_fault(dir, "", fault);
    } else {
        files->certificate = open_checked(dir, folder, CA_STORE_CERTIFICATE,
                                          ca_store_certificate_fault);
        files->key = open_checked(dir, folder, CA_STORE_KEY,
                                  ca_store_key_fault);
    }
    if (folder >= 0)
        close(folder);
    if (files->certificate >= 0 && files->key >= 0)
        return true;
    close_files(files);
    return false;
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
run_server(struct keeper *k, const struct files *files)
{
    const pid_t keeper = getpid();
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        mint_cage_enter("davyd-key", keeper, MINT_CAGE_NONE);
        mint_server_run(k->bench, files->certificate, files->key,
                        k->generation);
    }
    if (pid < 0) {
        log_error("the key process cannot be started: %s", strerror(errno));
        return MINT_SERVER_ILL << 8;
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

static void
close_others(const struct mint_bench *bench)
{
    int *kept = fatal_alloc((bench->count + 1) * sizeof(*kept));

    memcpy(kept, bench->sockets, bench->count * sizeof(*kept));
    kept[bench->count] = bench->control;
    mint_cage_close_others(kept, bench->count + 1);
    free(kept);
}

/* ---- What comes next ---- */

/* Without an authority there is no key process that would listen. */
static void
wait_for_word(const struct keeper *k)
{
    char word;
    ssize_t n;

    while ((n = recv(k->bench->control, &word, 1, 0)) < 0 && errno == EINTR)
        continue;
    if (n <= 0)
        _exit(MINT_SERVER_DONE);
}

static void
open_fresh(struct keeper *k)
{
    if (!open_files(k->bench->state_dir, &k->fresh) && k->files.key >= 0)
        log_error("the old authority stays");
}

/* Of the files that are tried for the first time. */
static void
judge_fresh(struct keeper *k, int status)
{
    if (!has_ended_with(status, MINT_SERVER_BROKEN)) {
        close_files(&k->files);
        k->files = k->fresh;
        k->fresh = no_files;
        k->is_proven = true;
        return;
    }
    close_files(&k->fresh);
    if (!k->is_proven)
        _exit(MINT_SERVER_BROKEN);
    if (k->files.key >= 0)
        log_error("the old authority stays");
}

static void
take_death(struct keeper *k, int status, time_t lived)
{
    log_error("the key process died (%s %d); it is started again",
              WIFSIGNALED(status) ? "signal" : "status",
              WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    if (lived > 1)
        k->pause = 0;
    pause_for(k->pause);
    k->pause = k->pause == 0           ? 1
               : k->pause < MAX_PAUSE_MS ? k->pause * 2
                                         : k->pause;
}

static void
run_once(struct keeper *k)
{
    const bool is_fresh = k->fresh.key >= 0;
    const time_t start = seconds_now();
    int status;

    k->generation++;
    status = run_server(k, is_fresh ? &k->fresh : &k->files);
    if (has_ended_with(status, MINT_SERVER_DONE))
        _exit(MINT_SERVER_DONE);
    if (is_fresh)
        judge_fresh(k, status);
    if (has_ended_with(status, MINT_SERVER_AGAIN))
        open_fresh(k);
    else if (!has_ended_with(status, MINT_SERVER_BROKEN) || !is_fresh)
        take_death(k, status, seconds_now() - start);
}

void
mint_keeper_run(const struct mint_bench *bench, bool is_later)
{
    struct keeper k = { bench, no_files, no_files, 0, 0, is_later };

    ca_store_set_owner(bench->owner);
    close_others(bench);
    mint_cage_enter("davyd-keeper", bench->parent, MINT_CAGE_READS);
    if (!is_later && !open_files(bench->state_dir, &k.fresh))
        _exit(MINT_SERVER_BROKEN);
    for (;;) {
        if (k.fresh.key < 0 && k.files.key < 0) {
            wait_for_word(&k);
            open_fresh(&k);
        } else {
            run_once(&k);
        }
    }
}

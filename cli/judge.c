/* SPDX-License-Identifier: MIT */
/* judge.c - looks at one target: reads files and standard input in chunks,
 * never more than --max-filesize, and leaves addresses to crawl.c. */

#include "cli/judge.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/crawl.h"
#include "common/fatal.h"

#define CHUNK ((size_t)128 << 10)

/* Targets larger than this leave much memory behind in a scanner. */
#define LARGE_TARGET ((uint64_t)8 << 20)

void
judge_init(struct judge *judge, const struct judge_options *options)
{
    memset(judge, 0, sizeof(*judge));
    judge->options = options;
}

void
judge_fini(struct judge *judge)
{
    davy_scanner_free(judge->scanner);
    davy_scanner_free(judge->page_scanner);
    fetcher_free(judge->fetcher);
    free(judge->chunk);
    memset(judge, 0, sizeof(*judge));
}

uint64_t
judge_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

davy_scanner *
judge_scanner(struct judge *judge, bool is_fetched)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .bytes = judge->options->max_filesize };
    const davy_scanner_options options = {
        .struct_size = sizeof(options),
        .limits = &limits,
        .flags = is_fetched ? DAVY_SCAN_LIST_RESOURCES : 0,
    };
    davy_scanner **slot = is_fetched ? &judge->page_scanner
                                     : &judge->scanner;

    if (*slot == NULL
        && davy_scanner_new(judge->options->ruleset, &options, slot)
               != DAVY_OK)
        *slot = NULL;
    return *slot;
}

void
judge_trim(struct judge *judge, uint64_t bytes)
{
    if (bytes <= LARGE_TARGET)
        return;
    davy_scanner_free(judge->scanner);
    davy_scanner_free(judge->page_scanner);
    judge->scanner = NULL;
    judge->page_scanner = NULL;
}

/* A pipe that was opened without waiting may not have bytes yet. */
static ssize_t
read_some(int fd, char *chunk, size_t room)
{
    for (;;) {
        const ssize_t n = read(fd, chunk, room);
        struct pollfd wait = { .fd = fd, .events = POLLIN };

        if (n >= 0 || (errno != EINTR && errno != EAGAIN))
            return n;
        if (errno == EAGAIN && poll(&wait, 1, -1) < 0 && errno != EINTR)
            return -1;
    }
}

/* Feed everything, but at most one byte more than the limit: it makes the
 * limit an entry of the report, unless the scanner takes more, as of programs
 * and archives.  NULL, or why not. */
static const char *
feed_file(struct judge *judge, davy_scanner *scanner, int fd)
{
    size_t left = judge->options->max_filesize + 1;
    davy_status st = DAVY_OK;

    if (judge->chunk == NULL)
        judge->chunk = fatal_alloc(CHUNK);
    while (st == DAVY_OK) {
        const ssize_t n = read_some(fd, judge->chunk,
                                    left < CHUNK ? left : CHUNK);

        if (n < 0)
            return strerror(errno);
        if (n == 0)
            break;
        left = left > (size_t)n ? left - (size_t)n : CHUNK;
        st = davy_scanner_feed(scanner, judge->chunk, (size_t)n);
    }
    return st == DAVY_OK || st == DAVY_LIMIT ? NULL : davy_status_text(st);
}

static void
judge_file(struct judge *judge, int fd, const char *name,
           struct outcomes *outcomes)
{
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = name };
    const struct outcome_style *style = &judge->options->style;
    davy_scanner *scanner = judge_scanner(judge, false);
    const davy_report *report = NULL;
    const uint64_t start = judge_now();
    const char *error = NULL;
    davy_status st = scanner == NULL
                         ? DAVY_NO_MEMORY
                         : davy_scanner_begin(scanner, &target);

    if (st == DAVY_OK)
        error = feed_file(judge, scanner, fd);
    if (st == DAVY_OK && error == NULL)
        st = davy_scanner_finish(scanner, &report);
    if (st != DAVY_OK)
        error = davy_status_text(st);
    if (error != NULL) {
        outcomes_add_error(outcomes, style, name, NULL, error);
        return;
    }
    outcomes_add_report(outcomes, style, name, NULL, report,
                        judge_now() - start);
    judge_trim(judge, davy_report_bytes(report));
}

/* O_NONBLOCK: the file may have become a pipe since it was listed. */
static void
judge_path(struct judge *judge, const char *path, struct outcomes *outcomes)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const char *error = NULL;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        error = strerror(errno);
    else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
        error = "not a file any more";
    if (error != NULL)
        outcomes_add_error(outcomes, &judge->options->style, path, NULL,
                           error);
    else
        judge_file(judge, fd, path, outcomes);
    if (fd >= 0)
        close(fd);
}

void
judge_target(struct judge *judge, const struct target *target,
             struct outcomes *outcomes)
{
    switch (target->type) {
    case TARGET_FILE:
        judge_path(judge, target->name, outcomes);
        break;
    case TARGET_STDIN:
        judge_file(judge, STDIN_FILENO, target->name, outcomes);
        break;
    case TARGET_ADDRESS:
        crawl_page(judge, target->name, outcomes);
        break;
    case TARGET_ERROR:
        outcomes_add_error(outcomes, &judge->options->style, target->name,
                           NULL, target->error);
        break;
    }
}

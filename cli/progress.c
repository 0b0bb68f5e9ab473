/* SPDX-License-Identifier: MIT */
/* progress.c - a bar on standard error while much is scanned. */

#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 0.5
#define INTERVAL 0.1

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
is_terminal(void)
{
    const char *term = getenv("TERM");
    const char *ci = getenv("CI");

    return isatty(STDERR_FILENO) && (ci == NULL || ci[0] == '\0')
           && (term == NULL || strcmp(term, "dumb") != 0);
}

void
progress_begin(struct progress *progress, size_t total, bool is_allowed)
{
    memset(progress, 0, sizeof(*progress));
    progress->is_wanted = is_allowed && total > 1 && is_terminal();
    progress->total = total;
    progress->started = now();
}

static size_t
bar_width(void)
{
    struct winsize size;
    size_t columns = 80;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        columns = size.ws_col;
    return columns > 40 ? (columns > 100 ? 60 : columns - 40) : 0;
}

void
progress_step(struct progress *progress, size_t done)
{
    const double t = now();
    const size_t width = bar_width();
    const size_t filled = width * done / progress->total;

    if (!progress->is_wanted || t - progress->started < PATIENCE
        || t - progress->drawn < INTERVAL)
        return;
    progress->drawn = t;
    progress->is_shown = true;
    fprintf(stderr, "\r\033[K%zu of %zu  [", done, progress->total);
    for (size_t i = 0; i < width; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %zu %%", done * 100 / progress->total);
    fflush(stderr);
}

void
progress_clear(struct progress *progress)
{
    if (progress->is_shown)
        fprintf(stderr, "\r\033[K");
    progress->is_shown = false;
    progress->drawn = 0;
}

/* SPDX-License-Identifier: MIT */
/* progress.c - a bar on standard error while the work is long.
 *
 *   [##########..............]  41 %  1234 targets, 56.7 MB */

#include "cli/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 0.5                    /* seconds before the first bar */
#define INTERVAL 0.1
#define MAX_BAR  40

static struct {
    bool is_wanted, is_shown;
    double started, drawn, share;
    pthread_mutex_t lock;               /* messages come from any thread */
} bar = { .lock = PTHREAD_MUTEX_INITIALIZER };

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
is_welcome(void)
{
    const char *term = getenv("TERM");
    const char *ci = getenv("CI");

    return isatty(STDERR_FILENO) && (ci == NULL || ci[0] == '\0')
           && term != NULL && strcmp(term, "dumb") != 0;
}

void
progress_begin(bool is_allowed)
{
    bar.is_wanted = is_allowed && is_welcome();
    bar.started = now();
}

static unsigned
columns(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* The cursor stays in the line: a narrow terminal gets no bar, only numbers. */
static void
draw(const struct progress *p)
{
    const unsigned width = columns();
    char numbers[64];
    char drawn[MAX_BAR + 1];
    unsigned length, filled;

    snprintf(numbers, sizeof(numbers), "%3.0f %%  %zu targets, %.1f MB",
             bar.share * 100, p->targets, (double)p->bytes / 1e6);
    length = (unsigned)strlen(numbers) + 5;
    length = width > length ? width - length : 0;
    if (length > MAX_BAR)
        length = MAX_BAR;
    filled = (unsigned)(bar.share * length);
    for (unsigned i = 0; i < length; i++)
        drawn[i] = i < filled ? '#' : '.';
    drawn[length] = '\0';
    if (length > 4)
        fprintf(stderr, "\r\033[K[%s] %s", drawn, numbers);
    else
        fprintf(stderr, "\r\033[K%.*s", (int)width - 1, numbers);
    fflush(stderr);
}

void
progress_update(const struct progress *progress)
{
    const double t = now();

    if (!bar.is_wanted || t - bar.started < PATIENCE
        || t - bar.drawn < INTERVAL)
        return;
    pthread_mutex_lock(&bar.lock);
    bar.drawn = t;
    if (progress->share > bar.share)
        bar.share = progress->share;
    draw(progress);
    bar.is_shown = true;
    pthread_mutex_unlock(&bar.lock);
}

void
progress_hide(void)
{
    pthread_mutex_lock(&bar.lock);
    if (bar.is_shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    bar.is_shown = false;
    pthread_mutex_unlock(&bar.lock);
}

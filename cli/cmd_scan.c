/* SPDX-License-Identifier: MIT */
/* cmd_scan.c - `davy scan`: options to settings, targets to an answer and an
 * exit status. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/packs.h"
#include "cli/pool.h"
#include "cli/progress.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"

#define DEFAULT_FILESIZE  ((unsigned long long)64 << 20)
#define LARGEST_FILESIZE  ((unsigned long long)1 << 40)
#define DEFAULT_TIMEOUT   30
#define DEFAULT_REDIRECTS 10
#define DEFAULT_RESOURCES 100
#define MOST_THREADS      256
#define DEFAULT_THREADS   8
#define MOST_COLUMNS      100

/* What --fail-on takes: severities, then verdicts, then nothing at all. */
static const char *const fail_levels[] = { "info", "low", "medium", "high",
                                           "critical", "suspicious", "miner",
                                           "never", NULL };
enum { FAIL_MEDIUM = 2, FAIL_SUSPICIOUS = 5, FAIL_MINER, FAIL_NEVER };

static const char *const color_words[] = { "auto", "always", "never", NULL };
enum { COLOR_AUTO, COLOR_ALWAYS };

struct scan {
    struct judge_options judge;
    struct exclude exclude;
    struct targets *targets;
    struct output output;
    struct tally tally;
    struct progress progress;
    uint64_t started;
    unsigned threads;
    int fail_on;
    int color;
};

/* ---- Settings ---- */

static bool
set_numbers(struct scan *scan, const struct args *args)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned long long size = DEFAULT_FILESIZE;
    unsigned long long timeout = DEFAULT_TIMEOUT;
    unsigned long long redirects = DEFAULT_REDIRECTS;
    unsigned long long resources = DEFAULT_RESOURCES;
    unsigned long long threads = cores < 1                 ? 1
                                 : cores > DEFAULT_THREADS ? DEFAULT_THREADS
                                             : (unsigned long long)cores;

    if (!args_number(args, ARGS_MAX_FILESIZE, true, 1, LARGEST_FILESIZE,
                     &size)
        || !args_number(args, ARGS_TIMEOUT, false, 1, 86400, &timeout)
        || !args_number(args, ARGS_MAX_REDIRECTS, false, 0, 100, &redirects)
        || !args_number(args, ARGS_MAX_RESOURCES, false, 0, 100000,
                        &resources)
        || !args_number(args, ARGS_JOBS, false, 1, MOST_THREADS, &threads))
        return false;
    scan->judge.max_filesize = (size_t)size;
    scan->judge.max_resources = (size_t)resources;
    scan->judge.fetch.timeout = (unsigned long)timeout;
    scan->judge.fetch.max_redirects = (unsigned long)redirects;
    scan->threads = (unsigned)threads;
    return true;
}

static bool
is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

static bool
wants_color(const struct scan *scan)
{
    const char *term = getenv("TERM");

    return scan->color == COLOR_ALWAYS
           || (scan->color == COLOR_AUTO && output_is_terminal(&scan->output)
               && !is_set("NO_COLOR") && !is_set("CI") && term != NULL
               && strcmp(term, "dumb") != 0);
}

static unsigned
text_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col > MOST_COLUMNS ? MOST_COLUMNS : size.ws_col;
}

static bool
set_style(struct scan *scan, const struct args *args)
{
    static const char *const severities[] = { "info", "low", "medium", "high",
                                              "critical", NULL };
    struct outcome_style *style = &scan->judge.style;

    style->severity = 1;
    style->json_severity = args_value(args, ARGS_SEVERITY, NULL);
    scan->fail_on = FAIL_MEDIUM;
    if (!args_choice(args, ARGS_SEVERITY, severities, &style->severity)
        || !args_choice(args, ARGS_FAIL_ON, fail_levels, &scan->fail_on)
        || !args_choice(args, ARGS_COLOR, color_words, &scan->color))
        return false;
    style->is_quiet = args_has(args, ARGS_QUIET);
    style->is_verbose = args_has(args, ARGS_VERBOSE) && !style->is_quiet;
    style->width = text_columns();
    log_show_notes(!style->is_quiet);
    return true;
}

static void
set_fetch(struct scan *scan, const struct args *args)
{
    struct fetch_options *fetch = &scan->judge.fetch;

    fetch->user_agent = args_value(args, ARGS_USER_AGENT,
                                   "davy/" DAVY_VERSION " (site scanner)");
    fetch->proxy = args_value(args, ARGS_PROXY, NULL);
    fetch->allow_private = args_has(args, ARGS_ALLOW_PRIVATE);
}

/* ---- Targets ---- */

static bool
set_targets(struct scan *scan, const struct args *args)
{
    const bool ends_with_nul = args_has(args, ARGS_NULL_ENDS);

    if (args->operands_count == 0 && !args_has(args, ARGS_FILES_FROM)) {
        log_error("nothing to scan: name files, folders, addresses or -; "
                  "davy scan --help explains");
        return false;
    }
    if (ends_with_nul && !args_has(args, ARGS_FILES_FROM)) {
        log_error("-0 says how --files-from is read, which is not there");
        return false;
    }
    scan->targets = targets_new(&scan->exclude);
    for (size_t i = 0; i < args->operands_count; i++)
        targets_add_word(scan->targets, args->operands[i]);
    for (size_t i = 0; i < args->given_count; i++) {
        const struct args_given *given = &args->given[i];

        if (given->option == ARGS_EXCLUDE)
            exclude_add(&scan->exclude, given->value);
        if (given->option == ARGS_FILES_FROM
            && !targets_add_list(scan->targets, given->value, ends_with_nul))
            return false;
    }
    return true;
}

/* ---- Run ---- */

static void
emit(void *ctx, struct pool_job *job)
{
    struct scan *scan = ctx;

    tally_add(&scan->tally, &job->outcomes);
    scan->progress.targets = scan->tally.targets;
    scan->progress.bytes = scan->tally.bytes;
    scan->progress.share = job->target.share;
    for (size_t i = 0; i < job->outcomes.count; i++) {
        const struct outcome *o = &job->outcomes.items[i];

        if (o->is_shown)
            progress_hide();
        if (scan->judge.style.is_quiet && o->error != NULL)
            log_error("%s: %s", o->name, o->error);
    }
    if (!output_target(&scan->output, &scan->judge.style, &job->outcomes)) {
        progress_hide();
        if (errno != EPIPE)
            log_error("the answer cannot be written: %s", strerror(errno));
        exit(EXITCODE_USAGE);
    }
    progress_update(&scan->progress);
}

static void
idle(void *ctx)
{
    const struct scan *scan = ctx;

    progress_update(&scan->progress);
}

static int
exit_status(const struct scan *scan)
{
    const struct tally *t = &scan->tally;
    const bool is_found = scan->fail_on == FAIL_NEVER ? false
                          : scan->fail_on == FAIL_MINER
                              ? t->verdict == DAVY_VERDICT_MINER
                          : scan->fail_on == FAIL_SUSPICIOUS
                              ? t->verdict != DAVY_VERDICT_CLEAN
                              : t->severity >= scan->fail_on;

    if (is_found)
        return EXITCODE_FOUND;
    return t->errors > 0 ? EXITCODE_UNSEEN : EXITCODE_CLEAN;
}

static int
run(struct scan *scan)
{
    int status;

    tally_init(&scan->tally);
    scan->judge.style.wants_text = output_wants(&scan->output, OUTPUT_TEXT);
    scan->judge.style.wants_json = output_wants(&scan->output, OUTPUT_JSON)
                                   || output_wants(&scan->output,
                                                   OUTPUT_JSONL);
    scan->started = judge_now();
    pool_run(scan->targets, &scan->judge, scan->threads, emit, idle, scan);
    progress_hide();
    scan->tally.passed_over = targets_passed_over(scan->targets);
    scan->tally.seconds = (double)(judge_now() - scan->started) / 1e6;
    status = exit_status(scan);
    if (!output_close(&scan->output, &scan->judge.style, &scan->tally))
        status = EXITCODE_USAGE;
    tally_fini(&scan->tally);
    return status;
}

int
cmd_scan(const struct args *args)
{
    struct scan scan = { .threads = 1 };
    int status = EXITCODE_USAGE;

    /* A reader that leaves early, or a server, must not end the program in
     * the middle: writing answers with an error. */
    signal(SIGPIPE, SIG_IGN);
    scan.judge.exclude = &scan.exclude;
    set_fetch(&scan, args);
    if (set_numbers(&scan, args) && set_style(&scan, args)
        && set_targets(&scan, args)
        && (scan.judge.ruleset = packs_load(args)) != NULL
        && output_open(&scan.output, args)) {
        scan.judge.style.has_color = wants_color(&scan);
        progress_begin(!args_has(args, ARGS_NO_PROGRESS)
                       && !args_has(args, ARGS_QUIET));
        status = run(&scan);
    }
    targets_free(scan.targets);
    exclude_fini(&scan.exclude);
    davy_ruleset_unref(scan.judge.ruleset);
    return status;
}

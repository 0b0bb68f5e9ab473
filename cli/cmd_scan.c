/* SPDX-License-Identifier: MIT */
/* cmd_scan.c - `davy scan`: many targets, some threads, one order.
 *
 * Threads take targets by number and leave outcomes; the main thread prints
 * them in the order of targets, whoever is done first. */

#include <davy/davy.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/job.h"
#include "cli/packs.h"
#include "cli/progress.h"
#include "common/exitcode.h"
#include "common/log.h"

#define MAX_JOBS 64

/* Outcomes that may wait to be printed; threads pause beyond. */
#define MAX_AHEAD 256

static const char *const format_names[FORMATS] = { "text", "json", "jsonl" };

/* A file that the answer goes to. */
struct output {
    enum format format;
    FILE *file;
    const char *path;                   /* NULL: standard output */
    bool is_started;                    /* json: something is written */
};

struct scan {
    struct args args;
    struct job_options options;
    struct targets targets;
    struct output *outputs;
    size_t outputs_count;
    unsigned long jobs;
    int fail_on;                        /* severity; 5: never */
    bool is_quiet;
    davy_ruleset *ruleset;
    struct progress progress;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct outcome *outcomes;           /* by target */
    bool *is_done;
    size_t next;                        /* target to take */
    size_t printed;
};

/* ---- The command line ---- */

static int
format_of(const char *name, size_t length)
{
    for (int i = 0; i < FORMATS; i++) {
        if (strlen(format_names[i]) == length
            && strncmp(format_names[i], name, length) == 0)
            return i;
    }
    return -1;
}

static bool
add_output(struct scan *scan, const char *value, int preset)
{
    const char *equals = strchr(value, '=');
    const int named = equals == NULL
                          ? -1
                          : format_of(value, (size_t)(equals - value));
    struct output *output;

    if (named >= 0)
        value = equals + 1;
    scan->outputs = log_realloc(scan->outputs, (scan->outputs_count + 1)
                                                   * sizeof(*output));
    output = &scan->outputs[scan->outputs_count++];
    output->format = (enum format)(named >= 0 ? named : preset);
    output->path = value;
    output->is_started = false;
    output->file = strcmp(value, "-") == 0 ? stdout : fopen(value, "wb");
    if (output->file == NULL) {
        log_error("%s: %s", value, strerror(errno));
        scan->outputs_count--;
        return false;
    }
    return true;
}

/* Standard output gets the answer unless every -o names a format of its own
 * beside --format, or -o without a format takes it. */
static bool
choose_outputs(struct scan *scan)
{
    const char *name = args_value(&scan->args, ARGS_FORMAT, "text");
    const int preset = format_of(name, strlen(name));
    bool is_taken = false;

    if (preset < 0) {
        log_error("--format is text, json or jsonl, not %s", name);
        return false;
    }
    for (size_t i = 0; i < scan->args.given_count; i++) {
        const struct args_given *given = &scan->args.given[i];
        const char *equals;

        if (given->option != ARGS_OUTPUT)
            continue;
        equals = strchr(given->value, '=');
        if (equals == NULL
            || format_of(given->value, (size_t)(equals - given->value)) < 0)
            is_taken = true;
        if (!add_output(scan, given->value, preset))
            return false;
    }
    if (!is_taken && !add_output(scan, "-", preset))
        return false;
    for (size_t i = 0; i < scan->outputs_count; i++)
        scan->options.style.wants[scan->outputs[i].format] = true;
    return true;
}

static bool
choose_severity(struct scan *scan, enum args_option option,
                const char *preset, int *severity)
{
    const char *name = args_value(&scan->args, option, preset);

    *severity = outcome_severity(name);
    if (*severity < 0 && option == ARGS_FAIL_ON && strcmp(name, "never") == 0)
        *severity = 5;
    if (*severity >= 0)
        return true;
    log_error("--%s is info, low, medium, high%s, not %s",
              option == ARGS_FAIL_ON ? "fail-on" : "severity",
              option == ARGS_FAIL_ON ? ", critical or never" : " or critical",
              name);
    return false;
}

static bool
choose_color(struct scan *scan)
{
    const char *when = args_value(&scan->args, ARGS_COLOR, "auto");
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool *has_color = &scan->options.style.has_color;

    if (strcmp(when, "always") == 0) {
        *has_color = true;
    } else if (strcmp(when, "auto") == 0) {
        *has_color = isatty(STDOUT_FILENO)
                     && (no_color == NULL || no_color[0] == '\0')
                     && (term == NULL || strcmp(term, "dumb") != 0);
    } else if (strcmp(when, "never") != 0) {
        log_error("--color is auto, always or never, not %s", when);
        return false;
    }
    return true;
}

static bool
choose_numbers(struct scan *scan)
{
    const struct args *args = &scan->args;
    struct fetch_options *fetch = &scan->options.fetch;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned long bytes;

    if (processors < 1)
        processors = 1;
    if (!args_number(args, ARGS_JOBS,
                     processors > 8 ? 8 : (unsigned long)processors, 1,
                     MAX_JOBS, &scan->jobs)
        || !args_number(args, ARGS_MAX_FILESIZE, 64ul << 20, 1, 1ul << 30,
                        &bytes)
        || !args_number(args, ARGS_TIMEOUT, 20, 1, 3600, &fetch->timeout)
        || !args_number(args, ARGS_MAX_REDIRECTS, 10, 0, 50,
                        &fetch->max_redirects)
        || !args_number(args, ARGS_MAX_RESOURCES, 100, 0, 10000,
                        &scan->options.max_resources))
        return false;
    fetch->max_bytes = bytes;
    fetch->allow_private = args_has(args, ARGS_ALLOW_PRIVATE);
    fetch->user_agent = args_value(args, ARGS_USER_AGENT,
                                   "davy/" DAVY_VERSION " (site scanner)");
    return true;
}

static bool
collect_targets(struct scan *scan)
{
    const struct args *args = &scan->args;

    targets_init(&scan->targets);
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == ARGS_EXCLUDE)
            targets_exclude(&scan->targets, args->given[i].value);
    }
    for (size_t i = 0; i < args->operands_count; i++)
        targets_add(&scan->targets, args->operands[i]);
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == ARGS_FILES_FROM
            && !targets_add_from(&scan->targets, args->given[i].value,
                                 args_has(args, ARGS_NUL)))
            return false;
    }
    if (args->operands_count == 0 && !args_has(args, ARGS_FILES_FROM)) {
        log_error("nothing to scan; see davy scan --help");
        return false;
    }
    return true;
}

static bool
prepare(struct scan *scan)
{
    scan->is_quiet = args_has(&scan->args, ARGS_QUIET);
    scan->options.style.is_verbose = args_has(&scan->args, ARGS_VERBOSE);
    return choose_severity(scan, ARGS_SEVERITY, "info",
                           &scan->options.style.severity)
           && choose_severity(scan, ARGS_FAIL_ON, "medium", &scan->fail_on)
           && choose_color(scan) && choose_numbers(scan)
           && collect_targets(scan)
           && (scan->ruleset = packs_load(&scan->args)) != NULL
           && choose_outputs(scan);
}

/* ---- Threads ---- */

static bool
take_target(struct scan *scan, size_t *index)
{
    bool has_one;

    pthread_mutex_lock(&scan->lock);
    while (scan->next < scan->targets.count
           && scan->next > scan->printed + MAX_AHEAD)
        pthread_cond_wait(&scan->changed, &scan->lock);
    has_one = scan->next < scan->targets.count;
    *index = scan->next;
    scan->next += has_one;
    pthread_mutex_unlock(&scan->lock);
    return has_one;
}

static void *
work(void *arg)
{
    struct scan *scan = arg;
    struct job *job = job_new(scan->ruleset, &scan->options);
    size_t index;

    if (job == NULL) {
        log_error("out of memory");
        exit(EXITCODE_USAGE);
    }
    while (take_target(scan, &index)) {
        struct outcome outcome;

        job_run(job, &scan->targets.items[index], &outcome);
        pthread_mutex_lock(&scan->lock);
        scan->outcomes[index] = outcome;
        scan->is_done[index] = true;
        pthread_cond_broadcast(&scan->changed);
        pthread_mutex_unlock(&scan->lock);
    }
    job_free(job);
    return NULL;
}

/* ---- Printing ---- */

/* Objects end with a line feed; in an array commas stand between them. */
static void
print_array_part(struct output *output, const char *text)
{
    while (*text != '\0') {
        const size_t n = strcspn(text, "\n");

        fputs(output->is_started ? ",\n" : "[\n", output->file);
        fwrite(text, 1, n, output->file);
        output->is_started = true;
        text += n + (text[n] == '\n');
    }
}

static void
print_outcome(struct scan *scan, struct outcome *outcome)
{
    for (size_t i = 0; i < scan->outputs_count; i++) {
        struct output *output = &scan->outputs[i];
        const char *text = outcome->text[output->format];

        if (text == NULL || text[0] == '\0')
            continue;
        progress_clear(&scan->progress);
        if (output->format == FORMAT_JSON)
            print_array_part(output, text);
        else
            fputs(text, output->file);
    }
    for (int i = 0; i < FORMATS; i++)
        free(outcome->text[i]);
}

static void
print_all(struct scan *scan, struct outcome *total)
{
    for (size_t i = 0; i < scan->targets.count; i++) {
        struct outcome outcome;

        pthread_mutex_lock(&scan->lock);
        while (!scan->is_done[i]) {
            struct timespec until;

            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += 100000000;
            until.tv_sec += until.tv_nsec / 1000000000;
            until.tv_nsec %= 1000000000;
            pthread_cond_timedwait(&scan->changed, &scan->lock, &until);
            progress_step(&scan->progress, i);
        }
        outcome = scan->outcomes[i];
        pthread_mutex_unlock(&scan->lock);
        outcome_sum(total, &outcome);
        print_outcome(scan, &outcome);
        pthread_mutex_lock(&scan->lock);
        scan->printed = i;
        pthread_cond_broadcast(&scan->changed);
        pthread_mutex_unlock(&scan->lock);
        progress_step(&scan->progress, i + 1);
    }
    progress_clear(&scan->progress);
}

static bool
finish_outputs(struct scan *scan, const struct outcome *total, double seconds)
{
    bool is_written = true;

    for (size_t i = 0; i < scan->outputs_count; i++) {
        struct output *output = &scan->outputs[i];

        if (output->format == FORMAT_JSON)
            fputs(output->is_started ? "\n]\n" : "[]\n", output->file);
        else if (output->format == FORMAT_TEXT && !scan->is_quiet)
            outcome_print_summary(total, output->file, seconds);
        if (fflush(output->file) != 0 || ferror(output->file)) {
            log_error("%s: cannot be written", output->path);
            is_written = false;
        }
        if (output->file != stdout)
            fclose(output->file);
    }
    return is_written;
}

static double
seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
run(struct scan *scan)
{
    const double start = seconds_now();
    struct outcome total = { .severity = -1 };
    pthread_t threads[MAX_JOBS];
    size_t started = 0;

    if (scan->jobs > scan->targets.count)
        scan->jobs = scan->targets.count;
    scan->outcomes = log_alloc(scan->targets.count * sizeof(struct outcome));
    scan->is_done = log_alloc(scan->targets.count * sizeof(bool));
    pthread_mutex_init(&scan->lock, NULL);
    pthread_cond_init(&scan->changed, NULL);
    progress_begin(&scan->progress, scan->targets.count,
                   !args_has(&scan->args, ARGS_NO_PROGRESS));
    while (started < scan->jobs
           && pthread_create(&threads[started], NULL, work, scan) == 0)
        started++;
    if (started == 0 && scan->targets.count > 0) {
        log_error("no thread can be started");
        return EXITCODE_USAGE;
    }
    print_all(scan, &total);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&scan->changed);
    pthread_mutex_destroy(&scan->lock);
    if (!finish_outputs(scan, &total, seconds_now() - start))
        return EXITCODE_USAGE;
    if (total.severity >= scan->fail_on)
        return EXITCODE_FOUND;
    return total.errors > 0 && total.severity < 0 ? EXITCODE_UNSEEN
                                                  : EXITCODE_CLEAN;
}

static void
print_help(void)
{
    printf("usage: davy scan [options] TARGET...\n\n"
           "A TARGET is a file, a folder, an address (http:// or https://), "
           "or - for\nstandard input.  Files are judged by content, not by "
           "name; local targets never\ntouch the network.  --severity chooses "
           "what is shown; --fail-on chooses what\nmakes the exit status 1.\n\n");
    args_print_options('s');
    printf("\nExit status: 0 clean; 1 a finding that counts; 2 wrong usage or "
           "patterns;\n3 something could not be looked at and nothing was "
           "found.\n");
}

int
command_scan(int argc, char **argv)
{
    struct scan scan;
    int status = EXITCODE_USAGE;

    memset(&scan, 0, sizeof(scan));
    if (args_parse(&scan.args, 's', argc, argv)) {
        if (args_has(&scan.args, ARGS_HELP)) {
            print_help();
            status = EXITCODE_CLEAN;
        } else if (prepare(&scan)) {
            status = run(&scan);
        }
    }
    davy_ruleset_unref(scan.ruleset);
    targets_free(&scan.targets);
    free(scan.outcomes);
    free(scan.is_done);
    free(scan.outputs);
    args_free(&scan.args);
    return status;
}

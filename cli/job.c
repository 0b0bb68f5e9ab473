/* SPDX-License-Identifier: MIT */
/* job.c - judges files, standard input and addresses.
 *
 * A page at an address is judged first; then what it loads, as a browser
 * would: scripts, modules, workers, frames, each once and as a target of its
 * own, and what frames load in turn. */

#include "cli/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"

#define CHUNK ((size_t)1 << 18)

/* Frames inside frames. */
#define MAX_FRAME_DEPTH 4

struct job {
    const struct job_options *options;
    davy_limits limits;
    davy_scanner *scanner;              /* of files */
    davy_scanner *page_scanner;         /* lists what pages load */
    struct fetcher *fetcher;            /* made when first needed */
    char *chunk;
};

/* Something still to fetch. */
struct resource {
    char *address;
    char *page;                         /* that loads it */
    davy_kind kind;
    unsigned depth;
};

struct queue {
    struct resource *items;
    size_t count, next;
};

struct job *
job_new(davy_ruleset *ruleset, const struct job_options *options)
{
    struct job *job = log_alloc(sizeof(*job));
    davy_scanner_options scanner = { .struct_size = sizeof(scanner) };

    job->options = options;
    job->limits = (davy_limits){ .struct_size = sizeof(job->limits),
                                 .bytes = options->fetch.max_bytes };
    scanner.limits = &job->limits;
    job->chunk = log_alloc(CHUNK);
    if (davy_scanner_new(ruleset, &scanner, &job->scanner) == DAVY_OK) {
        scanner.flags = DAVY_SCAN_LIST_RESOURCES;
        if (davy_scanner_new(ruleset, &scanner, &job->page_scanner)
            == DAVY_OK)
            return job;
    }
    job_free(job);
    return NULL;
}

void
job_free(struct job *job)
{
    if (job == NULL)
        return;
    davy_scanner_free(job->scanner);
    davy_scanner_free(job->page_scanner);
    fetch_free(job->fetcher);
    free(job->chunk);
    free(job);
}

static uint64_t
now_micros(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- Files ---- */

/* NULL, or why it could not be read. */
static const char *
feed_descriptor(struct job *job, int fd)
{
    davy_status st = DAVY_OK;
    ssize_t n;

    /* Beyond the limit nothing is judged, so nothing is read. */
    while (st == DAVY_OK && (n = read(fd, job->chunk, CHUNK)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return strerror(errno);
        st = davy_scanner_feed(job->scanner, job->chunk, (size_t)n);
    }
    return st == DAVY_OK || st == DAVY_LIMIT ? NULL : davy_status_text(st);
}

static void
judge_descriptor(struct job *job, int fd, const char *name,
                 struct outcome *outcome, FILE *const streams[FORMATS])
{
    const davy_target target = { .struct_size = sizeof(target),
                                 .name = name };
    const uint64_t start = now_micros();
    const davy_report *report = NULL;
    const char *error;
    davy_status st = davy_scanner_begin(job->scanner, &target);

    error = st == DAVY_OK ? feed_descriptor(job, fd) : davy_status_text(st);
    if (error == NULL) {
        st = davy_scanner_finish(job->scanner, &report);
        if (st != DAVY_OK)
            error = davy_status_text(st);
    }
    if (error != NULL)
        outcome_add_error(outcome, streams, &job->options->style, name, NULL,
                          error);
    else
        outcome_add_report(outcome, streams, &job->options->style, name,
                           NULL, report, now_micros() - start);
}

static void
judge_file(struct job *job, const char *path, struct outcome *outcome,
           FILE *const streams[FORMATS])
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        outcome_add_error(outcome, streams, &job->options->style, path, NULL,
                          strerror(errno));
        return;
    }
    judge_descriptor(job, fd, path, outcome, streams);
    close(fd);
}

/* ---- Addresses ---- */

static bool
is_queued(const struct queue *queue, const char *address)
{
    for (size_t i = 0; i < queue->count; i++) {
        if (strcmp(queue->items[i].address, address) == 0)
            return true;
    }
    return false;
}

/* An address without its fragment, which is never sent. */
static char *
without_fragment(const char *address)
{
    char *copy = log_strdup(address);

    copy[strcspn(copy, "#")] = '\0';
    return copy;
}

static void
enqueue(struct queue *queue, const char *address, const char *page,
        davy_kind kind, unsigned depth)
{
    char *plain = without_fragment(address);

    if (is_queued(queue, plain)) {
        free(plain);
        return;
    }
    queue->items = log_realloc(queue->items, (queue->count + 1)
                                                 * sizeof(*queue->items));
    queue->items[queue->count++] = (struct resource){
        plain, page == NULL ? NULL : log_strdup(page), kind, depth
    };
}

static bool
is_fetched_kind(davy_kind kind)
{
    switch (kind) {
    case DAVY_KIND_FRAME:
    case DAVY_KIND_SCRIPT:
    case DAVY_KIND_MODULE:
    case DAVY_KIND_WORKER:
    case DAVY_KIND_WASM:
        return true;
    default:
        return false;
    }
}

static void
enqueue_resources(struct job *job, struct queue *queue,
                  const struct resource *page, const davy_report *report)
{
    for (size_t i = 0; i < davy_report_resources_count(report); i++) {
        const davy_resource *r = davy_report_resource(report, i);
        const bool is_frame = r->kind == DAVY_KIND_FRAME;

        if (!is_fetched_kind(r->kind)
            || (strncmp(r->address, "http://", 7) != 0
                && strncmp(r->address, "https://", 8) != 0)
            || (is_frame && page->depth >= MAX_FRAME_DEPTH)
            || queue->count > job->options->max_resources)
            continue;
        enqueue(queue, r->address, page->address, r->kind,
                page->depth + is_frame);
    }
}

static void
judge_fetched(struct job *job, struct queue *queue,
              const struct resource *resource, const struct fetched *f,
              struct outcome *outcome, FILE *const streams[FORMATS])
{
    const davy_target target = {
        .struct_size = sizeof(target),
        .address = f->address == NULL ? resource->address : f->address,
        .document = resource->page,
        .content_type = f->content_type,
        .content_encoding = f->content_encoding,
        .kind = resource->kind,
    };
    const uint64_t start = now_micros();
    const davy_report *report = NULL;
    davy_status st = davy_scanner_begin(job->page_scanner, &target);

    if (st == DAVY_OK)
        st = davy_scanner_feed(job->page_scanner, f->bytes, f->length);
    /* One byte more than was taken makes a cut body a limit of the report. */
    if (st == DAVY_OK && f->is_cut)
        st = davy_scanner_feed(job->page_scanner, "", 1);
    if (st == DAVY_OK || st == DAVY_LIMIT)
        st = davy_scanner_finish(job->page_scanner, &report);
    if (st != DAVY_OK) {
        outcome_add_error(outcome, streams, &job->options->style,
                          resource->address, resource->page,
                          davy_status_text(st));
        return;
    }
    outcome_add_report(outcome, streams, &job->options->style,
                       resource->address, resource->page, report,
                       now_micros() - start);
    enqueue_resources(job, queue, resource, report);
}

static void
judge_address(struct job *job, const char *address, struct outcome *outcome,
              FILE *const streams[FORMATS])
{
    struct queue queue = { NULL, 0, 0 };

    if (job->fetcher == NULL)
        job->fetcher = fetch_new(&job->options->fetch);
    enqueue(&queue, address, NULL, DAVY_KIND_DOCUMENT, 0);
    while (queue.next < queue.count) {
        const struct resource resource = queue.items[queue.next++];
        struct fetched f;

        fetch_get(job->fetcher, resource.address, resource.page, &f);
        if (f.error != NULL)
            outcome_add_error(outcome, streams, &job->options->style,
                              resource.address, resource.page, f.error);
        else
            judge_fetched(job, &queue, &resource, &f, outcome, streams);
        fetched_free(&f);
    }
    for (size_t i = 0; i < queue.count; i++) {
        free(queue.items[i].address);
        free(queue.items[i].page);
    }
    free(queue.items);
}

/* ---- Any target ---- */

void
job_run(struct job *job, const struct target *target,
        struct outcome *outcome)
{
    FILE *streams[FORMATS] = { NULL };
    size_t sizes[FORMATS];

    memset(outcome, 0, sizeof(*outcome));
    outcome->severity = -1;
    for (int i = 0; i < FORMATS; i++) {
        if (job->options->style.wants[i])
            streams[i] = open_memstream(&outcome->text[i], &sizes[i]);
    }
    switch (target->type) {
    case TARGET_FILE:
        judge_file(job, target->name, outcome, streams);
        break;
    case TARGET_STDIN:
        judge_descriptor(job, STDIN_FILENO, target->name, outcome, streams);
        break;
    case TARGET_ADDRESS:
        judge_address(job, target->name, outcome, streams);
        break;
    case TARGET_ERROR:
        outcome_add_error(outcome, streams, &job->options->style,
                          target->name, NULL, target->error);
        break;
    }
    for (int i = 0; i < FORMATS; i++) {
        if (streams[i] != NULL)
            fclose(streams[i]);
    }
}

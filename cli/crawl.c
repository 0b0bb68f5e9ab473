/* SPDX-License-Identifier: MIT */
/* crawl.c - judges a page at an address and what a browser would load with it:
 * scripts, modules, workers, WebAssembly, frames, and what those load in turn.
 *
 * Bodies go to the scanner as they arrive and are held nowhere else. */

#include "cli/crawl.h"

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/text.h"

/* Frames inside frames, and scripts that load scripts. */
#define MAX_DEPTH 5

struct resource {
    char *address;                      /* without a fragment */
    char *page;                         /* that loads it, or NULL */
    davy_kind kind;
    unsigned depth;
};

struct crawl {
    struct judge *judge;
    struct outcomes *outcomes;
    const char *given;                  /* the page, as the user wrote it */
    struct resource *items;
    size_t count, next;
    bool has_left_out;                  /* not fetched because of bounds */
    struct resource now;                /* being fetched */
    char *address;                      /* of it, after redirects */
    davy_scanner *scanner;
    davy_status status;
    uint64_t bytes, micros;
};

/* ---- What is to be fetched ---- */

static bool
is_queued(const struct crawl *crawl, const char *address)
{
    for (size_t i = 0; i < crawl->count; i++) {
        if (strcmp(crawl->items[i].address, address) == 0)
            return true;
    }
    return false;
}

static void
enqueue(struct crawl *crawl, const char *address, const char *page,
        davy_kind kind, unsigned depth)
{
    char *plain = fatal_strdup(address);

    plain[strcspn(plain, "#")] = '\0';
    if (is_queued(crawl, plain)
        || exclude_matches(crawl->judge->options->exclude, plain, 0)) {
        free(plain);
        return;
    }
    if (depth > MAX_DEPTH
        || crawl->count > crawl->judge->options->max_resources) {
        crawl->has_left_out = true;
        free(plain);
        return;
    }
    crawl->items = fatal_grow(crawl->items, crawl->count,
                              sizeof(*crawl->items));
    crawl->items[crawl->count++] = (struct resource){
        plain, page == NULL ? NULL : fatal_strdup(page), kind, depth
    };
}

/* Images and styles run nothing; links wait for a click. */
static bool
is_fetched(const davy_resource *resource)
{
    switch (resource->kind) {
    case DAVY_KIND_FRAME:
    case DAVY_KIND_SCRIPT:
    case DAVY_KIND_MODULE:
    case DAVY_KIND_WORKER:
    case DAVY_KIND_SERVICE_WORKER:
    case DAVY_KIND_WASM:
        return text_starts_nocase(resource->address, "http://")
               || text_starts_nocase(resource->address, "https://");
    default:
        return false;
    }
}

static void
enqueue_all(struct crawl *crawl, const davy_report *report)
{
    /* `now` is a copy: the queue may move. */
    const unsigned depth = crawl->now.depth + 1;

    for (size_t i = 0; i < davy_report_resources_count(report); i++) {
        const davy_resource *r = davy_report_resource(report, i);

        if (is_fetched(r))
            enqueue(crawl, r->address, crawl->address, r->kind, depth);
    }
}

/* ---- Bodies ---- */

static bool
begin(void *ctx, const struct fetch_head *head)
{
    struct crawl *crawl = ctx;
    const davy_target target = {
        .struct_size = sizeof(target),
        .address = head->address,
        .document = crawl->now.page,
        .content_type = head->content_type,
        .content_encoding = head->content_encoding,
        .kind = crawl->now.kind,
    };

    free(crawl->address);
    crawl->address = fatal_strdup(head->address);
    crawl->scanner = judge_scanner(crawl->judge, true);
    crawl->status = crawl->scanner == NULL
                        ? DAVY_NO_MEMORY
                        : davy_scanner_begin(crawl->scanner, &target);
    return crawl->status == DAVY_OK;
}

/* One byte more than the limit makes it an entry of the report. */
static bool
take(void *ctx, const char *bytes, size_t length)
{
    struct crawl *crawl = ctx;
    const uint64_t start = judge_now();
    const uint64_t left = crawl->judge->options->max_filesize + 1
                          - crawl->bytes;
    const size_t n = length < left ? length : (size_t)left;

    crawl->status = davy_scanner_feed(crawl->scanner, bytes, n);
    crawl->bytes += n;
    crawl->micros += judge_now() - start;
    return crawl->status == DAVY_OK;
}

static const davy_report *
finish(struct crawl *crawl)
{
    const uint64_t start = judge_now();
    const davy_report *report = NULL;

    if (crawl->status == DAVY_OK || crawl->status == DAVY_LIMIT)
        crawl->status = davy_scanner_finish(crawl->scanner, &report);
    crawl->micros += judge_now() - start;
    return report;
}

/* What arrived before a transfer broke is what a browser would have run: it is
 * reported when there is something to report, besides the error. */
static void
conclude(struct crawl *crawl, char *error)
{
    const struct outcome_style *style = &crawl->judge->options->style;
    const struct resource *r = &crawl->now;
    const char *name = r->depth == 0 ? crawl->given : r->address;
    const bool has_body = crawl->scanner != NULL;
    const davy_report *report = has_body ? finish(crawl) : NULL;

    if (error == NULL && report == NULL)
        error = fatal_strdup(davy_status_text(
            crawl->status == DAVY_OK ? DAVY_NO_MEMORY : crawl->status));
    if (report != NULL
        && (error == NULL || davy_report_findings_count(report) > 0)) {
        outcomes_add_report(crawl->outcomes, style, name, r->page, report,
                            crawl->micros);
        enqueue_all(crawl, report);
    }
    if (error != NULL)
        outcomes_add_error(crawl->outcomes, style, name, r->page, error);
    free(error);
    judge_trim(crawl->judge, crawl->bytes);
}

static void
get(struct crawl *crawl)
{
    const struct fetch_request request = {
        .address = crawl->now.address,
        .page = crawl->now.page,
        .begin = begin,
        .take = take,
        .ctx = crawl,
    };
    struct judge *judge = crawl->judge;
    char *error = NULL;

    crawl->scanner = NULL;
    crawl->status = DAVY_OK;
    crawl->bytes = 0;
    crawl->micros = 0;
    if (judge->fetcher == NULL)
        judge->fetcher = fetcher_new(&judge->options->fetch);
    if (judge->fetcher == NULL)
        error = fatal_strdup("libcurl cannot be used");
    else
        error = fetch_get(judge->fetcher, &request);
    conclude(crawl, error);
}

void
crawl_page(struct judge *judge, const char *address,
           struct outcomes *outcomes)
{
    struct crawl crawl = { .judge = judge, .outcomes = outcomes,
                           .given = address };

    enqueue(&crawl, address, NULL, DAVY_KIND_DOCUMENT, 0);
    while (crawl.next < crawl.count) {
        crawl.now = crawl.items[crawl.next++];
        get(&crawl);
    }
    if (crawl.has_left_out) {
        char *text = fatal_format("not all that it loads was fetched "
                                  "(--max-resources %zu, or %d deep)",
                                  judge->options->max_resources, MAX_DEPTH);

        outcomes_add_error(outcomes, &judge->options->style, address, NULL,
                           text);
        free(text);
    }
    for (size_t i = 0; i < crawl.count; i++) {
        free(crawl.items[i].address);
        free(crawl.items[i].page);
    }
    free(crawl.items);
    free(crawl.address);
}

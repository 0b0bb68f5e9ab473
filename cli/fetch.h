/* SPDX-License-Identifier: MIT */
/* fetch.h - gets what is behind an http(s) address, within bounds. */

#ifndef FETCH_H
#define FETCH_H

#include <stdbool.h>
#include <stddef.h>

struct fetch_options {
    unsigned long timeout;              /* seconds, redirects included */
    unsigned long max_redirects;
    const char *user_agent;
    const char *proxy;                  /* address, or NULL for none */
    bool allow_private;
};

/* What is known when the body begins. */
struct fetch_head {
    const char *address;                /* after redirects */
    const char *content_type;           /* or NULL */
    const char *content_encoding;       /* or NULL; the body is as sent */
};

struct fetch_request {
    const char *address;
    const char *page;                   /* that loads it, or NULL */
    /* Called once for an answer that has a body of its own (which may be
     * empty), then `take` for each piece; false ends the transfer without an
     * error. */
    bool (*begin)(void *ctx, const struct fetch_head *head);
    bool (*take)(void *ctx, const char *bytes, size_t length);
    void *ctx;
};

/* Connections and settings; of one thread. */
struct fetcher;

/* `options` must outlive the fetcher.  NULL without memory. */
struct fetcher *fetcher_new(const struct fetch_options *options);
void fetcher_free(struct fetcher *fetcher);

/* GET.  NULL, or why it failed: one malloc'ed sentence. */
char *fetch_get(struct fetcher *fetcher, const struct fetch_request *request);

#endif

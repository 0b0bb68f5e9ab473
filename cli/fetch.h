/* SPDX-License-Identifier: MIT */
/* fetch.h - gets the bytes behind an address, within bounds. */

#ifndef FETCH_H
#define FETCH_H

#include <davy/davy.h>
#include <stdbool.h>
#include <stddef.h>

struct fetch_options {
    size_t max_bytes;
    unsigned long timeout;              /* seconds, for one address */
    unsigned long max_redirects;
    const char *user_agent;
    bool allow_private;
};

struct fetched {
    char *bytes;
    size_t length;
    bool is_cut;                        /* there was more than max_bytes */
    char *address;                      /* after redirects */
    char *content_type;                 /* or NULL */
    char *content_encoding;             /* or NULL */
    char *error;                        /* a sentence, or NULL */
};

/* A connection cache and its settings; of one thread. */
struct fetcher;

struct fetcher *fetch_new(const struct fetch_options *options);
void fetch_free(struct fetcher *fetcher);

/* GET `address` with `referrer` (or NULL).  Bodies are not decoded.  `fetched`
 * is always filled; give it to fetched_free. */
void fetch_get(struct fetcher *fetcher, const char *address,
               const char *referrer, struct fetched *fetched);
void fetched_free(struct fetched *fetched);

#endif

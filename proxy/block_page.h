/* SPDX-License-Identifier: MIT */
/* block_page.h - what a user sees in place of a miner. */

#ifndef BLOCK_PAGE_H
#define BLOCK_PAGE_H

#include "proxy/bytes.h"
#include "proxy/http_head.h"

enum block_page_format { BLOCK_PAGE_HTML, BLOCK_PAGE_TEXT, BLOCK_PAGE_JSON };

struct block_page {
    const char *title;                  /* "This page mines cryptocurrency" */
    const char *address;
    const char *reason;                 /* a sentence */
    const char *rule;                   /* id, or "" */
    const char *evidence;               /* or "" */
    const char *todo;                   /* what the reader can do */
    const char *ticket;
};

/* By the client's Accept field (9110, 12.5.1). */
enum block_page_format block_page_format(const struct http_head *request);

const char *block_page_type(enum block_page_format format);

void block_page_write(const struct block_page *page,
                      enum block_page_format format, struct bytes *out);

#endif

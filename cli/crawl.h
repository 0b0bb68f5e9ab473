/* SPDX-License-Identifier: MIT */
/* crawl.h - judges a page at an address and what a browser would load. */

#ifndef CRAWL_H
#define CRAWL_H

#include "cli/judge.h"

/* The page is the first outcome; its scripts, modules, workers and frames
 * follow in the order in which they were met, each once. */
void crawl_page(struct judge *judge, const char *address,
                struct outcomes *outcomes);

#endif

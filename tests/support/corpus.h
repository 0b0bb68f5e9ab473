/* SPDX-License-Identifier: MIT */
/* corpus.h - files of folders, in a fixed order. */

#ifndef TEST_CORPUS_H
#define TEST_CORPUS_H

#include <stddef.h>

/* Called for each file: its path, its bytes (with a NUL behind them). */
typedef void (*corpus_visitor)(void *ctx, const char *path, const char *bytes,
                               size_t length);

/* Visit every regular file below `folder` whose name ends in `suffix` (or ""),
 * sorted by name; links are not followed; files above 8 MiB are passed over.
 * Returns how many were visited, 0 when the folder does not exist. */
size_t corpus_visit(const char *folder, const char *suffix,
                    corpus_visitor visit, void *ctx);

#endif

/* SPDX-License-Identifier: MIT */
/* golden.h - tests that are Markdown: an input block, and blocks that say what
 * must come out of it.
 *
 *     # A title
 *
 *     ```html                (or: ```html escaped, with \xNN, \n and \\)
 *     <p>the input</p>
 *     ```
 *
 *     ```first
 *     what must come out, line by line
 *     ```
 *
 * Everything else is talk.  The line feed before a closing fence belongs to
 * outputs but not to inputs. */

#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

#include "base/buf.h"

/* Says in `out` what comes out of `input` for the block called `name`; false
 * when there is no such block. */
typedef bool golden_run(const char *name, struct dv_span input,
                        struct dv_buf *out);

/* Run every .md file in `folder`, a path below the source tree.  Blocks named
 * as `input` are inputs, others are handed to `run`.  Fails the cmocka test
 * with both texts when one differs.  With DAVY_UPDATE_GOLDEN in the environment
 * the files are rewritten instead.  Returns the number of blocks compared. */
size_t golden_run_folder(const char *folder, const char *input,
                         golden_run *run);

/* A path below the source tree, wherever the tests are run. */
const char *golden_source_path(const char *path, char *room, size_t size);

/* Read a whole file into `out`; fails the test when it cannot. */
void golden_read_file(const char *path, struct dv_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/* archive.h - makes small programs and archives for tests, so that none has to
 * be kept as a file. */

#ifndef TEST_ARCHIVE_H
#define TEST_ARCHIVE_H

#include "base/buf.h"

struct archive_member {
    const char *path;
    struct dv_span bytes;
};

/* Each appends to `out`; a refused allocation ends the test program. */

/* A program's header, `padding` zeros, and texts with a NUL behind each; `wide`
 * writes them as UTF-16. */
void archive_elf(struct dv_buf *out, const char *const *texts, size_t padding);
void archive_pe(struct dv_buf *out, const char *const *texts, bool wide);

void archive_zip(struct dv_buf *out, const struct archive_member *members,
                 size_t count, bool deflated);
void archive_tar(struct dv_buf *out, const struct archive_member *members,
                 size_t count);
void archive_ar(struct dv_buf *out, const struct archive_member *members,
                size_t count);
void archive_gzip(struct dv_buf *out, struct dv_span bytes);

#endif

/* SPDX-License-Identifier: MIT */
/* rule_file.h - reads a whole file, bounded. */

#ifndef DV_RULE_FILE_H
#define DV_RULE_FILE_H

#include "base/mem.h"
#include "base/span.h"
#include "rule/rule_message.h"

/* Bytes of one file of rules, lists or a manifest. */
#define DV_FILE_BYTES ((size_t)64 << 20)

struct dv_file {
    struct dv_mem *mem;
    uint8_t *at;
    size_t len;
    size_t cap;
};

/* Read `path`.  DAVY_OK; DAVY_IO with the system's reason said; DAVY_NO_MEMORY.
 * dv_file_fini in every case. */
davy_status dv_file_read(struct dv_file *file, struct dv_mem *mem,
                         struct dv_messages *messages, const char *path);
void dv_file_fini(struct dv_file *file);

static inline struct dv_span
dv_file_span(const struct dv_file *file)
{
    return dv_span_of(file->at, file->len);
}

#endif

/* SPDX-License-Identifier: MIT */
/* transform.h - checks functions that turn bytes into bytes. */

#ifndef TEST_TRANSFORM_H
#define TEST_TRANSFORM_H

#include "base/buf.h"

typedef davy_status (*transform_fn)(struct dv_span in, struct dv_buf *out);

/* What a transformation makes of a text; `want` NULL: it refuses. */
struct transform_row {
    const char *in;
    const char *want;
};

/* `fn` makes `want` of `in`, which ends at a guard page, and appends it. */
void transform_gives(transform_fn fn, struct dv_span in, struct dv_span want);

/* `fn` answers DAVY_MALFORMED and leaves its output alone. */
void transform_refuses(transform_fn fn, struct dv_span in);

/* Each row holds; so it does with every allocation failing and with every
 * bound on the output. */
void transform_holds(transform_fn fn, const struct transform_row *rows,
                     size_t n);

/* As the last sentence says, for one input that is not refused. */
void transform_survives(transform_fn fn, struct dv_span in);

#endif

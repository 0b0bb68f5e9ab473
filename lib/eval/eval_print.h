/* SPDX-License-Identifier: MIT */
/* eval_print.h - an effect as a line of text, for people and tests. */

#ifndef DV_EVAL_PRINT_H
#define DV_EVAL_PRINT_H

#include "base/buf.h"
#include "eval/eval.h"

/* Append `12..40 new WebSocket("wss://pool.example/")` and a line feed: the
 * place in the script, and what is done there.  What is not known is `?`.
 * DAVY_OK, DAVY_NO_MEMORY, DAVY_LIMIT. */
davy_status dv_eval_print(struct dv_eval *run, const struct dv_effect *effect,
                          struct dv_buf *out);

/* A text that was computed: `12..40 "text"`. */
davy_status dv_eval_print_text(struct dv_span text, size_t at, size_t len,
                               struct dv_buf *out);

#endif

/* SPDX-License-Identifier: MIT */
/* eval_lib.h - short words for functions of the language. */

#ifndef DV_EVAL_LIB_H
#define DV_EVAL_LIB_H

#include "base/compiler.h"
#include "eval/eval_run.h"

#define FN(name)                                                             \
    static struct dv_value name(struct dv_eval *run, struct dv_value self,   \
                                const struct dv_value *args, size_t count)

#define ARG(i) dv_eval_arg(args, count, i)

/* Not every function of a table uses them. */
#define UNUSED_SELF (void)self, (void)run
#define UNUSED_ARGS (void)args, (void)count, (void)run

#endif

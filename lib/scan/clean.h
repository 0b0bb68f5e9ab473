/* SPDX-License-Identifier: MIT */
/* clean.h - cuts and looks again until a page is clean. */

#ifndef DV_CLEAN_H
#define DV_CLEAN_H

#include "scan/scanner.h"

/* As dv_rewrite, but what is written was judged by `checker` before: it is
 * below options->verdict.  DAVY_LIMIT when it is not after some rounds; then,
 * and with every other error, nothing is written.  DAVY_NO_MEMORY. */
davy_status dv_clean(const struct davy_report *report, struct dv_span bytes,
                     const davy_rewrite_options *options,
                     davy_scanner *checker, const davy_target *target,
                     davy_sink sink, void *ctx);

#endif

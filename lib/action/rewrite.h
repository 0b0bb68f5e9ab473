/* SPDX-License-Identifier: MIT */
/* rewrite.h - a target's bytes without what its report says must go. */

#ifndef DV_REWRITE_H
#define DV_REWRITE_H

#include "action/report.h"
#include "base/span.h"

/* What rounds of looking and cutting need to know of the options. */
davy_verdict dv_rewrite_least(const davy_rewrite_options *options);

/* Whether anything of the target is to be cut. */
bool dv_rewrite_is_due(const struct davy_report *report,
                       const davy_rewrite_options *options);

/* Write the edited bytes; `options` may be NULL.  DAVY_OK; DAVY_UNSUPPORTED
 * when the report's places cannot be edited, or all of a page would go;
 * DAVY_MISUSE when `bytes` are not those of the report, or for a severity that
 * is none; DAVY_IO when the sink stops. */
davy_status dv_rewrite(const struct davy_report *report, struct dv_span bytes,
                       const davy_rewrite_options *options, davy_sink sink,
                       void *ctx);

#endif

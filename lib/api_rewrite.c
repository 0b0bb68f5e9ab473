/* SPDX-License-Identifier: MIT */
/* api_rewrite.c - the exported functions that edit: argument checks, nothing
 * else. */

#include <davy/davy.h>

#include "action/rewrite.h"
#include "scan/clean.h"

static int
are_options(const davy_rewrite_options *options)
{
    return options == NULL
           || (options->struct_size == sizeof(*options)
               && (unsigned)options->verdict <= DAVY_VERDICT_MINER
               && (options->standin != NULL || options->standin_length == 0));
}

davy_status
davy_rewrite(const davy_report *report, const void *bytes, size_t length,
             const davy_rewrite_options *options, davy_sink sink, void *ctx)
{
    if (report == NULL || sink == NULL || (bytes == NULL && length != 0)
        || !are_options(options))
        return DAVY_MISUSE;
    return dv_rewrite(report, dv_span_of(bytes, length), options, sink, ctx);
}

davy_status
davy_rewrite_checked(const davy_report *report, const void *bytes,
                     size_t length, const davy_rewrite_options *options,
                     davy_scanner *checker, const davy_target *target,
                     davy_sink sink, void *ctx)
{
    if (report == NULL || sink == NULL || (bytes == NULL && length != 0)
        || !are_options(options) || checker == NULL
        || report == &checker->report
        || (target != NULL && target->struct_size != sizeof(*target)))
        return DAVY_MISUSE;
    return dv_clean(report, dv_span_of(bytes, length), options, checker,
                    target, sink, ctx);
}

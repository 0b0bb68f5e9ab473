/* SPDX-License-Identifier: MIT */
/* api_scanner.c - the exported functions of scanners: argument checks,
 * nothing else. */

#include <davy/davy.h>

#include "scan/scanner.h"

/* Members were only ever added at the end, so a struct of this library's size
 * is the one it knows. */
static int
is_target(const davy_target *target)
{
    return target == NULL || target->struct_size == sizeof(*target);
}

static int
are_options(const davy_scanner_options *options)
{
    if (options == NULL)
        return 1;
    if (options->struct_size != sizeof(*options))
        return 0;
    if (options->limits != NULL
        && options->limits->struct_size != sizeof(*options->limits))
        return 0;
    return options->allocator == NULL
           || options->allocator->struct_size == sizeof(davy_allocator);
}

davy_status
davy_scanner_new(davy_ruleset *ruleset, const davy_scanner_options *options,
                 davy_scanner **scanner)
{
    if (ruleset == NULL || scanner == NULL || !are_options(options))
        return DAVY_MISUSE;
    return dv_scanner_new(ruleset, options, scanner);
}

void
davy_scanner_free(davy_scanner *scanner)
{
    dv_scanner_free(scanner);
}

davy_status
davy_scanner_begin(davy_scanner *scanner, const davy_target *target)
{
    if (scanner == NULL || !is_target(target))
        return DAVY_MISUSE;
    return dv_scanner_begin(scanner, target);
}

davy_status
davy_scanner_feed(davy_scanner *scanner, const void *bytes, size_t length)
{
    if (scanner == NULL || scanner->state != DV_SCANNER_FEEDING
        || (bytes == NULL && length != 0))
        return DAVY_MISUSE;
    return dv_scanner_feed(scanner, dv_span_of(bytes, length));
}

davy_status
davy_scanner_finish(davy_scanner *scanner, const davy_report **report)
{
    if (scanner == NULL || report == NULL
        || scanner->state != DV_SCANNER_FEEDING)
        return DAVY_MISUSE;
    return dv_scanner_finish(scanner, report);
}

davy_verdict
davy_scanner_verdict(const davy_scanner *scanner)
{
    return scanner == NULL ? DAVY_VERDICT_CLEAN : dv_scanner_verdict(scanner);
}

int
davy_sniff_native(const davy_target *target, const void *bytes, size_t length)
{
    bool is_download = false;

    if (!is_target(target) || (bytes == NULL && length != 0))
        return 0;
    return dv_scanner_sniff(target, dv_span_of(bytes, length), &is_download)
               == DAVY_OK
           && is_download;
}

void
davy_scanner_reset(davy_scanner *scanner)
{
    if (scanner != NULL)
        dv_scanner_reset(scanner);
}

davy_status
davy_scan_buffer(davy_scanner *scanner, const davy_target *target,
                 const void *bytes, size_t length, const davy_report **report)
{
    davy_status st;

    if (report == NULL)
        return DAVY_MISUSE;
    st = davy_scanner_begin(scanner, target);
    if (st == DAVY_OK)
        st = davy_scanner_feed(scanner, bytes, length);
    if (st == DAVY_OK || st == DAVY_LIMIT)
        st = davy_scanner_finish(scanner, report);
    return st;
}

davy_status
davy_scan_address(davy_scanner *scanner, const davy_target *target,
                  const davy_report **report)
{
    if (scanner == NULL || report == NULL || target == NULL
        || !is_target(target) || target->address == NULL)
        return DAVY_MISUSE;
    return dv_scanner_address(scanner, target, report);
}

davy_status
davy_scanner_dump(davy_scanner *scanner, davy_dump what,
                  const davy_target *target, const void *bytes,
                  size_t length, davy_sink sink, void *ctx)
{
    if (scanner == NULL || sink == NULL || !is_target(target)
        || (bytes == NULL && length != 0) || (unsigned)what > DAVY_DUMP_EFFECTS)
        return DAVY_MISUSE;
    return dv_scanner_dump(scanner, what, target, dv_span_of(bytes, length),
                           sink, ctx);
}

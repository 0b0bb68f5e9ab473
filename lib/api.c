/* SPDX-License-Identifier: MIT */
/* api.c - the exported functions of version, report and output: argument
 * checks, nothing else.  Those of rules are in api_ruleset.c, those of
 * scanners in api_scanner.c. */

#include <davy/davy.h>

#include "action/report.h"
#include "action/report_json.h"

const char *
davy_version(void)
{
    return DAVY_VERSION;
}

const char *
davy_verdict_text(davy_verdict verdict)
{
    static const char *const texts[] = { "clean", "suspicious", "miner" };
    const size_t i = (size_t)verdict;

    return i < DV_COUNT_OF(texts) ? texts[i] : "unknown";
}

davy_verdict
davy_report_verdict(const davy_report *report)
{
    return report == NULL ? DAVY_VERDICT_CLEAN : report->verdict;
}

int
davy_report_score(const davy_report *report)
{
    return report == NULL ? 0 : report->score;
}

const char *
davy_report_type(const davy_report *report)
{
    return report == NULL ? "other" : report->type;
}

uint64_t
davy_report_bytes(const davy_report *report)
{
    return report == NULL ? 0 : report->bytes;
}

const char *
davy_report_sha256(const davy_report *report)
{
    return report == NULL ? "" : report->sha256;
}

size_t
davy_report_findings_count(const davy_report *report)
{
    return report == NULL ? 0 : report->findings.len;
}

const davy_finding *
davy_report_finding(const davy_report *report, size_t i)
{
    if (i >= davy_report_findings_count(report))
        return NULL;
    return dv_vec_at(&report->findings, i);
}

static const char *
text_at(const struct dv_vec *texts, size_t i)
{
    return i < texts->len ? *(const char *const *)dv_vec_at(texts, i) : NULL;
}

size_t
davy_report_families_count(const davy_report *report)
{
    return report == NULL ? 0 : report->families.len;
}

const char *
davy_report_family(const davy_report *report, size_t i)
{
    return report == NULL ? NULL : text_at(&report->families, i);
}

size_t
davy_report_limits_count(const davy_report *report)
{
    return report == NULL ? 0 : report->limits.len;
}

const char *
davy_report_limit(const davy_report *report, size_t i)
{
    return report == NULL ? NULL : text_at(&report->limits, i);
}

size_t
davy_report_resources_count(const davy_report *report)
{
    return report == NULL ? 0 : report->resources.len;
}

const davy_resource *
davy_report_resource(const davy_report *report, size_t i)
{
    if (i >= davy_report_resources_count(report))
        return NULL;
    return dv_vec_at(&report->resources, i);
}

davy_status
davy_report_write_json(const davy_report *report,
                       const davy_json_options *options, davy_sink sink,
                       void *ctx)
{
    if (report == NULL || options == NULL || sink == NULL
        || options->struct_size != sizeof(*options)
        || options->target == NULL)
        return DAVY_MISUSE;
    return dv_report_json_write(report, options, sink, ctx);
}

davy_status
davy_write_error_json(const char *target, const char *error, davy_sink sink,
                      void *ctx)
{
    if (target == NULL || error == NULL || sink == NULL)
        return DAVY_MISUSE;
    return dv_report_json_write_error(target, error, sink, ctx);
}

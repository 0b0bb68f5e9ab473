/* SPDX-License-Identifier: MIT */
/* report_json.h - a report as one line of JSON (schema 1, DESIGN 10). */

#ifndef DV_REPORT_JSON_H
#define DV_REPORT_JSON_H

#include "action/report.h"

/* DAVY_OK, DAVY_IO when the sink stops, DAVY_MISUSE for an unknown severity. */
davy_status dv_report_json_write(const struct davy_report *report,
                                 const davy_json_options *options,
                                 davy_sink sink, void *ctx);

/* The object for a target that could not be looked at. */
davy_status dv_report_json_write_error(const char *target, const char *error,
                                       davy_sink sink, void *ctx);

#endif

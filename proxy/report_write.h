/* SPDX-License-Identifier: MIT */
/* report_write.h - writes what decisions add up to. */

#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include <stdio.h>

#include "proxy/report_tally.h"

/* The tally is finished; `most` rows of each table. */
typedef void report_write_fn(FILE *out, const struct report_tally *tally,
                             size_t most);

report_write_fn report_write_text;      /* for people */
report_write_fn report_write_json;      /* one object, all of it */
report_write_fn report_write_csv;       /* a line for each client */

#endif

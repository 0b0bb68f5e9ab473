/* SPDX-License-Identifier: MIT */
/* download.h - judges programs, scripts and archives while they stream
 * (docs/adr/0009). */

#ifndef DV_DOWNLOAD_H
#define DV_DOWNLOAD_H

#include "native/native.h"
#include "scan/look.h"
#include "verdict/verdict.h"

/* Bytes by which a target is told to be one: enough for the beginning of what
 * gzip hides. */
#define DV_DOWNLOAD_HEAD ((size_t)1024)

struct dv_download {
    struct dv_native native;
    struct dv_look *look;               /* asks the rules */
    const struct dv_ruleset *ruleset;
    struct davy_report *report;
    struct dv_look_target target;       /* its texts are the scanner's */
    uint64_t bytes;
    bool is_miner;                      /* it was, and stays one */
};

void dv_download_init(struct dv_download *download, struct dv_mem *mem,
                      const struct dv_ruleset *ruleset,
                      const davy_limits *limits, struct dv_look *look,
                      struct davy_report *report);
void dv_download_fini(struct dv_download *download);

/* Whether a target that begins with `head` is judged so, whatever it is said
 * to be.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_download_is(struct dv_mem *mem, struct dv_span head,
                           struct dv_span name, bool *is_download);

/* Begin, feed, end.  After each feed the report's verdict is that on all that
 * came; once it is MINER it stays so.  The end writes the report, its bytes and
 * digest left out.  DAVY_OK,
 * DAVY_NO_MEMORY. */
davy_status dv_download_begin(struct dv_download *download,
                              const struct dv_look_target *target);
davy_status dv_download_feed(struct dv_download *download,
                             struct dv_span bytes);
davy_status dv_download_end(struct dv_download *download);

/* Instead of feed and end: files in writing, see native.h. */
davy_status dv_download_files(struct dv_download *download,
                              struct dv_span text);

#endif

/* SPDX-License-Identifier: MIT */
/* scanner.h - judges one target after the other: bytes in, report out. */

#ifndef DV_SCANNER_H
#define DV_SCANNER_H

#include <davy/davy.h>

#include "action/report.h"
#include "base/sha256.h"
#include "scan/download.h"
#include "scan/look.h"

enum dv_scanner_state {
    DV_SCANNER_IDLE,                    /* begin must come */
    DV_SCANNER_FEEDING,                 /* feed or finish may come */
    DV_SCANNER_DONE                     /* there is a report */
};

/* How a target is read. */
enum dv_scanner_way {
    DV_SCANNER_UNDECIDED,               /* its first bytes are not all there */
    DV_SCANNER_COLLECT,                 /* whole, then judged */
    DV_SCANNER_STREAM                   /* as a download, while it comes */
};

/* Texts of davy_target, copied; empty spans where it is silent. */
struct dv_scanner_target {
    struct dv_span address;
    struct dv_span document;
    struct dv_span name;
    struct dv_span content_type;
    struct dv_span content_encoding;
    davy_kind kind;
};

struct davy_scanner {
    struct dv_mem mem;
    davy_ruleset *ruleset;
    davy_limits limits;
    unsigned flags;
    enum dv_scanner_state state;
    enum dv_scanner_way way;
    struct dv_scanner_target target;
    struct dv_arena target_arena;       /* texts of `target` */
    struct dv_buf input;
    struct dv_sha256 sha;
    uint64_t bytes;                     /* fed, also beyond the limit */
    struct dv_buf decoded[2];           /* content codings undone */
    struct dv_buf converted;            /* as UTF-8 */
    struct dv_look look;
    struct dv_download download;
    struct davy_report report;
};

davy_status dv_scanner_new(davy_ruleset *ruleset,
                           const davy_scanner_options *options,
                           davy_scanner **scanner);
void dv_scanner_free(davy_scanner *scanner);
davy_status dv_scanner_begin(davy_scanner *scanner,
                             const davy_target *target);
davy_status dv_scanner_feed(davy_scanner *scanner, struct dv_span bytes);
davy_status dv_scanner_finish(davy_scanner *scanner,
                              const davy_report **report);
void dv_scanner_reset(davy_scanner *scanner);

/* What is known while bytes come, or the report's. */
davy_verdict dv_scanner_verdict(const davy_scanner *scanner);

/* Whether a body of `target` (may be NULL) that begins so is judged while it
 * comes.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_scanner_sniff(const davy_target *target, struct dv_span head,
                             bool *is_download);

/* Judge target->address alone. */
davy_status dv_scanner_address(davy_scanner *scanner,
                               const davy_target *target,
                               const davy_report **report);

/* Scan, and write what one stage saw. */
davy_status dv_scanner_dump(davy_scanner *scanner, davy_dump what,
                            const davy_target *target, struct dv_span bytes,
                            davy_sink sink, void *ctx);

#endif

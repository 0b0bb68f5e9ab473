/* SPDX-License-Identifier: MIT */
/* inspect.h - asks libdavy about addresses and bodies. */

#ifndef INSPECT_H
#define INSPECT_H

#include <davy/davy.h>

#include "proxy/http_head.h"

/* Scanners and remembered verdicts of one worker. */
struct inspector;

/* One body that is being judged. */
struct inspection;

/* What is known of a body before its bytes; borrowed. */
struct inspect_target {
    const char *address;
    const char *document;               /* the page it is for, or NULL */
    const char *content_type;           /* or NULL */
    const char *content_encoding;       /* or NULL */
    davy_kind kind;
};

/* What a request says it is for. */
struct inspect_use {
    davy_kind kind;
    bool is_code;                       /* run whatever its type says */
};

struct inspector *inspector_new(davy_slot *slot, size_t judge_bytes);
void inspector_free(struct inspector *inspector);

/* Take the current ruleset of the slot. */
void inspector_reload(struct inspector *inspector);

struct inspect_use inspect_use(const struct http_head *request);

/* Whether an answer of this type for this use is judged. */
bool inspect_is_judged(struct inspect_use use, struct http_text type);

/* Whether a body that begins so is a program or an archive, which is judged
 * while it comes. */
bool inspect_is_download(const struct inspect_target *target,
                         const void *bytes, size_t length);

/* A content coding that libdavy can undo: gzip, deflate, br, zstd, identity. */
bool inspect_is_coding(struct http_text coding);

/* What takes the place of a blocked script or module of this family; false for
 * kinds that have none.  Good until the next reload. */
bool inspect_standin(const struct inspector *inspector, const char *family,
                     davy_kind kind, const void **bytes, size_t *length);

/* Judge the address alone.  A report that is good until the inspector's next
 * call, or NULL when it is no address. */
const davy_report *inspect_address(struct inspector *inspector,
                                   const struct inspect_target *target);

bool inspect_is_miner(const davy_report *report);

struct inspection *inspection_new(struct inspector *inspector,
                                  const struct inspect_target *target);
void inspection_feed(struct inspection *inspection, const void *bytes,
                     size_t length);

/* The verdict so far, of what is judged while it comes (davy.h). */
davy_verdict inspection_verdict(const struct inspection *inspection);

/* The verdict on all that was fed; the report lives until inspection_free, or
 * is NULL when the engine failed. */
const davy_report *inspection_finish(struct inspection *inspection);
/* After inspection_finish: append `length` bytes, those that were fed, to
 * `out` without what was found in them.  False when that cannot be done: block
 * the page. */
struct bytes;
bool inspection_rewrite(struct inspection *inspection,
                        const struct inspect_target *target,
                        const void *bytes, size_t length, struct bytes *out);
void inspection_free(struct inspection *inspection);

#endif

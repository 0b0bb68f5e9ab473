/* SPDX-License-Identifier: MIT */
/* native_tar.h - reads tar and ar archives as they stream. */

#ifndef DV_NATIVE_TAR_H
#define DV_NATIVE_TAR_H

#include "native/native_events.h"

#define DV_NATIVE_TAR_BLOCK ((size_t)512)

enum dv_native_tar_state {
    DV_NATIVE_TAR_HEADER,
    DV_NATIVE_TAR_MEMBER,               /* in a file's bytes */
    DV_NATIVE_TAR_LONG_NAME,            /* in those of the next one's name */
    DV_NATIVE_TAR_PAX,                  /* in those of its attributes */
    DV_NATIVE_TAR_SKIP,
    DV_NATIVE_TAR_BROKEN                /* what comes is not looked at */
};

/* Both formats are headers with a size, and bytes. */
struct dv_native_tar {
    enum dv_native_tar_state state;
    bool is_ar;
    bool is_open;
    bool has_next;                      /* the next member's path is known */
    uint64_t fed;                       /* bytes, with the current ones */
    uint64_t left;                      /* of the member */
    uint64_t padding;                   /* behind it */
    struct dv_native_collect collect;
    uint8_t block[DV_NATIVE_TAR_BLOCK];
    uint8_t next[DV_NATIVE_PATH];       /* that path */
    size_t next_len;
    uint8_t path[DV_NATIVE_PATH];
};

/* Whether `head` begins with a header of tar. */
bool dv_native_tar_is(struct dv_span head);

void dv_native_tar_begin(struct dv_native_tar *tar, bool is_ar);

/* Answers as those of zip. */
davy_status dv_native_tar_feed(struct dv_native_tar *tar, struct dv_span in,
                               const struct dv_native_events *events)
    DV_MUST_CHECK;
davy_status dv_native_tar_end(struct dv_native_tar *tar,
                              const struct dv_native_events *events)
    DV_MUST_CHECK;

#endif

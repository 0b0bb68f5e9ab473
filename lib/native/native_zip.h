/* SPDX-License-Identifier: MIT */
/* native_zip.h - reads zip archives as they stream. */

#ifndef DV_NATIVE_ZIP_H
#define DV_NATIVE_ZIP_H

#include "native/native_events.h"
#include "native/native_inflate.h"

enum dv_native_zip_state {
    DV_NATIVE_ZIP_SIGNATURE,            /* looking for the next one */
    DV_NATIVE_ZIP_LOCAL,                /* in the fixed part of a header */
    DV_NATIVE_ZIP_PATH,
    DV_NATIVE_ZIP_EXTRA,
    DV_NATIVE_ZIP_STORED,               /* in a member's bytes */
    DV_NATIVE_ZIP_DEFLATED,
    DV_NATIVE_ZIP_SKIP,                 /* in bytes nobody looks at */
    DV_NATIVE_ZIP_CENTRAL,              /* in an entry of the directory */
    DV_NATIVE_ZIP_CENTRAL_PATH
};

struct dv_native_zip {
    enum dv_native_zip_state state;
    struct dv_native_inflate *inflate;
    uint64_t fed;                       /* bytes, with the current ones */
    uint64_t entry_at;                  /* where the signature stood */
    uint32_t signature;                 /* the last four bytes */
    struct dv_native_collect collect;
    uint8_t fixed[42];                  /* of a header */
    uint8_t path[DV_NATIVE_PATH];
    size_t path_len;
    uint8_t extra[64];
    uint64_t left;                      /* bytes of a member, or to skip */
    bool is_open;
};

/* `inflate` is lent for the members. */
void dv_native_zip_begin(struct dv_native_zip *zip,
                         struct dv_native_inflate *inflate);

/* The next bytes.  What the events answer; DAVY_NO_MEMORY. */
davy_status dv_native_zip_feed(struct dv_native_zip *zip, struct dv_span in,
                               const struct dv_native_events *events)
    DV_MUST_CHECK;

/* No more bytes: a member that is cut off ends, too. */
davy_status dv_native_zip_end(struct dv_native_zip *zip,
                              const struct dv_native_events *events)
    DV_MUST_CHECK;

#endif

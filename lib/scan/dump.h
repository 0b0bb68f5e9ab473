/* SPDX-License-Identifier: MIT */
/* dump.h - prints what one stage saw of a target, for writers of rules. */

#ifndef DV_DUMP_H
#define DV_DUMP_H

#include "scan/look.h"

struct dv_dump {
    struct dv_look_watch watch;         /* give this to the look */
    const struct dv_look *look;
    davy_dump what;
    davy_sink sink;
    void *ctx;
    struct dv_buf line;
    davy_status status;                 /* OK, NO_MEMORY or IO */
};

/* Print to `sink` what `look` sees, while it looks. */
void dv_dump_init(struct dv_dump *dump, const struct dv_look *look,
                  davy_dump what, davy_sink sink, void *ctx);
void dv_dump_fini(struct dv_dump *dump);

#endif

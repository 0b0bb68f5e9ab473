/* SPDX-License-Identifier: MIT */
/* stratum.h - tells the dialects of mining from the words of a connection. */

#ifndef DV_STRATUM_H
#define DV_STRATUM_H

#include <davy/davy.h>

#include "base/compiler.h"
#include "base/span.h"

enum dv_dialect {
#define DV_DIALECT_ROW(NAME, name, words, points) DV_DIALECT_##NAME,
#include "frame/stratum.def"
#undef DV_DIALECT_ROW
    DV_DIALECTS
};

/* What was heard of one dialect. */
struct dv_stratum_heard {
    uint32_t words;                     /* bit: the word was said */
    uint8_t count;
    uint8_t points;
    bool is_rare;                       /* one was worth more than 1 */
};

struct dv_stratum {
    struct dv_stratum_heard heard[DV_DIALECTS];
    uint32_t spoken;                    /* bit: the dialect is spoken */
};

void dv_stratum_init(struct dv_stratum *stratum);

/* A word was said.  Whether it is one of any dialect, heard for the first
 * time. */
bool dv_stratum_hear(struct dv_stratum *stratum, struct dv_span word,
                     bool is_key, davy_direction from);

/* The name in stratum.def. */
const char *dv_dialect_name(enum dv_dialect dialect);

#endif

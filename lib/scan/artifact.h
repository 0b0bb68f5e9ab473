/* SPDX-License-Identifier: MIT */
/* artifact.h - the tree of things to judge that one target holds. */

#ifndef DV_ARTIFACT_H
#define DV_ARTIFACT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "fact/fact.h"
#include "url/url.h"

#define DV_ARTIFACT_ROOT UINT32_MAX     /* the parent of the target itself */

/* One thing to judge.  Bytes live as long as the scan. */
struct dv_artifact {
    uint32_t parent;
    uint32_t depth;                     /* 0 for the target */
    enum dv_nested_type type;
    const char *label;                  /* "script", "eval"; static or arena */
    uint32_t number;                    /* from 1 among its siblings of this
                                         * label; 0: only one can be */
    const char *content_type;           /* or NULL */
    struct dv_span bytes;
    size_t at;                          /* place in the parent's bytes */
    size_t len;
    bool is_verbatim;                   /* bytes are a slice of the parent's */
    bool is_evaluated;                  /* as a part of the parent */
    const struct dv_url *base;          /* of relative addresses, or NULL */
};

/* Artifacts in the order they were found: parents before children. */
struct dv_artifacts {
    struct dv_vec items;                /* struct dv_artifact */
    size_t max_depth;
    size_t max_bytes;                   /* of those not verbatim, together */
    size_t bytes;
};

void dv_artifacts_init(struct dv_artifacts *tree, struct dv_mem *mem,
                       const davy_limits *limits);
void dv_artifacts_fini(struct dv_artifacts *tree);
void dv_artifacts_clear(struct dv_artifacts *tree);

static inline struct dv_artifact *
dv_artifacts_at(const struct dv_artifacts *tree, size_t i)
{
    return dv_vec_at(&tree->items, i);
}

/* The target itself; the tree must be empty. */
davy_status dv_artifacts_plant(struct dv_artifacts *tree,
                               struct dv_span bytes, const char *label);

/* Add what was found inside artifact `parent`.  DAVY_OK; DAVY_NO_MEMORY;
 * DAVY_LIMIT with *limit set to the limit's text. */
davy_status dv_artifacts_add(struct dv_artifacts *tree, uint32_t parent,
                             const struct dv_nested *nested,
                             const struct dv_url *base, const char **limit);

/* Map a place in artifact `i` to the target's bytes.  What is not verbatim is
 * represented by the place it came from. */
void dv_artifacts_locate(const struct dv_artifacts *tree, uint32_t i,
                         size_t *at, size_t *len);

/* Write "page.html > script[2] > eval". */
davy_status dv_artifacts_write_path(const struct dv_artifacts *tree,
                                    uint32_t i, struct dv_buf *out);

#endif

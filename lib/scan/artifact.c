/* SPDX-License-Identifier: MIT */
/* artifact.c - the tree of things to judge, its budget and its places. */

#include "scan/artifact.h"

#include <stdio.h>

#include "scan/limit.h"

void
dv_artifacts_init(struct dv_artifacts *tree, struct dv_mem *mem,
                  const davy_limits *limits)
{
    *tree = (struct dv_artifacts){ .max_depth = limits->artifact_depth,
                                   .max_bytes = limits->decoded_bytes };
    dv_vec_init(&tree->items, mem, sizeof(struct dv_artifact),
                limits->artifacts);
}

void
dv_artifacts_fini(struct dv_artifacts *tree)
{
    dv_vec_fini(&tree->items);
}

void
dv_artifacts_clear(struct dv_artifacts *tree)
{
    dv_vec_clear(&tree->items);
    tree->bytes = 0;
}

davy_status
dv_artifacts_plant(struct dv_artifacts *tree, struct dv_span bytes,
                   const char *label)
{
    struct dv_artifact *root = dv_vec_push(&tree->items);

    if (root == NULL)
        return DAVY_NO_MEMORY;
    root->parent = DV_ARTIFACT_ROOT;
    root->type = DV_NESTED_BYTES;
    root->label = label;
    root->bytes = bytes;
    root->len = bytes.len;
    root->is_verbatim = true;
    return DAVY_OK;
}

static const char *
exceeded_limit(const struct dv_artifacts *tree, uint32_t parent,
               const struct dv_nested *nested)
{
    if (dv_vec_is_full(&tree->items))
        return dv_limit_text(DV_LIMIT_artifacts);
    if (dv_artifacts_at(tree, parent)->depth >= tree->max_depth)
        return dv_limit_text(DV_LIMIT_artifact_depth);
    if (!nested->is_verbatim
        && nested->bytes.len > tree->max_bytes - tree->bytes)
        return dv_limit_text(DV_LIMIT_decoded_bytes);
    return NULL;
}

davy_status
dv_artifacts_add(struct dv_artifacts *tree, uint32_t parent,
                 const struct dv_nested *nested, const struct dv_url *base,
                 const char **limit)
{
    struct dv_artifact *child;
    uint32_t depth;

    *limit = exceeded_limit(tree, parent, nested);
    if (*limit != NULL)
        return DAVY_LIMIT;
    depth = dv_artifacts_at(tree, parent)->depth + 1;
    child = dv_vec_push(&tree->items);
    if (child == NULL)
        return DAVY_NO_MEMORY;
    child->parent = parent;
    child->depth = depth;
    child->type = nested->type;
    child->label = nested->label;
    child->number = nested->number;
    child->content_type = nested->content_type;
    child->bytes = nested->bytes;
    child->at = nested->at;
    child->len = nested->len;
    child->is_verbatim = nested->is_verbatim;
    child->is_evaluated = nested->is_evaluated;
    child->base = base;
    if (!nested->is_verbatim)
        tree->bytes += nested->bytes.len;
    return DAVY_OK;
}

void
dv_artifacts_locate(const struct dv_artifacts *tree, uint32_t i, size_t *at,
                    size_t *len)
{
    const struct dv_artifact *artifact = dv_artifacts_at(tree, i);

    while (artifact->parent != DV_ARTIFACT_ROOT) {
        if (artifact->is_verbatim) {
            *at += artifact->at;
        } else {
            *at = artifact->at;
            *len = artifact->len;
        }
        artifact = dv_artifacts_at(tree, artifact->parent);
    }
}

static davy_status
write_step(const struct dv_artifact *artifact, struct dv_buf *out)
{
    char number[16];
    davy_status st = DAVY_OK;

    if (artifact->parent != DV_ARTIFACT_ROOT)
        st = dv_buf_append_cstr(out, " > ");
    if (st == DAVY_OK)
        st = dv_buf_append_cstr(out, artifact->label);
    if (st != DAVY_OK || artifact->number == 0)
        return st;
    snprintf(number, sizeof(number), "[%u]", (unsigned)artifact->number);
    return dv_buf_append_cstr(out, number);
}

davy_status
dv_artifacts_write_path(const struct dv_artifacts *tree, uint32_t i,
                        struct dv_buf *out)
{
    davy_status st = DAVY_OK;

    for (uint32_t depth = 0; st == DAVY_OK; depth++) {
        uint32_t step = i;

        while (dv_artifacts_at(tree, step)->depth > depth)
            step = dv_artifacts_at(tree, step)->parent;
        st = write_step(dv_artifacts_at(tree, step), out);
        if (step == i)
            break;
    }
    return st;
}

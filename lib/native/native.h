/* SPDX-License-Identifier: MIT */
/* native.h - reads a program, script or archive as it streams, and keeps the
 * texts and names in it that rules may ask about.
 *
 * Memory is constant: a window, what archives inside of each other need, and
 * the texts, of which there is a bound.  Any chunking gives the same finds. */

#ifndef DV_NATIVE_H
#define DV_NATIVE_H

#include "base/arena.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "native/native_events.h"
#include "native/native_format.h"
#include "native/native_tar.h"
#include "native/native_window.h"
#include "native/native_zip.h"

/* Archives inside of each other, however many limits.native_depth allows. */
#define DV_NATIVE_LAYERS 16

/* No node, no parent. */
#define DV_NATIVE_NONE UINT32_MAX

/* A file in which something was found, and the archives around it. */
struct dv_native_node {
    uint32_t parent;                    /* an earlier node; NONE: the target */
    struct dv_span path;                /* in its archive; the target: empty */
    uint64_t at;                        /* in the target's bytes */
    uint32_t first, last;               /* of its finds */
};

enum dv_native_find_kind { DV_NATIVE_FIND_TEXT, DV_NATIVE_FIND_NAME };

struct dv_native_find {
    enum dv_native_find_kind kind;
    uint32_t node;                      /* of the file it is about */
    uint32_t next;                      /* find of that node, or NONE */
    enum dv_native_class class;         /* of that file; NONE for names */
    struct dv_span text;
    uint32_t focus;                     /* the end of what it was found by */
    uint64_t at;                        /* in the target's bytes */
    uint64_t len;
    uint64_t line;                      /* from 1; 1 inside of archives */
    uint64_t column;
};

/* One file that is being read: the target, or a member of the layer above. */
struct dv_native_layer {
    struct dv_native *native;
    size_t depth;                       /* 0: the target */
    enum dv_native_format format;       /* once `is_known` */
    bool is_known;
    bool is_open;                       /* gzip: what it holds is read */
    bool is_exact;                      /* its bytes stand in the target */
    bool is_done;                       /* nothing is looked at any more */
    bool has_ended;                     /* gzip: its stream has */
    uint64_t origin;                    /* in the target: where it begins, or
                                         * what it was made of */
    struct dv_span path;                /* in `path_room` */
    uint32_t node;                      /* NONE until something is found */
    size_t head_len;
    uint8_t head[DV_NATIVE_HEAD];
    uint8_t path_room[DV_NATIVE_PATH];
    struct dv_native_inflate inflate;
    union {
        struct dv_native_zip zip;
        struct dv_native_tar tar;
    } reader;
};

struct dv_native_limits {
    size_t depth;                       /* archives inside of each other */
    size_t texts;                       /* finds of one target */
    size_t ratio;                       /* bytes out of all archives, for one
                                         * byte of the target */
};

struct dv_native {
    struct dv_mem *mem;
    const struct dv_native_terms *terms;        /* NULL: rules ask nothing */
    struct dv_native_limits limits;
    struct dv_native_window window;
    struct dv_native_layer *layers[DV_NATIVE_LAYERS];
    size_t depth;                       /* of the layer that is read */
    uint64_t fed;
    uint64_t granted;                   /* bytes that archives may grow from */
    uint64_t decoded;
    uint32_t notes;                     /* bit for each dv_native_note */
    struct dv_arena texts;
    struct dv_strmap seen;              /* texts of the file that is read */
    struct dv_vec nodes;                /* struct dv_native_node; 0: target */
    struct dv_vec finds;                /* struct dv_native_find */
    size_t asked;                       /* finds that on_finds saw */

    /* Called when finds were added, at places that do not depend on chunks;
     * DAVY_DECLINED says that no more is wanted.  May be NULL. */
    davy_status (*on_finds)(void *ctx);
    void *ctx;
    bool is_done;                       /* the rest is not looked at */
    davy_status status;                 /* OK or NO_MEMORY */
};

void dv_native_init(struct dv_native *native, struct dv_mem *mem,
                    const struct dv_native_terms *terms,
                    const struct dv_native_limits *limits);
void dv_native_fini(struct dv_native *native);

/* Begin a target called `name` (maybe empty; a path's last part counts).
 * DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_native_begin(struct dv_native *native,
                            struct dv_span name) DV_MUST_CHECK;

/* The next bytes; the end.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_native_feed(struct dv_native *native,
                           struct dv_span bytes) DV_MUST_CHECK;
davy_status dv_native_end(struct dv_native *native) DV_MUST_CHECK;

/* Instead of feed and end: a tree of files in writing, for examples of rules.
 *
 *     == setup.zip/xmrig.exe program
 *     a text of that program
 *     == setup.zip/config.json text
 *
 * The last word of such a line is program, script or text. */
davy_status dv_native_files(struct dv_native *native,
                            struct dv_span text) DV_MUST_CHECK;

/* The format of the target, once DV_NATIVE_HEAD bytes or the end came. */
enum dv_native_format dv_native_format(const struct dv_native *native);

static inline const struct dv_native_node *
dv_native_node_at(const struct dv_native *native, size_t i)
{
    return dv_vec_at(&native->nodes, i);
}

static inline const struct dv_native_find *
dv_native_find_at(const struct dv_native *native, size_t i)
{
    return dv_vec_at(&native->finds, i);
}

#endif

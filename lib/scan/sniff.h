/* SPDX-License-Identifier: MIT */
/* sniff.h - decides what a target is, by its content first. */

#ifndef DV_SNIFF_H
#define DV_SNIFF_H

#include <davy/davy.h>

#include "base/span.h"

enum dv_sniff_type {
    DV_SNIFF_OTHER,                     /* text or data nobody runs */
    DV_SNIFF_HTML,                      /* also XHTML and SVG */
    DV_SNIFF_SCRIPT,                    /* must be judged as JavaScript */
    DV_SNIFF_MAYBE_SCRIPT,              /* text that may be JavaScript: it is
                                         * when it parses without error */
    DV_SNIFF_FRAMES,                    /* a conversation in writing, see
                                         * fact_frame.h; only when declared */
    DV_SNIFF_FILES,                     /* files in writing, see native.h; only
                                         * when declared */
    DV_SNIFF_WASM,
    DV_SNIFF_BINARY
};

/* What is known besides the bytes. */
struct dv_sniff_hint {
    struct dv_span essence;             /* "text/html" in lower case, or "" */
    struct dv_span name;                /* file name or URL path, or "" */
    davy_kind kind;
};

enum dv_sniff_type dv_sniff(struct dv_span bytes,
                            const struct dv_sniff_hint *hint);

/* Whether a browser takes a target for a page or a script, or a writer of rules
 * for files in writing, because of what is said of it. */
bool dv_sniff_is_declared(const struct dv_sniff_hint *hint);

/* Whether `essence` is a media type of JavaScript. */
bool dv_sniff_is_script_essence(struct dv_span essence);

/* Offset of the first tag that could make a browser run or load something
 * (script, iframe, object, embed), or text.len. */
size_t dv_sniff_find_active_tag(struct dv_span text);

/* The word of DESIGN 10 for `type`. */
const char *dv_sniff_type_text(enum dv_sniff_type type);

#endif

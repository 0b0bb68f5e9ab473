/* SPDX-License-Identifier: MIT */
/* fact_sink.h - functions that load an address or run a text: the table of
 * fact_js_sink.def, found by path. */

#ifndef DV_FACT_SINK_H
#define DV_FACT_SINK_H

#include <davy/davy.h>

#include "base/span.h"

#define DV_SINK_LAST (-1)
#define DV_SINK_ALL  (-2)

enum dv_sink_action {
    DV_SINK_LOAD,
    DV_SINK_STREAM,
    DV_SINK_OPTIONS,
    DV_SINK_NODE,
    DV_SINK_CODE,
    DV_SINK_TEXT,
    DV_SINK_MARKUP,
    DV_SINK_BLOB,
    DV_SINK_ATTRIBUTE
};

enum dv_sink_takes { DV_SINK_TAKES_TEXT, DV_SINK_TAKES_ANY };

struct dv_sink {
    struct dv_span path;
    int argument;
    enum dv_sink_action action;
    enum dv_sink_takes takes;
    davy_kind kind;
    const char *label;
};

#define DV_SINK_BUCKETS 128

struct dv_sinks {
    uint8_t first[DV_SINK_BUCKETS];     /* of the table, + 1 */
    uint8_t next[UINT8_MAX];            /* in the same bucket, + 1 */
};

void dv_sinks_init(struct dv_sinks *sinks);

/* The sink for `path` behind `previous`, which is NULL at first; or NULL. */
const struct dv_sink *dv_sinks_find(const struct dv_sinks *sinks,
                                    struct dv_span path,
                                    const struct dv_sink *previous);

/* Whether argument `i` of `count` is one that the sink takes. */
static inline bool
dv_sink_takes(const struct dv_sink *sink, size_t i, size_t count)
{
    return sink->argument == DV_SINK_ALL || (int)i == sink->argument
           || (sink->argument == DV_SINK_LAST && i + 1 == count);
}

/* The last segment of a path. */
struct dv_span dv_sink_last_segment(struct dv_span path);

/* Whether a text is a fragment of HTML. */
bool dv_sink_looks_like_markup(struct dv_span text);

/* What the address of an element with this tag is for; that of an element
 * nobody made here, by what it looks like. */
davy_kind dv_sink_kind_by_tag(struct dv_span tag);
davy_kind dv_sink_kind_by_address(struct dv_span address);

#endif

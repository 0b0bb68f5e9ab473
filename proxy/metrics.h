/* SPDX-License-Identifier: MIT */
/* metrics.h - counters of a worker, read by any thread. */

#ifndef METRICS_H
#define METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "proxy/bytes.h"

enum metric {
#define METRIC_ROW(NAME, name, labels, text) METRIC_##NAME,
#include "proxy/metric.def"
#undef METRIC_ROW
    METRIC_COUNT
};

/* Upper bounds of the buckets, in microseconds; the last is without end. */
#define METRICS_BUCKETS 12

struct metrics_histogram {
    atomic_uint_fast64_t buckets[METRICS_BUCKETS];
    atomic_uint_fast64_t sum;           /* microseconds */
};

struct metrics {
    atomic_uint_fast64_t counters[METRIC_COUNT];
    struct metrics_histogram judging;   /* time of scans */
    struct metrics_histogram holding;   /* from an answer's head to its
                                         * delivery */
    atomic_uint_fast64_t open;          /* connections now */
};

/* One writer a worker: no lock, no contention. */
static inline void
metrics_add(struct metrics *metrics, enum metric metric, uint64_t n)
{
    atomic_fetch_add_explicit(&metrics->counters[metric], n,
                              memory_order_relaxed);
}

void metrics_observe(struct metrics_histogram *histogram, uint64_t micros);

/* Append the sum over all as Prometheus' text. */
void metrics_write(struct metrics *const *all, size_t count,
                   struct bytes *out);

/* The sum of one counter over all. */
uint64_t metrics_sum(struct metrics *const *all, size_t count,
                     enum metric metric);

#endif

/* SPDX-License-Identifier: MIT */
/* metrics.c - adds up counters, and writes them for Prometheus. */

#include "proxy/metrics.h"

#include <string.h>

#include "proxy/accesslog.h"
#include "proxy/decision.h"

/* From a tenth of a millisecond to half a minute. */
static const uint64_t bounds[METRICS_BUCKETS - 1] = {
    100, 300, 1000, 3000, 10000, 30000, 100000, 300000, 1000000, 5000000,
    30000000,
};

static const struct {
    const char *name;
    const char *labels;
    const char *text;
} rows[METRIC_COUNT] = {
#define METRIC_ROW(NAME, name, labels, text) { name, labels, text },
#include "proxy/metric.def"
#undef METRIC_ROW
};

void
metrics_observe(struct metrics_histogram *histogram, uint64_t micros)
{
    size_t i = 0;

    while (i < METRICS_BUCKETS - 1 && micros > bounds[i])
        i++;
    atomic_fetch_add_explicit(&histogram->buckets[i], 1,
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, micros, memory_order_relaxed);
}

uint64_t
metrics_sum(struct metrics *const *all, size_t count, enum metric metric)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += atomic_load_explicit(&all[i]->counters[metric],
                                    memory_order_relaxed);
    return sum;
}

static void
write_counters(struct metrics *const *all, size_t count, struct bytes *out)
{
    const char *last = "";

    for (unsigned i = 0; i < METRIC_COUNT; i++) {
        if (strcmp(last, rows[i].name) != 0)
            bytes_format(out, "# HELP %s %s\n# TYPE %s counter\n",
                         rows[i].name, rows[i].text, rows[i].name);
        last = rows[i].name;
        bytes_format(out, "%s%s %llu\n", rows[i].name, rows[i].labels,
                     (unsigned long long)metrics_sum(all, count,
                                                     (enum metric)i));
    }
}

static void
write_histogram(const struct metrics_histogram *const *all, size_t count,
                const char *name, const char *text, struct bytes *out)
{
    uint64_t total = 0, sum = 0;

    bytes_format(out, "# HELP %s %s\n# TYPE %s histogram\n", name, text,
                 name);
    for (size_t b = 0; b < METRICS_BUCKETS; b++) {
        for (size_t i = 0; i < count; i++)
            total += atomic_load_explicit(&all[i]->buckets[b],
                                          memory_order_relaxed);
        if (b < METRICS_BUCKETS - 1)
            bytes_format(out, "%s_bucket{le=\"%g\"} %llu\n", name,
                         (double)bounds[b] / 1e6, (unsigned long long)total);
        else
            bytes_format(out, "%s_bucket{le=\"+Inf\"} %llu\n", name,
                         (unsigned long long)total);
    }
    for (size_t i = 0; i < count; i++)
        sum += atomic_load_explicit(&all[i]->sum, memory_order_relaxed);
    bytes_format(out, "%s_sum %g\n%s_count %llu\n", name, (double)sum / 1e6,
                 name, (unsigned long long)total);
}

/* Logs belong to all workers. */
static void
write_lost(struct bytes *out)
{
    bytes_format(out,
                 "# HELP davyd_log_lost_total Lines that could not be "
                 "written.\n"
                 "# TYPE davyd_log_lost_total counter\n"
                 "davyd_log_lost_total{log=\"decisions\"} %llu\n"
                 "davyd_log_lost_total{log=\"access\"} %llu\n",
                 (unsigned long long)decision_lost(),
                 (unsigned long long)accesslog_lost());
}

#define MAX_WORKERS 256

void
metrics_write(struct metrics *const *all, size_t count, struct bytes *out)
{
    const struct metrics_histogram *histograms[MAX_WORKERS] = { NULL };
    uint64_t open = 0;

    if (count > MAX_WORKERS)
        count = MAX_WORKERS;
    write_counters(all, count, out);
    for (size_t i = 0; i < count; i++)
        open += atomic_load_explicit(&all[i]->open, memory_order_relaxed);
    bytes_format(out,
                 "# HELP davyd_connections_open Connections of clients now.\n"
                 "# TYPE davyd_connections_open gauge\n"
                 "davyd_connections_open %llu\n",
                 (unsigned long long)open);
    write_lost(out);
    for (size_t i = 0; i < count; i++)
        histograms[i] = &all[i]->judging;
    write_histogram(histograms, count, "davyd_judging_seconds",
                    "Time of one scan.", out);
    for (size_t i = 0; i < count; i++)
        histograms[i] = &all[i]->holding;
    write_histogram(histograms, count, "davyd_holding_seconds",
                    "Time that an answer was held back.", out);
}

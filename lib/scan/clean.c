/* SPDX-License-Identifier: MIT */
/* clean.c - cuts a page, judges what is left, and cuts again.
 *
 * A rule names one place, and behind a script that is gone another may come to
 * light: only a second judgement can promise that nothing is left. */

#include "scan/clean.h"

#include "action/rewrite.h"

/* Pages need one round, seldom two; what needs more was made to. */
#define MAX_ROUNDS 6

static int
to_buf(void *ctx, const char *bytes, size_t length)
{
    return dv_buf_append(ctx, dv_span_of(bytes, length)) != DAVY_OK;
}

/* Cut `bytes` into `out`. */
static davy_status
cut(const struct davy_report *report, struct dv_span bytes,
    const davy_rewrite_options *options, struct dv_buf *out)
{
    davy_status st;

    dv_buf_clear(out);
    st = dv_rewrite(report, bytes, options, to_buf, out);
    return st == DAVY_IO ? DAVY_NO_MEMORY : st;
}

static davy_status
judge(davy_scanner *checker, const davy_target *target, struct dv_span bytes,
      const davy_report **report)
{
    davy_status st = dv_scanner_begin(checker, target);

    if (st == DAVY_OK)
        st = dv_scanner_feed(checker, bytes);
    if (st == DAVY_OK)
        st = dv_scanner_finish(checker, report);
    return st;
}

/* Cut and judge from one room to the other; the last one is in rooms[0]. */
static davy_status
run_rounds(const struct davy_report *report, struct dv_span bytes,
           const davy_rewrite_options *options, davy_scanner *checker,
           const davy_target *target, struct dv_buf rooms[2])
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        const struct dv_buf room = rooms[0];
        davy_status st;

        rooms[0] = rooms[1];
        rooms[1] = room;
        st = cut(report, bytes, options, &rooms[0]);
        bytes = dv_buf_span(&rooms[0]);
        if (st == DAVY_OK)
            st = judge(checker, target, bytes, &report);
        if (st != DAVY_OK
            || davy_report_verdict(report) < dv_rewrite_least(options))
            return st;
        if (!dv_rewrite_is_due(report, options))
            break;                      /* what is left may not be cut */
    }
    return DAVY_LIMIT;
}

davy_status
dv_clean(const struct davy_report *report, struct dv_span bytes,
         const davy_rewrite_options *options, davy_scanner *checker,
         const davy_target *target, davy_sink sink, void *ctx)
{
    struct dv_buf rooms[2];
    davy_status st;

    if (strcmp(report->type, "html") != 0
        || report->verdict < dv_rewrite_least(options))
        return dv_rewrite(report, bytes, options, sink, ctx);
    dv_buf_init(&rooms[0], &checker->mem, SIZE_MAX);
    dv_buf_init(&rooms[1], &checker->mem, SIZE_MAX);
    st = run_rounds(report, bytes, options, checker, target, rooms);
    if (st == DAVY_OK && rooms[0].len != 0
        && sink(ctx, (const char *)rooms[0].at, rooms[0].len) != 0)
        st = DAVY_IO;
    dv_buf_fini(&rooms[0]);
    dv_buf_fini(&rooms[1]);
    return st;
}

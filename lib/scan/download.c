/* SPDX-License-Identifier: MIT */
/* download.c - judges programs, scripts and archives while they stream.
 *
 * The rules are asked anew about all that was found whenever something was:
 * finds are few, so that costs less than to remember how far each rule has
 * come. */

#include "scan/download.h"

#include "scan/findings.h"
#include "scan/limit.h"

static const char *const notes[DV_NATIVE_NOTES] = {
    [DV_NATIVE_NOTE_ENCRYPTED] = "encrypted member of an archive",
    [DV_NATIVE_NOTE_METHOD] = "compression that davy does not undo",
    [DV_NATIVE_NOTE_BROKEN] = "broken archive",
};

static davy_status
judge(struct dv_download *d, bool is_partial)
{
    const struct dv_findings_target found = {
        .tree = &d->look->tree,
        .cuts = &d->look->cuts,
        .native = &d->native,
    };
    davy_status st;

    dv_report_clear(d->report);
    st = dv_look_native(d->look, &d->native, &d->target, is_partial);
    if (st == DAVY_OK)
        st = dv_findings_write(d->report, d->look->eval, d->ruleset, &found,
                               d->look->mem);
    return st == DAVY_LIMIT
               ? dv_report_add_limit(d->report,
                                     dv_limit_text(DV_LIMIT_findings))
               : st;
}

/* Once it is a miner, more finds only make the report richer: the end will
 * see them. */
static davy_status
on_finds(void *ctx)
{
    struct dv_download *d = ctx;
    davy_status st = DAVY_OK;

    if (!d->is_miner)
        st = judge(d, true);
    d->is_miner = d->report->verdict == DAVY_VERDICT_MINER;
    return st;
}

void
dv_download_init(struct dv_download *d, struct dv_mem *mem,
                 const struct dv_ruleset *ruleset, const davy_limits *limits,
                 struct dv_look *look, struct davy_report *report)
{
    const struct dv_native_limits bounds = {
        .depth = limits->native_depth,
        .texts = limits->native_texts,
        .ratio = limits->decode_ratio,
    };

    *d = (struct dv_download){ .look = look, .ruleset = ruleset,
                               .report = report };
    dv_native_init(&d->native, mem, ruleset->native, &bounds);
    d->native.on_finds = on_finds;
    d->native.ctx = d;
}

void
dv_download_fini(struct dv_download *d)
{
    dv_native_fini(&d->native);
}

davy_status
dv_download_is(struct dv_mem *mem, struct dv_span head, struct dv_span name,
               bool *is_download)
{
    enum dv_native_format format;
    const davy_status st = dv_native_format_inside(
        mem, dv_span_slice(head, 0, DV_DOWNLOAD_HEAD), name, &format);

    *is_download = st == DAVY_OK && format != DV_NATIVE_DATA
                   && format != DV_NATIVE_TEXT;
    return st;
}

davy_status
dv_download_begin(struct dv_download *d, const struct dv_look_target *target)
{
    d->target = *target;
    d->target.hint.essence = dv_span_of(NULL, 0);       /* is the caller's */
    d->bytes = 0;
    d->is_miner = false;
    return dv_native_begin(&d->native, target->hint.name);
}

davy_status
dv_download_feed(struct dv_download *d, struct dv_span bytes)
{
    d->bytes += bytes.len;
    return dv_native_feed(&d->native, bytes);
}

static davy_status
note_limits(struct dv_download *d)
{
    davy_status st = DAVY_OK;

    for (unsigned i = 0; i < DV_NATIVE_NOTES && st == DAVY_OK; i++) {
        const char *text = i == DV_NATIVE_NOTE_RATIO
                               ? dv_limit_text(DV_LIMIT_decode_ratio)
                           : i == DV_NATIVE_NOTE_DEPTH
                               ? dv_limit_text(DV_LIMIT_native_depth)
                           : i == DV_NATIVE_NOTE_TEXTS
                               ? dv_limit_text(DV_LIMIT_native_texts)
                               : notes[i];

        if (d->native.notes >> i & 1)
            st = dv_report_add_limit(d->report, text);
    }
    return st;
}

/* Nothing can be cut out of a program: all of it goes. */
static davy_status
write_cuts(struct dv_download *d)
{
    davy_status st = DAVY_OK;

    for (size_t i = 0; i < d->report->findings.len && st == DAVY_OK; i++) {
        davy_finding *finding = dv_vec_at(&d->report->findings, i);
        const struct dv_report_cut cut = {
            .kind = DAVY_CUT_TARGET,
            .severity = (uint8_t)dv_report_severity(finding->severity),
            .length = d->bytes,
        };

        if (finding->score <= 0)
            continue;
        finding->cut_kind = cut.kind;
        finding->cut_length = cut.length;
        st = dv_report_add_cut(d->report, &cut);
    }
    d->report->is_editable = true;
    d->report->text_bytes = d->bytes;
    dv_report_sort(d->report);
    return st;
}

/* What was called a miner stays one, whatever excuse came behind: who asked in
 * between has acted on it. */
static davy_status
finish(struct dv_download *d)
{
    davy_status st = judge(d, false);

    if (d->is_miner && d->report->verdict != DAVY_VERDICT_MINER) {
        d->report->verdict = DAVY_VERDICT_MINER;
        d->report->score = DV_MINER_SCORE;
    }
    if (st == DAVY_OK)
        st = write_cuts(d);
    if (st == DAVY_OK)
        st = note_limits(d);
    d->report->type = dv_native_type(dv_native_format(&d->native));
    return st;
}

davy_status
dv_download_end(struct dv_download *d)
{
    const davy_status st = dv_native_end(&d->native);

    return st == DAVY_OK ? finish(d) : st;
}

davy_status
dv_download_files(struct dv_download *d, struct dv_span text)
{
    davy_status st;

    d->bytes = text.len;
    st = dv_native_files(&d->native, text);
    return st == DAVY_OK ? finish(d) : st;
}

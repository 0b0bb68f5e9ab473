/* SPDX-License-Identifier: MIT */
/* rewrite.c - copies a target to a sink, but for the spans that its report says
 * must go.
 *
 * A cut never takes away what markup leans on: a script keeps its tags, an
 * attribute its name.  So the tree of the page stays as it is, and no two
 * pieces of markup can meet and become a third (docs/adr/0006). */

#include "action/rewrite.h"

/* A script that does nothing and loads well, so that no error handler of the
 * page fetches the miner from somewhere else. */
#define NO_SCRIPT "data:text/javascript,"

/* Closes the gap of a tag: nothing in front of it can become a tag with what
 * is behind it. */
#define NO_TAG "<!---->"

struct writer {
    struct dv_span bytes;
    const char *source;                 /* instead of a script's address */
    struct dv_span standin;             /* instead of the whole target */
    davy_sink sink;
    void *ctx;
    bool has_failed;
};

static void
put(struct writer *w, struct dv_span text)
{
    if (!w->has_failed && text.len != 0
        && w->sink(w->ctx, (const char *)text.at, text.len) != 0)
        w->has_failed = true;
}

/* An address inside of quotes of either kind (HTML Standard, 13.1.2.3). */
static void
put_address(struct writer *w, const char *address)
{
    for (; *address != '\0'; address++) {
        switch (*address) {
        case '&':
            put(w, DV_SPAN_LIT("&amp;"));
            break;
        case '"':
            put(w, DV_SPAN_LIT("&quot;"));
            break;
        case '\'':
            put(w, DV_SPAN_LIT("&#39;"));
            break;
        default:
            put(w, dv_span_of(address, 1));
        }
    }
}

/* A value without quotes cannot be empty: what is behind it would be it. */
static bool
is_quoted(const struct writer *w, size_t at)
{
    const uint8_t before = at > 0 ? w->bytes.at[at - 1] : 0;

    return before == '"' || before == '\'';
}

static void
put_value(struct writer *w, const struct dv_report_cut *cut)
{
    const bool needs_quotes = !is_quoted(w, (size_t)cut->offset);

    if (needs_quotes)
        put(w, DV_SPAN_LIT("\""));
    if (cut->kind == DAVY_CUT_SOURCE)
        put_address(w, w->source);
    if (needs_quotes)
        put(w, DV_SPAN_LIT("\""));
}

/* What stands where the cut was. */
static void
put_cut(struct writer *w, const struct dv_report_cut *cut)
{
    switch (cut->kind) {
    case DAVY_CUT_NONE:
    case DAVY_CUT_SCRIPT:
        break;
    case DAVY_CUT_SOURCE:
    case DAVY_CUT_VALUE:
        put_value(w, cut);
        break;
    case DAVY_CUT_ATTRIBUTES:
        put(w, DV_SPAN_LIT(" "));       /* or `<g/a=b>` would close itself */
        break;
    case DAVY_CUT_TAG:
        put(w, DV_SPAN_LIT(NO_TAG));
        break;
    case DAVY_CUT_JSON:
        put(w, DV_SPAN_LIT(NO_SCRIPT));
        break;
    case DAVY_CUT_TARGET:
        put(w, w->standin);
        break;
    }
}

/* Take `next`, which begins in `cut`, into it.  Cuts that overlap without one
 * holding the other come of pages that no two parsers read alike: nothing is
 * put in their place. */
static void
merge(struct dv_report_cut *cut, const struct dv_report_cut *next)
{
    const uint64_t end = next->offset + next->length;

    if (end <= cut->offset + cut->length)
        return;
    cut->length = end - cut->offset;
    cut->kind = DAVY_CUT_SCRIPT;
}

static void
copy_around(struct writer *w, const struct davy_report *report, int least)
{
    struct dv_report_cut cut = { .kind = DAVY_CUT_NONE };
    bool has_cut = false;
    size_t done = 0;

    for (size_t i = 0; i <= report->cuts.len; i++) {
        const struct dv_report_cut *next
            = i < report->cuts.len ? dv_vec_at(&report->cuts, i) : NULL;

        if (next != NULL && next->severity < least)
            continue;
        if (next != NULL && has_cut
            && next->offset < cut.offset + cut.length) {
            merge(&cut, next);
            continue;
        }
        if (has_cut) {
            put(w, dv_span_slice(w->bytes, done, (size_t)cut.offset - done));
            put_cut(w, &cut);
            done = (size_t)(cut.offset + cut.length);
        }
        if (next != NULL) {
            cut = *next;
            has_cut = true;
        }
    }
    put(w, dv_span_slice(w->bytes, done, SIZE_MAX));
}

static int
least_severity(const davy_rewrite_options *options)
{
    return options == NULL || options->severity == NULL
               ? 0 : dv_report_severity(options->severity);
}

davy_verdict
dv_rewrite_least(const davy_rewrite_options *options)
{
    return options == NULL || options->verdict == DAVY_VERDICT_CLEAN
               ? DAVY_VERDICT_SUSPICIOUS : options->verdict;
}

bool
dv_rewrite_is_due(const struct davy_report *report,
                  const davy_rewrite_options *options)
{
    const int least = least_severity(options);

    if (report->verdict < dv_rewrite_least(options))
        return false;
    for (size_t i = 0; i < report->cuts.len; i++) {
        const struct dv_report_cut *cut = dv_vec_at(&report->cuts, i);

        if (cut->severity >= least)
            return true;
    }
    return false;
}

/* Whether the page's own address is what has to go. */
static bool
goes_as_a_page(const struct davy_report *report, int least)
{
    for (size_t i = 0; i < report->cuts.len; i++) {
        const struct dv_report_cut *cut = dv_vec_at(&report->cuts, i);

        if (cut->kind == DAVY_CUT_TARGET && cut->severity >= least)
            return strcmp(report->type, "html") == 0;
    }
    return false;
}

davy_status
dv_rewrite(const struct davy_report *report, struct dv_span bytes,
           const davy_rewrite_options *options, davy_sink sink, void *ctx)
{
    struct writer w = { .bytes = bytes, .source = NO_SCRIPT, .sink = sink,
                        .ctx = ctx };
    const int least = least_severity(options);

    if (least < 0)
        return DAVY_MISUSE;
    if (options != NULL && options->standin_address != NULL)
        w.source = options->standin_address;
    if (options != NULL)
        w.standin = dv_span_of(options->standin, options->standin_length);
    if (!dv_rewrite_is_due(report, options)) {
        put(&w, bytes);
        return w.has_failed ? DAVY_IO : DAVY_OK;
    }
    if (!report->is_editable || goes_as_a_page(report, least))
        return DAVY_UNSUPPORTED;
    if (report->text_bytes != bytes.len)
        return DAVY_MISUSE;
    copy_around(&w, report, least);
    return w.has_failed ? DAVY_IO : DAVY_OK;
}

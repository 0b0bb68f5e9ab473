/* SPDX-License-Identifier: MIT */
/* report.c - collects findings and answers questions about them. */

#include "action/report.h"

#include <stdlib.h>

#include "base/utf8.h"

#define MAX_LIMITS    64
#define MAX_RESOURCES 20000
#define MAX_CUTS      8192
#define MAX_EXCERPT   ((size_t)80)

void
dv_report_init(struct davy_report *report, struct dv_mem *mem,
               size_t max_findings)
{
    memset(report, 0, sizeof(*report));
    dv_arena_init(&report->arena, mem);
    dv_vec_init(&report->findings, mem, sizeof(davy_finding), max_findings);
    dv_vec_init(&report->families, mem, sizeof(const char *), max_findings);
    dv_vec_init(&report->limits, mem, sizeof(const char *), MAX_LIMITS);
    dv_vec_init(&report->resources, mem, sizeof(davy_resource),
                MAX_RESOURCES);
    dv_vec_init(&report->cuts, mem, sizeof(struct dv_report_cut), MAX_CUTS);
    dv_report_clear(report);
}

void
dv_report_fini(struct davy_report *report)
{
    dv_vec_fini(&report->findings);
    dv_vec_fini(&report->families);
    dv_vec_fini(&report->limits);
    dv_vec_fini(&report->resources);
    dv_vec_fini(&report->cuts);
    dv_arena_fini(&report->arena);
}

void
dv_report_clear(struct davy_report *report)
{
    dv_arena_reset(&report->arena);
    dv_vec_clear(&report->findings);
    dv_vec_clear(&report->families);
    dv_vec_clear(&report->limits);
    dv_vec_clear(&report->resources);
    dv_vec_clear(&report->cuts);
    report->is_editable = false;
    report->text_bytes = 0;
    report->verdict = DAVY_VERDICT_CLEAN;
    report->score = 0;
    report->type = "other";
    report->bytes = 0;
    report->sha256[0] = '\0';
}

const char *
dv_report_copy_text(struct dv_arena *arena, struct dv_span text)
{
    uint8_t *copy = dv_arena_bytes(arena, text.len + 1);

    if (copy == NULL)
        return NULL;
    if (text.len != 0)
        memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return (const char *)copy;
}

static bool
copy_texts(struct dv_arena *arena, const char **texts[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = *texts[i] == NULL ? "" : *texts[i];

        *texts[i] = dv_report_copy_text(arena, dv_span_cstr(text));
        if (*texts[i] == NULL)
            return false;
    }
    return true;
}

static davy_status
push_copy(struct dv_vec *vec, const void *item)
{
    void *slot = dv_vec_push(vec);

    if (slot == NULL)
        return dv_vec_is_full(vec) ? DAVY_LIMIT : DAVY_NO_MEMORY;
    memcpy(slot, item, vec->item);
    return DAVY_OK;
}

davy_status
dv_report_add_finding(struct davy_report *report, const davy_finding *finding)
{
    davy_finding f = *finding;
    const char **texts[] = { &f.rule,  &f.title, &f.severity, &f.confidence,
                             &f.family, &f.layer, &f.path,     &f.evidence,
                             &f.fix };

    if (!copy_texts(&report->arena, texts, DV_COUNT_OF(texts)))
        return DAVY_NO_MEMORY;
    return push_copy(&report->findings, &f);
}

davy_status
dv_report_add_family(struct davy_report *report, const char *family)
{
    const char **texts[] = { &family };

    if (!copy_texts(&report->arena, texts, 1))
        return DAVY_NO_MEMORY;
    return push_copy(&report->families, &family);
}

davy_status
dv_report_add_resource(struct davy_report *report,
                       const davy_resource *resource)
{
    davy_resource r = *resource;
    const char **texts[] = { &r.address };

    if (!copy_texts(&report->arena, texts, 1))
        return DAVY_NO_MEMORY;
    return push_copy(&report->resources, &r);
}

davy_status
dv_report_add_cut(struct davy_report *report, const struct dv_report_cut *cut)
{
    const davy_status st = push_copy(&report->cuts, cut);

    return st == DAVY_LIMIT ? DAVY_OK : st;
}

int
dv_report_severity(const char *severity)
{
    static const char *const order[] = { "info", "low", "medium", "high",
                                         "critical" };

    for (int i = 0; i < (int)DV_COUNT_OF(order); i++) {
        if (strcmp(order[i], severity) == 0)
            return i;
    }
    return -1;
}

davy_status
dv_report_add_limit(struct davy_report *report, const char *text)
{
    for (size_t i = 0; i < report->limits.len; i++) {
        const char *const *known = dv_vec_at(&report->limits, i);

        if (strcmp(*known, text) == 0)
            return DAVY_OK;
    }
    return push_copy(&report->limits, &text);
}

static int
compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_findings(const void *a, const void *b)
{
    const davy_finding *x = a;
    const davy_finding *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->offset != y->offset)
        return compare_u64(x->offset, y->offset);
    if (strcmp(x->rule, y->rule) != 0)
        return strcmp(x->rule, y->rule);
    return strcmp(x->path, y->path);
}

static int
compare_cuts(const void *a, const void *b)
{
    const struct dv_report_cut *x = a;
    const struct dv_report_cut *y = b;

    if (x->offset != y->offset)
        return compare_u64(x->offset, y->offset);
    if (x->length != y->length)
        return compare_u64(y->length, x->length);
    return (int)y->severity - (int)x->severity;
}

void
dv_report_sort(struct davy_report *report)
{
    if (report->findings.len > 1)
        qsort(report->findings.at, report->findings.len,
              sizeof(davy_finding), compare_findings);
    if (report->cuts.len > 1)
        qsort(report->cuts.at, report->cuts.len,
              sizeof(struct dv_report_cut), compare_cuts);
}

/* Code points that must not reach a terminal: controls, and those that turn
 * or hide text (Unicode 15, general category Cf in common use). */
static bool
is_unprintable(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad
           || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
           || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff
           || (c >= 0xd800 && c < 0xe000) || (c >= 0xfff0 && c <= 0xfffb)
           || c >= 0xe0000;
}

static bool
is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0;
}

/* Copy the next code point of `source` as printable text. */
static size_t
put_printable(struct dv_span *source, uint8_t *out, bool *was_blank)
{
    uint32_t c;
    size_t taken;
    const bool is_valid = dv_utf8_read_strict(*source, &c, &taken);
    const uint8_t *from = source->at;

    dv_span_skip(source, taken);
    if (is_blank(c)) {
        const size_t n = *was_blank ? 0 : 1;

        *was_blank = true;
        out[0] = ' ';
        return n;
    }
    *was_blank = false;
    if (!is_valid || is_unprintable(c)) {
        out[0] = '?';
        return 1;
    }
    memcpy(out, from, taken);
    return taken;
}

const char *
dv_report_excerpt(struct dv_arena *arena, struct dv_span source, size_t at,
                  size_t len)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    struct dv_span rest = dv_span_slice(source, at, len);
    uint8_t out[MAX_EXCERPT + DV_UTF8_MAX];
    size_t n = 0;
    size_t kept = 0;                    /* what fits with an ellipsis */
    bool was_blank = true;

    while (rest.len > 0 && n <= MAX_EXCERPT) {
        if (n <= MAX_EXCERPT - (sizeof(ellipsis) - 1))
            kept = n;
        n += put_printable(&rest, out + n, &was_blank);
    }
    if (n > MAX_EXCERPT) {
        memcpy(out + kept, ellipsis, sizeof(ellipsis) - 1);
        n = kept + sizeof(ellipsis) - 1;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return dv_report_copy_text(arena, dv_span_of(out, n));
}

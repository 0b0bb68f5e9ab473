/* SPDX-License-Identifier: MIT */
/* findings.c - gives every hit its place in the target, and weighs them.
 *
 * Places are counted in the target's own bytes: an artifact's place is mapped
 * up the tree, then back through the conversion of the character set. */

#include "scan/findings.h"

#include <stdlib.h>

#include "verdict/verdict.h"

#define MAX_PATH ((size_t)1000)

/* How much of a long text is shown before the end of what it was found by. */
#define SHOWN_BEFORE 48

/* Echoes that are mapped back through a conversion. */
#define MAX_CONVERTED ((size_t)256)

/* One hit on its way to a finding. */
struct row {
    const struct dv_rule_hit *hit;
    const struct dv_rule *rule;
    size_t at, len;                     /* in the root's text */
    uint64_t line, column;
    struct dv_report_cut cut;           /* what must go with it */
};

struct table {
    struct row *rows;
    struct dv_weight *weights;
    size_t count;
};

static int
compare_rows(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->hit->artifact != y->hit->artifact)
        return x->hit->artifact < y->hit->artifact ? -1 : 1;
    return strcmp(x->rule->info.id, y->rule->info.id);
}

/* What a hit in a download is about; NULL when it is its address. */
static const struct dv_native_find *
find_of(const struct dv_findings_target *target, const struct dv_rule_hit *hit)
{
    return hit->at == 0 || hit->at > target->native->finds.len
               ? NULL
               : dv_native_find_at(target->native, hit->at - 1);
}

/* Downloads are gone when they are judged, so finds bring their places. */
static void
locate_find(struct row *row, const struct dv_findings_target *target)
{
    const struct dv_native_find *find = find_of(target, row->hit);

    row->at = find == NULL ? 0 : (size_t)find->at;
    row->len = find == NULL ? 0 : (size_t)find->len;
    row->line = find == NULL ? 1 : find->line;
    row->column = find == NULL ? 1 : find->column;
}

static void
locate_rows(struct table *table, const struct dv_rule_hit *hits,
            const struct dv_ruleset *set,
            const struct dv_findings_target *target)
{
    for (size_t i = 0; i < table->count; i++) {
        struct row *row = &table->rows[i];

        row->hit = &hits[i];
        row->rule = dv_ruleset_rule_at(set, hits[i].rule);
        row->at = row->hit->at;
        row->len = row->hit->len;
        if (target->native != NULL)
            locate_find(row, target);
        else
            dv_artifacts_locate(target->tree, row->hit->artifact, &row->at,
                                &row->len);
    }
    if (table->count > 1)
        qsort(table->rows, table->count, sizeof(*table->rows), compare_rows);
}

/* Rows are sorted by place, so one pass over the text counts all lines. */
static void
count_lines(struct table *table, struct dv_span text)
{
    uint64_t line = 1;
    size_t line_start = 0;
    size_t at = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct row *row = &table->rows[i];
        const size_t end = row->at < text.len ? row->at : text.len;

        while (at < end) {
            const struct dv_span rest = dv_span_slice(text, at, end - at);
            const size_t n = dv_span_find_byte(rest, '\n');

            at += n;
            if (n < rest.len) {
                at++;
                line++;
                line_start = at;
            }
        }
        row->line = line;
        row->column = end - line_start + 1;
    }
}

static void
weigh_rows(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct dv_rule *rule = table->rows[i].rule;

        table->weights[i] = (struct dv_weight){
            .rule = rule->info.id,
            .layer = rule->info.layer,
            .family = rule->info.family,
            .confidence = (davy_confidence)rule->confidence,
            .points = rule->info.score,
        };
    }
}

static size_t
source_offset(const struct dv_findings_origin *origin, size_t at)
{
    if (origin->charset == NULL)
        return at;
    return dv_charset_source_offset(origin->raw, origin->charset, at);
}

/* What a person should see: the line of a list that matched, the code itself,
 * or, where the code is coded, what it says. */
static const char *
evidence_of(struct dv_arena *arena, const struct row *row,
            const struct dv_findings_target *target)
{
    const struct dv_rule_hit *hit = row->hit;
    const struct dv_artifact *artifact = dv_artifacts_at(target->tree,
                                                         hit->artifact);
    const struct dv_native_find *find = target->native == NULL
                                            ? NULL : find_of(target, hit);

    if (find != NULL) {
        const size_t at = find->focus > SHOWN_BEFORE
                              ? find->focus - SHOWN_BEFORE : 0;

        return dv_report_excerpt(arena, find->text, at, find->text.len - at);
    }

    if (hit->list_line.len != 0 && hit->len == 0)
        return dv_report_excerpt(arena, hit->list_line, 0,
                                 hit->list_line.len);
    if (hit->len == 0)
        return dv_report_excerpt(arena, hit->text, 0, hit->text.len);
    return dv_report_excerpt(arena, artifact->bytes, hit->at, hit->len);
}

/* ---- Cuts ---- */

/* Places in text of a variable shift, or of units of two bytes, are no places
 * at which bytes can be left out. */
static bool
is_editable(const struct dv_findings_origin *origin)
{
    enum dv_encoding_kind kind;

    if (origin->charset == NULL)
        return origin->is_plain;
    kind = dv_encoding_kind(origin->charset->encoding);
    return origin->is_plain
           && (kind == DV_ENCODING_UTF8 || kind == DV_ENCODING_TABLE
               || kind == DV_ENCODING_DOUBLE);
}

/* Give `cut` its place in the target's own bytes. */
static void
map_cut(const struct dv_findings_origin *origin, const struct dv_cut *cut,
        struct dv_report_cut *mapped)
{
    mapped->kind = cut->kind;
    mapped->offset = source_offset(origin, cut->at);
    mapped->length = source_offset(origin, cut->at + cut->len)
                     - mapped->offset;
    if (cut->kind == DAVY_CUT_TARGET) {
        mapped->offset = 0;
        mapped->length = origin->raw.len;
    }
}

/* Find and remember what must go with `rule` at `at`..`at`+`len`; `first` (may
 * be NULL) gets the cut, too.  Rules that excuse cut nothing. */
static davy_status
write_cut(struct davy_report *report, const struct dv_rule *rule, size_t at,
          size_t len, const struct dv_findings_target *target,
          struct dv_report_cut *first)
{
    const struct dv_findings_origin *origin = &target->origin;
    struct dv_report_cut mapped = {
        .severity = (uint8_t)dv_report_severity(rule->info.severity)
    };
    struct dv_cut cuts[2];
    davy_status st = DAVY_OK;

    if (rule->info.score <= 0)
        return DAVY_OK;
    st = dv_cuts_find(target->cuts, origin->text, at, len, &cuts[0],
                      &cuts[1]);
    for (int i = 0; i < 2 && st == DAVY_OK; i++) {
        if (cuts[i].kind == DAVY_CUT_NONE)
            break;
        map_cut(origin, &cuts[i], &mapped);
        if (i == 0 && first != NULL)
            *first = mapped;
        st = dv_report_add_cut(report, &mapped);
    }
    return st;
}

/* How many of `count` cuts are mapped: converting back costs a pass over the
 * page each, so there are few where that is needed. */
static size_t
affordable(const struct dv_findings_target *target, size_t count)
{
    return target->origin.charset != NULL && count > MAX_CONVERTED
               ? MAX_CONVERTED : count;
}

/* Cuts are for all hits, also those that the report has no room for. */
static davy_status
write_cuts(struct davy_report *report, struct table *table,
           const struct dv_findings_target *target)
{
    const size_t count = affordable(target, table->count);
    davy_status st = DAVY_OK;

    for (size_t i = 0; i < count && st == DAVY_OK; i++) {
        struct row *row = &table->rows[i];

        st = write_cut(report, row->rule, row->at, row->len, target,
                       &row->cut);
    }
    return st;
}

/* Places that a rule would have hit, too. */
static davy_status
write_echoes(struct davy_report *report, const struct dv_rule_eval *eval,
             const struct dv_ruleset *set,
             const struct dv_findings_target *target)
{
    size_t count;
    const struct dv_rule_echo *echoes = dv_rule_eval_echoes(eval, &count);
    davy_status st = DAVY_OK;

    count = affordable(target, count);
    for (size_t i = 0; i < count && st == DAVY_OK; i++)
        st = write_cut(report, dv_ruleset_rule_at(set, echoes[i].rule),
                       echoes[i].at, echoes[i].len, target, NULL);
    return st;
}

/* ---- Findings ---- */

static davy_status
write_finding(struct davy_report *report, const struct row *row, int added,
              const struct dv_findings_target *target, struct dv_mem *mem)
{
    const struct dv_findings_origin *origin = &target->origin;
    const struct dv_artifacts *tree = target->tree;
    const davy_rule_info *info = &row->rule->info;
    struct dv_arena *arena = &report->arena;
    const size_t offset = source_offset(origin, row->at);
    struct dv_buf path;
    davy_finding finding;
    davy_status st;

    dv_buf_init(&path, mem, MAX_PATH);
    st = dv_artifacts_write_path(tree, row->hit->artifact, &path);
    if (st == DAVY_LIMIT)
        st = DAVY_OK;                   /* a path that long is cut */
    finding = (davy_finding){
        .rule = info->id,
        .title = info->title,
        .severity = info->severity,
        .confidence = info->confidence,
        .family = info->family,
        .layer = info->layer,
        .path = dv_report_copy_text(arena, dv_buf_span(&path)),
        .offset = offset,
        .length = source_offset(origin, row->at + row->len) - offset,
        .line = row->line,
        .column = row->column,
        .evidence = evidence_of(arena, row, target),
        .fix = info->fix,
        .score = added,
        .cut_offset = row->cut.offset,
        .cut_length = row->cut.length,
        .cut_kind = row->cut.kind,
    };
    if (st == DAVY_OK && (finding.path == NULL || finding.evidence == NULL))
        st = DAVY_NO_MEMORY;
    if (st == DAVY_OK)
        st = dv_report_add_finding(report, &finding);
    dv_buf_fini(&path);
    return st;
}

static davy_status
write_judgement(struct davy_report *report, struct dv_judgement *judgement)
{
    davy_status st = DAVY_OK;

    report->verdict = judgement->verdict;
    report->score = judgement->score;
    for (size_t i = 0; i < judgement->families.len && st == DAVY_OK; i++) {
        const struct dv_family_weight *family
            = dv_vec_at(&judgement->families, i);

        if (family->points > 0)
            st = dv_report_add_family(report, family->name);
    }
    return st;
}

static davy_status
write_rows(struct davy_report *report, const struct table *table,
           const struct dv_findings_target *target, struct dv_mem *mem)
{
    davy_status st = DAVY_OK;

    for (size_t i = 0; i < table->count && st == DAVY_OK; i++)
        st = write_finding(report, &table->rows[i], table->weights[i].added,
                           target, mem);
    return st;
}

davy_status
dv_findings_write(struct davy_report *report, const struct dv_rule_eval *eval,
                  const struct dv_ruleset *set,
                  const struct dv_findings_target *target,
                  struct dv_mem *mem)
{
    struct table table = { NULL, NULL, 0 };
    const struct dv_rule_hit *hits = dv_rule_eval_hits(eval, &table.count);
    struct dv_judgement judgement;
    davy_status st = DAVY_NO_MEMORY;

    dv_verdict_init(&judgement, mem);
    table.rows = dv_mem_calloc(mem, table.count, sizeof(*table.rows));
    table.weights = dv_mem_calloc(mem, table.count, sizeof(*table.weights));
    if (table.rows == NULL || table.weights == NULL)
        goto done;
    locate_rows(&table, hits, set, target);
    if (target->native == NULL)
        count_lines(&table, target->origin.text);
    weigh_rows(&table);
    st = dv_verdict_weigh(&judgement, table.weights, table.count);
    if (st == DAVY_OK)
        st = write_judgement(report, &judgement);
    if (st == DAVY_OK && target->native == NULL)
        st = write_cuts(report, &table, target);
    if (st == DAVY_OK && target->native == NULL)
        st = write_echoes(report, eval, set, target);
    if (st == DAVY_OK)
        st = write_rows(report, &table, target, mem);
    report->is_editable = is_editable(&target->origin);
    report->text_bytes = target->origin.raw.len;
    dv_report_sort(report);
done:
    dv_mem_free(mem, table.rows, table.count * sizeof(*table.rows));
    dv_mem_free(mem, table.weights, table.count * sizeof(*table.weights));
    dv_verdict_fini(&judgement);
    return st;
}

/* SPDX-License-Identifier: MIT */
/* inspect.c - keeps scanners for the next bodies. */

#include "proxy/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "proxy/bytes.h"

/* Scanners that wait for work. */
#define MAX_SPARE 8

/* Steps of evaluation for one page, a quarter of a second: as long as one may
 * keep the others of its worker waiting. */
#define MAX_EVAL_STEPS 20000000

struct inspector {
    davy_slot *slot;
    davy_ruleset *ruleset;
    davy_limits limits;
    davy_scanner *spare[MAX_SPARE];
    size_t spares;
    davy_scanner *addresses;            /* never used for bodies */
};

struct inspection {
    struct inspector *inspector;
    davy_ruleset *ruleset;              /* the scanner's, to compare */
    davy_scanner *scanner;
    const davy_report *report;          /* once it is finished */
};

static davy_scanner *
new_scanner(struct inspector *inspector)
{
    const davy_scanner_options options = {
        .struct_size = sizeof(options),
        .limits = &inspector->limits,
    };
    davy_scanner *scanner = NULL;

    if (davy_scanner_new(inspector->ruleset, &options, &scanner) != DAVY_OK)
        fatal("no memory for a scanner");
    return scanner;
}

static void
drop_scanners(struct inspector *inspector)
{
    while (inspector->spares > 0)
        davy_scanner_free(inspector->spare[--inspector->spares]);
    davy_scanner_free(inspector->addresses);
    inspector->addresses = NULL;
}

struct inspector *
inspector_new(davy_slot *slot, size_t judge_bytes)
{
    struct inspector *inspector = fatal_alloc(sizeof(*inspector));

    inspector->slot = slot;
    inspector->limits.struct_size = sizeof(inspector->limits);
    inspector->limits.eval_steps = MAX_EVAL_STEPS;
    inspector->limits.bytes = judge_bytes;
    inspector_reload(inspector);
    return inspector;
}

void
inspector_free(struct inspector *inspector)
{
    if (inspector == NULL)
        return;
    drop_scanners(inspector);
    davy_ruleset_unref(inspector->ruleset);
    free(inspector);
}

void
inspector_reload(struct inspector *inspector)
{
    davy_ruleset *fresh = davy_slot_get(inspector->slot);

    if (fresh == inspector->ruleset) {
        davy_ruleset_unref(fresh);
        return;
    }
    drop_scanners(inspector);
    davy_ruleset_unref(inspector->ruleset);
    inspector->ruleset = fresh;
    inspector->addresses = new_scanner(inspector);
}

/* ---- What is judged ---- */

struct inspect_use
inspect_use(const struct http_head *request)
{
    static const struct {
        const char *destination;
        struct inspect_use use;
    } rows[] = {
#define FETCH_DEST_ROW(destination, KIND, is_code) \
    { destination, { DAVY_KIND_##KIND, is_code } },
#include "proxy/fetch_dest.def"
#undef FETCH_DEST_ROW
    };
    const struct http_field *field = http_head_find(request,
                                                    HTTP_SEC_FETCH_DEST);
    const struct inspect_use worker = { DAVY_KIND_SERVICE_WORKER, true };
    const struct inspect_use unknown = { DAVY_KIND_ANY, false };

    if (http_head_find(request, HTTP_SERVICE_WORKER) != NULL)
        return worker;
    for (size_t i = 0; field != NULL && i < sizeof(rows) / sizeof(rows[0]);
         i++) {
        if (http_text_equal_nocase(field->value, rows[i].destination))
            return rows[i].use;
    }
    return unknown;
}

bool
inspect_is_judged(struct inspect_use use, struct http_text type)
{
    static const char *const types[] = {
#define JUDGED_TYPE_ROW(type) type,
#include "proxy/judged_type.def"
#undef JUDGED_TYPE_ROW
    };
    const char *semicolon = type.length == 0 ? NULL
                                             : memchr(type.at, ';',
                                                      type.length);

    if (semicolon != NULL)
        type.length = (size_t)(semicolon - type.at);
    type = http_trim(type);
    if (use.is_code || type.length == 0
        || memchr(type.at, '/', type.length) == NULL)
        return true;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (http_text_equal_nocase(type, types[i]))
            return true;
    }
    return false;
}

bool
inspect_is_coding(struct http_text coding)
{
    static const char *const codings[] = { "gzip", "x-gzip", "deflate", "br",
                                           "zstd", "identity" };

    for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++) {
        if (http_text_equal_nocase(coding, codings[i]))
            return true;
    }
    return false;
}

/* ---- Judging ---- */

static davy_target
davy_target_of(const struct inspect_target *target)
{
    return (davy_target){
        .struct_size = sizeof(davy_target),
        .address = target->address,
        .document = target->document,
        .content_type = target->content_type,
        .content_encoding = target->content_encoding,
        .kind = target->kind,
    };
}

bool
inspect_is_download(const struct inspect_target *target, const void *bytes,
                    size_t length)
{
    const davy_target t = davy_target_of(target);

    return davy_sniff_native(&t, bytes, length) != 0;
}

const davy_report *
inspect_address(struct inspector *inspector,
                const struct inspect_target *target)
{
    const davy_target t = davy_target_of(target);
    const davy_report *report = NULL;

    if (davy_scan_address(inspector->addresses, &t, &report) != DAVY_OK)
        return NULL;
    return report;
}

bool
inspect_is_miner(const davy_report *report)
{
    return report != NULL
           && davy_report_verdict(report) == DAVY_VERDICT_MINER;
}

struct inspection *
inspection_new(struct inspector *inspector,
               const struct inspect_target *target)
{
    struct inspection *inspection = fatal_alloc(sizeof(*inspection));
    const davy_target t = davy_target_of(target);

    inspection->inspector = inspector;
    inspection->ruleset = inspector->ruleset;
    inspection->scanner = inspector->spares > 0
                              ? inspector->spare[--inspector->spares]
                              : new_scanner(inspector);
    if (davy_scanner_begin(inspection->scanner, &t) != DAVY_OK)
        fatal("no memory for a scan");
    return inspection;
}

void
inspection_feed(struct inspection *inspection, const void *bytes,
                size_t length)
{
    (void)davy_scanner_feed(inspection->scanner, bytes, length);
}

davy_verdict
inspection_verdict(const struct inspection *inspection)
{
    return davy_scanner_verdict(inspection->scanner);
}

const davy_report *
inspection_finish(struct inspection *inspection)
{
    const davy_report *report = NULL;

    if (davy_scanner_finish(inspection->scanner, &report) != DAVY_OK)
        return NULL;
    inspection->report = report;
    return report;
}

static int
append(void *ctx, const char *bytes, size_t length)
{
    bytes_append(ctx, bytes, length);
    return 0;
}

bool
inspection_rewrite(struct inspection *inspection,
                   const struct inspect_target *target, const void *bytes,
                   size_t length, struct bytes *out)
{
    const davy_rewrite_options options = { .struct_size = sizeof(options) };
    const davy_target t = davy_target_of(target);
    davy_scanner *checker = new_scanner(inspection->inspector);
    const davy_status st = davy_rewrite_checked(
        inspection->report, bytes, length, &options, checker, &t, append,
        out);

    davy_scanner_free(checker);
    return st == DAVY_OK;
}

bool
inspect_standin(const struct inspector *inspector, const char *family,
                davy_kind kind, const void **bytes, size_t *length)
{
    return davy_ruleset_standin(inspector->ruleset, family, kind, bytes,
                                length)
           == DAVY_OK;
}

void
inspection_free(struct inspection *inspection)
{
    struct inspector *inspector;

    if (inspection == NULL)
        return;
    inspector = inspection->inspector;
    if (inspection->ruleset == inspector->ruleset
        && inspector->spares < MAX_SPARE) {
        davy_scanner_reset(inspection->scanner);
        inspector->spare[inspector->spares++] = inspection->scanner;
    } else {
        davy_scanner_free(inspection->scanner);
    }
    free(inspection);
}

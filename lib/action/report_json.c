/* SPDX-License-Identifier: MIT */
/* report_json.c - writes RFC 8259 text straight into a sink.
 *
 * There is no tree in between: nothing is allocated, so that a report can be
 * written when memory is short.  Strings that are no valid UTF-8 (file names)
 * have each bad byte replaced by U+FFFD. */

#include "action/report_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"

struct writer {
    davy_sink sink;
    void *ctx;
    bool has_failed;
};

static void
put(struct writer *w, const char *bytes, size_t len)
{
    if (!w->has_failed && len != 0 && w->sink(w->ctx, bytes, len) != 0)
        w->has_failed = true;
}

static void
put_text(struct writer *w, const char *text)
{
    put(w, text, strlen(text));
}

static void
put_number(struct writer *w, uint64_t number)
{
    char digits[24];
    const int n = snprintf(digits, sizeof(digits), "%" PRIu64, number);

    put(w, digits, (size_t)n);
}

/* How a byte below 0x80 must be written, or NULL when it stands for itself. */
static const char *
escape_of(uint8_t c, char room[8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        if (c >= 0x20 && c != 0x7f)
            return NULL;
        snprintf(room, 8, "\\u%04x", (unsigned)c);
        return room;
    }
}

static void
put_string(struct writer *w, const char *text)
{
    struct dv_span rest = dv_span_cstr(text);

    put_text(w, "\"");
    while (rest.len > 0) {
        char room[8];
        uint32_t c;
        size_t taken;
        const bool is_valid = dv_utf8_read_strict(rest, &c, &taken);
        const char *escape = c < 0x80 ? escape_of((uint8_t)c, room) : NULL;

        if (!is_valid)
            put_text(w, "\\ufffd");
        else if (escape != NULL)
            put_text(w, escape);
        else
            put(w, (const char *)rest.at, taken);
        dv_span_skip(&rest, taken);
    }
    put_text(w, "\"");
}

static void
put_key(struct writer *w, const char *key)
{
    put_text(w, ",\"");
    put_text(w, key);
    put_text(w, "\":");
}

static void
put_string_member(struct writer *w, const char *key, const char *text)
{
    put_key(w, key);
    put_string(w, text);
}

static void
put_number_member(struct writer *w, const char *key, uint64_t number)
{
    put_key(w, key);
    put_number(w, number);
}

static void
put_strings(struct writer *w, const struct dv_vec *strings)
{
    put_text(w, "[");
    for (size_t i = 0; i < strings->len; i++) {
        const char *const *text = dv_vec_at(strings, i);

        if (i != 0)
            put_text(w, ",");
        put_string(w, *text);
    }
    put_text(w, "]");
}

static void
put_finding(struct writer *w, const davy_finding *f)
{
    put_text(w, "{\"rule\":");
    put_string(w, f->rule);
    put_string_member(w, "title", f->title);
    put_string_member(w, "severity", f->severity);
    put_string_member(w, "confidence", f->confidence);
    put_string_member(w, "family", f->family);
    put_string_member(w, "path", f->path);
    put_number_member(w, "offset", f->offset);
    put_number_member(w, "length", f->length);
    put_number_member(w, "line", f->line);
    put_number_member(w, "column", f->column);
    put_string_member(w, "evidence", f->evidence);
    put_string_member(w, "fix", f->fix);
    put_text(w, "}");
}

davy_status
dv_report_json_write(const struct davy_report *report,
                     const davy_json_options *options, davy_sink sink,
                     void *ctx)
{
    const int least = options->severity == NULL
                          ? -1 : dv_report_severity(options->severity);
    struct writer w = { sink, ctx, false };
    bool is_first = true;

    if (options->severity != NULL && least < 0)
        return DAVY_MISUSE;
    put_text(&w, "{\"schema\":1");
    put_string_member(&w, "target", options->target);
    put_string_member(&w, "type", report->type);
    put_string_member(&w, "sha256", report->sha256);
    put_string_member(&w, "verdict", davy_verdict_text(report->verdict));
    put_number_member(&w, "score", (uint64_t)report->score);
    put_key(&w, "families");
    put_strings(&w, &report->families);
    put_key(&w, "findings");
    put_text(&w, "[");
    for (size_t i = 0; i < report->findings.len; i++) {
        const davy_finding *finding = dv_vec_at(&report->findings, i);

        if (dv_report_severity(finding->severity) < least)
            continue;
        if (!is_first)
            put_text(&w, ",");
        is_first = false;
        put_finding(&w, finding);
    }
    put_text(&w, "]");
    put_key(&w, "limits");
    put_strings(&w, &report->limits);
    put_number_member(&w, "bytes", report->bytes);
    put_number_member(&w, "micros", options->micros);
    put_text(&w, "}");
    return w.has_failed ? DAVY_IO : DAVY_OK;
}

davy_status
dv_report_json_write_error(const char *target, const char *error,
                           davy_sink sink, void *ctx)
{
    struct writer w = { sink, ctx, false };

    put_text(&w, "{\"schema\":1");
    put_string_member(&w, "target", target);
    put_string_member(&w, "error", error);
    put_text(&w, "}");
    return w.has_failed ? DAVY_IO : DAVY_OK;
}

/* SPDX-License-Identifier: MIT */
/* scanner.c - collects a target's bytes, then judges them as a whole; or lets
 * programs and archives stream by (docs/adr/0009).
 *
 * Of pages and scripts nothing is parsed before the last byte is there: that is
 * why any chunking of the same bytes gives the same report (docs/adr/0001). */

#include "scan/scanner.h"

#include "decode/decode_chain.h"
#include "decode/decode_mime.h"
#include "scan/dump.h"
#include "scan/findings.h"
#include "scan/limit.h"

/* The opaque type of davy.h is this one. */
static const struct dv_ruleset *
ruleset_of(const davy_scanner *s)
{
    return (const struct dv_ruleset *)s->ruleset;
}

davy_status
dv_scanner_new(davy_ruleset *ruleset, const davy_scanner_options *options,
               davy_scanner **scanner)
{
    struct dv_mem mem;
    davy_limits limits;
    davy_scanner *s;
    davy_status st;

    dv_limit_fill(&limits, options == NULL ? NULL : options->limits);
    dv_mem_init(&mem, options == NULL ? NULL : options->allocator,
                limits.memory);
    s = dv_mem_calloc(&mem, 1, sizeof(*s));
    if (s == NULL)
        return DAVY_NO_MEMORY;
    s->mem = mem;
    s->limits = limits;
    s->flags = options == NULL ? 0 : options->flags;
    dv_arena_init(&s->target_arena, &s->mem);
    dv_buf_init(&s->input, &s->mem, limits.bytes);
    for (int i = 0; i < 2; i++)
        dv_buf_init(&s->decoded[i], &s->mem, limits.decoded_bytes);
    dv_buf_init(&s->converted, &s->mem, limits.decoded_bytes);
    dv_report_init(&s->report, &s->mem, limits.findings);
    s->ruleset = davy_ruleset_ref(ruleset);
    dv_sha256_begin(&s->sha);
    dv_download_init(&s->download, &s->mem, ruleset_of(s), &s->limits,
                     &s->look, &s->report);
    st = dv_look_init(&s->look, &s->mem, ruleset_of(s), &s->limits, s->flags,
                      &s->report);
    if (st != DAVY_OK) {
        dv_scanner_free(s);
        return st;
    }
    *scanner = s;
    return DAVY_OK;
}

void
dv_scanner_free(davy_scanner *s)
{
    struct dv_mem mem;

    if (s == NULL)
        return;
    dv_download_fini(&s->download);
    dv_look_fini(&s->look);
    dv_report_fini(&s->report);
    dv_buf_fini(&s->converted);
    for (int i = 0; i < 2; i++)
        dv_buf_fini(&s->decoded[i]);
    dv_buf_fini(&s->input);
    dv_arena_fini(&s->target_arena);
    davy_ruleset_unref(s->ruleset);
    mem = s->mem;
    dv_mem_free(&mem, s, sizeof(*s));
}

void
dv_scanner_reset(davy_scanner *s)
{
    s->state = DV_SCANNER_IDLE;
    s->way = DV_SCANNER_UNDECIDED;
    dv_report_clear(&s->report);
    dv_buf_clear(&s->input);
    dv_arena_reset(&s->target_arena);
    memset(&s->target, 0, sizeof(s->target));
    s->bytes = 0;
}

static bool
copy_text(davy_scanner *s, const char *text, struct dv_span *copy)
{
    return text == NULL
           || dv_arena_copy(&s->target_arena, dv_span_cstr(text), copy);
}

static davy_status
copy_target(davy_scanner *s, const davy_target *target)
{
    struct dv_scanner_target *t = &s->target;

    if (target == NULL)
        return DAVY_OK;
    t->kind = target->kind;
    if (!copy_text(s, target->address, &t->address)
        || !copy_text(s, target->document, &t->document)
        || !copy_text(s, target->name, &t->name)
        || !copy_text(s, target->content_type, &t->content_type)
        || !copy_text(s, target->content_encoding, &t->content_encoding))
        return DAVY_NO_MEMORY;
    return DAVY_OK;
}

davy_status
dv_scanner_begin(davy_scanner *s, const davy_target *target)
{
    davy_status st;

    dv_scanner_reset(s);
    st = copy_target(s, target);
    if (st != DAVY_OK)
        return st;
    dv_sha256_again(&s->sha);
    s->state = DV_SCANNER_FEEDING;
    return DAVY_OK;
}

/* ---- From bytes to text ---- */

static davy_status
note_limit(davy_scanner *s, const char *text)
{
    return dv_report_add_limit(&s->report, text);
}

static davy_status
undo_codings(davy_scanner *s, struct dv_span *bytes)
{
    const struct dv_chain_input in = {
        .bytes = dv_buf_span(&s->input),
        .header = s->target.content_encoding,
        .is_sniffed = true,
        .max_depth = s->limits.decode_depth,
        .bounds = { s->limits.decoded_bytes, s->limits.decode_ratio },
    };
    struct dv_chain_output out;
    const davy_status st = dv_decode_chain(&in, &s->decoded[0],
                                           &s->decoded[1], &out);

    if (st == DAVY_NO_MEMORY)
        return st;
    *bytes = out.bytes;
    if (st == DAVY_DECLINED)
        return note_limit(s, "unknown content coding");
    if (st == DAVY_MALFORMED)
        return note_limit(s, "broken content coding");
    if (st == DAVY_LIMIT)
        return note_limit(s, out.depth >= s->limits.decode_depth
                                 ? dv_limit_text(DV_LIMIT_decode_depth)
                                 : dv_limit_text(DV_LIMIT_decode_ratio));
    return DAVY_OK;
}

/* Scripts take their encoding from outside, pages may declare it inside. */
static enum dv_charset_use
use_of(const struct dv_sniff_hint *hint)
{
    if (hint->kind == DAVY_KIND_MODULE || hint->kind == DAVY_KIND_WORKER
        || hint->kind == DAVY_KIND_SERVICE_WORKER)
        return DV_CHARSET_UTF8;
    if (hint->kind == DAVY_KIND_SCRIPT
        || dv_sniff_is_script_essence(hint->essence))
        return DV_CHARSET_SCRIPT;
    return DV_CHARSET_PAGE;
}

/* Make UTF-8 of text; what is no text stays as it is. */
static davy_status
convert(davy_scanner *s, const struct dv_mime *mime,
        const struct dv_sniff_hint *hint, struct dv_charset *charset,
        struct dv_findings_origin *origin)
{
    const struct dv_charset_hint known = {
        .use = use_of(hint),
        .label = dv_span_cstr(mime->charset),
    };
    const enum dv_sniff_type type = dv_sniff(origin->raw, hint);
    davy_status st;

    origin->text = origin->raw;
    if (type == DV_SNIFF_WASM || type == DV_SNIFF_BINARY)
        return DAVY_OK;
    dv_charset_find(origin->raw, &known, charset);
    st = dv_charset_to_utf8(origin->raw, charset, &s->converted,
                            &origin->text);
    if (st == DAVY_LIMIT)
        return note_limit(s, dv_limit_text(DV_LIMIT_decoded_bytes));
    if (st == DAVY_DECLINED)
        return note_limit(s, "character set this system cannot convert");
    if (origin->text.at != origin->raw.at)
        origin->charset = charset;
    return st;
}

static struct dv_span
last_segment(struct dv_span path)
{
    size_t i;

    for (i = 0; i < path.len; i++) {
        if (path.at[i] == '?' || path.at[i] == '#')
            break;
    }
    path.len = i;
    while (i > 0 && path.at[i - 1] != '/')
        i--;
    return dv_span_slice(path, i, path.len - i);
}

/* What the target is called in paths of findings. */
static const char *
label_of(davy_scanner *s)
{
    struct dv_span name = last_segment(s->target.name);

    if (name.len == 0)
        name = last_segment(s->target.address);
    if (name.len == 0)
        name = DV_SPAN_LIT("page");
    return dv_report_excerpt(&s->target_arena, name, 0, name.len);
}

static davy_status
prepare(davy_scanner *s, struct dv_mime *mime, struct dv_look_target *target)
{
    struct dv_span name = last_segment(s->target.name);

    /* A malformed type is none: both texts are empty then. */
    (void)!dv_mime_parse(s->target.content_type, mime);
    if (name.len == 0)
        name = last_segment(s->target.address);
    *target = (struct dv_look_target){
        .hint = { dv_span_cstr(mime->essence), name, s->target.kind },
        .address = s->target.address,
        .document = s->target.document,
        .label = label_of(s),
    };
    return target->label == NULL ? DAVY_NO_MEMORY : DAVY_OK;
}

/* ---- Downloads ---- */

/* gzip is looked into by its own first bytes; other codings are opaque. */
static bool
is_readable(struct dv_span coding)
{
    coding = dv_span_trim(coding);
    return coding.len == 0
           || dv_span_equal_nocase(coding, DV_SPAN_LIT("identity"))
           || dv_span_equal_nocase(coding, DV_SPAN_LIT("gzip"))
           || dv_span_equal_nocase(coding, DV_SPAN_LIT("x-gzip"));
}

/* The first bytes are there, or all there are: which way to go on. */
static davy_status
decide(davy_scanner *s)
{
    struct dv_look_target target;
    struct dv_mime mime;
    bool is_download = false;
    davy_status st = prepare(s, &mime, &target);

    if (st == DAVY_OK && is_readable(s->target.content_encoding)
        && !dv_sniff_is_declared(&target.hint))
        st = dv_download_is(&s->mem, dv_buf_span(&s->input),
                            target.hint.name, &is_download);
    if (st != DAVY_OK)
        return st;
    s->way = DV_SCANNER_COLLECT;
    if (!is_download)
        return DAVY_OK;
    s->way = DV_SCANNER_STREAM;
    st = dv_download_begin(&s->download, &target);
    if (st == DAVY_OK)
        st = dv_download_feed(&s->download, dv_buf_span(&s->input));
    dv_buf_clear(&s->input);
    return st;
}

/* Collect the first bytes from the front of `bytes`. */
static davy_status
feed_head(davy_scanner *s, struct dv_span *bytes)
{
    size_t wanted = DV_DOWNLOAD_HEAD;
    struct dv_span piece;
    davy_status st;

    if (wanted > s->limits.bytes)
        wanted = s->limits.bytes;
    piece = dv_span_slice(*bytes, 0, wanted - s->input.len);
    st = dv_buf_append(&s->input, piece);
    if (st == DAVY_OK && s->input.len == wanted)
        st = decide(s);
    if (piece.len > 0)
        dv_span_skip(bytes, piece.len);
    return st;
}

davy_status
dv_scanner_feed(davy_scanner *s, struct dv_span bytes)
{
    davy_status st = DAVY_OK;
    size_t room;

    s->bytes += bytes.len;
    dv_sha256_feed(&s->sha, bytes);
    if (s->way == DV_SCANNER_UNDECIDED)
        st = feed_head(s, &bytes);
    if (st != DAVY_OK || bytes.len == 0)
        return st;
    if (s->way == DV_SCANNER_STREAM)
        return dv_download_feed(&s->download, bytes);
    room = s->limits.bytes - s->input.len;
    st = dv_buf_append(&s->input, dv_span_slice(bytes, 0, room));
    if (st == DAVY_OK && bytes.len > room)
        st = DAVY_LIMIT;
    return st;
}

davy_verdict
dv_scanner_verdict(const davy_scanner *s)
{
    return s->report.verdict;
}

davy_status
dv_scanner_sniff(const davy_target *target, struct dv_span head,
                 bool *is_download)
{
    const char *type = target == NULL ? NULL : target->content_type;
    const char *coding = target == NULL ? NULL : target->content_encoding;
    struct dv_sniff_hint hint = { .kind = DAVY_KIND_ANY };
    struct dv_mime mime;
    struct dv_mem mem;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    (void)!dv_mime_parse(dv_span_cstr(type == NULL ? "" : type), &mime);
    hint.essence = dv_span_cstr(mime.essence);
    if (target != NULL) {
        hint.kind = target->kind;
        hint.name = last_segment(dv_span_cstr(
            target->name != NULL      ? target->name
            : target->address != NULL ? target->address : ""));
    }
    *is_download = false;
    if (!is_readable(dv_span_cstr(coding == NULL ? "" : coding))
        || dv_sniff_is_declared(&hint))
        return DAVY_OK;
    return dv_download_is(&mem, head, hint.name, is_download);
}

/* ---- Judging ---- */

static void
write_digest(davy_scanner *s)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[DV_SHA256_SIZE];

    dv_sha256_finish(&s->sha, digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        s->report.sha256[2 * i] = digits[digest[i] >> 4];
        s->report.sha256[2 * i + 1] = digits[digest[i] & 15];
    }
    s->report.sha256[2 * sizeof(digest)] = '\0';
}

static davy_status
judge_as_page(davy_scanner *s, const struct dv_mime *mime,
              const struct dv_look_target *target,
              struct dv_findings_origin origin)
{
    struct dv_findings_target found = { &s->look.tree, &s->look.cuts, origin,
                                        NULL };
    struct dv_charset charset;
    davy_status st = convert(s, mime, &target->hint, &charset, &found.origin);

    if (st == DAVY_OK)
        st = dv_look_run(&s->look, found.origin.text, target);
    if (st == DAVY_OK)
        st = dv_findings_write(&s->report, s->look.eval, ruleset_of(s),
                               &found, &s->mem);
    if (st == DAVY_LIMIT)
        st = note_limit(s, dv_limit_text(DV_LIMIT_findings));
    s->report.type = dv_sniff_type_text(s->look.type);
    return st;
}

static davy_status
judge_as_download(davy_scanner *s, const struct dv_look_target *target,
                  struct dv_span bytes)
{
    davy_status st = dv_download_begin(&s->download, target);

    if (st == DAVY_OK && dv_sniff(bytes, &target->hint) == DV_SNIFF_FILES)
        return dv_download_files(&s->download, bytes);
    if (st == DAVY_OK)
        st = dv_download_feed(&s->download, bytes);
    return st == DAVY_OK ? dv_download_end(&s->download) : st;
}

/* What was declared to be a page, or came in a coding that hides its first
 * bytes, may be a program all the same: who fetches it need not be a browser.
 * So it is judged as both, and the worse verdict counts. */
static davy_status
judge_as_both(davy_scanner *s, const struct dv_mime *mime,
              const struct dv_look_target *target,
              struct dv_findings_origin origin)
{
    davy_status st = judge_as_download(s, target, origin.raw);
    const davy_verdict verdict = s->report.verdict;

    if (st != DAVY_OK || verdict == DAVY_VERDICT_MINER)
        return st;
    dv_report_clear(&s->report);
    st = judge_as_page(s, mime, target, origin);
    if (st != DAVY_OK || s->report.verdict >= verdict)
        return st;
    dv_report_clear(&s->report);
    return judge_as_download(s, target, origin.raw);
}

static davy_status
judge(davy_scanner *s)
{
    struct dv_findings_origin origin = { .charset = NULL };
    struct dv_look_target target;
    struct dv_mime mime;
    bool is_download = false;
    davy_status st = prepare(s, &mime, &target);

    if (st == DAVY_OK)
        st = undo_codings(s, &origin.raw);
    origin.is_plain = origin.raw.at == s->input.at
                      && s->bytes == s->input.len;
    if (st == DAVY_OK)
        st = dv_download_is(&s->mem, origin.raw, target.hint.name,
                            &is_download);
    if (st != DAVY_OK)
        return st;
    if (dv_sniff(origin.raw, &target.hint) == DV_SNIFF_FILES)
        return judge_as_download(s, &target, origin.raw);
    return is_download ? judge_as_both(s, &mime, &target, origin)
                       : judge_as_page(s, &mime, &target, origin);
}

davy_status
dv_scanner_finish(davy_scanner *s, const davy_report **report)
{
    davy_status st = DAVY_OK;

    s->state = DV_SCANNER_DONE;
    if (s->way == DV_SCANNER_UNDECIDED)
        st = decide(s);
    if (st == DAVY_OK)
        st = s->way == DV_SCANNER_STREAM ? dv_download_end(&s->download)
                                         : judge(s);
    if (st == DAVY_OK && s->way == DV_SCANNER_COLLECT
        && s->bytes > s->limits.bytes)
        st = note_limit(s, dv_limit_text(DV_LIMIT_bytes));
    if (st != DAVY_OK)
        return st;
    s->report.bytes = s->bytes;
    write_digest(s);
    *report = &s->report;
    return DAVY_OK;
}

davy_status
dv_scanner_address(davy_scanner *s, const davy_target *wanted,
                   const davy_report **report)
{
    const struct dv_findings_target found = { &s->look.tree, &s->look.cuts,
                                              { .charset = NULL }, NULL };
    struct dv_look_target target;
    struct dv_mime mime;
    davy_status st;

    dv_scanner_reset(s);
    st = copy_target(s, wanted);
    if (st == DAVY_OK)
        st = prepare(s, &mime, &target);
    if (st == DAVY_OK)
        st = dv_look_address(&s->look, &target);
    if (st == DAVY_OK)
        st = dv_findings_write(&s->report, s->look.eval, ruleset_of(s),
                               &found, &s->mem);
    if (st == DAVY_LIMIT)
        st = note_limit(s, dv_limit_text(DV_LIMIT_findings));
    if (st == DAVY_OK)
        *report = &s->report;
    return st;
}

davy_status
dv_scanner_dump(davy_scanner *s, davy_dump what, const davy_target *target,
                struct dv_span bytes, davy_sink sink, void *ctx)
{
    const unsigned flags = s->look.flags;
    const davy_report *report;
    struct dv_dump dump;
    davy_status st = dv_scanner_begin(s, target);

    if (st == DAVY_OK)
        st = dv_scanner_feed(s, bytes);
    if (st != DAVY_OK && st != DAVY_LIMIT)
        return st;
    dv_dump_init(&dump, &s->look, what, sink, ctx);
    s->look.watch = &dump.watch;
    s->look.flags |= DAVY_SCAN_SECOND_LOOK_ONLY;
    st = dv_scanner_finish(s, &report);
    s->look.flags = flags;
    s->look.watch = NULL;
    dv_fact_js_watch(s->look.js, NULL, NULL);
    if (st == DAVY_OK)
        st = dump.status;
    dv_dump_fini(&dump);
    return st;
}

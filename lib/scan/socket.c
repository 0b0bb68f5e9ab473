/* SPDX-License-Identifier: MIT */
/* socket.c - takes the bytes of a connection apart into words, and asks the
 * rules when the words begin to say something.
 *
 * What is kept of a connection is small: a parser for each direction and the
 * different words that were said.  An evaluator is made when there is something
 * to ask, and freed: most connections never need one twice.  When the rules are
 * asked depends on the words alone, so any chunking gives the same report. */

#include "scan/socket.h"

#include "rule/rule_eval.h"
#include "scan/findings.h"
#include "scan/limit.h"

/* Different words at which the rules are asked for the first time; then at
 * twice as many, and so on. */
#define FIRST_WORDS 8

/* Text that may come of nothing: small messages compress well. */
#define GRACE ((size_t)1 << 20)

static const struct dv_ruleset *
ruleset_of(const davy_socket *s)
{
    return (const struct dv_ruleset *)s->ruleset;
}

/* ---- Life ---- */

static bool
copy_text(davy_socket *s, const char *text, struct dv_span *copy)
{
    return text == NULL
           || dv_arena_copy(&s->texts, dv_span_cstr(text), copy);
}

static void
init_side(davy_socket *s, davy_direction from,
          const struct dv_ws_extension *extension)
{
    struct dv_socket_side *side = &s->sides[from];
    const struct dv_ws_growth growth = { s->limits.decode_ratio, GRACE };

    side->socket = s;
    side->from = from;
    dv_ws_frame_init(&side->frame, from == DAVY_FROM_CLIENT,
                     extension->has_deflate);
    dv_ws_inflate_init(&side->inflate, &s->mem, extension->forgets[from],
                       growth);
    dv_words_init(&side->words);
}

static void
init(davy_socket *s, const davy_socket_options *options,
     const struct dv_ws_extension *extension)
{
    s->kind = options->kind;
    s->error = "";
    dv_arena_init(&s->texts, &s->mem);
    dv_frame_log_init(&s->log, &s->mem);
    dv_report_init(&s->report, &s->mem, s->limits.findings);
    init_side(s, DAVY_FROM_CLIENT, extension);
    init_side(s, DAVY_FROM_SERVER, extension);
}

davy_status
dv_socket_new(davy_ruleset *ruleset, const davy_socket_options *options,
              davy_socket **socket)
{
    struct dv_ws_extension extension = { .has_deflate = false };
    struct dv_mem mem;
    davy_limits limits;
    davy_socket *s;

    if (options->extensions != NULL) {
        const davy_status st = dv_ws_extension_read(
            dv_span_cstr(options->extensions), &extension);

        if (st != DAVY_OK)
            return st;
    }
    dv_limit_fill(&limits, options->limits);
    dv_mem_init(&mem, options->allocator, limits.memory);
    s = dv_mem_calloc(&mem, 1, sizeof(*s));
    if (s == NULL)
        return DAVY_NO_MEMORY;
    s->mem = mem;
    s->limits = limits;
    s->ruleset = davy_ruleset_ref(ruleset);
    init(s, options, &extension);
    if (!copy_text(s, options->address, &s->address)
        || !copy_text(s, options->document, &s->document)) {
        dv_socket_free(s);
        return DAVY_NO_MEMORY;
    }
    *socket = s;
    return DAVY_OK;
}

void
dv_socket_free(davy_socket *s)
{
    struct dv_mem mem;

    if (s == NULL)
        return;
    for (int i = 0; i < 2; i++)
        dv_ws_inflate_fini(&s->sides[i].inflate);
    dv_frame_log_fini(&s->log);
    dv_report_fini(&s->report);
    dv_arena_fini(&s->texts);
    davy_ruleset_unref(s->ruleset);
    mem = s->mem;
    dv_mem_free(&mem, s, sizeof(*s));
}

/* ---- Rules ---- */

/* What one question to the rules needs. */
struct asking {
    struct dv_arena arena;
    struct dv_facts facts;
    struct dv_artifacts tree;
    struct dv_cuts cuts;
    struct dv_rule_eval *eval;
};

static void
begin_asking(davy_socket *s, struct asking *a)
{
    *a = (struct asking){ .eval = NULL };
    dv_arena_init(&a->arena, &s->mem);
    dv_facts_init(&a->facts, &s->mem, &a->arena, s->limits.facts);
    dv_artifacts_init(&a->tree, &s->mem, &s->limits);
    dv_cuts_init(&a->cuts, &s->mem);
}

static void
end_asking(struct asking *a)
{
    dv_rule_eval_free(a->eval);
    dv_cuts_fini(&a->cuts);
    dv_artifacts_fini(&a->tree);
    dv_facts_fini(&a->facts);
    dv_arena_fini(&a->arena);
}

static davy_status
parse_known(struct asking *a, struct dv_span text, struct dv_url *url,
            bool *is_known)
{
    const davy_status st = dv_url_parse(url, &a->arena, text, NULL);

    *is_known = text.len > 0 && st == DAVY_OK;
    return st == DAVY_NO_MEMORY ? st : DAVY_OK;
}

static davy_status
ask_facts(davy_socket *s, struct asking *a)
{
    struct dv_url address, document;
    bool has_address, has_document;
    davy_status st = parse_known(a, s->address, &address, &has_address);

    if (st == DAVY_OK)
        st = parse_known(a, s->document, &document, &has_document);
    if (st == DAVY_OK)
        st = dv_rule_eval_new(ruleset_of(s), &s->mem, &s->limits, &a->eval);
    if (st == DAVY_OK)
        st = dv_artifacts_plant(&a->tree, dv_buf_span(&s->log.text),
                                s->kind == DAVY_SOCKET_STREAM ? "stream"
                                                              : "websocket");
    if (st != DAVY_OK)
        return st;
    if (has_address)
        (void)dv_facts_add_to(&a->facts, DV_FACT_URL, DV_FACT_NONE,
                              DAVY_KIND_WEBSOCKET, address.href, 0, 0);
    dv_fact_frame_add(&a->facts, &s->log, true);
    if (a->facts.status != DAVY_OK)
        return a->facts.status;
    dv_rule_eval_begin(a->eval, has_document ? &document : NULL);
    st = dv_rule_eval_artifact(a->eval, &a->facts, 0);
    return st == DAVY_OK ? dv_rule_eval_end(a->eval) : st;
}

/* A finding stands where the frame or line begins that completed it. */
static void
place_findings(davy_socket *s, const struct dv_socket_side *side)
{
    const uint64_t at = s->kind == DAVY_SOCKET_STREAM ? side->line_at
                                                      : side->frame.frame_at;

    for (size_t i = 0; i < s->report.findings.len; i++) {
        davy_finding *finding = dv_vec_at(&s->report.findings, i);

        finding->offset = at;
        finding->length = 0;
        finding->line = 1;
        finding->column = 1;
        finding->cut_offset = 0;
        finding->cut_length = 0;
        finding->cut_kind = DAVY_CUT_NONE;
    }
    dv_vec_clear(&s->report.cuts);
}

static davy_status
ask(struct dv_socket_side *side)
{
    davy_socket *s = side->socket;
    struct asking a;
    davy_status st;

    s->asked_dialects = s->log.stratum.spoken;
    s->asked_words = s->log.words.len;
    s->asked_wallet = s->log.has_wallet;
    if (s->report.verdict == DAVY_VERDICT_MINER)
        return DAVY_OK;                 /* more words change nothing */
    begin_asking(s, &a);
    st = ask_facts(s, &a);
    if (st == DAVY_LIMIT)               /* what was found is valid */
        st = DAVY_OK;
    if (st == DAVY_OK) {
        const struct dv_findings_target found = {
            &a.tree, &a.cuts, { .text = dv_buf_span(&s->log.text) },
            NULL
        };

        dv_report_clear(&s->report);
        st = dv_findings_write(&s->report, a.eval, ruleset_of(s), &found,
                               &s->mem);
        place_findings(s, side);
    }
    end_asking(&a);
    return st == DAVY_LIMIT ? DAVY_OK : st;
}

static void
settle(davy_socket *s, davy_status st)
{
    if (s->status == DAVY_OK)
        s->status = st;
}

/* ---- Words ---- */

static void
on_word(void *ctx, struct dv_span word, bool is_key)
{
    struct dv_socket_side *side = ctx;
    davy_socket *s = side->socket;

    if (s->status != DAVY_OK)
        return;
    dv_frame_log_hear(&s->log, word, is_key, side->from);
    settle(s, s->log.status);
    if (s->log.stratum.spoken != s->asked_dialects && s->status == DAVY_OK)
        settle(s, ask(side));
}

/* A message or a line is complete. */
static void
end_message(struct dv_socket_side *side)
{
    davy_socket *s = side->socket;
    const size_t enough = s->asked_words == 0 ? FIRST_WORDS
                                              : 2 * s->asked_words;

    dv_words_end(&side->words, on_word, side);
    if (s->status == DAVY_OK
        && (s->log.words.len >= enough
            || (s->log.has_wallet && !s->asked_wallet)))
        settle(s, ask(side));
}

static davy_status
on_text(void *ctx, struct dv_span piece)
{
    struct dv_socket_side *side = ctx;

    dv_words_feed(&side->words, piece, on_word, side);
    return side->socket->status;
}

/* ---- Bytes ---- */

/* Lines of text; whatever else it is has few strings. */
static void
feed_stream(struct dv_socket_side *side, struct dv_span bytes)
{
    while (bytes.len > 0) {
        const size_t n = dv_span_find_byte(bytes, '\n');
        const size_t taken = n < bytes.len ? n + 1 : n;

        (void)on_text(side, dv_span_slice(bytes, 0, n));
        if (n < bytes.len)
            end_message(side);
        side->read += taken;
        if (n < bytes.len)
            side->line_at = side->read;
        dv_span_skip(&bytes, taken);
    }
}

/* What the frame parser found. */
static davy_status
take_event(struct dv_socket_side *side, enum dv_ws_event event,
           struct dv_span data)
{
    davy_status st = DAVY_OK;

    if (event == DV_WS_DATA)
        return side->frame.is_compressed
                   ? dv_ws_inflate_feed(&side->inflate, data, on_text, side)
                   : on_text(side, data);
    if (side->frame.is_compressed)
        st = dv_ws_inflate_end(&side->inflate, on_text, side);
    if (st == DAVY_OK)
        end_message(side);
    return st;
}

static void
feed_frames(struct dv_socket_side *side, struct dv_span bytes)
{
    davy_socket *s = side->socket;

    while (s->status == DAVY_OK) {
        enum dv_ws_event event;
        struct dv_span data = { NULL, 0 };
        davy_status st = dv_ws_frame_next(&side->frame, &bytes, &event,
                                          &data);

        if (st == DAVY_MALFORMED)
            s->error = side->frame.error;
        else if (event == DV_WS_NOTHING)
            return;
        else
            st = take_event(side, event, data);
        if (st == DAVY_MALFORMED && s->error[0] == '\0')
            s->error = "message that cannot be inflated";
        if (st == DAVY_LIMIT)
            s->error = "message that grows too much";
        settle(s, st);
    }
}

davy_status
dv_socket_feed(davy_socket *s, davy_direction from, struct dv_span bytes)
{
    s->bytes += bytes.len;
    if (s->status == DAVY_OK && s->kind == DAVY_SOCKET_STREAM)
        feed_stream(&s->sides[from], bytes);
    else if (s->status == DAVY_OK)
        feed_frames(&s->sides[from], bytes);
    s->report.bytes = s->bytes;
    if (s->status == DAVY_LIMIT
        && dv_report_add_limit(&s->report,
                               dv_limit_text(DV_LIMIT_decode_ratio))
               == DAVY_NO_MEMORY)
        return DAVY_NO_MEMORY;
    return s->status;
}

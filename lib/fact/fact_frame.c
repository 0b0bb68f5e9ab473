/* SPDX-License-Identifier: MIT */
/* fact_frame.c - keeps the words of a connection and says them to the rules. */

#include "fact/fact_frame.h"

#include "base/ascii.h"
#include "fact/fact_wallet.h"
#include "frame/words.h"

/* The shortest wallets that pools log in have 95 letters (CryptoNote). */
#define WALLET_BYTES 90

void
dv_frame_log_init(struct dv_frame_log *log, struct dv_mem *mem)
{
    memset(log, 0, sizeof(*log));
    dv_stratum_init(&log->stratum);
    dv_buf_init(&log->text, mem, DV_FRAME_BYTES);
    dv_vec_init(&log->words, mem, sizeof(struct dv_frame_word),
                DV_FRAME_WORDS);
}

void
dv_frame_log_fini(struct dv_frame_log *log)
{
    dv_buf_fini(&log->text);
    dv_vec_fini(&log->words);
}

static const struct dv_frame_word *
word_at(const struct dv_frame_log *log, size_t i)
{
    return dv_vec_at(&log->words, i);
}

static struct dv_span
text_of(const struct dv_frame_log *log, const struct dv_frame_word *word)
{
    return dv_span_slice(dv_buf_span(&log->text), word->at, word->len);
}

/* FNV-1a.  Whoever makes words collide makes each cost 128 looks at most. */
static size_t
slot_of(struct dv_span text)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 16777619u;
    return (hash ^ hash >> 16) % (2 * DV_FRAME_WORDS);
}

/* The slot of the word, or the free one where it would stand. */
static uint8_t *
find(struct dv_frame_log *log, struct dv_span text, bool is_key,
     davy_direction from)
{
    size_t slot = slot_of(text);

    while (log->index[slot] != 0) {
        const struct dv_frame_word *word = word_at(log, log->index[slot] - 1);

        if (word->is_key == is_key && word->from == from
            && dv_span_equal(text_of(log, word), text))
            break;
        slot = (slot + 1) % (2 * DV_FRAME_WORDS);
    }
    return &log->index[slot];
}

/* Names, numbers, addresses; nothing that people write to each other. */
static bool
is_word(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] <= ' ' || text.at[i] >= 0x7f)
            return false;
    }
    return text.len > 0;
}

static void
keep(struct dv_frame_log *log, struct dv_span text, bool is_key,
     davy_direction from, uint8_t *slot)
{
    struct dv_frame_word *word;
    davy_status st;

    if (dv_vec_is_full(&log->words)
        || text.len + 1 > DV_FRAME_BYTES - log->text.len)
        return;
    word = dv_vec_push(&log->words);
    st = word == NULL ? DAVY_NO_MEMORY
                      : dv_buf_reserve(&log->text, text.len + 1);
    if (st == DAVY_OK) {
        *word = (struct dv_frame_word){ (uint16_t)log->text.len,
                                        (uint16_t)text.len, is_key,
                                        (uint8_t)from };
        st = dv_buf_append(&log->text, text);
    }
    if (st == DAVY_OK)
        st = dv_buf_append_byte(&log->text, ' ');
    if (st != DAVY_OK) {
        log->status = st;
        return;
    }
    *slot = (uint8_t)log->words.len;
}

void
dv_frame_log_hear(struct dv_frame_log *log, struct dv_span text, bool is_key,
                  davy_direction from)
{
    uint8_t *slot;

    if (!is_word(text))
        return;
    slot = find(log, text, is_key, from);
    if (*slot != 0)
        return;
    (void)dv_stratum_hear(&log->stratum, text, is_key, from);
    log->has_wallet |= !is_key && text.len >= WALLET_BYTES;
    keep(log, text, is_key, from, slot);
}

void
dv_fact_frame_add(struct dv_facts *facts, const struct dv_frame_log *log,
                  bool has_places)
{
    for (unsigned i = 0; i < DV_DIALECTS; i++) {
        if (log->stratum.spoken >> i & 1)
            (void)dv_facts_add(facts, DV_FACT_DIALECT,
                               dv_span_cstr(dv_dialect_name(
                                   (enum dv_dialect)i)),
                               0, has_places ? log->text.len : 0);
    }
    for (size_t i = 0; i < log->words.len; i++) {
        const struct dv_frame_word *word = word_at(log, i);
        const struct dv_span text = text_of(log, word);
        const size_t at = has_places ? word->at : 0;
        const size_t len = has_places ? word->len : 0;

        (void)dv_facts_add(facts, word->is_key ? DV_FACT_KEY : DV_FACT_STRING,
                           text, at, len);
        if (!word->is_key)
            dv_fact_wallet_add(facts, text, at, len);
    }
}

/* ---- Transcripts ------------------------------------------------------ */

struct speaker {
    struct dv_frame_log *log;
    davy_direction from;
};

static void
on_word(void *ctx, struct dv_span word, bool is_key)
{
    const struct speaker *speaker = ctx;

    dv_frame_log_hear(speaker->log, word, is_key, speaker->from);
}

static void
hear_line(struct dv_frame_log *log, struct dv_span line)
{
    struct speaker speaker = { log, DAVY_FROM_CLIENT };
    struct dv_words words;

    if (line.len == 0 || (line.at[0] != '>' && line.at[0] != '<'))
        return;
    if (line.at[0] == '<')
        speaker.from = DAVY_FROM_SERVER;
    dv_words_init(&words);
    dv_words_feed(&words, line, on_word, &speaker);
    dv_words_end(&words, on_word, &speaker);
}

void
dv_fact_frame_transcript(struct dv_facts *facts, struct dv_span text)
{
    struct dv_frame_log log;

    dv_frame_log_init(&log, facts->mem);
    while (text.len > 0) {
        const size_t n = dv_span_find_byte(text, '\n');

        hear_line(&log, dv_span_slice(text, 0, n));
        dv_span_skip(&text, n < text.len ? n + 1 : n);
    }
    if (log.status != DAVY_OK)
        facts->status = log.status;
    else
        dv_fact_frame_add(facts, &log, false);
    dv_frame_log_fini(&log);
}

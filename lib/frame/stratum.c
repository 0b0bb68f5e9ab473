/* SPDX-License-Identifier: MIT */
/* stratum.c - counts the words of each dialect that a connection used. */

#include "frame/stratum.h"

enum from { CLIENT = 1, SERVER = 2, BOTH = 3 };
enum form { VALUE, KEY };

static const struct {
    const char *name;
    uint8_t words;
    uint8_t points;
} dialects[] = {
#define DV_DIALECT_ROW(NAME, name, words, points) { name, words, points },
#include "frame/stratum.def"
#undef DV_DIALECT_ROW
};

static const struct word {
    uint8_t dialect;
    uint8_t from;
    uint8_t form;
    uint8_t points;
    bool is_algo;                       /* the name of a hash */
    uint8_t len;
    const char *text;
} words[] = {
#define DV_WORD_ROW(DIALECT, from, form, points, text) \
    { DV_DIALECT_##DIALECT, from, form, points, false, sizeof(text) - 1, \
      text },
#include "frame/stratum.def"
#undef DV_WORD_ROW
/* The name of a hash is worth much in each dialect that has one. */
#define DV_ALGO_ROW(text)                                                  \
    { DV_DIALECT_CRYPTONOTE, BOTH, VALUE, 3, true, sizeof(text) - 1, text }, \
    { DV_DIALECT_WEBMINERPOOL, SERVER, VALUE, 2, true, sizeof(text) - 1,   \
      text },
#include "frame/stratum.def"
#undef DV_ALGO_ROW
};

void
dv_stratum_init(struct dv_stratum *stratum)
{
    memset(stratum, 0, sizeof(*stratum));
}

const char *
dv_dialect_name(enum dv_dialect dialect)
{
    return dialects[dialect].name;
}

/* The bit of a word among those of its dialect; all hashes share the last. */
static uint32_t
bit_of(const struct word *word)
{
    unsigned bit = 0;

    if (word->is_algo)
        return UINT32_C(1) << 31;
    for (const struct word *w = words; w != word; w++)
        bit += w->dialect == word->dialect;
    return UINT32_C(1) << bit;
}

static bool
hear(struct dv_stratum *stratum, const struct word *word)
{
    struct dv_stratum_heard *heard = &stratum->heard[word->dialect];
    const uint32_t bit = bit_of(word);

    if (heard->words & bit)
        return false;
    heard->words |= bit;
    heard->count++;
    heard->points = (uint8_t)(heard->points + word->points);
    heard->is_rare |= word->points > 1;
    if (heard->count >= dialects[word->dialect].words
        && heard->points >= dialects[word->dialect].points && heard->is_rare)
        stratum->spoken |= UINT32_C(1) << word->dialect;
    return true;
}

bool
dv_stratum_hear(struct dv_stratum *stratum, struct dv_span text, bool is_key,
                davy_direction direction)
{
    const unsigned from = direction == DAVY_FROM_CLIENT ? CLIENT : SERVER;
    bool is_new = false;

    for (size_t i = 0; i < DV_COUNT_OF(words); i++) {
        const struct word *word = &words[i];

        if (word->len == text.len && (word->form == KEY) == is_key
            && (word->from & from)
            && memcmp(word->text, text.at, text.len) == 0)
            is_new |= hear(stratum, word);
    }
    return is_new;
}

/* SPDX-License-Identifier: MIT */
/* url_regex_set.h - sets of automaton positions, as bits. */

#ifndef DV_URL_REGEX_SET_H
#define DV_URL_REGEX_SET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DV_URL_REGEX_POSITIONS 512
#define DV_URL_REGEX_WORDS     (DV_URL_REGEX_POSITIONS / 64)

/* Input symbols: bytes, and the two ends of the text, which `^` and `$`
 * match as if they were bytes. */
#define DV_URL_REGEX_BEGIN   256
#define DV_URL_REGEX_END     257
#define DV_URL_REGEX_SYMBOLS 258

struct dv_url_regex_set {
    uint64_t word[DV_URL_REGEX_WORDS];
};

static inline void
dv_url_regex_set_add(struct dv_url_regex_set *set, unsigned position)
{
    set->word[position / 64] |= UINT64_C(1) << position % 64;
}

static inline void
dv_url_regex_set_join(struct dv_url_regex_set *set,
                      const struct dv_url_regex_set *other)
{
    for (unsigned i = 0; i < DV_URL_REGEX_WORDS; i++)
        set->word[i] |= other->word[i];
}

/* set = a & b; whether anything is left. */
static inline bool
dv_url_regex_set_meet(struct dv_url_regex_set *set,
                      const struct dv_url_regex_set *a,
                      const struct dv_url_regex_set *b)
{
    uint64_t any = 0;

    for (unsigned i = 0; i < DV_URL_REGEX_WORDS; i++) {
        set->word[i] = a->word[i] & b->word[i];
        any |= set->word[i];
    }
    return any != 0;
}

static inline bool
dv_url_regex_set_equal(const struct dv_url_regex_set *a,
                       const struct dv_url_regex_set *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

#endif

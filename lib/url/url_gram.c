/* SPDX-License-Identifier: MIT */
/* url_gram.c - chooses the rarest four bytes by the letters in them. */

#include "url/url_gram.h"

#include "base/ascii.h"

/* How often a byte stands in addresses, roughly. */
static unsigned
weight(uint8_t byte)
{
    switch (byte) {
    case '/':
    case ':':
    case '.':
        return 6;
    case 'e':
    case 't':
    case 's':
    case 'a':
    case 'o':
    case 'i':
    case 'p':
        return 4;
    case 'c':
    case 'm':
    case 'w':
    case 'h':
    case 'n':
    case 'r':
        return 3;
    default:
        return 1;
    }
}

/* The rarest gram so far, and the run of literal bytes that goes on. */
struct search {
    unsigned lowest;                    /* weight; 0: none yet */
    uint8_t gram[DV_URL_GRAM];
    size_t at;
    uint8_t last[DV_URL_GRAM];          /* of the run */
    size_t run;
};

static void
see(struct search *s, uint8_t byte, size_t i)
{
    unsigned sum = 0;

    memmove(s->last, s->last + 1, DV_URL_GRAM - 1);
    s->last[DV_URL_GRAM - 1] = byte;
    if (++s->run < DV_URL_GRAM)
        return;
    for (size_t j = 0; j < DV_URL_GRAM; j++)
        sum += weight(dv_url_token_lower[s->last[j]]);
    if (s->lowest == 0 || sum < s->lowest) {
        s->lowest = sum;
        memcpy(s->gram, s->last, DV_URL_GRAM);
        s->at = i + 1 - DV_URL_GRAM;
    }
}

bool
dv_url_gram_choose(struct dv_span pattern, size_t *at)
{
    struct search s = { .run = 0 };

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.at[i] == '*' || pattern.at[i] == '^')
            s.run = 0;
        else
            see(&s, pattern.at[i], i);
    }
    *at = s.at;
    return s.lowest != 0;
}

/* The length of a group, class, escape or single byte at the front. */
static size_t
atom_length(struct dv_span regex)
{
    size_t depth = 0;
    bool is_in_class = false;
    size_t i = 0;

    do {
        const uint8_t c = regex.at[i];

        if (c == '\\')
            i++;
        else if (c == ']')
            is_in_class = false;
        else if (c == '[')
            is_in_class = true;
        else if (c == '(' && !is_in_class)
            depth++;
        else if (c == ')' && !is_in_class && depth > 0)
            depth--;
        i++;
    } while (i < regex.len && (depth > 0 || is_in_class));
    return i < regex.len ? i : regex.len;
}

/* The byte that an atom stands for, or 0 when it is no plain byte. */
static uint8_t
plain_byte(struct dv_span atom)
{
    const struct dv_span marks = DV_SPAN_LIT("/-_=&%:;,!@");

    if (atom.len == 2 && atom.at[0] == '\\'
        && !dv_ascii_is_alnum(atom.at[1]))
        return atom.at[1];
    if (atom.len == 1
        && (dv_ascii_is_alnum(atom.at[0])
            || dv_span_find_byte(marks, atom.at[0]) < marks.len))
        return atom.at[0];
    return 0;
}

/* Take the quantifier off the front; whether its atom may be left out. */
static bool
take_quantifier(struct dv_span *regex, bool *is_repeated)
{
    bool is_optional = false;

    *is_repeated = false;
    while (regex->len != 0
           && (regex->at[0] == '?' || regex->at[0] == '*'
               || regex->at[0] == '+' || regex->at[0] == '{')) {
        const size_t end = regex->at[0] == '{'
                               ? dv_span_find_byte(*regex, '}') : 0;

        is_optional = is_optional || regex->at[0] != '+';
        *is_repeated = true;
        dv_span_skip(regex, end < regex->len ? end + 1 : end);
    }
    return is_optional;
}

bool
dv_url_gram_choose_regex(struct dv_span regex, uint8_t gram[DV_URL_GRAM])
{
    struct search s = { .run = 0 };

    while (regex.len != 0) {
        const struct dv_span atom = dv_span_of(regex.at,
                                               atom_length(regex));
        const uint8_t byte = plain_byte(atom);
        bool is_repeated;

        /* Alternatives of the whole; \xHH and \uHHHH, which nobody needs. */
        if (atom.at[0] == '|'
            || (atom.len == 2 && atom.at[0] == '\\'
                && (atom.at[1] == 'x' || atom.at[1] == 'u')))
            return false;
        dv_span_skip(&regex, atom.len);
        if (take_quantifier(&regex, &is_repeated) || byte == 0)
            s.run = 0;
        else
            see(&s, byte, 0);
        if (is_repeated)
            s.run = 0;                  /* the byte may stand twice */
    }
    memcpy(gram, s.gram, DV_URL_GRAM);
    return s.lowest != 0;
}

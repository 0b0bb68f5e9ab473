/* SPDX-License-Identifier: MIT */
/* js_lexer_word.c - names, private names and keywords (ECMA-262, 12.7). */

#include "base/utf8.h"
#include "js/js_escape.h"
#include "js/js_lexer.h"
#include "js/js_unicode.h"
#include "js/js_word.def"

/* The longest word of js_token.def. */
#define LONGEST_WORD 11

struct word {
    char text[LONGEST_WORD + 1];
    uint8_t length;
    uint8_t kind;
};

static const struct word words[256] = {
#define W(slot, NAME, text, length) [slot] = { text, length, DV_JS_T_##NAME },
#include "js/js_word.def"
#undef W
};

unsigned
dv_js_lexer_word_kind(struct dv_span word)
{
    const struct word *w;

    if (word.len < 2 || word.len > LONGEST_WORD)
        return DV_JS_T_NAME;
    w = &words[DV_JS_WORD_HASH(word.at[0], word.at[1], word.at[word.len - 1],
                               (unsigned)word.len)];
    if (w->length != word.len)
        return DV_JS_T_NAME;
    for (size_t i = 0; i < word.len; i++) {
        if ((uint8_t)w->text[i] != word.at[i])
            return DV_JS_T_NAME;
    }
    return w->kind;
}

/* The unescaped beginning of a word, as far as a keyword could reach. */
struct letters {
    uint8_t at[LONGEST_WORD + 1];
    size_t len;
};

static void
add_letter(struct letters *letters, uint32_t c)
{
    if (letters->len < sizeof(letters->at))
        letters->at[letters->len++] = c < 0x80 ? (uint8_t)c : 0;
}

/* Read one character of a name, escaped or not.  False and no move when there
 * is none. */
static bool
read_part(struct dv_js_lexer *lex, bool is_first, uint32_t *c)
{
    struct dv_span rest = dv_js_lexer_rest(lex);
    bool is_escape = rest.len > 0 && rest.at[0] == '\\';

    if (is_escape) {
        dv_span_skip(&rest, 1);
        if (!dv_js_escape_read_unicode(&rest, c))
            return false;
    } else {
        const size_t n = dv_utf8_read(rest, c);

        if (n == 0)
            return false;
        dv_span_skip(&rest, n);
    }
    if (is_first ? !dv_js_unicode_is_start(*c) : !dv_js_unicode_is_part(*c))
        return false;
    if (is_escape)
        lex->flags |= DV_JS_TOKEN_ESCAPE;
    lex->at = rest.at;
    return true;
}

/* A name with escapes or characters beyond ASCII. */
static void
slow_word(struct dv_js_lexer *lex)
{
    struct letters letters = { .len = 0 };
    bool is_first = true;
    uint32_t c;

    while (read_part(lex, is_first, &c)) {
        add_letter(&letters, c);
        is_first = false;
    }
    if (is_first || dv_js_lexer_peek(lex, 0) == '\\') {
        dv_js_lexer_fail(lex, is_first && dv_js_lexer_peek(lex, 0) != '\\'
                                  ? "unexpected character"
                                  : "bad escape in a name");
        return;
    }
    lex->word = (uint8_t)dv_js_lexer_word_kind(
        dv_span_of(letters.at, letters.len));
    lex->kind = lex->flags & DV_JS_TOKEN_ESCAPE ? DV_JS_T_NAME : lex->word;
}

/* Escaped keywords are NAME, with the keyword in `word`: they are no keywords
 * and mostly no names either (12.7.2). */
void
dv_js_lexer_word(struct dv_js_lexer *lex)
{
    const uint8_t *const start = lex->at;
    const uint8_t *const end = lex->end;
    const uint8_t *p = start;

    while (p < end && dv_js_lexer_is_part[*p])
        p++;
    if (p < end && (*p >= 0x80 || *p == '\\')) {
        slow_word(lex);
        return;
    }
    lex->at = p;
    lex->kind = (uint8_t)dv_js_lexer_word_kind(
        dv_span_of(start, (size_t)(p - start)));
    lex->word = lex->kind;
}

void
dv_js_lexer_private(struct dv_js_lexer *lex)
{
    const uint8_t c = dv_js_lexer_peek(lex, 1);

    lex->at++;
    if (c < 0x80 && c != '\\' && !dv_js_unicode_is_start(c)) {
        dv_js_lexer_fail(lex, "unexpected character");
        return;
    }
    slow_word(lex);
    if (lex->kind != DV_JS_T_ERROR)
        lex->kind = DV_JS_T_PRIVATE_NAME;
}

/* SPDX-License-Identifier: MIT */
/* js_lexer.h - source text into tokens (ECMA-262, 12 and annex B.1).
 *
 * Whether a slash divides or begins a regular expression, and whether a } goes
 * on with a template, only the reader knows: dv_js_lexer_next answers DIV,
 * ASSIGN_DIV and RBRACE, and the reader asks again with dv_js_lexer_regexp or
 * dv_js_lexer_template where the grammar wants it.  js_tokens.h guesses for
 * readers without grammar.  The lexer allocates nothing; a copy of the struct
 * is a bookmark. */

#ifndef DV_JS_LEXER_H
#define DV_JS_LEXER_H

#include "base/span.h"
#include "js/js_token.h"

/* Bits of dv_js_lexer.flags. */
enum dv_js_token_flag {
    DV_JS_TOKEN_NEWLINE = 0x01, /* a line end stands before it */
    DV_JS_TOKEN_ESCAPE = 0x02,  /* it has backslash escapes */
    DV_JS_TOKEN_OCTAL = 0x04,   /* legacy octal, or a number like 08 */
    DV_JS_TOKEN_INVALID = 0x08, /* template: an escape that is none */
    DV_JS_TOKEN_RETURN = 0x10,  /* template: has CR, raw text differs */
    DV_JS_TOKEN_SEPARATOR = 0x20 /* number: has _ */
};

/* Bits of dv_js_lexer.closed. */
enum dv_js_closed {
    DV_JS_CLOSED_BRACE = 1,
    DV_JS_CLOSED_TEMPLATE = 2,
    DV_JS_CLOSED_ANY = 4        /* something was open at all */
};

struct dv_js_lexer {
    const uint8_t *base, *at, *end;
    uint32_t start, stop;       /* the token is source[start .. stop) */
    uint32_t before;            /* stop of the token before */
    uint8_t kind;               /* enum dv_js_token */
    uint8_t word;               /* the kind it would have without escapes */
    uint8_t flags;
    bool has_html_comments;     /* <!-- and --> are comments (scripts) */
    uint32_t nest;              /* brackets open after this token */
    uint64_t braces;            /* of the 64 innermost: 1 for {, 0 for ( [ */
    uint64_t templates;         /* of the same: 1 for the ${ of a template */
    uint8_t closed;             /* what the last closing bracket closed */
    union {
        double number;          /* NUMBER */
        uint32_t slash;         /* REGEXP: offset of the closing slash */
    };
    const char *message;        /* ERROR: what is wrong, at `wrong` */
    uint32_t wrong;
};

/* `source` is at most 2 GiB.  A byte order mark and #! are skipped. */
void dv_js_lexer_init(struct dv_js_lexer *lexer, struct dv_span source,
                      bool has_html_comments);

/* Read the next token.  At the end: END, as often as asked.  ERROR is read
 * past, so a loop over tokens always ends. */
void dv_js_lexer_next(struct dv_js_lexer *lexer);

/* The token is DIV or ASSIGN_DIV: read it again as a regular expression. */
void dv_js_lexer_regexp(struct dv_js_lexer *lexer);

/* The token is RBRACE: read it again as the next part of a template. */
void dv_js_lexer_template(struct dv_js_lexer *lexer);

/* What `word` is in js_token.def; NAME when it is not there. */
unsigned dv_js_lexer_word_kind(struct dv_span word);

static inline struct dv_span
dv_js_lexer_text(const struct dv_js_lexer *lexer)
{
    return dv_span_of(lexer->base + lexer->start, lexer->stop - lexer->start);
}

/* ---- Between the lexer's files ---------------------------------------- */

/* Each reads the rest of a token whose first byte is at lexer->at, and sets
 * kind and at. */
void dv_js_lexer_number(struct dv_js_lexer *lexer);
void dv_js_lexer_string(struct dv_js_lexer *lexer);
void dv_js_lexer_template_part(struct dv_js_lexer *lexer, bool is_head);
void dv_js_lexer_regexp_rest(struct dv_js_lexer *lexer);
void dv_js_lexer_word(struct dv_js_lexer *lexer);
void dv_js_lexer_private(struct dv_js_lexer *lexer);

/* Make the token an ERROR that says what is wrong at lexer->at. */
void dv_js_lexer_fail(struct dv_js_lexer *lexer, const char *message);

static inline uint32_t
dv_js_lexer_here(const struct dv_js_lexer *lexer)
{
    return (uint32_t)(lexer->at - lexer->base);
}

static inline struct dv_span
dv_js_lexer_rest(const struct dv_js_lexer *lexer)
{
    return dv_span_of(lexer->at, (size_t)(lexer->end - lexer->at));
}

/* The byte `n` further, or 0 beyond the end. */
static inline uint8_t
dv_js_lexer_peek(const struct dv_js_lexer *lexer, size_t n)
{
    return n < (size_t)(lexer->end - lexer->at) ? lexer->at[n] : 0;
}

/* Bytes that may stand in a name after its first: letters, digits, $ and _. */
extern const uint8_t dv_js_lexer_is_part[256];

#endif

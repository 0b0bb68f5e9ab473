/* SPDX-License-Identifier: MIT */
/* js_tokens.h - tokens without a grammar: guesses what only a parser knows. */

#ifndef DV_JS_TOKENS_H
#define DV_JS_TOKENS_H

#include "js/js_lexer.h"

/* Whether a slash begins a regular expression is judged by the token before
 * it, and behind a ) by what stood before its (.  Wrong only behind some }. */
struct dv_js_tokens {
    struct dv_js_lexer lex;     /* with the current token */
    uint8_t previous;           /* its kind; END before the first */
    uint64_t heads;             /* of the 64 innermost brackets: 1 when it
                                 * opened behind if, while, for or with */
    bool closed_head;           /* the previous token closed such a one */
};

void dv_js_tokens_init(struct dv_js_tokens *tokens, struct dv_span source,
                       bool has_html_comments);

/* Go on from the token that `lex` holds. */
void dv_js_tokens_resume(struct dv_js_tokens *tokens,
                         const struct dv_js_lexer *lex);

void dv_js_tokens_next(struct dv_js_tokens *tokens);

#endif

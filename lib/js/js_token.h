/* SPDX-License-Identifier: MIT */
/* js_token.h - the tokens of js_token.def as numbers. */

#ifndef DV_JS_TOKEN_H
#define DV_JS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

enum dv_js_token {
#define DV_JS_TOKEN_ROW(NAME, text, precedence) DV_JS_T_##NAME,
#include "js/js_token.def"
#undef DV_JS_TOKEN_ROW
    DV_JS_T_COUNT
};

/* "+", "typeof", "[name]"; "" beyond the last. */
const char *dv_js_token_text(unsigned token);

/* 0 for tokens that are no binary operators. */
extern const uint8_t dv_js_token_precedence[DV_JS_T_COUNT];

/* Whether the token is spelled as an IdentifierName (ECMA-262, 12.7). */
static inline bool
dv_js_token_is_word(unsigned token)
{
    return token >= DV_JS_T_BREAK;
}

/* A word that is never a name of a binding. */
static inline bool
dv_js_token_is_reserved(unsigned token)
{
    return token - DV_JS_T_BREAK <= DV_JS_T_WITH - DV_JS_T_BREAK;
}

/* A word that is no name of a binding in strict code. */
static inline bool
dv_js_token_is_strict_reserved(unsigned token)
{
    return token - DV_JS_T_IMPLEMENTS <= DV_JS_T_YIELD - DV_JS_T_IMPLEMENTS;
}

static inline bool
dv_js_token_is_assignment(unsigned token)
{
    return token - DV_JS_T_ASSIGN <= DV_JS_T_ASSIGN_NULLISH - DV_JS_T_ASSIGN;
}

#endif

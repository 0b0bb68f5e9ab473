/* SPDX-License-Identifier: MIT */
/* js_token.c - texts and precedences out of js_token.def. */

#include "js/js_token.h"

static const char *const texts[DV_JS_T_COUNT] = {
#define DV_JS_TOKEN_ROW(NAME, text, precedence) [DV_JS_T_##NAME] = text,
#include "js/js_token.def"
#undef DV_JS_TOKEN_ROW
};

const uint8_t dv_js_token_precedence[DV_JS_T_COUNT] = {
#define DV_JS_TOKEN_ROW(NAME, text, precedence) [DV_JS_T_##NAME] = precedence,
#include "js/js_token.def"
#undef DV_JS_TOKEN_ROW
};

const char *
dv_js_token_text(unsigned token)
{
    return token < DV_JS_T_COUNT ? texts[token] : "";
}

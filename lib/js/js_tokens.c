/* SPDX-License-Identifier: MIT */
/* js_tokens.c - tokens without a grammar. */

#include "js/js_tokens.h"

void
dv_js_tokens_resume(struct dv_js_tokens *tokens, const struct dv_js_lexer *lex)
{
    *tokens = (struct dv_js_tokens){ .lex = *lex };
}

void
dv_js_tokens_init(struct dv_js_tokens *tokens, struct dv_span source,
                  bool has_html_comments)
{
    *tokens = (struct dv_js_tokens){ .previous = DV_JS_T_END };
    dv_js_lexer_init(&tokens->lex, source, has_html_comments);
}

/* Whether an operand may follow the previous token. */
static bool
wants_operand(const struct dv_js_tokens *tokens)
{
    switch (tokens->previous) {
    case DV_JS_T_NUMBER:
    case DV_JS_T_BIGINT:
    case DV_JS_T_STRING:
    case DV_JS_T_REGEXP:
    case DV_JS_T_TEMPLATE_WHOLE:
    case DV_JS_T_TEMPLATE_TAIL:
    case DV_JS_T_PRIVATE_NAME:
    case DV_JS_T_RBRACKET:
    case DV_JS_T_RBRACE:
    case DV_JS_T_INCREMENT:
    case DV_JS_T_DECREMENT:
    case DV_JS_T_FALSE:
    case DV_JS_T_TRUE:
    case DV_JS_T_NULL:
    case DV_JS_T_THIS:
    case DV_JS_T_SUPER:
        return false;
    case DV_JS_T_RPAREN:
        return tokens->closed_head;
    default:
        return tokens->previous < DV_JS_T_IMPLEMENTS;
    }
}

static bool
opens_head(unsigned kind)
{
    return kind == DV_JS_T_IF || kind == DV_JS_T_WHILE || kind == DV_JS_T_FOR
           || kind == DV_JS_T_WITH;
}

void
dv_js_tokens_next(struct dv_js_tokens *tokens)
{
    struct dv_js_lexer *const lex = &tokens->lex;
    const uint64_t templates = lex->templates;

    dv_js_lexer_next(lex);
    switch (lex->kind) {
    case DV_JS_T_DIV:
    case DV_JS_T_ASSIGN_DIV:
        if (wants_operand(tokens))
            dv_js_lexer_regexp(lex);
        break;
    case DV_JS_T_LPAREN:
    case DV_JS_T_LBRACKET:
    case DV_JS_T_LBRACE:
        tokens->heads = tokens->heads << 1 | opens_head(tokens->previous);
        break;
    case DV_JS_T_RBRACE:
        if (templates & 1) {
            dv_js_lexer_template(lex);
            if (lex->kind == DV_JS_T_TEMPLATE_MIDDLE)
                break;                  /* closes one, opens one */
        }
        tokens->heads >>= 1;
        break;
    case DV_JS_T_RPAREN:
    case DV_JS_T_RBRACKET:
        tokens->closed_head = tokens->heads & 1;
        tokens->heads >>= 1;
        break;
    case DV_JS_T_TEMPLATE_HEAD:
        tokens->heads <<= 1;
        break;
    default:
        break;
    }
    tokens->previous = lex->kind;
}

/* SPDX-License-Identifier: MIT */
/* js_lexer_text.c - strings, templates and regular expressions (ECMA-262,
 * 12.9.4 to 12.9.6). */

#include "base/utf8.h"
#include "js/js_escape.h"
#include "js/js_lexer.h"
#include "js/js_unicode.h"

/* Bytes at which the scan of some text must look closer. */
enum {
    IN_SINGLE = 1,              /* '...' */
    IN_DOUBLE = 2,              /* "..." */
    IN_TEMPLATE = 4,            /* `...` */
    IN_REGEXP = 8,              /* / ... / */
    IN_CLASS = 16               /* the [...] of a regular expression */
};

static const uint8_t stops[256] = {
    ['\n'] = IN_SINGLE | IN_DOUBLE | IN_REGEXP | IN_CLASS,
    ['\r'] = IN_SINGLE | IN_DOUBLE | IN_TEMPLATE | IN_REGEXP | IN_CLASS,
    ['\\'] = IN_SINGLE | IN_DOUBLE | IN_TEMPLATE | IN_REGEXP | IN_CLASS,
    ['\''] = IN_SINGLE,
    ['"'] = IN_DOUBLE,
    ['`'] = IN_TEMPLATE,
    ['$'] = IN_TEMPLATE,
    ['/'] = IN_REGEXP,
    ['['] = IN_REGEXP,
    [']'] = IN_CLASS,
    [0xe2] = IN_REGEXP | IN_CLASS       /* U+2028 and U+2029 */
};

/* Go to the next byte that stops; false at the end of the source. */
static inline bool
skip_to_stop(struct dv_js_lexer *lex, uint8_t where)
{
    const uint8_t *p = lex->at;

    while (p < lex->end && !(stops[*p] & where))
        p++;
    lex->at = p;
    return p < lex->end;
}

/* A backslash: note what the escape is.  False when it is none. */
static bool
skip_escape(struct dv_js_lexer *lex)
{
    struct dv_span rest = dv_js_lexer_rest(lex);
    enum dv_js_escape escape;
    uint32_t code;

    dv_span_skip(&rest, 1);
    escape = dv_js_escape_read(&rest, &code);
    lex->at = rest.at;
    lex->flags |= DV_JS_TOKEN_ESCAPE;
    if (escape == DV_JS_ESCAPE_OCTAL)
        lex->flags |= DV_JS_TOKEN_OCTAL;
    return escape != DV_JS_ESCAPE_BAD;
}

void
dv_js_lexer_string(struct dv_js_lexer *lex)
{
    const uint8_t quote = *lex->at++;
    const uint8_t where = quote == '"' ? IN_DOUBLE : IN_SINGLE;

    while (skip_to_stop(lex, where)) {
        if (*lex->at == quote) {
            lex->at++;
            lex->kind = DV_JS_T_STRING;
            return;
        }
        if (*lex->at != '\\')
            break;
        if (!skip_escape(lex)) {
            dv_js_lexer_fail(lex, "bad escape in a string");
            return;
        }
    }
    dv_js_lexer_fail(lex, "string without end");
}

/* A tagged template may hold escapes that are none (13.2.8.1): note it, and
 * leave the verdict to the reader. */
static void
skip_template_escape(struct dv_js_lexer *lex)
{
    const uint8_t *const start = lex->at;

    if (skip_escape(lex) && !(lex->flags & DV_JS_TOKEN_OCTAL)) {
        if (start[1] == '\r')
            lex->flags |= DV_JS_TOKEN_RETURN;
        return;
    }
    lex->flags &= (uint8_t)~DV_JS_TOKEN_OCTAL;
    lex->flags |= DV_JS_TOKEN_INVALID;
    lex->at = start + 1;
    if (lex->at < lex->end)
        lex->at++;                      /* what follows is text */
}

void
dv_js_lexer_template_part(struct dv_js_lexer *lex, bool is_head)
{
    lex->at++;
    while (skip_to_stop(lex, IN_TEMPLATE)) {
        if (*lex->at == '`') {
            lex->at++;
            lex->kind = is_head ? DV_JS_T_TEMPLATE_WHOLE
                                : DV_JS_T_TEMPLATE_TAIL;
            return;
        }
        if (*lex->at == '\\') {
            skip_template_escape(lex);
            continue;
        }
        if (*lex->at == '\r')
            lex->flags |= DV_JS_TOKEN_RETURN;
        if (*lex->at++ == '$' && dv_js_lexer_peek(lex, 0) == '{') {
            lex->at++;
            lex->nest++;
            lex->braces = lex->braces << 1 | 1;
            lex->templates = lex->templates << 1 | 1;
            lex->kind = is_head ? DV_JS_T_TEMPLATE_HEAD
                                : DV_JS_T_TEMPLATE_MIDDLE;
            return;
        }
    }
    dv_js_lexer_fail(lex, "template without end");
}

/* Whether a line end stands at the cursor. */
static bool
is_at_line_end(const struct dv_js_lexer *lex)
{
    uint32_t c;

    return dv_utf8_read(dv_js_lexer_rest(lex), &c) > 0
           && dv_js_unicode_is_line_end(c);
}

/* Go to the slash that ends the pattern. */
static bool
skip_pattern(struct dv_js_lexer *lex)
{
    uint8_t where = IN_REGEXP;

    while (skip_to_stop(lex, where)) {
        const uint8_t c = *lex->at;

        if (c == '/')
            return true;
        if (c == '[' || c == ']')
            where = c == '[' ? IN_CLASS : IN_REGEXP;
        else if (is_at_line_end(lex))
            return false;
        lex->at++;
        if (c == '\\' && (lex->at == lex->end || is_at_line_end(lex)))
            return false;
        if (c == '\\')
            lex->at++;
    }
    return false;
}

void
dv_js_lexer_regexp_rest(struct dv_js_lexer *lex)
{
    struct dv_span rest;
    uint32_t c;

    lex->at++;
    if (!skip_pattern(lex)) {
        dv_js_lexer_fail(lex, "regular expression without end");
        return;
    }
    lex->slash = dv_js_lexer_here(lex);
    lex->at++;
    while (rest = dv_js_lexer_rest(lex), dv_utf8_read(rest, &c) > 0
                                             && dv_js_unicode_is_part(c))
        lex->at += dv_utf8_read(rest, &c);
    lex->kind = DV_JS_T_REGEXP;
    if (dv_js_lexer_peek(lex, 0) == '\\')
        dv_js_lexer_fail(lex, "escape in the flags of a regular expression");
}

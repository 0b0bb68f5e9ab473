/* SPDX-License-Identifier: MIT */
/* js_lexer.c - white space, comments and punctuators (ECMA-262, 12.2 to
 * 12.8). */

#include "js/js_lexer.h"

#include "base/utf8.h"
#include "js/js_unicode.h"

/* What the first byte of a token says. */
enum class {
    OTHER,                      /* beyond ASCII, or nothing we know */
    SPACE,
    LINE,
    WORD,
    DIGIT,
    SINGLE,                     /* a token by itself */
    OPEN,
    CLOSE,
    OPERATOR,                   /* one or several bytes, see operator_kind */
    SLASH,
    DOT,
    QUOTE,
    BACKTICK,
    HASH
};

#define EACH5(a, b, c, d, e, v) [a] = v, [b] = v, [c] = v, [d] = v, [e] = v
#define LETTERS(v) \
    EACH5('a', 'b', 'c', 'd', 'e', v), EACH5('f', 'g', 'h', 'i', 'j', v), \
    EACH5('k', 'l', 'm', 'n', 'o', v), EACH5('p', 'q', 'r', 's', 't', v), \
    EACH5('u', 'v', 'w', 'x', 'y', v), EACH5('z', 'A', 'B', 'C', 'D', v), \
    EACH5('E', 'F', 'G', 'H', 'I', v), EACH5('J', 'K', 'L', 'M', 'N', v), \
    EACH5('O', 'P', 'Q', 'R', 'S', v), EACH5('T', 'U', 'V', 'W', 'X', v), \
    ['Y'] = v, ['Z'] = v, ['$'] = v, ['_'] = v
#define DIGITS(v) \
    EACH5('0', '1', '2', '3', '4', v), EACH5('5', '6', '7', '8', '9', v)

static const uint8_t classes[256] = {
    LETTERS(WORD), DIGITS(DIGIT), ['\\'] = WORD,
    [' '] = SPACE, ['\t'] = SPACE, [0x0b] = SPACE, [0x0c] = SPACE,
    ['\n'] = LINE, ['\r'] = LINE,
    [';'] = SINGLE, [','] = SINGLE, [':'] = SINGLE, ['~'] = SINGLE,
    ['('] = OPEN, ['['] = OPEN, ['{'] = OPEN,
    [')'] = CLOSE, [']'] = CLOSE, ['}'] = CLOSE,
    EACH5('=', '!', '<', '>', '+', OPERATOR),
    EACH5('-', '*', '%', '&', '|', OPERATOR),
    ['^'] = OPERATOR, ['?'] = OPERATOR, ['/'] = SLASH,
    ['.'] = DOT, ['"'] = QUOTE, ['\''] = QUOTE, ['`'] = BACKTICK,
    ['#'] = HASH
};

/* Tokens of one byte. */
static const uint8_t singles[256] = {
    [';'] = DV_JS_T_SEMICOLON, [','] = DV_JS_T_COMMA,
    [':'] = DV_JS_T_COLON, ['~'] = DV_JS_T_BIT_NOT,
    ['('] = DV_JS_T_LPAREN, ['['] = DV_JS_T_LBRACKET,
    ['{'] = DV_JS_T_LBRACE, [')'] = DV_JS_T_RPAREN,
    [']'] = DV_JS_T_RBRACKET, ['}'] = DV_JS_T_RBRACE
};

const uint8_t dv_js_lexer_is_part[256] = { LETTERS(1), DIGITS(1) };

/* An ERROR token takes at least one character, so that readers get on. */
void
dv_js_lexer_fail(struct dv_js_lexer *lex, const char *message)
{
    uint32_t c;

    lex->kind = DV_JS_T_ERROR;
    lex->message = message;
    lex->wrong = dv_js_lexer_here(lex);
    if (lex->wrong == lex->start)
        lex->at += dv_utf8_read(dv_js_lexer_rest(lex), &c);
}

static bool
is_line_end_e2(const uint8_t *at, const uint8_t *end)
{
    return end - at >= 3 && at[0] == 0xe2 && at[1] == 0x80
           && (at[2] & 0xfe) == 0xa8;
}

static void
skip_line(struct dv_js_lexer *lex)
{
    const uint8_t *p = lex->at;

    while (p < lex->end && *p != '\n' && *p != '\r'
           && !(*p == 0xe2 && is_line_end_e2(p, lex->end)))
        p++;
    lex->at = p;
}

static bool
has_line_end(struct dv_span text)
{
    if (memchr(text.at, '\n', text.len) != NULL
        || memchr(text.at, '\r', text.len) != NULL)
        return true;
    for (;;) {
        dv_span_skip(&text, dv_span_find_byte(text, 0xe2));
        if (text.len == 0)
            return false;
        if (is_line_end_e2(text.at, text.at + text.len))
            return true;
        dv_span_skip(&text, 1);
    }
}

/* A block comment; false when it has no end. */
static bool
skip_block(struct dv_js_lexer *lex)
{
    const uint8_t *const start = lex->at + 2;
    const uint8_t *p = start;

    for (;; p++) {
        p = memchr(p, '*', (size_t)(lex->end - p));
        if (p == NULL || lex->end - p < 2)
            return false;
        if (p[1] == '/')
            break;
    }
    if (!(lex->flags & DV_JS_TOKEN_NEWLINE)
        && has_line_end(dv_span_of(start, (size_t)(p - start))))
        lex->flags |= DV_JS_TOKEN_NEWLINE;
    lex->at = p + 2;
    return true;
}

/* <!-- anywhere and --> at the start of a line (annex B.1.1). */
static bool
skip_html_comment(struct dv_js_lexer *lex)
{
    const struct dv_span rest = dv_js_lexer_rest(lex);

    if (!lex->has_html_comments)
        return false;
    if (!dv_span_starts_with(rest, DV_SPAN_LIT("<!--"))) {
        if (!dv_span_starts_with(rest, DV_SPAN_LIT("-->")))
            return false;
        if (!(lex->flags & DV_JS_TOKEN_NEWLINE) && lex->before != 0)
            return false;
    }
    skip_line(lex);
    return true;
}

/* Set the token to `kind`, whose text has `length` bytes. */
static inline void
set(struct dv_js_lexer *lex, unsigned kind, unsigned length)
{
    lex->kind = (uint8_t)kind;
    lex->at += length;
}

/* `c` alone, or followed by = */
static inline void
set_assign(struct dv_js_lexer *lex, unsigned length, unsigned alone,
           unsigned assign)
{
    if (dv_js_lexer_peek(lex, length) == '=')
        set(lex, assign, length + 1);
    else
        set(lex, alone, length);
}

static void
read_equals(struct dv_js_lexer *lex)
{
    const uint8_t second = dv_js_lexer_peek(lex, 1);

    if (second == '=')
        set_assign(lex, 2, DV_JS_T_EQ, DV_JS_T_EQ_STRICT);
    else if (second == '>')
        set(lex, DV_JS_T_ARROW, 2);
    else
        set(lex, DV_JS_T_ASSIGN, 1);
}

static void
read_less(struct dv_js_lexer *lex)
{
    if (dv_js_lexer_peek(lex, 1) == '<')
        set_assign(lex, 2, DV_JS_T_SHL, DV_JS_T_ASSIGN_SHL);
    else
        set_assign(lex, 1, DV_JS_T_LT, DV_JS_T_LE);
}

static void
read_greater(struct dv_js_lexer *lex)
{
    if (dv_js_lexer_peek(lex, 1) != '>')
        set_assign(lex, 1, DV_JS_T_GT, DV_JS_T_GE);
    else if (dv_js_lexer_peek(lex, 2) != '>')
        set_assign(lex, 2, DV_JS_T_SAR, DV_JS_T_ASSIGN_SAR);
    else
        set_assign(lex, 3, DV_JS_T_SHR, DV_JS_T_ASSIGN_SHR);
}

static void
read_question(struct dv_js_lexer *lex)
{
    const uint8_t second = dv_js_lexer_peek(lex, 1);
    const uint8_t third = dv_js_lexer_peek(lex, 2);

    if (second == '?')
        set_assign(lex, 2, DV_JS_T_NULLISH, DV_JS_T_ASSIGN_NULLISH);
    else if (second == '.' && !(third >= '0' && third <= '9'))
        set(lex, DV_JS_T_OPTIONAL_CHAIN, 2);
    else
        set(lex, DV_JS_T_QUESTION, 1);
}

static void
read_operator(struct dv_js_lexer *lex, uint8_t c)
{
    const bool is_double = dv_js_lexer_peek(lex, 1) == c;

    switch (c) {
    case '=':
        read_equals(lex);
        break;
    case '!':
        if (dv_js_lexer_peek(lex, 1) == '=')
            set_assign(lex, 2, DV_JS_T_NE, DV_JS_T_NE_STRICT);
        else
            set(lex, DV_JS_T_NOT, 1);
        break;
    case '<':
        read_less(lex);
        break;
    case '>':
        read_greater(lex);
        break;
    case '+':
        if (is_double)
            set(lex, DV_JS_T_INCREMENT, 2);
        else
            set_assign(lex, 1, DV_JS_T_ADD, DV_JS_T_ASSIGN_ADD);
        break;
    case '-':
        if (is_double)
            set(lex, DV_JS_T_DECREMENT, 2);
        else
            set_assign(lex, 1, DV_JS_T_SUB, DV_JS_T_ASSIGN_SUB);
        break;
    case '*':
        if (is_double)
            set_assign(lex, 2, DV_JS_T_EXP, DV_JS_T_ASSIGN_EXP);
        else
            set_assign(lex, 1, DV_JS_T_MUL, DV_JS_T_ASSIGN_MUL);
        break;
    case '&':
        if (is_double)
            set_assign(lex, 2, DV_JS_T_AND, DV_JS_T_ASSIGN_AND);
        else
            set_assign(lex, 1, DV_JS_T_BIT_AND, DV_JS_T_ASSIGN_BIT_AND);
        break;
    case '|':
        if (is_double)
            set_assign(lex, 2, DV_JS_T_OR, DV_JS_T_ASSIGN_OR);
        else
            set_assign(lex, 1, DV_JS_T_BIT_OR, DV_JS_T_ASSIGN_BIT_OR);
        break;
    case '%':
        set_assign(lex, 1, DV_JS_T_MOD, DV_JS_T_ASSIGN_MOD);
        break;
    case '^':
        set_assign(lex, 1, DV_JS_T_BIT_XOR, DV_JS_T_ASSIGN_BIT_XOR);
        break;
    default:
        read_question(lex);
        break;
    }
}

static void
read_open(struct dv_js_lexer *lex, uint8_t c)
{
    lex->nest++;
    lex->braces = lex->braces << 1 | (c == '{');
    lex->templates <<= 1;
    set(lex, singles[c], 1);
}

static void
read_close(struct dv_js_lexer *lex, uint8_t c)
{
    lex->closed = (uint8_t)((lex->braces & 1) | (lex->templates & 1) << 1
                            | (lex->nest > 0 ? DV_JS_CLOSED_ANY : 0u));
    lex->nest -= lex->nest > 0;
    lex->braces >>= 1;
    lex->templates >>= 1;
    set(lex, singles[c], 1);
}

static void
read_dot(struct dv_js_lexer *lex)
{
    const uint8_t second = dv_js_lexer_peek(lex, 1);

    if (second >= '0' && second <= '9')
        dv_js_lexer_number(lex);
    else if (second == '.' && dv_js_lexer_peek(lex, 2) == '.')
        set(lex, DV_JS_T_ELLIPSIS, 3);
    else
        set(lex, DV_JS_T_DOT, 1);
}

/* A byte beyond ASCII: white space and line ends (true), else a word. */
static bool
skip_other_space(struct dv_js_lexer *lex)
{
    uint32_t c;
    const size_t n = dv_utf8_read(dv_js_lexer_rest(lex), &c);

    if (dv_js_unicode_is_line_end(c))
        lex->flags |= DV_JS_TOKEN_NEWLINE;
    else if (!dv_js_unicode_is_space(c))
        return false;
    lex->at += n;
    return true;
}

/* A slash: true when a comment was skipped, else the token is set. */
static bool
read_slash(struct dv_js_lexer *lex)
{
    const uint8_t second = dv_js_lexer_peek(lex, 1);

    if (second == '/') {
        skip_line(lex);
        return true;
    }
    if (second == '*') {
        if (skip_block(lex))
            return true;
        dv_js_lexer_fail(lex, "comment without end");
        lex->at = lex->end;
        return false;
    }
    set_assign(lex, 1, DV_JS_T_DIV, DV_JS_T_ASSIGN_DIV);
    return false;
}

void
dv_js_lexer_next(struct dv_js_lexer *lex)
{
    lex->before = lex->stop;
    lex->flags = 0;
    for (;;) {
        uint8_t c;

        lex->start = dv_js_lexer_here(lex);
        if (lex->at == lex->end) {
            lex->kind = DV_JS_T_END;
            break;
        }
        c = *lex->at;
        switch (classes[c]) {
        case SPACE:
            lex->at++;
            continue;
        case LINE:
            lex->flags |= DV_JS_TOKEN_NEWLINE;
            lex->at++;
            continue;
        case WORD:
            dv_js_lexer_word(lex);
            break;
        case DIGIT:
            dv_js_lexer_number(lex);
            break;
        case SINGLE:
            set(lex, singles[c], 1);
            break;
        case OPEN:
            read_open(lex, c);
            break;
        case CLOSE:
            read_close(lex, c);
            break;
        case OPERATOR:
            if ((c == '<' || c == '-') && skip_html_comment(lex))
                continue;
            read_operator(lex, c);
            break;
        case SLASH:
            if (read_slash(lex))
                continue;
            break;
        case DOT:
            read_dot(lex);
            break;
        case QUOTE:
            dv_js_lexer_string(lex);
            break;
        case BACKTICK:
            dv_js_lexer_template_part(lex, true);
            break;
        case HASH:
            dv_js_lexer_private(lex);
            break;
        default:
            if (c < 0x80)
                dv_js_lexer_fail(lex, "unexpected character");
            else if (skip_other_space(lex))
                continue;
            else
                dv_js_lexer_word(lex);
            break;
        }
        break;
    }
    lex->stop = dv_js_lexer_here(lex);
}

void
dv_js_lexer_regexp(struct dv_js_lexer *lex)
{
    lex->at = lex->base + lex->start;
    dv_js_lexer_regexp_rest(lex);
    lex->stop = dv_js_lexer_here(lex);
}

void
dv_js_lexer_template(struct dv_js_lexer *lex)
{
    lex->at = lex->base + lex->start;
    dv_js_lexer_template_part(lex, false);
    lex->stop = dv_js_lexer_here(lex);
}

void
dv_js_lexer_init(struct dv_js_lexer *lex, struct dv_span source,
                 bool has_html_comments)
{
    static const uint8_t nothing[1];
    const uint8_t *const base = source.at == NULL ? nothing : source.at;

    *lex = (struct dv_js_lexer){ .base = base, .at = base,
                                 .end = base + source.len,
                                 .has_html_comments = has_html_comments };
    if (dv_span_starts_with(source, DV_SPAN_LIT("\xef\xbb\xbf")))
        lex->at += 3;
    if (dv_span_starts_with(dv_js_lexer_rest(lex), DV_SPAN_LIT("#!")))
        skip_line(lex);
}

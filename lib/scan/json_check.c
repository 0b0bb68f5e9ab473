/* SPDX-License-Identifier: MIT */
/* json_check.c - a recogniser for RFC 8259, which builds nothing.
 *
 * Scripts quote JSON and JSON quotes scripts; only the grammar tells which is
 * which.  Nesting is a stack of bits: object or array. */

#include "scan/json_check.h"

#include "base/ascii.h"
#include "base/compiler.h"

/* Deeper JSON exists only to hurt parsers; it is then judged as a script,
 * which has its own limit. */
#define MAX_DEPTH 512

enum expects {
    VALUE,                              /* a value must come */
    FIRST,                              /* a value or key, or the end */
    KEY,                                /* a key must come */
    AFTER                               /* a comma or the end */
};

struct checker {
    struct dv_span rest;
    enum expects expects;
    unsigned depth;
    bool is_object[MAX_DEPTH];
};

static void
skip_space(struct dv_span *rest)
{
    while (rest->len > 0
           && (rest->at[0] == ' ' || rest->at[0] == '\t'
               || rest->at[0] == '\n' || rest->at[0] == '\r'))
        dv_span_skip(rest, 1);
}

/* Behind the opening quote; at the end of input the string counts as ended. */
static bool
skip_string(struct dv_span *rest)
{
    while (rest->len > 0) {
        const uint8_t c = rest->at[0];

        dv_span_skip(rest, 1);
        if (c == '"')
            return true;
        if (c < 0x20)
            return false;
        if (c == '\\' && rest->len > 0)
            dv_span_skip(rest, 1);
    }
    return true;
}

static bool
skip_word(struct dv_span *rest)
{
    static const char *const words[] = { "true", "false", "null" };

    for (size_t i = 0; i < DV_COUNT_OF(words); i++) {
        const struct dv_span word = dv_span_cstr(words[i]);

        if (dv_span_starts_with(*rest, word)) {
            dv_span_skip(rest, word.len);
            return true;
        }
    }
    return false;
}

static bool
skip_number(struct dv_span *rest)
{
    size_t digits = 0;

    while (rest->len > 0) {
        const uint8_t c = rest->at[0];

        if (dv_ascii_is_digit(c))
            digits++;
        else if (c != '-' && c != '+' && c != '.' && (c | 0x20) != 'e')
            break;
        dv_span_skip(rest, 1);
    }
    return digits > 0;
}

static bool
open_container(struct checker *c, bool is_object)
{
    if (c->depth == MAX_DEPTH)
        return false;
    c->is_object[c->depth++] = is_object;
    c->expects = FIRST;
    dv_span_skip(&c->rest, 1);
    return true;
}

static bool
close_container(struct checker *c, bool is_object)
{
    if (c->depth == 0 || c->is_object[c->depth - 1] != is_object)
        return false;
    c->depth--;
    c->expects = AFTER;
    dv_span_skip(&c->rest, 1);
    return true;
}

static bool
check_key(struct checker *c)
{
    if (c->rest.at[0] != '"')
        return false;
    dv_span_skip(&c->rest, 1);
    if (!skip_string(&c->rest))
        return false;
    skip_space(&c->rest);
    c->expects = VALUE;
    if (c->rest.len == 0)
        return true;
    if (c->rest.at[0] != ':')
        return false;
    dv_span_skip(&c->rest, 1);
    return true;
}

static bool
check_value(struct checker *c)
{
    const uint8_t first = c->rest.at[0];

    if (first == '{' || first == '[')
        return open_container(c, first == '{');
    c->expects = AFTER;
    if (first == '"') {
        dv_span_skip(&c->rest, 1);
        return skip_string(&c->rest);
    }
    if (dv_ascii_is_alpha(first))
        return skip_word(&c->rest);
    return skip_number(&c->rest);
}

static bool
check_token(struct checker *c)
{
    const uint8_t first = c->rest.at[0];
    const bool in_object = c->depth > 0 && c->is_object[c->depth - 1];

    if (c->expects != VALUE && c->expects != KEY
        && (first == '}' || first == ']'))
        return close_container(c, first == '}');
    if (c->expects == AFTER) {
        c->expects = in_object ? KEY : VALUE;
        if (c->depth == 0)              /* JSON Lines: the next value */
            return first == '{' || first == '[';
        if (first != ',')
            return false;
        dv_span_skip(&c->rest, 1);
        return true;
    }
    if (in_object && c->expects != VALUE)
        return check_key(c);
    return check_value(c);
}

bool
dv_json_check(struct dv_span text)
{
    struct checker c = { .rest = text, .expects = VALUE };

    skip_space(&c.rest);
    if (c.rest.len == 0 || (c.rest.at[0] != '{' && c.rest.at[0] != '['))
        return false;
    while (c.rest.len > 0) {
        if (!check_token(&c))
            return false;
        skip_space(&c.rest);
    }
    return true;
}

/* SPDX-License-Identifier: MIT */
/* js_regexp_class.c - what stands in [...] (ECMA-262, 22.2.1, CharacterClass;
 * ClassSetExpression for the flag v). */

#include "base/utf8.h"
#include "js/js_regexp_syntax.h"

/* ---- Without the flag v ----------------------------------------------- */

/* One end of a range, or a member.  Without u, a character beyond U+FFFF is
 * two: its high half ends a range, its low half begins one. */
static enum dv_js_regexp_escape
read_member(struct dv_js_regexp *re, bool is_end, uint32_t *code)
{
    if (dv_js_regexp_eat(re, '\\'))
        return dv_js_regexp_escape(re, true, code);
    dv_span_skip(&re->rest, dv_utf8_read(re->rest, code));
    if (*code > 0xffff && !re->is_unicode)
        *code = is_end ? 0xd800 + ((*code - 0x10000) >> 10)
                       : 0xdc00 + ((*code - 0x10000) & 0x3ff);
    return DV_JS_REGEXP_CHARACTER;
}

void
dv_js_regexp_class(struct dv_js_regexp *re)
{
    dv_js_regexp_eat(re, '^');
    while (!dv_js_regexp_eat(re, ']')) {
        enum dv_js_regexp_escape first, last;
        uint32_t low, high;

        if (re->rest.len == 0) {
            dv_js_regexp_fail(re, "class without end");
            return;
        }
        first = read_member(re, false, &low);
        if (dv_js_regexp_peek(re, 0) != '-' || re->rest.len < 2
            || re->rest.at[1] == ']')
            continue;
        dv_span_skip(&re->rest, 1);
        last = read_member(re, true, &high);
        if (first == DV_JS_REGEXP_CHARACTER
            && last == DV_JS_REGEXP_CHARACTER) {
            if (low > high)
                dv_js_regexp_fail(re, "range out of order");
        } else if (re->is_unicode) {
            dv_js_regexp_fail(re, "set at the end of a range");
        }
    }
}

/* ---- With the flag v -------------------------------------------------- */

/* What joins the operands of a class. */
enum operator {
    NOTHING_YET,
    ONE_OPERAND,
    UNION,
    INTERSECTION,
    SUBTRACTION
};

/* An open class; four bytes (dv_js_regexp_init). */
struct class {
    uint8_t operator;
    bool wants_operand;         /* behind && or -- */
    bool is_negated;
    bool has_strings;           /* may match more than one character */
};

_Static_assert(sizeof(struct class) == 4, "see dv_js_regexp_init");

static struct class *
top_class(struct dv_js_regexp *re)
{
    return dv_vec_at(&re->classes, re->classes.len - 1);
}

static void
open_class(struct dv_js_regexp *re)
{
    struct class *class = dv_vec_push(&re->classes);

    if (class == NULL) {
        re->st = DAVY_NO_MEMORY;
        re->rest.len = 0;
        return;
    }
    class->is_negated = dv_js_regexp_eat(re, '^');
}

/* An operand was read. */
static void
add_operand(struct dv_js_regexp *re, bool has_strings, bool is_range)
{
    struct class *class = top_class(re);

    switch (class->operator) {
    case NOTHING_YET:
        class->operator = is_range ? UNION : ONE_OPERAND;
        class->has_strings = has_strings;
        break;
    case ONE_OPERAND:
    case UNION:
        class->operator = UNION;
        class->has_strings |= has_strings;
        break;
    default:
        if (!class->wants_operand || is_range)
            dv_js_regexp_fail(re, "operators mixed in a class");
        if (class->operator == INTERSECTION)
            class->has_strings = class->has_strings && has_strings;
        class->wants_operand = false;
        break;
    }
}

static void
read_operator(struct dv_js_regexp *re, enum operator operator)
{
    struct class *class = top_class(re);

    dv_span_skip(&re->rest, 2);
    if ((class->operator != ONE_OPERAND && class->operator != operator)
        || class->wants_operand
        || (operator == INTERSECTION && dv_js_regexp_peek(re, 0) == '&')) {
        dv_js_regexp_fail(re, "operators mixed in a class");
        return;
    }
    class->operator = (uint8_t)operator;
    class->wants_operand = true;
}

static bool
is_one_of(uint8_t c, const char *bytes)
{
    return c != 0 && strchr(bytes, c) != NULL;
}

/* ClassSetCharacter, or another escape. */
static enum dv_js_regexp_escape
read_set_character(struct dv_js_regexp *re, uint32_t *code)
{
    const uint8_t c = dv_js_regexp_peek(re, 0);

    *code = c;
    if (re->rest.len == 0) {
        dv_js_regexp_fail(re, "class without end");
        return DV_JS_REGEXP_CHARACTER;
    }
    if (c == '\\') {
        dv_span_skip(&re->rest, 1);
        if (is_one_of(dv_js_regexp_peek(re, 0), "&-!#%,:;<=>@`~")) {
            *code = re->rest.at[0];
            dv_span_skip(&re->rest, 1);
            return DV_JS_REGEXP_CHARACTER;
        }
        return dv_js_regexp_escape(re, true, code);
    }
    if (is_one_of(c, "()[]{}/-|")
        || (is_one_of(c, "&!#$%*+,.:;<=>?@^`~")
            && dv_js_regexp_peek(re, 1) == c)) {
        dv_js_regexp_fail(re, "character reserved in a class");
        return DV_JS_REGEXP_CHARACTER;
    }
    dv_span_skip(&re->rest, dv_utf8_read(re->rest, code));
    return DV_JS_REGEXP_CHARACTER;
}

/* The inside of \q{a|bc}. */
static void
read_strings(struct dv_js_regexp *re)
{
    bool has_strings = false;
    size_t count = 0;
    uint32_t code;

    for (;;) {
        if (dv_js_regexp_eat(re, '|') || dv_js_regexp_peek(re, 0) == '}') {
            has_strings |= count != 1;
            count = 0;
            if (dv_js_regexp_eat(re, '}'))
                break;
            continue;
        }
        if (read_set_character(re, &code) != DV_JS_REGEXP_CHARACTER)
            dv_js_regexp_fail(re, "set in a string of a class");
        if (re->st != DAVY_OK)
            return;
        count++;
    }
    add_operand(re, has_strings, false);
}

static void
read_operand(struct dv_js_regexp *re)
{
    enum dv_js_regexp_escape first;
    uint32_t low, high;

    if (dv_js_regexp_peek(re, 0) == '\\' && dv_js_regexp_peek(re, 1) == 'q'
        && dv_js_regexp_peek(re, 2) == '{') {
        dv_span_skip(&re->rest, 3);
        read_strings(re);
        return;
    }
    first = read_set_character(re, &low);
    if (dv_js_regexp_peek(re, 0) != '-' || dv_js_regexp_peek(re, 1) == '-') {
        add_operand(re, first == DV_JS_REGEXP_STRINGS, false);
        return;
    }
    dv_span_skip(&re->rest, 1);
    if (read_set_character(re, &high) != DV_JS_REGEXP_CHARACTER
        || first != DV_JS_REGEXP_CHARACTER || low > high)
        dv_js_regexp_fail(re, "range out of order");
    add_operand(re, false, true);
}

/* A closing bracket.  What may match strings cannot be negated. */
static void
close_class(struct dv_js_regexp *re)
{
    const struct class class = *top_class(re);

    if (class.wants_operand)
        dv_js_regexp_fail(re, "operand missing in a class");
    if (class.is_negated && class.has_strings)
        dv_js_regexp_fail(re, "negated class of strings");
    dv_vec_pop(&re->classes);
    if (re->classes.len > 0)
        add_operand(re, class.has_strings, false);
}

void
dv_js_regexp_class_set(struct dv_js_regexp *re)
{
    open_class(re);
    while (re->classes.len > 0 && re->st == DAVY_OK) {
        const uint8_t c = dv_js_regexp_peek(re, 0);
        const uint8_t second = dv_js_regexp_peek(re, 1);

        if (dv_js_regexp_eat(re, ']'))
            close_class(re);
        else if (dv_js_regexp_eat(re, '['))
            open_class(re);
        else if (c == '&' && second == '&')
            read_operator(re, INTERSECTION);
        else if (c == '-' && second == '-')
            read_operator(re, SUBTRACTION);
        else
            read_operand(re);
    }
}

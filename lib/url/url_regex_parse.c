/* SPDX-License-Identifier: MIT */
/* url_regex_parse.c - recursive descent over the expression (ECMA-262, 22.2)
 * that computes Glushkov's first, last and follow sets on the way. */

#include "url/url_regex_parse.h"

#include "base/ascii.h"

/* Groups inside groups; lists stay below ten. */
#define MAX_DEPTH 40

/* Atoms looked at, counting repetitions: bounds x{n} around empty groups. */
#define MAX_STEPS 20000

/* Counts in braces beyond this would not fit anyway. */
#define MAX_COUNT 1000

struct parser {
    struct dv_span left;
    struct dv_url_regex_nfa *nfa;
    davy_status status;
    bool is_match_case;
    unsigned depth;
    unsigned steps;
};

/* A part of the expression. */
struct piece {
    struct dv_url_regex_set first;
    struct dv_url_regex_set last;
    bool is_nullable;
};

struct class {
    uint64_t word[4];
};

static void parse_alternatives(struct parser *p, struct piece *out);

static void
fail(struct parser *p, davy_status st)
{
    if (p->status == DAVY_OK)
        p->status = st;
}

static int
peek(const struct parser *p)
{
    return p->left.len == 0 ? -1 : p->left.at[0];
}

static bool
take(struct parser *p, uint8_t byte)
{
    if (peek(p) != byte)
        return false;
    dv_span_skip(&p->left, 1);
    return true;
}

/* ---- Classes ---------------------------------------------------------- */

static void
class_add(struct class *class, unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to; c++)
        class->word[c / 64] |= UINT64_C(1) << c % 64;
}

static bool
class_has(const struct class *class, unsigned c)
{
    return class->word[c / 64] >> c % 64 & 1;
}

static void
class_negate(struct class *class)
{
    for (int i = 0; i < 4; i++)
        class->word[i] = ~class->word[i];
}

static void
class_ignore_case(struct class *class)
{
    for (unsigned c = 'a'; c <= 'z'; c++) {
        if (class_has(class, c) || class_has(class, c - 32)) {
            class_add(class, c, c);
            class_add(class, c - 32, c - 32);
        }
    }
}

/* \d \w \s and the like; false when `c` is none of them. */
static bool
add_named(struct class *class, int c)
{
    struct class named = { { 0 } };

    switch (c | 0x20) {
    case 'w':
        class_add(&named, 'a', 'z');
        class_add(&named, 'A', 'Z');
        class_add(&named, '_', '_');
        /* fall through */
    case 'd':
        class_add(&named, '0', '9');
        break;
    case 's':
        class_add(&named, '\t', '\r');
        class_add(&named, ' ', ' ');
        break;
    default:
        return false;
    }
    if (dv_ascii_is_upper((uint32_t)c))
        class_negate(&named);
    for (int i = 0; i < 4; i++)
        class->word[i] |= named.word[i];
    return true;
}

static int
take_hex(struct parser *p, size_t digits)
{
    int value = 0;

    if (p->left.len < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        const int digit = dv_ascii_hex(p->left.at[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    dv_span_skip(&p->left, digits);
    return value;
}

/* Behind a backslash: adds a named class and returns -1, or returns the byte
 * that is meant. */
static int
take_escape(struct parser *p, struct class *class, bool is_in_class)
{
    const int c = peek(p);
    int value;

    if (c < 0) {
        fail(p, DAVY_MALFORMED);
        return -1;
    }
    dv_span_skip(&p->left, 1);
    if (add_named(class, c))
        return -1;
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    case 'x':
    case 'u':
        value = take_hex(p, c == 'x' ? 2 : 4);
        if (value < 0 || value > 0x7f)
            fail(p, DAVY_DECLINED);
        return value & 0x7f;
    case 'b':
        if (is_in_class)
            return '\b';
        break;
    default:
        if (!dv_ascii_is_alnum((uint32_t)c))
            return c;
        break;
    }
    fail(p, DAVY_DECLINED);             /* \b \B \1 \k \p \c ... */
    return -1;
}

/* One end of a range, or a class of its own (-1). */
static int
take_class_atom(struct parser *p, struct class *class)
{
    const int c = peek(p);

    if (c < 0) {
        fail(p, DAVY_MALFORMED);
        return -1;
    }
    dv_span_skip(&p->left, 1);
    return c == '\\' ? take_escape(p, class, true) : c;
}

/* Behind `[`, up to and with `]`. */
static void
parse_class(struct parser *p, struct class *class)
{
    const bool is_negated = take(p, '^');

    while (p->status == DAVY_OK && !take(p, ']')) {
        const int from = take_class_atom(p, class);
        int to = from;

        if (p->left.len >= 2 && p->left.at[0] == '-'
            && p->left.at[1] != ']' && from >= 0) {
            dv_span_skip(&p->left, 1);
            to = take_class_atom(p, class);
            if (to < 0) {               /* [a-\d]: a minus as it is */
                class_add(class, '-', '-');
                to = from;
            } else if (to < from) {
                fail(p, DAVY_MALFORMED);
                return;
            }
        }
        if (from >= 0)
            class_add(class, (unsigned)from, (unsigned)to);
    }
    if (!p->is_match_case)
        class_ignore_case(class);
    if (is_negated)
        class_negate(class);
}

/* ---- Automaton -------------------------------------------------------- */

static bool
new_position(struct parser *p, struct piece *out)
{
    struct dv_url_regex_nfa *nfa = p->nfa;

    if (nfa->positions == DV_URL_REGEX_POSITIONS) {
        fail(p, DAVY_DECLINED);
        return false;
    }
    dv_url_regex_set_add(&out->first, nfa->positions);
    dv_url_regex_set_add(&out->last, nfa->positions);
    nfa->positions++;
    return true;
}

static void
put_symbol(struct parser *p, unsigned symbol, struct piece *out)
{
    if (new_position(p, out))
        dv_url_regex_set_add(&p->nfa->on[symbol], p->nfa->positions - 1);
}

static void
put_class(struct parser *p, const struct class *class, struct piece *out)
{
    if (!new_position(p, out))
        return;
    for (unsigned c = 0; c < 256; c++) {
        if (class_has(class, c))
            dv_url_regex_set_add(&p->nfa->on[c], p->nfa->positions - 1);
    }
}

/* What ends in `from` may go on in `to`. */
static void
link(struct parser *p, const struct dv_url_regex_set *from,
     const struct dv_url_regex_set *to)
{
    for (unsigned i = 0; i < p->nfa->positions; i++) {
        if (from->word[i / 64] >> i % 64 & 1)
            dv_url_regex_set_join(&p->nfa->follow[i], to);
    }
}

/* whole = whole next */
static void
append(struct parser *p, struct piece *whole, const struct piece *next)
{
    link(p, &whole->last, &next->first);
    if (whole->is_nullable)
        dv_url_regex_set_join(&whole->first, &next->first);
    if (next->is_nullable)
        dv_url_regex_set_join(&whole->last, &next->last);
    else
        whole->last = next->last;
    whole->is_nullable = whole->is_nullable && next->is_nullable;
}

/* ---- Grammar ---------------------------------------------------------- */

static void
parse_group(struct parser *p, struct piece *out)
{
    if (take(p, '?') && !take(p, ':')) {
        fail(p, DAVY_DECLINED);         /* look-around, named groups */
        return;
    }
    if (++p->depth > MAX_DEPTH) {
        fail(p, DAVY_DECLINED);
        return;
    }
    parse_alternatives(p, out);
    p->depth--;
    if (!take(p, ')'))
        fail(p, DAVY_MALFORMED);
}

static void
parse_atom(struct parser *p, struct piece *out)
{
    struct class class = { { 0 } };
    int c = peek(p);

    if (++p->steps > MAX_STEPS) {
        fail(p, DAVY_DECLINED);
        return;
    }
    dv_span_skip(&p->left, 1);
    switch (c) {
    case '^':
        put_symbol(p, DV_URL_REGEX_BEGIN, out);
        return;
    case '$':
        put_symbol(p, DV_URL_REGEX_END, out);
        return;
    case '(':
        parse_group(p, out);
        return;
    case '*':
    case '+':
    case '?':
        fail(p, DAVY_MALFORMED);
        return;
    case '.':
        class_negate(&class);
        break;
    case '[':
        parse_class(p, &class);
        break;
    case '\\':
        c = take_escape(p, &class, false);
        /* fall through */
    default:
        if (c >= 0)
            class_add(&class, (unsigned)c, (unsigned)c);
        if (!p->is_match_case)
            class_ignore_case(&class);
        break;
    }
    put_class(p, &class, out);
}

static bool
take_number(struct parser *p, unsigned *number)
{
    if (p->left.len == 0 || !dv_ascii_is_digit(p->left.at[0]))
        return false;
    *number = 0;
    while (p->left.len != 0 && dv_ascii_is_digit(p->left.at[0])) {
        *number = *number * 10 + (p->left.at[0] - '0');
        if (*number > MAX_COUNT)
            *number = MAX_COUNT + 1;
        dv_span_skip(&p->left, 1);
    }
    return true;
}

/* How often the atom before may stand: at least `min`, at most `max` times or
 * without end.  False when there is no quantifier. */
static bool
take_quantifier(struct parser *p, unsigned *min, unsigned *max,
                bool *is_endless)
{
    const struct dv_span before = p->left;

    *min = 0;
    *max = 1;
    *is_endless = false;
    if (take(p, '*')) {
        *is_endless = true;
    } else if (take(p, '+')) {
        *min = 1;
        *is_endless = true;
    } else if (!take(p, '?')) {
        if (!take(p, '{') || !take_number(p, min)) {
            p->left = before;           /* a brace as it is */
            return false;
        }
        *max = *min;
        if (take(p, ',') && !take_number(p, max))
            *is_endless = true;
        if (!take(p, '}')) {
            p->left = before;
            return false;
        }
    }
    take(p, '?');                       /* lazy: the same addresses match */
    if (*min > MAX_COUNT || *max > MAX_COUNT)
        fail(p, DAVY_DECLINED);
    else if (!*is_endless && *max < *min)
        fail(p, DAVY_MALFORMED);
    return true;
}

/* x{min,max} as copies of x; an endless one loops in its last copy. */
static void
repeat(struct parser *p, struct dv_span atom, const struct piece *first,
       unsigned min, unsigned max, bool is_endless, struct piece *out)
{
    const struct dv_span behind = p->left;
    const unsigned copies = !is_endless ? max : min == 0 ? 1 : min;
    struct piece copy = *first;

    *out = (struct piece){ .is_nullable = true };
    for (unsigned i = 0; i < copies && p->status == DAVY_OK; i++) {
        if (i > 0) {
            copy = (struct piece){ .is_nullable = false };
            p->left = atom;
            parse_atom(p, &copy);
        }
        if (is_endless && i + 1 == copies)
            link(p, &copy.last, &copy.first);
        copy.is_nullable = copy.is_nullable || i >= min;
        append(p, out, &copy);
    }
    p->left = behind;
}

static void
parse_term(struct parser *p, struct piece *out)
{
    const struct dv_span atom = p->left;
    struct piece first = { .is_nullable = false };
    unsigned min;
    unsigned max;
    bool is_endless;

    parse_atom(p, &first);
    if (p->status == DAVY_OK && take_quantifier(p, &min, &max, &is_endless))
        repeat(p, atom, &first, min, max, is_endless, out);
    else
        *out = first;
}

static void
parse_sequence(struct parser *p, struct piece *out)
{
    *out = (struct piece){ .is_nullable = true };
    while (p->status == DAVY_OK && p->left.len != 0 && peek(p) != '|'
           && peek(p) != ')') {
        struct piece next;

        parse_term(p, &next);
        append(p, out, &next);
    }
}

static void
parse_alternatives(struct parser *p, struct piece *out)
{
    parse_sequence(p, out);
    while (p->status == DAVY_OK && take(p, '|')) {
        struct piece other;

        parse_sequence(p, &other);
        dv_url_regex_set_join(&out->first, &other.first);
        dv_url_regex_set_join(&out->last, &other.last);
        out->is_nullable = out->is_nullable || other.is_nullable;
    }
}

davy_status
dv_url_regex_parse(struct dv_span text, bool is_match_case,
                   struct dv_url_regex_nfa *nfa)
{
    struct parser p = { .left = text, .nfa = nfa, .status = DAVY_OK,
                        .is_match_case = is_match_case };
    struct piece whole;

    parse_alternatives(&p, &whole);
    if (p.left.len != 0)
        fail(&p, DAVY_MALFORMED);       /* a `)` too many */
    nfa->first = whole.first;
    nfa->last = whole.last;
    nfa->is_nullable = whole.is_nullable;
    return p.status;
}

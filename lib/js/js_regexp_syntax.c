/* SPDX-License-Identifier: MIT */
/* js_regexp_syntax.c - groups, quantifiers and names of regular expressions
 * (ECMA-262, 22.2.1 and B.1.2). */

#include "js/js_regexp_syntax.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "js/js_unicode.h"

/* A larger map is given back, since clearing it would cost more than the next
 * pattern. */
#define KEPT_NAMES ((size_t)64)

/* An open group; the pattern itself is the outermost. */
struct group {
    uint32_t first_name;        /* in `seen` */
    uint32_t alternative;       /* first name of the current alternative */
    bool has_alternatives;
    bool is_quantifiable;
};

/* States of a name in the map. */
enum {
    NAME_REFERENCED,            /* by \k only */
    NAME_ELSEWHERE,             /* in another alternative */
    NAME_HERE                   /* a group here would be the second */
};

struct reference {
    struct dv_span name;
    size_t offset;
};

void
dv_js_regexp_init(struct dv_js_regexp *re, struct dv_mem *mem)
{
    *re = (struct dv_js_regexp){ .st = DAVY_OK };
    dv_vec_init(&re->groups, mem, sizeof(struct group), UINT32_MAX);
    dv_vec_init(&re->classes, mem, 4, UINT32_MAX);
    dv_vec_init(&re->seen, mem, sizeof(struct dv_span), UINT32_MAX);
    dv_vec_init(&re->references, mem, sizeof(struct reference), UINT32_MAX);
    dv_strmap_init(&re->names, mem);
    dv_arena_init(&re->arena, mem);
}

void
dv_js_regexp_fini(struct dv_js_regexp *re)
{
    dv_vec_fini(&re->groups);
    dv_vec_fini(&re->classes);
    dv_vec_fini(&re->seen);
    dv_vec_fini(&re->references);
    dv_strmap_fini(&re->names);
    dv_arena_fini(&re->arena);
}

/* The first failure counts; the rest of the pattern is taken away, so that all
 * loops end. */
void
dv_js_regexp_fail(struct dv_js_regexp *re, const char *message)
{
    if (re->st == DAVY_OK) {
        re->st = DAVY_MALFORMED;
        re->error.offset = re->all.len - re->rest.len;
        re->error.message = message;
    }
    re->rest.len = 0;
}

static void
no_memory(struct dv_js_regexp *re)
{
    re->st = DAVY_NO_MEMORY;
    re->rest.len = 0;
}

bool
dv_js_regexp_eat(struct dv_js_regexp *re, uint8_t byte)
{
    if (re->rest.len == 0 || re->rest.at[0] != byte)
        return false;
    dv_span_skip(&re->rest, 1);
    return true;
}

/* ---- Names ------------------------------------------------------------ */

/* One character of a group's name: escapes are allowed with and without the
 * flag u (22.2.1, RegExpIdentifierName). */
static bool
name_character(struct dv_js_regexp *re, uint32_t *c)
{
    const struct dv_span before = re->rest;

    if (dv_js_regexp_eat(re, '\\')) {
        if (dv_js_regexp_unicode(re, true, c))
            return true;
        re->rest = before;
        return false;
    }
    if (re->rest.len == 0)
        return false;
    dv_span_skip(&re->rest, dv_utf8_read(re->rest, c));
    return true;
}

/* The name between < and >, both of which are passed. */
static bool
group_name(struct dv_js_regexp *re, struct dv_span *name)
{
    const struct dv_span inside = re->rest;
    uint8_t *text, *at;
    bool is_first = true;
    uint32_t c;

    text = dv_arena_bytes(&re->arena,
                          dv_span_find_byte(inside, '>') + DV_UTF8_MAX);
    if (text == NULL) {
        no_memory(re);
        return false;
    }
    at = text;
    while (!dv_js_regexp_eat(re, '>')) {
        if (!name_character(re, &c)
            || (is_first ? !dv_js_unicode_is_start(c)
                         : !dv_js_unicode_is_part(c)))
            return false;
        at += dv_utf8_write(c, at);
        is_first = false;
    }
    *name = dv_span_of(text, (size_t)(at - text));
    return !is_first;
}

static uint32_t *
state_of(struct dv_js_regexp *re, struct dv_span name)
{
    uint32_t *state = dv_strmap_put(&re->names, name, NAME_REFERENCED);

    if (state == NULL)
        no_memory(re);
    return state;
}

static void
declare_name(struct dv_js_regexp *re, struct dv_span name)
{
    uint32_t *state = state_of(re, name);
    struct dv_span *place;

    if (state == NULL)
        return;
    if (*state == NAME_HERE && re->budget > 0) {
        dv_js_regexp_fail(re, "two groups of one name");
        return;
    }
    *state = NAME_HERE;
    place = dv_vec_push(&re->seen);
    if (place == NULL)
        no_memory(re);
    else
        *place = name;
}

static void
reference_name(struct dv_js_regexp *re)
{
    struct reference *place;
    struct dv_span name;

    if (!dv_js_regexp_eat(re, '<') || !group_name(re, &name)) {
        dv_js_regexp_fail(re, "bad name behind \\k");
        return;
    }
    place = dv_vec_push(&re->references);
    if (place == NULL) {
        no_memory(re);
        return;
    }
    place->name = name;
    place->offset = re->all.len - re->rest.len;
}

static void
check_references(struct dv_js_regexp *re)
{
    for (size_t i = 0; i < re->references.len && re->st == DAVY_OK; i++) {
        const struct reference *r = dv_vec_at(&re->references, i);

        if (dv_strmap_get(&re->names, r->name) == NULL) {
            dv_js_regexp_fail(re, "\\k of a group that is not there");
            re->error.offset = r->offset;
        }
    }
}

/* The names from `first` on take another state.  A budget keeps alternatives
 * inside of alternatives linear: beyond it, names are no longer compared. */
static void
set_names(struct dv_js_regexp *re, uint32_t first, uint32_t state)
{
    const uint64_t count = re->seen.len - first;

    if (count >= re->budget) {
        re->budget = 0;
        return;
    }
    re->budget -= count;
    for (size_t i = first; i < re->seen.len; i++) {
        uint32_t *place = dv_strmap_get(
            &re->names, *(struct dv_span *)dv_vec_at(&re->seen, i));

        if (place != NULL)
            *place = state;
    }
}

/* ---- Groups ----------------------------------------------------------- */

static struct group *
top_group(struct dv_js_regexp *re)
{
    return dv_vec_at(&re->groups, re->groups.len - 1);
}

static bool
open_group(struct dv_js_regexp *re, bool is_quantifiable)
{
    struct group *group = dv_vec_push(&re->groups);

    if (group == NULL) {
        no_memory(re);
        return false;
    }
    group->first_name = (uint32_t)re->seen.len;
    group->alternative = group->first_name;
    group->is_quantifiable = is_quantifiable;
    return true;
}

/* | : names so far are in another alternative than what comes. */
static void
next_alternative(struct dv_js_regexp *re)
{
    struct group *group = top_group(re);

    group->has_alternatives = true;
    set_names(re, group->alternative, NAME_ELSEWHERE);
    group->alternative = (uint32_t)re->seen.len;
}

/* Returns whether a quantifier may follow. */
static bool
close_group(struct dv_js_regexp *re)
{
    const struct group group = *top_group(re);

    if (group.has_alternatives)
        set_names(re, group.first_name, NAME_HERE);
    dv_vec_pop(&re->groups);
    return group.is_quantifiable;
}

/* (?ims-ims: */
static void
read_modifiers(struct dv_js_regexp *re)
{
    unsigned given = 0;
    bool is_minus = false;
    size_t count = 0;

    for (; !dv_js_regexp_eat(re, ':'); dv_span_skip(&re->rest, 1)) {
        const uint8_t c = dv_js_regexp_peek(re, 0);
        unsigned bit = 0;

        if (c == 'i' || c == 'm' || c == 's')
            bit = c == 'i' ? 1 : c == 'm' ? 2 : 4;
        if ((bit == 0 && (c != '-' || is_minus)) || (given & bit)) {
            dv_js_regexp_fail(re, "bad group");
            return;
        }
        is_minus |= c == '-';
        given |= bit;
        count += bit != 0;
    }
    if (count == 0 && is_minus)
        dv_js_regexp_fail(re, "bad group");
}

/* Behind an opening parenthesis. */
static void
read_group_head(struct dv_js_regexp *re)
{
    struct dv_span name;

    if (!dv_js_regexp_eat(re, '?')) {
        open_group(re, true);
        return;
    }
    if (dv_js_regexp_eat(re, '=') || dv_js_regexp_eat(re, '!')) {
        open_group(re, !re->is_unicode);
        return;
    }
    if (!dv_js_regexp_eat(re, '<')) {
        read_modifiers(re);
        open_group(re, true);
        return;
    }
    if (dv_js_regexp_eat(re, '=') || dv_js_regexp_eat(re, '!')) {
        open_group(re, false);
        return;
    }
    if (!group_name(re, &name)) {
        dv_js_regexp_fail(re, "bad name of a group");
        return;
    }
    declare_name(re, name);
    open_group(re, true);
}

/* How many groups capture, and whether any has a name: needed before \1 and \k
 * can be judged. */
static void
count_groups(struct dv_js_regexp *re)
{
    const struct dv_span text = re->all;
    size_t depth = 0;

    for (size_t i = 0; i < text.len; i++) {
        const struct dv_span rest = dv_span_slice(text, i + 1, text.len);

        switch (text.at[i]) {
        case '\\':
            i++;
            break;
        case '[':
            depth = re->has_sets ? depth + 1 : 1;
            break;
        case ']':
            depth -= depth > 0;
            break;
        case '(':
            if (depth > 0)
                break;
            if (rest.len == 0 || rest.at[0] != '?') {
                re->group_count++;
            } else if (rest.len > 2 && rest.at[1] == '<' && rest.at[2] != '='
                       && rest.at[2] != '!') {
                re->group_count++;
                re->has_names = true;
            }
            break;
        default:
            break;
        }
    }
}

/* ---- Terms ------------------------------------------------------------ */

/* A decimal number; saturates. */
static uint64_t
read_number(struct dv_js_regexp *re)
{
    uint64_t value = 0;

    while (dv_ascii_is_digit(dv_js_regexp_peek(re, 0))) {
        if (value < UINT32_MAX)
            value = value * 10 + (re->rest.at[0] - '0');
        dv_span_skip(&re->rest, 1);
    }
    return value;
}

/* {n}, {n,}, {n,m}; false and no move when it is none. */
static bool
read_braces(struct dv_js_regexp *re)
{
    const struct dv_span before = re->rest;
    uint64_t least, most;

    dv_span_skip(&re->rest, 1);
    if (!dv_ascii_is_digit(dv_js_regexp_peek(re, 0))) {
        re->rest = before;
        return false;
    }
    least = read_number(re);
    most = least;
    if (dv_js_regexp_eat(re, ','))
        most = dv_ascii_is_digit(dv_js_regexp_peek(re, 0)) ? read_number(re)
                                                            : UINT64_MAX;
    if (!dv_js_regexp_eat(re, '}')) {
        re->rest = before;
        return false;
    }
    if (least > most)
        dv_js_regexp_fail(re, "quantifier out of order");
    return true;
}

/* What may repeat the term before. */
static void
read_quantifier(struct dv_js_regexp *re, bool is_quantifiable)
{
    switch (dv_js_regexp_peek(re, 0)) {
    case '*':
    case '+':
    case '?':
        dv_span_skip(&re->rest, 1);
        break;
    case '{':
        if (!read_braces(re)) {
            if (re->is_unicode)
                dv_js_regexp_fail(re, "lone quantifier bracket");
            return;
        }
        break;
    default:
        return;
    }
    if (!is_quantifiable)
        dv_js_regexp_fail(re, "nothing to repeat");
    dv_js_regexp_eat(re, '?');
}

/* \1 refers to a group when there are so many; else it is an octal escape
 * outside of unicode patterns (B.1.2). */
static bool
read_back_reference(struct dv_js_regexp *re)
{
    const struct dv_span before = re->rest;
    const uint8_t first = dv_js_regexp_peek(re, 0);

    if (!dv_ascii_is_digit(first) || first == '0')
        return false;
    if (read_number(re) <= re->group_count)
        return true;
    if (re->is_unicode)
        dv_js_regexp_fail(re, "reference to a group that is not there");
    else
        re->rest = before;
    return re->is_unicode;
}

/* Behind a backslash; whether a quantifier may follow. */
static bool
read_escape(struct dv_js_regexp *re)
{
    uint32_t code;

    if (dv_js_regexp_eat(re, 'b') || dv_js_regexp_eat(re, 'B'))
        return false;
    if (dv_js_regexp_peek(re, 0) == 'k' && (re->is_unicode || re->has_names)) {
        dv_span_skip(&re->rest, 1);
        reference_name(re);
        return true;
    }
    if (!read_back_reference(re))
        (void)dv_js_regexp_escape(re, false, &code);
    return true;
}

/* A brace or bracket that stands for itself, outside of unicode patterns. */
static void
read_loose(struct dv_js_regexp *re, uint8_t c)
{
    if (re->is_unicode) {
        dv_js_regexp_fail(re, "lone bracket");
        return;
    }
    if (c == '{' && read_braces(re)) {
        dv_js_regexp_fail(re, "nothing to repeat");
        return;
    }
    dv_span_skip(&re->rest, 1);
}

/* One term that is no group; whether a quantifier may follow. */
static bool
read_atom(struct dv_js_regexp *re)
{
    const uint8_t c = re->rest.at[0];
    uint32_t code;

    switch (c) {
    case '^':
    case '$':
        dv_span_skip(&re->rest, 1);
        return false;
    case '\\':
        dv_span_skip(&re->rest, 1);
        return read_escape(re);
    case '[':
        dv_span_skip(&re->rest, 1);
        if (re->has_sets)
            dv_js_regexp_class_set(re);
        else
            dv_js_regexp_class(re);
        return true;
    case '*':
    case '+':
    case '?':
        dv_js_regexp_fail(re, "nothing to repeat");
        return false;
    case '{':
    case '}':
    case ']':
        read_loose(re, c);
        return true;
    default:
        dv_span_skip(&re->rest, dv_utf8_read(re->rest, &code));
        return true;
    }
}

static void
read_pattern(struct dv_js_regexp *re)
{
    if (!open_group(re, false))
        return;
    while (re->rest.len > 0) {
        bool is_quantifiable;

        if (dv_js_regexp_eat(re, '|')) {
            next_alternative(re);
            continue;
        }
        if (dv_js_regexp_eat(re, '(')) {
            read_group_head(re);
            continue;
        }
        if (!dv_js_regexp_eat(re, ')')) {
            is_quantifiable = read_atom(re);
        } else if (re->groups.len > 1) {
            is_quantifiable = close_group(re);
        } else {
            dv_js_regexp_fail(re, "parenthesis without its partner");
            return;
        }
        read_quantifier(re, is_quantifiable);
    }
    if (re->groups.len > 1)
        dv_js_regexp_fail(re, "group without end");
}

/* d g i m s u v y, each once, not u and v (22.2.4.1). */
static void
check_flags(struct dv_js_regexp *re, struct dv_span flags)
{
    static const char known[] = "dgimsuvy";
    unsigned given = 0;

    for (size_t i = 0; i < flags.len; i++) {
        const char *const place
            = flags.at[i] == 0 ? NULL : strchr(known, flags.at[i]);
        const unsigned bit = place == NULL ? 0 : 1u << (place - known);

        if (bit == 0 || (given & bit)) {
            re->st = DAVY_MALFORMED;
            re->error.message = "bad flags of a regular expression";
        }
        given |= bit;
    }
    re->has_sets = given & 1u << 6;
    re->is_unicode = given & (1u << 5 | 1u << 6);
    if ((given & 1u << 5) && (given & 1u << 6)) {
        re->st = DAVY_MALFORMED;
        re->error.message = "flags u and v together";
    }
    re->error.offset = re->all.len;
}

davy_status
dv_js_regexp_check(struct dv_js_regexp *re, struct dv_span pattern,
                   struct dv_span flags)
{
    re->all = pattern;
    re->rest = pattern;
    re->st = DAVY_OK;
    re->has_names = false;
    re->group_count = 0;
    re->budget = (uint64_t)pattern.len * 2 + 256;
    check_flags(re, flags);
    if (re->st != DAVY_OK)
        return re->st;
    count_groups(re);
    read_pattern(re);
    if (re->st == DAVY_OK)
        check_references(re);
    dv_vec_clear(&re->groups);
    dv_vec_clear(&re->classes);
    if (re->has_names || re->references.len > 0) {
        dv_vec_clear(&re->seen);
        dv_vec_clear(&re->references);
        if (re->names.cap > KEPT_NAMES)
            dv_strmap_fini(&re->names);
        dv_strmap_clear(&re->names);
        dv_arena_reset(&re->arena);
    }
    return re->st;
}

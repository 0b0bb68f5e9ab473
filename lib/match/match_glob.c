/* SPDX-License-Identifier: MIT */
/* match_glob.c - turns globs into literals and small automata, and asks them.
 *
 * Braces are multiplied out, so that each alternative is a plain run of
 * literals and stars.  Most of those need no automaton; the rest is a
 * bit-parallel one (Baeza-Yates and Gonnet, "A new approach to text
 * searching", 1992), whose cost per byte depends on nothing. */

#include "match/match_glob.h"

#include "base/ascii.h"

/* Tokens beyond the bytes. */
enum { TOKEN_STAR = 256, TOKEN_ANY = 257 };

struct tokens {
    uint16_t at[DV_PATTERN_BYTES];
    size_t len;
};

/* Walks the source and takes alternative `pick` of the product of braces. */
struct expander {
    struct dv_span source;
    size_t at;
    uint32_t pick;
    struct tokens *out;
};

static davy_status
refuse(struct dv_glob_error *error, const char *text, size_t at)
{
    *error = (struct dv_glob_error){ text, at };
    return DAVY_MALFORMED;
}

/* ---- Braces ----------------------------------------------------------- */

/* Number of alternatives of the brace that opens at `at`; `end` is behind the
 * closing one. */
static davy_status
measure_brace(struct dv_span source, size_t at, uint32_t *count, size_t *end,
              struct dv_glob_error *error)
{
    *count = 1;
    for (size_t i = at + 1; i < source.len; i++) {
        switch (source.at[i]) {
        case '\\':
            i++;
            break;
        case ',':
            (*count)++;
            break;
        case '{':
            return refuse(error, "braces cannot stand inside braces", i);
        case '}':
            *end = i + 1;
            return DAVY_OK;
        default:
            break;
        }
    }
    return refuse(error, "a brace is not closed", at);
}

/* Check the source and count what its braces multiply to. */
static davy_status
count_alternatives(struct dv_span source, uint32_t *product,
                   struct dv_glob_error *error)
{
    *product = 1;
    for (size_t i = 0; i < source.len;) {
        uint32_t count = 1;
        size_t end = i + 1;
        davy_status st = DAVY_OK;

        if (source.at[i] == '\\')
            end = i + 2;
        else if (source.at[i] == '}')
            return refuse(error, "a brace is not opened", i);
        else if (source.at[i] == '{')
            st = measure_brace(source, i, &count, &end, error);
        if (st != DAVY_OK)
            return st;
        if (end > source.len)
            return refuse(error, "nothing follows the backslash", i);
        if (count > DV_GLOB_ALTERNATIVES / *product)
            return refuse(error, "the braces make more than 64 alternatives",
                          i);
        *product *= count;
        i = end;
    }
    return DAVY_OK;
}

/* Append one token; neighbouring stars melt into the wider one. */
static void
add_token(struct tokens *out, uint16_t token)
{
    if (token >= TOKEN_STAR && out->len != 0
        && out->at[out->len - 1] >= TOKEN_STAR) {
        if (token == TOKEN_ANY)
            out->at[out->len - 1] = TOKEN_ANY;
        return;
    }
    out->at[out->len++] = token;
}

/* Take the byte, escape or star at the front; none of `{`, `,`, `}`. */
static void
expand_one(struct expander *e)
{
    const uint8_t c = e->source.at[e->at++];

    if (c == '\\') {
        add_token(e->out, e->source.at[e->at++]);
    } else if (c != '*') {
        add_token(e->out, c);
    } else if (e->at < e->source.len && e->source.at[e->at] == '*') {
        e->at++;
        add_token(e->out, TOKEN_ANY);
    } else {
        add_token(e->out, TOKEN_STAR);
    }
}

static void
skip_alternative(struct expander *e)
{
    while (e->source.at[e->at] != ',' && e->source.at[e->at] != '}')
        e->at += e->source.at[e->at] == '\\' ? 2 : 1;
}

static void
expand_brace(struct expander *e)
{
    struct dv_glob_error unused;
    uint32_t count;
    size_t end;

    if (measure_brace(e->source, e->at, &count, &end, &unused) != DAVY_OK)
        return;                         /* count_alternatives was content */
    e->at++;
    for (uint32_t i = 0; i < e->pick % count; i++) {
        skip_alternative(e);
        e->at++;
    }
    while (e->source.at[e->at] != ',' && e->source.at[e->at] != '}')
        expand_one(e);
    e->at = end;
    e->pick /= count;
}

static void
expand(struct dv_span source, uint32_t pick, struct tokens *out)
{
    struct expander e = { source, 0, pick, out };

    out->len = 0;
    while (e.at < source.len) {
        if (source.at[e.at] == '{')
            expand_brace(&e);
        else
            expand_one(&e);
    }
}

/* ---- Atoms ------------------------------------------------------------ */

static void
set_atom(struct dv_glob *glob, struct dv_span run, bool is_last)
{
    if (run.len <= glob->atom.len && glob->atom.len != 0)
        return;
    glob->atom_is_last = is_last && run.len <= DV_ATOM_BYTES;
    glob->atom = dv_span_slice(run, 0, DV_ATOM_BYTES);
}

/* ---- Stars ------------------------------------------------------------ */

/* The literal bytes of tokens [from, to) as a span of the arena. */
static bool
copy_literal(struct dv_arena *arena, const struct tokens *tokens, size_t from,
             size_t to, bool is_nocase, struct dv_span *copy)
{
    uint8_t *bytes = dv_arena_bytes(arena, to - from);

    if (bytes == NULL)
        return false;
    for (size_t i = from; i < to; i++) {
        const uint8_t c = (uint8_t)tokens->at[i];

        bytes[i - from] = is_nocase ? dv_ascii_lower(c) : c;
    }
    *copy = dv_span_of(bytes, to - from);
    return true;
}

/* Teach the automaton that literal byte number `j` of the middle is `c`. */
static void
add_step(struct dv_glob_stars *stars, uint8_t *classes, uint8_t c, unsigned j)
{
    if (stars->class_of[c] == 0)
        stars->class_of[c] = ++*classes;
    stars->steps[stars->class_of[c]] |= UINT64_C(1) << (j + 1);
}

static void
add_literal_step(struct dv_glob_stars *stars, uint8_t *classes, uint8_t c,
                 unsigned j, bool is_nocase)
{
    if (is_nocase && dv_ascii_is_alpha(c)) {
        add_step(stars, classes, c & 0xdf, j);
        add_step(stars, classes, c | 0x20, j);
    } else {
        add_step(stars, classes, c, j);
    }
}

static void
build_steps(struct dv_glob_stars *stars, const struct tokens *tokens,
            size_t first, size_t last, bool is_nocase)
{
    uint8_t classes = 0;
    unsigned j = 0;

    for (size_t i = first; i <= last; i++) {
        const uint16_t token = tokens->at[i];

        if (token == TOKEN_ANY)
            stars->over_any |= UINT64_C(1) << j;
        else if (token == TOKEN_STAR)
            stars->over_no_dot |= UINT64_C(1) << j;
        else
            add_literal_step(stars, &classes, (uint8_t)token, j++, is_nocase);
    }
    stars->accept = UINT64_C(1) << j;
}

/* Look through the runs between the stars for a longer atom. */
static bool
find_atom(struct dv_arena *arena, struct dv_glob *glob,
          const struct tokens *tokens)
{
    size_t start = 0;

    for (size_t i = 0; i <= tokens->len; i++) {
        struct dv_span run;

        if (i < tokens->len && tokens->at[i] < TOKEN_STAR)
            continue;
        if (i - start > glob->atom.len) {
            if (!copy_literal(arena, tokens, start, i, glob->is_nocase, &run))
                return false;
            set_atom(glob, run, i == tokens->len);
        }
        start = i + 1;
    }
    return true;
}

static davy_status
build_stars(struct dv_arena *arena, const struct tokens *tokens, size_t first,
            size_t last, struct dv_glob *glob)
{
    struct dv_glob_stars *stars;
    size_t literals = 0;

    for (size_t i = first; i <= last; i++)
        literals += tokens->at[i] < TOKEN_STAR;
    /* Two classes for each letter when case does not matter. */
    stars = dv_arena_calloc(arena, 1, sizeof(*stars)
                            + (2 * literals + 1) * sizeof(stars->steps[0]));
    if (stars == NULL
        || !copy_literal(arena, tokens, 0, first, glob->is_nocase,
                         &stars->prefix)
        || !copy_literal(arena, tokens, last + 1, tokens->len,
                         glob->is_nocase, &stars->suffix))
        return DAVY_NO_MEMORY;
    build_steps(stars, tokens, first, last, glob->is_nocase);
    glob->how = DV_GLOB_STARS;
    glob->stars = stars;
    return find_atom(arena, glob, tokens) ? DAVY_OK : DAVY_NO_MEMORY;
}

/* ---- Kinds of globs --------------------------------------------------- */

static bool
is_any(const struct tokens *tokens, size_t i)
{
    return tokens->at[i] == TOKEN_ANY;
}

/* Whether stars first and last need no automaton; sets `how`. */
static bool
is_simple(const struct tokens *tokens, size_t first, size_t last,
          bool is_nocase, enum dv_glob_how *how)
{
    const bool leads = first == 0 && is_any(tokens, first);
    const bool trails = last == tokens->len - 1 && is_any(tokens, last);

    if (first == last && leads && trails)
        *how = DV_GLOB_ANYTHING;
    else if (first == last && trails)
        *how = DV_GLOB_STARTS;
    else if (first == last && leads)
        *how = DV_GLOB_ENDS;
    else if (leads && trails && !is_nocase)
        *how = DV_GLOB_CONTAINS;
    else
        return false;
    for (size_t i = first + 1; i < last; i++) {
        if (tokens->at[i] >= TOKEN_STAR)
            return false;
    }
    return true;
}

static davy_status
build_simple(struct dv_arena *arena, const struct tokens *tokens, size_t from,
             size_t to, struct dv_glob *glob)
{
    if (!copy_literal(arena, tokens, from, to, glob->is_nocase, &glob->text))
        return DAVY_NO_MEMORY;
    set_atom(glob, glob->text, to == tokens->len);
    return DAVY_OK;
}

static davy_status
build(struct dv_arena *arena, const struct tokens *tokens,
      struct dv_glob *glob, struct dv_glob_error *error)
{
    size_t first = 0;
    size_t last = tokens->len;
    size_t literals = 0;

    while (first < tokens->len && tokens->at[first] < TOKEN_STAR)
        first++;
    while (last > 0 && tokens->at[last - 1] < TOKEN_STAR)
        last--;
    if (first == tokens->len) {
        glob->how = DV_GLOB_EQUALS;
        return build_simple(arena, tokens, 0, tokens->len, glob);
    }
    last--;
    if (is_simple(tokens, first, last, glob->is_nocase, &glob->how)) {
        if (glob->how == DV_GLOB_ANYTHING)
            return DAVY_OK;
        return build_simple(arena, tokens, first == 0 ? 1 : 0,
                            last == tokens->len - 1 ? last : tokens->len,
                            glob);
    }
    for (size_t i = first; i <= last; i++)
        literals += tokens->at[i] < TOKEN_STAR;
    if (literals > DV_GLOB_MIDDLE)
        return refuse(error, "more than 63 literal bytes stand between the "
                             "first and the last star", 0);
    return build_stars(arena, tokens, first, last, glob);
}

/* ---- Compiling -------------------------------------------------------- */

static bool
set_init(struct dv_arena *arena, struct dv_glob_set *set, uint32_t count,
         bool is_nocase)
{
    set->count = count;
    set->at = dv_arena_calloc(arena, count, sizeof(*set->at));
    for (uint32_t i = 0; set->at != NULL && i < count; i++)
        set->at[i].is_nocase = is_nocase;
    return set->at != NULL;
}

davy_status
dv_glob_compile(struct dv_arena *arena, struct dv_span source, bool is_nocase,
                struct dv_glob_set *set, struct dv_glob_error *error)
{
    struct tokens tokens;
    uint32_t count;
    davy_status st;

    if (source.len == 0)
        return refuse(error, "the pattern is empty", 0);
    if (source.len > DV_PATTERN_BYTES)
        return refuse(error, "the pattern is longer than 1024 bytes", 0);
    st = count_alternatives(source, &count, error);
    if (st != DAVY_OK)
        return st;
    if (!set_init(arena, set, count, is_nocase))
        return DAVY_NO_MEMORY;
    for (uint32_t i = 0; st == DAVY_OK && i < count; i++) {
        expand(source, i, &tokens);
        st = build(arena, &tokens, &set->at[i], error);
    }
    return st;
}

/* A literal as tokens, with the stars that `how` means. */
static void
tokens_of_literal(struct tokens *tokens, struct dv_span literal,
                  enum dv_glob_how how)
{
    tokens->len = 0;
    if (how == DV_GLOB_ENDS || how == DV_GLOB_CONTAINS)
        add_token(tokens, TOKEN_ANY);
    for (size_t i = 0; i < literal.len; i++)
        add_token(tokens, literal.at[i]);
    if (how == DV_GLOB_STARTS || how == DV_GLOB_CONTAINS)
        add_token(tokens, TOKEN_ANY);
}

davy_status
dv_glob_literal(struct dv_arena *arena, struct dv_span literal,
                enum dv_glob_how how, bool is_nocase, struct dv_glob_set *set,
                struct dv_glob_error *error)
{
    struct tokens tokens;

    if (literal.len == 0)
        return refuse(error, "the pattern is empty", 0);
    if (literal.len > DV_PATTERN_BYTES - 2)
        return refuse(error, "the pattern is longer than 1022 bytes", 0);
    if (!set_init(arena, set, 1, is_nocase))
        return DAVY_NO_MEMORY;
    tokens_of_literal(&tokens, literal, how);
    return build(arena, &tokens, &set->at[0], error);
}

/* ---- Asking ----------------------------------------------------------- */

static bool
equal(struct dv_span text, struct dv_span literal, bool is_nocase)
{
    return is_nocase ? dv_span_equal_nocase(text, literal)
                     : dv_span_equal(text, literal);
}

static bool
starts(struct dv_span text, struct dv_span literal, bool is_nocase)
{
    return text.len >= literal.len
           && equal(dv_span_of(text.at, literal.len), literal, is_nocase);
}

static bool
ends(struct dv_span text, struct dv_span literal, bool is_nocase)
{
    return text.len >= literal.len
           && equal(dv_span_slice(text, text.len - literal.len, literal.len),
                    literal, is_nocase);
}

/* Run the automaton over the middle. */
static bool
run_stars(const struct dv_glob_stars *stars, struct dv_span middle)
{
    uint64_t state = 1;

    for (size_t i = 0; i < middle.len; i++) {
        const uint8_t c = middle.at[i];
        const uint64_t stay = stars->over_any
                              | (c == '.' ? 0 : stars->over_no_dot);

        if (state & stars->accept & stars->over_any)
            return true;                /* the rest does not matter */
        state = (state & stay)
                | (state << 1 & stars->steps[stars->class_of[c]]);
        if (state == 0)
            return false;
    }
    return (state & stars->accept) != 0;
}

static bool
test_stars(const struct dv_glob_stars *stars, struct dv_span text,
           bool is_nocase)
{
    if (text.len < stars->prefix.len + stars->suffix.len
        || !starts(text, stars->prefix, is_nocase)
        || !ends(text, stars->suffix, is_nocase))
        return false;
    text.len -= stars->suffix.len;
    dv_span_skip(&text, stars->prefix.len);
    return run_stars(stars, text);
}

bool
dv_glob_test(const struct dv_glob *glob, struct dv_span text)
{
    switch (glob->how) {
    case DV_GLOB_EQUALS:
        return equal(text, glob->text, glob->is_nocase);
    case DV_GLOB_STARTS:
        return starts(text, glob->text, glob->is_nocase);
    case DV_GLOB_ENDS:
        return ends(text, glob->text, glob->is_nocase);
    case DV_GLOB_CONTAINS:
        return dv_span_find(text, glob->text) != text.len;
    case DV_GLOB_ANYTHING:
        return true;
    case DV_GLOB_STARS:
        return test_stars(glob->stars, text, glob->is_nocase);
    }
    return false;
}

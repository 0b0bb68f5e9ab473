/* SPDX-License-Identifier: MIT */
/* match_atom.c - reads a regular expression just far enough to know which
 * literals it needs.
 *
 * A sequence needs what any of its parts needs, so the best part is taken; an
 * alternation needs one of what its branches need, so all are taken.  Anything
 * that may be absent (`?`, `*`, `{0,n}`) needs nothing. */

#include "match/match_atom.h"

#include "base/ascii.h"
#include "match/match_glob.h"

/* Groups inside groups; deeper ones are not looked into. */
#define MAX_DEPTH 16

struct reader {
    struct dv_arena *arena;
    struct dv_span source;
    size_t at;
    unsigned depth;
    bool gave_up;                       /* something not understood */
    bool is_nocase;
    bool is_refused;                    /* memory was */
};

/* One branch of an alternation while it is read. */
struct branch {
    uint8_t run[DV_ATOM_BYTES];         /* the literal run being read */
    size_t run_len;
    struct dv_atom_set best;
    size_t positions;
};

/* How often something stands in a row, as far as it must be written out. */
struct quantifier {
    unsigned least;
    unsigned most;
};

static struct dv_atom_set read_alternation(struct reader *r);

/* ---- Sets ------------------------------------------------------------- */

static size_t
shortest(const struct dv_atom_set *set)
{
    size_t least = set->count == 0 ? 0 : SIZE_MAX;

    for (uint32_t i = 0; i < set->count; i++) {
        if (set->at[i].len < least)
            least = set->at[i].len;
    }
    return least;
}

static void
offer(struct branch *b, struct dv_atom_set set)
{
    const size_t old = shortest(&b->best);
    const size_t fresh = shortest(&set);

    if (fresh > old || (fresh == old && set.count < b->best.count))
        b->best = set;                  /* its positions do not matter */
}

static void
end_run(struct reader *r, struct branch *b)
{
    struct dv_atom_set set = { .count = 1 };

    if (b->run_len >= DV_ATOM_LEAST) {
        set.at = dv_arena_alloc(r->arena, sizeof(*set.at));
        if (set.at == NULL
            || !dv_arena_copy(r->arena, dv_span_of(b->run, b->run_len),
                              set.at))
            r->is_refused = true;
        else
            offer(b, set);
    }
    b->run_len = 0;
}

/* Both sets; nothing when one is empty or the sum is too large. */
static struct dv_atom_set
join(struct reader *r, struct dv_atom_set a, struct dv_atom_set b)
{
    struct dv_atom_set sum = { .positions = a.positions + b.positions };

    if (a.count == 0 || b.count == 0 || a.count + b.count > DV_ATOM_SET)
        return sum;
    sum.at = dv_arena_calloc(r->arena, a.count + b.count, sizeof(*sum.at));
    if (sum.at == NULL) {
        r->is_refused = true;
        return sum;
    }
    memcpy(sum.at, a.at, a.count * sizeof(*a.at));
    memcpy(sum.at + a.count, b.at, b.count * sizeof(*b.at));
    sum.count = a.count + b.count;
    return sum;
}

/* ---- Quantifiers ------------------------------------------------------ */

static bool
is_at(const struct reader *r, uint8_t c)
{
    return r->at < r->source.len && r->source.at[r->at] == c;
}

static bool
read_count(struct reader *r, size_t *at, unsigned *count)
{
    const size_t from = *at;

    *count = 0;
    while (*at < r->source.len && dv_ascii_is_digit(r->source.at[*at])) {
        if (*count < 100000)
            *count = *count * 10 + (unsigned)(r->source.at[*at] - '0');
        (*at)++;
    }
    return *at > from;
}

/* `{n}`, `{n,}` or `{n,m}`; anything else is a literal brace. */
static bool
read_bounds(struct reader *r, struct quantifier *q)
{
    size_t at = r->at + 1;
    struct quantifier read;

    if (!read_count(r, &at, &read.least))
        return false;
    read.most = read.least;
    if (at < r->source.len && r->source.at[at] == ',') {
        at++;
        if (!read_count(r, &at, &read.most))
            read.most = read.least + 1;
    }
    if (at >= r->source.len || r->source.at[at] != '}')
        return false;
    r->at = at + 1;
    *q = read;
    return true;
}

/* Whether a quantifier stands here; without one `q` says once. */
static bool
read_quantifier(struct reader *r, struct quantifier *q)
{
    *q = (struct quantifier){ 1, 1 };
    if (is_at(r, '?') || is_at(r, '*') || is_at(r, '+')) {
        q->least = is_at(r, '+');
        r->at++;
    } else if (!is_at(r, '{') || !read_bounds(r, q)) {
        return false;
    }
    if (is_at(r, '?') || is_at(r, '+'))
        r->at++;                        /* lazy, possessive */
    return true;
}

static void
count_positions(struct branch *b, size_t positions, struct quantifier q)
{
    if (q.most != 0 && positions > SIZE_MAX / 2 / q.most)
        b->positions = SIZE_MAX / 2;
    else if (b->positions < SIZE_MAX / 2)
        b->positions += positions * q.most;
}

/* ---- Parts of a branch ------------------------------------------------ */

static void
take_literal(struct reader *r, struct branch *b, uint8_t c)
{
    struct quantifier q;
    const bool is_quantified = read_quantifier(r, &q);

    count_positions(b, 1, q);
    if (q.least != 0) {
        if (b->run_len == sizeof(b->run))
            end_run(r, b);
        b->run[b->run_len++] = c;
    }
    if (is_quantified)
        end_run(r, b);
}

/* Something that is no literal. */
static void
take_other(struct reader *r, struct branch *b)
{
    struct quantifier q;

    end_run(r, b);
    (void)read_quantifier(r, &q);
    count_positions(b, 1, q);
}

static void
take_hex(struct reader *r, struct branch *b)
{
    int high;
    int low;

    if (r->source.len - r->at < 2) {
        r->gave_up = true;
        return;
    }
    high = dv_ascii_hex(r->source.at[r->at]);
    low = dv_ascii_hex(r->source.at[r->at + 1]);
    if (high < 0 || low < 0) {
        r->gave_up = true;
        return;
    }
    r->at += 2;
    take_literal(r, b, (uint8_t)(high * 16 + low));
}

/* `\p{..}` or `\pL` */
static void
take_property(struct reader *r, struct branch *b)
{
    if (is_at(r, '{')) {
        while (r->at < r->source.len && !is_at(r, '}'))
            r->at++;
    }
    r->at++;
    take_other(r, b);
}

static void
take_escape(struct reader *r, struct branch *b)
{
    static const char controls[] = "n\nr\rt\tf\fe\033a\a";
    static const char classes[] = "dDwWsShHvVRNbBAzZ";
    uint8_t c;

    r->at++;
    if (r->at >= r->source.len) {
        r->gave_up = true;
        return;
    }
    c = r->source.at[r->at++];
    if (!dv_ascii_is_alnum(c)) {
        take_literal(r, b, c);
        return;
    }
    for (size_t i = 0; controls[i] != '\0'; i += 2) {
        if (c == (uint8_t)controls[i]) {
            take_literal(r, b, (uint8_t)controls[i + 1]);
            return;
        }
    }
    if (c == 'x')
        take_hex(r, b);
    else if (c == 'p' || c == 'P')
        take_property(r, b);
    else if (memchr(classes, c, sizeof(classes) - 1) != NULL)
        take_other(r, b);
    else
        r->gave_up = true;
}

/* Move behind `[:name:]` when one stands here. */
static bool
skip_posix_class(struct reader *r)
{
    const struct dv_span rest = dv_span_slice(r->source, r->at, SIZE_MAX);
    size_t end;

    if (!dv_span_starts_with(rest, DV_SPAN_LIT("[:")))
        return false;
    end = dv_span_find(rest, DV_SPAN_LIT(":]"));
    if (end == rest.len)
        return false;
    r->at += end + 2;
    return true;
}

static void
take_class(struct reader *r, struct branch *b)
{
    const struct dv_span rest = dv_span_slice(r->source, r->at, SIZE_MAX);

    /* `[.]` is how many write a literal dot. */
    if (rest.len >= 3 && rest.at[2] == ']' && rest.at[1] != '^'
        && rest.at[1] != '\\' && rest.at[1] != '[') {
        r->at += 3;
        take_literal(r, b, rest.at[1]);
        return;
    }
    r->at++;
    if (is_at(r, '^'))
        r->at++;
    if (is_at(r, ']'))
        r->at++;
    while (r->at < r->source.len && !is_at(r, ']')) {
        if (is_at(r, '\\')) {
            if (r->at + 1 < r->source.len && r->source.at[r->at + 1] == 'Q')
                r->gave_up = true;
            r->at += 2;
        } else if (!skip_posix_class(r)) {
            r->at++;
        }
    }
    r->at++;
    take_other(r, b);
}

/* What follows `(?`: flags and a colon, or flags alone.  Returns whether a
 * group is open. */
static bool
read_flags(struct reader *r)
{
    while (r->at < r->source.len) {
        const uint8_t c = r->source.at[r->at++];

        if (c == ':')
            return true;
        if (c == ')')
            return false;
        if (c == 'i')
            r->is_nocase = true;
        else if (c != 's' && c != 'm' && c != '-')
            break;
    }
    r->gave_up = true;
    return false;
}

static void
take_group(struct reader *r, struct branch *b)
{
    struct dv_atom_set inner;
    struct quantifier q;

    end_run(r, b);
    r->at++;
    if (is_at(r, '*') || r->depth == MAX_DEPTH) {
        r->gave_up = true;
        return;
    }
    if (is_at(r, '?')) {
        r->at++;
        if (!read_flags(r))
            return;
    }
    r->depth++;
    inner = read_alternation(r);
    r->depth--;
    r->at++;                            /* the closing one */
    (void)read_quantifier(r, &q);
    count_positions(b, inner.positions, q);
    if (q.least != 0)
        offer(b, inner);
}

/* ---- The whole -------------------------------------------------------- */

static struct dv_atom_set
read_branch(struct reader *r)
{
    struct branch b = { .run_len = 0 };

    while (r->at < r->source.len && !is_at(r, '|') && !is_at(r, ')')
           && !r->gave_up && !r->is_refused) {
        const uint8_t c = r->source.at[r->at];

        if (c == '\\') {
            take_escape(r, &b);
        } else if (c == '[') {
            take_class(r, &b);
        } else if (c == '(') {
            take_group(r, &b);
        } else if (c == '.' || c == '^' || c == '$') {
            r->at++;
            take_other(r, &b);
        } else {
            r->at++;
            take_literal(r, &b, c);
        }
    }
    end_run(r, &b);
    b.best.positions = b.positions;
    return b.best;
}

static struct dv_atom_set
read_alternation(struct reader *r)
{
    struct dv_atom_set sum = read_branch(r);

    while (is_at(r, '|') && !r->gave_up && !r->is_refused) {
        r->at++;
        sum = join(r, sum, read_branch(r));
    }
    return sum;
}

davy_status
dv_atom_of_regex(struct dv_arena *arena, struct dv_span source,
                 struct dv_atom_set *set)
{
    struct reader r = { .arena = arena, .source = source };

    *set = read_alternation(&r);
    if (r.is_refused)
        return DAVY_NO_MEMORY;
    if (r.gave_up || r.at < source.len) {
        set->count = 0;                 /* a stray `)` ends up here, too */
        set->positions = SIZE_MAX;
    }
    set->is_nocase = r.is_nocase;
    return DAVY_OK;
}

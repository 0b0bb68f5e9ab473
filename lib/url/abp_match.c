/* SPDX-License-Identifier: MIT */
/* abp_match.c - patterns with `*` and `^`, without backtracking.
 *
 * A pattern is a row of pieces between its stars.  The first may be tied to a
 * place, each further piece is taken at its first place behind the one before
 * and the last may be tied to the end: the leftmost places leave the most room,
 * so nothing has ever to be tried again. */

#include "url/abp_match.h"

#include "url/url_token.h"

#define NOT_FOUND SIZE_MAX

/* Where the comparison of one piece ended, or NOT_FOUND.  A `^` also stands
 * for the end of the address. */
static size_t
match_piece(struct dv_span piece, bool is_match_case, struct dv_span url,
            size_t at)
{
    for (size_t i = 0; i < piece.len; i++, at++) {
        const uint8_t want = piece.at[i];

        if (at >= url.len) {
            if (want != '^' || i + 1 != piece.len)
                return NOT_FOUND;
            return at;
        }
        if (want == '^') {
            if (!dv_url_token_separator[url.at[at]])
                return NOT_FOUND;
        } else if ((is_match_case ? url.at[at]
                                  : dv_url_token_lower[url.at[at]])
                   != want) {
            return NOT_FOUND;
        }
    }
    return at;
}

/* The end of the first place of `piece` at or behind `from`. */
static size_t
find_piece(struct dv_span piece, bool is_match_case, struct dv_span url,
           size_t from)
{
    for (size_t at = from; at <= url.len; at++) {
        const size_t end = match_piece(piece, is_match_case, url, at);

        if (end != NOT_FOUND)
            return end;
    }
    return NOT_FOUND;
}

/* Whether the piece ends the address; `from` is the first place it may have. */
static bool
match_last(struct dv_span piece, bool is_match_case, struct dv_span url,
           size_t from)
{
    size_t at;

    if (piece.len > url.len - from) {
        /* Only a final `^` may lie behind the end. */
        if (piece.len - 1 != url.len - from)
            return false;
        at = from;
    } else {
        at = url.len - piece.len;
        if (match_piece(piece, is_match_case, url, at) == url.len)
            return true;
        if (at == url.len || piece.at[piece.len - 1] != '^')
            return false;
        at++;
    }
    return match_piece(piece, is_match_case, url, at) == url.len;
}

static bool
is_anchor(const struct dv_abp_pattern *pattern,
          const struct dv_abp_text *text, size_t at)
{
    if (pattern->has_start)
        return at == 0;
    if (pattern->has_host)
        return at >= text->host && at < text->host_end
               && (at == text->host || text->url.at[at - 1] == '.');
    return true;
}

/* The pieces behind the first one, which ended at `from`. */
static bool
match_rest(const struct dv_abp_pattern *pattern,
           const struct dv_abp_text *text, struct dv_span left, size_t from)
{
    while (left.len != 0) {
        const size_t star = dv_span_find_byte(left, '*');
        const struct dv_span piece = dv_span_of(left.at, star);
        const bool is_last = star == left.len;

        if (is_last && pattern->has_end)
            return match_last(piece, pattern->is_match_case, text->url,
                              from);
        from = find_piece(piece, pattern->is_match_case, text->url, from);
        if (from == NOT_FOUND)
            return false;
        dv_span_skip(&left, is_last ? star : star + 1);
    }
    return true;
}

bool
dv_abp_match_at(const struct dv_abp_pattern *pattern,
                const struct dv_abp_text *text, size_t at)
{
    const size_t star = dv_span_find_byte(pattern->text, '*');
    size_t end;

    if (!is_anchor(pattern, text, at))
        return false;
    end = match_piece(dv_span_of(pattern->text.at, star),
                      pattern->is_match_case, text->url, at);
    if (end == NOT_FOUND)
        return false;
    if (star == pattern->text.len)
        return !pattern->has_end || end == text->url.len;
    return match_rest(pattern, text,
                      dv_span_slice(pattern->text, star + 1,
                                    pattern->text.len), end);
}

bool
dv_abp_match_piece(const struct dv_abp_pattern *pattern,
                   const struct dv_abp_text *text, size_t at, size_t place)
{
    struct dv_span piece = pattern->text;
    size_t start = at;

    while (start > 0 && piece.at[start - 1] != '*')
        start--;
    dv_span_skip(&piece, start);
    piece.len = dv_span_find_byte(piece, '*');
    return place >= at - start
           && match_piece(piece, pattern->is_match_case, text->url,
                          place - (at - start)) != NOT_FOUND;
}

/* The first place of the first piece that its anchor allows, from `*at` on;
 * returns where it ends and moves `*at` to it. */
static size_t
find_first(const struct dv_abp_pattern *pattern,
           const struct dv_abp_text *text, struct dv_span piece, size_t *at)
{
    const size_t last = pattern->has_start ? 0
                        : pattern->has_host && text->host_end > 0
                            ? text->host_end - 1
                            : text->url.len;

    for (; *at <= last; (*at)++) {
        size_t end;

        if (!is_anchor(pattern, text, *at))
            continue;
        end = match_piece(piece, pattern->is_match_case, text->url, *at);
        if (end != NOT_FOUND)
            return end;
    }
    return NOT_FOUND;
}

bool
dv_abp_match(const struct dv_abp_pattern *pattern,
             const struct dv_abp_text *text)
{
    const size_t star = dv_span_find_byte(pattern->text, '*');
    const struct dv_span first = dv_span_of(pattern->text.at, star);
    size_t at = pattern->has_host ? text->host : 0;
    size_t end;

    if (star < pattern->text.len) {
        end = find_first(pattern, text, first, &at);
        return end != NOT_FOUND
               && match_rest(pattern, text,
                             dv_span_slice(pattern->text, star + 1,
                                           pattern->text.len), end);
    }
    if (pattern->has_end && !pattern->has_start && !pattern->has_host)
        return match_last(first, pattern->is_match_case, text->url, 0);
    for (;; at++) {
        end = find_first(pattern, text, first, &at);
        if (end == NOT_FOUND)
            return false;
        if (!pattern->has_end || end == text->url.len)
            return true;
    }
}

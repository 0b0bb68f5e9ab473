/* SPDX-License-Identifier: MIT */
/* url_path.c - reads path, query and fragment (URL Standard, 4.4: path start
 * state and all that follow). */

#include "url/url_parser.h"

static davy_status
parse_fragment(struct dv_url_parser *p)
{
    if (!dv_url_parser_starts_with(p, '#'))
        return DAVY_OK;
    dv_url_parser_take(p, 1);
    p->has_fragment = true;
    dv_url_out_byte(&p->out, '#');
    p->fragment = dv_url_parser_encode(p, dv_url_parser_take(p, p->left.len),
                                       DV_URL_SET_FRAGMENT);
    return DAVY_OK;
}

davy_status
dv_url_path_parse_tail(struct dv_url_parser *p)
{
    if (dv_url_parser_starts_with(p, '?')) {
        dv_url_parser_take(p, 1);
        p->has_query = true;
        dv_url_out_byte(&p->out, '?');
        p->query = dv_url_parser_encode(
            p, dv_url_parser_take(p, dv_span_find_byte(p->left, '#')),
            dv_url_parser_is_special(p) ? DV_URL_SET_SPECIAL_QUERY
                                        : DV_URL_SET_QUERY);
    }
    return parse_fragment(p);
}

/* 1 for ".", 2 for "..", also written with %2e; else 0. */
static int
count_dots(struct dv_span segment)
{
    int dots = 0;

    while (segment.len != 0) {
        if (segment.at[0] == '.')
            dv_span_skip(&segment, 1);
        else if (dv_span_starts_with_nocase(segment, DV_SPAN_LIT("%2e")))
            dv_span_skip(&segment, 3);
        else
            return 0;
        if (++dots > 2)
            return 0;
    }
    return dots;
}

void
dv_url_path_shorten(struct dv_url_parser *p)
{
    const uint8_t *at = p->out.at;
    size_t end = p->out.len;

    if (p->type == DV_URL_FILE && end - p->path.at == 3
        && dv_url_parser_is_drive(dv_span_of(at + p->path.at + 1, 2), true))
        return;
    while (end > p->path.at && at[end - 1] != '/')
        end--;
    p->out.len = end > p->path.at ? end - 1 : end;
}

static void
add_segment(struct dv_url_parser *p, struct dv_span segment)
{
    const bool is_first = p->out.len == p->path.at;

    dv_url_out_byte(&p->out, '/');
    dv_url_out_encode(&p->out, segment, DV_URL_SET_PATH);
    if (p->type == DV_URL_FILE && is_first
        && dv_url_parser_is_drive(segment, false) && !p->out.has_failed)
        p->out.at[p->out.len - 1] = ':';
}

/* A host is missing and the path begins with two slashes: "/." keeps them
 * from being read as a host (4.5, URL serialiser). */
void
dv_url_path_protect(struct dv_url_parser *p)
{
    if (p->host_type != DV_URL_HOST_NONE || p->is_opaque || p->path.len < 2
        || p->out.has_failed || p->out.at[p->path.at + 1] != '/')
        return;
    dv_url_out_insert(&p->out, p->path.at, DV_SPAN_LIT("/."));
    p->path.at += 2;
}

/* The length of the path when it can be taken as it is: nothing to encode and
 * no segment that begins like "." or "%2e".  Else 0.  This is how nearly all
 * addresses are, so it saves most of the work. */
static size_t
plain_length(const struct dv_url_parser *p)
{
    const struct dv_span left = p->left;
    bool begins = true;

    if (p->type == DV_URL_FILE)
        return 0;                       /* drive letters */
    for (size_t i = 0; i < left.len; i++) {
        const uint8_t c = left.at[i];

        if (c == '?' || c == '#')
            return i;
        if (!dv_url_out_is_plain(c, DV_URL_SET_PATH) || c == '\\'
            || (begins && (c == '.' || c == '%')))
            return 0;
        begins = c == '/';
    }
    return left.len;
}

davy_status
dv_url_path_parse_segments(struct dv_url_parser *p)
{
    const size_t plain = plain_length(p);

    if (plain != 0) {
        dv_url_out_byte(&p->out, '/');
        dv_url_out_put(&p->out, dv_url_parser_take(p, plain));
    }
    while (plain == 0) {
        const struct dv_span segment =
            dv_url_parser_take(p, dv_url_parser_find_delimiter(p));
        const bool goes_on = dv_url_parser_has_slash(p, 0);
        const int dots = count_dots(segment);

        if (dots == 2)
            dv_url_path_shorten(p);
        if (dots == 0)
            add_segment(p, segment);
        else if (!goes_on)
            dv_url_out_byte(&p->out, '/');
        if (!goes_on)
            break;
        dv_url_parser_take(p, 1);
    }
    p->path.len = p->out.len - p->path.at;
    dv_url_path_protect(p);
    return dv_url_path_parse_tail(p);
}

davy_status
dv_url_path_parse(struct dv_url_parser *p)
{
    p->path.at = p->out.len;
    if (dv_url_parser_has_slash(p, 0))
        dv_url_parser_take(p, 1);
    else if (!dv_url_parser_is_special(p)
             && (p->left.len == 0 || p->left.at[0] == '?'
                 || p->left.at[0] == '#'))
        return dv_url_path_parse_tail(p);
    return dv_url_path_parse_segments(p);
}

/* The opaque path state.  A space at the end would be lost when the query or
 * fragment is taken off, so it is encoded. */
davy_status
dv_url_path_parse_opaque(struct dv_url_parser *p)
{
    size_t n = 0;
    bool has_space;

    while (n < p->left.len && p->left.at[n] != '?' && p->left.at[n] != '#')
        n++;
    has_space = n < p->left.len && n > 0 && p->left.at[n - 1] == ' ';
    p->is_opaque = true;
    p->path = dv_url_parser_encode(p, dv_url_parser_take(p, n - has_space),
                                   DV_URL_SET_C0);
    if (has_space) {
        dv_url_parser_take(p, 1);
        p->path.len += dv_url_parser_put(p, DV_SPAN_LIT("%20")).len;
    }
    return dv_url_path_parse_tail(p);
}

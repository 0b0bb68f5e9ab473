/* SPDX-License-Identifier: MIT */
/* url.c - the basic URL parser (URL Standard, 4.4), as straight code.
 *
 * The standard describes a state machine over one pointer.  Here each state
 * that looks ahead to a delimiter is a function that takes its piece off the
 * front of what is left.  The serialised address is written on the way; parts
 * are remembered as offsets and become spans when the text has stopped
 * moving. */

#include "url/url_parser.h"

/* "starts with a Windows drive letter": a drive and then the end or a
 * delimiter. */
static bool
has_drive(struct dv_span text)
{
    if (!dv_url_parser_is_drive(dv_span_slice(text, 0, 2), false))
        return false;
    return text.len == 2 || text.at[2] == '/' || text.at[2] == '\\'
           || text.at[2] == '?' || text.at[2] == '#';
}

/* Any number of slashes, then the authority (special schemes). */
static davy_status
parse_special_authority(struct dv_url_parser *p)
{
    while (dv_url_parser_has_slash(p, 0))
        dv_url_parser_take(p, 1);
    return dv_url_authority_parse(p);
}

/* ---- Relative addresses ----------------------------------------------- */

static davy_status
copy_path_and_query(struct dv_url_parser *p)
{
    p->path = dv_url_parser_put(p, p->base->path);
    dv_url_path_protect(p);
    if (p->base->has_query && !dv_url_parser_starts_with(p, '?')) {
        dv_url_out_byte(&p->out, '?');
        p->query = dv_url_parser_put(p, p->base->query);
        p->has_query = true;
    }
    return dv_url_path_parse_tail(p);
}

static davy_status
parse_relative(struct dv_url_parser *p)
{
    if (dv_url_parser_has_slash(p, 0) && dv_url_parser_has_slash(p, 1)) {
        dv_url_parser_take(p, 2);
        return dv_url_parser_is_special(p) ? parse_special_authority(p)
                                           : dv_url_authority_parse(p);
    }
    dv_url_authority_copy(p);
    if (dv_url_parser_has_slash(p, 0))
        return dv_url_path_parse(p);
    if (p->left.len == 0 || p->left.at[0] == '?' || p->left.at[0] == '#')
        return copy_path_and_query(p);
    p->path = dv_url_parser_put(p, p->base->path);
    dv_url_path_shorten(p);
    return dv_url_path_parse_segments(p);
}

/* ---- file: ------------------------------------------------------------ */

static bool
has_file_base(const struct dv_url_parser *p)
{
    return p->base != NULL && p->base->type == DV_URL_FILE;
}

/* The drive of the base's path, with its slash, or nothing. */
static struct dv_span
base_drive(const struct dv_url_parser *p)
{
    const struct dv_span path = p->base->path;

    if (path.len >= 3
        && dv_url_parser_is_drive(dv_span_of(path.at + 1, 2), true)
        && (path.len == 3 || path.at[3] == '/'))
        return dv_span_of(path.at, 3);
    return dv_span_of(NULL, 0);
}

/* The file host state: behind two slashes. */
static davy_status
parse_file_host(struct dv_url_parser *p)
{
    const struct dv_span text =
        dv_span_of(p->left.at, dv_url_parser_find_delimiter(p));
    davy_status st = DAVY_OK;

    p->path.at = p->out.len;
    if (dv_url_parser_is_drive(text, false))
        return dv_url_path_parse_segments(p);
    dv_url_parser_take(p, text.len);
    if (text.len != 0)
        st = dv_url_authority_parse_host(p, text);
    if (st != DAVY_OK)
        return st;
    if (!p->out.has_failed
        && dv_span_equal(dv_span_of(p->out.at + p->host.at, p->host.len),
                         DV_SPAN_LIT("localhost"))) {
        p->out.len = p->host.at;
        p->host.len = 0;
    }
    if (p->host.len == 0)
        p->host_type = DV_URL_HOST_EMPTY;
    return dv_url_path_parse(p);
}

/* The file slash state: behind one slash. */
static davy_status
parse_file_slash(struct dv_url_parser *p)
{
    if (dv_url_parser_has_slash(p, 0)) {
        dv_url_parser_take(p, 1);
        return parse_file_host(p);
    }
    if (has_file_base(p)) {
        p->host = dv_url_parser_put(p, p->base->host);
        p->host_type = p->base->host_type;
    }
    p->path.at = p->out.len;
    if (has_file_base(p) && !has_drive(p->left))
        dv_url_out_put(&p->out, base_drive(p));
    return dv_url_path_parse_segments(p);
}

static davy_status
parse_file(struct dv_url_parser *p)
{
    dv_url_out_put(&p->out, DV_SPAN_LIT("//"));
    p->host_type = DV_URL_HOST_EMPTY;
    if (dv_url_parser_has_slash(p, 0)) {
        dv_url_parser_take(p, 1);
        return parse_file_slash(p);
    }
    if (!has_file_base(p)) {
        p->path.at = p->out.len;
        return dv_url_path_parse_segments(p);
    }
    p->host = dv_url_parser_put(p, p->base->host);
    p->host_type = p->base->host_type;
    if (p->left.len == 0 || p->left.at[0] == '?' || p->left.at[0] == '#')
        return copy_path_and_query(p);
    p->path.at = p->out.len;
    if (!has_drive(p->left)) {
        p->path = dv_url_parser_put(p, p->base->path);
        dv_url_path_shorten(p);
    }
    return dv_url_path_parse_segments(p);
}

/* ---- Scheme ----------------------------------------------------------- */

/* The length of the scheme at the front, without its colon; 0 for none. */
static size_t
scheme_length(struct dv_span text)
{
    if (text.len == 0 || !dv_ascii_is_alpha(text.at[0]))
        return 0;
    for (size_t i = 1; i < text.len; i++) {
        const uint8_t c = text.at[i];

        if (c == ':')
            return i;
        if (!dv_ascii_is_alnum(c) && c != '+' && c != '-' && c != '.')
            return 0;
    }
    return 0;
}

static void
put_scheme(struct dv_url_parser *p, struct dv_span name)
{
    p->scheme.len = name.len;
    for (size_t i = 0; i < name.len; i++)
        dv_url_out_byte(&p->out, dv_ascii_lower(name.at[i]));
    dv_url_out_byte(&p->out, ':');
    p->type = dv_url_parser_scheme(name);
}

/* The no scheme state. */
static davy_status
parse_without_scheme(struct dv_url_parser *p)
{
    if (p->base == NULL
        || (p->base->is_opaque && !dv_url_parser_starts_with(p, '#')))
        return DAVY_MALFORMED;
    put_scheme(p, p->base->scheme);
    if (p->base->is_opaque) {
        p->is_opaque = true;
        return copy_path_and_query(p);
    }
    return p->type == DV_URL_FILE ? parse_file(p) : parse_relative(p);
}

static davy_status
parse_any(struct dv_url_parser *p)
{
    const size_t n = scheme_length(p->left);

    if (n == 0)
        return parse_without_scheme(p);
    put_scheme(p, dv_url_parser_take(p, n));
    dv_url_parser_take(p, 1);
    if (p->type == DV_URL_FILE)
        return parse_file(p);
    if (dv_url_parser_is_special(p)) {
        if (p->base != NULL && p->base->type == p->type
            && !(dv_url_parser_starts_with(p, '/') && p->left.len > 1
                 && p->left.at[1] == '/'))
            return parse_relative(p);
        return parse_special_authority(p);
    }
    if (!dv_url_parser_has_slash(p, 0))
        return dv_url_path_parse_opaque(p);
    if (!dv_url_parser_has_slash(p, 1))
        return dv_url_path_parse(p);
    dv_url_parser_take(p, 2);
    return dv_url_authority_parse(p);
}

/* ---- The whole -------------------------------------------------------- */

static bool
is_removed(uint8_t c)
{
    return c <= '\r' && (c == '\t' || c == '\n' || c == '\r');
}

/* Without C0 controls and spaces at both ends, and without tabs and line
 * breaks anywhere; copies only when there are any. */
static bool
clean(struct dv_arena *arena, struct dv_span *text)
{
    struct dv_span in = *text;
    size_t n = 0;
    uint8_t *copy;

    while (in.len != 0 && in.at[0] <= ' ')
        dv_span_skip(&in, 1);
    while (in.len != 0 && in.at[in.len - 1] <= ' ')
        in.len--;
    while (n < in.len && !is_removed(in.at[n]))
        n++;
    *text = in;
    if (n == in.len)
        return true;
    copy = dv_arena_bytes(arena, in.len);
    if (copy == NULL)
        return false;
    memcpy(copy, in.at, n);
    for (size_t i = n; i < in.len; i++) {
        if (!is_removed(in.at[i]))
            copy[n++] = in.at[i];
    }
    *text = dv_span_of(copy, n);
    return true;
}

static struct dv_span
span_of(struct dv_span href, struct dv_url_part part)
{
    return dv_span_of(href.at + part.at, part.len);
}

static void
fill(struct dv_url *url, const struct dv_url_parser *p, struct dv_span href)
{
    *url = (struct dv_url){ .href = href,
                            .scheme = span_of(href, p->scheme),
                            .username = span_of(href, p->username),
                            .password = span_of(href, p->password),
                            .host = span_of(href, p->host),
                            .port = span_of(href, p->port),
                            .path = span_of(href, p->path),
                            .query = span_of(href, p->query),
                            .fragment = span_of(href, p->fragment),
                            .type = p->type,
                            .host_type = p->host_type,
                            .port_number = p->port_number,
                            .has_query = p->has_query,
                            .has_fragment = p->has_fragment,
                            .is_opaque = p->is_opaque };
}

davy_status
dv_url_parse(struct dv_url *url, struct dv_arena *arena, struct dv_span text,
             const struct dv_url *base)
{
    struct dv_url_parser p;
    struct dv_span href;
    davy_status st;

    memset(&p, 0, offsetof(struct dv_url_parser, out));
    memset(&p.scheme, 0, sizeof(p) - offsetof(struct dv_url_parser, scheme));
    p.arena = arena;
    p.base = base;
    p.left = text;
    dv_url_out_init(&p.out, arena);
    if (!clean(arena, &p.left))
        return DAVY_NO_MEMORY;
    st = parse_any(&p);
    if (st == DAVY_OK && !dv_url_out_finish(&p.out, &href))
        st = DAVY_NO_MEMORY;
    if (st == DAVY_OK)
        fill(url, &p, href);
    return st;
}

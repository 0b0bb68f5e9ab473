/* SPDX-License-Identifier: MIT */
/* url.c - the basic URL parser (URL Standard, 4.4), as straight code.
 *
 * The standard describes a state machine over one pointer.  Here each state
 * that looks ahead to a delimiter is a function that takes its piece off the
 * front of what is left.  The serialised address is written on the way; parts
 * are remembered as offsets and become spans when the text has stopped
 * moving. */

#include "url/url.h"

#include "base/ascii.h"
#include "url/url_host.h"
#include "url/url_out.h"

/* A part of the serialised address. */
struct part {
    size_t at;
    size_t len;
};

struct parser {
    struct dv_arena *arena;
    const struct dv_url *base;
    struct dv_span left;                /* input not yet read */
    struct dv_url_out out;
    struct part scheme, username, password, host, port, path, query,
        fragment;
    enum dv_url_scheme type;
    enum dv_url_host host_type;
    uint16_t port_number;
    bool has_query;
    bool has_fragment;
    bool is_opaque;
};

static const struct {
    struct dv_span name;
    uint16_t port;
} schemes[] = {
    [DV_URL_OTHER] = { { NULL, 0 }, 0 },
    [DV_URL_HTTP] = { { (const uint8_t *)"http", 4 }, 80 },
    [DV_URL_HTTPS] = { { (const uint8_t *)"https", 5 }, 443 },
    [DV_URL_WS] = { { (const uint8_t *)"ws", 2 }, 80 },
    [DV_URL_WSS] = { { (const uint8_t *)"wss", 3 }, 443 },
    [DV_URL_FTP] = { { (const uint8_t *)"ftp", 3 }, 21 },
    [DV_URL_FILE] = { { (const uint8_t *)"file", 4 }, 0 }
};

/* ---- Small helpers ---------------------------------------------------- */

static bool
is_special(const struct parser *p)
{
    return p->type != DV_URL_OTHER;
}

/* Whether the input has a slash at `i`, or what a special scheme takes for
 * one. */
static bool
has_slash(const struct parser *p, size_t i)
{
    if (i >= p->left.len)
        return false;
    return p->left.at[i] == '/' || (p->left.at[i] == '\\' && is_special(p));
}

static bool
starts_with(const struct parser *p, uint8_t byte)
{
    return p->left.len != 0 && p->left.at[0] == byte;
}

/* Where the authority or a path segment ends: `/`, `?`, `#`, and `\` in
 * special schemes. */
static size_t
find_delimiter(const struct parser *p)
{
    /* 1: everywhere; 2: in special schemes only. */
    static const uint8_t delimiters[256] = { ['/'] = 3, ['?'] = 3,
                                             ['#'] = 3, ['\\'] = 2 };
    const unsigned mask = is_special(p) ? 2 : 1;
    const struct dv_span left = p->left;
    size_t i = 0;

    while (i < left.len && !(delimiters[left.at[i]] & mask))
        i++;
    return i;
}

static struct dv_span
take(struct parser *p, size_t n)
{
    const struct dv_span piece = dv_span_of(p->left.at, n);

    dv_span_skip(&p->left, n);
    return piece;
}

static bool
is_drive(struct dv_span text, bool is_normalized)
{
    return text.len == 2 && dv_ascii_is_alpha(text.at[0])
           && (text.at[1] == ':' || (text.at[1] == '|' && !is_normalized));
}

/* "starts with a Windows drive letter": a drive and then the end or a
 * delimiter. */
static bool
has_drive(struct dv_span text)
{
    if (!is_drive(dv_span_slice(text, 0, 2), false))
        return false;
    return text.len == 2 || text.at[2] == '/' || text.at[2] == '\\'
           || text.at[2] == '?' || text.at[2] == '#';
}

/* Write a part of the base as it is. */
static struct part
put_part(struct parser *p, struct dv_span bytes)
{
    const struct part part = { p->out.len, bytes.len };

    dv_url_out_put(&p->out, bytes);
    return part;
}

static struct part
encode_part(struct parser *p, struct dv_span bytes, enum dv_url_set set)
{
    struct part part = { p->out.len, 0 };

    dv_url_out_encode(&p->out, bytes, set);
    part.len = p->out.len - part.at;
    return part;
}

/* ---- Query and fragment ----------------------------------------------- */

static davy_status
parse_fragment(struct parser *p)
{
    if (!starts_with(p, '#'))
        return DAVY_OK;
    take(p, 1);
    p->has_fragment = true;
    dv_url_out_byte(&p->out, '#');
    p->fragment = encode_part(p, take(p, p->left.len),
                              DV_URL_SET_FRAGMENT);
    return DAVY_OK;
}

/* What stands behind a path: `?query#fragment`. */
static davy_status
parse_tail(struct parser *p)
{
    if (starts_with(p, '?')) {
        take(p, 1);
        p->has_query = true;
        dv_url_out_byte(&p->out, '?');
        p->query = encode_part(p, take(p, dv_span_find_byte(p->left, '#')),
                               is_special(p) ? DV_URL_SET_SPECIAL_QUERY
                                             : DV_URL_SET_QUERY);
    }
    return parse_fragment(p);
}

/* ---- Path ------------------------------------------------------------- */

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

/* Drop the last segment, but no drive letter that stands alone. */
static void
shorten_path(struct parser *p)
{
    const uint8_t *at = p->out.at;
    size_t end = p->out.len;

    if (p->type == DV_URL_FILE && end - p->path.at == 3
        && is_drive(dv_span_of(at + p->path.at + 1, 2), true))
        return;
    while (end > p->path.at && at[end - 1] != '/')
        end--;
    p->out.len = end > p->path.at ? end - 1 : end;
}

static void
add_segment(struct parser *p, struct dv_span segment)
{
    const bool is_first = p->out.len == p->path.at;

    dv_url_out_byte(&p->out, '/');
    dv_url_out_encode(&p->out, segment, DV_URL_SET_PATH);
    if (p->type == DV_URL_FILE && is_first && is_drive(segment, false)
        && !p->out.has_failed)
        p->out.at[p->out.len - 1] = ':';
}

/* A host is missing and the path begins with two slashes: "/." keeps them
 * from being read as a host (4.5, URL serialiser). */
static void
protect_path(struct parser *p)
{
    if (p->host_type != DV_URL_HOST_NONE || p->path.len < 2
        || p->out.has_failed || p->out.at[p->path.at + 1] != '/')
        return;
    dv_url_out_insert(&p->out, p->path.at, DV_SPAN_LIT("/."));
    p->path.at += 2;
}

/* Segments up to `?` or `#`, behind those that are written since path.at. */
static davy_status
parse_segments(struct parser *p)
{
    for (;;) {
        const struct dv_span segment = take(p, find_delimiter(p));
        const bool goes_on = has_slash(p, 0);
        const int dots = count_dots(segment);

        if (dots == 2)
            shorten_path(p);
        if (dots == 0)
            add_segment(p, segment);
        else if (!goes_on)
            dv_url_out_byte(&p->out, '/');
        if (!goes_on)
            break;
        take(p, 1);
    }
    p->path.len = p->out.len - p->path.at;
    protect_path(p);
    return parse_tail(p);
}

/* The path start state: behind an authority, or at a single slash. */
static davy_status
parse_path(struct parser *p)
{
    p->path.at = p->out.len;
    if (has_slash(p, 0))
        take(p, 1);
    else if (!is_special(p)
             && (p->left.len == 0 || p->left.at[0] == '?'
                 || p->left.at[0] == '#'))
        return parse_tail(p);
    return parse_segments(p);
}

/* The opaque path state.  A space at the end would be lost when the query or
 * fragment is taken off, so it is encoded. */
static davy_status
parse_opaque_path(struct parser *p)
{
    size_t n = 0;
    bool has_space;

    while (n < p->left.len && p->left.at[n] != '?' && p->left.at[n] != '#')
        n++;
    has_space = n < p->left.len && n > 0 && p->left.at[n - 1] == ' ';
    p->is_opaque = true;
    p->path = encode_part(p, take(p, n - has_space), DV_URL_SET_C0);
    if (has_space) {
        take(p, 1);
        p->path.len += put_part(p, DV_SPAN_LIT("%20")).len;
    }
    return parse_tail(p);
}

/* ---- Authority -------------------------------------------------------- */

static void
parse_userinfo(struct parser *p, struct dv_span text)
{
    const size_t colon = dv_span_find_byte(text, ':');

    p->username = encode_part(p, dv_span_slice(text, 0, colon),
                              DV_URL_SET_USERINFO);
    if (text.len - colon > 1) {
        dv_url_out_byte(&p->out, ':');
        p->password = encode_part(p, dv_span_slice(text, colon + 1, text.len),
                                  DV_URL_SET_USERINFO);
    }
    if (p->username.len != 0 || p->password.len != 0)
        dv_url_out_byte(&p->out, '@');
}

static davy_status
parse_host(struct parser *p, struct dv_span text)
{
    struct dv_span host;
    const davy_status st = dv_url_host_parse(p->arena, text, !is_special(p),
                                             &host, &p->host_type);

    if (st == DAVY_OK)
        p->host = put_part(p, host);
    return st;
}

static davy_status
parse_port(struct parser *p, struct dv_span text)
{
    char digits[6];
    uint32_t number = 0;
    size_t n = sizeof(digits);

    for (size_t i = 0; i < text.len; i++) {
        if (!dv_ascii_is_digit(text.at[i]))
            return DAVY_MALFORMED;
        number = number * 10 + (text.at[i] - '0');
        if (number > UINT16_MAX)
            return DAVY_MALFORMED;
    }
    p->port_number = schemes[p->type].port;
    if (text.len == 0 || (is_special(p) && number == p->port_number))
        return DAVY_OK;
    p->port_number = (uint16_t)number;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    dv_url_out_byte(&p->out, ':');
    p->port = put_part(p, dv_span_of(digits + n, sizeof(digits) - n));
    return DAVY_OK;
}

/* The colon in front of the port: none inside of brackets counts. */
static size_t
find_port(struct dv_span text)
{
    bool is_inside = false;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '[')
            is_inside = true;
        else if (text.at[i] == ']')
            is_inside = false;
        else if (text.at[i] == ':' && !is_inside)
            return i;
    }
    return text.len;
}

/* `user:password@host:port`, behind the slashes, and all that follows. */
static davy_status
parse_authority(struct parser *p)
{
    struct dv_span text = take(p, find_delimiter(p));
    size_t at = text.len;
    size_t colon;
    davy_status st = DAVY_OK;

    dv_url_out_put(&p->out, DV_SPAN_LIT("//"));
    while (at > 0 && text.at[at - 1] != '@')
        at--;
    if (at > 0) {
        parse_userinfo(p, dv_span_of(text.at, at - 1));
        dv_span_skip(&text, at);
        if (text.len == 0)
            return DAVY_MALFORMED;
    }
    colon = find_port(text);
    p->host_type = DV_URL_HOST_EMPTY;
    if (colon != 0)
        st = parse_host(p, dv_span_of(text.at, colon));
    else if (text.len != 0 || is_special(p))
        return DAVY_MALFORMED;
    if (colon < text.len)
        dv_span_skip(&text, colon + 1);
    else
        text.len = 0;
    if (st == DAVY_OK)
        st = parse_port(p, text);
    return st == DAVY_OK ? parse_path(p) : st;
}

/* Any number of slashes, then the authority (special schemes). */
static davy_status
parse_special_authority(struct parser *p)
{
    while (has_slash(p, 0))
        take(p, 1);
    return parse_authority(p);
}

static void
copy_authority(struct parser *p)
{
    const struct dv_url *base = p->base;

    p->host_type = base->host_type;
    p->port_number = base->port_number;
    if (base->host_type == DV_URL_HOST_NONE)
        return;
    dv_url_out_put(&p->out, DV_SPAN_LIT("//"));
    p->username = put_part(p, base->username);
    if (base->password.len != 0) {
        dv_url_out_byte(&p->out, ':');
        p->password = put_part(p, base->password);
    }
    if (base->username.len != 0 || base->password.len != 0)
        dv_url_out_byte(&p->out, '@');
    p->host = put_part(p, base->host);
    if (base->port.len != 0) {
        dv_url_out_byte(&p->out, ':');
        p->port = put_part(p, base->port);
    }
}

/* ---- Relative addresses ----------------------------------------------- */

static davy_status
copy_path_and_query(struct parser *p)
{
    p->path = put_part(p, p->base->path);
    protect_path(p);
    if (p->base->has_query && !starts_with(p, '?')) {
        dv_url_out_byte(&p->out, '?');
        p->query = put_part(p, p->base->query);
        p->has_query = true;
    }
    return parse_tail(p);
}

static davy_status
parse_relative(struct parser *p)
{
    if (has_slash(p, 0) && has_slash(p, 1)) {
        take(p, 2);
        return is_special(p) ? parse_special_authority(p)
                             : parse_authority(p);
    }
    copy_authority(p);
    if (has_slash(p, 0))
        return parse_path(p);
    if (p->left.len == 0 || p->left.at[0] == '?' || p->left.at[0] == '#')
        return copy_path_and_query(p);
    p->path = put_part(p, p->base->path);
    shorten_path(p);
    return parse_segments(p);
}

/* ---- file: ------------------------------------------------------------ */

static bool
has_file_base(const struct parser *p)
{
    return p->base != NULL && p->base->type == DV_URL_FILE;
}

/* The drive of the base's path, with its slash, or nothing. */
static struct dv_span
base_drive(const struct parser *p)
{
    const struct dv_span path = p->base->path;

    if (path.len >= 3 && is_drive(dv_span_of(path.at + 1, 2), true)
        && (path.len == 3 || path.at[3] == '/'))
        return dv_span_of(path.at, 3);
    return dv_span_of(NULL, 0);
}

/* The file host state: behind two slashes. */
static davy_status
parse_file_host(struct parser *p)
{
    const struct dv_span text = dv_span_of(p->left.at, find_delimiter(p));
    davy_status st = DAVY_OK;

    p->path.at = p->out.len;
    if (is_drive(text, false))
        return parse_segments(p);
    take(p, text.len);
    if (text.len != 0)
        st = parse_host(p, text);
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
    return parse_path(p);
}

/* The file slash state: behind one slash. */
static davy_status
parse_file_slash(struct parser *p)
{
    if (has_slash(p, 0)) {
        take(p, 1);
        return parse_file_host(p);
    }
    if (has_file_base(p)) {
        p->host = put_part(p, p->base->host);
        p->host_type = p->base->host_type;
    }
    p->path.at = p->out.len;
    if (has_file_base(p) && !has_drive(p->left))
        dv_url_out_put(&p->out, base_drive(p));
    return parse_segments(p);
}

static davy_status
parse_file(struct parser *p)
{
    dv_url_out_put(&p->out, DV_SPAN_LIT("//"));
    p->host_type = DV_URL_HOST_EMPTY;
    if (has_slash(p, 0)) {
        take(p, 1);
        return parse_file_slash(p);
    }
    if (!has_file_base(p)) {
        p->path.at = p->out.len;
        return parse_segments(p);
    }
    p->host = put_part(p, p->base->host);
    p->host_type = p->base->host_type;
    if (p->left.len == 0 || p->left.at[0] == '?' || p->left.at[0] == '#')
        return copy_path_and_query(p);
    p->path.at = p->out.len;
    if (!has_drive(p->left)) {
        p->path = put_part(p, p->base->path);
        shorten_path(p);
    }
    return parse_segments(p);
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
put_scheme(struct parser *p, struct dv_span name)
{
    p->scheme.len = name.len;
    for (size_t i = 0; i < name.len; i++)
        dv_url_out_byte(&p->out, dv_ascii_lower(name.at[i]));
    dv_url_out_byte(&p->out, ':');
    p->type = DV_URL_OTHER;
    for (int i = DV_URL_HTTP; i <= DV_URL_FILE; i++) {
        if (dv_span_equal_nocase(name, schemes[i].name))
            p->type = (enum dv_url_scheme)i;
    }
}

/* The no scheme state. */
static davy_status
parse_without_scheme(struct parser *p)
{
    if (p->base == NULL || (p->base->is_opaque && !starts_with(p, '#')))
        return DAVY_MALFORMED;
    put_scheme(p, p->base->scheme);
    if (p->base->is_opaque) {
        p->is_opaque = true;
        return copy_path_and_query(p);
    }
    return p->type == DV_URL_FILE ? parse_file(p) : parse_relative(p);
}

static davy_status
parse_any(struct parser *p)
{
    const size_t n = scheme_length(p->left);

    if (n == 0)
        return parse_without_scheme(p);
    put_scheme(p, take(p, n));
    take(p, 1);
    if (p->type == DV_URL_FILE)
        return parse_file(p);
    if (is_special(p)) {
        if (p->base != NULL && p->base->type == p->type
            && !(starts_with(p, '/') && p->left.len > 1
                 && p->left.at[1] == '/'))
            return parse_relative(p);
        return parse_special_authority(p);
    }
    if (!has_slash(p, 0))
        return parse_opaque_path(p);
    if (!has_slash(p, 1))
        return parse_path(p);
    take(p, 2);
    return parse_authority(p);
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
span_of(struct dv_span href, struct part part)
{
    return dv_span_of(href.at + part.at, part.len);
}

static void
fill(struct dv_url *url, const struct parser *p, struct dv_span href)
{
    *url = (struct dv_url){
        .href = href,
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
        .is_opaque = p->is_opaque
    };
}

davy_status
dv_url_parse(struct dv_url *url, struct dv_arena *arena, struct dv_span text,
             const struct dv_url *base)
{
    struct parser p;
    struct dv_span href;
    davy_status st;

    memset(&p, 0, offsetof(struct parser, out));
    memset(&p.scheme, 0, sizeof(p) - offsetof(struct parser, scheme));
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

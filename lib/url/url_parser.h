/* SPDX-License-Identifier: MIT */
/* url_parser.h - the state of the URL parser, and its parts: url.c decides
 * which parts an address has, url_authority.c and url_path.c read them. */

#ifndef DV_URL_PARSER_H
#define DV_URL_PARSER_H

#include "base/ascii.h"
#include "url/url.h"
#include "url/url_out.h"

/* A part of the serialised address. */
struct dv_url_part {
    size_t at;
    size_t len;
};

struct dv_url_parser {
    struct dv_arena *arena;
    const struct dv_url *base;
    struct dv_span left;                /* input not yet read */
    struct dv_url_out out;
    struct dv_url_part scheme, username, password, host, port, path, query,
        fragment;
    enum dv_url_scheme type;
    enum dv_url_host host_type;
    uint16_t port_number;
    bool has_query;
    bool has_fragment;
    bool is_opaque;
};

/* Whether the scheme is special, as browsers say. */
static inline bool
dv_url_parser_is_special(const struct dv_url_parser *p)
{
    return p->type != DV_URL_OTHER;
}

/* Whether the input has a slash at `i`, or what a special scheme takes for
 * one. */
static inline bool
dv_url_parser_has_slash(const struct dv_url_parser *p, size_t i)
{
    if (i >= p->left.len)
        return false;
    return p->left.at[i] == '/'
           || (p->left.at[i] == '\\' && dv_url_parser_is_special(p));
}

static inline bool
dv_url_parser_starts_with(const struct dv_url_parser *p, uint8_t byte)
{
    return p->left.len != 0 && p->left.at[0] == byte;
}

/* Take `n` bytes off the front of the input. */
static inline struct dv_span
dv_url_parser_take(struct dv_url_parser *p, size_t n)
{
    const struct dv_span piece = dv_span_of(p->left.at, n);

    dv_span_skip(&p->left, n);
    return piece;
}

/* Where the authority or a path segment ends: `/`, `?`, `#`, and `\` in
 * special schemes. */
size_t dv_url_parser_find_delimiter(const struct dv_url_parser *p);

/* A drive letter with its colon; `|` will do when not normalized. */
bool dv_url_parser_is_drive(struct dv_span text, bool is_normalized);

/* Write a part as it is, or percent-encoded. */
struct dv_url_part dv_url_parser_put(struct dv_url_parser *p,
                                     struct dv_span bytes);
struct dv_url_part dv_url_parser_encode(struct dv_url_parser *p,
                                        struct dv_span bytes,
                                        enum dv_url_set set);

/* What the scheme `name`, without its colon and in any case, is. */
enum dv_url_scheme dv_url_parser_scheme(struct dv_span name);

/* The default port of a scheme, 0 for none. */
uint16_t dv_url_parser_default_port(enum dv_url_scheme type);

/* ---- url_path.c: what stands behind a host ---------------------------- */

/* `?query#fragment` */
davy_status dv_url_path_parse_tail(struct dv_url_parser *p);

/* The path start state: behind an authority, or at a single slash. */
davy_status dv_url_path_parse(struct dv_url_parser *p);

/* Segments up to `?` or `#`, behind those that are written since path.at. */
davy_status dv_url_path_parse_segments(struct dv_url_parser *p);

davy_status dv_url_path_parse_opaque(struct dv_url_parser *p);

/* Drop the last segment, but no drive letter that stands alone. */
void dv_url_path_shorten(struct dv_url_parser *p);

/* Keep a path that begins with two slashes from being read as a host. */
void dv_url_path_protect(struct dv_url_parser *p);

/* ---- url_authority.c: user, host and port ----------------------------- */

/* `user:password@host:port`, behind the slashes, and all that follows. */
davy_status dv_url_authority_parse(struct dv_url_parser *p);

/* A host alone. */
davy_status dv_url_authority_parse_host(struct dv_url_parser *p,
                                        struct dv_span text);

/* The authority of the base. */
void dv_url_authority_copy(struct dv_url_parser *p);

#endif

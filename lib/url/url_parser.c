/* SPDX-License-Identifier: MIT */
/* url_parser.c - what all parts of the URL parser use. */

#include "url/url_parser.h"

static const struct {
    const char *name;
    uint16_t port;
} schemes[] = {
    [DV_URL_OTHER] = { "", 0 },   [DV_URL_HTTP] = { "http", 80 },
    [DV_URL_HTTPS] = { "https", 443 }, [DV_URL_WS] = { "ws", 80 },
    [DV_URL_WSS] = { "wss", 443 }, [DV_URL_FTP] = { "ftp", 21 },
    [DV_URL_FILE] = { "file", 0 }
};

enum dv_url_scheme
dv_url_parser_scheme(struct dv_span name)
{
    if (name.len > 5)
        return DV_URL_OTHER;
    for (int i = DV_URL_HTTP; i <= DV_URL_FILE; i++) {
        if (dv_span_equal_nocase(name, dv_span_cstr(schemes[i].name)))
            return (enum dv_url_scheme)i;
    }
    return DV_URL_OTHER;
}

uint16_t
dv_url_parser_default_port(enum dv_url_scheme type)
{
    return schemes[type].port;
}

size_t
dv_url_parser_find_delimiter(const struct dv_url_parser *p)
{
    /* 1: everywhere; 2: in special schemes only. */
    static const uint8_t delimiters[256] = {
        ['/'] = 3, ['?'] = 3, ['#'] = 3, ['\\'] = 2
    };
    const unsigned mask = dv_url_parser_is_special(p) ? 2 : 1;
    const struct dv_span left = p->left;
    size_t i = 0;

    while (i < left.len && !(delimiters[left.at[i]] & mask))
        i++;
    return i;
}

bool
dv_url_parser_is_drive(struct dv_span text, bool is_normalized)
{
    return text.len == 2 && dv_ascii_is_alpha(text.at[0])
           && (text.at[1] == ':' || (text.at[1] == '|' && !is_normalized));
}

struct dv_url_part
dv_url_parser_put(struct dv_url_parser *p, struct dv_span bytes)
{
    const struct dv_url_part part = { p->out.len, bytes.len };

    dv_url_out_put(&p->out, bytes);
    return part;
}

struct dv_url_part
dv_url_parser_encode(struct dv_url_parser *p, struct dv_span bytes,
                     enum dv_url_set set)
{
    struct dv_url_part part = { p->out.len, 0 };

    dv_url_out_encode(&p->out, bytes, set);
    part.len = p->out.len - part.at;
    return part;
}

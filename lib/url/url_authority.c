/* SPDX-License-Identifier: MIT */
/* url_authority.c - reads user, host and port (URL Standard, 4.4: authority,
 * host and port states). */

#include "url/url_host.h"
#include "url/url_parser.h"

static void
parse_userinfo(struct dv_url_parser *p, struct dv_span text)
{
    const size_t colon = dv_span_find_byte(text, ':');

    p->username = dv_url_parser_encode(p, dv_span_slice(text, 0, colon),
                                       DV_URL_SET_USERINFO);
    if (text.len - colon > 1) {
        dv_url_out_byte(&p->out, ':');
        p->password = dv_url_parser_encode(
            p, dv_span_slice(text, colon + 1, text.len), DV_URL_SET_USERINFO);
    }
    if (p->username.len != 0 || p->password.len != 0)
        dv_url_out_byte(&p->out, '@');
}

davy_status
dv_url_authority_parse_host(struct dv_url_parser *p, struct dv_span text)
{
    struct dv_span host;
    const davy_status st = dv_url_host_parse(
        p->arena, text, !dv_url_parser_is_special(p), &host, &p->host_type);

    if (st == DAVY_OK)
        p->host = dv_url_parser_put(p, host);
    return st;
}

static davy_status
parse_port(struct dv_url_parser *p, struct dv_span text)
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
    p->port_number = dv_url_parser_default_port(p->type);
    if (text.len == 0
        || (dv_url_parser_is_special(p) && number == p->port_number))
        return DAVY_OK;
    p->port_number = (uint16_t)number;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    dv_url_out_byte(&p->out, ':');
    p->port = dv_url_parser_put(p, dv_span_of(digits + n, sizeof(digits) - n));
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

davy_status
dv_url_authority_parse(struct dv_url_parser *p)
{
    struct dv_span text =
        dv_url_parser_take(p, dv_url_parser_find_delimiter(p));
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
        st = dv_url_authority_parse_host(p, dv_span_of(text.at, colon));
    else if (text.len != 0 || dv_url_parser_is_special(p))
        return DAVY_MALFORMED;
    if (colon < text.len)
        dv_span_skip(&text, colon + 1);
    else
        text.len = 0;
    if (st == DAVY_OK)
        st = parse_port(p, text);
    return st == DAVY_OK ? dv_url_path_parse(p) : st;
}

void
dv_url_authority_copy(struct dv_url_parser *p)
{
    const struct dv_url *base = p->base;

    p->host_type = base->host_type;
    p->port_number = base->port_number;
    if (base->host_type == DV_URL_HOST_NONE)
        return;
    dv_url_out_put(&p->out, DV_SPAN_LIT("//"));
    p->username = dv_url_parser_put(p, base->username);
    if (base->password.len != 0) {
        dv_url_out_byte(&p->out, ':');
        p->password = dv_url_parser_put(p, base->password);
    }
    if (base->username.len != 0 || base->password.len != 0)
        dv_url_out_byte(&p->out, '@');
    p->host = dv_url_parser_put(p, base->host);
    if (base->port.len != 0) {
        dv_url_out_byte(&p->out, ':');
        p->port = dv_url_parser_put(p, base->port);
    }
}

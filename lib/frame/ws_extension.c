/* SPDX-License-Identifier: MIT */
/* ws_extension.c - the grammar of RFC 6455, 9.1, and the parameters of RFC
 * 7692, 7.1. */

#include "frame/ws_extension.h"

#include "base/ascii.h"

/* Parameters of one extension; there are four. */
#define MAX_PARAMS 8

static bool
is_token_byte(uint8_t c)
{
    return dv_ascii_is_alnum(c)
           || (c > ' ' && c < 0x7f
               && memchr("!#$%&'*+-.^_`|~", c, 15) != NULL);
}

static void
skip_space(struct dv_span *in)
{
    while (in->len > 0 && (in->at[0] == ' ' || in->at[0] == '\t'))
        dv_span_skip(in, 1);
}

static bool
take(struct dv_span *in, uint8_t c)
{
    skip_space(in);
    if (in->len == 0 || in->at[0] != c)
        return false;
    dv_span_skip(in, 1);
    return true;
}

static struct dv_span
take_token(struct dv_span *in)
{
    struct dv_span token;
    size_t n = 0;

    skip_space(in);
    while (n < in->len && is_token_byte(in->at[n]))
        n++;
    token = dv_span_slice(*in, 0, n);
    dv_span_skip(in, n);
    return token;
}

/* The value of a parameter; a quoted one must be a token, too. */
static struct dv_span
take_value(struct dv_span *in)
{
    const bool is_quoted = take(in, '"');
    struct dv_span value = take_token(in);

    if (is_quoted && !take(in, '"'))
        value.len = 0;
    return value;
}

/* 8 to 15, without leading zeros. */
static bool
is_window(struct dv_span value)
{
    if (value.len == 1)
        return value.at[0] == '8' || value.at[0] == '9';
    return value.len == 2 && value.at[0] == '1' && value.at[1] >= '0'
           && value.at[1] <= '5';
}

static bool
read_param(struct dv_span name, struct dv_span value,
           struct dv_ws_extension *extension)
{
    if (dv_span_equal_cstr(name, "client_no_context_takeover"))
        extension->forgets[0] = true;
    else if (dv_span_equal_cstr(name, "server_no_context_takeover"))
        extension->forgets[1] = true;
    else
        return (dv_span_equal_cstr(name, "client_max_window_bits")
                || dv_span_equal_cstr(name, "server_max_window_bits"))
               && is_window(value);
    return value.at == NULL;
}

static davy_status
read_params(struct dv_span *in, struct dv_ws_extension *extension)
{
    for (int params = 0; take(in, ';'); params++) {
        const struct dv_span name = take_token(in);
        struct dv_span value = { NULL, 0 };

        if (take(in, '=')) {
            value = take_value(in);
            if (value.len == 0)
                return DAVY_MALFORMED;
        }
        if (name.len == 0 || params == MAX_PARAMS
            || !read_param(name, value, extension))
            return DAVY_MALFORMED;
    }
    return DAVY_OK;
}

davy_status
dv_ws_extension_read(struct dv_span header, struct dv_ws_extension *extension)
{
    struct dv_ws_extension read = { .has_deflate = false };
    struct dv_span in = header;

    for (;;) {
        davy_status st;

        while (take(&in, ','))
            ;                           /* empty elements mean nothing */
        skip_space(&in);
        if (in.len == 0)
            break;
        if (!dv_span_equal_cstr(take_token(&in), "permessage-deflate")
            || read.has_deflate)
            return DAVY_UNSUPPORTED;
        read.has_deflate = true;
        st = read_params(&in, &read);
        skip_space(&in);
        if (st != DAVY_OK || (in.len > 0 && in.at[0] != ','))
            return DAVY_MALFORMED;
    }
    *extension = read;
    return DAVY_OK;
}

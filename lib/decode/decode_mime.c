/* SPDX-License-Identifier: MIT */
/* decode_mime.c - reads a media type (WHATWG MIME Sniffing, 4.4). */

#include "decode/decode_mime.h"

#include "base/ascii.h"

/* HTTP white space: no form feed. */
static bool
is_http_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct dv_span
trim_end(struct dv_span text)
{
    while (text.len > 0 && is_http_space(text.at[text.len - 1]))
        text.len--;
    return text;
}

static struct dv_span
trim_start(struct dv_span text)
{
    while (text.len > 0 && is_http_space(text.at[0]))
        dv_span_skip(&text, 1);
    return text;
}

/* Whether `text` is made of HTTP token code points, at least one. */
static bool
is_token(struct dv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];

        if (!dv_ascii_is_alnum(c)
            && (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return text.len != 0;
}

/* Whether `c` is an HTTP quoted-string token code point. */
static bool
is_quotable(uint8_t c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7f);
}

/* Take everything up to `stop` or `other`, and stand before it. */
static struct dv_span
take_until(struct dv_span *in, uint8_t stop, uint8_t other)
{
    size_t n = 0;
    struct dv_span taken;

    while (n < in->len && in->at[n] != stop && in->at[n] != other)
        n++;
    taken = dv_span_slice(*in, 0, n);
    dv_span_skip(in, n);
    return taken;
}

/* What a parameter's value comes to; `len` runs on beyond the room. */
struct value {
    char text[DV_MIME_CHARSET];
    size_t len;
    bool is_valid;
};

static void
put(struct value *value, uint8_t c)
{
    if (value->len < sizeof(value->text) - 1)
        value->text[value->len] = (char)c;
    value->len++;
    value->is_valid &= is_quotable(c);
}

/* WHATWG Fetch, collect an HTTP quoted string; `in` stands on the quote. */
static void
take_quoted(struct dv_span *in, struct value *value)
{
    dv_span_skip(in, 1);
    while (in->len > 0) {
        uint8_t c = in->at[0];

        dv_span_skip(in, 1);
        if (c == '"')
            break;
        if (c == '\\' && in->len > 0) {
            c = in->at[0];
            dv_span_skip(in, 1);
        }
        put(value, c);
    }
    (void)take_until(in, ';', ';');
}

/* Read one parameter; `in` stands on its semicolon.  Whether it has a value,
 * be it valid or not. */
static bool
take_parameter(struct dv_span *in, struct dv_span *name, struct value *value)
{
    *value = (struct value){ .is_valid = true };
    dv_span_skip(in, 1);
    *in = trim_start(*in);
    *name = take_until(in, ';', '=');
    if (in->len == 0 || in->at[0] == ';')
        return false;
    dv_span_skip(in, 1);
    if (in->len > 0 && in->at[0] == '"') {
        take_quoted(in, value);
    } else {
        const struct dv_span plain = trim_end(take_until(in, ';', ';'));

        for (size_t i = 0; i < plain.len; i++)
            put(value, plain.at[i]);
        if (plain.len == 0)
            return false;
    }
    return value->is_valid;
}

/* Write type and subtype in lower case; false when they are too long. */
static bool
set_essence(struct dv_mime *mime, struct dv_span type, struct dv_span subtype)
{
    char *to = mime->essence;

    if (type.len > 127 || subtype.len > 127)
        return false;
    for (size_t i = 0; i < type.len; i++)
        *to++ = (char)dv_ascii_lower(type.at[i]);
    *to++ = '/';
    for (size_t i = 0; i < subtype.len; i++)
        *to++ = (char)dv_ascii_lower(subtype.at[i]);
    *to = '\0';
    return true;
}

davy_status
dv_mime_parse(struct dv_span header, struct dv_mime *mime)
{
    struct dv_span in = trim_end(trim_start(header));
    const struct dv_span type = take_until(&in, '/', '/');
    struct dv_span subtype;

    memset(mime, 0, sizeof(*mime));
    if (!is_token(type) || in.len == 0)
        return DAVY_MALFORMED;
    dv_span_skip(&in, 1);
    subtype = trim_end(take_until(&in, ';', ';'));
    if (!is_token(subtype) || !set_essence(mime, type, subtype))
        return DAVY_MALFORMED;
    while (in.len > 0) {
        struct dv_span name;
        struct value value;

        if (take_parameter(&in, &name, &value)
            && dv_span_equal_nocase(name, DV_SPAN_LIT("charset"))) {
            /* The first valid one counts. */
            if (value.len < sizeof(mime->charset))
                memcpy(mime->charset, value.text, value.len);
            break;
        }
    }
    return DAVY_OK;
}

/* SPDX-License-Identifier: MIT */
/* decode_meta.c - prescans a page for its encoding (WHATWG HTML, 13.2.3.2). */

#include "decode/decode_meta.h"

#include "base/ascii.h"

struct attribute {
    struct dv_span name, value;
};

/* What reading an attribute came to. */
enum answer { FOUND, NO_MORE, OUT_OF_BYTES };

enum dv_encoding
dv_meta_content(struct dv_span content)
{
    static const char word[] = "charset";

    for (; content.len >= sizeof(word) - 1; dv_span_skip(&content, 1)) {
        struct dv_span rest = content;
        size_t n = 0;

        if (!dv_span_starts_with_nocase(rest, DV_SPAN_LIT(word)))
            continue;
        dv_span_skip(&rest, sizeof(word) - 1);
        while (rest.len > 0 && dv_ascii_is_space(rest.at[0]))
            dv_span_skip(&rest, 1);
        if (rest.len == 0 || rest.at[0] != '=')
            continue;
        dv_span_skip(&rest, 1);
        while (rest.len > 0 && dv_ascii_is_space(rest.at[0]))
            dv_span_skip(&rest, 1);
        if (rest.len > 0 && (rest.at[0] == '"' || rest.at[0] == '\'')) {
            const uint8_t quote = rest.at[0];

            dv_span_skip(&rest, 1);
            n = dv_span_find_byte(rest, quote);
            if (n == rest.len)
                return DV_ENCODING_NONE;        /* unmatched */
        } else {
            while (n < rest.len && !dv_ascii_is_space(rest.at[n])
                   && rest.at[n] != ';')
                n++;
        }
        return dv_encoding_find(dv_span_slice(rest, 0, n));
    }
    return DV_ENCODING_NONE;
}

/* Skip white space, and slashes when `and_slashes`; false at the end. */
static bool
skip_space(struct dv_span *in, bool and_slashes)
{
    while (in->len > 0
           && (dv_ascii_is_space(in->at[0])
               || (and_slashes && in->at[0] == '/')))
        dv_span_skip(in, 1);
    return in->len != 0;
}

/* The value of an attribute, from behind its equals sign ("get an attribute",
 * steps 9 to 11); false when the bytes run out. */
static bool
take_value(struct dv_span *in, struct dv_span *value)
{
    size_t n = 0;

    if (!skip_space(in, false))
        return false;
    if (in->at[0] == '"' || in->at[0] == '\'') {
        const uint8_t quote = in->at[0];

        dv_span_skip(in, 1);
        n = dv_span_find_byte(*in, quote);
        if (n == in->len)
            return false;
        *value = dv_span_slice(*in, 0, n);
        dv_span_skip(in, n + 1);
        return true;
    }
    while (n < in->len && !dv_ascii_is_space(in->at[n]) && in->at[n] != '>')
        n++;
    *value = dv_span_slice(*in, 0, n);
    dv_span_skip(in, n);
    return in->len != 0;
}

/* "Get an attribute". */
static enum answer
take_attribute(struct dv_span *in, struct attribute *attribute)
{
    size_t n = 0;

    *attribute = (struct attribute){ { NULL, 0 }, { NULL, 0 } };
    if (!skip_space(in, true))
        return OUT_OF_BYTES;
    if (in->at[0] == '>')
        return NO_MORE;
    while (n < in->len && !dv_ascii_is_space(in->at[n]) && in->at[n] != '/'
           && in->at[n] != '>' && (in->at[n] != '=' || n == 0))
        n++;
    attribute->name = dv_span_slice(*in, 0, n);
    dv_span_skip(in, n);
    if (in->len == 0)
        return OUT_OF_BYTES;
    if (in->at[0] == '/' || in->at[0] == '>')
        return FOUND;
    if (!skip_space(in, false))
        return OUT_OF_BYTES;
    if (in->at[0] != '=')
        return FOUND;
    dv_span_skip(in, 1);
    return take_value(in, &attribute->value) ? FOUND : OUT_OF_BYTES;
}

/* What the attributes of one meta element say. */
struct meta {
    bool has_pragma;                    /* http-equiv=content-type */
    bool needs_pragma;
    bool has_charset;
    enum dv_encoding charset;
    bool saw_http_equiv, saw_content, saw_charset;
};

static void
note_attribute(struct meta *meta, const struct attribute *attribute)
{
    const struct dv_span name = attribute->name;

    if (dv_span_equal_nocase(name, DV_SPAN_LIT("http-equiv"))) {
        if (!meta->saw_http_equiv)
            meta->has_pragma = dv_span_equal_nocase(
                attribute->value, DV_SPAN_LIT("content-type"));
        meta->saw_http_equiv = true;
    } else if (dv_span_equal_nocase(name, DV_SPAN_LIT("content"))) {
        if (!meta->saw_content && !meta->has_charset) {
            meta->charset = dv_meta_content(attribute->value);
            meta->has_charset = meta->charset != DV_ENCODING_NONE;
            meta->needs_pragma = meta->has_charset;
        }
        meta->saw_content = true;
    } else if (dv_span_equal_nocase(name, DV_SPAN_LIT("charset"))) {
        if (!meta->saw_charset) {
            meta->charset = dv_encoding_find(attribute->value);
            meta->has_charset = true;
            meta->needs_pragma = false;
        }
        meta->saw_charset = true;
    }
}

/* Read a meta element's attributes; `in` stands behind its name.  False when
 * the bytes run out. */
static bool
take_meta(struct dv_span *in, enum dv_encoding *encoding)
{
    struct meta meta = { .has_pragma = false };
    struct attribute attribute;
    enum answer answer;

    *encoding = DV_ENCODING_NONE;
    while ((answer = take_attribute(in, &attribute)) == FOUND)
        note_attribute(&meta, &attribute);
    if (answer == OUT_OF_BYTES)
        return false;
    if (!meta.has_charset || (meta.needs_pragma && !meta.has_pragma))
        return true;

    /* A page that could be read so far is not in UTF-16. */
    if (meta.charset == DV_ENCODING_UTF_16LE
        || meta.charset == DV_ENCODING_UTF_16BE)
        meta.charset = DV_ENCODING_UTF_8;
    if (meta.charset == DV_ENCODING_X_USER_DEFINED)
        meta.charset = DV_ENCODING_WINDOWS_1252;
    *encoding = meta.charset;
    return true;
}

/* Skip a tag that is no meta element; false when the bytes run out. */
static bool
skip_tag(struct dv_span *in)
{
    struct attribute attribute;
    enum answer answer;

    while (in->len > 0 && !dv_ascii_is_space(in->at[0]) && in->at[0] != '>')
        dv_span_skip(in, 1);
    while ((answer = take_attribute(in, &attribute)) == FOUND)
        continue;
    return answer == NO_MORE;
}

static bool
is_meta(struct dv_span in)
{
    return in.len > 5
           && dv_span_starts_with_nocase(in, DV_SPAN_LIT("<meta"))
           && (dv_ascii_is_space(in.at[5]) || in.at[5] == '/');
}

static bool
is_tag(struct dv_span in)
{
    const size_t name = in.len > 1 && in.at[1] == '/' ? 2 : 1;

    return in.len > name && dv_ascii_is_alpha(in.at[name]);
}

/* Take the construct that begins with the "<" at the front; false when the
 * bytes run out. */
static bool
take_construct(struct dv_span *in, enum dv_encoding *encoding)
{
    size_t n;

    if (dv_span_starts_with(*in, DV_SPAN_LIT("<!--"))) {
        /* The two dashes may be those that begin the comment. */
        dv_span_skip(in, 2);
        n = dv_span_find(*in, DV_SPAN_LIT("-->"));
        if (n == in->len)
            return false;
        dv_span_skip(in, n + 2);
        return true;
    }
    if (is_meta(*in)) {
        dv_span_skip(in, 5);
        return take_meta(in, encoding);
    }
    if (is_tag(*in))
        return skip_tag(in);
    if (in->len > 1
        && (in->at[1] == '!' || in->at[1] == '/' || in->at[1] == '?')) {
        n = dv_span_find_byte(*in, '>');
        dv_span_skip(in, n);
        return in->len != 0;
    }
    return true;
}

/* The prescan's loop, without the XML declaration. */
static enum dv_encoding
find_meta(struct dv_span in)
{
    enum dv_encoding encoding = DV_ENCODING_NONE;

    for (;;) {
        dv_span_skip(&in, dv_span_find_byte(in, '<'));
        if (in.len == 0 || !take_construct(&in, &encoding)
            || encoding != DV_ENCODING_NONE)
            return encoding;
        dv_span_skip(&in, 1);
    }
}

static void
skip_low(struct dv_span *in)
{
    while (in->len > 0 && in->at[0] <= 0x20)
        dv_span_skip(in, 1);
}

/* "Get an XML encoding". */
static enum dv_encoding
find_xml_encoding(struct dv_span in)
{
    static const char word[] = "encoding";
    const size_t end = dv_span_find_byte(in, '>');
    enum dv_encoding encoding;
    uint8_t quote;

    if (end == in.len || !dv_span_starts_with(in, DV_SPAN_LIT("<?xml")))
        return DV_ENCODING_NONE;
    in.len = end;
    dv_span_skip(&in, dv_span_find(in, DV_SPAN_LIT(word)));
    if (in.len == 0)
        return DV_ENCODING_NONE;
    dv_span_skip(&in, sizeof(word) - 1);
    skip_low(&in);
    if (in.len == 0 || in.at[0] != '=')
        return DV_ENCODING_NONE;
    dv_span_skip(&in, 1);
    skip_low(&in);
    if (in.len == 0 || (in.at[0] != '"' && in.at[0] != '\''))
        return DV_ENCODING_NONE;
    quote = in.at[0];
    dv_span_skip(&in, 1);
    if (dv_span_find_byte(in, quote) == in.len)
        return DV_ENCODING_NONE;
    in.len = dv_span_find_byte(in, quote);
    for (size_t i = 0; i < in.len; i++) {
        if (in.at[i] <= 0x20)
            return DV_ENCODING_NONE;
    }
    encoding = dv_encoding_find(in);
    if (encoding == DV_ENCODING_UTF_16LE || encoding == DV_ENCODING_UTF_16BE)
        return DV_ENCODING_UTF_8;
    return encoding;
}

enum dv_encoding
dv_meta_prescan(struct dv_span page)
{
    enum dv_encoding encoding;

    page = dv_span_slice(page, 0, DV_META_WINDOW);
    if (dv_span_starts_with(page, DV_SPAN_LIT("<\0?\0x\0")))
        return DV_ENCODING_UTF_16LE;
    if (dv_span_starts_with(page, DV_SPAN_LIT("\0<\0?\0x")))
        return DV_ENCODING_UTF_16BE;
    encoding = find_meta(page);
    return encoding != DV_ENCODING_NONE ? encoding : find_xml_encoding(page);
}

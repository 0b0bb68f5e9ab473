/* SPDX-License-Identifier: MIT */
/* html_json.c - the strings of import maps (HTML Standard, 8.1.5.4) and
 * speculation rules that are addresses. */

#include "html/html_json.h"

#include "base/ascii.h"
#include "base/utf8.h"

void
dv_html_json_init(struct dv_html_json *json, struct dv_span text,
                  enum dv_html_json_kind kind, struct dv_arena *arena)
{
    *json = (struct dv_html_json){ .text = text, .arena = arena,
                                   .kind = kind };
}

/* The string whose opening quote is at json->at; moves behind it. */
static struct dv_span
read_string(struct dv_html_json *json)
{
    const struct dv_span text = json->text;
    const size_t from = json->at + 1;
    size_t i = from;

    while (i < text.len && text.at[i] != '"')
        i += text.at[i] == '\\' ? 2 : 1;
    if (i > text.len)
        i = text.len;
    json->at = i < text.len ? i + 1 : i;
    return dv_span_slice(text, from, i - from);
}

static bool
is_key(struct dv_html_json *json)
{
    while (json->at < json->text.len
           && dv_ascii_is_space(json->text.at[json->at]))
        json->at++;
    return json->at < json->text.len && json->text.at[json->at] == ':';
}

/* The key of an import map counts at the top, that of speculation rules
 * wherever it stands. */
static void
note_key(struct dv_html_json *json, struct dv_span key)
{
    if (json->kind == DV_HTML_JSON_SPECULATION)
        json->is_wanted = dv_span_equal_cstr(key, "urls");
    else if (json->depth <= 1)
        json->is_wanted = dv_span_equal_cstr(key, "imports")
                          || dv_span_equal_cstr(key, "scopes");
}

/* Four hexadecimal digits at `at`, or -1. */
static int32_t
read_hex4(struct dv_span raw, size_t at)
{
    int32_t value = 0;

    if (raw.len < 4 || at > raw.len - 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        const int digit = dv_ascii_hex(raw.at[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The escape whose backslash is raw.at[*at]; moves behind it. */
static uint32_t
read_escape(struct dv_span raw, size_t *at)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    const uint8_t c = *at + 1 < raw.len ? raw.at[*at + 1] : '\\';
    const char *found = c == 0 ? NULL : strchr(from, c);
    int32_t unit = c == 'u' ? read_hex4(raw, *at + 2) : -1;
    int32_t low = -1;

    *at += 2;
    if (unit < 0)
        return found == NULL ? c : (uint8_t)to[found - from];
    *at += 4;
    if (unit >= 0xd800 && unit < 0xdc00 && raw.len > *at + 1
        && raw.at[*at] == '\\' && raw.at[*at + 1] == 'u')
        low = read_hex4(raw, *at + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return (uint32_t)unit;
    *at += 6;
    return 0x10000 + (((uint32_t)unit - 0xd800) << 10)
           + ((uint32_t)low - 0xdc00);
}

static bool
decode_string(struct dv_html_json *json, struct dv_span raw,
              struct dv_span *value)
{
    uint8_t *out;
    size_t n = 0;

    *value = raw;
    if (dv_span_find_byte(raw, '\\') == raw.len)
        return true;
    out = dv_arena_bytes(json->arena, raw.len + DV_UTF8_MAX);
    if (out == NULL)
        return false;
    for (size_t i = 0; i < raw.len;) {
        if (raw.at[i] == '\\')
            n += dv_utf8_write(read_escape(raw, &i), out + n);
        else
            out[n++] = raw.at[i++];
    }
    *value = dv_span_of(out, n);
    return true;
}

davy_status
dv_html_json_next(struct dv_html_json *json, struct dv_span *raw,
                  struct dv_span *value)
{
    while (json->at < json->text.len) {
        const uint8_t c = json->text.at[json->at];

        if (c != '"') {
            json->depth += c == '{' || c == '[';
            json->depth -= json->depth > 0 && (c == '}' || c == ']');
            json->at++;
            continue;
        }
        *raw = read_string(json);
        if (!decode_string(json, *raw, value))
            return DAVY_NO_MEMORY;
        if (is_key(json))
            note_key(json, *value);
        else if (json->is_wanted)
            return DAVY_OK;
    }
    return DAVY_DECLINED;
}

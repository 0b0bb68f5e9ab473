/* SPDX-License-Identifier: MIT */
/* html_script.c - the tokenizer's script data states (HTML Standard, 13.2.5.4
 * and 13.2.5.15-31), the text of SVG scripts, and the types of scripts. */

#include "html/html_script.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "html/html_charref.h"

#define SCRIPT_LEN ((size_t)6)

/* Whether page[at..] is `script` and a byte that ends a tag's name. */
static bool
is_script_word(struct dv_span page, size_t at)
{
    const struct dv_span word = dv_span_slice(page, at, SCRIPT_LEN);
    uint8_t c;

    if (!dv_html_name_is(word, DV_SPAN_LIT("script"))
        || page.len - at == SCRIPT_LEN)
        return false;
    c = page.at[at + SCRIPT_LEN];
    return dv_ascii_is_space(c) || c == '/' || c == '>';
}

static bool
is_script_end_tag(struct dv_span page, size_t at)
{
    return page.len - at > 2 && page.at[at] == '<' && page.at[at + 1] == '/'
           && is_script_word(page, at + 2);
}

/* The next `c` from `from`, or page.len. */
static size_t
find(struct dv_span page, size_t from, uint8_t c)
{
    const uint8_t *found = NULL;

    if (from < page.len)
        found = memchr(page.at + from, c, page.len - from);
    return found == NULL ? page.len : (size_t)(found - page.at);
}

static size_t
find_end_tag(struct dv_span page, size_t from)
{
    size_t at = find(page, from, '<');

    while (at < page.len && !is_script_end_tag(page, at))
        at = find(page, at + 1, '<');
    return at;
}

static bool
starts_at(struct dv_span page, size_t at, struct dv_span what)
{
    return dv_span_equal(dv_span_slice(page, at, what.len), what);
}

/* Behind the `-->` that ends the escaped part beginning at `at`, with
 * `dashes` dashes before it; or at the script's end tag, or page.len. */
static size_t
skip_escaped(struct dv_span page, size_t at)
{
    bool is_double = false;             /* inside <script> inside <!-- */
    unsigned dashes = 2;                /* <!--> and <!---> end at once */

    for (; at < page.len; at++) {
        const uint8_t c = page.at[at];

        if (c == '>' && dashes >= 2)
            return at + 1;
        dashes = c == '-' ? dashes + (dashes < 2) : 0;
        if (c != '<')
            continue;
        if (is_script_end_tag(page, at)) {
            if (!is_double)
                return at;
            is_double = false;
        } else if (!is_double && is_script_word(page, at + 1)) {
            is_double = true;
        }
    }
    return page.len;
}

size_t
dv_html_script_end(struct dv_span page, size_t from, size_t *first)
{
    bool is_plain = true;
    size_t at = find(page, from, '<');

    while (at < page.len && !is_script_end_tag(page, at)) {
        if (!starts_at(page, at, DV_SPAN_LIT("<!--"))) {
            at = find(page, at + 1, '<');
            continue;
        }
        if (is_plain && first != NULL)
            *first = find_end_tag(page, at);
        is_plain = false;
        at = find(page, skip_escaped(page, at + 4), '<');
    }
    if (is_plain && first != NULL)
        *first = at;
    return at;
}

/* Behind the comment whose `<!--` ends at `from` (13.2.5.43-51). */
static size_t
skip_comment(struct dv_span page, size_t from)
{
    unsigned dashes = 2;                /* <!--> and <!---> are whole */

    for (size_t at = from; at < page.len; at++) {
        const uint8_t c = page.at[at];

        if (c == '>' && dashes >= 2)
            return at + 1;
        if (c == '!' && at - from >= 2 && dashes == 2
            && page.len - at > 1 && page.at[at + 1] == '>')
            return at + 2;
        dashes = c == '-' ? dashes + (dashes < 2) : 0;
    }
    return page.len;
}

static bool
is_tag_start(struct dv_span page, size_t at)
{
    size_t i = at + 1;

    if (i < page.len && page.at[i] == '/')
        i++;
    return i < page.len && dv_ascii_is_alpha(page.at[i]);
}

/* What begins with the `<` at page.at[at], in foreign content: where it ends,
 * and which part of it is text as it stands. */
static size_t
read_markup(struct dv_span page, size_t at, struct dv_span *text)
{
    const uint8_t next = page.len - at > 1 ? page.at[at + 1] : 0;
    size_t end;

    *text = dv_span_of(page.at + at, 0);
    if (starts_at(page, at, DV_SPAN_LIT("<!--")))
        return skip_comment(page, at + 4);
    if (starts_at(page, at, DV_SPAN_LIT("<![CDATA["))) {
        *text = dv_span_slice(page, at + 9, page.len);
        text->len = dv_span_find(*text, DV_SPAN_LIT("]]>"));
        end = at + 9 + text->len;
        return end < page.len ? end + 3 : end;
    }
    if (is_tag_start(page, at))
        return dv_html_tag_end(page, at, NULL);
    if (next == '!' || next == '?' || next == '/') {
        end = find(page, at, '>');      /* 13.2.5.41, bogus comment */
        return end < page.len ? end + 1 : end;
    }
    text->len = 1;                      /* `<` is only itself */
    return at + 1;
}

/* Collect the text behind `from` in `out`. */
static davy_status
collect(struct dv_span page, size_t from, struct dv_arena *arena,
        struct dv_html_foreign *foreign, struct dv_buf *out)
{
    davy_status st = DAVY_OK;
    size_t at = from;

    while (st == DAVY_OK) {
        const size_t next = find(page, at, '<');
        struct dv_span run = dv_span_slice(page, at, next - at);

        if (!dv_html_charref_decode(run, DV_HTML_IN_TEXT, arena, &run))
            return DAVY_NO_MEMORY;
        st = dv_buf_append(out, run);
        at = next;
        if (next == page.len || is_script_end_tag(page, next))
            break;
        foreign->has_tags |= is_tag_start(page, next);
        at = read_markup(page, next, &run);
        if (st == DAVY_OK)
            st = dv_buf_append(out, run);
    }
    foreign->end = at;
    return st;
}

bool
dv_html_script_foreign(struct dv_span page, size_t from,
                       struct dv_arena *arena,
                       struct dv_html_foreign *foreign)
{
    struct dv_buf out;
    bool is_good;

    *foreign = (struct dv_html_foreign){ .end = from };
    dv_buf_init(&out, arena->mem, SIZE_MAX);
    is_good = collect(page, from, arena, foreign, &out) == DAVY_OK;
    foreign->text = dv_span_slice(page, from, foreign->end - from);
    foreign->is_verbatim = dv_span_equal(foreign->text, dv_buf_span(&out));
    if (is_good && !foreign->is_verbatim)
        is_good = dv_arena_copy(arena, dv_buf_span(&out), &foreign->text);
    dv_buf_fini(&out);
    return is_good;
}

static const struct {
    const char *type;
    enum dv_html_code code;
} types[] = {
#define DV_HTML_TYPE_ROW(type, CODE) { type, DV_HTML_CODE_##CODE },
#include "html/html_place.def"
#undef DV_HTML_TYPE_ROW
};

/* Cloudflare's Rocket Loader writes 24 hexadecimal digits and a hyphen before
 * the type of each script, and runs it later. */
static struct dv_span
skip_rocket(struct dv_span type)
{
    size_t i = 0;

    while (i < type.len && dv_ascii_hex(type.at[i]) >= 0)
        i++;
    if (i != 24 || i == type.len || type.at[i] != '-')
        return type;
    return dv_span_slice(type, i + 1, type.len);
}

static enum dv_html_code
code_of_type(struct dv_span type)
{
    const struct dv_span word = skip_rocket(dv_span_trim(type));

    for (size_t i = 0; i < DV_COUNT_OF(types); i++) {
        if (dv_html_name_is(word, dv_span_cstr(types[i].type)))
            return types[i].code;
    }
    return DV_HTML_CODE_DATA;
}

/* `language` counts when there is no `type`: text/ and its value. */
static enum dv_html_code
code_of_language(struct dv_span language)
{
    const struct dv_span head = DV_SPAN_LIT("text/");

    for (size_t i = 0; i < DV_COUNT_OF(types); i++) {
        const struct dv_span type = dv_span_cstr(types[i].type);

        if (dv_span_starts_with(type, head)
            && dv_html_name_is(language,
                               dv_span_slice(type, head.len, type.len)))
            return types[i].code;
    }
    return DV_HTML_CODE_DATA;
}

bool
dv_html_script_code(const struct dv_html_tag *tag, unsigned ns,
                    struct dv_arena *arena, enum dv_html_code *code)
{
    const struct dv_html_attr *type
        = dv_html_tag_attr(tag, DV_SPAN_LIT("type"));
    const struct dv_html_attr *language
        = dv_html_tag_attr(tag, DV_SPAN_LIT("language"));
    struct dv_span value;

    *code = DV_HTML_CODE_CLASSIC;
    if (type != NULL) {
        if (!dv_html_charref_decode(type->value, DV_HTML_IN_ATTRIBUTE, arena,
                                    &value))
            return false;
        if (value.len > 0)
            *code = code_of_type(value);
    } else if (language != NULL && (ns & DV_HTML_NS_HTML)) {
        if (!dv_html_charref_decode(language->value, DV_HTML_IN_ATTRIBUTE,
                                    arena, &value))
            return false;
        if (value.len > 0)
            *code = code_of_language(value);
    }
    return true;
}

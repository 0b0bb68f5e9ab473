/* SPDX-License-Identifier: MIT */
/* html_tag.c - the tokenizer's tag states (HTML Standard, 13.2.5.8 and
 * 13.2.5.32-40). */

#include "html/html_tag.h"

#include "base/ascii.h"

/* What a byte ends.  A carriage return is white space here because the input
 * stream turns it into a line feed (13.2.3.5). */
#define ENDS_TAG_NAME 1u                /* white space / > */
#define ENDS_NAME     2u                /* white space / > = */
#define ENDS_UNQUOTED 4u                /* white space > */
#define IS_SPACE      8u
#define IS_GAP        16u               /* white space / */

#define WHITE (ENDS_TAG_NAME | ENDS_NAME | ENDS_UNQUOTED | IS_SPACE | IS_GAP)

static const uint8_t classes[256] = {
    ['\t'] = WHITE,
    ['\n'] = WHITE,
    ['\f'] = WHITE,
    ['\r'] = WHITE,
    [' '] = WHITE,
    ['/'] = ENDS_TAG_NAME | ENDS_NAME | IS_GAP,
    ['>'] = ENDS_TAG_NAME | ENDS_NAME | ENDS_UNQUOTED,
    ['='] = ENDS_NAME,
};

#define FIRST_ATTRS ((size_t)16)

void
dv_html_tagger_init(struct dv_html_tagger *tagger, struct dv_mem *mem)
{
    *tagger = (struct dv_html_tagger){ .mem = mem };
}

void
dv_html_tagger_fini(struct dv_html_tagger *tagger)
{
    dv_mem_free(tagger->mem, tagger->attrs,
                tagger->cap * sizeof(*tagger->attrs));
    dv_html_tagger_init(tagger, tagger->mem);
}

static bool
grow(struct dv_html_tagger *tagger)
{
    const size_t size = sizeof(*tagger->attrs);
    const size_t cap = tagger->cap == 0 ? FIRST_ATTRS : tagger->cap * 2;
    size_t n;
    void *attrs;

    if (!dv_mem_mul(cap, size, &n))
        return false;
    attrs = dv_mem_realloc(tagger->mem, tagger->attrs, tagger->cap * size, n);
    if (attrs == NULL)
        return false;
    tagger->attrs = attrs;
    tagger->cap = cap;
    return true;
}

/* First byte from `at` that is of one of `wanted`, or `end`. */
static inline const uint8_t *
find_class(const uint8_t *at, const uint8_t *end, unsigned wanted)
{
    while (at < end && !(classes[*at] & wanted))
        at++;
    return at;
}

/* First byte from `at` that is of none of `skipped`, or `end`. */
static inline const uint8_t *
skip_class(const uint8_t *at, const uint8_t *end, unsigned skipped)
{
    while (at < end && (classes[*at] & skipped))
        at++;
    return at;
}

/* Read a value from behind its `=`; the place behind it, or NULL when the page
 * ends first. */
static const uint8_t *
read_value(const uint8_t *at, const uint8_t *end, struct dv_span *value)
{
    const uint8_t *stop;

    at = skip_class(at, end, IS_SPACE);
    if (at == end)
        return NULL;
    if (*at != '"' && *at != '\'') {
        stop = find_class(at, end, ENDS_UNQUOTED);
        *value = dv_span_of(at, (size_t)(stop - at));
        return stop;
    }
    stop = memchr(at + 1, *at, (size_t)(end - at) - 1);
    if (stop == NULL)
        return NULL;
    *value = dv_span_of(at + 1, (size_t)(stop - at) - 1);
    return stop + 1;
}

/* Read one attribute, which begins at `at`; answers as read_value. */
static const uint8_t *
read_attr(const uint8_t *at, const uint8_t *end, struct dv_html_attr *attr)
{
    /* An equals sign here is the name's first letter (13.2.5.32). */
    const uint8_t *name_end = find_class(at + 1, end, ENDS_NAME);
    const uint8_t *next = skip_class(name_end, end, IS_SPACE);

    attr->name = dv_span_of(at, (size_t)(name_end - at));
    attr->value = dv_span_of(name_end, 0);
    if (next == end)
        return NULL;
    return *next == '=' ? read_value(next + 1, end, &attr->value) : next;
}

static const uint8_t *
name_start(struct dv_span page, size_t at)
{
    size_t i = at + 1;

    if (at >= page.len || page.at[at] != '<')
        return NULL;
    if (i < page.len && page.at[i] == '/')
        i++;
    if (i >= page.len || !dv_ascii_is_alpha(page.at[i]))
        return NULL;
    return page.at + i;
}

struct dv_span
dv_html_tag_peek(struct dv_span page, size_t at)
{
    size_t from = at + 1;
    size_t n = 0;

    if (from < page.len && page.at[from] == '/')
        from++;
    if (from >= page.len || !dv_ascii_is_alpha(page.at[from]))
        return dv_span_slice(page, from, 0);
    while (n < DV_HTML_PEEKED && n < page.len - from
           && !(classes[page.at[from + n]] & ENDS_TAG_NAME))
        n++;
    return dv_span_slice(page, from, n);
}

size_t
dv_html_tag_end(struct dv_span page, size_t at, bool *is_self_closing)
{
    const uint8_t *end = page.at + page.len;
    const uint8_t *gap = name_start(page, at);
    struct dv_html_attr attr;

    if (is_self_closing != NULL)
        *is_self_closing = false;
    if (gap != NULL)
        gap = find_class(gap, end, ENDS_TAG_NAME);
    while (gap != NULL) {
        const uint8_t *p = skip_class(gap, end, IS_GAP);

        if (p == end)
            break;
        if (*p != '>') {
            gap = read_attr(p, end, &attr);
            continue;
        }
        if (is_self_closing != NULL)
            *is_self_closing = p > gap && p[-1] == '/';
        return (size_t)(p + 1 - page.at);
    }
    return page.len;
}

davy_status
dv_html_tag_read(struct dv_html_tagger *tagger, struct dv_span page,
                 size_t at, struct dv_html_tag *tag)
{
    const uint8_t *end = page.at + page.len;
    const uint8_t *p = name_start(page, at);
    const uint8_t *gap;
    struct dv_html_attr over;
    size_t n = 0;

    if (p == NULL)
        return DAVY_DECLINED;
    tag->is_cut = false;
    gap = find_class(p, end, ENDS_TAG_NAME);
    tag->at = at;
    tag->name = dv_span_of(p, (size_t)(gap - p));
    for (;;) {
        p = skip_class(gap, end, IS_GAP);
        if (p == end)
            return DAVY_DECLINED;
        if (*p == '>')
            break;
        tag->is_cut = n == DV_HTML_MAX_ATTRS;
        if (n == tagger->cap && !tag->is_cut && !grow(tagger))
            return DAVY_NO_MEMORY;
        gap = read_attr(p, end, tag->is_cut ? &over : &tagger->attrs[n]);
        if (gap == NULL)
            return DAVY_DECLINED;
        n += !tag->is_cut;
    }
    tag->len = (size_t)(p + 1 - page.at) - at;
    tag->is_self_closing = p > gap && p[-1] == '/';
    tag->attrs = tagger->attrs;
    tag->attrs_len = n;
    return DAVY_OK;
}

bool
dv_html_name_is(struct dv_span name, struct dv_span lower)
{
    if (name.len != lower.len)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        if (dv_ascii_lower(name.at[i]) != lower.at[i])
            return false;
    }
    return true;
}

const struct dv_html_attr *
dv_html_tag_attr(const struct dv_html_tag *tag, struct dv_span name)
{
    for (size_t i = 0; i < tag->attrs_len; i++) {
        if (dv_html_name_is(tag->attrs[i].name, name))
            return &tag->attrs[i];
    }
    return NULL;
}

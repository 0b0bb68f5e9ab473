/* SPDX-License-Identifier: MIT */
/* html_mask.c - renames what Gumbo 0.10.1 does not do as browsers do, and
 * finds pages on which it would stop. */

#include "html/html_mask.h"

#include "base/ascii.h"
#include "html/html_tag.h"

static const struct {
    char from[9];
    char to[9];
} renames[] = {
    { "frameset", "xrameset" }, { "isindex", "xsindex" },
    { "noscript", "noframes" }, { "select", "object" },
};

/* Names of HTML that Gumbo takes for its own when an SVG or MathML element
 * has them. */
static const char table_parts[][9] = {
    "caption", "col", "colgroup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr",
};
static const char other_traps[][9] = { "html", "template" };

/* Elements of SVG and MathML that can hold HTML (13.2.6.1). */
static const char bridges[][15] = {
    "annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms",
    "mtext", "title",
};

#define LONGEST_NAME ((size_t)15)

/* Start of the name of the tag that page.at[at], a `<`, begins; not more than
 * is needed to tell it from the names above, and empty without a tag. */
static struct dv_span
name_at(struct dv_span page, size_t at)
{
    size_t from = at + 1;
    size_t n = 0;

    if (from < page.len && page.at[from] == '/')
        from++;
    if (from >= page.len || !dv_ascii_is_alpha(page.at[from]))
        return dv_span_slice(page, from, 0);
    while (n < LONGEST_NAME && n < page.len - from
           && !dv_ascii_is_space(page.at[from + n])
           && page.at[from + n] != '/' && page.at[from + n] != '>')
        n++;
    return dv_span_slice(page, from, n);
}

/* The next `<` from `from`, or page.len. */
static size_t
next_tag(struct dv_span page, size_t from)
{
    return from + dv_span_find_byte(dv_span_slice(page, from, page.len), '<');
}

bool
dv_html_mask(struct dv_span page, struct dv_arena *arena,
             struct dv_span *copy)
{
    uint8_t *out;
    size_t room;

    if (!dv_mem_add(page.len, 1, &room))
        return false;
    out = dv_arena_bytes(arena, room);
    if (out == NULL)
        return false;
    if (page.len > 0)
        memcpy(out, page.at, page.len);
    out[page.len] = 0;
    for (size_t at = next_tag(page, 0); at < page.len;
         at = next_tag(page, at + 1)) {
        const struct dv_span name = name_at(page, at);

        for (size_t i = 0; i < DV_COUNT_OF(renames); i++) {
            if (dv_html_name_is(name, dv_span_cstr(renames[i].from)))
                memcpy(out + (name.at - page.at), renames[i].to, name.len);
        }
    }
    *copy = dv_span_of(out, page.len);
    return true;
}

/* How far SVG and MathML may reach.  Tags are counted wherever they stand, so
 * it may be thought open when it is not; it must never be thought closed. */
struct region {
    struct dv_span page;
    size_t svg;                         /* elements open */
    size_t math;
    bool is_lost;                       /* what is closed cannot be told */
    bool has_table;                     /* parts of one make tables, too */
};

static bool
is_one_of(struct dv_span name, const char *list, size_t step, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dv_html_name_is(name, dv_span_cstr(list + i * step)))
            return true;
    }
    return false;
}

static bool
is_table_part(struct dv_span name)
{
    return is_one_of(name, table_parts[0], sizeof(table_parts[0]),
                     DV_COUNT_OF(table_parts));
}

static bool
is_trap(struct dv_span name)
{
    return is_table_part(name)
           || is_one_of(name, other_traps[0], sizeof(other_traps[0]),
                        DV_COUNT_OF(other_traps));
}

static bool
is_bridge(struct dv_span name)
{
    return is_one_of(name, bridges[0], sizeof(bridges[0]),
                     DV_COUNT_OF(bridges));
}

/* A start tag in or before the region. */
static void
note_start(struct region *region, size_t at, struct dv_span name)
{
    bool is_closed;
    const size_t end = dv_html_tag_end(region->page, at, &is_closed);
    const size_t next = next_tag(region->page, at + 1);

    /* A tag that holds `<` may hide an end tag in a value.  HTML inside may
     * hide one in raw text; only `<title>text</title>` is let through. */
    if (next < end)
        region->is_lost = true;
    if (is_bridge(name)
        && !(dv_span_equal_cstr(dv_span_slice(region->page, next, 2), "</")
             && dv_span_equal_nocase(name, name_at(region->page, next))))
        region->is_lost = true;
    if (is_closed)
        return;
    region->svg += dv_html_name_is(name, DV_SPAN_LIT("svg"));
    region->math += dv_html_name_is(name, DV_SPAN_LIT("math"));
}

/* Comments, CDATA sections and the like; they are harmless when they hold no
 * `<`, for then nothing can be hidden in them. */
static void
note_other(struct region *region, size_t at)
{
    const struct dv_span page = region->page;
    const struct dv_span body
        = dv_span_slice(page, at, next_tag(page, at + 1) - at);
    const struct dv_span end
        = dv_span_starts_with(body, DV_SPAN_LIT("<!--"))
              ? DV_SPAN_LIT("-->")
              : dv_span_starts_with(body, DV_SPAN_LIT("<![CDATA["))
                    ? DV_SPAN_LIT("]]>") : DV_SPAN_LIT(">");

    if (dv_span_find(body, end) == body.len)
        region->is_lost = true;
}

static void
note_end(struct region *region, size_t at, struct dv_span name)
{
    if (next_tag(region->page, at + 1)
        < dv_html_tag_end(region->page, at, NULL))
        region->is_lost = true;
    if (region->svg > 0 && dv_html_name_is(name, DV_SPAN_LIT("svg")))
        region->svg--;
    if (region->math > 0 && dv_html_name_is(name, DV_SPAN_LIT("math")))
        region->math--;
}

/* Look at the `<` at `at`; false when Gumbo might stop there. */
static bool
step(struct region *region, size_t at)
{
    const struct dv_span name = name_at(region->page, at);
    const uint8_t next = at + 1 < region->page.len
                             ? region->page.at[at + 1] : 0;
    const bool is_inside = region->svg + region->math > 0 || region->is_lost;

    region->has_table |= is_table_part(name);
    if (!is_inside && (name.len == 0 || next == '/'
                       || !(dv_html_name_is(name, DV_SPAN_LIT("svg"))
                            || dv_html_name_is(name, DV_SPAN_LIT("math")))))
        return true;
    if (region->is_lost)
        return !(next != '/' && is_trap(name))
               && !(next == '!' && region->has_table
                    && dv_span_starts_with(
                           dv_span_slice(region->page, at, 9),
                           DV_SPAN_LIT("<![CDATA[")));
    if (name.len > 0 && next == '/')
        note_end(region, at, name);
    else if (name.len > 0)
        note_start(region, at, name);
    else if (next == '!' || next == '?' || next == '/')
        note_other(region, at);
    return !(next != '/' && is_trap(name));
}

bool
dv_html_mask_is_safe(struct dv_span page)
{
    struct region region = { .page = page };

    for (size_t at = next_tag(page, 0); at < page.len;
         at = next_tag(page, at + 1)) {
        if (!step(&region, at))
            return false;
    }
    return true;
}

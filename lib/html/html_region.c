/* SPDX-License-Identifier: MIT */
/* html_region.c - counts tags of svg and math, and notices when that does not
 * do. */

#include "html/html_region.h"

#include "html/html_tag.h"

/* Elements of SVG and MathML that can hold HTML (13.2.6.1). */
static const char bridges[][15] = {
    "annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms",
    "mtext", "title",
};

/* The next `<` from `from`, or page.len. */
static size_t
next_tag(struct dv_span page, size_t from)
{
    return from + dv_span_find_byte(dv_span_slice(page, from, page.len), '<');
}

static bool
is_bridge(struct dv_span name)
{
    for (size_t i = 0; i < DV_COUNT_OF(bridges); i++) {
        if (dv_html_name_is(name, dv_span_cstr(bridges[i])))
            return true;
    }
    return false;
}

/* A start tag in or before the region. */
static void
note_start(struct dv_html_region *region, size_t at, struct dv_span name)
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
             && dv_span_equal_nocase(name,
                                     dv_html_tag_peek(region->page, next))))
        region->is_lost = true;
    if (is_closed)
        return;
    region->svg += dv_html_name_is(name, DV_SPAN_LIT("svg"));
    region->math += dv_html_name_is(name, DV_SPAN_LIT("math"));
}

/* Comments, CDATA sections and the like; they are harmless when they hold no
 * `<`, for then nothing can be hidden in them. */
static void
note_other(struct dv_html_region *region, size_t at)
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
note_end(struct dv_html_region *region, size_t at, struct dv_span name)
{
    if (next_tag(region->page, at + 1)
        < dv_html_tag_end(region->page, at, NULL))
        region->is_lost = true;
    if (region->svg > 0 && dv_html_name_is(name, DV_SPAN_LIT("svg")))
        region->svg--;
    if (region->math > 0 && dv_html_name_is(name, DV_SPAN_LIT("math")))
        region->math--;
}

bool
dv_html_region_begins(struct dv_span page, size_t at)
{
    const struct dv_span name = dv_html_tag_peek(page, at);

    return name.len > 2 && name.at == page.at + at + 1
           && (dv_html_name_is(name, DV_SPAN_LIT("svg"))
               || dv_html_name_is(name, DV_SPAN_LIT("math")));
}

void
dv_html_region_step(struct dv_html_region *region, size_t at)
{
    const struct dv_span name = dv_html_tag_peek(region->page, at);
    const uint8_t next = at + 1 < region->page.len
                             ? region->page.at[at + 1] : 0;

    if (region->is_lost
        || (!dv_html_region_is_open(region)
            && !dv_html_region_begins(region->page, at)))
        return;
    if (name.len > 0 && next == '/')
        note_end(region, at, name);
    else if (name.len > 0)
        note_start(region, at, name);
    else if (next == '!' || next == '?' || next == '/')
        note_other(region, at);
}

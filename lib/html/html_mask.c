/* SPDX-License-Identifier: MIT */
/* html_mask.c - renames what Gumbo 0.10.1 does not do as browsers do, and
 * finds pages on which it would stop. */

#include "html/html_mask.h"

#include "html/html_region.h"
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
        const struct dv_span name = dv_html_tag_peek(page, at);

        for (size_t i = 0; i < DV_COUNT_OF(renames); i++) {
            if (dv_html_name_is(name, dv_span_cstr(renames[i].from)))
                memcpy(out + (name.at - page.at), renames[i].to, name.len);
        }
    }
    *copy = dv_span_of(out, page.len);
    return true;
}

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

/* Look at the `<` at `at`; false when Gumbo might stop there. */
static bool
step(struct dv_html_region *region, size_t at, bool *has_table)
{
    const struct dv_span rest = dv_span_slice(region->page, at, 9);
    const struct dv_span name = dv_html_tag_peek(region->page, at);
    const bool is_end = dv_span_starts_with(rest, DV_SPAN_LIT("</"));

    *has_table |= is_table_part(name);
    if (region->is_lost && *has_table
        && dv_span_starts_with(rest, DV_SPAN_LIT("<![CDATA[")))
        return false;
    if (dv_html_region_is_open(region) && !is_end && is_trap(name))
        return false;
    dv_html_region_step(region, at);
    return true;
}

bool
dv_html_mask_is_safe(struct dv_span page)
{
    struct dv_html_region region = { .page = page };
    bool has_table = false;             /* parts of one make tables, too */

    for (size_t at = next_tag(page, 0); at < page.len;
         at = next_tag(page, at + 1)) {
        if (!step(&region, at, &has_table))
            return false;
    }
    return true;
}

/* SPDX-License-Identifier: MIT */
/* html_token.c - reads a tag wherever one could begin.
 *
 * Where a tag token begins depends on all that stands before it: comments, raw
 * text, foreign content.  How it goes on does not: from `<` and a letter the
 * tokenizer reads the same bytes into the same tag in whatever state it was
 * (HTML Standard, 13.2.5.6-8).  So a tag is read at each `<` and letter of the
 * page, also inside of other tags; the true ones are among them. */

#include "html/html_token.h"

#include "base/ascii.h"
#include "html/html_region.h"
#include "html/html_walk.h"

/* Bytes read per byte of the page before we give up.  Tags in strings and
 * comparisons in scripts make real pages cost up to 2. */
#define WORK_PER_BYTE ((size_t)8)
#define WORK_AT_LEAST ((size_t)65536)

static size_t
budget_of(struct dv_span page)
{
    size_t budget;

    if (!dv_mem_mul(page.len, WORK_PER_BYTE, &budget)
        || !dv_mem_add(budget, WORK_AT_LEAST, &budget))
        return SIZE_MAX;
    return budget;
}

/* Behind the last `>`: no tag that begins there can end. */
static size_t
end_of_tags(struct dv_span page)
{
    size_t end = page.len;

    while (end > 0 && page.at[end - 1] != '>')
        end--;
    return end;
}

/* Follow SVG and MathML past the `<` at `at`.  The namespaces an element that
 * begins there may have. */
static unsigned
namespaces_at(struct dv_html_region *region, size_t at)
{
    const uint8_t letter = (uint8_t)(region->page.at[at + 1] | 0x20);
    const bool was_open = dv_html_region_is_open(region);
    bool begins = false;

    if (letter == 's' || letter == 'm')
        begins = dv_html_region_begins(region->page, at);
    if (was_open || begins)
        dv_html_region_step(region, at);
    return DV_HTML_NS_ANY | DV_HTML_NS_HTML
           | (was_open || begins ? DV_HTML_NS_FOREIGN : 0);
}

static davy_status
walk_page(struct dv_html_walk *walk, size_t end)
{
    const size_t budget = budget_of(walk->page);
    const uint8_t *p = walk->page.at;
    const uint8_t *stop = p + end;
    struct dv_html_region region = { .page = walk->page };
    size_t read = 0;

    /* `end` is behind a `>`, so a byte stands behind each `<` before it. */
    while (p < stop && walk->status == DAVY_OK
           && (p = memchr(p, '<', (size_t)(stop - p))) != NULL) {
        const size_t at = (size_t)(p - walk->page.at);
        const unsigned ns = namespaces_at(&region, at);

        p++;
        if (!dv_ascii_is_alpha(*p))
            continue;
        read += dv_html_walk_tag(walk, at, ns) ? walk->tag.len
                                               : walk->page.len - at;
        if (read > budget || walk->work > budget - read)
            return DAVY_LIMIT;
    }
    return walk->status;
}

davy_status
dv_html_token(struct dv_mem *mem, struct dv_arena *arena,
              struct dv_span page, const struct dv_html_sink *sink)
{
    struct dv_html_walk walk;
    davy_status st;

    if (page.len == 0)
        return DAVY_OK;
    dv_html_walk_init(&walk, mem, arena, page, sink);
    st = walk_page(&walk, end_of_tags(page));
    dv_html_walk_fini(&walk);
    return st;
}

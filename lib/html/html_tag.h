/* SPDX-License-Identifier: MIT */
/* html_tag.h - one tag, from its `<` to its `>`, and its attributes.
 *
 * A tag token begins at `<` and a letter, or at `</` and a letter, and what
 * follows is read without any context (HTML Standard, 13.2.5.8 and
 * 13.2.5.32-40).  So each tag can be read wherever it stands, and read again:
 * both looks at a page take their tags from here. */

#ifndef DV_HTML_TAG_H
#define DV_HTML_TAG_H

#include "base/mem.h"
#include "base/span.h"

/* Name and value as they stand in the page; an attribute without a value has
 * an empty one, at the end of its name. */
struct dv_html_attr {
    struct dv_span name;
    struct dv_span value;
};

/* Attributes that are kept of one tag.  Pages stay below 100; the rest is
 * read over, and is_cut says so. */
#define DV_HTML_MAX_ATTRS ((size_t)65536)

struct dv_html_tag {
    size_t at;                          /* of its `<` in the page */
    size_t len;                         /* to behind its `>` */
    struct dv_span name;                /* without the slash of an end tag */
    bool is_self_closing;
    bool is_cut;                        /* it has more attributes than kept */
    const struct dv_html_attr *attrs;   /* all of them, in order */
    size_t attrs_len;
};

/* Reads tags, one after the other; its memory is used again for each. */
struct dv_html_tagger {
    struct dv_mem *mem;
    struct dv_html_attr *attrs;
    size_t cap;
};

void dv_html_tagger_init(struct dv_html_tagger *tagger, struct dv_mem *mem);
void dv_html_tagger_fini(struct dv_html_tagger *tagger);

/* Read the tag whose `<` is page.at[at].  DAVY_OK: `tag` is filled, its
 * attributes are good until the next read.  DAVY_DECLINED: no tag begins here,
 * or the page ends inside it, so that there is no token.  DAVY_NO_MEMORY. */
davy_status dv_html_tag_read(struct dv_html_tagger *tagger,
                             struct dv_span page, size_t at,
                             struct dv_html_tag *tag) DV_MUST_CHECK;

/* Start of the name of the tag whose `<` is page.at[at], not more of it than
 * tells it from the longest name we look for; empty when none begins there. */
#define DV_HTML_PEEKED ((size_t)15)
struct dv_span dv_html_tag_peek(struct dv_span page, size_t at);

/* Behind the tag whose `<` is page.at[at]; page.len when it does not end.
 * `is_self_closing` may be NULL. */
size_t dv_html_tag_end(struct dv_span page, size_t at,
                       bool *is_self_closing);

/* The first attribute called `name` (lower case), or NULL; the ones behind it
 * do not count (13.2.5.33). */
const struct dv_html_attr *dv_html_tag_attr(const struct dv_html_tag *tag,
                                            struct dv_span name);

/* Whether `name` is `lower` in any case; `lower` has no upper case. */
bool dv_html_name_is(struct dv_span name, struct dv_span lower);

#endif

/* SPDX-License-Identifier: MIT */
/* html_doc.c - asks Gumbo which tags of a page are elements, and in which
 * namespace.
 *
 * Gumbo says where things stand, not what they say: its tags are read again
 * from the page by the code of the first look.  So both looks hand out the
 * same bytes, and what Gumbo does to attributes (first NUL ends the value,
 * later duplicates spoil names) does not matter.  Gumbo sees a masked copy,
 * see html_mask.h.  Where it is known to differ from browsers all the same,
 * the answer is DAVY_LIMIT. */

#include "html/html_doc.h"

#include <gumbo.h>
#include <stdlib.h>

#include "html/html_charref.h"
#include "html/html_guard.h"
#include "html/html_mask.h"
#include "html/html_walk.h"

/* Gumbo compares each attribute with all before it, and the shared code keeps
 * so many of a tag; pages stay below 100. */
#define MAX_ATTRS ((size_t)512)

/* Work that Gumbo may do for each byte of a page (see html_guard.c); pages of
 * documentation need 4 to 60. */
#define WORK_PER_BYTE ((size_t)160)
#define WORK_AT_LEAST ((size_t)1 << 20)

/* An element whose start tag stands in the page. */
struct element {
    size_t at;
    unsigned ns;
    const GumboNode *node;
};

struct doc {
    struct dv_mem *mem;
    struct dv_span page;
    struct dv_span copy;                /* what Gumbo saw; offsets are equal */
    struct dv_html_guard guard;
    const GumboOutput *output;
    struct dv_vec elements;             /* struct element */
    bool has_foreign;                   /* SVG or MathML */
    bool has_mismatch;                  /* see is_doubtful */
    davy_status status;
};

static void
fail(struct doc *doc, davy_status st)
{
    if (doc->status != DAVY_NO_MEMORY)
        doc->status = st;
}

/* Run Gumbo.  It never comes back when a bound is passed: the guard jumps to
 * here, and Gumbo's memory goes with the guard. */
static davy_status
parse(struct doc *doc)
{
    GumboOptions options = kGumboDefaultOptions;

    options.allocator = dv_html_guard_alloc;
    options.deallocator = dv_html_guard_free;
    options.userdata = &doc->guard;
    options.max_errors = 0;
    if (setjmp(doc->guard.out) != 0)
        return doc->guard.status;
    doc->output = gumbo_parse_with_options(
        &options, (const char *)doc->copy.at, doc->copy.len);
    return DAVY_OK;
}

static bool
is_element(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT
           || node->type == GUMBO_NODE_TEMPLATE;
}

static size_t
offset_of(const struct doc *doc, const char *at)
{
    return (size_t)((const uint8_t *)at - doc->copy.at);
}

static bool
is_foreign(const GumboNode *node)
{
    return is_element(node)
           && node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML;
}

/* Read the element's start tag from the page; false when there is none. */
static bool
read_tag(struct doc *doc, struct dv_html_walk *walk, size_t at)
{
    const davy_status st = dv_html_tag_read(&walk->tagger, doc->page, at,
                                            &walk->tag);

    if (st == DAVY_NO_MEMORY)
        fail(doc, st);
    return st == DAVY_OK;
}

static void
add_element(struct doc *doc, size_t at, const GumboNode *node)
{
    struct element *element = dv_vec_push(&doc->elements);

    if (element == NULL) {
        fail(doc, DAVY_NO_MEMORY);
        return;
    }
    element->at = at;
    element->ns = is_foreign(node) ? DV_HTML_NS_FOREIGN : DV_HTML_NS_HTML;
    element->node = node;
}

/* How many tags called html or body are tried for a merged attribute, and how
 * far back they may stand. */
#define MERGE_TRIES ((size_t)8)
#define MERGE_REACH ((size_t)65536)

static bool
has_attr_at(const struct dv_html_tag *tag, const uint8_t *name)
{
    for (size_t i = 0; i < tag->attrs_len; i++) {
        if (tag->attrs[i].name.at == name)
            return true;
    }
    return false;
}

/* A second <body> or <html> is no element: its attributes go to the first one.
 * Find the tag that the attribute named at `name` stands in. */
static void
add_merged(struct doc *doc, struct dv_html_walk *walk, size_t name,
           const GumboNode *node)
{
    size_t tries = 0;

    for (size_t at = name; at > 0 && name - at < MERGE_REACH
                           && tries < MERGE_TRIES && doc->status == DAVY_OK;) {
        if (doc->page.at[--at] != '<' || doc->page.at[at + 1] == '/'
            || !read_tag(doc, walk, at)
            || !dv_html_name_is(walk->tag.name,
                                dv_span_cstr(gumbo_normalized_tagname(
                                    node->v.element.tag))))
            continue;
        tries++;
        if (has_attr_at(&walk->tag, doc->page.at + name)) {
            add_element(doc, at, node);
            return;
        }
    }
    fail(doc, DAVY_LIMIT);
}

static void
add_all_merged(struct doc *doc, struct dv_html_walk *walk,
               const GumboNode *node)
{
    const GumboElement *element = &node->v.element;
    const size_t from = element->original_tag.length > 0
                            ? offset_of(doc, element->original_tag.data) : 0;

    if (element->tag != GUMBO_TAG_BODY && element->tag != GUMBO_TAG_HTML)
        return;
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attr = element->attributes.data[i];
        const size_t at = offset_of(doc, attr->original_name.data);

        if (at < from || at - from >= element->original_tag.length)
            add_merged(doc, walk, at, node);
    }
}

/* Whether the text of a script ends where the shared code says. */
static bool
ends_as_expected(struct doc *doc, const struct dv_html_tag *tag,
                 const GumboNode *node)
{
    const GumboElement *element = &node->v.element;
    const size_t from = tag->at + tag->len;
    const size_t end = element->original_end_tag.length == 0
                           ? doc->page.len
                           : offset_of(doc, element->original_end_tag.data);
    struct dv_html_foreign foreign;

    if (!is_foreign(node))
        return dv_html_script_end(doc->page, from, NULL) == end;
    if (tag->is_self_closing)
        return true;
    if (!dv_html_script_foreign(doc->page, from, &doc->guard.arena,
                                &foreign)) {
        fail(doc, DAVY_NO_MEMORY);
        return true;
    }
    return !foreign.has_tags && foreign.end == end;
}

/* The mask makes one of noscript and noframes, and of select and object; an
 * element must end by the name it began with.  Any other name may have ended
 * it from outside. */
static bool
ends_by_its_name(struct doc *doc, struct dv_html_walk *walk,
                 const GumboNode *node)
{
    const GumboStringPiece end = node->v.element.original_end_tag;
    const struct dv_span name = walk->tag.name;
    const char *copy = (const char *)doc->copy.at;

    if (end.length == 0
        || !read_tag(doc, walk, offset_of(doc, end.data))
        || dv_span_equal_nocase(name, walk->tag.name))
        return true;
    return gumbo_tagn_enum(copy + (walk->tag.name.at - doc->page.at),
                           (unsigned)walk->tag.name.len)
           != node->v.element.tag;
}

/* Whether the end tag that ended the element is called `name`. */
static bool
ends_as(struct doc *doc, struct dv_html_walk *walk, const GumboNode *node,
        struct dv_span name)
{
    const GumboStringPiece end = node->v.element.original_end_tag;

    return end.length > 0
           && read_tag(doc, walk, offset_of(doc, end.data))
           && dv_html_name_is(walk->tag.name, name);
}

/* Attributes decide whether font and annotation-xml lead from foreign content
 * to HTML, and Gumbo misreads those behind a duplicate or a NUL. */
static bool
has_odd_attrs(const struct dv_html_tag *tag, struct dv_span page)
{
    const struct dv_span text = dv_span_slice(page, tag->at, tag->len);

    for (size_t i = 0; i < tag->attrs_len; i++) {
        const struct dv_span name = tag->attrs[i].name;

        for (size_t k = 0; k < i; k++) {
            if (dv_span_equal_nocase(tag->attrs[k].name, name))
                return true;
        }
    }
    return dv_span_find_byte(text, 0) < text.len;
}

/* Whether `node` stands in a select, which Gumbo saw under a masked name. */
static bool
is_in_select(const struct doc *doc, const GumboNode *node)
{
    for (node = node->parent; node != NULL; node = node->parent) {
        const GumboElement *element = &node->v.element;

        if (is_element(node) && element->tag == GUMBO_TAG_OBJECT
            && element->original_tag.length > 0
            && dv_span_starts_with_nocase(
                   dv_span_slice(doc->page,
                                 offset_of(doc, element->original_tag.data),
                                 7),
                   DV_SPAN_LIT("<select")))
            return true;
    }
    return false;
}

/* Whether a browser may see something else here than Gumbo.  walk->tag is the
 * node's start tag. */
static bool
is_doubtful(struct doc *doc, struct dv_html_walk *walk,
            const GumboNode *node)
{
    switch (node->v.element.tag) {
    case GUMBO_TAG_SCRIPT:
        return !ends_as_expected(doc, &walk->tag, node);
    case GUMBO_TAG_NOFRAMES:
        return is_in_select(doc, node)
               || !ends_by_its_name(doc, walk, node);
    case GUMBO_TAG_OBJECT:
        /* What else ends a select has changed, too. */
        if (dv_html_name_is(walk->tag.name, DV_SPAN_LIT("select")))
            return !ends_as(doc, walk, node, DV_SPAN_LIT("select"));
        return !ends_by_its_name(doc, walk, node);
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_ANNOTATION_XML:
        return has_odd_attrs(&walk->tag, doc->page);
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_PLAINTEXT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_XMP:
        /* Browsers before 2025 leave out these tags in a select, and read on
         * as if they were not there. */
        return is_in_select(doc, node);
    case GUMBO_TAG_TITLE:
        /* Gumbo lets an end tag inside of SVG's title end what is outside. */
        return is_in_select(doc, node)
               || (is_foreign(node)
                   && node->v.element.original_end_tag.length > 0
                   && !ends_as(doc, walk, node, DV_SPAN_LIT("title")));
    case GUMBO_TAG_UNKNOWN:
        /* In a frameset these tags are left out, too, and more. */
        if (dv_html_name_is(walk->tag.name, DV_SPAN_LIT("frameset")))
            return true;
        /* Gumbo lets the end tag of any name it does not know end any element
         * that it does not know; this matters when it ends SVG, too. */
        doc->has_mismatch |= !is_foreign(node)
                             && !ends_by_its_name(doc, walk, node);
        return false;
    default:
        return false;
    }
}

/* Since 2020 </p> and </br> end foreign content (13.2.6.5); Gumbo leaves an
 * empty element behind and goes on. */
static bool
is_missed_breakout(const GumboNode *node)
{
    return (node->parse_flags & GUMBO_INSERTION_CONVERTED_FROM_END_TAG)
           && node->parent != NULL && is_foreign(node->parent);
}

/* Content of a template waits until a script takes it, but that of a
 * declarative shadow root is live (4.12.3). */
static bool
is_inert_root(const struct dv_html_tag *tag, const GumboNode *node)
{
    return node->type == GUMBO_NODE_TEMPLATE
           && dv_html_tag_attr(tag, DV_SPAN_LIT("shadowrootmode")) == NULL
           && dv_html_tag_attr(tag, DV_SPAN_LIT("shadowroot")) == NULL;
}

/* A node that is still to be visited. */
struct visit {
    const GumboNode *node;
    bool is_inert;                      /* inside of a template */
};

/* Note an element, and whether it or what stands in it raises doubts: also in
 * a template, for doubts may be about where that ends. */
static void
visit(struct doc *doc, struct dv_html_walk *walk, struct visit *visit)
{
    const GumboNode *node = visit->node;
    const GumboElement *element = &node->v.element;

    if (is_missed_breakout(node))
        fail(doc, DAVY_LIMIT);
    if (!is_foreign(node))
        add_all_merged(doc, walk, node);
    if (element->original_tag.length == 0)
        return;
    if (!read_tag(doc, walk, offset_of(doc, element->original_tag.data))) {
        fail(doc, DAVY_LIMIT);
        return;
    }
    doc->has_foreign |= is_foreign(node);
    if (!visit->is_inert)
        add_element(doc, walk->tag.at, node);
    visit->is_inert |= is_inert_root(&walk->tag, node);
    if (walk->tag.attrs_len > MAX_ATTRS || is_doubtful(doc, walk, node))
        fail(doc, DAVY_LIMIT);
}

static void
push_children(struct doc *doc, struct dv_vec *stack,
              const struct visit *parent)
{
    const GumboNode *node = parent->node;
    const GumboVector *children = node->type == GUMBO_NODE_DOCUMENT
                                      ? &node->v.document.children
                                      : &node->v.element.children;

    for (unsigned i = children->length; i > 0; i--) {
        const GumboNode *child = children->data[i - 1];
        struct visit *slot;

        if (!is_element(child))
            continue;
        slot = dv_vec_push(stack);
        if (slot == NULL) {
            fail(doc, DAVY_NO_MEMORY);
            return;
        }
        slot->node = child;
        slot->is_inert = parent->is_inert;
    }
}

/* Collect the live elements.  No more nodes can be met than were made. */
static void
collect(struct doc *doc, struct dv_html_walk *walk)
{
    struct visit next = { .node = doc->output->document };
    struct dv_vec stack;
    size_t left = doc->guard.nodes_len + DV_HTML_GUARD_PENDING;

    dv_vec_init(&stack, doc->mem, sizeof(struct visit), SIZE_MAX);
    push_children(doc, &stack, &next);
    while (stack.len > 0 && doc->status == DAVY_OK) {
        next = *(struct visit *)dv_vec_at(&stack, stack.len - 1);
        dv_vec_pop(&stack);
        if (left-- == 0)
            fail(doc, DAVY_LIMIT);
        visit(doc, walk, &next);
        push_children(doc, &stack, &next);
    }
    dv_vec_fini(&stack);
    if (doc->has_foreign && doc->has_mismatch)
        fail(doc, DAVY_LIMIT);
}

static int
compare_elements(const void *a, const void *b)
{
    const struct element *x = a;
    const struct element *y = b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* Hand out the elements in the order of their tags.  Misnested markup makes
 * several elements of one tag. */
static void
hand_out(struct doc *doc, struct dv_html_walk *walk)
{
    const struct element *elements = doc->elements.at;

    if (doc->elements.len > 0)
        qsort(doc->elements.at, doc->elements.len, sizeof(*elements),
              compare_elements);
    for (size_t i = 0; i < doc->elements.len && walk->status == DAVY_OK;
         i++) {
        if (i == 0 || elements[i].at != elements[i - 1].at)
            (void)dv_html_walk_tag(walk, elements[i].at, elements[i].ns);
    }
    fail(doc, walk->status);
}

static struct dv_html_guard_limits
guard_limits(const davy_limits *limits, struct dv_span page)
{
    struct dv_html_guard_limits bounds = {
        .node_size = sizeof(GumboNode),
        .parent_at = offsetof(GumboNode, parent),
        .attr_size = sizeof(GumboAttribute),
        .depth = limits->html_depth,
        .attrs = MAX_ATTRS,
        .memory = limits->memory / 2
    };

    if (!dv_mem_mul(page.len, WORK_PER_BYTE, &bounds.work)
        || !dv_mem_add(bounds.work, WORK_AT_LEAST, &bounds.work))
        bounds.work = SIZE_MAX;
    return bounds;
}

davy_status
dv_html_doc(struct dv_mem *mem, struct dv_arena *arena,
            const davy_limits *limits, struct dv_span page,
            const struct dv_html_sink *sink)
{
    const struct dv_html_guard_limits bounds = guard_limits(limits, page);
    struct doc doc = { .mem = mem, .page = page };
    struct dv_html_walk walk;

    if (page.len == 0)
        return DAVY_OK;
    if (!dv_html_mask_is_safe(page))
        return DAVY_LIMIT;
    dv_html_guard_init(&doc.guard, mem, &bounds);
    dv_html_walk_init(&walk, mem, arena, page, sink);
    dv_vec_init(&doc.elements, mem, sizeof(struct element), SIZE_MAX);
    if (!dv_html_mask(page, &doc.guard.arena, &doc.copy))
        doc.status = DAVY_NO_MEMORY;
    if (doc.status == DAVY_OK)
        doc.status = parse(&doc);
    if (doc.status == DAVY_OK)
        collect(&doc, &walk);
    if (doc.status == DAVY_OK)
        hand_out(&doc, &walk);
    dv_vec_fini(&doc.elements);
    dv_html_walk_fini(&walk);
    dv_html_guard_fini(&doc.guard);
    return doc.status;
}
